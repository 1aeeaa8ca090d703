//! Who it is about, whether it is saved, whether it is sent. Does not move.

use domain::Glyph;
use domain::french::{sentence_case, uncapitalised, years};
use domain::people::{PERSON, Person};
use leptos::prelude::*;

use super::sheet::{Sheet, use_sheet};
use crate::ui::called;
use crate::ui::emergency::EmergencyButton;
use crate::ui::icon::Icon;
use crate::ui::indicator::use_words;
use crate::ui::saved::use_saved_words;
use crate::ui::thistle::Thistle;
use crate::ui::uncertain::{is_uncertain, mark};

#[component]
pub fn Header() -> impl IntoView {
    let sheet = use_sheet();
    let label =
        if sheet.is_of_person() { "Revenir à la fiche de la personne" } else { "Revenir à la page d’avant" };
    view! {
        <header class="form-head">
            {match sheet.outside {
                Some(outside) => view! {
                    <button type="button" class="round bare" aria-label="Quitter cette fiche" on:click=move |_| outside.leave.run(())>
                        <Icon name=Glyph::Back/>
                    </button>
                }
                .into_any(),
                None => view! {
                    <a class="round bare" href=sheet.back() aria-label=label><Icon name=Glyph::Back/></a>
                }
                .into_any(),
            }}
            <div class="who">{name(sheet)}{second(sheet)}</div>
            <Saved/>
            <EmergencyButton/>
        </header>
    }
}

/// Whose it is, or what it is when it is nobody's.
pub fn name(sheet: Sheet) -> AnyView {
    let record = sheet.notebook.record(sheet.person);
    let words = move || {
        let title = || sheet.form.title.to_owned();
        let Some(shown) = record.get() else { return title() };
        if sheet.is_of_person() {
            let person = Person::of(&shown.values());
            let nameless = person.given_name.is_empty() && person.family_name.is_empty() && sheet.is_in_steps();
            return if nameless { title() } else { person.name() };
        }
        called::name(sheet.notebook, &shown)
    };
    let doubtful = Memo::new(move |_| {
        let fields = ["civility", "given_name", "family_name", "birth_date", "commune"];
        record.with(|shown| shown.as_ref().is_some_and(|shown| is_uncertain(shown, &fields)))
    });
    view! { <h1 class="name" id="title" tabindex="-1">{move || words()}{move || mark(doubtful.get())}</h1> }.into_any()
}

fn second(sheet: Sheet) -> AnyView {
    let record = sheet.notebook.record(sheet.person);
    let facts = move || {
        let mut facts: Vec<String> = Vec::new();
        if !sheet.is_of_person() {
            facts.push(sentence_case(sheet.kind.one));
            return facts.join(", ");
        }
        let person = record.with(|shown| shown.as_ref().map(|shown| Person::of(&shown.values()))).unwrap_or_default();
        facts.extend(person.age(sheet.notebook.today()).map(years));
        if sheet.kind.id != PERSON.id {
            facts.push(sheet.kind.one.to_owned());
        }
        facts.extend((!person.commune.is_empty()).then_some(person.commune));
        facts.join(", ")
    };
    view! { <p class="second">{move || facts()}</p> }.into_any()
}

/// « Enregistré à 9 h 51 », beside the thistle; `place` says where it is written.
#[component]
pub fn Saved() -> impl IntoView {
    let sheet = use_sheet();
    let words_of_save = use_saved_words();
    let saved = move || match sheet.outside {
        // On the disk, and lost with the page: only what leaves is kept.
        Some(_) if sheet.held_now() => Some("Pas encore noté".to_owned()),
        _ => words_of_save.get(),
    };
    let words = use_words();
    let link = move || {
        let words = words.get();
        let parts: Vec<String> = [words.first, words.second].into_iter().filter(|part| !part.is_empty()).collect();
        // « Hors connexion » first: that one does not have to do anything about it is the point.
        let sentence: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(rank, part)| if rank == 0 { part.clone() } else { uncapitalised(part) })
            .collect();
        sentence.join(", ")
    };
    let place = sheet.place;
    view! {
        <div class="saved">
            <Thistle weather=Signal::derive(move || words.get().weather)/>
            <p role="status" aria-live="polite">
                <b>{move || saved()}</b><span>{move || link()}</span>
                {place.map(|place| view! { <span>{move || place.get()}</span> })}
            </p>
        </div>
    }
}
