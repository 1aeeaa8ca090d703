//! One person's challenge, joined from the records that tell of it: sign-up, interview, quit dates, calls, consents, pair.

mod call;
mod join;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use call::{Call, Outcome, Said, Step};
pub use join::{challenges, joined};

use crate::form::Answers;
use crate::id::{AccountId, RecordId};
use crate::people::Purpose;

pub const CHALLENGER: &str = "tabac-challenger";
pub const INTERVIEW: &str = "tabac-interview";
pub const CALL: &str = "tabac-call";
pub const MOVE: &str = "tabac-move";
pub const ATTENDANCE: &str = "tabac-attendance";
pub const PAIR: &str = "tabac-pair";

/// Cigarettes since the quit date up to which abstinence is continuous (Russell Standard).
pub const SLIP: i64 = 5;

/// A quit date that was fixed, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuitDate<'a> {
    pub on: NaiveDate,
    pub fixed_on: NaiveDate,
    /// Why it was moved; may be empty.
    pub reason: &'a str,
    /// Whether a whole day without smoking came between the former date and its moving; `None`: not asked, which is yes.
    pub smoke_free_before: Option<bool>,
}

/// Answers of several records of one kind: each fills what those before it left empty.
#[derive(Clone, Debug, Default)]
pub struct Told<'a>(Vec<Answers<'a>>);

impl<'a> Told<'a> {
    #[must_use]
    pub fn code(&self, id: &str) -> Option<&'a str> {
        self.0.iter().find_map(|answers| answers.code(id))
    }

    #[must_use]
    pub fn int(&self, id: &str) -> Option<i64> {
        self.0.iter().find_map(|answers| answers.int(id))
    }

    #[must_use]
    pub fn date(&self, id: &str) -> Option<NaiveDate> {
        self.0.iter().find_map(|answers| answers.date(id))
    }

    #[must_use]
    pub fn is(&self, id: &str, code: &str) -> bool {
        self.code(id) == Some(code)
    }

    /// Whether one of the records answers it.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.0.iter().any(|answers| answers.has(id))
    }

    /// The link to another record.
    #[must_use]
    pub fn link(&self, id: &str) -> Option<RecordId> {
        self.code(id)?.parse().ok()
    }
}

/// One person in one edition.
#[derive(Clone, Debug)]
pub struct Challenge<'a> {
    /// The earliest sign-up.
    pub id: RecordId,
    /// Every sign-up of this person in this edition, the earliest first.
    pub sign_ups: Vec<RecordId>,
    /// The person kept, when some were merged.
    pub person: RecordId,
    /// The record that stands for it; `None`: « édition non précisée ».
    pub edition: Option<RecordId>,
    pub sign_up: Told<'a>,
    pub signed_on: NaiveDate,
    /// Whether a sign-up was filled to its end.
    pub finished: bool,
    /// In the order they were fixed.
    pub dates: Vec<QuitDate<'a>>,
    /// In the order of the days they were made.
    pub calls: Vec<Call<'a>>,
    /// Calls that were begun and not noted to their end: they count nowhere.
    pub unfinished_calls: usize,
    /// The newest interview, completed by those before it.
    pub interview: Option<Told<'a>>,
    /// Whether an interview was filled to its end.
    pub interviewed: bool,
    /// Collective sessions she came to, each once.
    pub sessions: Vec<RecordId>,
    /// As [`consent::counting`] gives them.
    pub consents: Vec<(Purpose, bool)>,
    /// The day she took back her consent to be called, or never gave it.
    pub withdrawn_on: Option<NaiveDate>,
    /// Who is named to call her: the newest pair in force, unless she refuses to be shared. Who does is
    /// [`crate::people::who_does`].
    pub pair: Vec<AccountId>,
}

/// Why somebody is called no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Withdrawn,
    Refused,
    WrongNumber,
    Untraceable,
    Dead,
}

/// Where a challenge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Draft,
    Undated,
    Ahead,
    Going,
    /// More than five cigarettes since the quit date.
    Deferred,
    Ended(End),
}

impl State {
    /// « Le défi continue »
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Inscription à finir",
            Self::Undated => "Sans date d’arrêt",
            Self::Ahead => "Date d’arrêt à venir",
            Self::Going => "Le défi continue",
            Self::Deferred => "Succès différé",
            Self::Ended(End::Withdrawn) => "Ne souhaite plus être appelé(e)",
            Self::Ended(End::Refused) => "Appels refusés",
            Self::Ended(End::WrongNumber) => "Numéro faux",
            Self::Ended(End::Untraceable) => "A déménagé, injoignable",
            Self::Ended(End::Dead) => "Décès",
        }
    }
}

