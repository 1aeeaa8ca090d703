//! The forms of the programme, one file a kind of record, and the questions several of them ask.

pub mod attendance;
pub mod call;
pub mod challenger;
pub mod draw;
pub mod edition;
pub mod interview;
pub mod pair;
pub mod quit_date;
pub mod session;
pub mod stand;
pub mod tally;

use super::rules::CO_FIELDS;
use crate::form::{Choice, Kind, Question};

const CREDIT: &str = "Cardabelle";
const YES_NO: Kind = Kind::Choice(Choice::YES_NO);
/// A name, a place, a drug: one line.
const LINE: Kind = Kind::Text { lines: 1, max: 120 };
/// Expired carbon monoxide; whole ppm, as the devices show it.
const CO: Kind = Kind::Number { unit: "ppm", decimals: 0, min: 0, max: 200, compare: false };
/// Cents.
const PRICE: Kind = Kind::Number { unit: "€", decimals: 2, min: 1, max: 10_000, compare: false };
/// So many a day. The quick values are those of the four answers of the instrument.
const A_DAY: Kind = Kind::Count { unit: "par jour", max: 100, quick: &[5, 10, 20, 30] };
const IMPORTANCE: Kind = Kind::Scale { low: "Pas du tout", high: "Extrêmement" };
const CONFIDENCE: Kind = Kind::Scale { low: "Pas du tout", high: "Tout à fait" };

/// The edition something belongs to.
const fn edition() -> Question {
    Question::note("edition", "Édition", Kind::Link("tabac-edition")).known().which("Quelle édition")
}

/// The last ppm of one of the first three bands, as the edition had it when the measure was noted: a record is read with the
/// bands it was filled with.
const fn co_bound(rank: usize) -> Question {
    const LABELS: [&str; 3] = ["Premier palier, jusqu’à", "Deuxième palier, jusqu’à", "Troisième palier, jusqu’à"];
    Question::note(CO_FIELDS[rank], LABELS[rank], CO).unasked()
}

/// The sign-up something belongs to: a person may take the challenge again another year.
const fn challenger() -> Question {
    Question::note("challenger", "Inscription", Kind::Link("tabac-challenger")).known().which("Quelle inscription")
}
