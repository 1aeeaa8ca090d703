//! Forms are data: one static description drives the screen, the checks, the summary and the field names of the log.

mod answer;
mod check;
mod describe;
mod field;
mod outcome;
mod progress;
mod read_back;
mod words;

pub use answer::Answers;
pub use check::{Refusal, parse_number, parse_phone};
pub use describe::{Bar, Choice, Form, Kind, Layout, Need, Question, Section, Show, WordList, Wording};
pub use field::{field_label, is_measure, which_to_keep};
pub use outcome::{Change, Finding, Missing, Notice, Outcome, State, Subject, Tone, compare};
pub use progress::{Filled, Progress, Stage};
pub use words::{choose_words, whisper_set};
