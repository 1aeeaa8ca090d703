//! Records that come into the account's sight, leave it, or are erased; values that are settled.

use super::*;
use crate::{Conflict, Rival, Signature};

#[test]
fn a_record_comes_into_sight_whole_and_leaves_without_trace() {
    let replica = empty();
    assert_eq!(sight(&replica, 50, vec![known(11, 3, "Roux")], &[]), [record(11)]);
    assert_eq!(stored(&replica, 11), Some(known(11, 3, "Roux")));
    assert_eq!(sight(&replica, 60, Vec::new(), &[11, 12]), [record(11)], "12 was never here");
    assert_eq!(stored(&replica, 11), None);
    assert_eq!(block_on(replica.store.ids(None, None)), Ok(Vec::new()));
}

#[test]
fn pages_that_come_late_or_twice_bring_nothing_back_and_take_nothing_away() {
    let replica = empty();
    sight(&replica, 50, vec![known(11, 3, "Roux")], &[]);
    sight(&replica, 60, Vec::new(), &[11]);
    sight(&replica, 50, vec![known(11, 3, "Roux")], &[]);
    assert_eq!(stored(&replica, 11), None);
    let mut log = sequenced(Push { operations: vec![operation_of(11)] });
    log[0].seq = 40;
    assert_eq!(block_on(replica.pulled(&pulled(1, log))), Ok(Vec::new()), "nor what was written on it before");
    assert_eq!(stored(&replica, 11), None);
    sight(&replica, 70, vec![known(11, 3, "Roux")], &[]);
    sight(&replica, 60, Vec::new(), &[11]);
    assert_eq!(stored(&replica, 11), Some(known(11, 3, "Roux")));
}

#[test]
fn a_record_that_left_is_forgotten_once_what_waits_of_it_is_sent() {
    let replica = empty();
    sight(&replica, 50, vec![known(11, 3, "Roux")], &[]);
    let fields = vec![("name".to_owned(), json!("Blanc"))];
    block_on(replica.save(Save { record: record(11), fields, ..save(20, OperationKind::Set, &[]) })).expect("a save");
    sight(&replica, 60, Vec::new(), &[11]);
    assert_eq!(block_on(replica.shown(record(11))), Ok(None), "it shows no more");
    assert_eq!(block_on(replica.waiting()).expect("a read").count, 1);
    let late =
        block_on(replica.save(Save { record: record(11), ..save(21, OperationKind::Set, &[("name", json!("Sol"))]) }));
    assert_eq!(late, Err(SaveError::Gone));
    let push = offered(&replica);
    block_on(replica.pushed(author(), &pushed(1, vec![(push.operations[0].op_id, Fate::Applied { seq: 61 })])))
        .expect("a commit");
    assert_eq!((stored(&replica, 11), outbox(&replica)), (None, Vec::new()));
}

#[test]
fn an_acknowledgement_that_comes_after_the_record_left_brings_nothing_back() {
    let replica = person();
    let push = offered(&replica);
    sight(&replica, 60, Vec::new(), &[1]);
    let fates = (1..).zip(&push.operations).map(|(seq, one)| (one.op_id, Fate::Duplicate { seq })).collect();
    block_on(replica.pushed(author(), &pushed(1, fates))).expect("a commit");
    assert_eq!((stored(&replica, 1), outbox(&replica)), (None, Vec::new()));
    assert!(block_on(replica.waiting()).expect("a read").everything_sent());
}

#[test]
fn a_lifted_quarantine_comes_with_the_log_under_a_new_sequence() {
    let replica = person();
    let push = offered(&replica);
    let quarantined = |one: &Operation| (one.op_id, Fate::Quarantined { seq: 1, reason: Quarantine::NoRight });
    block_on(replica.pushed(author(), &pushed(1, push.operations.iter().map(quarantined).collect())))
        .expect("a commit");
    let mut log = sequenced(push);
    log.iter_mut().for_each(|lifted| lifted.seq += 30);
    block_on(replica.pulled(&pulled(1, log))).expect("a commit");
    assert_eq!(outbox(&replica), []);
    assert_eq!(stored(&replica, 1).map(|record| record.seq), Some(31));
}

