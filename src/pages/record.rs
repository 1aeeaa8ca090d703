//! One record read: its result, what changed, what to do now, what is missing, and its answers.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::Glyph;
use domain::form::{Missing, Outcome, Subject, field_label};
use domain::french::{full_day, sentence_case, short_day, years};
use domain::id::RecordId;
use domain::people::{PERSON, Person};
use domain::programme::{Planned, Programme, RecordKind, Task, When};
use domain::programmes::{self, PROGRAMMES};
use domain::record::Fields;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::Shown;

use super::absent::AbsentRecord;
use super::agenda::{noted, planned};
use super::form::Newer;
use super::gathering::{Gathering, is_gathered};
use super::programme::may_read;
use super::removal::{Remove, Removed, may_remove};
use super::today::common_records;
use super::{answers, reading};
use crate::annuaire::{Annuaire, use_annuaire};
use crate::notebook::{Notebook, use_notebook};
use crate::route;
use crate::ui::band::{Band, Tone};
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::outcome::{self, Before, Neighbour};
use crate::ui::page::Page;
use crate::ui::previous::previous_of;
use crate::ui::saved::use_saved_words;
use crate::ui::typeset::typeset;

#[component]
pub fn RecordPage() -> impl IntoView {
    let record = route::record_param("record");
    live(move || match record.get() {
        Some(record) => view! { <Opened record/> }.into_any(),
        None => view! { <Page title="Fiche"><AbsentRecord/></Page> }.into_any(),
    })
}

/// Everything the page says, computed again when the record, its person or its siblings change.
#[derive(Clone, PartialEq)]
pub(super) struct Read {
    pub shown: Arc<Shown>,
    pub person_id: RecordId,
    pub person: Person,
    pub result: Option<(Outcome, Vec<Missing>)>,
    pub before: Option<Before>,
    /// No newer finished record of this kind: what is due next is due from this one.
    pub newest: bool,
}

#[component]
fn Opened(record: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let shown = notebook.record(record);
    let place = Memo::new(move |_| {
        shown.with(|shown| {
            let shown = shown.as_ref()?;
            let known = reading::form_of(shown).is_some();
            Some((kind_of(shown)?, shown.parent().unwrap_or(shown.id), known))
        })
    });
    let put_away = notebook.is_put_away(record);
    live(move || match place.get() {
        Some(_) if put_away.get() => view! { <Page title="Fiche supprimée"><Removed record/></Page> }.into_any(),
        Some((Kind(kind), person, _)) if kind.id == PERSON.id => {
            let navigate = use_navigate();
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            request_animation_frame(move || navigate(&route::person(person), options));
            ().into_any()
        }
        Some((Kind(kind), ..)) if is_gathered(kind) => view! { <Gathering record kind/> }.into_any(),
        // What hangs on no person has no result: its form says all of it.
        Some((Kind(kind), ..)) if kind.parent != Some(PERSON.id) => {
            let navigate = use_navigate();
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            request_animation_frame(move || navigate(&route::entry(record), options));
            ().into_any()
        }
        Some((Kind(kind), person, true)) => view! { <Result record kind person/> }.into_any(),
        // Rules of this build must not judge answers to a form it does not know.
        Some((_, _, false)) => view! { <Newer/> }.into_any(),
        None => view! { <Page title="Fiche"><AbsentRecord/></Page> }.into_any(),
    })
}

