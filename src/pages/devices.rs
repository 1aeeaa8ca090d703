//! « Mes appareils »: where this account may read and write, and how it ends when one is lost.

use domain::french::{counted, full_day};
use leptos::prelude::*;
use sync::protocol::access::{DeviceLine, DeviceState};

use super::told;
use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::{Attempt, Work};
use crate::ui::band::{Done, TroubleBand, Unread};
use crate::ui::dialog::Dialog;
use crate::ui::entry_field::EntryField;
use crate::ui::page::{Below, Page};

/// Characters of a name, at most: the server cuts the rest.
const LONGEST: usize = 60;

#[component]
pub fn DevicesPage() -> impl IntoView {
    let notebook = use_notebook();
    let desk = Desk::new(notebook);
    desk.load();
    let load = Callback::new(move |()| desk.load());
    let lines = move || {
        let devices = desk.devices.get().unwrap_or_default();
        devices.into_iter().map(|device| line(desk, &device)).collect_view()
    };
    let unread = move || desk.attempt.trouble.with(Option::is_some) && desk.devices.with(Option::is_none);
    view! {
        <Page title="Mes appareils">
            <Below back=(route::MORE, "Plus") title="Mes appareils">
                <p class="second">"Là où votre carnet peut s’ouvrir. Si l’un d’eux est perdu ou volé, mettez fin à son accès."</p>
            </Below>
            <TroubleBand id="devices-trouble" trouble=desk.attempt.trouble/>
            <Done said=desk.said/>
            {move || unread().then(|| view! { <Unread again=load/> })}
            <ul class="lines wrapped" role="list">{move || lines()}</ul>
            <RenameDialog desk/>
            <EndDialog desk/>
        </Page>
    }
}

/// The list, and the device whose name or access is being changed.
#[derive(Clone, Copy)]
struct Desk {
    notebook: Notebook,
    devices: RwSignal<Option<Vec<DeviceLine>>>,
    chosen: RwSignal<Option<DeviceLine>>,
    renaming: RwSignal<bool>,
    ending: RwSignal<bool>,
    name: RwSignal<String>,
    said: RwSignal<Option<String>>,
    attempt: Attempt,
}

impl Desk {
    fn new(notebook: Notebook) -> Self {
        Self {
            notebook,
            devices: RwSignal::new(None),
            chosen: RwSignal::new(None),
            renaming: RwSignal::new(false),
            ending: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            said: RwSignal::new(None),
            attempt: Attempt::new(),
        }
    }

    fn load(self) {
        self.attempt.read(self.read());
    }

    async fn read(self) -> Result<(), Trouble> {
        let devices = self.notebook.devices().await?;
        // The page may be left meanwhile.
        self.devices.try_set(Some(devices));
        Ok(())
    }

    /// Does it once, says so, and reads the list again.
    fn change(self, work: Work, said: String) {
        self.attempt.run(async move {
            self.said.try_set(None);
            let done = work.await;
            self.renaming.try_set(false);
            self.ending.try_set(false);
            done?;
            self.said.try_set(Some(said));
            page::focus("title");
            self.read().await
        });
    }

    fn rename(self) {
        let Some(device) = self.chosen.get_untracked() else { return };
        let name: String = self.name.get_untracked().trim().chars().take(LONGEST).collect();
        if name.is_empty() {
            page::focus("device-name");
            return;
        }
        let said = format!("Cet appareil s’appelle maintenant «\u{a0}{name}\u{a0}».");
        self.change(Box::pin(self.notebook.rename_device(device.id, name)), said);
    }

    fn end(self) {
        let Some(device) = self.chosen.get_untracked() else { return };
        let notebook = self.notebook;
        let work = async move {
            notebook.end_access(device.id, true).await?;
            if device.this {
                // It learns it now rather than in a minute.
                notebook.exchange_now();
            }
            Ok(())
        };
        self.change(Box::pin(work), format!("L’accès de «\u{a0}{}\u{a0}» a pris fin.", device.name));
    }

    fn give_back(self, device: &DeviceLine) {
        let said = format!("«\u{a0}{}\u{a0}» a de nouveau accès.", device.name);
        self.change(Box::pin(self.notebook.end_access(device.id, false)), said);
    }
}

fn line(desk: Desk, device: &DeviceLine) -> AnyView {
    let notebook = desk.notebook;
    let moment = |at| told::moment(notebook.local(at), notebook.today());
    let seen = format!("Dernier échange\u{a0}: {}", moment(device.seen_at));
    let state = state(device, &full_day(notebook.local(device.expires_at).date()));
    let name = device.name.clone();
    let choose = {
        let device = device.clone();
        move |open: RwSignal<bool>| {
            desk.name.set(device.name.clone());
            desk.chosen.set(Some(device.clone()));
            open.set(true);
        }
    };
    let again = choose.clone();
    let back = device.clone();
    let action = match device.state {
        DeviceState::Open | DeviceState::Expired => view! {
            <button type="button" class="second-button" aria-label=format!("Renommer {name}") disabled=desk.attempt.busy
                on:click=move |_| choose(desk.renaming)>"Renommer"</button>
            <button type="button" class="danger-button" aria-label=format!("Mettre fin à l’accès de {name}") disabled=desk.attempt.busy
                on:click=move |_| again(desk.ending)>"Mettre fin à l’accès"</button>
        }
        .into_any(),
        DeviceState::Revoked => view! {
            <button type="button" class="second-button" aria-label=format!("Rendre l’accès à {name}") disabled=desk.attempt.busy
                on:click=move |_| desk.give_back(&back)>"Rendre l’accès"</button>
        }
        .into_any(),
        DeviceState::Wiped => ().into_any(),
    };
    view! {
        <li class="line">
            <span class="line-text">
                <b>{device.name.clone()}{device.this.then_some(", cet appareil")}</b>
                <span>{state}</span>
                <span class="second">{seen}</span>
            </span>
            <span class="actions">{action}</span>
        </li>
    }
    .into_any()
}

