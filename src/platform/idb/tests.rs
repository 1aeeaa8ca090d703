//! The store in a real browser. Every test has a database of its own.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{DeviceId, RecordId};
use domain::record::Value;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionMode;
use js_sys::{Array, JSON, Promise, Uint8Array};
use sync::{Commit, Hold, OperationKind, Replica, Save, Store, StoreError, conformance};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use wasm_bindgen_test::wasm_bindgen_test;

use super::store::{COUNTERS, KEPT, OUTBOX, RECORDS, SEALED, UNREADABLE};
use super::{IdbStore, SEAL, VERSION, delete};
use crate::platform::crypto::Key;
use crate::platform::js::{get, settled};
use crate::platform::random;

pub(super) async fn key() -> Key {
    Key::from_bytes(&random::bytes::<32>()).await.unwrap()
}

fn new_name() -> String {
    format!("test-{}", random::random_id())
}

pub(super) async fn fresh() -> IdbStore {
    IdbStore::named(new_name(), key().await)
}

pub(super) fn name_of(store: &IdbStore) -> String {
    store.connection.name().to_owned()
}

pub(super) fn replica(store: &IdbStore) -> Replica<IdbStore> {
    Replica::new(store.clone(), DeviceId(random::random_id()))
}

pub(super) fn save(record: RecordId, operation: OperationKind, field: &str, value: &str) -> Save<'static> {
    Save {
        record,
        kind: "person",
        form_version: "2026.1",
        operation,
        fields: vec![(field.to_owned(), Value::from(value))],
        seen: BTreeMap::new(),
        over: Vec::new(),
        reason: None,
        hold: Hold::No,
        now: Timestamp(1_795_000_000_000),
        op_id: random::op_id(),
    }
}

