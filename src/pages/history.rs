//! The history of a record: who wrote what, when, on which device and why. Read with the network; without it, what this
//! device knows.

use domain::Glyph;
use domain::french::{NBSP, uncapitalised};
use domain::id::RecordId;
use domain::people::PERSON;
use domain::programmes::kind;
use domain::record::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::Queued;
use sync::protocol::HistoryEntry;

use super::absent::AbsentRecord;
use super::reading::{form_of, may_write};
use super::told;
use super::told_history::{Line, Sitting, entries, sittings, where_and_when};
use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::icon::Icon;
use crate::ui::page::Page;

#[component]
pub fn HistoryPage() -> impl IntoView {
    let record = route::record_param("record");
    let notebook = use_notebook();
    let known = Memo::new(move |_| record.get().filter(|id| notebook.record(*id).with(Option::is_some)));
    view! {
        <Page title="Historique">
            {move || match known.get() {
                Some(record) => view! { <History record/> }.into_any(),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
}

/// What was read so far.
#[derive(Clone, Default)]
struct Read {
    server: Option<Vec<HistoryEntry>>,
    unsent: Vec<Queued>,
    trouble: Option<Trouble>,
    done: bool,
}

#[component]
fn History(record: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let shown = notebook.record(record);
    let read = RwSignal::new(Read::default());
    let trouble = RwSignal::new(None::<Trouble>);
    let load = move || {
        spawn_local(async move {
            let unsent = notebook.unsent(record).await.unwrap_or_default();
            read.try_update(|read| read.unsent = unsent);
            let server = notebook.history(record).await;
            read.try_update(|read| {
                read.done = true;
                match server {
                    Ok(history) => (read.server, read.trouble) = (Some(history.entries), None),
                    Err(refused) => read.trouble = Some(refused),
                }
            });
        });
    };
    Effect::new(move |_| {
        // What is written or received meanwhile belongs here too.
        shown.track();
        load();
    });
    let what = move || {
        shown.get().map(|shown| {
            let owner = told::owner(notebook, &shown);
            format!("{owner}, {}", uncapitalised(&told::what(&shown, today, &|at| notebook.local(at))))
        })
    };
    let back = move || {
        let of_person = shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.kind == PERSON.id));
        if of_person { route::person(record) } else { route::sheet(record) }
    };
    let list = move || {
        let shown = shown.get()?;
        let form = form_of(&shown);
        let writes = !shown.deleted
            && !shown.held
            && kind(&shown.kind)
                .is_some_and(|kind| notebook.account().with(|account| may_write(account.as_ref(), kind)));
        let values = shown.values();
        let settled = |field: &str| kind(&shown.kind).is_some_and(|kind| kind.is_settled(field, &values));
        let names = |id| notebook.record(id).get().map(|shown| crate::ui::called::name(notebook, &shown));
        let all = read.with(|read| entries(read.server.clone(), read.unsent.clone(), Some(&shown)));
        let told = sittings(&all, form, &names, &|at| notebook.local(at));
        let lines = told
            .into_iter()
            .map(|sitting| {
                // Only what a form asks is taken up again, and only if it does not stand already, nor for good.
                let takes = |line: &Line| {
                    let (field, value) = line.value.as_ref().filter(|_| writes && sitting.set_aside.is_none())?;
                    form?.question(field)?;
                    let now = shown.fields.get(field).map_or(&Value::Null, |field| &field.value);
                    (now != value && !value.is_null() && !settled(field)).then(|| (field.clone(), value.clone()))
                };
                let lines = sitting
                    .lines
                    .iter()
                    .map(|line| line_view(notebook, record, line, takes(line), trouble))
                    .collect_view();
                sitting_view(notebook, &sitting, lines.into_any())
            })
            .collect_view();
        Some(view! { <ol class="history">{lines}</ol> })
    };
    let waiting = move || read.with(|read| !read.done && read.server.is_none());
    let offline = move || read.with(|read| read.trouble.clone().filter(|_| read.server.is_none()));
    view! {
        <header class="title">
            <a class="back" href=back><Icon name=Glyph::Back/>"Revenir à la fiche"</a>
            <h1 id="title" tabindex="-1">"Historique"</h1>
            <p class="second">{what}</p>
            <a class="quiet" href=route::readers(record)>"Qui a consulté"</a>
        </header>
        <TroubleBand id="history-trouble" trouble/>
        <div role="status">
            {move || waiting().then(|| view! { <p>"Lecture de l’historique…"</p> })}
        </div>
        {move || offline().map(|refused| {
            let message = format!(
                "L’historique complet se lit avec le réseau. Voici ce que cet appareil sait. {}",
                refused.message
            );
            view! {
                <Band tone=Tone::Notice glyph=Glyph::Clock message>
                    <button type="button" class="second-button" on:click=move |_| load()>"Relire l’historique"</button>
                </Band>
            }
        })}
        {list}
    }
}

fn sitting_view(notebook: Notebook, sitting: &Sitting, lines: AnyView) -> AnyView {
    let who = match &sitting.by {
        Some(by) => {
            view! { <b class="name">{by.name.clone()}</b>{format!(", {}", uncapitalised(&by.profession))} }.into_any()
        }
        None => view! { <b>"Vous"</b>", pas encore envoyé" }.into_any(),
    };
    let when = where_and_when(sitting, notebook.today(), &|at| notebook.local(at));
    let reason = sitting.reason.clone().map(|reason| view! { <p class="why">{format!("Motif\u{a0}: {reason}")}</p> });
    let aside = match (sitting.set_aside, sitting.stuck) {
        (Some(reason), _) => {
            Some(format!("Mis de côté\u{a0}: {}. Rien n’est effacé.", uncapitalised(told::set_aside(reason))))
        }
        (None, true) => Some("Mis de côté sur cet appareil. Rien n’est effacé. Voyez «\u{a0}Envois\u{a0}».".to_owned()),
        (None, false) => None,
    };
    let aside = aside.map(|words| view! { <p class="aside"><Icon name=Glyph::Alert/><span>{words}</span></p> });
    view! {
        <li>
            <p class="who-when"><span>{who}</span><span class="second">{when}</span></p>
            {reason}
            {aside}
            <ul role="list">{lines}</ul>
        </li>
    }
    .into_any()
}

fn line_view(
    notebook: Notebook,
    record: RecordId,
    line: &Line,
    takes: Option<(String, Value)>,
    trouble: RwSignal<Option<Trouble>>,
) -> AnyView {
    let Some(now) = line.now.clone() else {
        return view! { <li class="act"><b>{line.label.clone()}</b></li> }.into_any();
    };
    let before =
        line.before.clone().map(|before| view! { <span class="second">{format!("avant\u{a0}: {before}")}</span> });
    let settled = line.settles.then(|| view! { <span class="tag">"réglé"</span> });
    let label = format!("Reprendre «{NBSP}{now}{NBSP}»");
    let take = takes.map(|(field, value)| {
        let take = move |_| {
            let (field, value) = (field.clone(), value.clone());
            let over = notebook.record(record).with_untracked(|shown| {
                let item = shown.as_ref().and_then(|shown| shown.conflicts.get(&field));
                item.map(|item| item.values.iter().map(|rival| rival.op_id).collect()).unwrap_or_default()
            });
            spawn_local(async move {
                let reason = "Valeur reprise dans l’historique".to_owned();
                match notebook.keep_value(record, &field, value, over, reason).await {
                    Ok(()) => page::focus("title"),
                    Err(refused) => {
                        trouble.try_set(Some(refused));
                    }
                }
            });
        };
        view! { <button type="button" class="quiet" aria-label=label on:click=take><Icon name=Glyph::Undo/>"Reprendre"</button> }
    });
    view! {
        <li>
            <span class="second">{line.label.clone()}</span>
            <span class="values"><b>{now}</b>{before}{settled}</span>
            {take}
        </li>
    }
    .into_any()
}
