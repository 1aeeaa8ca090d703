//! What every description of the registry owes to the pages that render it. A new programme is held to it unseen.

use std::collections::BTreeSet;

use super::{PROGRAMMES, cases, kind, kinds};
use crate::Fields;
use crate::form::{Choice, Form, Kind, Need, Question, Show, Subject, Wording};
use crate::french::ill_set;
use crate::people::{PERSON, Role};
use crate::programme::{Cell, Gathers, Keep, List, RecordKind};
use crate::record::SYSTEM_FIELDS;

fn unique<T: Ord + std::fmt::Debug>(what: &str, ids: impl IntoIterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        let text = format!("{id:?}");
        assert!(seen.insert(id), "{what} {text} is there twice");
    }
}

fn forms() -> impl Iterator<Item = &'static Form> {
    kinds().flat_map(|kind| kind.forms.iter().copied())
}

fn options(question: &Question) -> &'static [Choice] {
    match question.kind {
        Kind::Choice(options) | Kind::Whisper { options, .. } => options,
        _ => &[],
    }
}

#[test]
fn identifiers_are_unique() {
    unique("programme", PROGRAMMES.iter().map(|programme| programme.id));
    unique("kind", kinds().map(|kind| kind.id));
    unique("list", PROGRAMMES.iter().flat_map(|programme| programme.lists).map(|list| list.id));
    unique("view", PROGRAMMES.iter().flat_map(|programme| programme.views).map(|view| view.id));
    unique("task", PROGRAMMES.iter().flat_map(|programme| programme.tasks).map(|task| task.id));
    unique("form", forms().map(|form| (form.id, form.version)));
    for form in forms() {
        unique("section", form.sections.iter().map(|section| section.id));
        unique("question", form.questions().map(|(_, question)| question.id));
        for (_, question) in form.questions() {
            unique(question.id, options(question).iter().map(|choice| choice.code));
        }
    }
}

#[test]
fn every_kind_has_a_form_a_parent_that_exists_and_writers() {
    for known in kinds() {
        assert!(!known.forms.is_empty(), "{} has no form", known.id);
        assert!(!known.writers.is_empty(), "nobody may write {}", known.id);
        assert!(known.parent.is_none_or(|parent| kind(parent).is_some()), "{} has no parent kind", known.id);
        assert!(known.form().questions().next().is_some(), "{} asks nothing", known.id);
        unique("version", known.forms.iter().map(|form| form.version));
        assert_eq!(known.form_of(known.form().version).map(|form| form.id), Some(known.form().id));
        assert_eq!(kind(known.id).map(|found| found.id), Some(known.id));
    }
}

#[test]
fn what_a_kind_says_of_itself_exists() {
    for known in kinds() {
        assert!(known.common.is_empty() || known.parent.is_none(), "{} is common and hangs on something", known.id);
        let begun_at_stand = known.at_stand.is_none() || known.writers.contains(&Role::StandSession);
        assert!(begun_at_stand, "{} is begun at a stand that may not write it", known.id);
        for id in known.called {
            assert!(known.form().question(id).is_some(), "{} is called by {id}, which it does not ask", known.id);
        }
        for field in known.call_back {
            let there = known.form().question(field).is_some() || SYSTEM_FIELDS.contains(field);
            assert!(there, "{} shows {field}, which it does not ask", known.id);
        }
        assert!(known.prefill.is_some() || !asks_known(known), "nothing tells {} what it should know", known.id);
    }
    for programme in PROGRAMMES {
        let Some(venue) = programme.venue else { continue };
        let venue = kind(venue).expect("a venue is a kind");
        assert!(!venue.common.is_empty(), "a stand is held for {}, which not everybody sees", venue.id);
        let alone = |kind: &&&RecordKind| kind.at_stand.is_some() && kind.parent == Some(PERSON.id);
        let silent = |kind: &&&RecordKind| kind.thanks.is_empty() || kind.welcome.is_empty();
        let silent = programme.records.iter().filter(alone).find(silent);
        assert!(silent.is_none(), "whoever signs herself up is not told what it is, or what comes next: {silent:?}");
    }
}

