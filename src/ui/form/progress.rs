//! How far the form is, question by question and section by section.

use domain::Fields;
use domain::form::{Answers, Filled, Form, Need, Progress, Question, Stage};
use domain::french::counted;
use domain::people::Purpose;

/// One question the answers call for, and whether it has its answer.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub section: &'static str,
    pub question: &'static Question,
    pub answered: bool,
}

impl Asked {
    #[must_use]
    pub fn missing(&self) -> bool {
        self.question.need != Need::Optional && !self.answered
    }
}

/// Questions are static: two are the same when their names are.
impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.question.id == other.question.id && self.answered == other.answered
    }
}

/// What is answered so far: in the record, in the one it hangs on, by the consents of the person.
#[must_use]
pub fn filled<'a>(answers: &'a Fields, above: &'a Fields, consents: &'a [(Purpose, bool)]) -> Filled<'a> {
    Filled { answers: Answers(answers), parent: Answers(above), consents }
}

/// The questions whose answer was there before anybody was asked: they are not drawn.
#[must_use]
pub fn known(form: &'static Form, filled: &Filled<'_>) -> Vec<&'static str> {
    let all = form.questions().map(|(_, question)| question);
    all.filter(|question| question.need == Need::Known && question.answered(filled))
        .map(|question| question.id)
        .collect()
}

/// What the answers call for, in the order of the form.
#[must_use]
pub fn asked(form: &'static Form, filled: &Filled<'_>) -> Vec<Asked> {
    form.drawn(&filled.answers)
        .map(|(section, question)| Asked { section: section.id, question, answered: question.answered(filled) })
        .collect()
}

/// The next question without an answer after this one, past the end and around.
#[must_use]
pub fn next_missing(asked: &[Asked], after: Option<&str>) -> Option<&'static str> {
    let start =
        after.and_then(|id| asked.iter().position(|one| one.question.id == id)).map_or(0, |position| position + 1);
    let (before, from) = asked.split_at(start);
    from.iter().chain(before).find(|one| one.missing()).map(|one| one.question.id)
}

/// « complet », « 1 réponse sur 2 », or what the form says of a section still to come.
#[must_use]
pub fn stage_text(progress: &Progress) -> String {
    match (progress.stage, progress.section.when) {
        (Stage::Done, _) if progress.drawn == 0 => "sans objet".into(),
        (Stage::Done, _) if progress.asked == 0 => "rien n’est noté".into(),
        (Stage::Done, _) => "complet".into(),
        (Stage::Todo, Some(when)) => when.into(),
        _ => answered_text(progress),
    }
}

/// « 1 réponse sur 2 »
#[must_use]
pub fn answered_text(progress: &Progress) -> String {
    format!("{} sur\u{a0}{}", counted(progress.answered, "réponse", "réponses"), progress.asked)
}

#[cfg(test)]
mod tests {
    use domain::form::{Choice, Kind, Layout, Section, Show};

    use super::*;

    static FORM: Form = Form {
        id: "test",
        version: "1",
        title: "",
        credit: "",
        layout: Layout::Sheet,
        sections: &[Section {
            id: "one",
            title: "Un",
            when: Some("à la fin"),
            questions: &[
                Question::ask("a", "A", Kind::Choice(Choice::YES_NO)),
                Question::ask("b", "B", Kind::Choice(Choice::YES_NO)).show(Show::Is("a", "yes")),
                Question::ask("c", "C", Kind::Choice(Choice::YES_NO)),
            ],
        }],
    };

    fn fields(answers: &[(&str, &str)]) -> Fields {
        answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
    }

    #[test]
    fn the_next_missing_question_goes_around() {
        let (answers, none) = (fields(&[("a", "yes"), ("c", "no")]), Fields::new());
        let asked = asked(&FORM, &filled(&answers, &none, &[]));
        assert_eq!(asked.len(), 3);
        assert_eq!(next_missing(&asked, Some("c")), Some("b"));
        assert_eq!(next_missing(&asked, Some("b")), Some("b"));
        assert_eq!(next_missing(&asked, None), Some("b"));
    }

    #[test]
    fn what_was_known_is_not_asked_and_what_is_unknown_is() {
        static BEGUN: Form = Form {
            sections: &[Section {
                id: "one",
                title: "Un",
                when: None,
                questions: &[
                    Question::ask("a", "A", Kind::Choice(Choice::YES_NO)).known(),
                    Question::ask("b", "B", Kind::Choice(Choice::YES_NO)).known(),
                    Question::ask("c", "C", Kind::OfParent("phone")),
                ],
            }],
            ..FORM
        };
        let (answers, above) = (fields(&[("a", "yes"), ("c", "yes")]), fields(&[("phone", "0536490112")]));
        let filled = filled(&answers, &above, &[]);
        assert_eq!(known(&BEGUN, &filled), ["a"]);
        let answered = |id: &str| asked(&BEGUN, &filled).iter().any(|one| one.question.id == id && !one.missing());
        assert!(!answered("b") && answered("c"), "the second is asked, the third is kept above");
    }

    #[test]
    fn a_section_is_told_in_words() {
        let text = |answers: &[(&str, &str)]| {
            let fields = fields(answers);
            stage_text(&FORM.progress(&filled(&fields, &Fields::new(), &[]))[0])
        };
        assert_eq!(text(&[]), "à la fin");
        assert_eq!(text(&[("a", "no")]), "1\u{a0}réponse sur\u{a0}2");
        assert_eq!(text(&[("a", "no"), ("c", "no")]), "complet");
    }

    #[test]
    fn a_section_that_may_stay_empty_is_told_from_one_without_object() {
        static OPTIONAL: Form = Form {
            sections: &[Section {
                id: "one",
                title: "Un",
                when: None,
                questions: &[
                    Question::note("a", "A", Kind::Choice(Choice::YES_NO))
                        .optional()
                        .show(Show::Not(&Show::Is("b", "no"))),
                    Question::note("known", "B", Kind::Choice(Choice::YES_NO)).unasked(),
                ],
            }],
            ..FORM
        };
        let text = |answers: &[(&str, &str)]| {
            let fields = fields(answers);
            stage_text(&OPTIONAL.progress(&filled(&fields, &Fields::new(), &[]))[0])
        };
        assert_eq!(text(&[]), "rien n’est noté");
        assert_eq!(text(&[("known", "yes")]), "rien n’est noté", "what it began with is nothing she answered");
        assert_eq!(text(&[("a", "yes")]), "complet");
        assert_eq!(text(&[("b", "no")]), "sans objet");
    }
}
