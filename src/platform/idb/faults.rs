//! What a browser does to its databases, and what becomes of the notebook then: nothing is lost, and each fault has its
//! own name, hence its own words.

use domain::Timestamp;
use domain::id::RecordId;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionMode;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use sync::protocol::Frame;
use sync::{Commit, Cursor, FirstPull, OperationKind, Record, SaveError, Store, StoreError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use wasm_bindgen_test::wasm_bindgen_test;

use super::store::{COUNTERS, KEPT, OUTBOX, RECORDS, SEALED};
use super::tests::{fresh, key, name_of, replica, save};
use super::{IdbStore, NEWER, VERSION, row};
use crate::notebook::{Trouble, TroubleKind};
use crate::platform::js::{get, settled, window};
use crate::platform::{page, random};

/// Makes every write of this database fail as a full disk does, until told otherwise.
fn fill_disk(name: &str, full: bool) {
    let stores = get(&get(&window(), "IDBObjectStore"), "prototype");
    let source = if full {
        "const real = this.realPut ?? (this.realPut = this.put);
         this.put = function (...a) {
             if (this.transaction.db.name === name) throw new DOMException('full', 'QuotaExceededError');
             return real.apply(this, a);
         };"
    } else {
        "this.put = this.realPut;"
    };
    Function::new_with_args("name", source).call1(&stores, &name.into()).unwrap();
}

#[wasm_bindgen_test]
async fn a_full_disk_keeps_nothing_by_halves_and_takes_the_save_once_there_is_room() {
    let store = fresh().await;
    let (replica, record) = (replica(&store), random::record_id());
    replica.save(save(record, OperationKind::Create, "family_name", "Salvan")).await.unwrap();
    fill_disk(&name_of(&store), true);
    let refused = replica.save(save(record, OperationKind::Set, "given_name", "Odette")).await;
    fill_disk(&name_of(&store), false);
    assert_eq!(refused, Err(SaveError::Store(StoreError::Full)));
    assert_eq!(Trouble::from(refused.unwrap_err()).kind, TroubleKind::StorageFull);
    assert_eq!(replica.shown(record).await.unwrap().unwrap().values().len(), 1, "nothing of it was written");
    replica.save(save(record, OperationKind::Set, "given_name", "Odette")).await.unwrap();
    let numbers: Vec<_> = store.outbox().await.unwrap().iter().map(|queued| queued.operation.device_seq).collect();
    assert_eq!(numbers, [1, 2], "the refused save drew no number");
}

/// The database as an older build left it, and still holds it.
async fn older(name: &str) -> Database {
    Database::open(name)
        .with_version(VERSION - 1)
        .with_on_upgrade_needed(|_, database| {
            let stores = [RECORDS, OUTBOX, KEPT, SEALED, COUNTERS];
            stores.iter().try_for_each(|name| database.create_object_store(*name).build().map(drop))
        })
        .await
        .unwrap()
}

#[wasm_bindgen_test]
async fn an_upgrade_that_another_tab_blocks_is_told_each_time_and_goes_on_once_it_lets_go() {
    let store = fresh().await;
    let (replica, record) = (replica(&store), random::record_id());
    let old_tab = older(&name_of(&store)).await;
    for _ in 0..2 {
        let blocked = replica.save(save(record, OperationKind::Create, "family_name", "Salvan")).await;
        assert_eq!(blocked, Err(SaveError::Store(StoreError::Blocked)), "told, and never waited for");
        assert_eq!(Trouble::from(blocked.unwrap_err()).kind, TroubleKind::StorageBlocked);
    }
    old_tab.close();
    page::sleep(100).await;
    replica.save(save(record, OperationKind::Create, "family_name", "Salvan")).await.unwrap();
    assert_eq!(store.unreadable().await, Ok(0), "the stores it lacked were made");
}

#[wasm_bindgen_test]
async fn a_newer_build_in_another_tab_is_never_kept_waiting() {
    let store = fresh().await;
    let (replica, record) = (replica(&store), random::record_id());
    replica.save(save(record, OperationKind::Create, "family_name", "Salvan")).await.unwrap();
    for (version, works) in [(VERSION + 1, true), (VERSION + 100, false)] {
        // Our connection lets go by itself, or this would wait for ever.
        let newer =
            Database::open(name_of(&store)).with_version(version).with_on_upgrade_needed(|_, _| Ok(())).await.unwrap();
        newer.close();
        let saved = replica.save(save(record, OperationKind::Set, "given_name", &version.to_string())).await;
        if works {
            saved.unwrap();
        } else {
            assert_eq!(saved, Err(SaveError::Store(StoreError::Failed(NEWER.into()))));
            assert_eq!(Trouble::from(saved.unwrap_err()).kind, TroubleKind::StorageNewer);
        }
    }
}

#[wasm_bindgen_test]
async fn a_store_that_was_dropped_keeps_nobody_waiting() {
    let store = fresh().await;
    let name = name_of(&store);
    store.keep_sealed("place", &"/aujourdhui").await.unwrap();
    drop(store);
    let deleted = future_to_promise(async move {
        super::delete(&name).await.unwrap();
        Ok(true.into())
    });
    let late = future_to_promise(async {
        page::sleep(3_000).await;
        Ok(false.into())
    });
    assert_eq!(settled(Promise::race(&Array::of2(&deleted, &late))).await, Ok(true.into()));
}

/// Alters the sealed bytes of a row, as a failing disk does.
async fn spoil(store: &IdbStore, name: &str, key: &str) {
    let database = Database::open(name_of(store)).await.unwrap();
    let transaction = database.transaction([name]).with_mode(TransactionMode::Readwrite).build().unwrap();
    let rows = transaction.object_store(name).unwrap();
    let row: JsValue = rows.get(key).primitive().unwrap().await.unwrap().unwrap();
    let bytes: Uint8Array = get(&row, row::SEALED).unchecked_into();
    bytes.set_index(20, bytes.get_index(20) ^ 1);
    Reflect::set(&row, &row::SEALED.into(), &bytes).unwrap();
    rows.put(row).with_key(key).primitive().unwrap();
    transaction.commit().await.unwrap();
    database.close();
}

fn at_server(id: RecordId) -> Record {
    let mut record = Record::new(id, "person", "2026.1");
    record.seq = 7;
    record.origin =
        Some(sync::Origin { author: domain::id::AccountId(random::random_id()), at: Timestamp(1_795_000_000_000) });
    record
}

#[wasm_bindgen_test]
async fn one_row_that_cannot_be_read_is_put_apart_told_and_asked_of_the_server_again() {
    let store = fresh().await;
    let replica = replica(&store);
    let [sound, spoilt, unsent] = [random::record_id(), random::record_id(), random::record_id()];
    let records = vec![at_server(sound), at_server(spoilt)];
    let cursor = Some(Cursor { epoch: 1, since: 9, first: None });
    store.commit(Commit { records, cursor, ..Commit::default() }).await.unwrap();
    replica.save(save(sound, OperationKind::Set, "given_name", "Odette")).await.unwrap();
    replica.save(save(unsent, OperationKind::Create, "given_name", "Zélie")).await.unwrap();
    let lost = store.outbox_of(unsent).await.unwrap()[0].operation.op_id;
    spoil(&store, RECORDS, &spoilt.to_string()).await;
    spoil(&store, OUTBOX, &lost.to_string()).await;
    assert!(matches!(replica.contents().await, Err(StoreError::Corrupt(_))), "the test can fail");

    assert_eq!(store.put_apart().await, Ok(2));
    let contents = replica.contents().await.unwrap();
    assert_eq!(contents.shown.iter().map(|shown| shown.id).collect::<Vec<_>>(), [sound], "the rest opens");
    assert_eq!(store.unreadable().await, Ok(1), "an entry never sent is counted for as long as it lies there");
    assert_eq!(store.cursor().await.unwrap().first, Some(FirstPull::default()), "the server is asked for the record");
    assert_eq!(store.put_apart().await, Ok(0), "what was put apart is not looked at again");

    let frame = Frame {
        epoch: 1,
        at: 9,
        from: None,
        to: None,
        total: 2,
        records: vec![at_server(sound), at_server(spoilt)],
        erased: Vec::new(),
        backed_up_seq: 0,
        server_time: Timestamp(0),
    };
    replica.framed(&frame).await.unwrap();
    assert!(replica.shown(spoilt).await.unwrap().is_some(), "it is back");
    assert_eq!(store.outbox().await.unwrap().len(), 1, "and what was to be sent still is");
}

#[wasm_bindgen_test]
async fn a_wrong_key_is_not_taken_for_a_spoilt_row_of_its_own() {
    let store = fresh().await;
    let (replica, record) = (replica(&store), random::record_id());
    store.keep_sealed("credentials", &"Claire").await.unwrap();
    replica.save(save(record, OperationKind::Create, "given_name", "Odette")).await.unwrap();
    let thief = IdbStore::named(name_of(&store), key().await);
    // What is opened first, and stops the opening before anything is put apart.
    assert!(matches!(thief.sealed::<String>("credentials").await, Err(StoreError::Corrupt(_))));
    assert_eq!(store.outbox().await.unwrap().len(), 1);
}
