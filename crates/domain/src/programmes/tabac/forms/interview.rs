//! The interview by the professional of the pair: « fiche bilan simplifiée ». The items of Fagerström, of the Q-MAT and of
//! the five questions on breath are worded as their sources do; the rest is ours.

use super::{A_DAY, CO, CONFIDENCE, IMPORTANCE, LINE, PRICE, YES_NO, challenger, co_bound};
use crate::form::{Choice, Form, Kind, Layout, Question, Section, Show};

pub static FORM: Form = Form {
    id: "tabac-interview",
    version: "2026.1",
    title: "Bilan",
    credit: "Cardabelle. Test de dépendance de Fagerström en six items. Q-MAT\u{a0}: Aubin et coll., 2004, d’après e-sante.fr, \
             2011. Cinq questions sur le souffle\u{a0}: Vidal.",
    layout: Layout::Sheet,
    sections: &[DEPENDENCE, PRODUCTS, MOTIVATION, ATTEMPTS, ATTENTION, CARBON_MONOXIDE, BREATH, PLAN],
};

const DEPENDENCE: Section = Section {
    id: "dependence",
    title: "Dépendance",
    when: None,
    questions: &[
        challenger(),
        Question::ask(
            "first_cigarette",
            "Combien de temps après votre réveil fumez-vous votre première cigarette\u{202f}?",
            Kind::Choice(&[
                Choice { code: "within-5", label: "Dans les 5 premières minutes" },
                Choice { code: "6-30", label: "Entre 6 et 30 minutes" },
                Choice { code: "31-60", label: "Entre 31 et 60 minutes" },
                Choice { code: "after-60", label: "Après 60 minutes" },
            ]),
        ),
        Question::ask(
            "abstain_hard",
            "Trouvez-vous difficile de vous abstenir de fumer dans les endroits où c’est interdit\u{202f}?",
            YES_NO,
        ),
        Question::ask(
            "hardest",
            "À quelle cigarette de la journée renonceriez-vous le plus difficilement\u{202f}?",
            Kind::Choice(&[
                Choice { code: "first", label: "La première le matin" },
                Choice { code: "other", label: "N’importe quelle autre" },
            ]),
        ),
        Question::ask(
            "per_day",
            "Combien de cigarettes fumez-vous par jour en moyenne\u{202f}?",
            Kind::Choice(&[
                Choice { code: "10-or-less", label: "10 ou moins" },
                Choice { code: "11-20", label: "11 à 20" },
                Choice { code: "21-30", label: "21 à 30" },
                Choice { code: "31-more", label: "31 ou plus" },
            ]),
        ),
        Question::ask("more_morning", "Fumez-vous à un rythme plus soutenu le matin que l’après-midi\u{202f}?", YES_NO),
        Question::ask(
            "when_ill",
            "Fumez-vous lorsque vous êtes malade, au point de devoir rester au lit presque toute la journée\u{202f}?",
            YES_NO,
        ),
    ],
};

const PRODUCTS: Section = Section {
    id: "products",
    title: "Produits",
    when: None,
    questions: &[
        Question::note("cigarettes", "Cigarettes", A_DAY),
        product("rolled", "Roulées"),
        product("cigarillos", "Cigarillos ou cigares"),
        product("chicha", "Chicha"),
        product("heated", "Tabac chauffé"),
        Question::note("vaping", "Vapotage", YES_NO),
        Question::note(
            "cannabis",
            "Cannabis",
            Kind::Choice(&[
                Choice { code: "never", label: "Jamais" },
                Choice { code: "sometimes", label: "Parfois" },
                Choice { code: "weekly", label: "Chaque semaine" },
                Choice { code: "daily", label: "Chaque jour" },
            ]),
        ),
        Question::note("cast", "Score CAST", Kind::Count { unit: "", max: 24, quick: &[] })
            .optional()
            .show(Show::IsOneOf("cannabis", &["sometimes", "weekly", "daily"])),
        Question::note("pack_price", "Prix de son paquet", PRICE).optional(),
        Question::note("pouch_price", "Prix de la blague de tabac", PRICE).optional(),
        Question::note(
            "pouch_grams",
            "Grammes de la blague",
            Kind::Number { unit: "g", decimals: 0, min: 1, max: 500, compare: false },
        )
        .optional(),
        Question::note(
            "roll_grams",
            "Grammes par cigarette roulée",
            Kind::Number { unit: "g", decimals: 2, min: 10, max: 300, compare: false },
        )
        .optional(),
        Question::note("began_at", "Âge au début", YEARS),
        Question::note("age_now", "Âge aujourd’hui, sans date de naissance", YEARS).optional(),
    ],
};

const YEARS: Kind = Kind::Count { unit: "ans", max: 120, quick: &[] };

const fn product(id: &'static str, text: &'static str) -> Question {
    Question::note(id, text, Kind::Count { unit: "par jour", max: 100, quick: &[0, 1, 5, 10] }).optional()
}

