//! The rules of the programme: scores of published instruments, told and never judged. A missing answer is never a zero.

mod breath;
mod call;
mod challenger;
mod co;
mod dependence;
mod interview;
mod pair;
mod products;
mod qmat;
mod quit_date;

#[cfg(test)]
mod properties;

pub use call::call;
pub use challenger::challenger;
pub use co::{CO_FIELDS, co_band, co_bounds};
pub use interview::interview;
pub use pair::pair;
pub use quit_date::{moves, quit_date};

use crate::form::{Answers, Finding, Missing, State};

/// What a form comes to, one finding after the other.
#[derive(Default)]
struct Said {
    findings: Vec<Finding>,
    missing: Vec<Missing>,
}

impl Said {
    fn tell(&mut self, id: &'static str, title: &'static str, fact: String) {
        self.findings.push(Finding { id, title, state: State::Told, fact });
    }

    /// Nothing was found: it is for the professional to propose it.
    fn propose(&mut self, id: &'static str, title: &'static str, fact: String) {
        self.findings.push(Finding { id, title, state: State::ToPropose, fact });
    }

    /// Nothing is told while these are missing.
    fn wait(&mut self, id: &'static str, title: &'static str, fact: String, missing: Vec<&'static str>) {
        self.findings.push(Finding { id, title, state: State::NotAssessed, fact });
        self.miss(id, missing);
    }

    fn miss(&mut self, finding: &'static str, questions: Vec<&'static str>) {
        self.missing.extend(questions.into_iter().map(|question| Missing { finding, question }));
    }
}

/// An integer within what its question takes: anything else, kept by a newer build, is no answer.
fn within(answers: &Answers<'_>, id: &str, max: i64) -> Option<i64> {
    answers.int(id).filter(|value| (0..=max).contains(value))
}

/// The points of an answer, given its codes and theirs.
fn points(answers: &Answers<'_>, id: &str, scale: &[(&str, u32)]) -> Option<u32> {
    let code = answers.code(id)?;
    scale.iter().find(|(known, _)| *known == code).map(|(_, points)| *points)
}

/// The words of a score: the last of the scale that it reaches.
fn reading(scale: &[(u32, &'static str)], score: u32) -> &'static str {
    scale.iter().rev().find(|(from, _)| score >= *from).map_or("", |(_, words)| words)
}
