mod first;
mod restored;
mod scope;
mod trace;

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use domain::record::{PARENT, Value};
use pollster::block_on;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::protocol::{Check, Fate, Frame, MAX_BYTES, MAX_OPERATIONS, Pulled, Push, Pushed, Quarantine};
use crate::{Aside, Cursor, Edit, Fault, FirstPull, MemoryStore, Operation, OperationKind, Record, Seq, Sequenced};

#[test]
fn the_next_edit_of_a_field_takes_the_place_of_one_not_yet_offered() {
    let replica = person();
    set(&replica, 10, "name", json!("V"));
    let before = outbox(&replica).len();
    set(&replica, 11, "name", json!("Vi"));
    let shown = set(&replica, 12, "name", json!("Vidal"));
    assert_eq!(shown.fields["name"].value, json!("Vidal"));
    let last = outbox(&replica).pop().expect("an operation");
    assert_eq!(outbox(&replica).len(), before);
    assert_eq!((last.operation.op_id, last.operation.device_seq), (op(10), 3));
    assert_eq!(last.operation.fields["name"].base, None, "the first base is kept");
}

#[test]
fn what_was_offered_is_immutable_and_is_the_base_of_the_next() {
    let replica = person();
    set(&replica, 10, "name", json!("V"));
    let first = offered(&replica).operations.pop().expect("an operation");
    set(&replica, 11, "name", json!("Vidal"));
    let outbox = outbox(&replica);
    assert_eq!(outbox[2].operation, first);
    assert_eq!(outbox[3].operation.fields["name"].base, Some(op(10)));
}

#[test]
fn what_a_pull_brought_while_she_was_typing_was_not_seen() {
    let replica = person();
    let seen = BTreeMap::from([("name".to_owned(), Some(op(7)))]);
    set(&replica, 10, "name", json!("as pulled meanwhile"));
    offered(&replica);
    let typed = Save { seen, ..save(11, OperationKind::Set, &[("name", json!("Vidal"))]) };
    block_on(replica.save(typed)).expect("a save");
    let last = outbox(&replica).pop().expect("an operation");
    assert_eq!(last.operation.fields["name"].base, Some(op(7)));
}

#[test]
fn a_creation_takes_no_edit_and_a_correction_stays_apart() {
    let replica = person();
    set(&replica, 10, "parent", json!("elsewhere"));
    assert_eq!(outbox(&replica).len(), 3, "the creation keeps what it was made with");
    set(&replica, 11, "weight", json!(61));
    let correction = Save { reason: Some("erreur".into()), ..save(12, OperationKind::Set, &[("weight", json!(16))]) };
    block_on(replica.save(correction)).expect("a save");
    let outbox = outbox(&replica);
    assert_eq!((outbox.len(), outbox[4].operation.fields["weight"].base), (5, Some(op(11))));
}

#[test]
fn an_unchanged_value_saves_nothing() {
    let replica = person();
    set(&replica, 10, "name", json!("Vidal"));
    let before = outbox(&replica);
    set(&replica, 11, "name", json!("Vidal"));
    set(&replica, 12, "never", Value::Null);
    assert_eq!(outbox(&replica), before);
}

#[test]
fn a_save_is_rebuilt_when_another_tab_moved_the_record_and_fails_aloud_on_a_full_disk() {
    let replica = person();
    replica.store.inject(Fault::Refuse(StoreError::Moved));
    set(&replica, 10, "name", json!("Vidal"));
    replica.store.set_full(true);
    let refused = block_on(replica.save(save(11, OperationKind::Set, &[("name", json!("Roux"))])));
    assert_eq!(refused, Err(SaveError::Store(StoreError::Full)));
    let shown = block_on(replica.shown(record(1))).expect("a read").expect("it is there");
    assert_eq!(shown.fields["name"].value, json!("Vidal"));
}

#[test]
fn nothing_leaves_before_the_consent_then_the_person_leaves_first() {
    let replica = held();
    assert_eq!(block_on(replica.offer(None)), Ok(None));
    let waiting = block_on(replica.waiting()).expect("a read");
    assert_eq!((waiting.count, waiting.held, waiting.everything_sent()), (0, 3, false));
    block_on(replica.save(consent(20))).expect("a save");
    let ids: Vec<_> = offered(&replica).operations.iter().map(|one| (one.device_seq, one.op_id)).collect();
    assert_eq!(ids, [(1, op(9)), (2, op(3)), (3, op(5)), (4, op(20))], "whatever the clock says");
}

#[test]
fn a_refusal_forgets_what_was_held_and_later_saves_know_it() {
    let replica = held();
    let gone = block_on(replica.discard_held(record(1))).expect("a commit");
    assert_eq!(gone, [record(1), record(2)]);
    assert_eq!(
        block_on(replica.contents()).expect("a read"),
        Contents { shown: Vec::new(), waiting: Waiting::default() }
    );
    let late = block_on(replica.save(save(30, OperationKind::Set, &[("name", json!("Vidal"))])));
    assert_eq!(late, Err(SaveError::Gone));
}

