//! Reading the answers of a half-filled form.

use crate::{Fields, Value};

/// The answers of one record. A missing or ill-typed answer reads as `None`: rules never fail.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a>(pub &'a Fields);

impl<'a> Answers<'a> {
    /// The code or text of an answer; an empty text is no answer.
    #[must_use]
    pub fn code(&self, id: &str) -> Option<&'a str> {
        self.0.get(id).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The integer of an answer, in the unit its question declares.
    #[must_use]
    pub fn int(&self, id: &str) -> Option<i64> {
        self.0.get(id).and_then(Value::as_i64)
    }

    /// The calendar day of an answer.
    #[must_use]
    pub fn date(&self, id: &str) -> Option<chrono::NaiveDate> {
        crate::day_of(self.code(id)?)
    }

    /// Whether the answer holds this code.
    #[must_use]
    pub fn is(&self, id: &str, code: &str) -> bool {
        self.code(id) == Some(code)
    }

    /// Whether anything was answered.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.0.get(id).is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
    }
}
