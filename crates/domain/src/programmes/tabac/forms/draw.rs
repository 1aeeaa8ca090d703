//! The draw of the pairs: what is frozen before the seed is said. The order is computed anew each time it is shown.

use super::{CREDIT, LINE, edition};
use crate::form::{Form, Kind, Layout, Question, Section};

pub static FORM: Form = Form {
    id: "tabac-draw",
    version: "2026.1",
    title: "Tirage au sort",
    credit: CREDIT,
    layout: Layout::Sheet,
    sections: &[Section {
        id: "draw",
        title: "Tirage au sort",
        when: None,
        questions: &[
            edition(),
            Question::note("frozen_on", "Liste arrêtée le", Kind::AnyDay),
            Question::note("pairs", "Liste", Kind::Text { lines: 12, max: 60_000 }),
            Question::note("digest", "Empreinte de la liste", Kind::Text { lines: 1, max: 100 }),
            Question::note("prizes", "Nombre de lots", Kind::Count { unit: "", max: 99, quick: &[1, 3, 5, 10] }),
            Question::note("witness", "Témoin", LINE),
            Question::note("seed", "Graine dite par le témoin", LINE),
        ],
    }],
};
