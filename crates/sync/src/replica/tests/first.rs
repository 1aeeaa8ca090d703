//! The first pull, and the check that asks for another.

use super::*;

#[test]
fn a_new_device_reads_frame_after_frame_and_shows_the_first_at_once() {
    let replica = new();
    assert_eq!(block_on(replica.first_pull()), Ok(Some(FirstPull::default())));
    assert_eq!(framed(&replica, &one()), [record(11), record(12)]);
    assert_eq!(name(&replica, 11), Some(json!("Roux")));
    let under_way = FirstPull { epoch: 4, at: 50, after: Some(record(12)), read: 2, total: 3 };
    assert_eq!(block_on(replica.first_pull()), Ok(Some(under_way)));
    assert_eq!(framed(&replica, &two()), [record(13)]);
    assert_eq!(block_on(replica.first_pull()), Ok(None));
    assert_eq!(cursor(&replica), Cursor { epoch: 4, since: 50, first: None });
}

#[test]
fn frames_that_do_not_follow_change_nothing() {
    let replica = new();
    assert_eq!(framed(&replica, &two()), [], "the first is missing");
    framed(&replica, &one());
    let before = cursor(&replica);
    let elsewhere = frame(4, 51, Some(12), None, vec![known(13, 30, "Sol")]);
    let stale = frame(3, 60, None, None, vec![known(13, 30, "Sol")]);
    for late in [one(), elsewhere, stale] {
        assert_eq!(framed(&replica, &late), []);
        assert_eq!(cursor(&replica), before);
    }
    framed(&replica, &two());
    let done = cursor(&replica);
    for late in [one(), two(), frame(3, 60, None, None, Vec::new()), frame(9, 60, None, None, Vec::new())] {
        assert_eq!(framed(&replica, &late), [], "nothing was asked for");
        assert_eq!(cursor(&replica), done);
    }
    assert_eq!(stored(&replica, 11), Some(known(11, 10, "Roux")));
}

#[test]
fn a_refused_commit_leaves_the_frame_to_be_asked_for_again() {
    let replica = new();
    replica.store.inject(Fault::Refuse(StoreError::Closed));
    assert_eq!(block_on(replica.framed(&one())), Err(StoreError::Closed));
    assert_eq!(block_on(replica.first_pull()), Ok(Some(FirstPull::default())));
    assert_eq!(stored(&replica, 11), None);
    replica.store.inject(Fault::DieAfter);
    assert_eq!(block_on(replica.framed(&one())), Err(StoreError::Closed));
    assert_eq!(cursor(&replica).first.and_then(|first| first.after), Some(record(12)), "frame and cursor, or neither");
}

#[test]
fn replies_wait_until_it_is_done() {
    let replica = new();
    save_person(&replica);
    let push = offered(&replica);
    framed(&replica, &one());
    let fates = push.operations.iter().map(|one| (one.op_id, Fate::Applied { seq: 51 })).collect();
    assert_eq!(block_on(replica.pushed(author(), &pushed(4, fates))), Ok(Vec::new()));
    assert_eq!(block_on(replica.pulled(&pulled(4, sequenced(push.clone())))), Ok(Vec::new()));
    framed(&replica, &two());
    assert_eq!(offered(&replica), push, "they are simply sent again");
}

#[test]
fn a_check_that_agrees_says_so_whatever_was_emptied_or_waits() {
    let replica = complete();
    save_person(&replica);
    assert_eq!(block_on(replica.agrees(50, &check(&[(11, 10), (12, 20), (13, 30)]))), Ok(true));
    assert_eq!(block_on(replica.agrees(49, &Check::default())), Ok(true), "counted before the last page");
    assert_eq!(cursor(&replica).first, None);
}

