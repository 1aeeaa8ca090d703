//! What every [`Store`] must do, told as stories. Each panics with what went wrong: for the tests of the backends.
//!
//! A story needs a new empty store each time, and a way to close a store and open what it left.

mod sample;

use domain::Timestamp;
use domain::record::Value;
use serde_json::json;

use crate::protocol::Quarantine;
use crate::{
    Aside, Commit, Cursor, Edit, FirstPull, Operation, Phase, Queued, Seq, Sequenced, Store, StoreError, Stored, Whole,
};
use sample::{Image, author, held, op, open, operation, record, state};

/// Every story, in turn.
pub async fn run<S: Store, F: AsyncFn() -> S, R: AsyncFn(S) -> S>(fresh: F, reopen: R) {
    starts_empty(&fresh().await).await;
    numbers_follow_each_other(fresh().await, &reopen).await;
    everything_survives_reopening(fresh().await, &reopen).await;
    a_moved_record_aborts_everything(&fresh().await).await;
    of_two_writers_one_is_refused(&fresh().await).await;
    revisions_grow_once_per_commit(&fresh().await).await;
    identifiers_are_told_between_bounds(fresh().await, &reopen).await;
    the_outbox_is_in_order(&fresh().await).await;
    released_operations_are_numbered_first(&fresh().await).await;
    replacing_keeps_the_number(&fresh().await).await;
    acknowledged_operations_are_kept_until_backed_up(&fresh().await).await;
    reopened_operations_are_offered_again(&fresh().await).await;
    forgetting_leaves_nothing(fresh().await, &reopen).await;
    any_value_comes_back_the_same(fresh().await, &reopen).await;
}

/// A new store holds nothing.
pub async fn starts_empty<S: Store>(store: &S) {
    let image = Image::of(store).await;
    assert_eq!(image, Image::default(), "a new store must be empty");
    assert_eq!(store.revision(record(1)).await, Ok(0), "an absent record has revision 0");
    assert_eq!(store.record(record(1)).await, Ok(None));
    assert_eq!(store.whole(record(1)).await, Ok(Whole::default()));
}

/// Numbers have no gap: not after a refused commit, not after a restart.
pub async fn numbers_follow_each_other<S: Store, R: AsyncFn(S) -> S>(store: S, reopen: &R) {
    let two = Commit { add: vec![open(1, 1), open(2, 1)], ..Commit::default() };
    assert_eq!(store.commit(two).await, Ok(vec![(op(1), 1), (op(2), 2)]));
    let refused = Commit { expect: vec![(record(9), 5)], add: vec![open(3, 1)], ..Commit::default() };
    assert_eq!(store.commit(refused).await, Err(StoreError::Moved));
    let store = reopen(store).await;
    assert_eq!(store.last_device_seq().await, Ok(2), "a refused commit draws no number");
    let third = Commit { add: vec![held(4, 1, 1), open(5, 1)], ..Commit::default() };
    assert_eq!(store.commit(third).await, Ok(vec![(op(4), 0), (op(5), 3)]), "a held operation draws none");
}

/// What a commit answered is there after the store was closed.
pub async fn everything_survives_reopening<S: Store, R: AsyncFn(S) -> S>(store: S, reopen: &R) {
    let commit = Commit {
        add: vec![open(1, 1), open(2, 2), held(3, 3, 3)],
        records: vec![state(1, 7)],
        touch: vec![record(2), record(3)],
        cursor: Some(Cursor { epoch: 4, since: 7, first: None }),
        ..Commit::default()
    };
    store.commit(commit).await.expect("a first commit");
    let first = FirstPull { epoch: 5, at: 8, after: Some(record(1)), read: 200, total: 5_000 };
    let aside = |n, why| Queued { operation: operation(n, 4), phase: Phase::SetAside(why) };
    let asides = [
        Aside::Unreadable,
        Aside::TooBig,
        Aside::Quarantined(Quarantine::NoRight),
        Aside::Quarantined(Quarantine::Behind),
    ];
    let asides: Vec<_> = (10..).zip(asides).map(|(n, why)| aside(n, why)).collect();
    let then = Commit {
        acknowledge: vec![(op(2), 9)],
        add: asides.iter().map(|queued| open(queued.operation.op_id.0.as_u128(), 4)).collect(),
        touch: vec![record(4)],
        cursor: Some(Cursor { epoch: 4, since: 7, first: Some(first) }),
        ..Commit::default()
    };
    store.commit(then).await.expect("an acknowledgement, and a first pull under way");
    let numbered = store.outbox_of(record(4)).await.expect("a read");
    let replace = numbered.into_iter().zip(&asides).map(|(queued, aside)| Queued { phase: aside.phase, ..queued });
    store.commit(Commit { replace: replace.collect(), ..Commit::default() }).await.expect("operations set aside");
    let before = Image::of(&store).await;
    assert_eq!(before.kept.len(), 1);
    assert_eq!(before.cursor.first, Some(first));
    let phases: Vec<_> =
        before.outbox.iter().map(|queued| queued.phase).filter(|phase| matches!(phase, Phase::SetAside(_))).collect();
    assert_eq!(phases, asides.iter().map(|queued| queued.phase).collect::<Vec<_>>(), "the reason is kept");
    let store = reopen(store).await;
    assert_eq!(Image::of(&store).await, before, "what was committed must survive");
    assert_eq!(store.revision(record(2)).await, Ok(1), "the revision of a record known by its operations too");
}

