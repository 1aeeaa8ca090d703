//! One call, or one try. What is asked of whoever answers is read by the rules as what she said, never as a judgement.

use super::{CO, CREDIT, PRICE, YES_NO, challenger, co_bound};
use crate::form::{Choice, Form, Kind, Layout, Question, Section, Show, Wording};

pub static FORM: Form = Form {
    id: "tabac-call",
    version: "2026.1",
    title: "Appel",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[CALL, SINCE, NOW, NEXT],
};

const REACHED: Show = Show::Is("outcome", "reached");
const SMOKED: Show = Show::All(&[REACHED, Show::IsOneOf("smoked_since", &["counted", "more-than-5"])]);

const CALL: Section = Section {
    id: "call",
    title: "Appel",
    when: None,
    questions: &[
        challenger(),
        Question::note(
            "step",
            "Étape",
            Kind::Choice(&[
                Choice { code: "j0", label: "J0" },
                Choice { code: "j7", label: "J7" },
                Choice { code: "j15", label: "J15" },
                Choice { code: "j30", label: "J30" },
                Choice { code: "m3", label: "3\u{a0}mois" },
                Choice { code: "m6", label: "6\u{a0}mois" },
                Choice { code: "m12", label: "12\u{a0}mois" },
            ]),
        )
        .known()
        .which("Quelle étape"),
        Question::note("called_on", "Jour de l’appel", Kind::Date).which("Quel jour"),
        Question::note(
            "outcome",
            "Au téléphone",
            Kind::Choice(&[
                Choice { code: "reached", label: "Joint(e)" },
                Choice { code: "not-reached", label: "Pas de réponse" },
                Choice { code: "refused", label: "Ne souhaite pas répondre" },
                Choice { code: "wrong-number", label: "Mauvais numéro" },
                Choice { code: "moved", label: "A déménagé" },
                Choice { code: "dead", label: "Décès" },
            ]),
        ),
        Question::note("traceable", "Un numéro ou une adresse permet encore de joindre la personne\u{202f}?", YES_NO)
            .show(Show::Is("outcome", "moved")),
    ],
};

const SINCE: Section = Section {
    id: "since",
    title: "Depuis le dernier contact",
    when: None,
    questions: &[
        Question::ask(
            "smoked_since",
            "Depuis le dernier contact, avez-vous fumé\u{202f}?",
            Kind::Choice(&[
                Choice { code: "none", label: "Aucune cigarette" },
                Choice { code: "counted", label: "Un nombre connu" },
                Choice { code: "more-than-5", label: "Plus de 5, je ne sais plus" },
            ]),
        )
        .unverified()
        .help(Wording::unverified(
            "Au premier appel\u{a0}: depuis la date d’arrêt. Les roulées comptent, le vapotage non.",
        ))
        .show(REACHED),
        Question::ask("cigarettes", "Combien exactement\u{202f}?", SINCE_THEN)
            .unverified()
            .show(Show::All(&[REACHED, Show::Is("smoked_since", "counted")])),
        Question::ask("days_smoked", "Combien de jours avec au moins une\u{202f}?", DAYS).unverified().show(SMOKED),
        Question::ask("first_cigarette_on", "Quand a été la première\u{202f}?", Kind::Date)
            .unverified()
            .optional()
            .show(SMOKED),
        Question::ask(
            "other_tobacco",
            "Un autre tabac depuis\u{202f}?",
            Kind::Choice(&[
                Choice { code: "none", label: "Aucun" },
                Choice { code: "cigarillos", label: "Cigarillos ou cigares" },
                Choice { code: "chicha", label: "Chicha" },
                Choice { code: "heated", label: "Tabac chauffé" },
                Choice { code: "several", label: "Plusieurs" },
            ]),
        )
        .unverified()
        .show(REACHED),
    ],
};

/// The first five are those that do not end the challenge.
const SINCE_THEN: Kind = Kind::Count { unit: "", max: 9_999, quick: &[1, 2, 3, 5] };
const DAYS: Kind = Kind::Count { unit: "jours", max: 400, quick: &[1, 2, 3] };

const NOW: Section = Section {
    id: "now",
    title: "Aujourd’hui",
    when: None,
    questions: &[
        Question::ask("smoked_7_days", "Avez-vous fumé ces 7 derniers jours\u{202f}?", YES_NO)
            .unverified()
            .show(REACHED),
        Question::ask("per_day_now", "Combien par jour maintenant\u{202f}?", super::A_DAY)
            .unverified()
            .show(Show::All(&[REACHED, Show::Is("smoked_7_days", "yes")])),
        Question::ask("substitutes", "Prenez-vous des substituts\u{202f}?", YES_NO).unverified().show(REACHED),
        Question::ask("substitutes_cost", "Payés depuis le dernier contact", PRICE)
            .unverified()
            .optional()
            .show(Show::All(&[REACHED, Show::Is("substitutes", "yes")])),
        Question::ask("vaping", "Vapotez-vous\u{202f}?", YES_NO).unverified().show(REACHED),
        Question::ask(
            "craving",
            "Votre envie de fumer, aujourd’hui\u{202f}?",
            Kind::Scale { low: "Aucune", high: "Très forte" },
        )
        .unverified()
        .show(REACHED),
        Question::note("co_ppm", "CO mesuré", CO).optional().show(REACHED).which("Quelle mesure"),
        co_bound(0).show(REACHED),
        co_bound(1).show(REACHED),
        co_bound(2).show(REACHED),
    ],
};

const NEXT: Section = Section {
    id: "next",
    title: "À retenir",
    when: None,
    questions: &[
        Question::note("note", "Note", Kind::Text { lines: 3, max: 600 }).optional(),
        Question::note("next_on", "Rappeler le", Kind::AnyDay).optional().soon(),
    ],
};
