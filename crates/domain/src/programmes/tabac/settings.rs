//! What an edition decides: prices, windows of the calls, bands of CO, texts. What it leaves empty is a choice of the house.

use chrono::{Datelike, Days, NaiveDate};

use super::challenge::Step;
use super::co_bounds;
use crate::Fields;
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

/// Before its first day, people are already signed up for an edition. House choice.
const SEASON: Days = Days::new(60);

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
            co: co_bounds(&edition.unwrap_or(Answers(&Fields::new()))),
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

    /// Whether another tobacco than cigarettes counts as smoking, by the code a call notes it with. `None`: it was not
    /// answered, or by a code this build does not know, while some of them count.
    #[must_use]
    pub fn is_smoking(&self, product: Option<&str>) -> Option<bool> {
        let any = self.cigarillos_count || self.chicha_counts || self.heated_counts;
        match product {
            Some("none") => Some(false),
            Some("cigarillos") => Some(self.cigarillos_count),
            Some("chicha") => Some(self.chicha_counts),
            Some("heated") => Some(self.heated_counts),
            Some("several") => Some(any),
            _ => (!any).then_some(false),
        }
    }
}

/// Every edition of a territory, the newest first. An edition is its year: when two people prepared one year without seeing
/// each other, the earliest record stands, and whatever names another of them belongs to it.
#[derive(Clone, Debug)]
pub struct Editions<'a> {
    /// The record that stands for each year.
    pub known: Vec<(RecordId, Settings<'a>)>,
    /// The other records of a year, each with the one that stands.
    others: Vec<(RecordId, RecordId)>,
    house: Settings<'a>,
}