fn asks_known(known: &RecordKind) -> bool {
    known.form().questions().any(|(_, question)| matches!(question.need, Need::Known | Need::Unasked))
}

#[test]
fn a_question_about_another_record_finds_it() {
    for known in kinds() {
        for (_, question) in known.forms.iter().copied().flat_map(Form::questions) {
            match question.kind {
                Kind::Link(to) => assert!(kind(to).is_some(), "{}: no kind {to}", question.id),
                Kind::OfParent(field) => {
                    let parent = kind(known.parent.expect("asked of a parent")).expect("a parent kind");
                    let asked = parent.form().question(field);
                    assert!(asked.is_some(), "{}: {} asks no {field}", question.id, parent.id);
                    assert!(asked.is_some_and(|asked| !matches!(asked.kind, Kind::OfParent(_) | Kind::Consent(_))));
                }
                _ => {}
            }
            if let Some(bar) = question.bar {
                assert!(options(question).iter().any(|choice| choice.code == bar.code), "{}: no bar", question.id);
            }
        }
    }
}

#[test]
fn every_case_comes_out_as_its_source_says() {
    let tried: BTreeSet<&str> = cases::folders().iter().flat_map(cases::Folder::run).collect();
    for judged in kinds().filter(|kind| kind.rules.is_some()) {
        assert!(tried.contains(judged.id), "the rules of {} have no case", judged.id);
    }
}

#[test]
fn no_question_takes_the_name_of_a_system_field() {
    for (_, question) in forms().flat_map(Form::questions) {
        assert!(!SYSTEM_FIELDS.contains(&question.id), "{}", question.id);
    }
}

#[test]
fn conditions_look_back_at_codes_that_exist() {
    for form in forms() {
        let mut earlier: Vec<&Question> = Vec::new();
        for (_, question) in form.questions() {
            check_show(&question.show, &earlier, question.id);
            if let Kind::Recall { of } = question.kind {
                let words = earlier.iter().find(|known| known.id == of);
                assert!(words.is_some_and(|words| matches!(words.kind, Kind::Words { .. })), "{}", question.id);
            }
            earlier.push(question);
        }
    }
}

fn check_show(show: &Show, earlier: &[&Question], of: &str) {
    let check = |id: &str, codes: &[&str]| {
        let question = earlier.iter().find(|question| question.id == id);
        let known = options(question.unwrap_or_else(|| panic!("{of} depends on {id}, which is not asked before it")));
        for code in codes {
            assert!(known.iter().any(|choice| choice.code == *code), "{of}: {id} has no answer {code}");
        }
    };
    match show {
        Show::Always => {}
        Show::Is(id, code) => check(id, &[code]),
        Show::IsOneOf(id, codes) => check(id, codes),
        Show::All(conditions) | Show::Any(conditions) => {
            conditions.iter().for_each(|condition| check_show(condition, earlier, of));
        }
        Show::Not(condition) => check_show(condition, earlier, of),
    }
}

#[test]
fn lists_tasks_and_tiles_name_what_exists() {
    for programme in PROGRAMMES {
        let known = |id: &str| kind(id).unwrap_or_else(|| panic!("{}: no kind {id}", programme.id));
        known(programme.tile.starts);
        for task in programme.tasks {
            known(task.kind);
            assert!(task.view.is_none_or(|view| programme.views.iter().any(|one| one.id == view)), "{}", task.id);
        }
        for list in programme.lists {
            check_list(list, known(list.kind));
        }
    }
}