/// A commit computed from something that changed since does nothing at all.
pub async fn a_moved_record_aborts_everything<S: Store>(store: &S) {
    let first =
        Commit { add: vec![open(1, 1), held(2, 1, 1), open(3, 1)], records: vec![state(1, 3)], ..Commit::default() };
    store.commit(first).await.expect("a first commit");
    store.commit(Commit { acknowledge: vec![(op(3), 3)], ..Commit::default() }).await.expect("an acknowledgement");
    let before = Image::of(store).await;
    let stale = Commit {
        expect: vec![(record(1), 1), (record(2), 1)],
        records: vec![state(1, 8), state(4, 8)],
        touch: vec![record(2)],
        add: vec![open(4, 1)],
        replace: vec![Queued { phase: Phase::Offered, ..before.outbox[0].clone() }],
        release: vec![before.outbox[1].clone()],
        acknowledge: vec![(op(1), 8)],
        reopen: vec![op(3)],
        forget: vec![op(2)],
        remove: vec![record(1)],
        cursor: Some(Cursor { epoch: 1, since: 8, first: None }),
        backed_up: Some(8),
    };
    assert_eq!(store.commit(stale).await, Err(StoreError::Moved), "record 2 is not there");
    assert_eq!(Image::of(store).await, before, "a refused commit must change nothing");
}

/// Bounds are exclusive below and inclusive above; records known only by what waits of them are told too.
pub async fn identifiers_are_told_between_bounds<S: Store, R: AsyncFn(S) -> S>(store: S, reopen: &R) {
    let ids = async |store: &S, after: Option<u128>, up_to: Option<u128>| {
        let mut ids = store.ids(after.map(record), up_to.map(record)).await.expect("a read");
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(&store, None, None).await, []);
    // Their order is that of their bytes: the first differs in the highest, the others in the lowest.
    let high = u128::MAX - 5;
    let commit = Commit {
        records: vec![state(1, 3), state(2, 4), state(high, 5), state(4, 6)],
        touch: vec![record(3)],
        add: vec![open(1, 3)],
        ..Commit::default()
    };
    store.commit(commit).await.expect("a commit");
    store.commit(Commit { remove: vec![record(4)], ..Commit::default() }).await.expect("a commit");
    let store = reopen(store).await;
    let all = [1, 2, 3, high].map(record);
    assert_eq!(ids(&store, None, None).await, all);
    assert_eq!(ids(&store, Some(1), None).await, all[1..]);
    assert_eq!(ids(&store, None, Some(2)).await, all[..2]);
    assert_eq!(ids(&store, Some(1), Some(3)).await, all[1..3]);
    assert_eq!(ids(&store, Some(3), Some(5)).await, []);
    assert_eq!(ids(&store, Some(5), Some(u128::MAX)).await, all[3..]);
}

/// Two tabs that read the same revision: the second to write is told.
pub async fn of_two_writers_one_is_refused<S: Store>(store: &S) {
    let write = |op| Commit {
        expect: vec![(record(1), 0)],
        touch: vec![record(1)],
        add: vec![open(op, 1)],
        ..Commit::default()
    };
    assert_eq!(store.commit(write(1)).await, Ok(vec![(op(1), 1)]));
    assert_eq!(store.commit(write(2)).await, Err(StoreError::Moved));
}

