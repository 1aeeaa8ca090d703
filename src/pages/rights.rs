//! What a person may ask of what is kept about her: a copy, or the end of it.

use domain::Glyph;
use domain::id::RecordId;
use domain::people::PERSON;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::absent::AbsentRecord;
use super::reading::{may_write, person_of};
use crate::notebook::{Copied, use_notebook};
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::page::Page;

#[component]
pub fn RightsPage() -> impl IntoView {
    let notebook = use_notebook();
    let id = route::record_param("id");
    let account = notebook.account();
    let known = Memo::new(move |_| {
        let id = id.get()?;
        let shown = notebook.record(id).get().filter(|shown| shown.kind == PERSON.id && !shown.deleted)?;
        account.with(|account| may_write(account.as_ref(), &PERSON)).then(|| (id, person_of(&shown).name()))
    });
    view! {
        <Page title="Ses droits sur ses données">
            {move || match known.get() {
                Some((id, name)) => view! { <Rights id name/> }.into_any(),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
}

#[component]
fn Rights(id: RecordId, name: String) -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let attempt = Attempt::new();
    let (said, asking, asked) = (RwSignal::new(""), RwSignal::new(false), RwSignal::new(false));
    let copy = move |shape: Copied| {
        attempt.run(async move {
            said.try_set("Préparation de la copie…");
            let done = notebook.copy_of(id, shape).await;
            said.try_set(if done.is_ok() {
                "La copie est dans vos téléchargements. Remettez-la à la personne, puis supprimez-la de cet appareil."
            } else {
                ""
            });
            done
        });
    };
    let erase = move |_| {
        let navigate = navigate.clone();
        attempt.leave(async move {
            notebook.erase(id).await?;
            navigate(route::PEOPLE, NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    };
    let waiting = Memo::new(move |_| notebook.weather().with(|weather| weather.waiting.count > 0));
    view! {
        <header class="title">
            <a class="back" href=route::person(id)><Icon name=Glyph::Back/>"Revenir à la fiche"</a>
            <h1 id="title" tabindex="-1">"Ses droits sur ses données"</h1>
            <p class="second">{name}</p>
        </header>
        <h2>"Lui remettre une copie"</h2>
        <p>"Tout ce que le serveur garde d’elle\u{a0}: ses réponses, ses accords, qui a écrit, qui a consulté. La copie n’est pas chiffrée."</p>
        {move || waiting.get().then(|| view! {
            <p>"Des saisies attendent encore d’être envoyées\u{a0}: la copie ne les contiendra pas. Faites-la quand tout est envoyé."</p>
        })}
        <div class="actions">
            <button type="button" class="second-button" disabled=attempt.busy on:click=move |_| copy(Copied::ToRead)>"Copie à lire"</button>
            <button type="button" class="second-button" disabled=attempt.busy on:click=move |_| copy(Copied::ForPrograms)>"Copie pour un autre logiciel"</button>
        </div>
        <p role="status">{said}</p>
        <TroubleBand id="rights-trouble" trouble=attempt.trouble/>
        <h2>"Effacer ce qui est gardé d’elle"</h2>
        <p>"Si elle le demande. Ses réponses sont effacées du serveur et de tous les appareils à leur prochain échange, saisies en attente comprises. Personne ne pourra les retrouver."</p>
        <div class="actions">
            <button type="button" class="danger-button" aria-haspopup="dialog" on:click=move |_| { asked.set(false); asking.set(true); }>"Effacer définitivement"</button>
        </div>
        <Dialog open=asking title="Effacer définitivement\u{202f}?">
            <p>"Rien ne pourra être remis. Pour seulement la retirer des listes, revenez à sa fiche et choisissez «\u{a0}Supprimer\u{a0}»."</p>
            <label class="answer">
                <input type="checkbox" prop:checked=asked on:change=move |event| asked.set(event_target_checked(&event))/>
                <span>"La personne, ou qui la représente, le demande"</span>
            </label>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Garder"</button>
                <button type="button" class="danger-button" disabled=move || !asked.get() on:click=erase>"Effacer"</button>
            </div>
        </Dialog>
    }
}
