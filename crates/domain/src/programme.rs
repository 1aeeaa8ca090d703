//! What a programme declares. Pages render these descriptions and know no programme.

use chrono::NaiveDate;

use crate::form::{Answers, Form, Missing, Outcome, Subject};
use crate::id::{AccountId, RecordId};
use crate::people::Role;
use crate::record::{FINISHED_AT, STARTED_AT};
use crate::{Fields, Glyph, Timestamp, Value};

/// One programme: a description plus pure rules.
#[derive(Debug)]
pub struct Programme {
    /// Stable identifier, used in addresses: `icope`.
    pub id: &'static str,
    /// The word on the tab, such as « Repérages ».
    pub name: &'static str,
    pub glyph: Glyph,
    pub tile: Tile,
    pub records: &'static [&'static RecordKind],
    pub lists: &'static [List],
    pub tasks: &'static [Task],
    pub views: &'static [View],
    /// The kind of record a stand of this programme is held for, such as a day on a market.
    pub venue: Option<&'static str>,
}

/// A page that is neither a form, a list, a task nor a figure: drawn by the folder of views of its programme.
#[derive(Debug)]
pub struct View {
    /// Stable identifier, used in addresses: `appels`.
    pub id: &'static str,
    pub title: &'static str,
    pub glyph: Glyph,
    /// Who is led to it.
    pub readers: &'static [Role],
}

/// The big button of the home page. Touching it starts a record of kind `starts`.
#[derive(Debug)]
pub struct Tile {
    /// « Repérer »
    pub verb: &'static str,
    /// « à domicile »
    pub place: &'static str,
    pub starts: &'static str,
}

/// A kind of record: what it hangs on, how it is filled, what its answers mean, who may write it.
#[derive(Debug)]
pub struct RecordKind {
    /// Stable identifier that travels in every operation: `icope-screening`.
    pub id: &'static str,
    /// « repérage »
    pub one: &'static str,
    /// « le repérage », « la fiche », « l’entretien »: what a person starts, finishes, corrects.
    pub the: &'static str,
    /// « Commencer le repérage »
    pub start: &'static str,
    /// « Terminer », or « Enregistrer » where a few answers are noted at once: what ends it, before [`RecordKind::the`].
    pub ends: &'static str,
    /// « du », after [`RecordKind::one`] and before the day it was begun; « fixée le » where « du » would say another day.
    pub dated: &'static str,
    /// Kind of the record it belongs to.
    pub parent: Option<&'static str>,
    /// Published versions, oldest first; the last is the one new records are filled with.
    pub forms: &'static [&'static Form],
    pub rules: Option<Rules>,
    /// The section that says what was decided: its answers are read with the result. Empty: the result says all of it.
    pub decided: &'static str,
    /// Roles that may write it.
    pub writers: &'static [Role],
    /// Roles that see every record of this kind: what belongs to the territory and tells nothing of a person. Such a kind
    /// hangs on nothing. Empty: a record is seen by the care team of the person it hangs on.
    pub common: &'static [Role],
    /// The fields that the coordination sees of whoever agreed to be called back ([`crate::people::access`]). All of them, and
    /// it writes such a record too.
    pub call_back: &'static [&'static str],
    /// The questions that name a record among its like, « 2026 », « Marché de Saverdun, 24 nov. »: empty, the day it was begun.
    pub called: &'static [&'static str],
    /// « Inscrire »: the button of a stand that begins one. `None`: a stand begins none.
    pub at_stand: Option<&'static str>,
    /// What it is and with whom, to whoever is about to begin one by herself.
    pub welcome: &'static str,
    /// What comes next, to whoever began one by herself on her own telephone, once it has left.
    pub thanks: &'static str,
    /// What is already known when one is begun.
    pub prefill: Option<Prefill>,
    /// When its answers settle.
    pub settles: Settles,
    /// Others rest on it: it is corrected, never deleted, and takes the place of no other.
    pub kept: bool,
}

/// When the answers of a kind settle: nobody changes them afterwards, and the server sets aside whoever tries.
#[derive(Debug)]
pub enum Settles {
    /// None does: a finished record is corrected, with a reason.
    Never,
    /// These do, once the record is finished. Two answers given without seeing each other are still chosen from.
    Finished(&'static [Settled]),
    /// Each as soon as it is given, and the first that arrives stands. No form offers them: a view writes each of them once.
    Given,
}

/// An answer that settles.
#[derive(Debug)]
pub struct Settled {
    pub answer: &'static str,
    /// The kind of record that says another from then on, with its reason.
    pub then: &'static str,
}

/// The answers a new record begins with.
pub type Prefill = fn(&Begun<'_>) -> Vec<(&'static str, Value)>;

/// Where and when a record is begun.
#[derive(Debug)]
pub struct Begun<'a> {
    pub today: NaiveDate,
    /// The records of the same person, and those that are common, as far as the device holds them.
    pub known: &'a [Noted<'a>],
    /// At a stand, which holds no record: what [`RecordKind::prefill`] of its venue's own kind gave when it was opened.
    /// Asked of that very prefill: the fields of the venue, with only the venue and what it links to in `known`.
    pub venue: Option<&'a Fields>,
    /// The person herself writes, on her own telephone.
    pub by_herself: bool,
}