#[wasm_bindgen_test]
async fn does_what_every_store_must_do() {
    conformance::run(fresh, async |store: IdbStore| {
        store.close();
        IdbStore::named(name_of(&store), store.key.clone())
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_closed_connection_is_opened_again() {
    let store = fresh().await;
    let (replica, record) = (replica(&store), random::record_id());
    replica.save(save(record, OperationKind::Create, "family_name", "Salvan")).await.unwrap();
    store.connection.close_behind();
    replica.save(save(record, OperationKind::Set, "given_name", "Odette")).await.unwrap();
    store.connection.close_behind();
    assert_eq!(replica.shown(record).await.unwrap().unwrap().values().len(), 2);
}

#[wasm_bindgen_test]
async fn two_tabs_on_one_record_both_save() {
    let store = fresh().await;
    let other = IdbStore::named(name_of(&store), store.key.clone());
    let device = DeviceId(random::random_id());
    let record = random::record_id();
    let [first, second] = [store.clone(), other].map(|store| Replica::new(store, device));
    first.save(save(record, OperationKind::Create, "family_name", "Salvan")).await.unwrap();

    let stale = store.revision(record).await.unwrap();
    let tabs: Array = [(first.clone(), "a"), (second.clone(), "b")]
        .into_iter()
        .map(|(replica, tab)| {
            future_to_promise(async move {
                for turn in 0..10 {
                    replica.save(save(record, OperationKind::Set, &format!("{tab}{turn}"), "x")).await.unwrap();
                }
                Ok(JsValue::UNDEFINED)
            })
        })
        .collect();
    settled(Promise::all(&tabs).unchecked_into()).await.unwrap();

    let shown = second.shown(record).await.unwrap().unwrap();
    assert_eq!(shown.values().len(), 21, "no save of either tab is lost");
    let numbers: Vec<_> = store.outbox().await.unwrap().iter().map(|queued| queued.operation.device_seq).collect();
    assert_eq!(numbers, (1..=21).collect::<Vec<_>>());
    let late = Commit { expect: vec![(record, stale)], touch: vec![record], ..Commit::default() };
    assert_eq!(store.commit(late).await, Err(StoreError::Moved), "what was computed from the past is refused");
}

#[wasm_bindgen_test]
async fn another_key_opens_nothing() {
    let store = fresh().await;
    let record = random::record_id();
    replica(&store).save(save(record, OperationKind::Create, "given_name", "Odette")).await.unwrap();
    let thief = IdbStore::named(name_of(&store), key().await);
    assert!(matches!(thief.outbox().await, Err(StoreError::Corrupt(_))));
}

#[wasm_bindgen_test]
async fn no_value_lies_in_clear() {
    const PLANTED: &str = "Odette-Zéphyrine";
    let store = fresh().await;
    let (replica, record) = (replica(&store), random::record_id());
    replica.save(save(record, OperationKind::Create, "given_name", PLANTED)).await.unwrap();
    store.keep_sealed("place", &format!("/saisie/{PLANTED}")).await.unwrap();
    let stored = replica.shown(record).await.unwrap().unwrap();
    assert_eq!(stored.values()["given_name"], PLANTED, "it is there for who has the key");
    let held = store.outbox().await.unwrap()[0].operation.op_id;
    let queued = Commit { acknowledge: vec![(held, 5)], ..Commit::default() };
    replica.save(save(record, OperationKind::Set, "family_name", PLANTED)).await.unwrap();
    store.commit(queued).await.unwrap();
    assert!(!found(&dump(&name_of(&store), ALL).await, PLANTED), "a planted name must not lie in clear");

    // The same search finds it in a store that does not seal: the test can fail.
    for value in [JsValue::from(PLANTED), Uint8Array::from(PLANTED.as_bytes()).into()] {
        let control = fresh().await;
        control.connection.database().await.unwrap();
        let database = Database::open(name_of(&control)).await.unwrap();
        let transaction = database.transaction([SEALED]).with_mode(TransactionMode::Readwrite).build().unwrap();
        let rows = transaction.object_store(SEALED).unwrap();
        rows.put(value).with_key("name").primitive().unwrap();
        transaction.commit().await.unwrap();
        assert!(found(&dump(&name_of(&control), ALL).await, PLANTED));
    }
}

const ALL: &[&str] = &[RECORDS, OUTBOX, KEPT, SEALED, COUNTERS, UNREADABLE];

/// Keys and values of these object stores, as text and as raw bytes.
pub(super) async fn dump(name: &str, stores: &[&str]) -> Vec<u8> {
    let database = Database::open(name).await.unwrap();
    let mut bytes = Vec::new();
    for store in stores {
        let transaction = database.transaction([*store]).build().unwrap();
        let store = transaction.object_store(store).unwrap();
        let keys = store.get_all_keys::<JsValue>().primitive().unwrap().await.unwrap();
        let rows = store.get_all::<JsValue>().primitive().unwrap().await.unwrap();
        for value in keys.chain(rows).map(Result::unwrap) {
            if let Some(text) = JSON::stringify(&value).ok().and_then(|text| text.as_string()) {
                bytes.extend(text.as_bytes());
            }
            for part in [value.clone(), get(&value, "sealed")] {
                if let Ok(raw) = part.dyn_into::<Uint8Array>() {
                    bytes.extend(raw.to_vec());
                }
            }
        }
    }
    assert!(!bytes.is_empty());
    bytes
}

pub(super) fn found(bytes: &[u8], text: &str) -> bool {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &utf16].iter().any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
}

#[wasm_bindgen_test]
async fn an_older_database_is_completed_and_a_newer_one_opens_within_its_hundred() {
    let record = random::record_id();
    let last = SEAL * 100 + 99;
    for (version, opens) in [(VERSION - 50, true), (last, true), (last + 1, false)] {
        let store = fresh().await;
        let made: &[&str] = if version < VERSION {
            &[RECORDS]
        } else {
            &[RECORDS, OUTBOX, KEPT, SEALED, COUNTERS, UNREADABLE, "later"]
        };
        let made: Vec<String> = made.iter().map(|&name| name.to_owned()).collect();
        let database = Database::open(name_of(&store))
            .with_version(version)
            .with_on_upgrade_needed(move |_, database| {
                made.iter().try_for_each(|name| database.create_object_store(name.as_str()).build().map(drop))
            })
            .await
            .unwrap();
        database.close();
        let saved = replica(&store).save(save(record, OperationKind::Create, "given_name", "Odette")).await;
        assert_eq!(saved.is_ok(), opens, "version {version}");
    }
}

#[wasm_bindgen_test]
async fn a_database_erased_elsewhere_starts_anew() {
    let store = fresh().await;
    let record = random::record_id();
    replica(&store).save(save(record, OperationKind::Create, "given_name", "Odette")).await.unwrap();
    // Our connection lets go by itself, or this would wait for ever.
    delete(&name_of(&store)).await.unwrap();
    assert_eq!(store.outbox().await, Ok(Vec::new()));
}