/// However often a commit names a record, its revision grows by one; by none if it is not named.
pub async fn revisions_grow_once_per_commit<S: Store>(store: &S) {
    let both = || Commit { records: vec![state(1, 1)], touch: vec![record(1), record(1)], ..Commit::default() };
    store.commit(both()).await.expect("a commit");
    assert_eq!(store.revision(record(1)).await, Ok(1));
    store.commit(both()).await.expect("a commit");
    store.commit(Commit { add: vec![open(1, 1)], ..Commit::default() }).await.expect("a commit");
    assert_eq!(store.revision(record(1)).await, Ok(2));
    store.commit(Commit { touch: vec![record(1)], ..Commit::default() }).await.expect("a commit");
    let stored = store.record(record(1)).await.expect("a read");
    assert_eq!(stored, Some(Stored { rev: 3, record: state(1, 1) }), "touching keeps the state");
    store.commit(Commit { touch: vec![record(2)], ..Commit::default() }).await.expect("a commit");
    assert_eq!(store.record(record(2)).await, Ok(None), "touching makes no state");
    let some = store.some(&[record(2), record(1), record(3)]).await.expect("a read");
    assert_eq!(some, [None, stored.clone(), None], "in the order they were asked for");
}

/// Numbered operations by number, then held ones by id.
pub async fn the_outbox_is_in_order<S: Store>(store: &S) {
    let add = vec![held(9, 1, 1), open(8, 1), open(3, 2), held(2, 1, 1), open(5, 1)];
    store.commit(Commit { add, ..Commit::default() }).await.expect("a commit");
    let ids = |queued: Vec<Queued>| queued.iter().map(|queued| queued.operation.op_id).collect::<Vec<_>>();
    assert_eq!(ids(store.outbox().await.expect("a read")), [8, 3, 5, 2, 9].map(op));
    assert_eq!(ids(store.outbox_of(record(1)).await.expect("a read")), [8, 5, 2, 9].map(op));
    let changed = Commit { records: vec![state(1, 4)], add: vec![open(7, 1)], ..Commit::default() };
    store.commit(changed).await.expect("a commit");
    let whole = store.whole(record(1)).await.expect("a read");
    assert_eq!((whole.rev, whole.record), (1, Some(state(1, 4))), "of one instant");
    assert_eq!(ids(whole.operations), [8, 5, 7, 2, 9].map(op));
    let known_by_operations = store.whole(record(2)).await.expect("a read");
    assert_eq!((known_by_operations.record, known_by_operations.operations.len()), (None, 1));
}

/// A consent frees what waited for it in the order given, before itself.
pub async fn released_operations_are_numbered_first<S: Store>(store: &S) {
    let add = vec![held(1, 1, 1), held(2, 1, 1), held(3, 2, 2)];
    store.commit(Commit { add, ..Commit::default() }).await.expect("a commit");
    let outbox = store.outbox().await.expect("a read");
    let release = vec![outbox[1].clone(), outbox[0].clone()];
    let commit = Commit { release, add: vec![open(4, 3)], ..Commit::default() };
    assert_eq!(store.commit(commit).await, Ok(vec![(op(2), 1), (op(1), 2), (op(4), 3)]));
    let outbox = store.outbox().await.expect("a read");
    let phases: Vec<_> = outbox.iter().map(|queued| (queued.operation.device_seq, queued.phase)).collect();
    let expected = [(1, Phase::Open), (2, Phase::Open), (3, Phase::Open), (0, Phase::Held(record(2)))];
    assert_eq!(phases, expected);
}

/// A changed operation stays where it was; one that left meanwhile does not come back.
pub async fn replacing_keeps_the_number<S: Store>(store: &S) {
    let add = vec![open(1, 1), open(2, 1)];
    store.commit(Commit { add, ..Commit::default() }).await.expect("a commit");
    let mut first = store.outbox().await.expect("a read")[0].clone();
    first.phase = Phase::Offered;
    first.operation.fields.insert("name".into(), Edit::new(json!("Vidal"), Some(op(7))));
    let gone = Queued { operation: operation(6, 1), phase: Phase::Open };
    let replace = vec![first.clone(), gone];
    store.commit(Commit { replace, ..Commit::default() }).await.expect("a commit");
    let outbox = store.outbox().await.expect("a read");
    assert_eq!(outbox[0], first);
    assert_eq!(outbox.len(), 2, "replacing adds nothing");
}

