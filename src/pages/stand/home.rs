//! The home of a stand: who holds it, then one big button for each thing that may be written.

use domain::french::{sentence_case, time};
use domain::id::RecordId;
use domain::programme::RecordKind;
use domain::programmes::kind;
use domain::{Fields, Glyph};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::close::CloseStand;
use super::words::{place, totals};
use super::{Desk, Frame, Screen};
use crate::notebook::{LeftOpen, begun_at_a_stand, use_notebook};
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::entry_field::EntryField;
use crate::ui::icon::Icon;

#[component]
pub fn Home(desk: Desk) -> impl IntoView {
    let notebook = use_notebook();
    let held = notebook.stand();
    let title = Memo::new(move |_| held.with(|held| held.as_ref().map(place)).unwrap_or_default());
    let until = Memo::new(move |_| held.with(|held| held.as_ref().map(|held| time(notebook.local(held.until)))));
    let soon = Memo::new(move |_| held.with(|held| held.as_ref().is_some_and(|held| held.ends_soon)));
    let volunteer = Memo::new(move |_| held.with(|held| held.as_ref().and_then(|held| held.volunteer.clone())));
    // What is taken up again says so by itself.
    let left = Memo::new(move |_| {
        held.with(|held| held.as_ref().and_then(|held| held.left))
            .filter(|left| *left == LeftOpen::Sealed || desk.draft.get().is_some())
    });
    view! {
        <Frame title="Stand">
            <header class="title">
                <h1 id="title" tabindex="-1">{title}</h1>
                <p class="second">{move || until.get().map(|until| format!("Ouvert jusqu’à {until}"))}</p>
            </header>
            {move || soon.get().then(|| view! { <EndsSoon until=until.get().unwrap_or_default()/> })}
            {move || left.get().map(|left| view! { <Band tone=Tone::Notice glyph=Glyph::Alert message=told(left).to_owned()/> })}
            {move || match volunteer.get() {
                Some(name) => view! { <Things name desk/> }.into_any(),
                None => view! { <Who/> }.into_any(),
            }}
            {move || desk.draft.get().is_none().then(|| view! { <CloseStand/> })}
        </Frame>
    }
}

/// Of the form that was open when the page went away.
const fn told(left: LeftOpen) -> &'static str {
    match left {
        LeftOpen::Draft(_) => {
            "La page s’est rechargée pendant une saisie. Rien n’est perdu\u{a0}: elle est là, à reprendre."
        }
        LeftOpen::Sealed => {
            "La page s’est fermée pendant une saisie, qui ne peut plus être rouverte ici. Ce qui avait l’accord de la personne \
             est gardé et partira\u{a0}; sans son accord, rien n’est gardé."
        }
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
fn Things(name: String, desk: Desk) -> impl IntoView {
    let things = move || match desk.draft.get() {
        Some(draft) => view! { <PutDown draft desk/> }.into_any(),
        None => view! { <Tiles desk/> }.into_any(),
    };
    let notebook = use_notebook();
    view! {
        <p class="stand-who">
            <b class="name">{name}</b>" tient le stand. "
            <button type="button" class="quiet" on:click=move |_| notebook.hand_to(None)>"Changer"</button>
        </p>
        {move || things()}
        <p class="second">"Ce qui est noté ici part tout seul. Rien ne peut être relu sur cet appareil."</p>
    }
}

/// What was put down in the middle comes before anything else: one form at a time is held here.
#[component]
fn PutDown(draft: RecordId, desk: Desk) -> impl IntoView {
    let found = use_notebook().record(draft).get_untracked();
    let Some(kind) = found.and_then(|shown| kind(&shown.kind)) else {
        desk.draft.set(None);
        return ().into_any();
    };
    let again = move |_| {
        desk.draft.set(None);
        desk.screen.set(Screen::Filling(draft));
    };
    view! {
        <ul class="tiles" role="list">
            <li>
                <button type="button" class="tile" on:click=again>
                    <Icon name=Glyph::Edit/><b>{format!("Reprendre {} en cours", kind.the)}</b>
                </button>
            </li>
        </ul>
        <p class="second">"Ce qui est écrit est là. Finissez avant d’en commencer une autre."</p>
    }
    .into_any()
}

#[component]
fn Tiles(desk: Desk) -> impl IntoView {
    let notebook = use_notebook();
    let held = notebook.stand();
    let attempt = Attempt::new();
    let start = move |kind: &'static RecordKind| {
        attempt.leave(async move {
            desk.screen.set(Screen::Filling(notebook.begin_entry(kind).await?));
            Ok(())
        });
    };
    let venue = held.with_untracked(|held| held.as_ref().and_then(|held| Some(held.venue.as_ref()?.kind.clone())));
    let kinds = begun_at_a_stand(venue.as_deref());
    let counting = kinds.clone();
    let tiles = kinds
        .into_iter()
        .map(|kind| {
            view! {
                <li>
                    <button type="button" class="tile" on:click=move |_| start(kind)>
                        <Icon name=Glyph::Plus/><b>{kind.at_stand}</b>
                    </button>
                </li>
            }
        })
        .collect_view();
    let scanned = Memo::new(move |_| {
        held.with(|held| {
            held.as_ref().is_some_and(|held| {
                held.invitation.as_ref().is_some_and(|invitation| notebook.now() < invitation.until)
            })
        })
    });
    let counts =
        Memo::new(move |_| held.with(|held| held.as_ref().map(|held| held.counts.clone())).unwrap_or_default());
    view! {
        <TroubleBand id="stand-trouble" trouble=attempt.trouble/>
        <ul class="tiles" role="list" aria-busy=attempt.aria_busy()>{tiles}</ul>
        {move || scanned.get().then(|| view! {
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| desk.screen.set(Screen::Scan)>
                    <Icon name=Glyph::Share/>"Faire scanner"
                </button>
            </div>
        })}
        {move || counting.iter().map(|kind| counted_here(kind, &counts.read())).collect_view()}
    }
}

/// What was counted on this device since the stand was opened.
fn counted_here(kind: &RecordKind, counts: &Fields) -> Option<AnyView> {
    let totals = totals(kind, counts);
    (!totals.is_empty()).then(|| {
        let lines = totals.into_iter().map(|(label, sum)| view! { <div><dt>{label}</dt><dd>{sum}</dd></div> });
        view! {
            <h2>{format!("{} sur cet appareil", sentence_case(kind.one))}</h2>
            <dl class="facts">{lines.collect_view()}</dl>
        }
        .into_any()
    })
}
