//! The people this notebook holds, looked up by name or commune.

use std::sync::Arc;

use domain::Glyph;
use domain::french::counted;
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::people::{PERSON, Person};
use leptos::prelude::*;
use sync::Shown;

use super::reading::{age_and_commune, may_write, person_of};
use crate::notebook::use_notebook;
use crate::route;
use crate::ui::icon::Icon;
use crate::ui::line::{LineText, LinkLine};
use crate::ui::live::live;
use crate::ui::page::Page;
use crate::ui::search_box::{SearchBox, matches};

/// Lines drawn at once: past that, typing two letters is faster than scrolling, for the eye and for the tablet.
pub const SHOWN_AT_ONCE: usize = 100;

/// One person found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub id: RecordId,
    pub person: Person,
    pub held: bool,
    /// Two people disagree on something of her record.
    pub uncertain: bool,
}

/// Those who answer to what is typed, in the order of an address book.
pub fn found(people: &[Arc<Shown>], typed: &str) -> Vec<Found> {
    let mut found: Vec<Found> = people
        .iter()
        .map(|shown| Found {
            id: shown.id,
            person: person_of(shown),
            held: shown.held,
            uncertain: !shown.conflicts.is_empty(),
        })
        .filter(|found| matches(typed, &format!("{} {}", found.person.name(), found.person.commune)))
        .collect();
    sort_by_key(&mut found, |found| found.person.sort_key());
    found
}

/// The line of one person.
pub fn line(found: &Found, today: chrono::NaiveDate) -> LineText {
    LineText {
        name: found.person.name(),
        second: age_and_commune(&found.person, today),
        tag: found.held.then_some("accord à demander").or(found.uncertain.then_some("à vérifier")),
    }
}

#[component]
pub fn PeoplePage() -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let people = notebook.records(PERSON.id);
    let account = notebook.account();
    let typed = RwSignal::new(String::new());
    let results = Memo::new(move |_| people.with(|people| typed.with(|typed| found(people, typed))));
    // A memo: a record that arrives must not draw the search field anew under the fingers.
    let nobody = Memo::new(move |_| people.with(Vec::is_empty));
    let adding = move || account.with(|account| may_write(account.as_ref(), &PERSON));
    view! {
        <Page title="Personnes">
            <header class="title">
                <h1 id="title" tabindex="-1">"Personnes"</h1>
                <p class="second" role="status">{move || told(results.with(Vec::len))}</p>
            </header>
            {move || if nobody.get() {
                view! { <Empty/> }.into_any()
            } else {
                view! {
                    <SearchBox label="Chercher un nom ou une commune" typed/>
                    <ul class="lines" role="list">
                        {move || results.get().iter().take(SHOWN_AT_ONCE).map(|found| view! {
                            <LinkLine href=route::person(found.id) text=line(found, today)/>
                        }).collect_view()}
                    </ul>
                    <Short count=Signal::derive(move || results.with(Vec::len))/>
                }.into_any()
            }}
            {move || adding().then(|| view! {
                <div class="actions bottom">
                    <a class="main-button" href=route::NEW_PERSON><Icon name=Glyph::Plus/>"Ajouter une personne"</a>
                </div>
            })}
        </Page>
    }
}

/// Why the list is short, or not whole.
#[component]
pub fn Short(#[prop(into)] count: Signal<usize>) -> impl IntoView {
    live(move || match count.get() {
        0 => view! {
            <p>"Personne ne porte ce nom ici. Votre recherche est gardée. Essayez un autre nom, ou la commune."</p>
        }
        .into_any(),
        count if count > SHOWN_AT_ONCE => {
            let hidden = counted(
                count - SHOWN_AT_ONCE,
                "autre personne n’est pas montrée",
                "autres personnes ne sont pas montrées",
            );
            view! { <p class="second">{format!("{hidden}. Tapez deux lettres de son nom.")}</p> }.into_any()
        }
        _ => ().into_any(),
    })
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <section class="empty">
            <Icon name=Glyph::People/>
            <h2>"Aucune personne pour l’instant"</h2>
            <p>"Une fiche sert à retrouver une personne et ce qui a été fait avec elle. Elle commence toujours par son accord."</p>
        </section>
    }
}

fn told(count: usize) -> String {
    counted(count, "personne", "personnes")
}

#[cfg(test)]
mod tests {
    use super::super::reading::fixture::person;
    use super::*;

    #[test]
    fn people_come_in_the_order_of_an_address_book() {
        let people = [person(1, "Odette", "Salvan"), person(2, "Aimé", "Évrard"), person(3, "Josette", "Roques")];
        let names =
            |typed| found(&people, typed).iter().map(|found| found.person.family_name.clone()).collect::<Vec<_>>();
        assert_eq!(names(""), ["Évrard", "Roques", "Salvan"]);
        assert_eq!(names("evr"), ["Évrard"]);
        assert_eq!(names("ette"), Vec::<String>::new());
    }
}
