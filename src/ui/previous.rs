//! The record to compare with: the last finished one of the same kind, before this one.

use std::sync::Arc;

use domain::Timestamp;
use domain::record::FINISHED_AT;
use sync::Shown;

/// When a record was finished, `None` for a draft.
#[must_use]
pub fn finished_at(shown: &Shown) -> Option<Timestamp> {
    shown.fields.get(FINISHED_AT)?.value.as_i64().map(Timestamp)
}

/// The newest record of `siblings` finished before `shown` was; before now when it is a draft.
#[must_use]
pub fn previous_of(shown: &Shown, siblings: &[Arc<Shown>]) -> Option<Arc<Shown>> {
    let until = finished_at(shown);
    siblings
        .iter()
        .filter(|other| other.id != shown.id && !other.deleted)
        .filter_map(|other| finished_at(other).map(|at| (at, other)))
        .filter(|(at, _)| until.is_none_or(|until| *at < until))
        .max_by_key(|(at, _)| *at)
        .map(|(_, other)| other.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::id::{OpId, RecordId};
    use sync::ShownField;
    use uuid::Uuid;

    use super::*;

    fn record(id: u128, finished: Option<i64>) -> Arc<Shown> {
        let field = |at: i64| ShownField { value: at.into(), op_id: OpId(Uuid::from_u128(id)) };
        Arc::new(Shown {
            id: RecordId(Uuid::from_u128(id)),
            kind: "a-screening".into(),
            form_version: "2019-fr.1".into(),
            fields: finished.map_or_else(BTreeMap::new, |at| BTreeMap::from([(FINISHED_AT.to_owned(), field(at))])),
            created_at: Timestamp(0),
            author: None,
            deleted: false,
            waiting: 0,
            held: false,
            conflicts: BTreeMap::new(),
        })
    }

    #[test]
    fn a_draft_is_compared_with_the_newest_finished_one() {
        let all = [record(1, Some(10)), record(2, Some(30)), record(3, None), record(4, Some(20))];
        assert_eq!(previous_of(&all[2], &all).map(|found| found.id), Some(all[1].id));
    }

    #[test]
    fn a_finished_record_is_compared_with_the_one_before_it() {
        let all = [record(1, Some(10)), record(2, Some(30)), record(3, None), record(4, Some(20))];
        assert_eq!(previous_of(&all[3], &all).map(|found| found.id), Some(all[0].id));
        assert_eq!(previous_of(&all[0], &all), None);
    }
}
