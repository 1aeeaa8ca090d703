//! One call, and what was said.

use chrono::NaiveDate;

use crate::Timestamp;
use crate::form::Answers;
use crate::id::RecordId;

/// One step of the follow-up, counted from the quit date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    J0,
    J7,
    J15,
    J30,
    M3,
    M6,
    M12,
}

impl Step {
    pub const ALL: [Self; 7] = [Self::J0, Self::J7, Self::J15, Self::J30, Self::M3, Self::M6, Self::M12];

    /// How a call notes it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        ["j0", "j7", "j15", "j30", "m3", "m6", "m12"][self as usize]
    }

    /// « J7 »
    #[must_use]
    pub const fn label(self) -> &'static str {
        ["J0", "J7", "J15", "J30", "M3", "M6", "M12"][self as usize]
    }

    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Reached,
    NotReached,
    Refused,
    WrongNumber,
    /// She moved, and a number or an address still leads to her.
    Moved,
    /// She moved, and nothing leads to her.
    Untraceable,
    Dead,
}

impl Outcome {
    /// `None`: nothing was noted of it.
    pub(super) fn of(answers: &Answers<'_>) -> Option<Self> {
        Some(match answers.code("outcome")? {
            "reached" => Self::Reached,
            "not-reached" => Self::NotReached,
            "refused" => Self::Refused,
            "wrong-number" => Self::WrongNumber,
            "moved" if answers.is("traceable", "no") => Self::Untraceable,
            "moved" => Self::Moved,
            "dead" => Self::Dead,
            _ => return None,
        })
    }
}

/// A call that was made and noted to its end.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub id: RecordId,
    pub at: Timestamp,
    pub on: NaiveDate,
    pub step: Option<Step>,
    pub outcome: Outcome,
    /// Whether she told of another tobacco that counts as smoking in her edition; `None`: nothing was answered, while some do.
    pub other_tobacco: Option<bool>,
    pub answers: Answers<'a>,
}

/// Cigarettes since the last contact, as they were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Nothing,
    Cigarettes(i64),
    /// « plus de 5, je ne sais plus »
    MoreThanFive,
}

impl Call<'_> {
    #[must_use]
    pub fn reached(&self) -> bool {
        self.outcome == Outcome::Reached
    }

    /// `None`: it was not asked, or not answered.
    #[must_use]
    pub fn said(&self) -> Option<Said> {
        match self.answers.code("smoked_since")? {
            "none" => Some(Said::Nothing),
            "counted" => self.answers.int("cigarettes").map(Said::Cigarettes),
            "more-than-5" => Some(Said::MoreThanFive),
            _ => None,
        }
    }

    /// Whether it told all that was smoked since the contact before.
    #[must_use]
    pub fn told_all(&self) -> bool {
        self.other_tobacco == Some(true) || (self.said().is_some() && self.other_tobacco.is_some())
    }

    /// Days with a cigarette among the `days` it tells of. What was not answered is not supposed in her favour.
    #[must_use]
    pub fn smoked_days(&self, days: i64) -> i64 {
        let told = self.answers.int("days_smoked");
        let smoked = match self.said() {
            _ if self.other_tobacco == Some(true) => days,
            Some(Said::Nothing) => 0,
            // So many cigarettes are smoked on as many days at most, and on one at least.
            Some(Said::Cigarettes(count)) => told.unwrap_or(count).max(count.min(1)),
            Some(Said::MoreThanFive) => told.unwrap_or(days).max(1),
            None => told.unwrap_or(days),
        };
        smoked.clamp(0, days.max(0))
    }
}
