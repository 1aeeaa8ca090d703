//! The stands opened until now, and the end of one whose telephone is lost.

use domain::french::counted;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::access::StandLine;

use crate::notebook::use_notebook;
use crate::pages::told::moment;
use crate::platform::page;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Done, TroubleBand};
use crate::ui::dialog::Dialog;

/// Stands shown at first.
const FEW: usize = 5;

/// Nothing without the network, nor before the first stand: opening one does not hang on this list.
#[component]
pub fn Afar() -> impl IntoView {
    let notebook = use_notebook();
    let stands = RwSignal::new(Vec::<StandLine>::new());
    let (all, asking) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<StandLine>);
    let (attempt, said) = (Attempt::new(), RwSignal::new(None::<String>));
    let load = move || {
        spawn_local(async move {
            // The page may be left meanwhile.
            if let Ok(read) = notebook.stands_opened().await {
                stands.try_set(read);
            }
        });
    };
    load();
    let close = move |_| {
        let Some(stand) = chosen.get_untracked() else { return };
        attempt.run(async move {
            said.try_set(None);
            let done = notebook.close_from_afar(stand.device).await;
            asking.try_set(false);
            done?;
            said.try_set(Some(format!("Le stand «\u{a0}{}\u{a0}» est fermé à distance.", stand.name)));
            page::focus("stands-title");
            load();
            Ok(())
        });
    };
    let line = move |stand: StandLine| {
        let day = |at| moment(notebook.local(at), notebook.today());
        let until = match stand.closed_at {
            Some(at) => format!("Fermé à distance, {}", day(at)),
            None => format!("Jusqu’à {}", day(stand.until)),
        };
        let opener = format!("Ouvert par {}", stand.opened_by);
        let (name, received) = (stand.name.clone(), received(stand.received));
        let action = stand.closed_at.is_none().then(|| {
            let label = format!("Fermer à distance «\u{a0}{name}\u{a0}», {opener}");
            view! {
                <button type="button" class="danger-button" aria-label=label disabled=attempt.busy on:click=move |_| {
                    chosen.set(Some(stand.clone()));
                    asking.set(true);
                }>"Fermer à distance"</button>
            }
        });
        view! {
            <li class="line">
                <span class="line-text">
                    <b>{name}</b>
                    <span>{opener}</span>
                    <span>{until}</span>
                    <span class="second">{received}</span>
                </span>
                <span class="actions">{action}</span>
            </li>
        }
    };
    let lines = move || {
        let most = if all.get() { usize::MAX } else { FEW };
        stands.get().into_iter().take(most).map(line).collect_view()
    };
    let more = move || {
        (!all.get() && stands.with(Vec::len) > FEW).then(|| {
            view! { <button type="button" class="quiet" on:click=move |_| all.set(true)>"Voir tous les stands"</button> }
        })
    };
    let any = Memo::new(move |_| stands.with(|stands| !stands.is_empty()));
    let title = Signal::derive(move || {
        let name = chosen.with(|chosen| chosen.as_ref().map(|stand| stand.name.clone()).unwrap_or_default());
        format!("Fermer à distance «\u{a0}{name}\u{a0}»\u{202f}?")
    });
    view! {
        {move || any.get().then(|| view! {
            <h2 id="stands-title" tabindex="-1">"Stands déjà ouverts"</h2>
            <p class="second">"Si le téléphone d’un stand est perdu ou volé, fermez ce stand à distance. Ce qu’il enverra ensuite sera mis de côté, pas perdu."</p>
            <ul class="lines wrapped" role="list">{move || lines()}</ul>
            {move || more()}
        })}
        <TroubleBand id="afar-trouble" trouble=attempt.trouble/>
        <Done said/>
        <Dialog open=asking title>
            <p>"Ce que ce stand enverra ensuite ne sera pas perdu\u{a0}: le serveur le mettra de côté, et la coordination le relira."</p>
            <p>"Fermé à distance, un stand ne se rouvre pas. Ce qui est déjà reçu ne change pas."</p>
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| asking.set(false)>"Ne rien changer"</button>
                <button type="button" class="danger-button" disabled=attempt.busy on:click=close>"Fermer à distance"</button>
            </div>
        </Dialog>
    }
}

fn received(count: u64) -> String {
    match usize::try_from(count).unwrap_or(usize::MAX) {
        0 => "Aucune saisie reçue".to_owned(),
        count => counted(count, "saisie reçue", "saisies reçues"),
    }
}
