//! How far a form has been filled, and where to go next.

use super::{Answers, Form, Kind, Need, Question, Section, Show};
use crate::people::Purpose;

/// The answers of one record, with the consents of its person: a consent question is answered outside the fields.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    pub answers: Answers<'a>,
    /// The answers of the record it hangs on, which some forms ask too.
    pub parent: Answers<'a>,
    /// As [`crate::people::consent::counting`] gives them.
    pub consents: &'a [(Purpose, bool)],
}

/// How far one section has been filled.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub section: &'static Section,
    /// Visible questions, none of them when the other answers make the whole section pointless.
    pub drawn: usize,
    /// Answered questions among the visible ones, optional ones included.
    pub answered: usize,
    /// Visible questions that are asked, plus the optional ones that were answered: « 3 réponses sur 3 ».
    pub asked: usize,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Todo,
    Begun,
    /// Nothing left to ask; `asked` is 0 when all of it is optional and nothing was answered.
    Done,
}

impl Show {
    /// Whether the condition holds. What is not answered holds no code.
    #[must_use]
    pub fn holds(&self, answers: &Answers<'_>) -> bool {
        match self {
            Self::Always => true,
            Self::Is(question, code) => answers.is(question, code),
            Self::IsOneOf(question, codes) => answers.code(question).is_some_and(|code| codes.contains(&code)),
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(answers)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(answers)),
            Self::Not(condition) => !condition.holds(answers),
        }
    }
}

impl Question {
    #[must_use]
    pub fn visible(&self, answers: &Answers<'_>) -> bool {
        self.show.holds(answers)
    }

    #[must_use]
    pub fn answered(&self, filled: &Filled<'_>) -> bool {
        match self.kind {
            Kind::Consent(purposes) => {
                purposes.iter().all(|purpose| filled.consents.iter().any(|(asked, _)| asked == purpose))
            }
            Kind::OfParent(field) => filled.parent.has(field),
            _ => filled.answers.has(self.id),
        }
    }

    fn unanswered(&self, filled: &Filled<'_>) -> bool {
        matches!(self.need, Need::Asked | Need::Known) && self.visible(&filled.answers) && !self.answered(filled)
    }
}

impl Form {
    /// The questions these answers call for, in the order of the form.
    pub fn visible(&self, answers: &Answers<'_>) -> impl Iterator<Item = (&'static Section, &'static Question)> {
        self.questions().filter(|(_, question)| question.visible(answers))
    }

    /// Those of them that are ever asked.
    pub fn drawn(&self, answers: &Answers<'_>) -> impl Iterator<Item = (&'static Section, &'static Question)> {
        self.visible(answers).filter(|(_, question)| question.need != Need::Unasked)
    }

    /// Section by section, in the order of the form.
    #[must_use]
    pub fn progress(&self, filled: &Filled<'_>) -> Vec<Progress> {
        let drawn: Vec<_> = self.drawn(&filled.answers).collect();
        let of = |section: &'static Section| {
            drawn.iter().filter(move |(there, _)| there.id == section.id).map(|(_, question)| *question)
        };
        self.sections.iter().map(|section| Progress::of(section, of(section), filled)).collect()
    }

    /// The next question that is asked and has no answer, from the one after `after` (from the first one when `None`
    /// or unknown), past the end and around. `None` when everything is answered.
    #[must_use]
    pub fn next_unanswered(&self, filled: &Filled<'_>, after: Option<&str>) -> Option<&'static Question> {
        let questions: Vec<&'static Question> = self.questions().map(|(_, question)| question).collect();
        let start = after
            .and_then(|id| questions.iter().position(|question| question.id == id))
            .map_or(0, |position| position + 1);
        let (before, from) = questions.split_at(start);
        from.iter().chain(before).copied().find(|question| question.unanswered(filled))
    }

    /// « Encore 3 questions »
    #[must_use]
    pub fn remaining(&self, filled: &Filled<'_>) -> usize {
        self.questions().filter(|(_, question)| question.unanswered(filled)).count()
    }
}