fn check_list(list: &List, kind_of_list: &RecordKind) {
    if let Some(Gathers { kind: gathers, many }) = list.gathers {
        assert!(!many.is_empty(), "{}", list.id);
        let gathers = kind(gathers).unwrap_or_else(|| panic!("{}: no kind {gathers}", list.id));
        let links = |question: &Question| matches!(question.kind, Kind::Link(to) if to == list.kind);
        assert!(gathers.form().questions().any(|(_, question)| links(question)), "{}: names none of its rows", list.id);
        assert_eq!(gathers.parent, Some("person"), "{}", list.id);
        assert!(!kind_of_list.common.is_empty() && !gathers.start.is_empty(), "{}", list.id);
    }
    let form = kind_of_list.form();
    let parent = || kind(kind_of_list.parent.expect("a kind with a parent")).expect("a parent kind").form();
    for column in list.columns {
        match column.value {
            Cell::Answer(id) => assert!(form.question(id).is_some(), "{}: no question {id}", list.id),
            Cell::ParentField(id) => assert!(parent().question(id).is_some(), "{}: no field {id}", list.id),
            Cell::Parent => assert!(kind_of_list.parent.is_some(), "{}", list.id),
            Cell::Headline => assert!(kind_of_list.rules.is_some(), "{}: no rules", list.id),
            Cell::Started | Cell::Status => {}
        }
    }
    let nothing = Subject { birth_date: None, on: chrono::NaiveDate::default() };
    let findings = kind_of_list.assess(&Fields::new(), &nothing).map(|(outcome, _)| outcome.findings);
    for filter in list.filters {
        match filter.keep {
            Keep::Drafts | Keep::Finished => {}
            Keep::Abnormal(id) => {
                let found = findings.iter().flatten().any(|finding| finding.id == id);
                assert!(found, "{}: no finding {id}", list.id);
            }
            Keep::Is(id, code) => {
                let question = form.question(id).unwrap_or_else(|| panic!("{}: no question {id}", list.id));
                assert!(options(question).iter().any(|choice| choice.code == code), "{}: no {code}", list.id);
            }
        }
    }
}

#[test]
fn every_text_is_set_in_french() {
    let mut texts: Vec<&str> = Vec::new();
    for programme in PROGRAMMES {
        texts.extend([programme.name, programme.tile.verb, programme.tile.place]);
        texts.extend(programme.tasks.iter().map(|task| task.label));
        texts.extend(programme.views.iter().map(|view| view.title));
        for list in programme.lists {
            texts.extend([list.title, list.empty]);
            texts.extend(list.columns.iter().map(|column| column.title));
            texts.extend(list.filters.iter().map(|filter| filter.title));
        }
    }
    texts.extend(kinds().flat_map(|kind| [kind.one, kind.the]));
    // Without a text to begin it, a kind is begun by a view alone.
    texts.extend(kinds().map(|kind| kind.start).filter(|start| !start.is_empty()));
    texts.extend(kinds().filter_map(|kind| kind.at_stand));
    let alone = kinds().flat_map(|kind| [kind.welcome, kind.thanks]);
    texts.extend(alone.filter(|text| !text.is_empty()));
    for form in forms() {
        texts.extend([form.title, form.credit]);
        for (section, question) in form.questions() {
            texts.extend([section.title, section.when.unwrap_or("à la fin"), question.label.text]);
            let others = [question.help, question.alone, question.alone_help];
            texts.extend(others.into_iter().flatten().map(|Wording { text, .. }| text));
            texts.extend(options(question).iter().map(|choice| choice.label));
            texts.extend(question.which);
            texts.extend(question.bar.iter().flat_map(|bar| [bar.title, bar.text, bar.alone]));
            match question.kind {
                Kind::Stopwatch { instruction, stop } => texts.extend([instruction, stop]),
                Kind::Scale { low, high } => texts.extend([low, high]),
                _ => {}
            }
        }
    }
    for text in texts {
        assert!(!text.trim().is_empty());
        assert_eq!(ill_set(text), None);
    }
}
