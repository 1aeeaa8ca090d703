//! Who it is about, whether it is saved, whether it is sent. Does not move.

use domain::Glyph;
use domain::french::{uncapitalised, years};
use domain::people::Person;
use leptos::prelude::*;

use super::sheet::use_sheet;
use crate::ui::emergency::EmergencyButton;
use crate::ui::icon::Icon;
use crate::ui::indicator::use_words;
use crate::ui::saved::use_saved_words;
use crate::ui::thistle::Thistle;
use crate::ui::uncertain::{is_uncertain, mark};

#[component]
pub fn Header() -> impl IntoView {
    let sheet = use_sheet();
    let record = sheet.notebook.record(sheet.person);
    let person = Memo::new(move |_| {
        record.with(|person| person.as_ref().map(|person| Person::of(&person.values()))).unwrap_or_default()
    });
    let doubtful = Memo::new(move |_| {
        let fields = ["civility", "given_name", "family_name", "birth_date", "commune"];
        record.with(|shown| shown.as_ref().is_some_and(|shown| is_uncertain(shown, &fields)))
    });
    let second = move || {
        let person = person.get();
        let today = sheet.notebook.today();
        let mut facts: Vec<String> = Vec::new();
        facts.extend(person.age(today).map(years));
        if sheet.kind.parent.is_some() {
            facts.push(sheet.kind.one.to_owned());
        }
        facts.extend((!person.commune.is_empty()).then(|| person.commune.clone()));
        facts.join(", ")
    };
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
                    <a class="round bare" href=sheet.back() aria-label="Revenir à la fiche de la personne"><Icon name=Glyph::Back/></a>
                }
                .into_any(),
            }}
            <div class="who">
                <h1 class="name" id="title" tabindex="-1">{move || person.with(Person::name)}{move || mark(doubtful.get())}</h1>
                <p class="second">{move || second()}</p>
            </div>
            <div class="saved">
                <Thistle weather=Signal::derive(move || words.get().weather)/>
                <p role="status" aria-live="polite"><b>{move || saved()}</b><span>{move || link()}</span></p>
            </div>
            <EmergencyButton/>
        </header>
    }
}