const MOTIVATION: Section = Section {
    id: "motivation",
    title: "Motivation",
    when: None,
    questions: &[
        Question::ask("importance", "Arrêter, est-ce important pour vous\u{202f}?", IMPORTANCE).unverified(),
        Question::ask("confidence", "Vous sentez-vous capable d’y arriver\u{202f}?", CONFIDENCE).unverified(),
        Question::ask(
            "qmat_six_months",
            "Pensez-vous que, dans six mois\u{a0}:",
            Kind::Choice(&[
                Choice { code: "same", label: "Vous fumerez toujours autant" },
                Choice { code: "little", label: "Vous aurez diminué un peu" },
                Choice { code: "much", label: "Vous aurez beaucoup diminué" },
                Choice { code: "stopped", label: "Vous aurez arrêté" },
            ]),
        )
        .optional(),
        Question::ask(
            "qmat_want",
            "Avez-vous, actuellement, envie d’arrêter de fumer\u{202f}?",
            Kind::Choice(&[
                Choice { code: "none", label: "Pas du tout" },
                Choice { code: "little", label: "Un peu" },
                Choice { code: "much", label: "Beaucoup" },
                Choice { code: "extreme", label: "Énormément" },
            ]),
        )
        .optional(),
        Question::ask(
            "qmat_four_weeks",
            "Pensez-vous que, dans quatre semaines\u{a0}:",
            Kind::Choice(&[
                Choice { code: "same", label: "Vous fumerez toujours autant" },
                Choice { code: "little", label: "Vous aurez un peu diminué" },
                Choice { code: "much", label: "Vous aurez beaucoup diminué" },
                Choice { code: "stopped", label: "Vous aurez arrêté" },
            ]),
        )
        .optional(),
        Question::ask(
            "qmat_unhappy",
            "Vous arrive-t-il de ne pas être content(e) de fumer\u{202f}?",
            Kind::Choice(&[
                Choice { code: "never", label: "Jamais" },
                Choice { code: "sometimes", label: "Quelquefois" },
                Choice { code: "often", label: "Souvent" },
                Choice { code: "very-often", label: "Très souvent" },
            ]),
        )
        .optional(),
    ],
};

const ATTEMPTS: Section = Section {
    id: "attempts",
    title: "Essais d’arrêt",
    when: None,
    questions: &[
        Question::note("attempts", "Essais déjà faits", Kind::Count { unit: "", max: 50, quick: &[0, 1, 2, 3] }),
        Question::note("longest", "Le plus long", LINE).optional(),
        Question::note("attempt_help", "Avec quelle aide", LINE).optional(),
        Question::note("attempt_end", "Pourquoi avoir repris", LINE).optional(),
    ],
};

const ATTENTION: Section = Section {
    id: "attention",
    title: "Points d’attention",
    when: None,
    questions: &[
        Question::ask("pregnant", "Grossesse ou allaitement", YES_NO).unverified(),
        Question::ask("heart_lung", "Maladie du cœur ou des poumons", YES_NO).unverified(),
        Question::ask("depression", "Dépression", YES_NO).unverified(),
    ],
};

const CARBON_MONOXIDE: Section = Section {
    id: "co",
    title: "Monoxyde de carbone",
    when: None,
    questions: &[
        Question::note("co_ppm", "CO mesuré", CO).optional().which("Quelle mesure"),
        co_bound(0),
        co_bound(1),
        co_bound(2),
        Question::note(
            "co_hours",
            "Heures depuis la dernière cigarette",
            Kind::Count { unit: "h", max: 999, quick: &[] },
        )
        .optional(),
        Question::note("co_at", "Heure de la mesure", Kind::Text { lines: 1, max: 20 }).optional(),
        Question::note("co_device", "Appareil", LINE).optional(),
    ],
};

const BREATH: Section = Section {
    id: "breath",
    title: "Souffle",
    when: None,
    questions: &[
        Question::ask("cough", "Toussez-vous souvent (tous les jours)\u{202f}?", YES_NO),
        Question::ask("phlegm", "Avez-vous souvent une toux grasse ou qui ramène des crachats\u{202f}?", YES_NO),
        Question::ask(
            "breathless",
            "Êtes-vous plus facilement essoufflé que les personnes de votre âge\u{202f}?",
            YES_NO,
        ),
        Question::ask("over_40", "Avez-vous plus de 40\u{a0}ans\u{202f}?", YES_NO),
        Question::ask("smoked", "Avez-vous fumé ou fumez-vous\u{202f}?", YES_NO),
    ],
};

const PLAN: Section = Section {
    id: "plan",
    title: "Projet",
    when: None,
    questions: &[
        Question::note(
            "substitutes",
            "Substituts nicotiniques",
            Kind::Choice(&[
                Choice { code: "no", label: "Non" },
                Choice { code: "discussed", label: "Évoqués" },
                Choice { code: "prescribed", label: "Prescrits" },
            ]),
        ),
        prescribed("substitutes_by", "Prescrits par"),
        prescribed("substitutes_form", "Forme"),
        prescribed("substitutes_dose", "Dose choisie par le prescripteur"),
        Question::note("to_3989", "Orienté(e) vers le 39\u{a0}89", YES_NO),
        Question::note("to_gp", "Orienté(e) vers son médecin traitant", YES_NO),
        Question::note("to_tabacologue", "Orienté(e) vers un tabacologue", YES_NO),
        Question::note("to_entry", "Orienté(e) vers quelqu’un d’autre", Kind::Entry).optional(),
        Question::note("to_other", "Ou vers quelqu’un qui n’est pas dans l’annuaire", LINE).optional(),
    ],
};

const fn prescribed(id: &'static str, text: &'static str) -> Question {
    Question::note(id, text, LINE).optional().show(Show::Is("substitutes", "prescribed"))
}
