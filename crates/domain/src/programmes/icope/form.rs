//! `icope-step1`, version `2019-fr.1`. Wordings are those of the sheet, inclusive forms included; those that could not
//! be read there are `unverified`, so that a territory can correct them.

use super::words::{THREE_WORDS, WHISPERED};
use crate::form::{Choice, Form, Kind, Layout, Question, Section, Show, Wording};
use crate::people::Purpose;

pub static FORM: Form = Form {
    id: "icope-step1",
    version: "2019-fr.1",
    title: "Repérage ICOPE",
    credit: "ICOPE Step 1. D’après «\u{a0}Integrated Care for Older People\u{a0}», Organisation mondiale de la Santé, 2019, \
             licence CC BY-NC-SA 3.0 IGO. Programme français\u{a0}: Gérontopôle de Toulouse. Cette traduction n’a pas été \
             établie par l’Organisation mondiale de la Santé (OMS). L’OMS n’est pas responsable du contenu ni de \
             l’exactitude de cette traduction.",
    layout: Layout::Sheet,
    sections: &[BEFORE, COGNITION, MOBILITY, NUTRITION, VISION, HEARING, MOOD, RECALL],
};

const YES_NO: Kind = Kind::Choice(Choice::YES_NO);

/// What needs an examiner is not asked of a person alone: it stays not assessed, and is told to the professional.
const WITH_EXAMINER: Show = Show::Not(&Show::Is("mode", "self"));

const BEFORE: Section = Section {
    id: "before",
    title: "Avant de commencer",
    when: None,
    questions: &[
        Question::note(
            "place",
            "Lieu",
            Kind::Choice(&[
                Choice { code: "home", label: "Domicile" },
                Choice { code: "office", label: "Cabinet" },
                Choice { code: "pharmacy", label: "Officine" },
                Choice { code: "stand", label: "Stand" },
                Choice { code: "other", label: "Autre" },
            ]),
        ),
        Question::note(
            "mode",
            "Qui remplit\u{202f}?",
            Kind::Choice(&[
                Choice { code: "professional", label: "Un professionnel" },
                Choice { code: "relative", label: "Un proche" },
                Choice { code: "self", label: "La personne elle-même" },
            ]),
        ),
        Question::note("helper", "Un aidant est-il présent\u{202f}?", YES_NO),
        consent("consent_inform_gp", &[Purpose::InformGp]),
        consent("consent_call_back", &[Purpose::CallBack]),
        consent("consent_share_named", &[Purpose::ShareNamed]),
        consent("consent_statistics", &[Purpose::Statistics]),
    ],
};

const fn consent(id: &'static str, purposes: &'static [Purpose; 1]) -> Question {
    Question::ask(id, purposes[0].question(), Kind::Consent(purposes))
}

const COGNITION: Section = Section {
    id: "cognition",
    title: "Cognition",
    when: None,
    questions: &[
        Question::ask(
            "memory_complaint",
            "Avez-vous des problèmes de mémoire ou d’orientation\u{202f}? (par exemple ne pas savoir quel jour on est)",
            YES_NO,
        ),
        Question::ask(
            "memory_worse",
            "Ces troubles se sont-ils aggravés au cours des six derniers mois\u{202f}?",
            YES_NO,
        )
        .show(Show::Is("memory_complaint", "yes")),
        Question::ask("words", "Trois mots à retenir", Kind::Words { lists: THREE_WORDS, seconds: 10 })
            .unverified()
            .help(Wording::unverified("Les mots disparaissent. Ils seront redemandés à la fin.")),
        orientation("orientation_year", "En quelle année sommes-nous\u{202f}?"),
        orientation("orientation_month", "En quel mois sommes-nous\u{202f}?"),
        orientation("orientation_day", "Quel jour du mois sommes-nous\u{202f}?"),
        orientation("orientation_weekday", "Quel jour de la semaine sommes-nous\u{202f}?"),
        Question::ask("orientation_place", "Où sommes-nous\u{202f}?", RIGHT_WRONG),
    ],
};

const RIGHT_WRONG: Kind =
    Kind::Choice(&[Choice { code: "right", label: "Juste" }, Choice { code: "wrong", label: "Faux" }]);

/// The sheet gives the four parts of the date, not the sentences.
const fn orientation(id: &'static str, text: &'static str) -> Question {
    Question::ask(id, text, RIGHT_WRONG)
        .unverified()
        .help(Wording::verified("Cet appareil indique\u{a0}: {today}. C’est vous qui décidez."))
}

