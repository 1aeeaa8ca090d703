//! The open form: its answers as they stand, what is refused, which question is current.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::form::{Bar, Form, Kind, Layout, Progress, Question, Section};
use domain::id::RecordId;
use domain::people::{self, PERSON, Purpose};
use domain::programme::{RecordKind, Settles};
use domain::record::FINISHED_AT;
use domain::{Fields, Timestamp, Value, programmes};
use leptos::prelude::*;
use sync::Shown;

use super::progress::{self, Asked};
use crate::notebook::{Notebook, Trouble, answers_of};
use crate::route;
use crate::ui::previous;

/// The state every part of the form shares. A handle of arena signals, hence `Copy`.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub notebook: Notebook,
    pub record: RecordId,
    pub kind: &'static RecordKind,
    pub form: &'static Form,
    /// Whether this account may write such records; the server decides, the interface follows.
    pub writes: bool,
    /// What the record is about: its parent, a person as a rule, or itself.
    pub person: RecordId,
    pub shown: Signal<Option<Arc<Shown>>>,
    /// The newest finished record of the same kind before this one.
    pub previous: Memo<Option<Arc<Shown>>>,
    pub answers: Memo<Fields>,
    /// The answers of the record it hangs on; none when it hangs on nothing, or on what this device does not hold.
    pub above: Memo<Fields>,
    pub consents: Memo<Vec<(Purpose, bool)>>,
    pub asked: Memo<Vec<Asked>>,
    /// The question drawn on straw ground; `None` once everything is answered.
    pub current: RwSignal<Option<&'static str>>,
    /// The last thing she did was to point, not to type: see [`Sheet::focused`].
    pub(super) pointing: StoredValue<bool>,
    /// What was typed and refused, by question: the reason, shown beside the field.
    pub refused: RwSignal<BTreeMap<&'static str, String>>,
    /// Answers replaced since the form was opened: when, and what it was.
    pub changed: RwSignal<BTreeMap<&'static str, (Timestamp, String)>>,
    pub overlay: RwSignal<Option<Overlay>>,
    /// The person refused that anything be kept: nothing is.
    pub erased: RwSignal<bool>,
    /// The question whose answer forbids to keep anything, while that is asked.
    pub barring: RwSignal<Option<&'static Question>>,
    /// Why nothing was kept.
    pub barred: RwSignal<Option<&'static Bar>>,
    /// Why a finished form is being corrected.
    pub correcting: RwSignal<Option<String>>,
    /// An end or a consent that could not be written.
    pub failed: RwSignal<Option<Trouble>>,
    /// The form is not in a notebook: nothing of it can be opened again once it is left.
    pub outside: Option<Outside>,
    /// Where it is filled, drawn at the head: « Stand du marché de Venerque, 27 inscrits ».
    pub place: Option<Signal<String>>,
}

/// What takes the place of the person's page, for a form outside a notebook.
#[derive(Clone, Copy)]
pub struct Outside {
    /// She wants to leave it as it is.
    pub leave: Callback<()>,
    /// It is finished; `false`: nothing is kept of it.
    pub done: Callback<bool>,
    /// The person fills it by herself.
    pub alone: bool,
}

/// What covers the whole screen for a moment.
#[derive(Clone, Copy)]
pub enum Overlay {
    Words(&'static Question, &'static domain::form::WordList, u8),
    Stopwatch(&'static Question),
}

/// Whether the answers may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Filling,
    /// Finished: the answers are read back.
    Reading,
    /// Finished, and a reason was given: each answer is written with it.
    Correcting,
}

/// The sheet of this page.
///
/// # Panics
/// Outside a form, which provides it.
#[must_use]
pub fn use_sheet() -> Sheet {
    expect_context()
}

