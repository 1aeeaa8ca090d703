//! One person: who she is, what she accepted, what was done, what can begin.

use std::sync::Arc;

use domain::Glyph;
use domain::french::{full_day, sentence_case, short_day};
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::people::{CONSENT, Gp, PERSON, Person, Purpose};
use domain::programme::{Plan, RecordKind, When};
use domain::programmes::PROGRAMMES;
use domain::record::Fields;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use sync::Shown;

use super::absent::AbsentRecord;
use super::agenda::{next_due, noted, planned};
use super::consents::Consents;
use super::merge::Merged;
use super::reading::{
    age_and_commune, consents_of, finished_at, kinds_of_person, may_write, outcome, person_of, started_at, status, tag,
};
use super::removal::{Remove, Removed, may_remove};
use super::starter::{Starter, draft_of};
use super::team::{CareTeam, Departed, JustShared, Team};
use super::to_check::use_items;
use super::today::common_records;
use crate::notebook::{Departure, Notebook, use_notebook};
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::called::begun_on;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::line::{LineText, LinkLine};
use crate::ui::live::live;
use crate::ui::page::Page;
use crate::ui::uncertain::{is_uncertain, mark};

#[component]
pub fn PersonPage() -> impl IntoView {
    let notebook = use_notebook();
    let id = route::record_param("id");
    // Drawn anew only for another person: what is inside follows her record by itself.
    let known = Memo::new(move |_| {
        let id = id.get()?;
        let shown = notebook.record(id).get();
        let shown = shown.filter(|shown| shown.kind == PERSON.id)?;
        Some((id, shown.deleted, notebook.in_part(id).get()))
    });
    let departures = notebook.departures();
    // Once told it stays on the page: it is noted as read when she leaves it.
    let gone = Memo::new(move |before: Option<&Option<Departure>>| {
        let id = id.get()?;
        let before = before.cloned().flatten();
        departures
            .with(|all| all.iter().find(|gone| gone.person == id).cloned())
            .or(before.filter(|gone| gone.person == id))
    });
    view! {
        <Page title="Fiche d’une personne">
            {move || match (known.get(), gone.get()) {
                (Some((record, true, _)), _) => view! { <Removed record/> }.into_any(),
                (Some((id, false, true)), _) => view! { <Part id/> }.into_any(),
                (Some((id, false, false)), _) => view! { <Sheet id/> }.into_any(),
                (None, Some(gone)) => view! { <Departed gone/> }.into_any(),
                (None, None) => AbsentRecord().into_any(),
            }}
        </Page>
    }
}

#[component]
fn Sheet(id: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let record = notebook.record(id);
    let person = Memo::new(move |_| record.with(|shown| shown.as_deref().map(person_of)).unwrap_or_default());
    let held = Memo::new(move |_| record.with(|shown| shown.as_ref().is_some_and(|shown| shown.held)));
    let account = notebook.account();
    let writes = move || account.with(|account| may_write(account.as_ref(), &PERSON));
    let doubtful = move |fields: &'static [&'static str]| {
        move || mark(record.with(|shown| shown.as_ref().is_some_and(|shown| is_uncertain(shown, fields))))
    };
    let merged = notebook.merged_into(id);
    let team = Team::of(notebook, id);
    view! {
        <header class="title">
            <a class="back" href=route::PEOPLE><Icon name=Glyph::Back/>"Personnes"</a>
            <h1 id="title" class="name" tabindex="-1">{move || person.with(Person::name)}{doubtful(NAMES)}</h1>
            <p class="second">{move || person.with(|person| age_and_commune(person, today))}{doubtful(&["birth_date", "commune"])}</p>
        </header>
        {move || held.get().then(|| view! {
            <Band tone=Tone::Notice glyph=Glyph::Lock
                message="Son accord n’est pas encore noté. Sa fiche est gardée ici, rien ne part. Demandez-lui son accord pour continuer.">
                <a class="second-button" href=route::entry(id)>"Demander son accord"</a>
            </Band>
        })}
        <JustShared team/>
        <Disputed id/>
        <Merged id/>
        {move || merged.get().is_none().then(|| view! { <Starts id/> })}
        <Done id person/>
        <h2>"Coordonnées"</h2>
        {move || record.get().map(|shown| facts(&shown))}
        <div class="actions">
            {move || person.with(|person| (!person.phone.is_empty()).then(|| view! {
                <a class="second-button" href=format!("tel:{}", person.phone)><Icon name=Glyph::Phone/>"Appeler"</a>
            }))}
            {move || writes().then(|| view! {
                <a class="second-button" href=route::entry(id)><Icon name=Glyph::Edit/>"Modifier la fiche"</a>
            })}
            <a class="second-button" href=route::history(id)><Icon name=Glyph::Clock/>"Historique"</a>
        </div>
        <CareTeam id team/>
        <Consents id/>
        {move || (held.get() && writes()).then(|| view! { <Discard id/> })}
        {move || (writes() && record.with(|shown| shown.as_ref().is_some_and(|shown| may_remove(shown)))).then(|| view! {
            <h2>"Cette fiche"</h2>
            <div class="actions">
                {move || merged.get().is_none().then(|| view! {
                    <a class="second-button" href=route::merge(id)><Icon name=Glyph::People/>"C’est la même personne que…"</a>
                })}
                <a class="second-button" href=route::rights(id)>"Copie ou effacement"</a>
                <Remove record=id/>
            </div>
        })}
    }
}

