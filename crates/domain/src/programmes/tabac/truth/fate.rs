//! What becomes of a challenger, and what it counts for at each horizon: written by hand, without a rule.

use super::super::results::Verdict;

#[derive(Clone, Copy, Debug)]
pub enum Fate {
    /// Not a cigarette; measured at each horizon.
    Abstinent {
        co: Option<i64>,
    },
    /// So many told at J15, then so many at M3.
    Slips {
        early: i64,
        late: i64,
    },
    /// « plus de 5 » at J15, not one since.
    MoreThanFive,
    Vaping,
    Heated,
    /// Never answered.
    Lost,
    /// Reached at J30, not at M3, again at M6: so many since J30, or not told.
    Back {
        since: Option<i64>,
    },
    DeadAtM3,
    UntraceableAtM3,
    MovedHouseAtM3,
    WrongNumber,
    RefusedAtJ30,
    /// Answered at J30, then took back her consent to be called.
    Withdrawn,
    /// Hung up at J15 before telling; not a cigarette in what she told after.
    Silent,
    Undated,
    /// Answers the M6 call after its window only.
    TooLate,
    /// The same call, noted long after but dated by hand in its window.
    NotedLater,
    /// Measured at one call of each window, and told the rest at another.
    MeasuredApart,
    /// Told two tobaccos at J15, cigarettes aside.
    Several,
    /// Not a cigarette; of any other tobacco nobody asked at J15, nor ever after unless `ever`.
    Unasked {
        ever: bool,
    },
    /// Moved ten days further before its day.
    MovedBefore,
    /// Moved ten days further on its third day, without a smoke-free day.
    MovedSmoking,
    /// A smoke-free week, then smoking, then moved: said or not said when it was moved.
    MovedAfterAWeek {
        says_so: bool,
    },
    /// Moved on its third day, and nobody asked about the days between.
    MovedUnasked,
    /// Signed up on two sheets that were merged.
    Twice,
}

const NOT: [bool; 4] = [false; 4];
/// Answered, declared, validated, no smoking in seven days.
pub const DECLARED: [bool; 4] = [true, true, false, true];
const ANSWERED: [bool; 4] = [true, false, false, true];
const SMOKES: [bool; 4] = [true, false, false, false];

pub fn counted([answered, declared, validated, seven_days]: [bool; 4]) -> Verdict {
    Verdict::Counted { answered, declared, validated, seven_days }
}

impl Fate {
    /// How many days after the date of the sign-up the date that counts is.
    pub fn shift(self) -> i64 {
        if matches!(self, Self::MovedBefore | Self::MovedSmoking) { 10 } else { 0 }
    }

    /// What it counts for at J30, M3, M6 once the window is closed.
    pub fn truth(self) -> [Verdict; 3] {
        let all = |lines| [counted(lines); 3];
        let at_most_five = |total: i64| if total <= 5 { counted(DECLARED) } else { counted(ANSWERED) };
        match self {
            Self::Abstinent { co } => all([true, true, co.is_some_and(|ppm| ppm <= 9), true]),
            Self::Slips { early, late } => {
                [at_most_five(early), at_most_five(early + late), at_most_five(early + late)]
            }
            Self::MoreThanFive | Self::Silent => all(ANSWERED),
            Self::NotedLater | Self::MeasuredApart => all(DECLARED),
            Self::Several | Self::Unasked { ever: true } => all(ANSWERED),
            Self::Unasked { ever: false } => all(SMOKES),
            Self::Vaping | Self::MovedBefore | Self::MovedSmoking | Self::Twice => all(DECLARED),
            Self::Heated => [counted(DECLARED), counted(SMOKES), counted(ANSWERED)],
            Self::Lost | Self::WrongNumber | Self::RefusedAtJ30 => all(NOT),
            Self::Back { since } => [counted(DECLARED), counted(NOT), since.map_or(counted(ANSWERED), at_most_five)],
            Self::DeadAtM3 => [counted(DECLARED), Verdict::Dead, Verdict::Dead],
            Self::UntraceableAtM3 => [counted(DECLARED), Verdict::Untraceable, Verdict::Untraceable],
            Self::MovedHouseAtM3 | Self::Withdrawn => [counted(DECLARED), counted(NOT), counted(NOT)],
            Self::TooLate => [counted(DECLARED), counted(DECLARED), counted(NOT)],
            Self::Undated => [Verdict::Undated; 3],
            Self::MovedAfterAWeek { .. } => all(SMOKES),
            Self::MovedUnasked => all(ANSWERED),
        }
    }
}

pub fn every_fate() -> Vec<Fate> {
    let mut fates = vec![
        Fate::MoreThanFive,
        Fate::Vaping,
        Fate::Heated,
        Fate::Lost,
        Fate::DeadAtM3,
        Fate::UntraceableAtM3,
        Fate::MovedHouseAtM3,
        Fate::WrongNumber,
        Fate::RefusedAtJ30,
        Fate::Withdrawn,
        Fate::Silent,
        Fate::Undated,
        Fate::TooLate,
        Fate::NotedLater,
        Fate::MeasuredApart,
        Fate::Several,
        Fate::Unasked { ever: true },
        Fate::Unasked { ever: false },
        Fate::MovedBefore,
        Fate::MovedSmoking,
        Fate::MovedAfterAWeek { says_so: true },
        Fate::MovedAfterAWeek { says_so: false },
        Fate::MovedUnasked,
        Fate::Twice,
    ];
    fates.extend([None, Some(0), Some(9), Some(10), Some(30)].map(|co| Fate::Abstinent { co }));
    fates.extend([(5, 0), (5, 1), (0, 6), (6, 0), (3, 2)].map(|(early, late)| Fate::Slips { early, late }));
    fates.extend([None, Some(0), Some(5), Some(6)].map(|since| Fate::Back { since }));
    fates
}