#[test]
fn what_hangs_on_a_record_that_is_elsewhere_is_written_and_nothing_else_is() {
    let under = [(PARENT, json!(record(9).to_string()))];
    let there = save(30, OperationKind::Create, &under);
    let replica = empty();
    assert_eq!(block_on(replica.save(there.clone())), Err(SaveError::Gone), "a notebook holds what it writes under");
    block_on(replica.save(Save { hold: Hold::Elsewhere, ..there })).expect("a save");
    let [written] = outbox(&replica).try_into().expect("one operation");
    assert_eq!((written.phase, written.operation.device_seq), (Phase::Open, 1));
}

#[test]
fn the_push_stops_before_the_field_under_the_fingers() {
    let replica = person();
    set(&replica, 10, "name", json!("Vid"));
    set(&replica, 11, "weight", json!(61));
    let push = block_on(replica.offer(Some((record(1), "name")))).expect("a commit").expect("a push");
    assert_eq!(push.operations.len(), 2);
    assert_eq!(offered(&replica).operations.len(), 4, "what was offered goes again with the rest");
}

#[test]
fn a_push_is_within_the_limits_and_one_huge_operation_blocks_nothing() {
    let replica = person();
    set(&replica, 10, "huge", json!("é".repeat(MAX_BYTES)));
    for n in 0..400 {
        let text = json!("x".repeat(if n < 5 { 120 * 1024 } else { 10 }));
        set(&replica, 100 + n, &format!("f{n}"), text);
    }
    let push = offered(&replica);
    assert_eq!(push.operations.len(), 6, "four long texts fit, not five");
    assert!(serde_json::to_string(&push).expect("JSON").len() <= MAX_BYTES);
    assert_eq!(block_on(replica.waiting()).expect("a read").set_aside, 1);
    let applied = |seq, one: &Operation| (one.op_id, Fate::Applied { seq });
    let fates = (1..).zip(&push.operations).map(|(seq, one)| applied(seq, one)).collect();
    block_on(replica.pushed(author(), &pushed(1, fates))).expect("a commit");
    assert_eq!(offered(&replica).operations.len(), MAX_OPERATIONS);
}

#[test]
fn an_acknowledged_operation_changes_side_without_a_flicker() {
    let replica = person();
    let before = set(&replica, 10, "name", json!("Vidal"));
    let push = offered(&replica);
    let fates = (1..).zip(&push.operations).map(|(seq, one)| (one.op_id, Fate::Applied { seq })).collect();
    let changed = block_on(replica.pushed(author(), &pushed(1, fates))).expect("a commit");
    assert_eq!(changed, [record(1), record(4)]);
    let after = block_on(replica.shown(record(1))).expect("a read").expect("it is there");
    assert_eq!(after.fields, before.fields);
    assert_eq!((after.waiting, after.author), (0, Some(author())));
    let waiting = block_on(replica.waiting()).expect("a read");
    assert!(waiting.everything_sent());
    assert_eq!((waiting.last_acknowledged, waiting.last_drawn), (3, 3));
}

#[test]
fn a_quarantined_operation_still_shows_and_is_not_sent_again() {
    let replica = person();
    let quarantined = |one: &Operation| (one.op_id, Fate::Quarantined { seq: 1, reason: Quarantine::NoRight });
    let fates = offered(&replica).operations.iter().map(quarantined).collect();
    block_on(replica.pushed(author(), &pushed(1, fates))).expect("a commit");
    assert_eq!(block_on(replica.offer(None)), Ok(None));
    let waiting = block_on(replica.waiting()).expect("a read");
    assert_eq!((waiting.count, waiting.set_aside, waiting.everything_sent()), (0, 2, false));
    assert_eq!(block_on(replica.store.record(record(1))), Ok(None), "the server state does not have it");
    assert!(block_on(replica.shown(record(1))).expect("a read").is_some());
}

#[test]
fn the_log_acknowledges_when_the_reply_was_lost_and_the_field_of_another_shows() {
    let replica = person();
    set(&replica, 10, "name", json!("Vidal"));
    let mut log = sequenced(offered(&replica));
    let mut other = log[2].clone();
    other.seq = 4;
    other.operation.op_id = op(90);
    other.operation.fields.get_mut("name").expect("the field").value = json!("Vidale");
    log.push(other);
    block_on(replica.pulled(&pulled(1, log))).expect("a commit");
    assert_eq!(outbox(&replica), []);
    let shown = block_on(replica.shown(record(1))).expect("a read").expect("it is there");
    assert_eq!(shown.fields["name"].value, json!("Vidale"));
}

/// A device that has read all of an empty server.
fn empty() -> Replica<MemoryStore> {
    let replica = Replica::new(MemoryStore::new(), DeviceId(Uuid::from_u128(1)));
    block_on(replica.framed(&frame(1, 0, None, None, Vec::new()))).expect("a commit");
    replica
}

