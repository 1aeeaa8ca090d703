//! ICOPE Step 1: six functions looked at in ten minutes, by the programme of the WHO and the Gérontopôle de Toulouse.

mod form;
mod headline;
mod rules;
mod words;

use crate::Glyph;
use crate::people::Role;
use crate::programme::{Cell, Column, Filter, Keep, List, Order, Programme, RecordKind, Span, Task, Tile, When};

pub use rules::assess;

pub static PROGRAMME: Programme = Programme {
    id: "icope",
    name: "Repérages",
    glyph: Glyph::Screening,
    tile: Tile { verb: "Repérer", place: "à domicile", starts: "icope-screening" },
    records: &[&SCREENING],
    lists: &[SCREENINGS],
    tasks: &[Task {
        id: "icope-retest",
        label: "Nouveau repérage",
        kind: "icope-screening",
        when: When::After(Span::Months(6)),
        view: None,
    }],
    views: &[],
    venue: None,
};

/// One Step 1 of one person.
pub static SCREENING: RecordKind = RecordKind {
    id: "icope-screening",
    one: "repérage",
    the: "le repérage",
    start: "Commencer le repérage",
    parent: Some("person"),
    forms: &[&form::FORM],
    rules: Some(assess),
    writers: &[Role::Sentinel, Role::Professional],
    ..RecordKind::PLAIN
};

const SCREENINGS: List = List {
    id: "reperages",
    title: "Repérages",
    kind: "icope-screening",
    columns: &[
        Column { title: "Personne", value: Cell::Parent },
        Column { title: "Commune", value: Cell::ParentField("commune") },
        Column { title: "Date", value: Cell::Started },
        Column { title: "État", value: Cell::Status },
        Column { title: "Résultat", value: Cell::Headline },
    ],
    filters: &[
        Filter { title: "À finir", keep: Keep::Drafts },
        Filter { title: "Terminés", keep: Keep::Finished },
        Filter { title: "Cognition", keep: Keep::Abnormal("cognition") },
        Filter { title: "Mobilité", keep: Keep::Abnormal("mobility") },
        Filter { title: "Nutrition", keep: Keep::Abnormal("nutrition") },
        Filter { title: "Vision", keep: Keep::Abnormal("vision") },
        Filter { title: "Audition", keep: Keep::Abnormal("hearing") },
        Filter { title: "Humeur", keep: Keep::Abnormal("mood") },
    ],
    order: Order::NewestFirst,
    empty: "Le premier repérage prend une dizaine de minutes, avec ou sans réseau. Commencez-le depuis «\u{a0}Aujourd’hui\u{a0}» \
            ou depuis la fiche d’une personne.",
    gathers: None,
};
