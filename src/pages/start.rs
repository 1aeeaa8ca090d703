//! Starting a record: for whom?

use domain::form::Kind;
use domain::id::RecordId;
use domain::people::PERSON;
use domain::programme::RecordKind;
use domain::programmes::kind;
use domain::{Glyph, Value};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::absent::AbsentPage;
use super::people::{SHOWN_AT_ONCE, Short, found, line};
use super::reading::{is_begun_from_a_list, may_write};
use super::starter::{self, Starter};
use crate::notebook::use_notebook;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::line::ActionLine;
use crate::ui::live::live;
use crate::ui::page::{Below, Page};
use crate::ui::search_box::SearchBox;

#[component]
pub fn StartPage() -> impl IntoView {
    let params = use_params_map();
    let (account, query) = (use_notebook().account(), use_query_map());
    live(move || {
        let wanted = params.with(|params| params.get("kind")).and_then(|id| kind(&id));
        let wanted = wanted
            .filter(|kind| is_begun_from_a_list(kind) && account.with(|account| may_write(account.as_ref(), kind)));
        match wanted {
            Some(kind) if kind.parent.is_some() => {
                view! { <ForWhom kind begins=query.with(|query| links(kind, |question| query.get(question)))/> }
                    .into_any()
            }
            Some(kind) => view! { <AtOnce kind/> }.into_any(),
            None => AbsentPage().into_any(),
        }
    })
}

/// What is about nobody has nothing to choose first.
#[component]
fn AtOnce(kind: &'static RecordKind) -> impl IntoView {
    let starter = Starter::new(kind);
    starter.alone();
    view! {
        <Page title="Commencer">
            <Below back=(route::TODAY, "Aujourd’hui") title=kind.form().title/>
            <TroubleBand id="start-trouble" trouble=starter.trouble/>
            {move || starter.trouble.with(Option::is_some).then(|| view! {
                <div class="actions">
                    <button type="button" class="main-button" on:click=move |_| starter.alone()>"Réessayer"</button>
                </div>
            })}
        </Page>
    }
}

/// The links that the address knows already.
fn links(kind: &'static RecordKind, told: impl Fn(&str) -> Option<String>) -> Vec<(&'static str, Value)> {
    let questions = kind.form().questions().map(|(_, question)| question);
    let links = questions.filter(|question| matches!(question.kind, Kind::Link(_)));
    let known = |id: &'static str| Some((id, told(id)?.parse::<RecordId>().ok()?.to_string().into()));
    links.filter_map(|question| known(question.id)).collect()
}

#[component]
fn ForWhom(kind: &'static RecordKind, begins: Vec<(&'static str, Value)>) -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let people = notebook.records(PERSON.id);
    // A memo: a record that arrives must not draw the search field anew under the fingers.
    let nobody = Memo::new(move |_| people.with(Vec::is_empty));
    let typed = RwSignal::new(String::new());
    let results = Memo::new(move |_| people.with(|people| typed.with(|typed| found(people, typed))));
    let starter = Starter::with(kind, begins);
    let lines = move || {
        results
            .get()
            .iter()
            .take(SHOWN_AT_ONCE)
            .map(|found| {
                let id = found.id;
                view! { <ActionLine text=line(found, today) action=move || starter.start(id)/> }
            })
            .collect_view()
    };
    view! {
        <Page title="Choisir la personne">
            <Below back=(route::TODAY, "Aujourd’hui") title="Pour qui\u{202f}?">
                <p class="second">{kind.form().title}</p>
            </Below>
            <TroubleBand id="start-trouble" trouble=starter.trouble/>
            {move || if nobody.get() {
                let then = if starter::asks_who(kind) { "Son nom se note dans la fiche." } else { "Ajoutez-la, puis commencez depuis sa fiche." };
                view! { <p>"Aucune personne n’est encore notée ici. "{then}</p> }.into_any()
            } else {
                view! {
                    <SearchBox label="Chercher un nom ou une commune" typed/>
                    <ul class="lines" role="list">{move || lines()}</ul>
                    <Short count=Signal::derive(move || results.with(Vec::len))/>
                }.into_any()
            }}
            <div class="actions bottom">
                {if starter::asks_who(kind) {
                    view! {
                        <button type="button" class="main-button" on:click=move |_| starter.somebody_new()>
                            <Icon name=Glyph::Plus/>"Nouvelle personne"
                        </button>
                    }.into_any()
                } else {
                    view! {
                        <a class="second-button" href=route::NEW_PERSON><Icon name=Glyph::Plus/>"Ajouter une personne"</a>
                    }.into_any()
                }}
            </div>
        </Page>
    }
}
