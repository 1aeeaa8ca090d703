//! The sign-up: under a minute, standing, with one thumb. Read by whoever signs somebody up and by somebody who signs
//! herself up on her own telephone, so nothing says « vous » to one of them only.

use super::{A_DAY, CO, CONFIDENCE, IMPORTANCE, LINE, YES_NO, edition};
use crate::form::{Bar, Choice, Form, Kind, Layout, Question, Section, Show, Wording};
use crate::people::Purpose;

pub static FORM: Form = Form {
    id: "tabac-challenger",
    version: "2026.1",
    title: "Inscription",
    credit: "Cardabelle. Les deux questions sur la dépendance sont celles du HSI (Heaviness of Smoking Index), items 1 et 4 \
             du test de Fagerström, dites plus court.",
    layout: Layout::Steps,
    sections: &[WHO, CONSENTS, SMOKING, QUITTING, ORIGIN],
};

static UNDER_FIFTEEN: Bar = Bar {
    code: "under-15",
    title: "Ne rien garder\u{202f}?",
    text: "Avant 15\u{a0}ans, il n’y a pas d’inscription et rien n’est gardé\u{a0}: ce qui vient d’être écrit est effacé. \
           Donnez le 39\u{a0}89, Tabac info service. Au stand, comptez la personne dans «\u{a0}Compter\u{a0}», sans son nom.",
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
        .bar(&UNDER_FIFTEEN),
        Question::note("who_given_name", "Prénom", Kind::OfParent("given_name")),
        Question::note("who_phone", "Téléphone", Kind::OfParent("phone"))
            .help(Wording::verified("Sans lui ni adresse électronique, personne ne peut être rappelé.")),
        Question::note("who_commune", "Commune", Kind::OfParent("commune")),
        Question::note("email", "Adresse électronique", LINE).optional().which("Quelle adresse"),
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
        Question::ask("cigarettes", "Combien de cigarettes par jour\u{202f}?", A_DAY).unverified(),
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
        .unverified(),
    ],
};

const QUITTING: Section = Section {
    id: "quitting",
    title: "L’envie, la date, le kit",
    when: None,
    questions: &[
        Question::ask("importance", "Arrêter, est-ce important\u{202f}?", IMPORTANCE).unverified(),
        Question::ask("confidence", "Et se sentir capable d’y arriver\u{202f}?", CONFIDENCE).unverified(),
        Question::ask("quit_on", "Quel jour arrêter\u{202f}?", Kind::AnyDay).optional().unverified().which("Quel jour"),
        Question::note("kit", "Kit donné", YES_NO),
        Question::note("co_ppm", "CO mesuré", CO).optional().which("Quelle mesure"),
    ],
};

/// Told by the stand: its volunteers are never asked.
const ORIGIN: Section = Section {
    id: "origin",
    title: "Par où l’inscription arrive",
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
    ],
};

const ELSEWHERE: Show = Show::IsOneOf("origin", &["practice", "pharmacy", "msp", "establishment"]);