/// What the server holds leaves the outbox, and leaves the device once a backup holds it.
pub async fn acknowledged_operations_are_kept_until_backed_up<S: Store>(store: &S) {
    let add = vec![open(1, 1), open(2, 1), open(3, 1)];
    store.commit(Commit { add, ..Commit::default() }).await.expect("a commit");
    let acknowledge = vec![(op(1), 30), (op(2), 20), (op(8), 40)];
    store.commit(Commit { acknowledge, ..Commit::default() }).await.expect("an unknown operation is passed over");
    let seqs = |kept: Vec<(Seq, Operation)>| kept.iter().map(|(seq, kept)| (*seq, kept.op_id)).collect::<Vec<_>>();
    assert_eq!(seqs(store.kept().await.expect("a read")), [(20, op(2)), (30, op(1))]);
    assert_eq!(store.outbox().await.expect("a read").len(), 1);
    store.commit(Commit { backed_up: Some(20), ..Commit::default() }).await.expect("a commit");
    assert_eq!(seqs(store.kept().await.expect("a read")), [(30, op(1))]);
}

/// After a restore of the server, kept operations are sent again, unchanged.
pub async fn reopened_operations_are_offered_again<S: Store>(store: &S) {
    let add = vec![open(1, 1), open(2, 1)];
    store.commit(Commit { add, ..Commit::default() }).await.expect("a commit");
    let sent = store.outbox().await.expect("a read")[0].operation.clone();
    store.commit(Commit { acknowledge: vec![(op(1), 5)], ..Commit::default() }).await.expect("a commit");
    store.commit(Commit { reopen: vec![op(1), op(8)], ..Commit::default() }).await.expect("a commit");
    assert_eq!(store.kept().await, Ok(Vec::new()));
    let outbox = store.outbox().await.expect("a read");
    assert_eq!(outbox.len(), 2);
    assert_eq!(outbox[0], Queued { operation: sent, phase: Phase::Offered });
}

/// A refusal or an erasure leaves no trace, neither in the outbox nor among what is kept aside.
pub async fn forgetting_leaves_nothing<S: Store, R: AsyncFn(S) -> S>(store: S, reopen: &R) {
    let commit = Commit { add: vec![held(1, 1, 1), open(2, 1)], records: vec![state(1, 1)], ..Commit::default() };
    store.commit(commit).await.expect("a commit");
    store.commit(Commit { acknowledge: vec![(op(2), 5)], ..Commit::default() }).await.expect("a commit");
    let forget = Commit { forget: vec![op(1), op(2), op(8)], remove: vec![record(1)], ..Commit::default() };
    store.commit(forget).await.expect("a commit");
    let store = reopen(store).await;
    assert_eq!(Image::of(&store).await, Image { last_device_seq: 1, ..Image::default() });
    assert_eq!(store.revision(record(1)).await, Ok(0));
}

/// Whatever a form may hold is read back as it was written.
pub async fn any_value_comes_back_the_same<S: Store, R: AsyncFn(S) -> S>(store: S, reopen: &R) {
    let values = [
        json!("Élise d’Aÿ « 𝒩 »\u{202f}!\0"),
        json!(""),
        Value::Null,
        json!(-9_007_199_254_740_991_i64),
        json!(i64::MAX),
        json!(["yes", "no"]),
        json!({"later": {"version": 2}}),
        json!("é".repeat(150_000)),
    ];
    let mut add = open(1, 1);
    let named = values.into_iter().enumerate().map(|(at, value)| (format!("f{at}"), value));
    add.operation.fields = named.map(|(name, value)| (name, Edit::new(value, None))).collect();
    let mut record = state(1, 1);
    let sequenced = |operation| Sequenced::new(2, author(), Timestamp(0), operation);
    record.apply(&sequenced(add.operation.clone()));
    let commit = Commit { add: vec![add.clone()], records: vec![record.clone()], ..Commit::default() };
    store.commit(commit).await.expect("a commit");
    let store = reopen(store).await;
    let read = store.record(record.id).await.expect("a read").expect("it was written");
    assert_eq!(read, Stored { rev: 1, record });
    assert_eq!(store.outbox().await.expect("a read")[0].operation.fields, add.operation.fields);
}
