//! The sign-up: under a minute, standing, with one thumb. Read by whoever signs somebody up, and by somebody who signs
//! herself up on her own telephone: what would not be said to her is said otherwise, or is not asked.

use super::{A_DAY, CO, CONFIDENCE, IMPORTANCE, LINE, YES_NO, co_bound, edition};
use crate::form::{Bar, Choice, Form, Kind, Layout, Question, Section, Show, Wording};
use crate::people::Purpose;

pub static FORM: Form = Form {
    id: "tabac-challenger",
    version: "2026.1",
    title: "Inscription",
    credit: "Cardabelle. Les deux questions sur la dépendance sont celles du HSI (Heaviness of Smoking Index), items 1 et 4 \
             du test de Fagerström, dites plus court.",
    layout: Layout::Steps,
    sections: &[WHO, CONSENTS, SMOKING, QUITTING, DONE],
};

static UNDER_FIFTEEN: Bar = Bar {
    code: "under-15",
    title: "Ne rien garder\u{202f}?",
    text: "Avant 15\u{a0}ans, il n’y a pas d’inscription et rien n’est gardé\u{a0}: ce qui vient d’être écrit est effacé. \
           Donnez le 39\u{a0}89, Tabac info service. Au stand, comptez la personne dans «\u{a0}Compter\u{a0}», sans son nom.",
    alone: "Avant 15\u{a0}ans, vous ne pouvez pas vous inscrire ici et rien n’est gardé\u{a0}: ce que vous venez d’écrire est \
            effacé. Vous pouvez en parler à une personne de confiance, ou appeler le 39\u{a0}89, Tabac info service.",
};

const WHO: Section = Section {
    id: "who",
    title: "Le nom et le téléphone",
    when: None,
    questions: &[
        Question::ask(
            "age",
            "Quel âge\u{202f}?",
            Kind::Choice(&[
                Choice { code: "under-15", label: "Moins de 15\u{a0}ans" },
                Choice { code: "15-17", label: "15 à 17\u{a0}ans" },
                Choice { code: "adult", label: "18\u{a0}ans ou plus" },
            ]),
        )
        .alone("Quel âge avez-vous\u{202f}?")
        .bar(&UNDER_FIFTEEN),
        Question::note("who_given_name", "Prénom", Kind::OfParent("given_name")).alone("Votre prénom"),
        Question::note("who_phone", "Téléphone", Kind::OfParent("phone"))
            .alone("Votre numéro de téléphone")
            .help(Wording::verified("Sans lui ni adresse électronique, personne ne peut être rappelé."))
            .alone_help(Wording::verified("Sans lui ni adresse électronique, personne ne pourra vous joindre.")),
        Question::note("who_commune", "Commune", Kind::OfParent("commune")).alone("Votre commune"),
        Question::note("email", "Adresse électronique", LINE)
            .alone("Votre adresse électronique, si vous préférez")
            .optional()
            .which("Quelle adresse"),
    ],
};

const CONSENTS: Section = Section {
    id: "consents",
    title: "Les accords",
    when: None,
    questions: &[
        Question::ask(
            "consent_call",
            "Acceptez-vous d’être rappelé(e), et que vos réponses soient gardées dans l’outil de la CPTS\u{202f}?",
            Kind::Consent(&[Purpose::Record, Purpose::CallBack]),
        )
        .help(Wording::verified("Sans cet accord, rien n’est gardé.")),
        Question::ask("consent_draw", Purpose::Draw.question(), Kind::Consent(&[Purpose::Draw]))
            .show(Show::Is("age", "adult")),
        Question::ask(
            "consent_share",
            "Acceptez-vous que vos réponses soient partagées avec le professionnel qui vous accompagnera\u{202f}? \
             Son nom vous sera dit.",
            Kind::Consent(&[Purpose::ShareNamed]),
        ),
    ],
};

const SMOKING: Section = Section {
    id: "smoking",
    title: "Le tabac",
    when: None,
    questions: &[
        Question::ask("cigarettes", "Combien de cigarettes par jour\u{202f}?", A_DAY)
            .unverified()
            .alone("Combien de cigarettes fumez-vous par jour\u{202f}?"),
        Question::ask(
            "first_cigarette",
            "La première, combien de temps après le réveil\u{202f}?",
            Kind::Choice(&[
                Choice { code: "within-5", label: "5\u{a0}min ou moins" },
                Choice { code: "6-30", label: "6 à 30\u{a0}min" },
                Choice { code: "31-60", label: "31 à 60\u{a0}min" },
                Choice { code: "after-60", label: "Plus tard" },
            ]),
        )
        .unverified()
        .alone("Combien de temps après votre réveil fumez-vous la première\u{202f}?"),
    ],
};

