//! « À vérifier »: what two people wrote without seeing each other, side by side, until one of them settles it.

use chrono::NaiveDate;
use domain::Glyph;
use domain::french::{Gender, sentence_case, word};
use domain::id::RecordId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use sync::{Conflict, DELETED, Shown};

use super::dispute::Dispute;
use super::reading::{Clock, form_of};
use super::told;
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::route;
use crate::ui::icon::Icon;
use crate::ui::page::Page;

/// One thing to settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub record: RecordId,
    pub field: String,
    /// The person.
    pub name: String,
    /// « Poids aujourd’hui, deux valeurs »
    pub what: String,
    /// « depuis hier »
    pub since: String,
}

/// What a record has to settle.
pub fn items_of(shown: &Shown, name: &str, today: NaiveDate, clock: Clock<'_>) -> Vec<Item> {
    let item = |(field, conflict): (&String, &Conflict)| Item {
        record: shown.id,
        field: field.clone(),
        name: name.to_owned(),
        what: if field == DELETED {
            format!("{}, supprimée et modifiée", told::what(shown, today, clock))
        } else {
            let label = domain::form::field_label(form_of(shown), field);
            format!("{label}, {} valeurs", word(conflict.values.len(), Gender::Feminine))
        },
        since: conflict.values.last().map_or_else(String::new, |rival| {
            format!("depuis {}", told::since(clock(rival.by.received_at).date(), today))
        }),
    };
    shown.conflicts.iter().map(item).collect()
}

/// Everything to settle, newest record first.
pub fn use_items() -> Memo<Vec<Item>> {
    let notebook = use_notebook();
    let disputed = notebook.disputed();
    let today = notebook.today();
    Memo::new(move |_| {
        let of = |shown: &std::sync::Arc<Shown>| {
            items_of(shown, &told::owner(notebook, shown), today, &|at| notebook.local(at))
        };
        disputed.get().iter().flat_map(of).collect()
    })
}

/// Something settled on this page: it stays in sight until she leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub record: RecordId,
    pub name: String,
    pub what: String,
}

/// The record and the field of an item.
pub type Place = (RecordId, String);

#[component]
pub fn ToCheckPage() -> impl IntoView {
    let params = use_params_map();
    let items = use_items();
    let done = RwSignal::new(Vec::<Done>::new());
    // What she has just settled without opening it stays on the screen, with what was done.
    let stays = RwSignal::new(None::<Place>);
    let chosen = Memo::new(move |_| {
        params.with(|params| -> Option<Place> { Some((params.get("record")?.parse().ok()?, params.get("field")?)) })
    });
    let first = move || items.with(|items| items.first().map(|item| (item.record, item.field.clone())));
    // What is shown stays while it is to be settled: nothing that arrives may take its place under her finger.
    let current = Memo::new(move |before: Option<&Option<Place>>| {
        let open = |(record, field): &Place| {
            items.with(|items| items.iter().any(|item| item.record == *record && item.field == *field))
        };
        let still = before.cloned().flatten().filter(open);
        chosen.get().or_else(|| stays.get()).or(still).or_else(first)
    });
    let open = Memo::new(move |_| chosen.with(Option::is_some));
    Effect::new(move |before: Option<Option<Place>>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) {
            stays.set(None);
            request_animation_frame(|| page::focus("title"));
        }
        now
    });
    let list = move || view! { <Pane items current done open/> };
    view! {
        <Page title="À vérifier" list=list open=Signal::from(open)>
            {move || match current.get() {
                Some((record, field)) => view! {
                    <div class="detail"><Dispute record field done stays main={open.get_untracked()}/></div>
                }.into_any(),
                None => view! {
                    <section class="empty">
                        <Icon name=Glyph::Check/>
                        <h2>"Rien à vérifier"</h2>
                        <p>
                            "Quand deux personnes notent deux réponses différentes sans se voir, elles apparaissent ici, "
                            "côte à côte. Rien n’est choisi à votre place."
                        </p>
                    </section>
                }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Pane(
    items: Memo<Vec<Item>>,
    current: Memo<Option<Place>>,
    done: RwSignal<Vec<Done>>,
    open: Memo<bool>,
) -> impl IntoView {
    let lines = move || {
        items
            .get()
            .into_iter()
            .map(|item| {
                let href = route::dispute(item.record, &item.field);
                let place = (item.record, item.field);
                let here = move || current.with(|current| current.as_ref() == Some(&place)).then_some("true");
                view! {
                    <li>
                        <a class="line" href=href aria-current=here>
                            <span class="line-text">
                                <b class="name">{item.name}</b>
                                <span>{item.what}</span>
                                <span class="second">{item.since}</span>
                            </span>
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    let settled = move || {
        done.get()
            .into_iter()
            .map(|done| {
                view! {
                    <li>
                        <a class="line" href=route::history(done.record)>
                            <span class="line-text">
                                <Icon name=Glyph::Check/>
                                <span class="second">{format!("{}, réglé\u{a0}: {}", done.name, done.what)}</span>
                            </span>
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    let count = move || match items.with(Vec::len) {
        0 => "Tout est réglé".to_owned(),
        count => format!("{} à régler", sentence_case(&domain::french::counted(count, "chose", "choses"))),
    };
    view! {
        {move || if open.get() {
            view! { <p class="list-title">"À vérifier"</p> }.into_any()
        } else {
            view! { <h1 id="title" tabindex="-1">"À vérifier"</h1> }.into_any()
        }}
        <p class="second" role="status">{count}</p>
        <ul class="lines" role="list">{lines}{settled}</ul>
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::Timestamp;
    use domain::id::{AccountId, OpId};
    use serde_json::json;
    use sync::{Rival, Signature};
    use uuid::Uuid;

    use super::super::reading::fixture::{DAY, person};
    use super::*;

    #[test]
    fn each_field_in_dispute_is_one_line() {
        let rival = |number: u128, value: &str| Rival {
            op_id: OpId(Uuid::from_u128(number)),
            value: json!(value),
            by: Signature {
                author: AccountId(Uuid::from_u128(number)),
                name: "Claire Vidal".into(),
                profession: "Infirmière".into(),
                device: "Tablette bleue".into(),
                at: Timestamp(0),
                received_at: Timestamp(DAY),
            },
        };
        let conflict = Conflict { seq: 3, values: vec![rival(1, "0536490112"), rival(2, "0536490113")], settled: None };
        let mut shown = (*person(1, "Odette", "Salvan")).clone();
        shown.conflicts = BTreeMap::from([("phone".to_owned(), conflict.clone()), (DELETED.to_owned(), conflict)]);
        let clock = |at: Timestamp| at.local(0);
        let items = items_of(&shown, "Odette Salvan", clock(Timestamp(2 * DAY)).date(), &clock);
        let told: Vec<_> = items.iter().map(|item| (item.what.as_str(), item.since.as_str())).collect();
        assert_eq!(told, [("Fiche, supprimée et modifiée", "depuis hier"), ("Téléphone, deux valeurs", "depuis hier")]);
    }
}