const MOBILITY: Section = Section {
    id: "mobility",
    title: "Mobilité",
    when: None,
    questions: &[
        Question::note("chair_safe", "Le lever de chaise peut-il être essayé aujourd’hui\u{202f}?", YES_NO)
            .show(WITH_EXAMINER)
            .unverified(),
        Question::ask(
            "chair_result",
            "Se lever cinq fois d’une chaise, bras croisés sur le thorax",
            Kind::Choice(&[
                Choice { code: "done", label: "Fait" },
                Choice { code: "could-not", label: "N’a pas pu" },
                Choice { code: "refused", label: "Refusé" },
                Choice { code: "unsafe", label: "Pas prudent aujourd’hui" },
            ]),
        )
        .show(Show::All(&[WITH_EXAMINER, Show::Is("chair_safe", "yes")])),
        Question::note(
            "chair_time",
            "Temps pour cinq levers",
            Kind::Stopwatch {
                instruction: "Se lever cinq fois d’une chaise, bras croisés sur le thorax",
                stop: "au cinquième lever",
            },
        )
        .show(CHAIR_DONE),
        Question::note("chair_arms", "La personne s’est-elle aidée de ses bras\u{202f}?", YES_NO).show(CHAIR_DONE),
    ],
};

const CHAIR_DONE: Show = Show::All(&[WITH_EXAMINER, Show::Is("chair_safe", "yes"), Show::Is("chair_result", "done")]);

const NUTRITION: Section = Section {
    id: "nutrition",
    title: "Nutrition",
    when: None,
    questions: &[
        Question::ask(
            "weight_loss",
            "Avez-vous perdu plus de 3\u{a0}kg sans le vouloir au cours des 3\u{a0}derniers mois\u{202f}?",
            Kind::Choice(Choice::YES_NO_UNKNOWN),
        )
        .unverified(),
        Question::ask("appetite_loss", "Avez-vous perdu de l’appétit récemment\u{202f}?", YES_NO),
        Question::note(
            "weight",
            "Poids aujourd’hui",
            Kind::Number { unit: "kg", decimals: 1, min: 200, max: 3000, compare: true },
        )
        .which("Quel poids")
        .optional(),
    ],
};

const VISION: Section = Section {
    id: "vision",
    title: "Vision",
    when: None,
    questions: &[
        Question::ask("vision_far", "Avez-vous des difficultés pour voir de loin\u{202f}?", YES_NO),
        Question::ask("vision_near", "Avez-vous des difficultés pour lire\u{202f}?", YES_NO),
        Question::note("glasses", "Est-ce corrigé par des lunettes\u{202f}?", YES_NO)
            .show(Show::Any(&[Show::Is("vision_far", "yes"), Show::Is("vision_near", "yes")])),
        Question::ask("eye_disease", "Avez-vous une maladie des yeux\u{202f}?", YES_NO),
        Question::ask("eye_treatment", "Avez-vous un traitement pour un diabète ou une hypertension\u{202f}?", YES_NO)
            .unverified(),
    ],
};

const HEARING: Section = Section {
    id: "hearing",
    title: "Audition",
    when: None,
    questions: &[
        Question::note(
            "hearing_method",
            "Méthode",
            Kind::Choice(&[
                Choice { code: "whisper", label: "Chuchotement" },
                Choice { code: "audiometry", label: "Audiométrie" },
                Choice { code: "digits-in-noise", label: "Chiffres dans le bruit" },
                Choice { code: "other", label: "Autre" },
            ]),
        )
        .show(WITH_EXAMINER),
        ear("hearing_right", "Oreille droite"),
        ear("hearing_left", "Oreille gauche"),
        Question::note("hearing_aid", "Un appareil auditif est-il porté\u{202f}?", YES_NO),
    ],
};

const fn ear(id: &'static str, text: &'static str) -> Question {
    Question::note(
        id,
        text,
        Kind::Whisper {
            options: &[
                Choice { code: "heard", label: "Entendu" },
                Choice { code: "not-heard", label: "Non entendu" },
                Choice { code: "not-done", label: "Non fait" },
            ],
            words: WHISPERED,
        },
    )
    .show(WITH_EXAMINER)
    .help(Wording::unverified(
        "À longueur de bras, derrière la personne, l’autre oreille bouchée. Entendu si plus de trois mots sont répétés.",
    ))
}

const MOOD: Section = Section {
    id: "mood",
    title: "Humeur",
    when: None,
    questions: &[
        Question::ask(
            "mood_down",
            "Au cours des deux dernières semaines, vous êtes-vous senti(e) déprimé(e) ou sans espoir\u{202f}?",
            YES_NO,
        ),
        Question::ask(
            "mood_interest",
            "Au cours des deux dernières semaines, avez-vous eu peu d’intérêt ou de plaisir à faire les choses\u{202f}?",
            YES_NO,
        )
        .unverified(),
    ],
};

const RECALL: Section = Section {
    id: "recall",
    title: "Rappel des mots",
    when: Some("à la fin"),
    questions: &[
        Question::ask("recall", "Quels étaient les trois mots\u{202f}?", Kind::Recall { of: "words" }).unverified()
    ],
};
