//! How long a challenge is kept: counted from the end of its edition.

use chrono::{Datelike, NaiveDate};

use super::challenge::CHALLENGER;
use super::settings::{Editions, editions};
use super::{ATTENDANCE, SESSION};
use crate::form::Answers;
use crate::id::RecordId;
use crate::programme::Noted;
use crate::retention::{Held, Keeping};

/// Twenty-four months come from the specification, compared to no text.
pub static KEEPING: Keeping = Keeping {
    programme: "tabac",
    title: "Défis sans tabac",
    what: "l’inscription à un défi, son bilan, ses appels et ses présences",
    since: "la fin de l’édition, ou après l’inscription si elle est arrivée plus tard",
    renews: "Seule une inscription à une édition plus récente fait garder le tout plus longtemps.",
    before: "Les résultats d’une édition baissent à mesure que ses défis s’effacent\u{a0}: imprimez ou téléchargez \
             «\u{a0}Résultats et bilan\u{a0}» avant.",
    months: 24,
    ends: ends_on,
};

/// The end of the newest edition she is in. A sign-up is of the edition it names, else of that of its year, else of that
/// November; an end that is earlier than the sign-up, which somebody typed wrong, is not believed.
fn ends_on(hers: &[Held<'_>], common: &[Noted<'_>]) -> Option<NaiveDate> {
    let editions = editions(common);
    let sign_ups: Vec<RecordId> = hers.iter().map(|held| held.noted).filter(is_sign_up).map(|noted| noted.id).collect();
    let end = |held: &Held<'_>| {
        let answers = Answers(held.noted.fields);
        let named = link(answers, "challenger").is_some_and(|id| sign_ups.contains(&id));
        let of_session = |noted: &&Noted<'_>| noted.kind == SESSION.id && link(answers, "session") == Some(noted.id);
        let edition = match held.noted.kind {
            CHALLENGER => link(answers, "edition"),
            kind if kind == ATTENDANCE.id => {
                common.iter().find(of_session).and_then(|session| link(Answers(session.fields), "edition"))
            }
            _ => None,
        };
        let end = || ends_of(edition, held.received_on, &editions);
        match (named, edition) {
            // What tells of a sign-up that is here ends with it.
            (true, None) => None,
            (true, Some(_)) => Some(end()),
            (false, _) => Some(end().max(held.received_on)),
        }
    };
    hers.iter().filter_map(end).max()
}

fn is_sign_up(noted: &Noted<'_>) -> bool {
    noted.kind == CHALLENGER
}

fn link(answers: Answers<'_>, id: &str) -> Option<RecordId> {
    answers.code(id)?.parse().ok()
}

/// The end of this edition, or of the year of something that arrived on a day.
fn ends_of(edition: Option<RecordId>, received_on: NaiveDate, editions: &Editions<'_>) -> NaiveDate {
    let of_year = |year: i64| NaiveDate::from_ymd_opt(i32::try_from(year).ok().filter(|year| *year > 0)?, 11, 30);
    let (year, known) = (i64::from(received_on.year()), &editions.known);
    let stands = edition.and_then(|edition| editions.standing(edition));
    let named = known.iter().find(|(id, _)| Some(*id) == stands);
    let found = named.or_else(|| known.iter().find(|(_, settings)| settings.year == year));
    let told = found.and_then(|(_, settings)| settings.ends.or_else(|| of_year(settings.year)));
    told.or_else(|| of_year(year)).unwrap_or(received_on)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::retention::due_on;
    use crate::{Day, Fields};

    #[derive(Deserialize)]
    struct Case {
        name: String,
        source: String,
        common: Vec<Made>,
        hers: Vec<Made>,
        ends: Option<Day>,
        due: Option<Day>,
    }

    /// A record under a number, which others name as « #3 ».
    #[derive(Deserialize)]
    struct Made {
        id: u128,
        kind: String,
        received: Option<Day>,
        fields: Fields,
    }

    fn id(number: u128) -> RecordId {
        RecordId(uuid::Uuid::from_u128(number))
    }

    impl Made {
        /// With the identifiers of the records it names.
        fn read(mut self) -> Self {
            for value in self.fields.values_mut() {
                let number = value.as_str().and_then(|text| text.strip_prefix('#')?.parse().ok());
                if let Some(number) = number {
                    *value = id(number).to_string().into();
                }
            }
            self
        }

        fn noted(&self) -> Noted<'_> {
            Noted { id: id(self.id), kind: &self.kind, fields: &self.fields }
        }

        fn held(&self) -> Held<'_> {
            Held { noted: self.noted(), received_on: self.received.expect("the day it arrived").0 }
        }
    }

    #[test]
    fn the_cases_hold() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("keeping.json")).expect("keeping.json reads");
        assert!(cases.len() > 12, "the cases are there");
        for Case { name, source, common, hers, ends, due } in cases {
            assert!(!source.is_empty(), "{name}: where does it come from?");
            let common: Vec<Made> = common.into_iter().map(Made::read).collect();
            let hers: Vec<Made> = hers.into_iter().map(Made::read).collect();
            let noted: Vec<Noted<'_>> = common.iter().map(Made::noted).collect();
            let mut held: Vec<Held<'_>> = hers.iter().map(Made::held).collect();
            for _ in 0..2 {
                let told = ends_on(&held, &noted);
                assert_eq!(told, ends.map(|day| day.0), "{name}");
                assert_eq!(told.map(|end| due_on(end, KEEPING.months)), due.map(|day| day.0), "{name}");
                // Whatever the order they are read in.
                held.reverse();
            }
        }
    }
}