/// The state of a device, in words.
fn state(device: &DeviceLine, expires: &str) -> String {
    match device.state {
        DeviceState::Open => format!("Accès ouvert. Connexion à refaire au plus tard le {expires}."),
        DeviceState::Expired => {
            "Connexion à refaire pour échanger. Le carnet s’ouvre toujours, et garde tout.".to_owned()
        }
        DeviceState::Revoked => {
            "Accès terminé. Ce qu’il garde, chiffré, partira puis sera effacé à son prochain contact.".to_owned()
        }
        DeviceState::Wiped => "Accès terminé, carnet effacé.".to_owned(),
    }
}

#[component]
fn RenameDialog(desk: Desk) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.rename();
    };
    let empty =
        Signal::derive(move || desk.name.with(|name| name.trim().is_empty()).then(|| "Il manque un nom.".to_owned()));
    view! {
        <Dialog open=desk.renaming title="Nom de l’appareil">
            <form on:submit=submit autocomplete="off" novalidate=true>
                <EntryField id="device-name" label="Nom" value=desk.name autocomplete="off"
                    hint="Pour le reconnaître ici, et dans l’historique des fiches." error=empty/>
                <div class="actions">
                    <button type="button" class="second-button" on:click=move |_| desk.renaming.set(false)>"Ne rien changer"</button>
                    <button type="submit" class="main-button" disabled=desk.attempt.busy>"Renommer"</button>
                </div>
            </form>
        </Dialog>
    }
}

#[component]
fn EndDialog(desk: Desk) -> impl IntoView {
    let weather = desk.notebook.weather();
    let title = Signal::derive(move || {
        let name = desk.chosen.with(|chosen| chosen.as_ref().map(|device| device.name.clone()).unwrap_or_default());
        format!("Mettre fin à l’accès de «\u{a0}{name}\u{a0}»\u{202f}?")
    });
    let this = move || desk.chosen.with(|chosen| chosen.as_ref().is_some_and(|device| device.this));
    let told = move || {
        if this() {
            let waiting = weather.with(|weather| (weather.waiting.count, weather.waiting.held));
            here(waiting.0, waiting.1).into_iter().map(|words| view! { <p>{words}</p> }).collect_view().into_any()
        } else {
            view! {
                <p>"Il ne recevra plus rien. À son prochain contact avec le serveur, il remettra les saisies qui n’étaient pas parties, puis effacera son carnet."</p>
                <p>"Ces saisies ne seront pas perdues\u{a0}: le serveur les mettra de côté, et la coordination les relira. Seules les fiches restées sans l’accord de la personne ne partiront pas."</p>
                <p>"Tant que l’appareil reste sans réseau, ce qu’il garde est chiffré."</p>
            }
            .into_any()
        }
    };
    view! {
        <Dialog open=desk.ending title=title>
            {move || told()}
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| desk.ending.set(false)>"Ne rien changer"</button>
                <button type="button" class="danger-button" disabled=desk.attempt.busy on:click=move |_| desk.end()>"Mettre fin à l’accès"</button>
            </div>
        </Dialog>
    }
}

/// What ending the access of the device in use does, with what waits on it.
fn here(waiting: usize, held: usize) -> Vec<String> {
    let mut words = vec![
        "C’est l’appareil que vous tenez. Son carnet sera remis au serveur, puis effacé d’ici. Vous le retrouverez en vous \
         connectant à nouveau."
            .to_owned(),
    ];
    if waiting > 0 {
        words.push(format!(
            "{} d’être envoyées\u{a0}: ce qui arrive après la fin de l’accès est mis de côté, et la coordination le relit. \
             Mieux vaut les laisser partir d’abord.",
            counted(waiting, "saisie attend", "saisies attendent")
        ));
    }
    if held > 0 {
        words.push(format!(
            "{} l’accord de la personne et ne partiront pas\u{a0}: elles seront effacées avec le carnet.",
            counted(held, "saisie attend", "saisies attendent")
        ));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_here_is_told_before_the_end() {
        assert_eq!(here(0, 0).len(), 1);
        let told = here(2, 1);
        assert!(
            told[1].starts_with("2\u{a0}saisies attendent d’être envoyées") && told[1].contains("relit"),
            "{told:?}"
        );
        assert!(told[2].contains("accord"), "{told:?}");
    }
}
