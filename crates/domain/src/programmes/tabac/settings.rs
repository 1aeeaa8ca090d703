//! What an edition decides: prices, windows of the calls, bands of CO, texts. What it leaves empty is a choice of the house.

use chrono::NaiveDate;

use super::CO_BOUNDS;
use super::challenge::Step;
use crate::form::Answers;
use crate::id::RecordId;
use crate::programme::Noted;

/// Kind of the records that hold them.
pub const EDITION: &str = "tabac-edition";

/// 13,50 €, the price of a pack of the leading brand on 1 January 2026.
const PACK_CENTS: i64 = 1350;

/// Days before and after the planned day on which a call still tells what it is made for. House choices.
const WINDOWS: [(Step, &str, &str, u16, u16); 7] = [
    (Step::J0, "", "j0_after", 0, 1),
    (Step::J7, "j7_before", "j7_after", 2, 3),
    (Step::J15, "j15_around", "j15_around", 3, 3),
    (Step::J30, "j30_around", "j30_around", 5, 5),
    (Step::M3, "m3_around", "m3_around", 14, 14),
    (Step::M6, "m6_around", "m6_around", 30, 30),
    (Step::M12, "m12_around", "m12_around", 30, 30),
];

/// The last ppm of the first three bands, as an edition writes them.
const CO_FIELDS: [&str; 3] = ["co_first", "co_second", "co_third"];

/// A pack is twenty cigarettes.
pub const PACK: i64 = 20;

/// The decisions of one edition.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// 0 when no edition is known.
    pub year: i64,
    pub starts: Option<NaiveDate>,
    pub ends: Option<NaiveDate>,
    /// Of a pack of twenty, in cents.
    pub pack_cents: i64,
    pub pack_brand: &'a str,
    pub draw_on: Option<NaiveDate>,
    pub draw_prizes: i64,
    /// Whether these count as smoking. Vaping never does.
    pub cigarillos_count: bool,
    pub chicha_counts: bool,
    pub heated_counts: bool,
    /// Whether people are called a year after.
    pub m12: bool,
    /// Days before and after the planned day, in the order of [`Step::ALL`].
    pub windows: [(u16, u16); 7],
    /// Highest ppm of the three first bands.
    pub co: [i64; 3],
    fields: Option<Answers<'a>>,
}

impl<'a> Settings<'a> {
    /// The decisions of an edition; `None`: those of the house.
    #[must_use]
    pub fn of(edition: Option<Answers<'a>>) -> Self {
        let int = |name| edition.and_then(|fields| fields.int(name)).filter(|number| *number >= 0);
        let date = |name| edition.and_then(|fields| fields.date(name));
        let counts = |name| !edition.is_some_and(|fields| fields.is(name, "no"));
        let days = |name, house: u16| int(name).map_or(house, |days| u16::try_from(days).unwrap_or(house));
        Self {
            year: int("year").unwrap_or_default(),
            starts: date("starts"),
            ends: date("ends"),
            pack_cents: int("pack_price").unwrap_or(PACK_CENTS),
            pack_brand: edition.and_then(|fields| fields.code("pack_brand")).unwrap_or_default(),
            draw_on: date("draw_on"),
            draw_prizes: int("draw_prizes").unwrap_or_default(),
            cigarillos_count: counts("cigarillos_count"),
            chicha_counts: counts("chicha_counts"),
            heated_counts: counts("heated_counts"),
            m12: edition.is_some_and(|fields| fields.is("m12", "yes")),
            windows: WINDOWS.map(|(_, before, after, b, a)| (days(before, b), days(after, a))),
            co: std::array::from_fn(|rank| int(CO_FIELDS[rank]).unwrap_or(CO_BOUNDS[rank])),
            fields: edition,
        }
    }

    /// The steps of the follow-up, in order.
    pub fn steps(&self) -> impl Iterator<Item = Step> + use<> {
        let m12 = self.m12;
        Step::ALL.into_iter().filter(move |step| m12 || *step != Step::M12)
    }

