//! French as it is set: dates, numbers, spaces. Only what the standard library and chrono do not know.

mod date;
mod number;
mod text;

pub use date::{WEEKDAYS, clock, day, full_day, month, short_day, time, weekday};
pub use number::{Gender, age, counted, decimal, signed, word, years};
#[cfg(test)]
pub(crate) use text::ill_set;
pub use text::{file_name, fold, join, name_case, sentence_case, uncapitalised};

/// No-break space: before « : », in `59,4 kg`, `9 h 30`, `24 nov.`, inside « guillemets ».
pub const NBSP: char = '\u{a0}';
/// Narrow no-break space: before « ; ? ! » and between thousands.
pub const NNBSP: char = '\u{202f}';
/// Minus sign of a difference.
pub const MINUS: char = '\u{2212}';
