//! One November: its dates, its prices, and what the coordination chooses. What it leaves empty is the choice of the house.

use super::{CO, CREDIT, LINE, PRICE, YES_NO};
use crate::form::{Form, Kind, Layout, Question, Section, Wording};

pub static FORM: Form = Form {
    id: "tabac-edition",
    version: "2026.1",
    title: "Édition",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[EDITION, DRAW, COUNTING, CALLS, CARBON_MONOXIDE, WORDS],
};

const EDITION: Section = Section {
    id: "edition",
    title: "Édition",
    when: None,
    questions: &[
        Question::note("year", "Année", Kind::Number { unit: "", decimals: 0, min: 2020, max: 2099, compare: false })
            .which("Quelle année"),
        Question::note("starts", "Premier jour du défi", Kind::AnyDay).which("Quel premier jour"),
        Question::note("ends", "Dernier jour du défi", Kind::AnyDay).which("Quel dernier jour"),
        Question::note("pack_price", "Prix du paquet de 20", PRICE)
            .which("Quel prix")
            .help(Wording::unverified("Pour qui ne donne pas le sien. 13,50\u{a0}€ au 1ᵉʳ\u{a0}janvier 2026.")),
        Question::note("pack_brand", "Marque de ce prix", LINE).optional(),
    ],
};

const DRAW: Section = Section {
    id: "draw",
    title: "Tirage au sort",
    when: None,
    questions: &[
        Question::note("draw_on", "Jour du tirage", Kind::AnyDay).optional().which("Quel jour"),
        Question::note("draw_prizes", "Nombre de lots", Kind::Count { unit: "", max: 99, quick: &[1, 3, 5, 10] })
            .optional(),
    ],
};

const COUNTING: Section = Section {
    id: "counting",
    title: "Ce qui compte comme fumer",
    when: None,
    questions: &[
        counts("cigarillos_count", "Cigarillos et cigares"),
        counts("chicha_counts", "Chicha"),
        counts("heated_counts", "Tabac chauffé"),
        Question::note("m12", "Un appel à 12\u{a0}mois", YES_NO).optional(),
    ],
};

const fn counts(id: &'static str, text: &'static str) -> Question {
    Question::note(id, text, YES_NO).optional().help(Wording::unverified("Sans réponse\u{a0}: oui."))
}

const CALLS: Section = Section {
    id: "calls",
    title: "Quand appeler",
    when: None,
    questions: &[
        days("j0_after", "J0, jours après", "Sans réponse\u{a0}: 1."),
        days("j7_before", "J7, jours avant", "Sans réponse\u{a0}: 2."),
        days("j7_after", "J7, jours après", "Sans réponse\u{a0}: 3."),
        days("j15_around", "J15, jours avant et après", "Sans réponse\u{a0}: 3."),
        days("j30_around", "J30, jours avant et après", "Sans réponse\u{a0}: 5."),
        days("m3_around", "3\u{a0}mois, jours avant et après", "Sans réponse\u{a0}: 14."),
        days("m6_around", "6\u{a0}mois, jours avant et après", "Sans réponse\u{a0}: 30."),
        days("m12_around", "12\u{a0}mois, jours avant et après", "Sans réponse\u{a0}: 30."),
    ],
};

const fn days(id: &'static str, text: &'static str, house: &'static str) -> Question {
    let days = Kind::Count { unit: "jours", max: 60, quick: &[] };
    Question::note(id, text, days).optional().help(Wording::unverified(house))
}

const CARBON_MONOXIDE: Section = Section {
    id: "co",
    title: "Monoxyde de carbone",
    when: None,
    questions: &[
        band("co_first", "Premier palier, jusqu’à", "Sans réponse\u{a0}: 5\u{a0}ppm."),
        band("co_second", "Deuxième palier, jusqu’à", "Sans réponse\u{a0}: 9\u{a0}ppm."),
        band("co_third", "Troisième palier, jusqu’à", "Sans réponse\u{a0}: 20\u{a0}ppm."),
    ],
};

const fn band(id: &'static str, text: &'static str, house: &'static str) -> Question {
    Question::note(id, text, CO).optional().help(Wording::unverified(house))
}

const WORDS: Section = Section {
    id: "words",
    title: "Encouragements",
    when: None,
    questions: &[
        say("say_j0", "Le premier jour"),
        say("say_j7", "À J7"),
        say("say_j15", "À J15"),
        say("say_j30", "À J30"),
        say("say_m3", "À 3\u{a0}mois"),
        say("say_m6", "À 6\u{a0}mois"),
        say("say_slip", "Après quelques cigarettes"),
    ],
};

const fn say(id: &'static str, text: &'static str) -> Question {
    Question::note(id, text, Kind::Text { lines: 4, max: 600 }).optional()
}
