//! Q-MAT: four questions on the wish to stop, 0 to 20 (Aubin et al. 2004, as published by e-sante.fr, 2011). Optional: all
//! four or nothing.

use super::dependence::{Score, sum};
use crate::form::Answers;

const ITEMS: [(&str, &[(&str, u32)]); 4] = [
    ("qmat_six_months", &[("same", 0), ("little", 2), ("much", 4), ("stopped", 8)]),
    ("qmat_want", &[("none", 0), ("little", 1), ("much", 2), ("extreme", 3)]),
    ("qmat_four_weeks", &[("same", 0), ("little", 2), ("much", 4), ("stopped", 6)]),
    ("qmat_unhappy", &[("never", 0), ("sometimes", 1), ("often", 2), ("very-often", 3)]),
];

const READINGS: &[(u32, &str)] = &[(0, "motivation faible"), (7, "motivation moyenne"), (13, "motivation élevée")];

/// `None` while it was not begun.
pub fn qmat(answers: &Answers<'_>) -> Option<Score> {
    let begun = ITEMS.iter().any(|(id, _)| answers.has(id));
    begun.then(|| sum(answers, &ITEMS, READINGS))
}