/// A kind is static: two are the same when their names are.
#[derive(Clone, Copy)]
struct Kind(&'static RecordKind);

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

fn kind_of(shown: &Shown) -> Option<Kind> {
    programmes::kind(&shown.kind).map(Kind)
}

fn subject(notebook: Notebook, shown: &Shown, person: &Person) -> Subject {
    Subject { birth_date: person.birth_date, on: notebook.local(reading::started_at(shown)).date() }
}

#[component]
fn Result(record: RecordId, kind: &'static RecordKind, person: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let (shown, person_record) = (notebook.record(record), notebook.record(person));
    let siblings = notebook.children(person, kind.id);
    let annuaire = use_annuaire();
    let next = next(notebook, kind, person);
    let read = Memo::new(move |_| {
        let shown = shown.get()?;
        let whose = person_record.with(|person| person.as_deref().map(reading::person_of)).unwrap_or_default();
        let result = kind.assess(&shown.values(), &subject(notebook, &shown, &whose));
        let siblings = siblings.get();
        let before = previous_of(&shown, &siblings).and_then(|previous| {
            reading::form_of(&previous)?;
            let subject = subject(notebook, &previous, &whose);
            Some(Before { outcome: kind.assess(&previous.values(), &subject)?.0, on: subject.on })
        });
        let finished = reading::finished_at(&shown);
        let newest = finished.is_some() && siblings.iter().all(|other| reading::finished_at(other) <= finished);
        Some(Read { shown, person_id: person, person: whose, result, before, newest })
    });
    view! {
        <Page title="Résultat" side=move || view! {
            {move || read.get().map(|read| side(notebook, kind, &read, next.get()))}
            <Manage record kind/>
        }>
            <Head kind read/>
            {move || read.get().map(|read| main(notebook, kind, &read, &neighbours(annuaire, kind, &read)))}
            <answers::AllAnswers record kind person/>
        </Page>
    }
}

/// For each finding that calls for it, who may help in the territory: the directory says which of its lists answers it. It
/// is read only when there is something to look up.
fn neighbours(annuaire: Annuaire, kind: &RecordKind, read: &Read) -> Vec<Neighbour> {
    let programme = PROGRAMMES.iter().find(|programme| programme.records.iter().any(|one| one.id == kind.id));
    let (Some(programme), Some((result, _))) = (programme, &read.result) else { return Vec::new() };
    let calling: Vec<&'static str> =
        result.findings.iter().filter(|one| one.state.calls_for_help()).map(|one| one.id).collect();
    if calling.is_empty() {
        return Vec::new();
    }
    annuaire.loaded().with(|loaded| {
        let links = loaded.as_ref().map(|loaded| loaded.directory.lists.links.as_slice()).unwrap_or_default();
        let near = |finding: &'static str| {
            let link = links.iter().find(|link| link.from == format!("{}/{finding}", programme.id))?;
            Some(Neighbour { finding, href: format!("{}?{}", route::ANNUAIRE, link.query), label: link.label.clone() })
        };
        calling.into_iter().filter_map(near).collect()
    })
}

/// Whose it is and when. Written anew in place: the title keeps the focus while an answer of the server arrives.
#[component]
fn Head(kind: &'static RecordKind, read: Memo<Option<Read>>) -> impl IntoView {
    let notebook = use_notebook();
    let saved = use_saved_words();
    let person = Memo::new(move |_| read.with(|read| read.as_ref().map(|read| (read.person_id, read.person.clone()))));
    let of_person =
        move |say: fn(&Person) -> String| move || person.with(|person| person.as_ref().map(|(_, person)| say(person)));
    let back = move || person.with(|person| person.as_ref().map(|(id, _)| route::person(*id)));
    let second = move || read.with(|read| read.as_ref().map(|read| told(notebook, kind, read)));
    view! {
        <header class="title">
            <a class="back" href=back><Icon name=Glyph::Back/>{of_person(Person::short_name)}</a>
            <h1 class="name" id="title" tabindex="-1">{of_person(Person::name)}</h1>
            <p class="second">{second}</p>
            {move || saved.get().map(|words| view! { <p class="saved-at" role="status"><Icon name=Glyph::Check/>{words}</p> })}
        </header>
    }
}

/// « 84 ans, repérage du 21 novembre 2026 par Claire Fabre », « Repérage du… » without her age.
fn told(notebook: Notebook, kind: &RecordKind, read: &Read) -> String {
    let begun = notebook.local(reading::started_at(&read.shown)).date();
    let mut second = read.person.age(begun).map(|age| format!("{}, ", years(age))).unwrap_or_default();
    second.push_str(&kind.begun_on(&full_day(begun)));
    // Other authors have no name on this device; the second half of the truth is not invented.
    let account = notebook.account().get();
    if let Some(account) = account.filter(|account| read.shown.author.is_none_or(|author| author == account.id)) {
        second.push_str(&format!(" par {}", account.name));
    }
    sentence_case(&second)
}

