//! Moi(s) sans tabac: stands, challengers and the professionals they are paired with, calls, honest results, a draw.

pub mod calls;
pub mod challenge;
pub mod draw;
pub mod duplicates;
pub mod figures;
pub mod forms;
pub mod health;
pub mod keeping;
#[cfg(test)]
mod made_up;
pub mod money;
pub mod plan;
mod prefill;
pub mod progress;
pub mod results;
mod rules;
pub mod settings;
#[cfg(test)]
mod truth;

use crate::Glyph;
use crate::people::Role;
use crate::programme::{
    Cell, Column, Gathers, List, Order, Programme, RecordKind, Settled, Settles, Task, Tile, View, When,
};
use crate::record::FINISHED_AT;

pub use rules::{CO_FIELDS, co_band, co_bounds};

pub static PROGRAMME: Programme = Programme {
    id: "tabac",
    name: "Sans tabac",
    glyph: Glyph::SmokeFree,
    tile: Tile { verb: "Inscrire", place: "au défi", starts: "tabac-challenger" },
    records: &[&EDITION, &STAND, &TALLY, &SESSION, &CHALLENGER, &INTERVIEW, &CALL, &MOVE, &PAIR, &ATTENDANCE, &DRAW],
    lists: &[STANDS, SESSIONS, EDITIONS],
    tasks: &[Task {
        id: "tabac-call",
        label: "Appel",
        kind: "tabac-call",
        when: When::Planned(plan::calls),
        view: Some("appels"),
    }],
    views: &[
        View { id: "appels", title: "Appels du jour", glyph: Glyph::Phone, readers: FOLLOWERS },
        View { id: "challengers", title: "Challengers", glyph: Glyph::People, readers: FOLLOWERS },
        // Of one challenger, led to from her line: the hub names it to nobody.
        View { id: "challenger", title: "Où en est le défi", glyph: Glyph::SmokeFree, readers: &[] },
        View { id: "tirage", title: "Tirage au sort", glyph: Glyph::Table, readers: &[Role::Coordinator] },
        View { id: "bilan", title: "Résultats et bilan", glyph: Glyph::Chart, readers: &[Role::Coordinator] },
    ],
    venue: Some("tabac-stand"),
};

const FOLLOWERS: &[Role] = &[Role::Professional, Role::Coordinator];

/// One November.
pub static EDITION: RecordKind = RecordKind {
    id: "tabac-edition",
    one: "édition",
    the: "l’édition",
    start: "Préparer une édition",
    ends: "Enregistrer",
    forms: &[&forms::edition::FORM],
    writers: &[Role::Coordinator],
    common: &[Role::Professional, Role::Coordinator, Role::Administrator, Role::Sentinel],
    called: &["year"],
    prefill: Some(prefill::edition),
    // Every count and every sign-up names one.
    kept: true,
    ..RecordKind::PLAIN
};

/// One day somewhere.
pub static STAND: RecordKind = RecordKind {
    id: "tabac-stand",
    one: "stand",
    the: "le stand",
    start: "Préparer un stand",
    ends: "Enregistrer",
    forms: &[&forms::stand::FORM],
    writers: FOLLOWERS,
    common: COMMON,
    called: &["place", "on"],
    prefill: Some(prefill::stand),
    ..RecordKind::PLAIN
};

const COMMON: &[Role] = &[Role::Professional, Role::Coordinator, Role::Administrator];

/// What one device counted at a stand.
pub static TALLY: RecordKind = RecordKind {
    id: "tabac-tally",
    one: "comptage",
    the: "le comptage",
    start: "Compter",
    parent: Some("tabac-stand"),
    forms: &[&forms::tally::FORM],
    writers: &[Role::StandSession, Role::Professional, Role::Coordinator],
    at_stand: Some("Compter"),
    ..RecordKind::PLAIN
};

/// A collective session.
pub static SESSION: RecordKind = RecordKind {
    id: "tabac-session",
    one: "séance collective",
    the: "la séance",
    start: "Préparer une séance",
    ends: "Enregistrer",
    forms: &[&forms::session::FORM],
    writers: FOLLOWERS,
    common: COMMON,
    called: &["theme", "on"],
    prefill: Some(prefill::session),
    ..RecordKind::PLAIN
};

/// A person in an edition.
pub static CHALLENGER: RecordKind = RecordKind {
    id: "tabac-challenger",
    one: "inscription",
    the: "l’inscription",
    start: "Inscrire au défi",
    parent: Some("person"),
    forms: &[&forms::challenger::FORM],
    rules: Some(rules::challenger),
    writers: &[Role::Professional, Role::Coordinator, Role::StandSession],
    at_stand: Some("Inscrire"),
    welcome: "Vous vous inscrivez au défi «\u{a0}Moi(s) sans tabac\u{a0}». Une personne de la CPTS vous contactera, préparera \
              votre arrêt du tabac avec vous, puis vous appellera pour vous soutenir.",
    thanks: "Si vous avez laissé un numéro ou une adresse, une personne de la CPTS vous contactera pour préparer votre arrêt \
             avec vous. En attendant, le 39\u{a0}89, Tabac info service, répond à vos questions.",
    call_back: &["edition", "quit_on", "stand", "origin", "structure", "email", FINISHED_AT],
    prefill: Some(prefill::challenger),
    // The results count from it. Another day is said with its reason, and dated.
    settles: Settles::Finished(&[Settled { answer: "quit_on", then: "tabac-move" }]),
    ..RecordKind::PLAIN
};

