//! Beginning what is done with a challenger, or going on with what was begun: a call noted twice counts twice.

use domain::Value;
use domain::form::Answers;
use domain::id::RecordId;
use domain::programme::RecordKind;
use domain::record::{FINISHED_AT, PARENT};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::book::{Book, Whole};
use crate::route;
use crate::ui::attempt::Attempt;

/// The answers a record begins with.
pub type Begins = Vec<(&'static str, Value)>;

/// The answers that tell two drafts of one kind apart.
const TELLING: [&str; 2] = ["challenger", "step"];

/// The verb « commencer » of this programme, with what may go wrong.
#[derive(Clone, Copy)]
pub struct Beginner {
    pub attempt: Attempt,
    begin: Callback<(&'static RecordKind, RecordId, Begins)>,
}

impl Beginner {
    /// Call in a component: it needs the router.
    pub fn new(book: Book) -> Self {
        let navigate = use_navigate();
        let attempt = Attempt::new();
        let begin = Callback::new(move |(kind, person, begins): (&'static RecordKind, RecordId, Begins)| {
            let navigate = navigate.clone();
            let draft = untrack(|| book.read(|whole| draft(whole, kind.id, person, &begins)));
            attempt.run(async move {
                let id = match draft {
                    Some(draft) => draft,
                    None => book.notebook.create_with(kind, Some(person), begins).await?,
                };
                navigate(&route::entry(id), NavigateOptions::default());
                Ok(())
            });
        });
        Self { attempt, begin }
    }

    /// Of this kind, for this person.
    pub fn begin(self, kind: &'static RecordKind, person: RecordId, begins: Begins) {
        self.begin.run((kind, person, begins));
    }
}

fn draft(whole: &Whole<'_>, kind: &str, person: RecordId, begins: &Begins) -> Option<RecordId> {
    let same = |fields: &Answers<'_>| {
        let telling = begins.iter().filter(|(name, _)| TELLING.contains(name));
        telling.into_iter().all(|(name, value)| fields.0.get(*name) == Some(value))
    };
    let found = whole.records.iter().find(|noted| {
        let fields = Answers(noted.fields);
        noted.kind == kind
            && !fields.has(FINISHED_AT)
            && fields.code(PARENT) == Some(person.to_string().as_str())
            && same(&fields)
    });
    found.map(|noted| noted.id)
}
