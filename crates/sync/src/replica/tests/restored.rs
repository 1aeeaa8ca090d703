//! A server restored from a backup: what it lost is sent again.

use super::*;

#[test]
fn a_restored_server_is_sent_again_what_it_lost() {
    let replica = person();
    let push = offered(&replica);
    block_on(replica.pulled(&pulled(1, sequenced(push.clone())))).expect("a commit");
    assert_eq!(block_on(replica.offer(None)), Ok(None));
    assert_eq!(block_on(replica.pulled(&pulled(2, Vec::new()))), Ok(Vec::new()));
    assert_eq!(block_on(replica.first_pull()), Ok(Some(FirstPull::default())), "another epoch asks for a first pull");
    let shown = block_on(replica.shown(record(1))).expect("a read").expect("it shows meanwhile");
    block_on(replica.framed(&frame(2, 0, None, None, Vec::new()))).expect("a commit");
    let after = block_on(replica.shown(record(1))).expect("a read").expect("it still shows");
    assert_eq!((shown.waiting, after.waiting, shown.fields), (0, 1, after.fields));
    assert_eq!(offered(&replica), push, "unchanged, under the same numbers");
    let late = push.operations.iter().map(|one| (one.op_id, Fate::Applied { seq: 9 })).collect();
    assert_eq!(block_on(replica.pushed(author(), &pushed(1, late))), Ok(Vec::new()), "a reply of the lost server");
    assert_eq!(outbox(&replica).len(), 2);
}

#[test]
fn what_a_backup_holds_is_not_sent_again() {
    let replica = person();
    let log = sequenced(offered(&replica));
    block_on(replica.pulled(&Pulled { backed_up_seq: 1, ..pulled(1, log) })).expect("a commit");
    block_on(replica.pulled(&pulled(2, Vec::new()))).expect("a commit");
    block_on(replica.framed(&frame(2, 1, None, None, vec![known(1, 1, "")]))).expect("a commit");
    assert_eq!(offered(&replica).operations.iter().map(|one| one.op_id).collect::<Vec<_>>(), [op(3)]);
}

#[test]
fn what_was_set_aside_is_sent_again_too_for_its_quarantine_may_be_lost() {
    let replica = person();
    let push = offered(&replica);
    let quarantined = |one: &Operation| (one.op_id, Fate::Quarantined { seq: 1, reason: Quarantine::NoRight });
    let fates = push.operations.iter().map(quarantined).collect();
    block_on(replica.pushed(author(), &pushed(1, fates))).expect("a commit");
    assert_eq!(outbox(&replica)[0].phase, Phase::SetAside(Aside::Quarantined(Quarantine::NoRight)));
    block_on(replica.pulled(&pulled(2, Vec::new()))).expect("a commit");
    block_on(replica.framed(&frame(2, 0, None, None, Vec::new()))).expect("a commit");
    assert_eq!(offered(&replica), push);
}

#[test]
fn the_state_of_the_lost_server_gives_way_even_when_its_numbers_were_higher() {
    let replica = person();
    block_on(replica.pulled(&Pulled { since: 90, entered: vec![known(11, 90, "Roux")], ..pulled(1, Vec::new()) }))
        .expect("a commit");
    block_on(replica.pulled(&pulled(2, Vec::new()))).expect("a commit");
    block_on(replica.framed(&frame(2, 5, None, None, vec![known(11, 3, "Blanc")]))).expect("a commit");
    assert_eq!(stored(&replica, 11), Some(known(11, 3, "Blanc")));
    assert_eq!(cursor(&replica), Cursor { epoch: 2, since: 5, first: None });
    block_on(replica.pulled(&pulled(1, Vec::new()))).expect("a commit");
    assert_eq!(cursor(&replica).first, None, "an older epoch is a reply that comes late");
}

#[test]
fn a_second_restore_during_the_first_pull_begins_it_again() {
    let replica = person();
    block_on(replica.pulled(&pulled(2, Vec::new()))).expect("a commit");
    block_on(replica.framed(&frame(2, 5, None, Some(11), vec![known(11, 3, "Blanc")]))).expect("a commit");
    block_on(replica.framed(&frame(3, 4, None, None, vec![known(12, 4, "Sol")]))).expect("a commit");
    assert_eq!((stored(&replica, 12), cursor(&replica).epoch), (Some(known(12, 4, "Sol")), 3));
    assert!(block_on(replica.shown(record(11))).expect("a read").is_none());
}
