use domain::id::{DeviceId, RecordId};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;

/// What one person does; operations are numbered from 1 in the order they arrive.
#[derive(Clone, Debug)]
enum Did {
    /// A value, the operation she saw there, and those she settles.
    Wrote(&'static str, Option<u64>, &'static [u64]),
    Deleted,
    /// The operations behind what she saw when she deleted it.
    DeletedSeeing(&'static [u64]),
    Restored,
    Erased,
}

use Did::{Deleted, DeletedSeeing, Erased, Restored, Wrote};

/// What is told, who does what in turn, and the item it leaves.
type Case = (&'static str, Vec<(&'static str, Did)>, Item);

/// The state of an item, in short.
#[derive(Debug, PartialEq)]
enum Item {
    Never,
    /// Values and the operations that wrote them.
    Open(Vec<(Value, u64)>),
    /// By whom, at which operation.
    Settled(&'static str, Seq),
}

use Item::{Never, Open, Settled};

fn open(values: &[(&str, u64)]) -> Item {
    Open(values.iter().map(|(value, op)| (json!(value), *op)).collect())
}

#[test]
fn items_open_are_joined_and_are_settled() {
    let clash = [("ana", Wrote("a", None, &[])), ("bob", Wrote("b", None, &[]))];
    let settled = [clash.to_vec(), vec![("carl", Wrote("c", Some(2), &[1, 2]))]].concat();
    let then = |before: &[(&'static str, Did)], next: &[(&'static str, Did)]| [before, next].concat();
    let cases: Vec<Case> = vec![
        ("she saw what stood there", vec![clash[0].clone(), ("bob", Wrote("b", Some(1), &[]))], Never),
        ("the same value", vec![clash[0].clone(), ("bob", Wrote("a", None, &[]))], Never),
        ("she had not seen it", clash.to_vec(), open(&[("a", 1), ("b", 2)])),
        ("her other tablet", vec![clash[0].clone(), ("ana", Wrote("b", None, &[]))], open(&[("a", 1), ("b", 2)])),
        ("a third value", then(&clash, &[("carl", Wrote("c", None, &[]))]), open(&[("a", 1), ("b", 2), ("c", 3)])),
        (
            "a third value by one who saw one of them",
            then(&clash, &[("carl", Wrote("c", Some(2), &[]))]),
            open(&[("a", 1), ("b", 2), ("c", 3)]),
        ),
        ("her own next edit", then(&clash, &[("ana", Wrote("c", Some(1), &[]))]), open(&[("b", 2), ("c", 3)])),
        ("she comes to agree", then(&clash, &[("ana", Wrote("b", Some(1), &[]))]), Settled("ana", 3)),
        ("somebody settles", settled.clone(), Settled("carl", 3)),
        (
            "a third value arrives meanwhile",
            then(&clash, &[("carl", Wrote("c", None, &[])), ("ana", Wrote("a", Some(2), &[1, 2]))]),
            open(&[("c", 3), ("a", 4)]),
        ),
        ("two settle alike", then(&settled, &[("dan", Wrote("c", Some(2), &[1, 2]))]), Settled("carl", 3)),
        ("two settle otherwise", then(&settled, &[("dan", Wrote("a", Some(2), &[1, 2]))]), open(&[("c", 3), ("a", 4)])),
        ("an ordinary edit afterwards", then(&settled, &[("bob", Wrote("d", Some(3), &[]))]), Settled("carl", 3)),
        (
            "a late edit opens it anew",
            then(&settled, &[("bob", Wrote("d", Some(2), &[]))]),
            open(&[("c", 3), ("d", 4)]),
        ),
        ("a deletion settles no value", then(&clash, &[("bob", Deleted)]), open(&[("a", 1), ("b", 2)])),
        ("an erasure leaves nothing", then(&clash, &[("bob", Erased)]), Never),
        ("nor does what comes after", then(&clash, &[("bob", Erased), ("ana", Wrote("c", None, &[]))]), Never),
    ];
    for (name, did, expected) in cases {
        assert_eq!(item(&told(&did).0, "weight"), expected, "{name}");
    }
}

#[test]
fn the_edit_of_a_deleted_record_is_settled_by_deleting_it_again_or_restoring_it() {
    let edited = [("ana", Wrote("a", None, &[])), ("bob", Deleted), ("ana", Wrote("b", Some(1), &[]))];
    let both = Open(vec![(json!(true), 2), (json!(false), 3)]);
    let then = |next: &[(&'static str, Did)]| [&edited, next].concat();
    let cases: Vec<Case> = vec![
        ("edited", edited.to_vec(), both),
        (
            "her next edit tells nothing more",
            then(&[("ana", Wrote("c", Some(3), &[]))]),
            Open(vec![(json!(true), 2), (json!(false), 4)]),
        ),
        (
            "another edits it too",
            then(&[("carl", Wrote("c", Some(3), &[]))]),
            Open(vec![(json!(true), 2), (json!(false), 3), (json!(false), 4)]),
        ),
        ("restored", then(&[("carl", Restored)]), Settled("carl", 4)),
        ("deleted again", then(&[("bob", Deleted)]), Settled("bob", 4)),
        ("restored, then edited", then(&[("bob", Restored), ("ana", Wrote("d", Some(3), &[]))]), Settled("bob", 4)),
        (
            "deleted again, then edited again",
            then(&[("bob", Deleted), ("ana", Wrote("d", Some(3), &[]))]),
            Open(vec![(json!(true), 4), (json!(false), 5)]),
        ),
        ("erased", then(&[("bob", Erased)]), Never),
    ];
    for (name, did, expected) in cases {
        assert_eq!(item(&told(&did).0, DELETED), expected, "{name}");
    }
}

#[test]
fn a_deletion_by_one_who_had_not_seen_an_edit_tells_the_same_as_the_other_order_of_arrival() {
    let edited = [("ana", Wrote("a", None, &[])), ("bob", Wrote("b", Some(1), &[]))];
    let then = |next: &[(&'static str, Did)]| [&edited, next].concat();
    let both = || Open(vec![(json!(false), 2), (json!(true), 3)]);
    let cases: Vec<Case> = vec![
        ("she had seen it", then(&[("carl", DeletedSeeing(&[2]))]), Never),
        ("she saw what stood before", then(&[("carl", DeletedSeeing(&[1]))]), both()),
        ("she had seen nothing", then(&[("carl", DeletedSeeing(&[]))]), both()),
        ("her own edit, from her other tablet", then(&[("bob", DeletedSeeing(&[1]))]), both()),
        ("restored", then(&[("carl", DeletedSeeing(&[1])), ("bob", Restored)]), Settled("bob", 4)),
        (
            "deleted again, seen",
            then(&[("carl", DeletedSeeing(&[1])), ("ana", DeletedSeeing(&[2]))]),
            Settled("ana", 4),
        ),
        (
            "two delete it, none has seen the edit",
            then(&[("carl", DeletedSeeing(&[1])), ("ana", DeletedSeeing(&[1]))]),
            Open(vec![(json!(false), 2), (json!(true), 3), (json!(true), 4)]),
        ),
        (
            "and another edits it too",
            then(&[("carl", DeletedSeeing(&[1])), ("ana", Wrote("c", Some(1), &[]))]),
            Open(vec![(json!(false), 2), (json!(true), 3), (json!(false), 4)]),
        ),
        ("erased", then(&[("carl", DeletedSeeing(&[1])), ("bob", Erased)]), Never),
        (
            "she had not seen the value that her own stood beside",
            vec![
                edited[0].clone(),
                ("bob", Wrote("b", None, &[])),
                ("carl", Wrote("c", Some(1), &[])),
                ("carl", DeletedSeeing(&[1, 3])),
            ],
            Open(vec![(json!(false), 2), (json!(true), 4)]),
        ),
    ];
    for (name, did, expected) in cases {
        let (record, _) = told(&did);
        assert_eq!(item(&record, DELETED), expected, "{name}");
        assert_eq!(record.is_deleted(), !matches!(did.last(), Some((_, Restored))), "{name}");
    }
}

#[test]
fn the_fields_in_conflict_are_answered_and_noted_on_the_operation() {
    let (record, log) = told(&[("ana", Wrote("a", None, &[])), ("bob", Wrote("b", None, &[]))]);
    assert_eq!(log[0].conflicts, BTreeMap::new());
    assert_eq!(log[1].conflicts, record.conflicts);
    assert_eq!(record.open("weight").map(|item| item.seq), Some(2));
    assert_eq!(record.fields["weight"].value, json!("b"), "the last to arrive stands, meanwhile");
}

#[test]
fn fields_of_a_deletion_are_not_edits() {
    let (mut record, _) = told(&[("ana", Wrote("a", None, &[])), ("bob", Wrote("b", None, &[]))]);
    let before = record.conflicts.clone();
    let mut odd = sequenced(3, "carl", &Wrote("c", None, &[]));
    odd.operation.kind = OperationKind::Delete;
    assert_eq!(record.arrive(&mut odd, &signature("carl"), &BTreeMap::new()), Vec::<String>::new());
    assert_eq!(record.conflicts, before);
}

#[test]
fn an_author_who_never_says_what_she_saw_does_not_fill_the_item_without_end() {
    let many = [("bob", Wrote("b", None, &[]))].into_iter().chain((0..80).map(|_| ("ana", Wrote("a", None, &[]))));
    let (record, _) = told(&many.collect::<Vec<_>>());
    let item = record.open("weight").expect("it is open");
    assert_eq!((item.values.len(), &item.values[0].value), (MAX_RIVALS, &json!("b")), "bob’s value still stands");
    assert_eq!(item.values[49].op_id, OpId(Uuid::from_u128(81)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_device_has_the_items_of_the_server_whatever_order_the_log_came_in((log, order) in stories().prop_flat_map(|did| {
        let log = told(&did).1;
        let doubled: Vec<_> = log.iter().chain(log.iter().take(3)).cloned().collect();
        (Just(did), Just(doubled).prop_shuffle())
    })) {
        let (server, _) = told(&log);
        let mut device = blank();
        for sequenced in &order {
            device.apply(sequenced);
        }
        prop_assert_eq!(device, server);
    }

    #[test]
    fn states_are_absorbed_in_any_order_any_number_of_times(did in stories(), cuts in prop::array::uniform3(0..15_usize), skips in any::<[u16; 3]>()) {
        // Partial states of one history, as a frame, a page and the device's own acknowledged operations make them.
        let (_, log) = told(&did);
        let [a, b, c] = std::array::from_fn(|at| {
            let mut state = blank();
            for (rank, sequenced) in log.iter().take(cuts[at]).enumerate() {
                if skips[at] & (1 << rank) == 0 || rank < 2 {
                    state.apply(sequenced);
                }
            }
            state
        });
        let absorbed = |into: &Record, other: &Record| {
            let mut state = into.clone();
            state.absorb(other);
            state
        };
        prop_assert_eq!(absorbed(&a, &b), absorbed(&b, &a));
        prop_assert_eq!(absorbed(&a, &a), a.clone());
        prop_assert_eq!(absorbed(&absorbed(&a, &b), &c), absorbed(&a, &absorbed(&b, &c)));
    }
}

fn stories() -> impl Strategy<Value = Vec<(&'static str, Did)>> {
    let who = prop::sample::select(vec!["ana", "bob", "carl"]);
    let over = prop::sample::select(vec![&[][..], &[][..], &[1, 2], &[2, 3]]);
    let wrote = (prop::sample::select(vec!["a", "b", "c"]), prop::option::of(1..12_u64), over);
    let did = prop_oneof![
        20 => wrote.prop_map(|(value, base, over)| Wrote(value, base, over)),
        2 => Just(Deleted),
        3 => prop::sample::select(vec![&[][..], &[1, 2], &[3]]).prop_map(DeletedSeeing),
        4 => Just(Restored),
        1 => Just(Erased),
    ];
    prop::collection::vec((who, did), 1..14)
}

/// The record once all has arrived at the server, and the log it leaves.
fn told(did: &[(&'static str, Did)]) -> (Record, Vec<Sequenced>) {
    let mut record = blank();
    let mut log = Vec::new();
    let mut authors: BTreeMap<OpId, Signature> = BTreeMap::new();
    for (seq, (who, did)) in (1..).zip(did) {
        let mut sequenced = sequenced(seq, who, did);
        let standing = record.standing(&sequenced.operation).into_iter().map(|op| (op, authors[&op].clone())).collect();
        record.arrive(&mut sequenced, &signature(who), &standing);
        authors.insert(sequenced.operation.op_id, signature(who));
        log.push(sequenced);
    }
    (record, log)
}

fn item(record: &Record, name: &str) -> Item {
    let number = |op: &OpId| u64::try_from(op.0.as_u128()).expect("a small number");
    match record.conflicts.get(name) {
        None => Never,
        Some(Conflict { settled: Some(by), seq, values }) => {
            assert!(values.is_empty(), "once settled, the history keeps the values");
            Settled(["ana", "bob", "carl", "dan"].into_iter().find(|who| signature(who) == *by).expect("a name"), *seq)
        }
        Some(Conflict { values, .. }) => {
            Open(values.iter().map(|rival| (rival.value.clone(), number(&rival.op_id))).collect())
        }
    }
}

fn sequenced(seq: Seq, who: &str, did: &Did) -> Sequenced {
    let op = |n: u64| OpId(Uuid::from_u128(u128::from(n)));
    let (kind, fields) = match did {
        Wrote(value, base, over) => {
            let over = over.iter().copied().map(op).collect();
            let edit = Edit { value: json!(value), base: base.map(op), over };
            (OperationKind::Set, BTreeMap::from([("weight".to_owned(), edit)]))
        }
        Deleted => (OperationKind::Delete, BTreeMap::new()),
        DeletedSeeing(over) => {
            let edit = Edit { value: json!(true), base: None, over: over.iter().copied().map(op).collect() };
            (OperationKind::Delete, BTreeMap::from([(DELETED.to_owned(), edit)]))
        }
        Restored => (OperationKind::Restore, BTreeMap::new()),
        Erased => (OperationKind::Erase, BTreeMap::new()),
    };
    let operation = Operation {
        op_id: op(seq),
        device_id: DeviceId(Uuid::from_u128(1)),
        device_seq: seq,
        record_id: RecordId(Uuid::from_u128(1)),
        record_kind: "screening".into(),
        form_version: "1".into(),
        kind,
        fields,
        reason: None,
        device_time: Timestamp(1),
    };
    Sequenced::new(seq, signature(who).author, Timestamp(2), operation)
}

fn signature(who: &str) -> Signature {
    Signature {
        author: AccountId(Uuid::from_u128(u128::from(who.as_bytes()[0]))),
        name: who.into(),
        profession: "Infirmière".into(),
        device: "Tablette".into(),
        at: Timestamp(1),
        received_at: Timestamp(2),
    }
}

fn blank() -> Record {
    Record::new(RecordId(Uuid::from_u128(1)), "screening", "1")
}
