//! What is told of a record to somebody who may see only some of its fields. Sequences stay, so that her device counts
//! what the server counts.

use crate::{Record, Sequenced};

impl Record {
    /// This record for somebody who sees these fields alone.
    #[must_use]
    pub fn limited(mut self, fields: &[&str]) -> Self {
        self.fields.retain(|name, _| fields.contains(&name.as_str()));
        self.conflicts.retain(|name, _| fields.contains(&name.as_str()));
        self.limited = true;
        self
    }
}

impl Sequenced {
    /// This operation for somebody who sees these fields alone, were none of them in it. A reason is in the words of who
    /// wrote it, and may speak of anything.
    #[must_use]
    pub fn limited(mut self, fields: &[&str]) -> Self {
        self.operation.fields.retain(|name, _| fields.contains(&name.as_str()));
        self.conflicts.retain(|name, _| fields.contains(&name.as_str()));
        self.operation.reason = None;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::Timestamp;
    use domain::id::{AccountId, DeviceId, OpId, RecordId};
    use uuid::Uuid;

    use super::*;
    use crate::{Conflict, Edit, Operation, OperationKind};

    const SEEN: &[&str] = &["phone"];

    fn written(seq: u64, names: &[&str]) -> Sequenced {
        let operation = Operation {
            op_id: OpId(Uuid::from_u128(seq.into())),
            device_id: DeviceId(Uuid::nil()),
            device_seq: seq,
            record_id: RecordId(Uuid::nil()),
            record_kind: "person".into(),
            form_version: "1".into(),
            kind: if seq == 1 { OperationKind::Create } else { OperationKind::Set },
            fields: names.iter().map(|name| ((*name).into(), Edit::new("Planted".into(), None))).collect(),
            reason: Some("Planted".into()),
            device_time: Timestamp(0),
        };
        let mut sequenced = Sequenced::new(seq, AccountId(Uuid::nil()), Timestamp(0), operation);
        let item = Conflict { seq, values: Vec::new(), settled: None };
        sequenced.conflicts = names.iter().map(|name| ((*name).into(), item.clone())).collect::<BTreeMap<_, _>>();
        sequenced
    }

    fn applied(operations: &[Sequenced]) -> Record {
        let mut record = Record::of(&operations[0].operation);
        for operation in operations {
            record.apply(operation);
        }
        record
    }

    #[test]
    fn the_log_and_the_record_tell_the_same_and_count_the_same() {
        let log = [written(1, &["phone", "gp"]), written(2, &["gp"])];
        let told = applied(&log).limited(SEEN);
        assert_eq!((told.fields.len(), told.conflicts.len(), told.seq, told.limited), (1, 1, 2, true));
        let read = applied(&log.clone().map(|one| one.limited(SEEN)));
        assert_eq!(Record { limited: true, ..read }, told);
        let text = serde_json::to_string(&log[1].clone().limited(SEEN)).expect("writes");
        assert!(!text.contains("Planted") && !text.contains("gp"), "{text}");
    }

    #[test]
    fn whoever_sees_less_keeps_less_and_whoever_sees_more_gains_the_rest() {
        let whole = applied(&[written(1, &["phone", "gp"])]);
        let mut here = whole.clone();
        here.absorb(&whole.clone().limited(SEEN));
        assert_eq!(here, whole.clone().limited(SEEN));
        here.absorb(&whole);
        assert_eq!(here, whole);
    }
}
