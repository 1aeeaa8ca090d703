//! The records of the open notebook in memory: what is deleted is put away, and lists follow what was merged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::record::{MERGED_INTO, PARENT};
use sync::Shown;

/// Deeper than any real tree, in case received records named each other as parents.
const DEEPEST: usize = 8;

/// Every record of the open notebook. A record that did not change keeps its `Arc`: readers compare pointers.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    records: BTreeMap<RecordId, Arc<Shown>>,
    /// Which record each merged one says it was merged into.
    merged: BTreeMap<RecordId, RecordId>,
    /// What hangs on a merged record, as it reads since: hung on the one that was kept.
    followed: BTreeMap<RecordId, Arc<Shown>>,
}

impl Shelf {
    pub(super) fn of(shown: Vec<Shown>) -> Self {
        let mut shelf = Self::default();
        for shown in shown {
            shelf.note_merge(shown.id, Some(&shown));
            shelf.records.insert(shown.id, Arc::new(shown));
        }
        shelf.follow_all();
        shelf
    }

    /// One record; its parent is the one that was kept if two were merged.
    pub(super) fn get(&self, id: RecordId) -> Option<&Arc<Shown>> {
        self.followed.get(&id).or_else(|| self.as_written(id))
    }

    /// One record with the very parent that was written.
    pub(super) fn as_written(&self, id: RecordId) -> Option<&Arc<Shown>> {
        self.records.get(&id)
    }

    /// Neither deleted, nor merged into another, nor hanging on something deleted; newest first.
    pub(super) fn list(&self, keep: impl Fn(&Shown) -> bool) -> Vec<Arc<Shown>> {
        self.all(|shown| keep(shown) && self.kept(shown.id) == shown.id && !self.is_put_away(shown))
    }

    /// Whatever their state, newest first.
    pub(super) fn all(&self, keep: impl Fn(&Shown) -> bool) -> Vec<Arc<Shown>> {
        let read = self.records.keys().filter_map(|id| self.get(*id));
        let mut all: Vec<_> = read.filter(|shown| keep(shown)).cloned().collect();
        sort_by_key(&mut all, |shown| std::cmp::Reverse((shown.created_at, shown.id)));
        all
    }

    pub(super) fn children(&self, parent: RecordId, kind: &str) -> Vec<Arc<Shown>> {
        self.list(|shown| shown.kind == kind && shown.parent() == Some(parent))
    }

    /// The record kept in place of this one: itself, unless it was merged into another that is here.
    pub(super) fn kept(&self, id: RecordId) -> RecordId {
        let mut passed = BTreeSet::new();
        let mut here = id;
        while passed.insert(here) {
            match self.merged.get(&here).filter(|into| self.records.contains_key(into)) {
                Some(into) => here = *into,
                None => return here,
            }
        }
        // Two people merged two records into each other without seeing each other: every device keeps the same one.
        let mut first = here;
        let mut next = here;
        while let Some(into) = self.merged.get(&next).filter(|into| **into != here) {
            next = *into;
            first = first.min(next);
        }
        first
    }

    /// `false`: it was so already.
    pub(super) fn differs(&self, id: RecordId, shown: Option<&Shown>) -> bool {
        self.as_written(id).map(AsRef::as_ref) != shown
    }

    pub(super) fn put(&mut self, id: RecordId, shown: Option<Shown>) {
        let appears = self.records.contains_key(&id) != shown.is_some();
        let moves = self.note_merge(id, shown.as_ref());
        match shown {
            Some(shown) => self.records.insert(id, Arc::new(shown)),
            None => self.records.remove(&id),
        };
        if moves || (appears && self.merged.values().any(|into| *into == id)) {
            self.follow_all();
        } else {
            self.follow(id);
        }
    }

    /// `true`: what hangs on it, or on another, hangs elsewhere now.
    fn note_merge(&mut self, id: RecordId, shown: Option<&Shown>) -> bool {
        let into = shown.and_then(|shown| shown.fields.get(MERGED_INTO)?.value.as_str()?.parse().ok());
        let before = match into {
            Some(into) => self.merged.insert(id, into),
            None => self.merged.remove(&id),
        };
        before != into
    }

    fn follow_all(&mut self) {
        for id in self.records.keys().copied().collect::<Vec<_>>() {
            self.follow(id);
        }
    }

    fn follow(&mut self, id: RecordId) {
        let moved = self.records.get(&id).and_then(|shown| {
            let parent = shown.parent()?;
            let kept = self.kept(parent);
            (kept != parent).then_some((shown, kept))
        });
        let Some((shown, kept)) = moved else {
            self.followed.remove(&id);
            return;
        };
        let mut shown = Shown::clone(shown);
        if let Some(parent) = shown.fields.get_mut(PARENT) {
            parent.value = kept.to_string().into();
        }
        if self.followed.get(&id).map(AsRef::as_ref) != Some(&shown) {
            self.followed.insert(id, Arc::new(shown));
        }
    }

