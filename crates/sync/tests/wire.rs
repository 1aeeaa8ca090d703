//! The serialised forms, literally: an older tablet must go on understanding a newer server, and the reverse.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sync::protocol::{Fate, Problem, Pulled, Push, Pushed, Quarantine};
use sync::{Edit, Operation, OperationKind, Phase, Record, Sequenced};
use uuid::Uuid;

const CREATE: &str = concat!(
    r#"{"op_id":"00000000-0000-0000-0000-000000000001","device_id":"00000000-0000-0000-0000-000000000002","#,
    r#""device_seq":3,"record_id":"00000000-0000-0000-0000-000000000004","record_kind":"icope-screening","#,
    r#""form_version":"1","kind":"create","fields":{"parent":{"#,
    r#""value":"00000000-0000-0000-0000-000000000005","base":null}},"device_time":1700000000000}"#
);
const CORRECTION: &str = concat!(
    r#"{"op_id":"00000000-0000-0000-0000-000000000006","device_id":"00000000-0000-0000-0000-000000000002","#,
    r#""device_seq":4,"record_id":"00000000-0000-0000-0000-000000000004","record_kind":"icope-screening","#,
    r#""form_version":"1","kind":"set","fields":{"weight":{"#,
    r#""value":612,"base":"00000000-0000-0000-0000-000000000001"}},"reason":"faute de frappe","device_time":-5}"#
);
const DELETE: &str = concat!(
    r#"{"op_id":"00000000-0000-0000-0000-000000000007","device_id":"00000000-0000-0000-0000-000000000002","#,
    r#""device_seq":5,"record_id":"00000000-0000-0000-0000-000000000004","record_kind":"icope-screening","#,
    r#""form_version":"1","kind":"delete","device_time":0}"#
);

#[test]
fn operations() {
    is(&create(), CREATE);
    is(&correction(), CORRECTION);
    is(&delete(), DELETE);
    let kinds = [OperationKind::Restore, OperationKind::Erase];
    is(&kinds.to_vec(), r#"["restore","erase"]"#);
}

#[test]
fn push() {
    let push = Push { operations: vec![create(), correction()] };
    is(&push, &format!(r#"{{"operations":[{CREATE},{CORRECTION}]}}"#));
}

#[test]
fn pushed() {
    let fates = vec![
        (OpId(id(1)), Fate::Applied { seq: 10 }),
        (OpId(id(2)), Fate::Duplicate { seq: 9 }),
        (OpId(id(3)), Fate::Conflict { seq: 11, fields: vec!["weight".into()] }),
        (OpId(id(4)), Fate::Quarantined { seq: 12, reason: Quarantine::NoRight }),
    ];
    let pushed = Pushed { fates, last_device_seq: 4, epoch: 1, backed_up_seq: 8, server_time: Timestamp(7) };
    let expected = concat!(
        r#"{"fates":[["00000000-0000-0000-0000-000000000001",{"fate":"applied","seq":10}],"#,
        r#"["00000000-0000-0000-0000-000000000002",{"fate":"duplicate","seq":9}],"#,
        r#"["00000000-0000-0000-0000-000000000003",{"fate":"conflict","seq":11,"fields":["weight"]}],"#,
        r#"["00000000-0000-0000-0000-000000000004",{"fate":"quarantined","seq":12,"reason":"no-right"}]],"#,
        r#""last_device_seq":4,"epoch":1,"backed_up_seq":8,"server_time":7}"#
    );
    is(&pushed, expected);
    let reasons = [
        Quarantine::UnknownRecord,
        Quarantine::UnknownKind,
        Quarantine::UnknownForm,
        Quarantine::InvalidValue,
        Quarantine::Behind,
    ];
    is(&reasons.to_vec(), r#"["unknown-record","unknown-kind","unknown-form","invalid-value","behind"]"#);
}

#[test]
fn pulled() {
    let operations = vec![sequenced(10, create())];
    let pulled = Pulled { epoch: 1, operations, since: 10, more: true, backed_up_seq: 8, server_time: Timestamp(7) };
    let expected = format!(
        r#"{{"epoch":1,"operations":[{{"seq":10,"author":"00000000-0000-0000-0000-000000000008","received_at":6,{}],"since":10,"more":true,"backed_up_seq":8,"server_time":7}}"#,
        &CREATE[1..]
    );
    is(&pulled, &expected);
}

#[test]
fn problem() {
    let unread = Problem { code: "unreadable".into(), message: "Illisible.".into(), position: Some(2) };
    is(&unread, r#"{"code":"unreadable","message":"Illisible.","position":2}"#);
    let other = Problem { position: None, ..unread };
    is(&other, r#"{"code":"unreadable","message":"Illisible."}"#);
}

#[test]
fn what_the_device_keeps() {
    let mut record = Record::of(&create());
    record.apply(&sequenced(10, create()));
    record.apply(&sequenced(12, delete()));
    let expected = concat!(
        r#"{"id":"00000000-0000-0000-0000-000000000004","kind":"icope-screening","form_version":"1","#,
        r#""fields":{"parent":{"value":"00000000-0000-0000-0000-000000000005","#,
        r#""op_id":"00000000-0000-0000-0000-000000000001","seq":10}},"#,
        r#""origin":{"author":"00000000-0000-0000-0000-000000000008","at":1700000000000},"#,
        r#""deletion":{"op_id":"00000000-0000-0000-0000-000000000007","seq":12,"state":"deleted"},"seq":12}"#
    );
    is(&record, expected);
    let phases = vec![Phase::Held(RecordId(id(4))), Phase::Open, Phase::Offered, Phase::SetAside];
    is(&phases, r#"[{"held":"00000000-0000-0000-0000-000000000004"},"open","offered","setaside"]"#);
}

#[test]
fn fields_of_a_newer_version_are_passed_over() {
    let newer = CREATE.replacen('{', r#"{"later":[1],"#, 1);
    let read: Operation = serde_json::from_str(&newer).expect("an unknown field is no error");
    assert_eq!(read, create());
}

fn is<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, expected: &str) {
    assert_eq!(serde_json::to_string(value).expect("it serialises"), expected);
    assert_eq!(&serde_json::from_str::<T>(expected).expect("it is read back"), value);
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn sequenced(seq: u64, operation: Operation) -> Sequenced {
    Sequenced::new(seq, AccountId(id(8)), Timestamp(6), operation)
}

fn create() -> Operation {
    Operation {
        op_id: OpId(id(1)),
        device_id: DeviceId(id(2)),
        device_seq: 3,
        record_id: RecordId(id(4)),
        record_kind: "icope-screening".into(),
        form_version: "1".into(),
        kind: OperationKind::Create,
        fields: BTreeMap::from([("parent".into(), Edit::new(json!(id(5).to_string()), None))]),
        reason: None,
        device_time: Timestamp(1_700_000_000_000),
    }
}

fn correction() -> Operation {
    Operation {
        op_id: OpId(id(6)),
        device_seq: 4,
        kind: OperationKind::Set,
        fields: BTreeMap::from([("weight".into(), Edit { value: json!(612), base: Some(OpId(id(1))) })]),
        reason: Some("faute de frappe".into()),
        device_time: Timestamp(-5),
        ..create()
    }
}

fn delete() -> Operation {
    Operation {
        op_id: OpId(id(7)),
        device_seq: 5,
        kind: OperationKind::Delete,
        fields: BTreeMap::new(),
        device_time: Timestamp(0),
        ..create()
    }
}
