//! How long what a programme notes of a person is kept after what ends it.

use chrono::NaiveDate;

use crate::programme::Noted;

/// What a programme notes of somebody, and when it goes, were it confirmed. What belongs to the territory stays.
#[derive(Debug)]
pub struct Keeping {
    /// Identifier of the programme; its duration is stored and sent under it.
    pub programme: &'static str,
    /// « Défis sans tabac »
    pub title: &'static str,
    /// « l’inscription à un défi, son bilan »
    pub what: &'static str,
    /// From when its time is counted: « la fin de l’édition ».
    pub since: &'static str,
    /// What keeps it longer, in a sentence.
    pub renews: &'static str,
    /// What its end changes elsewhere and what to do before, in a sentence or two.
    pub before: &'static str,
    /// Months proposed.
    pub months: u32,
    pub ends: Ends,
}

/// The day on which the last of these records of one person is over, given what is common to the territory; `None`: nobody
/// knows. What was deleted is among them, for it may come back.
pub type Ends = fn(&[Held<'_>], &[Noted<'_>]) -> Option<NaiveDate>;

/// A record the server holds.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    pub noted: Noted<'a>,
    /// The day something of it first arrived: the clock of a device may be wrong.
    pub received_on: NaiveDate,
}

impl PartialEq for Keeping {
    fn eq(&self, other: &Self) -> bool {
        self.programme == other.programme
    }
}

impl Eq for Keeping {}

#[cfg(test)]
mod tests {
    use crate::french::ill_set;
    use crate::people::{PERSON, Role};
    use crate::programmes::{KEEPING, programme};
    use crate::retention::Rule;

    #[test]
    fn a_keeping_is_of_a_programme_whose_records_the_server_may_erase() {
        assert!(!KEEPING.is_empty());
        for keeping in KEEPING {
            let programme = programme(keeping.programme).expect("a programme");
            let hanging = programme.records.iter().filter(|kind| kind.parent == Some(PERSON.id));
            assert!(hanging.clone().count() > 0, "{} notes nothing of a person", programme.id);
            for kind in hanging {
                assert!(kind.writers.contains(&Role::Professional), "the server erases {} as a professional", kind.id);
            }
            for text in [keeping.title, keeping.what, keeping.since, keeping.renews, keeping.before] {
                assert!(!text.is_empty());
                assert_eq!(ill_set(text), None);
            }
            assert_eq!((keeping.ends)(&[], &[]), None, "nothing is over of who has nothing");
            assert!(![Rule::Person.code(), Rule::Audit.code()].contains(&keeping.programme));
        }
    }
}