/// A person whose consent was given: her creation and the consent wait to be sent.
fn person() -> Replica<MemoryStore> {
    let replica = empty();
    save_person(&replica);
    replica
}

fn save_person(replica: &Replica<MemoryStore>) {
    let create = Save { hold: Hold::Under(record(1)), ..save(2, OperationKind::Create, &[(PARENT, Value::Null)]) };
    block_on(replica.save(create)).expect("a save");
    block_on(replica.save(Save { record: record(4), ..consent(3) })).expect("a save");
}

/// A person and her screening before the consent, begun on a clock that was set back in between.
fn held() -> Replica<MemoryStore> {
    let replica = empty();
    let hold = Hold::Under(record(1));
    let create = Save { hold, ..save(9, OperationKind::Create, &[]) };
    block_on(replica.save(create)).expect("a save");
    let parent = json!(record(1).to_string());
    let child = Save { record: record(2), hold: Hold::No, ..save(5, OperationKind::Create, &[(PARENT, parent)]) };
    assert!(block_on(replica.save(child)).expect("a save").held, "the parent is held, so the child is");
    set(&replica, 3, "name", json!("Vidal"));
    replica
}

fn consent(n: u128) -> Save<'static> {
    let hold = Hold::Release(record(1));
    Save { record: record(3), kind: "consent", hold, ..save(n, OperationKind::Create, &[("answer", json!("yes"))]) }
}

fn save(n: u128, operation: OperationKind, fields: &[(&str, Value)]) -> Save<'static> {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Save {
        record: record(1),
        kind: "person",
        form_version: "1",
        operation,
        fields,
        seen: BTreeMap::new(),
        over: Vec::new(),
        reason: None,
        hold: Hold::No,
        now: Timestamp(1_000),
        op_id: op(n),
    }
}

fn set(replica: &Replica<MemoryStore>, n: u128, field: &str, value: Value) -> Shown {
    block_on(replica.save(save(n, OperationKind::Set, &[(field, value)]))).expect("a save")
}

fn offered(replica: &Replica<MemoryStore>) -> Push {
    block_on(replica.offer(None)).expect("a commit").expect("something to send")
}

fn outbox(replica: &Replica<MemoryStore>) -> Vec<Queued> {
    block_on(replica.store.outbox()).expect("a read")
}

fn sequenced(push: Push) -> Vec<Sequenced> {
    let with = |(seq, operation): (Seq, Operation)| Sequenced::new(seq, author(), Timestamp(0), operation);
    (1..).zip(push.operations).map(with).collect()
}

fn pushed(epoch: u64, fates: Vec<(OpId, Fate)>) -> Pushed {
    Pushed { fates, last_device_seq: 0, epoch, backed_up_seq: 0, server_time: Timestamp(0) }
}

fn pulled(epoch: u64, operations: Vec<Sequenced>) -> Pulled {
    let since = operations.last().map_or(0, |last| last.seq);
    Pulled {
        epoch,
        operations,
        since,
        more: false,
        entered: Vec::new(),
        left: Vec::new(),
        check: None,
        backed_up_seq: 0,
        server_time: Timestamp(0),
    }
}

fn frame(epoch: u64, at: Seq, from: Option<u128>, to: Option<u128>, records: Vec<Record>) -> Frame {
    let (from, to) = (from.map(record), to.map(record));
    Frame { epoch, at, from, to, total: 3, records, erased: Vec::new(), backed_up_seq: 0, server_time: Timestamp(0) }
}

/// The creation of a record on another device.
fn operation_of(n: u128) -> Operation {
    Operation {
        op_id: op(1_000 + n),
        device_id: DeviceId(Uuid::from_u128(2)),
        device_seq: 1,
        record_id: record(n),
        record_kind: "person".into(),
        form_version: "1".into(),
        kind: OperationKind::Create,
        fields: BTreeMap::new(),
        reason: None,
        device_time: Timestamp(1_000),
    }
}

/// A record of the server, with its name, last written at this sequence.
fn known(n: u128, seq: Seq, name: &str) -> Record {
    let fields = BTreeMap::from([("name".to_owned(), Edit::new(json!(name), None))]);
    let operation = Operation { op_id: op(1_000 + u128::from(seq)), device_seq: seq, fields, ..operation_of(n) };
    let mut known = Record::of(&operation);
    known.apply(&Sequenced::new(seq, author(), Timestamp(0), operation));
    known
}

fn stored(replica: &Replica<MemoryStore>, n: u128) -> Option<Record> {
    block_on(replica.store.record(record(n))).expect("a read").map(|stored| stored.record)
}

fn cursor(replica: &Replica<MemoryStore>) -> Cursor {
    block_on(replica.store.cursor()).expect("a read")
}

fn op(n: u128) -> OpId {
    OpId(Uuid::from_u128(n))
}

fn record(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(n))
}

fn author() -> AccountId {
    AccountId(Uuid::from_u128(1))
}
