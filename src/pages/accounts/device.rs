//! The devices of one account: since when, until when, and ending their access or giving it back.

use domain::Glyph;
use leptos::prelude::*;
use sync::protocol::access::{AccountLine, DeviceLine, DeviceState};

use super::{Accounts, words};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;

pub fn devices(accounts: Accounts, account: &AccountLine) -> AnyView {
    if account.devices.is_empty() {
        return view! { <p class="second">"Aucun appareil pour l’instant. Il apparaîtra ici à la première connexion."</p> }.into_any();
    }
    let lines = account.devices.iter().map(|device| line(accounts, device)).collect_view();
    view! { <ul class="lines wrapped" role="list">{lines}</ul> }.into_any()
}

fn line(accounts: Accounts, device: &DeviceLine) -> AnyView {
    let notebook = accounts.notebook;
    let (id, state) = (device.id, device.state);
    let said = words::device(device, notebook.today(), &|at| notebook.local(at));
    let tag = if device.this { Some("cet appareil") } else { words::device_tag(state) };
    let tag = tag.map(|tag| view! { <span class="tag">{tag}</span> });
    let give_back = {
        let label = format!("Rendre l’accès à {}", device.name);
        let said = format!("L’accès est rendu à «\u{a0}{}\u{a0}».", device.name);
        move || {
            let said = said.clone();
            view! {
                <button type="button" class="second-button" aria-label=label.clone() disabled=accounts.attempt.busy
                    on:click=move |_| accounts.act(said.clone(), Box::pin(notebook.end_access(id, false)))>
                    <Icon name=Glyph::Undo/>"Rendre l’accès"
                </button>
            }
        }
    };
    let button = match state {
        DeviceState::Open | DeviceState::Expired => view! { <End accounts device=device.clone()/> }.into_any(),
        DeviceState::Revoked => give_back().into_any(),
        DeviceState::Wiped => ().into_any(),
    };
    view! {
        <li class="line">
            <span class="line-text"><b>{device.name.clone()}</b><span class="second">{said}</span>{tag}</span>
            {button}
        </li>
    }
    .into_any()
}

/// « Mettre fin à l’accès »: a lost device, somebody who left.
#[component]
fn End(accounts: Accounts, device: DeviceLine) -> impl IntoView {
    let notebook = accounts.notebook;
    let open = RwSignal::new(false);
    let id = device.id;
    let name = format!("«\u{a0}{}\u{a0}»", device.name);
    let ended = format!("L’accès de {name} a pris fin.");
    let end = move |_| {
        open.set(false);
        accounts.act(ended.clone(), Box::pin(notebook.end_access(id, true)));
    };
    view! {
        <button type="button" class="danger-button" aria-haspopup="dialog"
            aria-label=format!("Mettre fin à l’accès de {}", device.name) on:click=move |_| open.set(true)>
            "Mettre fin à l’accès"
        </button>
        <Dialog open title=format!("Mettre fin à l’accès de {name}\u{202f}?")>
            <p>"Cet appareil ne reçoit plus rien. Dès qu’il retrouve le réseau, il remet ce qui attend, puis il s’efface."</p>
            <p>"Ce qu’il remet n’est pas perdu\u{a0}: c’est mis de côté, et la coordination le range."</p>
            {device.this.then(|| view! { <p><b>"C’est l’appareil que vous tenez."</b>" Il se videra tout de suite."</p> })}
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Garder l’accès"</button>
                <button type="button" class="danger-button" on:click=end>"Mettre fin à l’accès"</button>
            </div>
        </Dialog>
    }
}
