//! What the rules of a form say: a result **and** what is missing, never a failure.

use chrono::NaiveDate;

/// Who the rules speak of, and when.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    pub birth_date: Option<NaiveDate>,
    /// The day of the test.
    pub on: NaiveDate,
}

/// One result of a form, such as one ICOPE function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub id: &'static str,
    pub title: &'static str,
    pub state: State,
    /// The fact that decided, in French, such as « 17,2 s pour cinq levers (limite 14 s) ».
    pub fact: String,
}

/// Three states and nothing between them; beside them, what no rule calls normal or abnormal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Abnormal,
    Normal,
    /// A needed item is missing and no rule is met. Never counted as normal.
    NotAssessed,
    /// Nothing was found: the answers call for something to propose, such as a measure or somebody to see.
    ToPropose,
    /// A fact alone, such as a score.
    Told,
}

/// An item without which a finding could not be decided, or was decided on part of the items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub finding: &'static str,
    pub question: &'static str,
}

/// A sentence for the professional, beside the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: &'static str,
    pub tone: Tone,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// To do first.
    First,
    /// To know.
    Note,
    /// A number to call now.
    Help,
}

/// The result of a form. No total, no grade.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Outcome {
    /// One sentence, such as « Deux fonctions à regarder de plus près, une à finir, trois normales. »
    pub headline: String,
    /// In the order of the form; the screen sorts abnormal, to propose, not assessed, told, normal.
    pub findings: Vec<Finding>,
    pub notices: Vec<Notice>,
}

/// A finding against the same one of the previous record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    New,
    Persistent,
    Resolved,
    Unchanged,
    /// Not assessed, then or now.
    Unknown,
}

impl State {
    /// Whether a rule decided between normal and abnormal, or would have: what two records are compared on.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Abnormal | Self::Normal | Self::NotAssessed)
    }

    /// Whether it calls for somebody who may help.
    #[must_use]
    pub const fn calls_for_help(self) -> bool {
        matches!(self, Self::Abnormal | Self::ToPropose)
    }

    /// The word of the tag.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Abnormal => "anormal",
            Self::Normal => "normal",
            Self::NotAssessed => "non évalué",
            Self::ToPropose => "à proposer",
            Self::Told => "noté",
        }
    }
}

impl Change {
    /// « Nouveau »
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "Nouveau",
            Self::Persistent => "Persistant",
            Self::Resolved => "Résolu",
            Self::Unchanged => "Inchangé",
            Self::Unknown => "Inconnu",
        }
    }
}

impl Outcome {
    /// The state of one finding; a finding this outcome does not hold is not assessed.
    #[must_use]
    pub fn state(&self, id: &str) -> State {
        self.findings.iter().find(|finding| finding.id == id).map_or(State::NotAssessed, |finding| finding.state)
    }
}

/// Each finding of `now` against the same one of `previous`, with its state then.
#[must_use]
pub fn compare(previous: &Outcome, now: &Outcome) -> Vec<(&'static str, Change, State)> {
    now.findings
        .iter()
        .map(|finding| {
            let then = previous.state(finding.id);
            let change = match (then, finding.state) {
                (State::Normal, State::Abnormal) => Change::New,
                (State::Abnormal, State::Abnormal) => Change::Persistent,
                (State::Abnormal, State::Normal) => Change::Resolved,
                (State::Normal, State::Normal) => Change::Unchanged,
                (State::NotAssessed | State::ToPropose | State::Told, _)
                | (_, State::NotAssessed | State::ToPropose | State::Told) => Change::Unknown,
            };
            (finding.id, change, then)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(state: State) -> Outcome {
        let finding = Finding { id: "mobility", title: "Mobilité", state, fact: String::new() };
        Outcome { findings: vec![finding], ..Outcome::default() }
    }

    #[test]
    fn every_pair_of_states_has_its_change() {
        use State::{Abnormal, Normal, NotAssessed, ToPropose, Told};
        for (then, now, change) in [
            (Normal, Abnormal, Change::New),
            (Abnormal, Abnormal, Change::Persistent),
            (Abnormal, Normal, Change::Resolved),
            (Normal, Normal, Change::Unchanged),
            (NotAssessed, Abnormal, Change::Unknown),
            (NotAssessed, Normal, Change::Unknown),
            (Abnormal, NotAssessed, Change::Unknown),
            (Normal, NotAssessed, Change::Unknown),
            (NotAssessed, NotAssessed, Change::Unknown),
            (Abnormal, ToPropose, Change::Unknown),
            (ToPropose, ToPropose, Change::Unknown),
            (Told, Normal, Change::Unknown),
        ] {
            assert_eq!(compare(&outcome(then), &outcome(now)), vec![("mobility", change, then)]);
        }
    }

    #[test]
    fn a_function_the_previous_version_did_not_have_is_unknown() {
        let unknown = vec![("mobility", Change::Unknown, State::NotAssessed)];
        assert_eq!(compare(&Outcome::default(), &outcome(State::Abnormal)), unknown);
    }
}