#[test]
fn an_erasure_takes_what_was_not_sent_too() {
    let replica = person();
    let mut log = sequenced(offered(&replica));
    set(&replica, 10, "name", json!("Vidal"));
    let mut erase = log[0].clone();
    erase.seq = 3;
    erase.operation.op_id = op(90);
    erase.operation.kind = OperationKind::Erase;
    erase.operation.fields.clear();
    log.push(erase);
    block_on(replica.pulled(&pulled(1, log))).expect("a commit");
    assert_eq!(outbox(&replica), []);
    let kept = block_on(replica.store.kept()).expect("a read");
    assert!(kept.iter().all(|(_, one)| one.record_id != record(1)));
    let late = block_on(replica.save(save(30, OperationKind::Set, &[("name", json!("Vidal"))])));
    assert_eq!(late, Err(SaveError::Gone));
}

#[test]
fn an_erased_record_that_had_left_takes_what_was_set_aside_of_it() {
    let replica = empty();
    sight(&replica, 50, vec![known(11, 3, "Roux")], &[]);
    let fields = vec![("name".to_owned(), json!("Blanc"))];
    block_on(replica.save(Save { record: record(11), fields, ..save(20, OperationKind::Set, &[]) })).expect("a save");
    sight(&replica, 60, Vec::new(), &[11]);
    let fate = Fate::Quarantined { seq: 61, reason: Quarantine::NoRight };
    block_on(replica.pushed(author(), &pushed(1, vec![(offered(&replica).operations[0].op_id, fate)])))
        .expect("a commit");
    assert_eq!(outbox(&replica).len(), 1, "it is kept, for its author");
    let mut tombstone = known(11, 3, "Roux");
    let mut erase = sequenced(Push { operations: vec![outbox(&replica)[0].operation.clone()] }).remove(0);
    (erase.seq, erase.operation.kind) = (70, OperationKind::Erase);
    tombstone.apply(&erase);
    sight(&replica, 70, vec![tombstone.clone()], &[]);
    assert_eq!((stored(&replica, 11), outbox(&replica)), (Some(tombstone), Vec::new()));
}

#[test]
fn what_she_settled_does_not_seem_open_again_while_the_log_has_not_said_by_whom() {
    let replica = empty();
    let by = Signature {
        author: author(),
        name: "Claire Vidal".into(),
        profession: "Infirmière".into(),
        device: "Tablette bleue".into(),
        at: Timestamp(1),
        received_at: Timestamp(2),
    };
    let mut disputed = known(11, 3, "Roux");
    let rival = |n, name: &str| Rival { op_id: op(n), value: json!(name), by: by.clone() };
    let open = Conflict { seq: 3, values: vec![rival(1_002, "Rou"), rival(1_003, "Roux")], settled: None };
    disputed.conflicts.insert("name".into(), open.clone());
    sight(&replica, 50, vec![disputed], &[]);
    let conflicts = || block_on(replica.shown(record(11))).expect("a read").expect("it is there").conflicts;
    assert_eq!(conflicts(), BTreeMap::from([("name".to_owned(), open)]));
    let settle = Save {
        record: record(11),
        over: vec![op(1_002), op(1_003)],
        ..save(20, OperationKind::Set, &[("name", json!("Roux"))])
    };
    block_on(replica.save(settle)).expect("the value that stands may be the one that is kept");
    assert_eq!(conflicts(), BTreeMap::new());
    let push = offered(&replica);
    assert_eq!(push.operations[0].fields["name"].over.len(), 2);
    block_on(replica.pushed(author(), &pushed(1, vec![(op(20), Fate::Applied { seq: 51 })]))).expect("a commit");
    assert_eq!(conflicts(), BTreeMap::new());
    let mut log = sequenced(push);
    log[0].seq = 51;
    let settled = Conflict { seq: 51, values: Vec::new(), settled: Some(by) };
    log[0].conflicts.insert("name".into(), settled.clone());
    block_on(replica.pulled(&pulled(1, log))).expect("a commit");
    assert_eq!(stored(&replica, 11).expect("it is there").conflicts["name"], settled);
}

/// A page that brings records into sight and out of it.
fn sight(replica: &Replica<MemoryStore>, since: Seq, entered: Vec<Record>, left: &[u128]) -> Vec<RecordId> {
    let left = left.iter().map(|n| record(*n)).collect();
    block_on(replica.pulled(&Pulled { since, entered, left, ..pulled(1, Vec::new()) })).expect("a commit")
}