impl Sheet {
    /// Opens the sheet of a record already known to this device.
    pub fn open(notebook: Notebook, first: &Shown, kind: &'static RecordKind, form: &'static Form) -> Self {
        let record = first.id;
        let roles = notebook.account().get_untracked().map(|account| account.roles).unwrap_or_default();
        let shown = notebook.record(record);
        let person = first.parent().unwrap_or(record);
        let answers =
            Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|shown| shown.values())).unwrap_or_default());
        let parent = notebook.record(person);
        let above = Memo::new(move |_| {
            let parent = (person != record).then(|| parent.get()).flatten();
            parent.map(|parent| parent.values()).unwrap_or_default()
        });
        let children = notebook.children(person, people::CONSENT.id);
        let consents = Memo::new(move |_| children.with(|children| answers_of(children)));
        let siblings = kind.parent.map(|_| notebook.children(person, kind.id));
        let previous = Memo::new(move |_| {
            let siblings = siblings?.get();
            shown.with(|shown| shown.as_ref().and_then(|shown| previous::previous_of(shown, &siblings)))
        });
        let filled = move || (answers.read(), above.read(), consents.read());
        let known: Vec<&str> = untrack(|| {
            let (answers, above, consents) = filled();
            progress::known(form, &progress::filled(&answers, &above, &consents))
        });
        let asked = Memo::new(move |_| {
            // Outside a notebook nothing is read back: what was known stays so.
            let filling = notebook.is_stand() || answers.with(|answers| !is_finished(answers));
            let (answers, above, consents) = filled();
            let mut asked = progress::asked(form, &progress::filled(&answers, &above, &consents));
            asked.retain(|one| !(filling && known.contains(&one.question.id)));
            asked
        });
        Self {
            notebook,
            record,
            kind,
            form,
            // What settles as it is given is written by a view, each answer once.
            writes: !matches!(kind.settles, Settles::Given)
                && (notebook.is_stand() || roles.iter().any(|role| kind.writers.contains(role))),
            person,
            shown,
            previous,
            answers,
            above,
            consents,
            asked,
            current: RwSignal::new(None),
            pointing: StoredValue::new(false),
            refused: RwSignal::new(BTreeMap::new()),
            changed: RwSignal::new(BTreeMap::new()),
            overlay: RwSignal::new(None),
            erased: RwSignal::new(false),
            barring: RwSignal::new(None),
            barred: RwSignal::new(None),
            correcting: RwSignal::new(None),
            failed: RwSignal::new(None),
            outside: None,
            place: None,
        }
    }

    /// Where the answer to a question is kept and the question it answers there: its parent's for one that is asked of both.
    pub fn kept(self, question: &'static Question) -> (RecordId, &'static Question) {
        let Kind::OfParent(field) = question.kind else { return (self.record, question) };
        let parent = self.kind.parent.and_then(programmes::kind);
        let there = parent.and_then(|parent| parent.form().question(field));
        there.map_or((self.record, question), |there| (self.person, there))
    }

    /// Whether it is the record of a person, or of something of hers.
    pub fn is_of_person(self) -> bool {
        self.kind.id == PERSON.id || self.kind.parent == Some(PERSON.id)
    }

    /// Whether the person fills it by herself, and is spoken to.
    pub fn is_alone(self) -> bool {
        self.outside.is_some_and(|outside| outside.alone)
    }

    /// One section a screen.
    pub fn is_in_steps(self) -> bool {
        self.form.layout == Layout::Steps
    }

    /// The answer to one question, `None` when there is none.
    pub fn value(self, question: &'static Question) -> Memo<Option<Value>> {
        let (answers, id) = self.found(question);
        Memo::new(move |_| answers.with(|answers| answered(answers, id)))
    }

    pub fn value_now(self, question: &'static Question) -> Option<Value> {
        let (answers, id) = self.found(question);
        answers.with_untracked(|answers| answered(answers, id))
    }

    /// As [`Sheet::value`], read once where it is followed.
    pub fn value_of(self, question: &'static Question) -> Option<Value> {
        let (answers, id) = self.found(question);
        answers.with(|answers| answered(answers, id))
    }

    fn found(self, question: &'static Question) -> (Memo<Fields>, &'static str) {
        let (record, there) = self.kept(question);
        (if record == self.record { self.answers } else { self.above }, there.id)
    }

    pub fn mode(self) -> Mode {
        if !self.writes {
            return Mode::Reading;
        }
        let finished = self.answers.with(is_finished);
        // What hangs on nothing (a person) has no result to protect: it stays open to changes. Outside a notebook nothing is
        // read back: what is opened again there is what was just written.
        match (finished && self.kind.parent.is_some() && self.outside.is_none(), self.correcting.with(Option::is_some))
        {
            (false, _) => Mode::Filling,
            (true, false) => Mode::Reading,
            (true, true) => Mode::Correcting,
        }
    }

    /// Whether a correction leaves the answer to a question as it is.
    pub fn is_settled(self, question: &'static Question) -> bool {
        self.mode() == Mode::Correcting && self.answers.with(|answers| self.kind.is_settled(question.id, answers))
    }

    /// Whether this account may write records of another kind beside this one.
    pub fn may_write(self, kind: &RecordKind) -> bool {
        let account = self.notebook.account();
        account
            .with(|account| account.as_ref().is_some_and(|me| me.roles.iter().any(|role| kind.writers.contains(role))))
    }

    /// The questions of a section that the answers call for, in order.
    pub fn visible(self, section: &'static Section) -> Vec<&'static Question> {
        self.asked.with(|asked| asked.iter().filter(|one| one.section == section.id).map(|one| one.question).collect())
    }

    /// A number that is always the same for this record: what is drawn by lot does not change at each opening.
    pub fn draw(self) -> u64 {
        let (high, low) = self.record.0.as_u64_pair();
        high ^ low
    }

    /// Whether the record waits for the consent of its person before anything leaves.
    pub fn held(self) -> bool {
        untrack(|| self.held_now())
    }

    /// As [`Sheet::held`], told again when it changes.
    pub fn held_now(self) -> bool {
        self.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.held))
    }

    /// How far one section is.
    pub fn progress(self, section: &'static Section) -> Progress {
        let (answers, above, consents) = (self.answers.read(), self.above.read(), self.consents.read());
        // Of what is drawn: what was known before it was asked is no answer of this form.
        Progress::of(section, self.visible(section), &progress::filled(&answers, &above, &consents))
    }

    /// The section of the current question; the last one once everything is answered.
    pub fn current_section(self) -> Option<&'static Section> {
        let current = self.current.get();
        let holds = |section: &&Section| section.questions.iter().any(|question| Some(question.id) == current);
        self.form.sections.iter().find(holds).or(self.form.sections.last())
    }

    /// The asked questions without an answer, in order.
    pub fn missing(self) -> Vec<&'static Question> {
        self.asked.with(|asked| asked.iter().filter(|one| one.missing()).map(|one| one.question).collect())
    }

    /// Where the back arrow leads: the person, what it hangs on, or the records of its kind.
    pub fn back(self) -> String {
        match self.kind.parent {
            _ if self.is_of_person() => route::person(self.person),
            Some(_) => route::entry(self.person),
            None => route::list_of(self.kind.id),
        }
    }

    /// Where the end of the form leads: the result, or where it came from.
    pub fn after(self) -> String {
        if self.kind.parent == Some(PERSON.id) { route::sheet(self.record) } else { self.back() }
    }

    /// How many asked questions have no answer.
    pub fn remaining(self) -> usize {
        self.asked.with(|asked| asked.iter().filter(|one| one.missing()).count())
    }
}

fn is_finished(answers: &Fields) -> bool {
    answers.get(FINISHED_AT).is_some_and(|at| !at.is_null())
}

fn answered(answers: &Fields, id: &str) -> Option<Value> {
    answers.get(id).filter(|value| !value.is_null() && value.as_str() != Some("")).cloned()
}