    /// The text of encouragement the coordination wrote for a step, or for a slip.
    #[must_use]
    pub fn says(&self, step: Option<Step>) -> Option<&'a str> {
        let name = match step {
            None => "say_slip",
            Some(Step::J0) => "say_j0",
            Some(Step::J7) => "say_j7",
            Some(Step::J15) => "say_j15",
            Some(Step::J30) => "say_j30",
            Some(Step::M3) => "say_m3",
            Some(Step::M6 | Step::M12) => "say_m6",
        };
        self.fields?.code(name)
    }

    /// Whether another tobacco than cigarettes counts as smoking, by the code a call notes it with.
    #[must_use]
    pub fn is_smoking(&self, product: &str) -> bool {
        match product {
            "cigarillos" => self.cigarillos_count,
            "chicha" => self.chicha_counts,
            "heated" => self.heated_counts,
            "several" => self.cigarillos_count || self.chicha_counts || self.heated_counts,
            _ => false,
        }
    }
}

/// Every edition of a territory, the newest first.
#[derive(Clone, Debug)]
pub struct Editions<'a> {
    pub known: Vec<(RecordId, Settings<'a>)>,
    house: Settings<'a>,
}

/// The editions among these records.
#[must_use]
pub fn editions<'a>(records: &[Noted<'a>]) -> Editions<'a> {
    let read = |noted: &Noted<'a>| (noted.id, Settings::of(Some(Answers(noted.fields))));
    let mut known: Vec<_> = records.iter().filter(|noted| noted.kind == EDITION).map(read).collect();
    crate::order::sort_by_key(&mut known, |(id, settings)| std::cmp::Reverse((settings.year, *id)));
    Editions { known, house: Settings::of(None) }
}

impl<'a> Editions<'a> {
    /// The decisions of an edition, or those of the house when it is not here.
    #[must_use]
    pub fn of(&self, edition: Option<RecordId>) -> &Settings<'a> {
        self.known.iter().find(|(id, _)| Some(*id) == edition).map_or(&self.house, |(_, settings)| settings)
    }

    #[must_use]
    pub fn newest(&self) -> Option<RecordId> {
        self.known.first().map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::Fields;

    fn fields(answers: serde_json::Value) -> Fields {
        serde_json::from_value(answers).expect("fields")
    }

    #[test]
    fn an_empty_edition_is_what_the_house_chose() {
        let empty = Fields::new();
        let settings = Settings::of(Some(Answers(&empty)));
        assert_eq!(settings.windows, [(0, 1), (2, 3), (3, 3), (5, 5), (14, 14), (30, 30), (30, 30)]);
        assert_eq!((settings.pack_cents, settings.co, settings.m12), (1350, [5, 9, 20], false));
        assert!(settings.is_smoking("heated") && settings.is_smoking("chicha") && settings.is_smoking("cigarillos"));
        assert!(settings.is_smoking("several"));
        assert!(!settings.is_smoking("none") && !settings.is_smoking("vaping"));
        assert_eq!(settings.steps().last(), Some(Step::M6));
        assert_eq!(settings.says(Some(Step::J7)), None);
    }

    #[test]
    fn an_edition_decides_for_itself() {
        let fields = fields(serde_json::json!({
            "year": 2026, "starts": "2026-11-01", "pack_price": 1260, "heated_counts": "no", "m12": "yes", "j7_before": 0,
            "m6_around": 45, "co_second": 8, "say_slip": "Le défi continue.", "say_j7": ""
        }));
        let settings = Settings::of(Some(Answers(&fields)));
        assert_eq!((settings.windows[1], settings.windows[5]), ((0, 3), (45, 45)));
        assert_eq!((settings.pack_cents, settings.co), (1260, [5, 8, 20]));
        assert!(!settings.is_smoking("heated") && settings.is_smoking("chicha"));
        assert_eq!(settings.steps().last(), Some(Step::M12));
        assert_eq!((settings.says(None), settings.says(Some(Step::J7))), (Some("Le défi continue."), None));
    }

    #[test]
    fn the_newest_edition_comes_first_and_an_unknown_one_is_the_house() {
        let years = [2025, 2026].map(|year| fields(serde_json::json!({ "year": year })));
        let id = |number| RecordId(Uuid::from_u128(number));
        let noted = |number, fields| Noted { id: id(number), kind: EDITION, fields };
        let records = [noted(1, &years[0]), noted(2, &years[1])];
        let editions = editions(&records);
        assert_eq!(editions.newest(), Some(id(2)));
        assert_eq!(
            (editions.of(Some(id(1))).year, editions.of(None).year, editions.of(Some(id(9))).year),
            (2025, 0, 0)
        );
    }
}