/// A record as rules over several of them read it.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    pub id: RecordId,
    pub kind: &'a str,
    /// Its answers and its system fields ([`crate::record`]).
    pub fields: &'a Fields,
}

/// Pure rules of a kind of record: they read codes and numbers, never texts.
pub type Rules = fn(&Answers<'_>, &Subject) -> (Outcome, Vec<Missing>);

/// A page that lists the records of one kind.
#[derive(Debug)]
pub struct List {
    /// Stable identifier, used in addresses.
    pub id: &'static str,
    pub title: &'static str,
    pub kind: &'static str,
    pub columns: &'static [Column],
    pub filters: &'static [Filter],
    pub order: Order,
    /// What the empty list teaches, in one or two sentences.
    pub empty: &'static str,
    /// What is noted of the people who have to do with one of them: one opens on these people, and begins more of it.
    pub gathers: Option<Gathers>,
}

/// A kind of record that says of a person that she has to do with another record, such as that she came to a session.
#[derive(Debug)]
pub struct Gathers {
    pub kind: &'static str,
    /// « Présences »; one of them is named by its kind.
    pub many: &'static str,
}

/// One column of a list.
#[derive(Debug)]
pub struct Column {
    pub title: &'static str,
    pub value: Cell,
}

/// Where the text of a column comes from.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// Name of the parent record's person.
    Parent,
    /// Commune, or another field, of the parent record.
    ParentField(&'static str),
    /// Day the record was begun.
    Started,
    /// « à finir » with its progress, or « terminé ».
    Status,
    /// The answer to a question, as a person reads it.
    Answer(&'static str),
    /// The headline of the rules.
    Headline,
}

/// A chip above a list; its count is shown before it is touched.
#[derive(Debug)]
pub struct Filter {
    pub title: &'static str,
    pub keep: Keep,
}

/// Which records a filter keeps.
#[derive(Clone, Copy, Debug)]
pub enum Keep {
    Drafts,
    Finished,
    /// A finding of the rules is abnormal.
    Abnormal(&'static str),
    /// The named answer holds this code.
    Is(&'static str, &'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    NewestFirst,
    OldestFirst,
    /// By the name of the parent.
    Name,
}

/// Something to do again after the newest finished record of a kind; a newer one does it.
#[derive(Debug)]
pub struct Task {
    pub id: &'static str,
    /// « Nouveau repérage »
    pub label: &'static str,
    pub kind: &'static str,
    pub when: When,
    /// The view of its programme where all of them are done one after the other, [`View::id`].
    pub view: Option<&'static str>,
}

/// When a task falls due.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// This long after the newest finished record of the kind.
    After(Span),
    /// On days that the records of a person tell, with those that are common.
    Planned(Plan),
}

/// What is planned for one person, given her records and the common ones.
pub type Plan = fn(&[Noted<'_>], &Clock<'_>) -> Vec<Planned>;

/// The wall clock of whoever reads.
pub struct Clock<'a> {
    pub today: NaiveDate,
    /// The local day of an instant.
    pub day: &'a dyn Fn(Timestamp) -> NaiveDate,
}

/// Something to do on a day, and until when it still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// « Appel J7 »
    pub label: &'static str,
    /// « 2 essais sans réponse »; may be empty.
    pub detail: String,
    pub on: NaiveDate,
    /// First and last day on which it is not too late, nor too soon.
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// The answers of the record that does it, [`Task::kind`].
    pub begins: Vec<(&'static str, Value)>,
    /// The accounts named for it; who does it is [`crate::people::who_does`].
    pub whose: Vec<AccountId>,
}

/// A length of time on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Days(u32),
    Months(u32),
}

impl RecordKind {
    /// What most kinds are: seen by the care team of a person, not begun at a stand, empty at first. For `..`.
    pub const PLAIN: Self = Self {
        id: "",
        one: "",
        the: "",
        start: "",
        ends: "Terminer",
        dated: "du",
        parent: None,
        forms: &[],
        rules: None,
        decided: "",
        writers: &[],
        common: &[],
        call_back: &[],
        called: &[],
        at_stand: None,
        welcome: "",
        thanks: "",
        prefill: None,
        settles: Settles::Never,
        kept: false,
    };

    /// « Terminer le repérage », « Enregistrer la présence »
    #[must_use]
    pub fn end(&self) -> String {
        format!("{} {}", self.ends, self.the)
    }

    /// « repérage du 24 nov. », « date d’arrêt fixée le 24 nov. »
    #[must_use]
    pub fn begun_on(&self, day: &str) -> String {
        format!("{} {} {day}", self.one, self.dated)
    }

    /// The form new records are filled with.
    ///
    /// # Panics
    /// Never: a test of the registry refuses a kind without a form.
    #[must_use]
    pub fn form(&self) -> &'static Form {
        self.forms.last().expect("the registry test refuses a kind without a form")
    }

    /// The form of a given version, `None` when this build does not know it.
    #[must_use]
    pub fn form_of(&self, version: &str) -> Option<&'static Form> {
        self.forms.iter().copied().find(|form| form.version == version)
    }

    /// Whether a field of such a record stands for good, given those that stand.
    #[must_use]
    pub fn is_settled(&self, field: &str, standing: &Fields) -> bool {
        let (of_record, standing) = ([STARTED_AT, FINISHED_AT].contains(&field), Answers(standing));
        match self.settles {
            Settles::Never => false,
            Settles::Finished(_) => standing.has(FINISHED_AT) && (of_record || self.said_beside(field).is_some()),
            Settles::Given => standing.has(field),
        }
    }

    /// The kind of record that says another answer, for one that settles with the end of its own.
    #[must_use]
    pub fn said_beside(&self, answer: &str) -> Option<&'static str> {
        let Settles::Finished(settled) = self.settles else { return None };
        settled.iter().find(|one| one.answer == answer).map(|one| one.then)
    }

    /// Applies the rules, if the kind has any.
    #[must_use]
    pub fn assess(&self, fields: &Fields, subject: &Subject) -> Option<(Outcome, Vec<Missing>)> {
        self.rules.map(|rules| rules(&Answers(fields), subject))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::programmes::{kind, kinds};

    const FORM: Settles = Settles::Finished(&[Settled { answer: "quit_on", then: "tabac-move" }]);

    #[test]
    fn an_answer_settles_when_its_kind_says() {
        let none = json!({});
        let draft = json!({ "quit_on": "2026-11-01", "seed": "houx" });
        let finished = json!({ "quit_on": "2026-11-01", "seed": "", "finished_at": 5 });
        let reopened = json!({ "quit_on": "2026-11-01", "finished_at": null });
        for (settles, field, standing, expected) in [
            (Settles::Never, "quit_on", &finished, false),
            (Settles::Never, FINISHED_AT, &finished, false),
            (FORM, "quit_on", &draft, false),
            (FORM, "quit_on", &reopened, false),
            (FORM, "quit_on", &finished, true),
            // What was left empty is not dated from the sign-up afterwards.
            (FORM, "quit_on", &json!({ "finished_at": 5 }), true),
            (FORM, "importance", &finished, false),
            // Nor is the record opened again to change it.
            (FORM, FINISHED_AT, &finished, true),
            (FORM, STARTED_AT, &finished, true),
            (FORM, FINISHED_AT, &draft, false),
            (Settles::Given, "seed", &none, false),
            (Settles::Given, "seed", &draft, true),
            (Settles::Given, "seed", &finished, false),
            (Settles::Given, FINISHED_AT, &draft, false),
            (Settles::Given, FINISHED_AT, &finished, true),
        ] {
            let kind = RecordKind { settles, ..RecordKind::PLAIN };
            let standing = serde_json::from_value(standing.clone()).expect("fields");
            assert_eq!(kind.is_settled(field, &standing), expected, "{field} of {standing:?}, {:?}", kind.settles);
        }
    }

    #[test]
    fn a_record_is_told_by_its_day_and_by_what_ends_it() {
        let told = |kind: &RecordKind| (kind.begun_on("24 nov."), kind.end());
        let plain = RecordKind { one: "repérage", the: "le repérage", ..RecordKind::PLAIN };
        assert_eq!(told(&plain), ("repérage du 24 nov.".to_owned(), "Terminer le repérage".to_owned()));
        let dated =
            RecordKind { one: "date", the: "la date", ends: "Enregistrer", dated: "fixée le", ..RecordKind::PLAIN };
        assert_eq!(told(&dated), ("date fixée le 24 nov.".to_owned(), "Enregistrer la date".to_owned()));
    }

    /// « Date d’arrêt du 24 nov. » would be read as the day to stop.
    #[test]
    fn what_holds_a_day_of_its_own_is_not_told_as_of_the_day_it_was_begun() {
        for known in kinds() {
            let is_a_date = known.one.starts_with("date");
            assert!(!is_a_date || known.dated != "du", "{}", known.id);
        }
    }

    #[test]
    fn what_was_decided_is_asked_in_every_version() {
        for kind in kinds().filter(|kind| !kind.decided.is_empty()) {
            let asked = |form: &&Form| form.sections.iter().any(|section| section.id == kind.decided);
            assert!(kind.rules.is_some() && kind.forms.iter().all(asked), "{}", kind.id);
        }
    }

    #[test]
    fn what_settles_is_asked_and_said_beside() {
        for known in kinds() {
            let Settles::Finished(settled) = known.settles else { continue };
            for Settled { answer, then } in settled {
                let beside = kind(then).expect("a kind");
                assert!(known.form().question(answer).is_some(), "{} does not ask {answer}", known.id);
                assert!(beside.form().question(answer).is_some(), "{then} does not say {answer}");
                assert_eq!(beside.parent, known.parent, "{then} is begun where {} is", known.id);
                assert!(known.writers.iter().any(|role| beside.writers.contains(role)), "nobody may begin {then}");
                assert!(!beside.start.is_empty(), "nothing offers {then}");
            }
        }
    }
}