fn main(notebook: Notebook, kind: &'static RecordKind, read: &Read, near: &[Neighbour]) -> AnyView {
    let today = notebook.today();
    let finished = reading::finished_at(&read.shown).is_some();
    let findings = read.result.as_ref().map(|(result, _)| outcome::findings(result, read.before.as_ref(), near, today));
    let edit = route::entry(read.shown.id);
    let unfinished = read.result.as_ref().is_some_and(|(_, missing)| !missing.is_empty());
    let action = match (finished, unfinished) {
        (false, _) => {
            view! { <a class="main-button" href=edit><Icon name=Glyph::Edit/>{format!("Finir {}", kind.the)}</a> }
        }
        (true, true) => {
            view! { <a class="main-button" href=edit><Icon name=Glyph::Edit/>{format!("Compléter {}", kind.the)}</a> }
        }
        (true, false) => {
            view! { <a class="second-button" href=edit><Icon name=Glyph::Edit/>{format!("Corriger {}", kind.the)}</a> }
        }
    };
    view! {
        {(!finished).then(|| view! {
            <div class="band notice" role="status">
                <Icon name=Glyph::Clock/>
                <p><b>{format!("{} à finir.", sentence_case(kind.one))}</b>" Ce qui suit ne tient compte que des réponses données."</p>
            </div>
        })}
        {disputed(&read.shown)}
        {findings}
        <div class="actions">{action}</div>
    }
    .into_any()
}

/// The result rests on answers that are still to be settled: said before it is read.
fn disputed(shown: &Shown) -> Option<AnyView> {
    let form = reading::form_of(shown);
    let fields: Vec<&String> = shown.conflicts.keys().collect();
    let first = fields.first()?;
    let labels: Vec<String> = fields.iter().map(|field| typeset(field_label(form, field))).collect();
    let href = if fields.len() == 1 { route::dispute(shown.id, first) } else { route::TO_CHECK.to_owned() };
    let message =
        format!("À vérifier\u{a0}: {}. Ce résultat peut changer. Rien n’est perdu.", labels.join("\u{202f}; "));
    Some(
        view! {
            <Band tone=Tone::Notice glyph=Glyph::Alert message><a class="second-button" href=href>"Vérifier"</a></Band>
        }
        .into_any(),
    )
}

/// The task that comes after a record of this kind: the one it does, or the one that its programme plans from all of them.
fn task_of(kind: &RecordKind) -> Option<(&'static Programme, &'static Task)> {
    let tasks = PROGRAMMES.iter().flat_map(|programme| programme.tasks.iter().map(move |task| (*programme, task)));
    tasks.into_iter().find(|(programme, task)| match task.when {
        When::After(_) => task.kind == kind.id,
        When::Planned(_) => programme.records.iter().any(|one| one.id == kind.id),
    })
}

/// What is planned next for the person of this kind of record, where her records tell it.
fn next(notebook: Notebook, kind: &'static RecordKind, person: RecordId) -> Memo<Option<Planned>> {
    let (shown, hanging, common) = (notebook.record(person), notebook.hanging(person), common_records());
    Memo::new(move |_| {
        let When::Planned(plan) = task_of(kind)?.1.when else { return None };
        let common = common.get();
        let fields: Vec<Fields> = common.iter().map(|shown| shown.values()).collect();
        let (today, clock) = (notebook.today(), |at| notebook.local(at));
        let planned = planned(plan, &shown.get()?, &hanging.get(), &noted(&common, &fields), today, &clock);
        planned.into_iter().min_by_key(|planned| planned.on)
    })
}

fn side(notebook: Notebook, kind: &'static RecordKind, read: &Read, next: Option<Planned>) -> Option<AnyView> {
    let notices = read.result.as_ref().filter(|(result, _)| !result.notices.is_empty());
    let notices = notices.map(|(result, _)| outcome::notices(&result.notices));
    let missing = read.result.as_ref().and_then(|(result, missing)| left_to_do(read.shown.id, kind, result, missing));
    let after = reading::finished_at(&read.shown).zip(task_of(kind)).and_then(|(at, (programme, task))| {
        let told = match (task.when, next) {
            (When::After(_), _) => {
                let due = domain::due(task, notebook.local(at).date()).filter(|_| read.newest)?;
                return Some(told_next(notebook, task.label, due.on, String::new()));
            }
            (When::Planned(_), Some(next)) => told_next(notebook, next.label, next.on, next.detail),
            // It was done: that nothing follows is worth a word. What else was noted plans nothing, hence says nothing.
            (When::Planned(_), None) if task.kind == kind.id => {
                view! { <p class="follow-next">"Rien d’autre n’est prévu."</p> }.into_any()
            }
            (When::Planned(_), None) => return None,
        };
        let complete = read.result.as_ref().is_none_or(|(_, missing)| missing.is_empty());
        Some(view! { {told}{others(notebook, programme, task, complete)} }.into_any())
    });
    let anything = notices.is_some() || missing.is_some() || after.is_some();
    anything.then(|| view! { <h2 id="now">"Et maintenant"</h2>{notices}{missing}{after} }.into_any())
}

