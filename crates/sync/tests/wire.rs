//! The serialised forms, literally: an older tablet must go on understanding a newer server, and the reverse.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use domain::people::Role;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sync::protocol::access::{Colleague, Colleagues, Doors};
use sync::protocol::{
    AppliedAgain, ApplyAgain, Brought, Check, Export, Fate, Frame, History, HistoryEntry, Problem, Pulled, Push,
    Pushed, Quarantine, SealKey, Sealed, SetAside, SetAsideItem, SignIn,
};
use sync::{
    Aside, Conflict, Cursor, Edit, FirstPull, Operation, OperationKind, Phase, Record, Rival, Sequenced, Signature,
};
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
const SETTLEMENT: &str = concat!(
    r#"{"op_id":"00000000-0000-0000-0000-000000000009","device_id":"00000000-0000-0000-0000-000000000002","#,
    r#""device_seq":6,"record_id":"00000000-0000-0000-0000-000000000004","record_kind":"icope-screening","#,
    r#""form_version":"1","kind":"set","fields":{"weight":{"#,
    r#""value":612,"base":"00000000-0000-0000-0000-000000000006","#,
    r#""over":["00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000006"]}},"device_time":0}"#
);
const DELETE: &str = concat!(
    r#"{"op_id":"00000000-0000-0000-0000-000000000007","device_id":"00000000-0000-0000-0000-000000000002","#,
    r#""device_seq":5,"record_id":"00000000-0000-0000-0000-000000000004","record_kind":"icope-screening","#,
    r#""form_version":"1","kind":"delete","fields":{"deleted":{"#,
    r#""value":true,"base":null,"over":["00000000-0000-0000-0000-000000000006"]}},"device_time":0}"#
);
const SIGNATURE: &str = concat!(
    r#"{"author":"00000000-0000-0000-0000-000000000008","name":"Claire Vidal","profession":"Infirmière","#,
    r#""device":"Tablette bleue","at":1700000000000,"received_at":6}"#
);
/// A record as protocol 1 knew it.
const RECORD: &str = concat!(
    r#"{"id":"00000000-0000-0000-0000-000000000004","kind":"icope-screening","form_version":"1","#,
    r#""fields":{"parent":{"value":"00000000-0000-0000-0000-000000000005","#,
    r#""op_id":"00000000-0000-0000-0000-000000000001","seq":10}},"#,
    r#""origin":{"author":"00000000-0000-0000-0000-000000000008","at":1700000000000},"#,
    r#""deletion":{"op_id":"00000000-0000-0000-0000-000000000007","seq":12,"state":"deleted"},"seq":12}"#
);

#[test]
fn operations() {
    is(&create(), CREATE);
    is(&correction(), CORRECTION);
    is(&settlement(), SETTLEMENT);
    is(&delete(), DELETE);
    let kinds = [OperationKind::Restore, OperationKind::Erase];
    is(&kinds.to_vec(), r#"["restore","erase"]"#);
}

#[test]
fn sign_in() {
    let new = SignIn {
        login: "claire.vidal".into(),
        password: "secret".into(),
        code: None,
        device_id: None,
        account: None,
        others: Vec::new(),
        device_name: "Tablette bleue".into(),
    };
    let protocol_1 = r#"{"login":"claire.vidal","password":"secret","device_id":null,"device_name":"Tablette bleue"}"#;
    is(&new, protocol_1);
    let again = SignIn { device_id: Some(DeviceId(id(2))), account: Some(AccountId(id(8))), ..new };
    let expected = concat!(
        r#"{"login":"claire.vidal","password":"secret","device_id":"00000000-0000-0000-0000-000000000002","#,
        r#""account":"00000000-0000-0000-0000-000000000008","device_name":"Tablette bleue"}"#
    );
    is(&again, expected);
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
        Quarantine::Revoked,
        Quarantine::Settled,
        Quarantine::Kept,
    ];
    let written =
        r#"["unknown-record","unknown-kind","unknown-form","invalid-value","behind","revoked","settled","kept"]"#;
    is(&reasons.to_vec(), written);
}