/// The interview by the professional she is paired with.
pub static INTERVIEW: RecordKind = RecordKind {
    id: "tabac-interview",
    one: "bilan",
    the: "le bilan",
    start: "Commencer le bilan",
    parent: Some("person"),
    forms: &[&forms::interview::FORM],
    rules: Some(rules::interview),
    decided: "plan",
    writers: &[Role::Professional],
    prefill: Some(prefill::interview),
    ..RecordKind::PLAIN
};

/// One call, or one try.
pub static CALL: RecordKind = RecordKind {
    id: "tabac-call",
    one: "appel",
    the: "l’appel",
    start: "Noter un appel",
    parent: Some("person"),
    forms: &[&forms::call::FORM],
    rules: Some(rules::call),
    writers: FOLLOWERS,
    prefill: Some(prefill::call),
    ..RecordKind::PLAIN
};

/// Another date to stop.
pub static MOVE: RecordKind = RecordKind {
    id: "tabac-move",
    one: "date d’arrêt",
    the: "la date d’arrêt",
    start: "Changer la date d’arrêt",
    ends: "Enregistrer",
    dated: "fixée le",
    parent: Some("person"),
    forms: &[&forms::quit_date::FORM],
    rules: Some(rules::quit_date),
    writers: FOLLOWERS,
    call_back: &["challenger", "quit_on"],
    prefill: Some(prefill::quit_date),
    ..RecordKind::PLAIN
};

/// Who follows a challenger. The view of the challengers alone begins one, with its answers: nothing else offers it.
pub static PAIR: RecordKind = RecordKind {
    id: "tabac-pair",
    one: "binôme",
    the: "le binôme",
    dated: "formé le",
    parent: Some("person"),
    forms: &[&forms::pair::FORM],
    rules: Some(rules::pair),
    writers: FOLLOWERS,
    call_back: &["challenger", "account", "name", "in_force"],
    prefill: Some(prefill::of_challenger),
    ..RecordKind::PLAIN
};

/// Somebody came to a collective session.
pub static ATTENDANCE: RecordKind = RecordKind {
    id: "tabac-attendance",
    one: "présence",
    the: "la présence",
    start: "Noter une présence",
    ends: "Enregistrer",
    parent: Some("person"),
    forms: &[&forms::attendance::FORM],
    writers: FOLLOWERS,
    prefill: Some(prefill::attendance),
    ..RecordKind::PLAIN
};

/// The draw of the pairs of an edition.
pub static DRAW: RecordKind = RecordKind {
    id: "tabac-draw",
    one: "tirage",
    the: "le tirage",
    start: "Préparer le tirage",
    forms: &[&forms::draw::FORM],
    writers: &[Role::Coordinator],
    common: &[Role::Coordinator],
    called: &["frozen_on"],
    prefill: Some(prefill::draw),
    // Whoever holds the printed sheet finds the same order again.
    settles: Settles::Given,
    kept: true,
    ..RecordKind::PLAIN
};

const STANDS: List = List {
    id: "stands",
    title: "Stands",
    kind: "tabac-stand",
    columns: &[
        Column { title: "Lieu", value: Cell::Answer("place") },
        Column { title: "Jour", value: Cell::Answer("on") },
        Column { title: "Commune", value: Cell::Answer("commune") },
        Column { title: "Structure", value: Cell::Answer("structure") },
    ],
    filters: &[],
    order: Order::NewestFirst,
    empty: "Préparez le premier stand\u{a0}: un lieu, un jour. Le jour venu, un téléphone ou une tablette s’ouvre pour lui depuis \
            «\u{a0}Ouvrir un stand\u{a0}».",
    gathers: None,
};

const SESSIONS: List = List {
    id: "seances",
    title: "Séances collectives",
    kind: "tabac-session",
    columns: &[
        Column { title: "Thème", value: Cell::Answer("theme") },
        Column { title: "Jour", value: Cell::Answer("on") },
        Column { title: "Lieu", value: Cell::Answer("place") },
        Column { title: "Présents sans fiche", value: Cell::Answer("others") },
    ],
    filters: &[],
    order: Order::NewestFirst,
    empty: "Une séance a un jour, un lieu, un thème. Les présences se notent ensuite depuis la séance, ou depuis la fiche de chaque personne.",
    gathers: Some(Gathers { kind: "tabac-attendance", many: "Présences" }),
};

const EDITIONS: List = List {
    id: "editions",
    title: "Éditions",
    kind: "tabac-edition",
    columns: &[
        Column { title: "Année", value: Cell::Answer("year") },
        Column { title: "Premier jour", value: Cell::Answer("starts") },
        Column { title: "Prix du paquet", value: Cell::Answer("pack_price") },
        Column { title: "Tirage", value: Cell::Answer("draw_on") },
    ],
    filters: &[],
    order: Order::NewestFirst,
    empty: "Préparez l’édition de l’année\u{a0}: ses dates, le prix du paquet. Les stands et les inscriptions la suivent.",
    gathers: None,
};