/// « Appel J15 le 24 nov. »
fn told_next(notebook: Notebook, label: &'static str, on: NaiveDate, detail: String) -> AnyView {
    let on = short_day(on, notebook.today());
    view! {
        <p class="follow-next">
            <Icon name=Glyph::Calendar/>
            <span>
                <b>{label}</b>{format!(" le {on}")}
                {(!detail.is_empty()).then(|| view! { <br/><span class="second">{detail}</span> })}
            </span>
        </p>
    }
    .into_any()
}

/// Where the same is done for the others, one after the other. `main`: nothing is left to do here.
fn others(notebook: Notebook, programme: &'static Programme, task: &Task, main: bool) -> Option<AnyView> {
    let roles = notebook.account().with_untracked(|account| account.as_ref().map(|account| account.roles.clone()))?;
    let view = programme.views.iter().find(|view| Some(view.id) == task.view && may_read(view, &roles))?;
    let class = if main { "main-button" } else { "second-button" };
    let href = route::view(programme.id, view.id, None);
    Some(
        view! { <div class="actions"><a class=class href=href><Icon name=view.glyph/>{view.title}</a></div> }
            .into_any(),
    )
}

/// What is done to the record itself, apart from its answers.
#[component]
fn Manage(record: RecordId, kind: &'static RecordKind) -> impl IntoView {
    let notebook = use_notebook();
    let (account, shown) = (notebook.account(), notebook.record(record));
    let may = move || {
        account.with(|account| reading::may_write(account.as_ref(), kind))
            && shown.with(|shown| shown.as_ref().is_some_and(|shown| may_remove(shown)))
    };
    view! {
        <div class="actions manage">
            <a class="second-button" href=route::history(record)><Icon name=Glyph::Clock/>"Historique"</a>
            {move || may().then(|| view! {
                <a class="second-button" href=route::move_record(record)><Icon name=Glyph::People/>"Rattacher à une autre personne"</a>
                <Remove record/>
            })}
        </div>
    }
}

/// What could not be decided, by finding, as links to the questions.
fn left_to_do(record: RecordId, kind: &'static RecordKind, result: &Outcome, missing: &[Missing]) -> Option<AnyView> {
    let groups: Vec<AnyView> = result
        .findings
        .iter()
        .filter_map(|finding| {
            let mut questions: Vec<&str> =
                missing.iter().filter(|one| one.finding == finding.id).map(|one| one.question).collect();
            questions.dedup();
            if questions.is_empty() {
                return None;
            }
            let links = questions
                .into_iter()
                .filter_map(|id| kind.forms.iter().rev().find_map(|form| form.question(id)))
                .map(|question| {
                    let href = format!("{}#q-{}", route::entry(record), question.id);
                    view! { <li><a href=href>{typeset(question.label.text)}</a></li> }
                })
                .collect_view();
            Some(view! { <h4>{finding.title}</h4><ul>{links}</ul> }.into_any())
        })
        .collect();
    (!groups.is_empty()).then(|| {
        view! { <section class="follow"><header><h3>"Reste à faire"</h3></header>{groups}</section> }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_next_is_told_after_any_record_of_a_programme_that_plans() {
        for programme in PROGRAMMES {
            let plans = programme.tasks.iter().any(|task| matches!(task.when, When::Planned(_)));
            for kind in programme.records {
                let does = programme.tasks.iter().any(|task| task.kind == kind.id);
                let told = task_of(kind).map(|(of, _)| of.id);
                assert_eq!(told, (plans || does).then_some(programme.id), "{}", kind.id);
            }
        }
        assert!(task_of(&PERSON).is_none());
    }
}