/// What a coordination sees of somebody who accepts to be called back: who she is, her number.
#[component]
fn Part(id: RecordId) -> impl IntoView {
    let record = use_notebook().record(id);
    let person = Memo::new(move |_| record.with(|shown| shown.as_deref().map(person_of)).unwrap_or_default());
    let phone = move || record.get().and_then(|shown| read_phone(&person_of(&shown)));
    view! {
        <header class="title">
            <a class="back" href=route::PEOPLE><Icon name=Glyph::Back/>"Personnes"</a>
            <h1 id="title" class="name" tabindex="-1">{move || person.with(Person::name)}</h1>
        </header>
        <p>"Vous voyez ce qu’il faut pour rappeler cette personne. Le reste appartient à son équipe de soins."</p>
        {move || match phone() {
            Some(number) => view! {
                <div class="actions">
                    <a class="main-button" href=person.with(|person| format!("tel:{}", person.phone))>
                        <Icon name=Glyph::Phone/>{format!("Appeler le {number}")}
                    </a>
                </div>
            }.into_any(),
            None => view! { <p><b>"Son téléphone n’est pas noté."</b>" Demandez-le à son équipe de soins."</p> }.into_any(),
        }}
    }
}

/// « 05 36 49 01 12 »
fn read_phone(person: &Person) -> Option<String> {
    PERSON.form().question("phone")?.read_back(&person.phone.clone().into()).filter(|number| !number.is_empty())
}

/// What makes the name one calls her by.
const NAMES: &[&str] = &["civility", "given_name", "family_name"];

/// Something of her record, or of what hangs on it, is to be settled first.
#[component]
fn Disputed(id: RecordId) -> impl IntoView {
    let items = use_items();
    let notebook = use_notebook();
    let record = notebook.record(id);
    let hanging = notebook.hanging(id);
    let hers = Memo::new(move |_| {
        let known = |of: RecordId| of == id || hanging.with(|hanging| hanging.iter().any(|shown| shown.id == of));
        items.with(|items| items.iter().filter(|item| known(item.record)).cloned().collect::<Vec<_>>())
    });
    view! {
        {move || record.with(Option::is_some).then(|| hers.get()).and_then(|hers| {
            let first = hers.first()?;
            let href = if hers.len() == 1 { route::dispute(first.record, &first.field) } else { route::TO_CHECK.to_owned() };
            let what: Vec<String> = hers.iter().map(|item| item.what.clone()).collect();
            let message = format!("À vérifier\u{a0}: {}. Rien n’est perdu. Choisissez avant de vous y fier.", what.join("\u{202f}; "));
            Some(view! {
                <Band tone=Tone::Notice glyph=Glyph::Alert message>
                    <a class="second-button" href=href>"Vérifier"</a>
                </Band>
            })
        })}
    }
}

/// « Commencer le repérage », or going on with the one begun: one button for each kind this account may write.
#[component]
fn Starts(id: RecordId) -> impl IntoView {
    let account = use_notebook().account();
    live(move || {
        let kinds = kinds_of_person()
            .filter(|kind| !kind.start.is_empty() && account.with(|account| may_write(account.as_ref(), kind)));
        // One main button on a screen: the first programme's.
        let buttons = kinds.enumerate().map(|(rank, kind)| view! { <StartButton id kind main={rank == 0}/> });
        view! { <div class="actions">{buttons.collect_view()}</div> }
    })
}

#[component]
fn StartButton(id: RecordId, kind: &'static RecordKind, main: bool) -> impl IntoView {
    let records = use_notebook().records(kind.id);
    let starter = Starter::new(kind);
    let words = move || match records.with(|records| draft_of(id, records)) {
        Some(_) => format!("Reprendre {}", kind.the),
        None => kind.start.to_owned(),
    };
    let class = if main { "main-button" } else { "second-button" };
    view! {
        <button type="button" class=class on:click=move |_| starter.start(id)>{move || words()}</button>
        <TroubleBand id=kind.id trouble=starter.trouble/>
    }
}