/// The day comes first: it may stay as it is proposed, hence nothing else would bring it in sight.
const QUITTING: Section = Section {
    id: "quitting",
    title: "La date et l’envie",
    when: None,
    questions: &[
        Question::ask("quit_on", "Quel jour arrêter\u{202f}?", Kind::AnyDay)
            .optional()
            .unverified()
            .alone("Quel jour voulez-vous arrêter\u{202f}?")
            .soon()
            .which("Quel jour"),
        Question::ask("importance", "Arrêter, est-ce important\u{202f}?", IMPORTANCE)
            .unverified()
            .alone("Arrêter, est-ce important pour vous\u{202f}?"),
        Question::ask("confidence", "Et se sentir capable d’y arriver\u{202f}?", CONFIDENCE)
            .unverified()
            .alone("Vous sentez-vous capable d’y arriver\u{202f}?"),
    ],
};

/// A stand tells where by itself: its volunteers are never asked. Whoever is alone with her telephone is given no kit, and
/// measures nothing.
const DONE: Section = Section {
    id: "origin",
    title: "Ce qui est fait",
    when: None,
    questions: &[
        edition(),
        Question::note(
            "origin",
            "Inscription faite",
            Kind::Choice(&[
                Choice { code: "stand", label: "Sur un stand" },
                Choice { code: "practice", label: "Au cabinet" },
                Choice { code: "pharmacy", label: "À la pharmacie" },
                Choice { code: "msp", label: "À la maison de santé" },
                Choice { code: "establishment", label: "En établissement" },
                Choice { code: "qr", label: "Sur son téléphone" },
            ]),
        )
        .known(),
        Question::note("stand", "Stand", Kind::Link("tabac-stand"))
            .known()
            .show(Show::IsOneOf("origin", &["stand", "qr"]))
            .which("Quel stand"),
        Question::note("structure", "Structure qui inscrit", LINE).optional().show(ELSEWHERE),
        Question::note("staff", "Travaille dans cette structure", YES_NO).optional().show(ELSEWHERE),
        Question::note("kit", "Kit donné", YES_NO).show(FACE_TO_FACE),
        Question::note("co_ppm", "CO mesuré", CO).optional().show(FACE_TO_FACE).which("Quelle mesure"),
        co_bound(0),
        co_bound(1),
        co_bound(2),
    ],
};

const ELSEWHERE: Show = Show::IsOneOf("origin", &["practice", "pharmacy", "msp", "establishment"]);
const FACE_TO_FACE: Show = Show::Not(&Show::Is("origin", "qr"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fields;
    use crate::form::{Answers, Need};

    fn asked(origin: &str) -> Vec<&'static Question> {
        let fields = Fields::from([("origin".to_owned(), origin.into()), ("age".to_owned(), "adult".into())]);
        let answers = Answers(&fields);
        let questions = FORM.visible(&answers).map(|(_, question)| question);
        questions.filter(|question| !matches!(question.need, Need::Known | Need::Unasked)).collect()
    }

    #[test]
    fn whoever_is_alone_with_her_telephone_is_asked_what_she_can_answer() {
        let ids = |origin| asked(origin).iter().map(|question| question.id).collect::<Vec<_>>();
        let (at_stand, alone) = (ids("stand"), ids("qr"));
        let [kit, co] = ["kit", "co_ppm"];
        assert!(at_stand.contains(&kit) && at_stand.contains(&co));
        let hers: Vec<&str> = at_stand.into_iter().filter(|id| ![kit, co].contains(id)).collect();
        assert_eq!(alone, hers, "and all the rest");
        assert!(ids("practice").contains(&"structure") && !alone.contains(&"structure"));
    }

    #[test]
    fn she_is_spoken_to() {
        for question in asked("qr") {
            let words = question.words(true).text;
            let to_her = ["vous", "votre", "souhaitez"].iter().any(|word| words.to_lowercase().contains(word));
            assert!(to_her, "{words}");
            for told in [Some(question.words(true)), question.hint(true)].into_iter().flatten() {
                let of_her = ["personne du stand", "lui demander", "son prénom", "son téléphone"];
                assert!(!of_her.iter().any(|word| told.text.to_lowercase().contains(word)), "{}", told.text);
            }
        }
        assert!(!UNDER_FIFTEEN.alone.contains("Compter"), "nobody counts there");
        assert_eq!(asked("qr")[0].words(false).text, FORM.questions().next().expect("a question").1.label.text);
    }
}
