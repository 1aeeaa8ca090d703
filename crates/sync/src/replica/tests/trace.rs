//! What is told of consultations: it leaves with the entries, and is counted and shown nowhere.

use domain::people::TRACE;
use domain::people::trace::{Act, fields};

use super::*;

/// Somebody opened record 1.
fn opened(replica: &Replica<MemoryStore>, n: u128) {
    let trace = Save {
        record: record(n),
        kind: TRACE.id,
        fields: fields(Act::Opened, record(1)),
        ..save(n, OperationKind::Create, &[])
    };
    block_on(replica.save(trace)).expect("a save");
}

fn waiting(replica: &Replica<MemoryStore>) -> Waiting {
    block_on(replica.waiting()).expect("a read")
}

/// All that the store still holds of a record: its revision and its state.
fn left_of(replica: &Replica<MemoryStore>, n: u128) -> (u64, Option<Record>) {
    (block_on(replica.store.revision(record(n))).expect("a read"), stored(replica, n))
}

#[test]
fn a_trace_is_sent_and_counts_nowhere() {
    let replica = empty();
    opened(&replica, 40);
    let contents = block_on(replica.contents()).expect("a read");
    assert_eq!((contents.shown.len(), contents.waiting.count, contents.waiting.oldest), (0, 0, None));
    assert!(contents.waiting.everything_sent());
    let sent = offered(&replica).operations;
    assert_eq!(sent.iter().map(|one| one.op_id).collect::<Vec<_>>(), [op(40)]);
    assert_eq!(block_on(replica.export()).expect("a read"), sent, "a file takes it along");
}

#[test]
fn an_entry_before_or_after_a_trace_is_told_as_if_it_were_not_there() {
    let replica = empty();
    opened(&replica, 40);
    save_person(&replica);
    opened(&replica, 41);
    let before = waiting(&replica);
    assert_eq!((before.count, before.everything_sent()), (2, false));
    let operations = offered(&replica).operations;
    assert_eq!(operations.iter().map(|one| one.device_seq).collect::<Vec<_>>(), [1, 2, 3, 4], "one order for all");
    let entries = operations.iter().filter(|one| !one.is_trace()).map(|one| (one.op_id, Fate::Applied { seq: 1 }));
    block_on(replica.pushed(author(), &pushed(1, entries.collect()))).expect("a commit");
    assert!(waiting(&replica).everything_sent());
    assert_eq!(outbox(&replica).len(), 2);
}

#[test]
fn a_trace_is_gone_once_the_server_has_it_and_comes_back_after_a_restoration() {
    for fate in [Fate::Applied { seq: 9 }, Fate::Duplicate { seq: 9 }] {
        let replica = empty();
        opened(&replica, 40);
        offered(&replica);
        let changed = block_on(replica.pushed(author(), &pushed(1, vec![(op(40), fate)]))).expect("a commit");
        assert_eq!(changed, [], "no page hears of it");
        assert_eq!((outbox(&replica), left_of(&replica, 40)), (Vec::new(), (0, None)));
        let check = Check::default();
        assert_eq!(block_on(replica.agrees(0, &check)), Ok(true), "the server counts no trace either");
        // No backup of the server was known to hold it.
        block_on(replica.pulled(&pulled(2, Vec::new()))).expect("a commit");
        block_on(replica.framed(&frame(2, 3, None, None, Vec::new()))).expect("a commit");
        assert_eq!(offered(&replica).operations[0].op_id, op(40));
        block_on(replica.pushed(author(), &pushed(2, vec![(op(40), Fate::Applied { seq: 4 })]))).expect("a commit");
        assert_eq!((outbox(&replica), left_of(&replica, 40)), (Vec::new(), (0, None)));
    }
}

#[test]
fn a_refused_trace_stays_on_no_list() {
    let replica = empty();
    opened(&replica, 40);
    offered(&replica);
    let fate = Fate::Quarantined { seq: 9, reason: Quarantine::NoRight };
    block_on(replica.pushed(author(), &pushed(1, vec![(op(40), fate)]))).expect("a commit");
    assert_eq!((outbox(&replica), left_of(&replica, 40)), (Vec::new(), (0, None)));
    assert_eq!(waiting(&replica), Waiting { last_acknowledged: 1, last_drawn: 1, ..Waiting::default() });
}

#[test]
fn a_trace_costs_few_bytes() {
    let replica = empty();
    opened(&replica, 40);
    let bytes = serde_json::to_string(&offered(&replica).operations[0]).expect("plain data").len();
    assert!(bytes < 450, "{bytes}");
}