/// What a newer server says of one operation loses nothing of what it says of the others.
#[test]
fn a_reason_of_a_newer_version_is_read_as_another_one() {
    let pushed = concat!(
        r#"{"fates":[["00000000-0000-0000-0000-000000000001",{"fate":"quarantined","seq":12,"reason":"teleported"}],"#,
        r#"["00000000-0000-0000-0000-000000000002",{"fate":"applied","seq":13}]],"#,
        r#""last_device_seq":4,"epoch":1,"backed_up_seq":8,"server_time":7}"#
    );
    let read: Pushed = serde_json::from_str(pushed).expect("an unknown reason is no error");
    let fates = [Fate::Quarantined { seq: 12, reason: Quarantine::Other }, Fate::Applied { seq: 13 }];
    assert_eq!(read.fates.into_iter().map(|(_, fate)| fate).collect::<Vec<_>>(), fates);
    let kept: Aside = serde_json::from_str(r#"{"quarantined":"teleported"}"#).expect("nor on a device");
    assert_eq!(kept, Aside::Quarantined(Quarantine::Other));
    assert!(!Quarantine::Other.is_final(), "it is asked for again");
}

#[test]
fn an_older_device_is_told_a_reason_it_reads() {
    for reason in Quarantine::FINAL {
        let told = [1, 2, 3].map(|version| reason.told_to(version));
        assert_eq!(told, [Quarantine::InvalidValue, Quarantine::InvalidValue, reason]);
    }
    assert_eq!(Quarantine::Behind.told_to(1), Quarantine::Behind);
}

/// A page with nothing of protocol 2 in it is what protocol 1 sends and reads.
#[test]
fn pulled() {
    let expected = format!(
        r#"{{"epoch":1,"operations":[{{"seq":10,"author":"00000000-0000-0000-0000-000000000008","received_at":6,{}],"since":10,"more":true,"backed_up_seq":8,"server_time":7}}"#,
        &CREATE[1..]
    );
    is(&page(vec![sequenced(10, create())]), &expected);
}

#[test]
fn pulled_with_what_enters_what_leaves_conflicts_and_a_check() {
    let mut disputed = sequenced(14, correction());
    disputed.conflicts.insert("weight".into(), conflict());
    let pulled = Pulled {
        entered: vec![record()],
        left: vec![RecordId(id(5))],
        check: Some(Check { count: 1, sum: 3 }),
        more: false,
        ..page(vec![disputed])
    };
    let expected = format!(
        concat!(
            r#"{{"epoch":1,"operations":[{{"seq":14,"author":"00000000-0000-0000-0000-000000000008","received_at":6,"#,
            r#""conflicts":{{"weight":{conflict}}},{correction}],"since":10,"more":false,"entered":[{record}],"#,
            r#""left":["00000000-0000-0000-0000-000000000005"],"check":{{"count":1,"sum":3}},"#,
            r#""backed_up_seq":8,"server_time":7}}"#
        ),
        conflict = open_conflict(),
        correction = &CORRECTION[1..],
        record = RECORD,
    );
    is(&pulled, &expected);
}

#[test]
fn conflicts() {
    is(&conflict(), &open_conflict());
    let settled = Conflict { seq: 15, values: Vec::new(), settled: Some(signature()) };
    is(&settled, &format!(r#"{{"seq":15,"settled":{SIGNATURE}}}"#));
}

#[test]
fn frames() {
    let frame = Frame {
        epoch: 2,
        at: 40,
        from: None,
        to: Some(RecordId(id(4))),
        total: 5,
        records: vec![record()],
        erased: Vec::new(),
        backed_up_seq: 8,
        server_time: Timestamp(7),
    };
    let expected = format!(
        concat!(
            r#"{{"epoch":2,"at":40,"from":null,"to":"00000000-0000-0000-0000-000000000004","total":5,"#,
            r#""records":[{record}],"backed_up_seq":8,"server_time":7}}"#
        ),
        record = RECORD
    );
    is(&frame, &expected);
    let last = Frame { from: frame.to, to: None, records: Vec::new(), ..frame };
    let expected = concat!(
        r#"{"epoch":2,"at":40,"from":"00000000-0000-0000-0000-000000000004","to":null,"total":5,"#,
        r#""records":[],"backed_up_seq":8,"server_time":7}"#
    );
    is(&last, expected);
    let told = Frame { erased: vec![record()], ..last };
    is(&told, &expected.replace(r#""records":[],"#, &format!(r#""records":[],"erased":[{RECORD}],"#)));
}

/// Both sides must count alike: the sum is part of the protocol.
#[test]
fn the_check_is_the_same_on_every_machine() {
    let mut check = Check::default();
    check.add(RecordId(id(4)), 12);
    check.add(RecordId(Uuid::from_u128(0x0195_8A3C_0000_7000_8000_0000_0000_0001)), 90_000);
    is(&check, r#"{"count":2,"sum":1395603475171400}"#);
}

#[test]
fn history() {
    let entry = HistoryEntry {
        seq: 15,
        op_id: OpId(id(9)),
        kind: OperationKind::Set,
        by: signature(),
        fields: [("weight".to_owned(), json!(612))].into_iter().collect(),
        settles: vec!["weight".into()],
        reason: Some("faute de frappe".into()),
        set_aside: Some(Quarantine::InvalidValue),
    };
    let plain = HistoryEntry { settles: Vec::new(), reason: None, set_aside: None, ..entry.clone() };
    let head = r#"{"seq":15,"op_id":"00000000-0000-0000-0000-000000000009","kind":"set","by":"#;
    let head = format!(r#"{head}{SIGNATURE},"fields":{{"weight":612}}"#);
    let tail = r#","settles":["weight"],"reason":"faute de frappe","set_aside":"invalid-value"}"#;
    is(&History { entries: vec![entry, plain] }, &format!(r#"{{"entries":[{head}{tail},{head}}}]}}"#));
}

#[test]
fn what_is_set_aside_and_applied_again() {
    let item = SetAsideItem {
        record: RecordId(id(4)),
        device: DeviceId(id(2)),
        kind: "icope-screening".into(),
        reason: Quarantine::UnknownForm,
        by: signature(),
        count: 3,
    };
    let expected = format!(
        concat!(
            r#"{{"items":[{{"record":"00000000-0000-0000-0000-000000000004","#,
            r#""device":"00000000-0000-0000-0000-000000000002","kind":"icope-screening","reason":"unknown-form","#,
            r#""by":{by},"count":3}}]}}"#
        ),
        by = SIGNATURE
    );
    is(&SetAside { items: vec![item] }, &expected);
    let again = ApplyAgain { record: RecordId(id(4)), device: DeviceId(id(2)) };
    let expected = concat!(
        r#"{"record":"00000000-0000-0000-0000-000000000004","#,
        r#""device":"00000000-0000-0000-0000-000000000002"}"#
    );
    is(&again, expected);
    is(&AppliedAgain { applied: 3, stopped: None }, r#"{"applied":3}"#);
    is(&AppliedAgain { applied: 0, stopped: Some(Quarantine::NoRight) }, r#"{"applied":0,"stopped":"no-right"}"#);
}

#[test]
fn an_outbox_carried_by_other_means() {
    is(&SealKey { key: "04ab".into() }, r#"{"key":"04ab"}"#);
    let sealed =
        Sealed { format: Sealed::FORMAT.into(), key: "04cd".into(), iv: "00ff".into(), content: "beef".into() };
    is(&sealed, r#"{"format":"cardabelle-outbox-1","key":"04cd","iv":"00ff","content":"beef"}"#);
    assert_eq!(Sealed::INFO, "cardabelle outbox");
    let export = Export { token: "c0de".into(), operations: vec![create()] };
    is(&export, &format!(r#"{{"token":"c0de","operations":[{CREATE}]}}"#));
    is(&Brought { received: 5, known: 3, set_aside: 1 }, r#"{"received":5,"known":3,"set_aside":1}"#);
}

#[test]
fn those_a_person_may_be_shared_with() {
    let karim = Colleague {
        id: AccountId(id(8)),
        name: "Karim Benali".into(),
        profession: "Infirmier".into(),
        roles: vec![Role::Professional],
    };
    let expected = concat!(
        r#"{"colleagues":[{"id":"00000000-0000-0000-0000-000000000008","name":"Karim Benali","#,
        r#""profession":"Infirmier","roles":["professional"]}]}"#
    );
    is(&Colleagues { colleagues: vec![karim] }, expected);
}

/// Read before anybody signs in: what a former server does not say must not hide the door it has.
#[test]
fn the_doors_of_a_former_server() {
    let doors = Doors { territory: "CPTS d’essai".into(), psc: true };
    is(&doors, r#"{"territory":"CPTS d’essai","psc":true}"#);
    let former: Doors = serde_json::from_str(r#"{"psc":true}"#).expect("a former server says no name");
    assert_eq!(former, Doors { territory: String::new(), psc: true });
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
    is(&record(), RECORD);
    let mut newer = record();
    newer.conflicts.insert("weight".into(), conflict());
    newer.left = true;
    let head = RECORD.strip_suffix(r#","seq":12}"#).expect("it ends so");
    is(&newer, &format!(r#"{head},"conflicts":{{"weight":{}}},"seq":12,"left":true}}"#, open_conflict()));
    newer = Record { left: false, limited: true, ..record() };
    is(&newer, &format!(r#"{head},"seq":12,"limited":true}}"#));
    let phases = vec![
        Phase::Held(RecordId(id(4))),
        Phase::Open,
        Phase::Offered,
        Phase::SetAside(Aside::Unreadable),
        Phase::SetAside(Aside::TooBig),
        Phase::SetAside(Aside::Quarantined(Quarantine::Behind)),
    ];
    let expected = concat!(
        r#"[{"held":"00000000-0000-0000-0000-000000000004"},"open","offered","#,
        r#"{"setaside":"unreadable"},{"setaside":"too-big"},{"setaside":{"quarantined":"behind"}}]"#
    );
    is(&phases, expected);
    is(&Cursor { epoch: 1, since: 9, first: None }, r#"{"epoch":1,"since":9}"#);
    let first = FirstPull { epoch: 2, at: 40, after: Some(RecordId(id(4))), read: 1, total: 5 };
    let expected = concat!(
        r#"{"epoch":1,"since":9,"first":{"epoch":2,"at":40,"#,
        r#""after":"00000000-0000-0000-0000-000000000004","read":1,"total":5}}"#
    );
    is(&Cursor { epoch: 1, since: 9, first: Some(first) }, expected);
}

#[test]
fn fields_of_a_newer_version_are_passed_over() {
    let newer = CREATE.replacen('{', r#"{"later":[1],"#, 1);
    let read: Operation = serde_json::from_str(&newer).expect("an unknown field is no error");
    assert_eq!(read, create());
    let page = r#"{"epoch":1,"operations":[],"since":1,"more":false,"later":{},"backed_up_seq":0,"server_time":7}"#;
    serde_json::from_str::<Pulled>(page).expect("an unknown field is no error");
}

fn is<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, expected: &str) {
    assert_eq!(serde_json::to_string(value).expect("it serialises"), expected);
    assert_eq!(&serde_json::from_str::<T>(expected).expect("it is read back"), value);
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn page(operations: Vec<Sequenced>) -> Pulled {
    Pulled {
        epoch: 1,
        operations,
        since: 10,
        more: true,
        entered: Vec::new(),
        left: Vec::new(),
        check: None,
        backed_up_seq: 8,
        server_time: Timestamp(7),
    }
}

fn sequenced(seq: u64, operation: Operation) -> Sequenced {
    Sequenced::new(seq, AccountId(id(8)), Timestamp(6), operation)
}

fn record() -> Record {
    let mut record = Record::of(&create());
    record.apply(&sequenced(10, create()));
    record.apply(&sequenced(12, delete()));
    record
}

fn conflict() -> Conflict {
    Conflict { seq: 14, values: vec![Rival { op_id: OpId(id(6)), value: json!(612), by: signature() }], settled: None }
}

fn open_conflict() -> String {
    let op = r#""op_id":"00000000-0000-0000-0000-000000000006""#;
    format!(r#"{{"seq":14,"values":[{{{op},"value":612,"by":{SIGNATURE}}}]}}"#)
}

fn signature() -> Signature {
    Signature {
        author: AccountId(id(8)),
        name: "Claire Vidal".into(),
        profession: "Infirmière".into(),
        device: "Tablette bleue".into(),
        at: Timestamp(1_700_000_000_000),
        received_at: Timestamp(6),
    }
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
        fields: BTreeMap::from([("weight".into(), Edit::new(json!(612), Some(OpId(id(1)))))]),
        reason: Some("faute de frappe".into()),
        device_time: Timestamp(-5),
        ..create()
    }
}

fn settlement() -> Operation {
    let over = vec![OpId(id(1)), OpId(id(6))];
    let edit = Edit { value: json!(612), base: Some(OpId(id(6))), over };
    Operation {
        op_id: OpId(id(9)),
        device_seq: 6,
        fields: BTreeMap::from([("weight".into(), edit)]),
        reason: None,
        device_time: Timestamp(0),
        ..correction()
    }
}

fn delete() -> Operation {
    Operation {
        op_id: OpId(id(7)),
        device_seq: 5,
        kind: OperationKind::Delete,
        fields: BTreeMap::from([(
            sync::DELETED.into(),
            Edit { value: json!(true), base: None, over: vec![OpId(id(6))] },
        )]),
        device_time: Timestamp(0),
        ..create()
    }
}