/// The editions among these records.
#[must_use]
pub fn editions<'a>(records: &[Noted<'a>]) -> Editions<'a> {
    let read = |noted: &Noted<'a>| (noted.id, Settings::of(Some(Answers(noted.fields))));
    let mut all: Vec<_> = records.iter().filter(|noted| noted.kind == EDITION).map(read).collect();
    // Ids follow the time.
    crate::order::sort_by_key(&mut all, |(id, settings)| (std::cmp::Reverse(settings.year), *id));
    let (mut known, mut others) = (Vec::<(RecordId, Settings<'a>)>::new(), Vec::new());
    for (id, settings) in all {
        match known.last() {
            Some((stands, same)) if same.year == settings.year && settings.year > 0 => others.push((id, *stands)),
            _ => known.push((id, settings)),
        }
    }
    Editions { known, others, house: Settings::of(None) }
}

impl<'a> Editions<'a> {
    /// The record that stands for an edition; `None` when it is not here.
    #[must_use]
    pub fn standing(&self, edition: RecordId) -> Option<RecordId> {
        let stands = self.others.iter().find(|(id, _)| *id == edition).map_or(edition, |(_, stands)| *stands);
        self.known.iter().any(|(id, _)| *id == stands).then_some(stands)
    }

    /// The edition something belongs to: the one it names, else that of the year of its day. `None`, « édition non
    /// précisée »: the one it names is not here, or its year has none.
    #[must_use]
    pub fn named(&self, answers: &Answers<'_>, on: Option<NaiveDate>) -> Option<RecordId> {
        match answers.code("edition") {
            Some(id) => self.standing(id.parse().ok()?),
            None => {
                let year = i64::from(on?.year());
                self.known.iter().find(|(_, settings)| settings.year == year).map(|(id, _)| *id)
            }
        }
    }

    /// The decisions of an edition, or those of the house when it is not here.
    #[must_use]
    pub fn of(&self, edition: Option<RecordId>) -> &Settings<'a> {
        let stands = edition.and_then(|edition| self.standing(edition));
        self.known.iter().find(|(id, _)| Some(*id) == stands).map_or(&self.house, |(_, settings)| settings)
    }

    /// The edition people are signed up for or followed in: the newest whose season has come, else the first to come. One
    /// that is prepared long before hides nobody who is followed.
    #[must_use]
    pub fn running(&self, today: NaiveDate) -> Option<RecordId> {
        let has_come = |settings: &Settings<'_>| {
            let starts = settings.starts.or_else(|| NaiveDate::from_ymd_opt(i32::try_from(settings.year).ok()?, 11, 1));
            starts.and_then(|starts| starts.checked_sub_days(SEASON)).is_none_or(|opens| opens <= today)
        };
        self.known.iter().find(|(_, settings)| has_come(settings)).or(self.known.last()).map(|(id, _)| *id)
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

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    fn noted(number: u128, fields: &Fields) -> Noted<'_> {
        Noted { id: id(number), kind: EDITION, fields }
    }

    #[test]
    fn an_empty_edition_is_what_the_house_chose() {
        let empty = Fields::new();
        let settings = Settings::of(Some(Answers(&empty)));
        assert_eq!(settings.windows, [(0, 1), (2, 3), (3, 3), (5, 5), (14, 14), (30, 30), (30, 30)]);
        assert_eq!((settings.pack_cents, settings.co, settings.m12), (1350, [5, 9, 20], false));
        for (product, smoking) in [
            (Some("heated"), Some(true)),
            (Some("chicha"), Some(true)),
            (Some("cigarillos"), Some(true)),
            (Some("several"), Some(true)),
            (Some("none"), Some(false)),
            (Some("of a newer build"), None),
            (None, None),
        ] {
            assert_eq!(settings.is_smoking(product), smoking, "{product:?}");
        }
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
        assert_eq!(["heated", "chicha"].map(|product| settings.is_smoking(Some(product))), [Some(false), Some(true)]);
        assert_eq!(settings.is_smoking(None), None, "another one counts");
        assert_eq!(settings.steps().last(), Some(Step::M12));
        assert_eq!((settings.says(None), settings.says(Some(Step::J7))), (Some("Le défi continue."), None));
    }

    #[test]
    fn the_newest_edition_comes_first_and_an_unknown_one_is_the_house() {
        let years = [2025, 2026].map(|year| fields(serde_json::json!({ "year": year })));
        let records = [noted(1, &years[0]), noted(2, &years[1])];
        let editions = editions(&records);
        let running = |today: &str| editions.running(today.parse().expect("a day"));
        assert_eq!(
            ["2026-11-23", "2026-09-02", "2026-09-01", "2024-01-01"].map(running),
            [2, 2, 1, 1].map(|one| Some(id(one)))
        );
        assert_eq!(
            (editions.of(Some(id(1))).year, editions.of(None).year, editions.of(Some(id(9))).year),
            (2025, 0, 0)
        );
    }

    #[test]
    fn silence_is_no_tobacco_when_the_edition_counts_none_but_cigarettes() {
        let no = fields(serde_json::json!({ "cigarillos_count": "no", "chicha_counts": "no", "heated_counts": "no" }));
        let settings = Settings::of(Some(Answers(&no)));
        assert_eq!(
            [None, Some("several"), Some("heated")].map(|product| settings.is_smoking(product)),
            [Some(false); 3]
        );
    }

    #[test]
    fn an_edition_is_its_year_and_the_earliest_record_stands() {
        let fields = [2026, 2025, 2026, 0, 0]
            .map(|year| fields(serde_json::json!({ "year": year, "draw_prizes": 7, "edition": id(2).to_string() })));
        let mut records: Vec<_> = (1..).zip(&fields).map(|(number, fields)| noted(number, fields)).collect();
        for _ in 0..2 {
            let editions = editions(&records);
            let known: Vec<_> = editions.known.iter().map(|(id, settings)| (*id, settings.year)).collect();
            assert_eq!(
                known,
                [(id(1), 2026), (id(2), 2025), (id(4), 0), (id(5), 0)],
                "no year is no edition of another"
            );
            assert_eq!(
                [1, 2, 3, 9].map(|number| editions.standing(id(number))),
                [Some(id(1)), Some(id(2)), Some(id(1)), None]
            );
            assert_eq!((editions.running(NaiveDate::MAX), editions.of(Some(id(3))).year), (Some(id(1)), 2026));
            records.reverse();
        }
    }

    #[test]
    fn what_names_an_edition_that_is_gone_is_of_none() {
        let year = fields(serde_json::json!({ "year": 2026 }));
        let records = [noted(1, &year)];
        let editions = editions(&records);
        let on = crate::day_of("2026-10-20");
        for (edition, expected) in
            [(id(1).to_string(), Some(id(1))), (id(9).to_string(), None), (String::new(), Some(id(1)))]
        {
            let names = fields(serde_json::json!({ "edition": edition }));
            assert_eq!(editions.named(&Answers(&names), on), expected, "{edition}");
        }
        let nothing = Fields::new();
        assert_eq!(editions.named(&Answers(&nothing), crate::day_of("2025-10-20")), None);
        assert_eq!(editions.named(&Answers(&nothing), None), None);
    }
}
