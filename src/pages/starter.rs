//! Beginning a record for a person, or going on with the one already begun.

use std::sync::Arc;

use domain::Value;
use domain::form::Kind;
use domain::id::RecordId;
use domain::people::PERSON;
use domain::programme::RecordKind;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::Shown;

use super::reading::finished_at;
use crate::notebook::{Trouble, use_notebook};
use crate::route;
use crate::ui::attempt::Attempt;

/// The verb « commencer » of one kind of record, with what may go wrong.
#[derive(Clone, Copy)]
pub struct Starter {
    /// Told on the page that starts.
    pub trouble: RwSignal<Option<Trouble>>,
    /// With what it hangs on; `None`: nothing yet.
    start: Callback<Option<RecordId>>,
    new: Callback<()>,
}

/// Whether a form asks who the person is: it may then begin with her.
pub fn asks_who(kind: &RecordKind) -> bool {
    kind.parent == Some(PERSON.id)
        && kind.form().questions().any(|(_, question)| matches!(question.kind, Kind::OfParent(_)))
}

impl Starter {
    /// Call in a component: it needs the router and the notebook.
    pub fn new(kind: &'static RecordKind) -> Self {
        Self::with(kind, Vec::new())
    }

    /// What is begun for a person has these answers already.
    pub fn with(kind: &'static RecordKind, begins: Vec<(&'static str, Value)>) -> Self {
        let notebook = use_notebook();
        let navigate = use_navigate();
        let records = notebook.records(kind.id);
        let attempt = Attempt::new();
        let options = |parent: Option<RecordId>| NavigateOptions {
            // What is begun by its address alone: « back » must not begin a second one.
            replace: parent.is_none(),
            ..NavigateOptions::default()
        };
        let go = navigate.clone();
        let start = Callback::new(move |parent: Option<RecordId>| {
            // Two taps must not begin two records, and a draft is gone on with, never doubled.
            let same = |shown: &&Arc<Shown>| {
                begins.iter().all(|(name, value)| shown.fields.get(*name).is_some_and(|field| field.value == *value))
            };
            let known: Vec<_> = records.with_untracked(|records| records.iter().filter(same).cloned().collect());
            let draft = parent.and_then(|parent| draft_of(parent, &known));
            if let Some(draft) = draft {
                go(&route::entry(draft), NavigateOptions::default());
                return;
            }
            let (go, begins) = (go.clone(), begins.clone());
            attempt.run(async move {
                let id = notebook.create_with(kind, parent, begins).await?;
                go(&route::entry(id), options(parent));
                Ok(())
            });
        });
        let new = Callback::new(move |()| {
            let navigate = navigate.clone();
            attempt.leave(async move {
                let person = notebook.create(&PERSON, None).await?;
                let id = notebook.create(kind, Some(person)).await?;
                navigate(&route::entry(id), options(None));
                Ok(())
            });
        });
        Self { trouble: attempt.trouble, start, new }
    }

    pub fn start(self, person: RecordId) {
        self.start.run(Some(person));
    }

    /// What hangs on nothing.
    pub fn alone(self) {
        self.start.run(None);
    }

    /// A person who is not noted yet: her name is asked by the form itself.
    pub fn somebody_new(self) {
        self.new.run(());
    }
}

/// The newest unfinished record of a person; `records` come newest first.
pub fn draft_of(person: RecordId, records: &[Arc<Shown>]) -> Option<RecordId> {
    records
        .iter()
        .find(|record| record.parent() == Some(person) && finished_at(record).is_none())
        .map(|record| record.id)
}

#[cfg(test)]
mod tests {
    use super::super::reading::fixture::{child, id};
    use super::super::reading::kinds_of_person;
    use super::*;

    #[test]
    fn a_draft_is_gone_on_with() {
        let kind = kinds_of_person().next().expect("a kind").id;
        let records = [child(3, kind, 1, 9, Some(10)), child(4, kind, 1, 5, None), child(5, kind, 2, 1, None)];
        assert_eq!(draft_of(id(1), &records), Some(id(4)));
        assert_eq!(draft_of(id(2), &records), Some(id(5)));
        assert_eq!(draft_of(id(9), &records), None);
    }
}
