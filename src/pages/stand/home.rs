//! The home of a stand: who holds it, then one big button for each thing that may be written.

use domain::Glyph;
use domain::french::time;
use domain::people::{PERSON, Role};
use domain::programme::RecordKind;
use domain::programmes::kinds;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::close::CloseStand;
use super::{Frame, Screen};
use crate::notebook::use_notebook;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::entry_field::EntryField;
use crate::ui::icon::Icon;

/// What a stand begins: what hangs on nothing. The rest hangs on it, inside its form.
fn begun_at_a_stand() -> impl Iterator<Item = &'static RecordKind> {
    kinds().filter(|kind| kind.parent.is_none() && kind.writers.contains(&Role::StandSession))
}

#[component]
pub fn Home(screen: RwSignal<Screen>) -> impl IntoView {
    let notebook = use_notebook();
    let held = notebook.stand();
    let name = Memo::new(move |_| held.with(|held| held.as_ref().map(|held| held.name.clone())).unwrap_or_default());
    let until = Memo::new(move |_| held.with(|held| held.as_ref().map(|held| time(notebook.local(held.until)))));
    let soon = Memo::new(move |_| held.with(|held| held.as_ref().is_some_and(|held| held.ends_soon)));
    let volunteer = Memo::new(move |_| held.with(|held| held.as_ref().and_then(|held| held.volunteer.clone())));
    let title = move || name.with(|name| if name.is_empty() { "Stand".to_owned() } else { name.clone() });
    view! {
        <Frame title="Stand">
            <header class="title">
                <h1 id="title" tabindex="-1">{move || title()}</h1>
                <p class="second">{move || until.get().map(|until| format!("Ouvert jusqu’à {until}"))}</p>
            </header>
            {move || soon.get().then(|| view! { <EndsSoon until=until.get().unwrap_or_default()/> })}
            {move || match volunteer.get() {
                Some(name) => view! { <Things name screen/> }.into_any(),
                None => view! { <Who/> }.into_any(),
            }}
            <CloseStand/>
        </Frame>
    }
}

/// Ten minutes before its hour. `held`: what is under the fingers has no consent yet, and goes with the hour.
#[component]
pub fn EndsSoon(until: String, #[prop(optional)] held: bool) -> impl IntoView {
    let kept = if held {
        "Sans l’accord de la personne, rien de cette fiche ne sera gardé."
    } else {
        "Ce qui est noté est gardé et partira."
    };
    let message = format!("Le stand ferme à {until}. {kept} Finissez la fiche en cours, il ne s’ouvrira plus ensuite.");
    view! { <Band tone=Tone::Notice glyph=Glyph::Clock message/> }
}

/// First names to tap. After a reload they are not known any more: they are people, and nothing readable stays.
#[component]
fn Who() -> impl IntoView {
    let notebook = use_notebook();
    let held = notebook.stand();
    let names =
        Memo::new(move |_| held.with(|held| held.as_ref().map(|held| held.volunteers.clone())).unwrap_or_default());
    let typed = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = typed.with_untracked(|typed| typed.trim().to_owned());
        if !name.is_empty() {
            notebook.hand_to(Some(name));
        }
    };
    let buttons = move || {
        names
            .get()
            .into_iter()
            .map(|name| {
                let shown = name.clone();
                view! {
                    <li>
                        <button type="button" class="second-button wide" on:click=move |_| notebook.hand_to(Some(name.clone()))>
                            {shown}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <h2>"Qui tient le stand\u{202f}?"</h2>
        {move || (!names.with(Vec::is_empty)).then(|| view! { <ul class="stand-names" role="list">{move || buttons()}</ul> })}
        <form class="stand-name" autocomplete="off" on:submit=submit novalidate=true>
            <EntryField id="volunteer" label="Un autre prénom" value=typed autocomplete="off"
                hint="Il ne reste pas sur cet appareil."/>
            <button class="second-button" type="submit">"C’est moi"</button>
        </form>
    }
}

#[component]
fn Things(name: String, screen: RwSignal<Screen>) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    let start = move |kind: &'static RecordKind| {
        attempt.leave(async move {
            screen.set(Screen::Filling(notebook.create(kind, None).await?));
            Ok(())
        });
    };
    let tiles = begun_at_a_stand()
        .map(|kind| {
            let words = if kind.id == PERSON.id { "Nouvelle personne" } else { kind.start };
            view! {
                <li>
                    <button type="button" class="tile" on:click=move |_| start(kind)>
                        <Icon name=Glyph::Plus/><b>{words}</b>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="stand-who">
            <b class="name">{name}</b>" tient le stand. "
            <button type="button" class="quiet" on:click=move |_| notebook.hand_to(None)>"Changer"</button>
        </p>
        <TroubleBand id="stand-trouble" trouble=attempt.trouble/>
        <ul class="tiles" role="list" aria-busy=attempt.aria_busy()>{tiles}</ul>
        <p class="second">"Ce qui est noté ici part tout seul. Rien ne peut être relu sur cet appareil."</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_begins_a_person_and_nothing_that_hangs_on_another_record() {
        let begun: Vec<_> = begun_at_a_stand().map(|kind| kind.id).collect();
        assert!(begun.contains(&PERSON.id) && !begun.contains(&"consent"), "{begun:?}");
    }
}