/// What is known of the cigarettes since the quit date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Smoked {
    pub at_least: i64,
    /// Whether every contact told how many, and of another tobacco when the edition counts some.
    pub whole: bool,
}

impl<'a> Challenge<'a> {
    /// The quit date the calls follow: the last one fixed.
    #[must_use]
    pub fn quit_on(&self) -> Option<NaiveDate> {
        self.dates.last().map(|date| date.on)
    }

    /// The quit date that counts: the last one fixed before the first smoke-free day (Russell Standard). One fixed before
    /// the former was reached counts; one fixed after counts only when nothing but smoking came between.
    #[must_use]
    pub fn counted_from(&self) -> Option<NaiveDate> {
        let (first, moved) = self.dates.split_first()?;
        let mut counted = first.on;
        for date in moved {
            let smoked_on = || date.smoke_free_before == Some(false) && !self.smoke_free(counted, date.fixed_on);
            if date.fixed_on >= counted && !smoked_on() {
                break;
            }
            counted = date.on;
        }
        Some(counted)
    }

    /// Whether a contact between these days, the first excluded, told of a whole day without smoking since then.
    fn smoke_free(&self, from: NaiveDate, until: NaiveDate) -> bool {
        self.contacts(from, until).any(|(days, call)| call.said().is_some() && call.smoked_days(days) < days)
    }

    /// The contacts from `from` to `until`, each with the days it tells of: since the contact before it, or since `from`.
    pub fn contacts(&self, from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = (i64, &Call<'a>)> {
        let mut since = from;
        let within = self.calls.iter().filter(move |call| call.reached() && from <= call.on && call.on <= until);
        within.map(move |call| {
            let days = (call.on - since).num_days();
            since = call.on;
            (days, call)
        })
    }

    /// Cigarettes told from the quit date that counts to this day.
    #[must_use]
    pub fn smoked(&self, until: NaiveDate) -> Smoked {
        let mut smoked = Smoked { at_least: 0, whole: true };
        let Some(from) = self.counted_from() else { return smoked };
        for (_, call) in self.contacts(from, until) {
            smoked.whole &= call.told_all();
            let told = match call.said() {
                _ if call.other_tobacco == Some(true) => SLIP + 1,
                Some(Said::Cigarettes(count)) => count.max(0),
                Some(Said::MoreThanFive) => SLIP + 1,
                Some(Said::Nothing) | None => 0,
            };
            smoked.at_least = smoked.at_least.saturating_add(told);
        }
        smoked
    }

    /// The day of the last contact since the quit date that counts, or that date: cigarettes are asked since then.
    #[must_use]
    pub fn since(&self) -> Option<NaiveDate> {
        let from = self.counted_from()?;
        Some(self.contacts(from, NaiveDate::MAX).last().map_or(from, |(_, call)| call.on))
    }

    /// Why she is called no more, as known on this day: what was heard last, unless she answered since.
    #[must_use]
    pub fn gone(&self, until: NaiveDate) -> Option<End> {
        let mut end = None;
        for call in self.calls.iter().filter(|call| call.on <= until) {
            end = match call.outcome {
                Outcome::Reached | Outcome::Moved => None,
                Outcome::Refused => Some(End::Refused),
                Outcome::Dead => Some(End::Dead),
                Outcome::Untraceable => Some(End::Untraceable),
                // A dead number says nothing more of somebody who is known to be gone.
                Outcome::WrongNumber => end.or(Some(End::WrongNumber)),
                Outcome::NotReached => end,
            };
        }
        end
    }

    /// Whether she took back her consent to be called.
    #[must_use]
    pub fn withdrawn(&self) -> bool {
        self.withdrawn_on.is_some()
    }

    #[must_use]
    pub fn agreed(&self, purpose: Purpose) -> bool {
        self.consents.contains(&(purpose, true))
    }

    #[must_use]
    pub fn state(&self, today: NaiveDate) -> State {
        let gone = self.gone(today);
        match (self.withdrawn(), gone, self.quit_on()) {
            (_, Some(end @ (End::Dead | End::Untraceable)), _) => State::Ended(end),
            (true, ..) => State::Ended(End::Withdrawn),
            (_, Some(end), _) => State::Ended(end),
            _ if !self.finished => State::Draft,
            (.., None) => State::Undated,
            (.., Some(quit_on)) if quit_on > today => State::Ahead,
            _ if self.smoked(today).at_least > SLIP => State::Deferred,
            _ => State::Going,
        }
    }
}
