//! What the body regains, and who says so.

/// One mark of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// « 24 heures », « De 2 à 12 semaines »
    pub when: &'static str,
    /// Whole days in a row without smoking from which it is reached for sure: what comes within hours is said once a day is
    /// over.
    pub from_days: i64,
    /// Whole days on which what takes a while is over; as `from_days` for what comes at once.
    pub to_days: i64,
    pub text: &'static str,
    pub source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Inpes,
    Who,
}

impl Source {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inpes => "INPES, table reprise par Vidal",
            Self::Who => "Organisation mondiale de la Santé",
        }
    }
}

const fn mark(when: &'static str, from_days: i64, to_days: i64, text: &'static str, source: Source) -> Mark {
    Mark { when, from_days, to_days, text, source }
}

/// Every mark, in order. Months count thirty days and years 365: a mark is never shown too early by more than that.
pub const TIMELINE: &[Mark] = &[
    mark("20\u{a0}minutes", 1, 1, "La tension et le pouls redeviennent normaux.", Source::Inpes),
    mark("8\u{a0}heures", 1, 1, "Les cellules sont de nouveau normalement oxygénées.", Source::Inpes),
    mark(
        "24\u{a0}heures",
        1,
        1,
        "Le corps ne contient plus de nicotine. Les poumons commencent à éliminer le mucus et les résidus.",
        Source::Inpes,
    ),
    mark("48\u{a0}heures", 2, 2, "Le goût et l’odorat s’améliorent.", Source::Inpes),
    mark("72\u{a0}heures", 3, 3, "Respirer devient plus facile.", Source::Inpes),
    mark(
        "De 2 à 12\u{a0}semaines",
        14,
        84,
        "La circulation du sang et le travail des poumons s’améliorent.",
        Source::Who,
    ),
    mark("De 1 à 9\u{a0}mois", 30, 270, "La toux et l’essoufflement diminuent.", Source::Who),
    mark(
        "1\u{a0}an",
        365,
        365,
        "Le risque de maladie coronarienne est environ la moitié de celui d’un fumeur.",
        Source::Who,
    ),
    mark(
        "De 5 à 15\u{a0}ans",
        1825,
        5475,
        "Le risque d’accident vasculaire cérébral revient à celui d’un non-fumeur.",
        Source::Who,
    ),
    mark(
        "10\u{a0}ans",
        3650,
        3650,
        "Le risque de cancer du poumon est environ la moitié de celui d’un fumeur.",
        Source::Who,
    ),
    mark("15\u{a0}ans", 5475, 5475, "Le risque de maladie coronarienne est celui d’un non-fumeur.", Source::Who),
];

/// The whole timeline after so many days in a row without smoking, in order, up to fifteen years: what is reached, then what
/// comes.
pub fn timeline(days: i64) -> impl Iterator<Item = (&'static Mark, Reached)> {
    TIMELINE.iter().map(move |mark| (mark, mark.after(days)))
}

/// Where somebody is with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    Passed,
    /// « vous y êtes »
    Now,
    Ahead,
}

impl Mark {
    /// After so many days without smoking in a row.
    #[must_use]
    pub const fn after(&self, days: i64) -> Reached {
        if days < self.from_days {
            Reached::Ahead
        } else if days < self.to_days {
            Reached::Now
        } else {
            Reached::Passed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::ill_set;

    #[test]
    fn marks_come_in_the_order_of_their_first_day_but_those_that_take_years() {
        let order: Vec<_> = TIMELINE.iter().map(|mark| mark.from_days).collect();
        assert_eq!(order, [1, 1, 1, 2, 3, 14, 30, 365, 1825, 3650, 5475]);
        assert!(TIMELINE.iter().all(|mark| mark.from_days <= mark.to_days));
    }

    #[test]
    fn the_look_shows_three_marks_at_fifteen_days() {
        let at = |when: &str| {
            let mark = TIMELINE.iter().find(|mark| mark.when.replace('\u{a0}', " ") == when);
            mark.expect("a mark").after(15)
        };
        assert_eq!((at("24 heures"), at("72 heures")), (Reached::Passed, Reached::Passed));
        assert_eq!(
            (at("De 2 à 12 semaines"), at("De 1 à 9 mois"), at("1 an")),
            (Reached::Now, Reached::Ahead, Reached::Ahead)
        );
    }

    #[test]
    fn nothing_is_reached_on_a_day_that_was_smoked_and_all_of_it_is_told() {
        assert!(timeline(0).all(|(_, reached)| reached == Reached::Ahead));
        assert!(timeline(5475).all(|(_, reached)| reached == Reached::Passed));
        for days in 0..6000 {
            let told: Vec<_> = timeline(days).collect();
            let ahead = told.iter().position(|(_, reached)| *reached == Reached::Ahead).unwrap_or(told.len());
            assert!(
                told[ahead..].iter().all(|(_, reached)| *reached == Reached::Ahead),
                "{days}: reached, then to come"
            );
            assert_eq!(told.len(), 11, "{days}");
            assert!(told.last().is_some_and(|(mark, _)| mark.from_days == 5475), "{days}: up to fifteen years");
        }
    }

    #[test]
    fn a_mark_that_takes_a_while_is_passed_on_its_last_day() {
        let mark = mark("", 14, 84, "", Source::Who);
        assert_eq!(
            [13, 14, 83, 84].map(|days| mark.after(days)),
            [Reached::Ahead, Reached::Now, Reached::Now, Reached::Passed]
        );
    }

    #[test]
    fn texts_are_set_in_french() {
        for mark in TIMELINE {
            for text in [mark.when, mark.text, mark.source.name()] {
                assert_eq!(ill_set(text), None);
            }
        }
    }
}