/// Her records of every programme, newest first, and when the next one is due.
#[component]
fn Done(id: RecordId, person: Memo<Person>) -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let (record, consents) = (notebook.record(id), notebook.records(CONSENT.id));
    let lists: Vec<_> = kinds_of_person().map(|kind| notebook.children(id, kind.id)).collect();
    let all = Memo::new(move |_| {
        let mut all: Vec<Arc<Shown>> = lists.iter().flat_map(|list| list.get()).collect();
        sort_by_key(&mut all, |shown| std::cmp::Reverse(started_at(shown)));
        all
    });
    let common = common_records();
    let plans = move |plan: Plan| {
        let Some(shown) = record.get() else { return Vec::new() };
        let (mut hers, common) = (all.get(), common.get());
        hers.extend(consents.get().into_iter().filter(|shown| shown.parent() == Some(id)));
        let fields: Vec<Fields> = common.iter().map(|shown| shown.values()).collect();
        planned(plan, &shown, &hers, &noted(&common, &fields), today, &|at| notebook.local(at))
    };
    let dues = move || {
        let records = all.get();
        PROGRAMMES
            .iter()
            .flat_map(|programme| programme.tasks)
            .filter_map(|task| match task.when {
                When::After(_) => {
                    let due = next_due(task, id, &records, &|at| notebook.local(at))?;
                    Some((due.task.label, due.on, String::new()))
                }
                When::Planned(plan) => {
                    let next = plans(plan).into_iter().min_by_key(|planned| planned.on)?;
                    Some((next.label, next.on, next.detail))
                }
            })
            .map(|(label, on, detail)| {
                view! {
                    <p class="follow-next">
                        <Icon name=Glyph::Calendar/>
                        <span>
                            <b>{label}</b>" le "{full_day(on)}
                            {(!detail.is_empty()).then(|| view! { <br/><span class="second">{detail}</span> })}
                        </span>
                    </p>
                }
            })
            .collect_view()
    };
    view! {
        <h2>"Suivi"</h2>
        {move || {
            let consents = consents.with(|consents| consents_of(id, consents));
            let birth_date = person.with(|person| person.birth_date);
            let above = record.get().map(|shown| shown.values()).unwrap_or_default();
            let lines = all.get().into_iter().map(|shown| {
                let text = record_line(notebook, &shown, &above, &consents, birth_date, today);
                let href = if finished_at(&shown).is_none() { route::entry(shown.id) } else { route::sheet(shown.id) };
                view! { <LinkLine href text/> }
            }).collect_view();
            if all.with(Vec::is_empty) {
                view! { <p class="second">"Rien encore. Le premier apparaîtra ici, avec son résultat."</p> }.into_any()
            } else {
                view! { <ul class="lines" role="list">{lines}</ul> }.into_any()
            }
        }}
        {move || dues()}
    }
}

fn record_line(
    notebook: Notebook,
    shown: &Shown,
    above: &Fields,
    consents: &[(Purpose, bool)],
    birth_date: Option<chrono::NaiveDate>,
    today: chrono::NaiveDate,
) -> LineText {
    let on = short_day(notebook.local(started_at(shown)).date(), today);
    let finished = finished_at(shown).is_some();
    let headline = || outcome(shown, birth_date, &|at| notebook.local(at)).map(|outcome| outcome.headline);
    LineText {
        name: begun_on(&shown.kind, &on),
        second: finished.then(headline).flatten().unwrap_or_else(|| sentence_case(&status(shown, above, consents))),
        tag: tag(shown),
    }
}

fn facts(shown: &Shown) -> impl IntoView + use<> {
    let person = &person_of(shown);
    let gp = match &person.gp {
        Gp::Unknown => String::new(),
        Gp::None => "N’a pas de médecin traitant".into(),
        Gp::Named(name) => name.clone(),
    };
    let born = person.birth_date.map(full_day).unwrap_or_default();
    let known = [
        ("Date de naissance", born, ["birth_date", ""]),
        ("Commune", person.commune.clone(), ["commune", ""]),
        ("Téléphone", read_phone(person).unwrap_or_default(), ["phone", ""]),
        ("Médecin traitant", gp, ["gp", "gp_name"]),
    ];
    let lines = known
        .into_iter()
        .map(|(label, value, fields)| {
            let value = if value.is_empty() { "non noté".to_owned() } else { value };
            view! { <div><dt>{label}</dt><dd>{value}{mark(is_uncertain(shown, &fields))}</dd></div> }
        })
        .collect_view();
    view! { <dl class="facts">{lines}</dl> }
}

/// A person who was never asked may be taken back without a trace.
#[component]
fn Discard(id: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let asking = RwSignal::new(false);
    let attempt = Attempt::new();
    let discard = move |_| {
        let navigate = navigate.clone();
        attempt.leave(async move {
            notebook.discard(id).await?;
            navigate(route::PEOPLE, leptos_router::NavigateOptions::default());
            Ok(())
        });
    };
    view! {
        <div class="actions">
            <button type="button" class="danger-button" aria-haspopup="dialog" on:click=move |_| asking.set(true)>
                "Retirer cette fiche"
            </button>
        </div>
        <Dialog open=asking title="Retirer cette fiche\u{202f}?">
            <p>"Elle n’a jamais quitté cet appareil. Tout ce qui y est noté sera effacé, sans retour."</p>
            <TroubleBand id="discard-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Garder la fiche"</button>
                <button type="button" class="danger-button" on:click=discard>"Effacer la fiche"</button>
            </div>
        </Dialog>
    }
}