    /// Deleted, or hanging on something deleted.
    pub(super) fn is_put_away(&self, shown: &Shown) -> bool {
        let (mut deleted, mut parent) = (shown.deleted, shown.parent());
        for _ in 0..DEEPEST {
            let above = parent.and_then(|parent| self.get(parent)).filter(|_| !deleted);
            let Some(above) = above else { break };
            (deleted, parent) = (above.deleted, above.parent());
        }
        deleted
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::id::OpId;
    use sync::ShownField;
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    fn record(number: u128, link: Option<(&str, u128)>) -> Shown {
        let field = |to: u128| ShownField { value: id(to).to_string().into(), op_id: OpId(Uuid::from_u128(number)) };
        Shown {
            id: id(number),
            kind: if number < 10 { "person" } else { "child" }.into(),
            form_version: "1".into(),
            fields: link.into_iter().map(|(name, to)| (name.to_owned(), field(to))).collect(),
            created_at: Timestamp(0),
            author: None,
            deleted: false,
            waiting: 0,
            held: false,
            conflicts: BTreeMap::new(),
        }
    }

    fn children(shelf: &Shelf, of: u128) -> Vec<RecordId> {
        shelf.children(id(of), "child").iter().map(|shown| shown.id).collect()
    }

    fn people(shelf: &Shelf) -> Vec<RecordId> {
        shelf.list(|shown| shown.kind == "person").iter().map(|shown| shown.id).collect()
    }

    #[test]
    fn lists_follow_a_merge_and_its_undoing() {
        let mut shelf = Shelf::of(vec![record(1, None), record(2, None), record(10, Some((PARENT, 2)))]);
        assert_eq!(children(&shelf, 1), []);
        shelf.put(id(2), Some(record(2, Some((MERGED_INTO, 1)))));
        assert_eq!((people(&shelf), children(&shelf, 1), children(&shelf, 2)), (vec![id(1)], vec![id(10)], vec![]));
        shelf.put(id(11), Some(record(11, Some((PARENT, 2)))));
        assert_eq!(children(&shelf, 1), [id(11), id(10)], "what comes later follows too");
        assert_eq!(shelf.as_written(id(10)).and_then(|shown| shown.parent()), Some(id(2)), "nothing moved");
        shelf.put(id(2), Some(record(2, None)));
        assert_eq!((people(&shelf), children(&shelf, 2)), (vec![id(2), id(1)], vec![id(11), id(10)]));
    }

    #[test]
    fn a_merge_into_what_is_not_here_hides_nothing() {
        let mut shelf = Shelf::of(vec![record(2, Some((MERGED_INTO, 1))), record(10, Some((PARENT, 2)))]);
        assert_eq!((people(&shelf), children(&shelf, 2)), (vec![id(2)], vec![id(10)]));
        shelf.put(id(1), Some(record(1, None)));
        assert_eq!((people(&shelf), children(&shelf, 1)), (vec![id(1)], vec![id(10)]));
    }

    #[test]
    fn two_records_merged_into_each_other_keep_the_same_one_everywhere() {
        let all = vec![record(1, Some((MERGED_INTO, 2))), record(2, Some((MERGED_INTO, 1))), record(3, None)];
        let shelf = Shelf::of(all);
        assert_eq!(people(&shelf), [id(3), id(1)]);
        assert_eq!(shelf.kept(id(2)), id(1));
    }

    #[test]
    fn what_hangs_on_something_deleted_is_put_away_with_it() {
        let deleted = Shown { deleted: true, ..record(1, None) };
        let mut shelf = Shelf::of(vec![deleted, record(10, Some((PARENT, 1)))]);
        assert_eq!((people(&shelf), children(&shelf, 1)), (vec![], vec![]));
        shelf.put(id(1), Some(record(1, None)));
        assert_eq!(children(&shelf, 1), [id(10)]);
    }

    #[test]
    fn a_record_that_did_not_change_keeps_its_pointer() {
        let mut shelf = Shelf::of(vec![
            record(1, None),
            record(2, Some((MERGED_INTO, 1))),
            record(3, None),
            record(10, Some((PARENT, 2))),
        ]);
        let before = shelf.children(id(1), "child");
        shelf.put(id(3), Some(record(3, Some((MERGED_INTO, 1)))));
        assert!(Arc::ptr_eq(&before[0], &shelf.children(id(1), "child")[0]));
    }
}