#[test]
fn a_check_that_differs_asks_for_a_first_pull_which_mends_the_copy() {
    let replica = complete();
    save_person(&replica);
    let waiting = outbox(&replica);
    // The server has 11 as it was, 12 newer, no 13, and a 14.
    assert_eq!(block_on(replica.agrees(50, &check(&[(11, 10), (12, 40), (14, 45)]))), Ok(false));
    assert_eq!(block_on(replica.first_pull()), Ok(Some(FirstPull::default())));
    let late = frame(4, 49, None, None, Vec::new());
    assert_eq!(framed(&replica, &late), [], "read before what this device has read already");
    let records = vec![known(11, 10, "Roux"), known(12, 40, "Blanche"), known(14, 45, "Vial")];
    assert_eq!(framed(&replica, &frame(4, 60, None, None, records)), [record(12), record(13), record(14)]);
    assert_eq!(
        [11, 12, 13, 14].map(|n| name(&replica, n)),
        [Some("Roux"), Some("Blanche"), None, Some("Vial")].map(|name| name.map(|name| json!(name)))
    );
    assert_eq!(outbox(&replica), waiting, "what waits is nobody’s business");
    assert_eq!(block_on(replica.agrees(60, &check(&[(11, 10), (12, 40), (14, 45)]))), Ok(true));
}

#[test]
fn what_was_acknowledged_since_the_frame_was_read_stays() {
    let replica = complete();
    save_person(&replica);
    let push = offered(&replica);
    let fates = (51..).zip(&push.operations).map(|(seq, one)| (one.op_id, Fate::Applied { seq })).collect();
    block_on(replica.pushed(author(), &pushed(4, fates))).expect("a commit");
    block_on(replica.store.commit(Commit {
        cursor: Some(Cursor { first: Some(FirstPull::default()), ..cursor(&replica) }),
        ..Commit::default()
    }))
    .expect("a commit");
    let shown = block_on(replica.shown(record(1))).expect("a read");
    framed(&replica, &frame(4, 50, None, None, vec![known(11, 10, "Roux")]));
    assert_eq!(block_on(replica.shown(record(1))).expect("a read"), shown);
    assert_eq!((name(&replica, 11), name(&replica, 12)), (Some(json!("Roux")), None));
}

#[test]
fn a_vanished_record_keeps_what_waits_of_it() {
    let replica = complete();
    let fields = vec![("name".to_owned(), json!("Blanche"))];
    block_on(replica.save(Save { record: record(12), fields, ..save(20, OperationKind::Set, &[]) })).expect("a save");
    block_on(replica.agrees(50, &check(&[(11, 10)]))).expect("a commit");
    framed(&replica, &frame(4, 60, None, None, vec![known(11, 10, "Roux")]));
    assert_eq!((name(&replica, 12), name(&replica, 13)), (Some(json!("Blanche")), None));
    assert_eq!(offered(&replica).operations.len(), 1);
}

#[test]
fn the_check_depends_on_the_set_alone() {
    let three = [(11, 10), (12, 20), (13, 30)];
    assert_eq!(check(&three), check(&[three[2], three[0], three[1]]));
    let others: [&[(u128, Seq)]; 6] = [
        &[],
        &[(11, 10), (12, 20)],
        &[(11, 10), (12, 20), (13, 31)],
        &[(11, 10), (12, 20), (14, 30)],
        // The same ids and sequences, exchanged; and the same sums.
        &[(11, 20), (12, 10), (13, 30)],
        &[(10, 10), (13, 20), (13, 30)],
    ];
    for other in others {
        assert_ne!(check(&three), check(other), "{other:?}");
    }
    assert!(check(&three).sum < 1 << 53, "a JavaScript number holds it");
}

fn new() -> Replica<MemoryStore> {
    Replica::new(MemoryStore::new(), DeviceId(Uuid::from_u128(1)))
}

fn complete() -> Replica<MemoryStore> {
    let replica = new();
    framed(&replica, &one());
    framed(&replica, &two());
    replica
}

fn one() -> Frame {
    frame(4, 50, None, Some(12), vec![known(11, 10, "Roux"), known(12, 20, "Blanc")])
}

fn two() -> Frame {
    frame(4, 50, Some(12), None, vec![known(13, 30, "Sol")])
}

fn framed(replica: &Replica<MemoryStore>, frame: &Frame) -> Vec<RecordId> {
    block_on(replica.framed(frame)).expect("a commit")
}

fn name(replica: &Replica<MemoryStore>, n: u128) -> Option<Value> {
    let shown = block_on(replica.shown(record(n))).expect("a read")?;
    shown.fields.get("name").map(|field| field.value.clone())
}

fn check(records: &[(u128, Seq)]) -> Check {
    let mut check = Check::default();
    for (n, seq) in records {
        check.add(record(*n), *seq);
    }
    check
}