impl Progress {
    /// Of the questions that are drawn of a section.
    #[must_use]
    pub fn of(
        section: &'static Section,
        drawn: impl IntoIterator<Item = &'static Question>,
        filled: &Filled<'_>,
    ) -> Self {
        let drawn: Vec<_> = drawn.into_iter().collect();
        let answered = drawn.iter().filter(|question| question.answered(filled)).count();
        let left = drawn.iter().filter(|question| question.unanswered(filled)).count();
        let stage = match (answered, left) {
            (_, 0) => Stage::Done,
            (0, _) => Stage::Todo,
            _ => Stage::Begun,
        };
        Self { section, drawn: drawn.len(), answered, asked: answered + left, stage }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fields;
    use crate::form::{Choice, Layout};

    const YES_NO: Kind = Kind::Choice(Choice::YES_NO);
    static FORM: Form = Form {
        id: "test",
        version: "1",
        title: "",
        credit: "",
        layout: Layout::Sheet,
        sections: &[
            Section {
                id: "one",
                title: "Un",
                when: None,
                questions: &[
                    Question::ask("consent", "Accord", Kind::Consent(&[Purpose::CallBack])),
                    Question::ask("a", "A", YES_NO),
                    Question::ask("b", "B", YES_NO).show(Show::Is("a", "yes")),
                    Question::ask("note", "Note", Kind::Text { lines: 1, max: 20 }).optional(),
                ],
            },
            Section {
                id: "two",
                title: "Deux",
                when: Some("à la fin"),
                questions: &[Question::ask("c", "C", YES_NO).show(Show::Not(&Show::Is("a", "no")))],
            },
            Section {
                id: "three",
                title: "Trois",
                when: None,
                questions: &[
                    Question::note("known", "Connu", YES_NO).known().show(Show::Is("a", "known")),
                    Question::note("began_with", "Ce qui valait alors", YES_NO).unasked(),
                ],
            },
        ],
    };

    fn fields(answers: &[(&str, &str)]) -> Fields {
        answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
    }

    fn state(answers: &[(&str, &str)], consents: &[(Purpose, bool)]) -> (Vec<(usize, usize, Stage)>, usize) {
        let fields = fields(answers);
        let filled = Filled { answers: Answers(&fields), parent: Answers(&Fields::new()), consents };
        let sections = FORM.progress(&filled).iter().map(|p| (p.answered, p.asked, p.stage)).collect();
        (sections, FORM.remaining(&filled))
    }

    fn next(answers: &[(&str, &str)], after: Option<&str>) -> Option<&'static str> {
        let fields = fields(answers);
        let consents = &[(Purpose::CallBack, false)];
        let filled = Filled { answers: Answers(&fields), parent: Answers(&Fields::new()), consents };
        FORM.next_unanswered(&filled, after).map(|question| question.id)
    }

    #[test]
    fn hidden_and_optional_questions_are_not_waited_for() {
        assert_eq!(state(&[], &[]), (vec![(0, 2, Stage::Todo), (0, 1, Stage::Todo), (0, 0, Stage::Done)], 3));
        assert_eq!(
            state(&[("a", "yes"), ("note", "dit-elle")], &[]),
            (vec![(2, 4, Stage::Begun), (0, 1, Stage::Todo), (0, 0, Stage::Done)], 3)
        );
    }

    #[test]
    fn a_refused_consent_is_an_answer() {
        let refused = [(Purpose::CallBack, false)];
        assert_eq!(
            state(&[("a", "no")], &refused),
            (vec![(2, 2, Stage::Done), (0, 0, Stage::Done), (0, 0, Stage::Done)], 0)
        );
        assert_eq!(state(&[("a", "no")], &[(Purpose::Draw, true)]).1, 1);
    }

    #[test]
    fn what_was_not_known_is_waited_for_and_what_was_is_not() {
        let consents = [(Purpose::CallBack, true)];
        assert_eq!(state(&[("a", "known"), ("c", "yes")], &consents).1, 1);
        assert_eq!(next(&[("a", "known"), ("c", "yes")], None), Some("known"));
        assert_eq!(state(&[("a", "known"), ("c", "yes"), ("known", "no")], &consents).1, 0);
    }

    #[test]
    fn what_is_never_asked_is_neither_waited_for_nor_counted() {
        let sections = |answers: &[(&str, &str)]| state(answers, &[(Purpose::CallBack, true)]).0;
        assert_eq!(sections(&[("a", "yes"), ("began_with", "no")]), sections(&[("a", "yes")]));
        let fields = fields(&[("a", "yes"), ("b", "no"), ("c", "yes"), ("began_with", "no")]);
        let drawn: Vec<&str> = FORM.drawn(&Answers(&fields)).map(|(_, question)| question.id).collect();
        assert_eq!(drawn, ["consent", "a", "b", "note", "c"]);
        assert!(FORM.visible(&Answers(&fields)).any(|(_, question)| question.id == "began_with"), "it is read back");
    }

    #[test]
    fn a_section_all_optional_is_not_one_that_is_pointless() {
        static OPTIONAL: Form = Form {
            sections: &[Section {
                id: "one",
                title: "Un",
                when: None,
                questions: &[Question::note("note", "Note", YES_NO).optional().show(Show::Not(&Show::Is("a", "no")))],
            }],
            ..FORM
        };
        let told = |answers: &[(&str, &str)]| {
            let fields = fields(answers);
            let filled = Filled { answers: Answers(&fields), parent: Answers(&Fields::new()), consents: &[] };
            OPTIONAL.progress(&filled).iter().map(|one| (one.drawn, one.asked, one.stage)).collect::<Vec<_>>()
        };
        assert_eq!(told(&[]), [(1, 0, Stage::Done)]);
        assert_eq!(told(&[("note", "yes")]), [(1, 1, Stage::Done)]);
        assert_eq!(told(&[("a", "no")]), [(0, 0, Stage::Done)]);
    }

    #[test]
    fn the_next_question_wraps_around() {
        assert_eq!(next(&[], None), Some("a"));
        assert_eq!(next(&[], Some("a")), Some("c"));
        assert_eq!(next(&[], Some("c")), Some("a"));
        assert_eq!(next(&[("a", "yes")], Some("c")), Some("b"));
        assert_eq!(next(&[("a", "no")], Some("nowhere")), None);
    }
}
