//! A store that only writes, in a real browser: what has a number is sealed in the very commit that gives the number, and
//! nothing else stays.

use domain::id::RecordId;
use js_sys::{Array, Function, Uint8Array};
use sync::protocol::Sealed;
use sync::protocol::access::SealedOperation;
use sync::{DeviceSeq, Hold, Operation, OperationKind, Save, SaveError, Store, StoreError, conformance};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::IdbStore;
use super::seals::SEALS;
use super::store::{COUNTERS, KEPT, OUTBOX, RECORDS, SEALED, UNREADABLE};
use super::tests::{dump, found, fresh, key, name_of, replica, save};
use crate::platform::js::{get, settled, window};
use crate::platform::random::{self, from_hex};

/// Most seals asked for.
const ALL: usize = 1_000;

/// The server's pair, drawn for one test.
struct Server(JsValue);

impl Server {
    async fn draw() -> Self {
        let source = "return crypto.subtle.generateKey({name: 'ECDH', namedCurve: 'P-256'}, true, ['deriveBits'])";
        Self(run("", source, &[]).await)
    }

    async fn public(&self) -> Vec<u8> {
        let raw =
            run("pair", "return crypto.subtle.exportKey('raw', pair.publicKey)", std::slice::from_ref(&self.0)).await;
        Uint8Array::new(&raw).to_vec()
    }

    /// What is inside, by another way than the one that sealed it.
    async fn open(&self, sealed: &Sealed) -> Operation {
        const OPEN: &str = "return (async () => {
            const theirs = await crypto.subtle.importKey('raw', key, {name: 'ECDH', namedCurve: 'P-256'}, true, []);
            const shared = await crypto.subtle.deriveBits({name: 'ECDH', public: theirs}, pair.privateKey, 256);
            const hkdf = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
            const how = {name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: new TextEncoder().encode(info)};
            const aes = await crypto.subtle.deriveKey(how, hkdf, {name: 'AES-GCM', length: 256}, false, ['decrypt']);
            return new TextDecoder().decode(await crypto.subtle.decrypt({name: 'AES-GCM', iv}, aes, content));
        })()";
        assert_eq!(sealed.format, Sealed::FORMAT);
        let bytes = |hex: &str| JsValue::from(Uint8Array::from(from_hex(hex).unwrap().as_slice()));
        let arguments =
            [self.0.clone(), bytes(&sealed.key), bytes(&sealed.iv), bytes(&sealed.content), Sealed::INFO.into()];
        let text = run("pair, key, iv, content, info", OPEN, &arguments).await;
        serde_json::from_str(&text.as_string().unwrap()).unwrap()
    }

    /// A store that seals to it.
    async fn store(&self) -> IdbStore {
        let store =
            IdbStore::write_only_named(format!("test-{}", random::random_id()), key().await, &self.public().await);
        store.begin().await.unwrap();
        store
    }
}

async fn run(arguments: &str, source: &str, values: &[JsValue]) -> JsValue {
    let promise = Function::new_with_args(arguments, source).apply(&JsValue::UNDEFINED, &values.iter().collect());
    settled(promise.unwrap().unchecked_into()).await.unwrap()
}

/// The same database, as the page loaded again finds it: the key is another one.
async fn loaded_again(store: &IdbStore) -> IdbStore {
    store.close();
    IdbStore::write_only_named(name_of(store), key().await, store.sealed_to.as_ref().unwrap())
}

fn numbers(seals: &[SealedOperation]) -> Vec<DeviceSeq> {
    seals.iter().map(|seal| seal.device_seq).collect()
}

fn held(record: RecordId, field: &str, value: &str) -> Save<'static> {
    Save { hold: Hold::Under(record), ..save(record, OperationKind::Create, field, value) }
}

/// Her consent to the record, which frees what is held under it.
fn consented(record: RecordId) -> Save<'static> {
    let consent = save(random::record_id(), OperationKind::Create, "parent", &record.to_string());
    Save { kind: "consent", hold: Hold::Release(record), ..consent }
}

#[wasm_bindgen_test]
async fn does_what_every_store_must_do_too() {
    let server = Server::draw().await;
    let public = server.public().await;
    let new = async || IdbStore::write_only_named(format!("test-{}", random::random_id()), key().await, &public);
    conformance::run(new, async |store: IdbStore| {
        store.close();
        IdbStore::write_only_named(name_of(&store), store.key.clone(), &public)
    })
    .await;
}

#[wasm_bindgen_test]
async fn what_has_a_number_is_sealed_with_it_and_what_is_held_is_not() {
    let server = Server::draw().await;
    let store = server.store().await;
    let (replica, record) = (replica(&store), random::record_id());
    replica.save(held(record, "given_name", "Odette")).await.unwrap();
    replica.save(save(record, OperationKind::Set, "family_name", "Salvan")).await.unwrap();
    assert_eq!(store.seals_waiting().await, Ok(0), "nothing leaves before her consent");
    replica.save(consented(record)).await.unwrap();
    assert_eq!(store.seals_waiting().await, Ok(3));
    assert_eq!(store.seals(ALL).await.unwrap(), [], "the form is under the fingers: its answers may still change");
    let written = store.outbox().await.unwrap();
    // An answer changed before it left: its seal is the one of the last value.
    replica.save(save(record, OperationKind::Set, "family_name", "Salvan-Roques")).await.unwrap();
    assert_eq!(store.seals_waiting().await, Ok(3));

    store.forget_readable().await.unwrap();
    let seals = store.seals(ALL).await.unwrap();
    assert_eq!(numbers(&seals), [1, 2, 3]);
    for (seal, queued) in seals.iter().zip(&written) {
        let inside = server.open(&seal.sealed).await;
        assert_eq!((inside.op_id, inside.device_seq), (queued.operation.op_id, 0));
        assert_eq!(seal.device_seq, queued.operation.device_seq);
    }
    let name = server.open(&seals[1].sealed).await;
    assert_eq!(name.fields["family_name"].value, "Salvan-Roques");
}

/// Makes the writes of this object store fail in this database, until told otherwise.
fn refuse(name: &str, store: &str, refused: bool) {
    let stores = get(&get(&window(), "IDBObjectStore"), "prototype");
    let source = if refused {
        "const real = this.kindPut ?? (this.kindPut = this.put);
         this.put = function (...a) {
             if (this.name === store && this.transaction.db.name === name) {
                 throw new DOMException('full', 'QuotaExceededError');
             }
             return real.apply(this, a);
         };"
    } else {
        "this.put = this.kindPut;"
    };
    Function::new_with_args("name, store", source).call2(&stores, &name.into(), &store.into()).unwrap();
}

#[wasm_bindgen_test]
async fn an_operation_without_its_seal_is_not_written_nor_the_reverse() {
    let server = Server::draw().await;
    let store = server.store().await;
    let (replica, record) = (replica(&store), random::record_id());
    for refused in [SEALS, OUTBOX, RECORDS, COUNTERS] {
        refuse(&name_of(&store), refused, true);
        let saved = replica.save(save(record, OperationKind::Create, "given_name", "Odette")).await;
        refuse(&name_of(&store), refused, false);
        assert_eq!(saved, Err(SaveError::Store(StoreError::Full)), "{refused}");
        let there = (store.outbox().await.unwrap().len(), store.seals_waiting().await.unwrap());
        assert_eq!((there, store.last_device_seq().await), ((0, 0), Ok(0)), "{refused}: nothing by halves");
    }
    replica.save(save(record, OperationKind::Create, "given_name", "Odette")).await.unwrap();
    assert_eq!((store.outbox().await.unwrap().len(), store.seals_waiting().await), (1, Ok(1)));
}

/// Notes the transactions that write in this database: their stores and their durability.
fn overhear(name: &str) -> Array {
    let heard = Array::new();
    let databases = get(&get(&window(), "IDBDatabase"), "prototype");
    let source = "const real = this.transaction;
        this.transaction = function (stores, mode, options) {
            if (this.name === name && mode === 'readwrite') {
                heard.push(JSON.stringify([[...(typeof stores === 'string' ? [stores] : stores)].sort(), options?.durability]));
            }
            return real.apply(this, arguments);
        };";
    Function::new_with_args("name, heard", source).call2(&databases, &name.into(), &heard).unwrap();
    heard
}

#[wasm_bindgen_test]
async fn the_seal_is_in_the_strict_transaction_of_its_operation_and_a_notebook_pays_for_none() {
    let server = Server::draw().await;
    for (store, stores) in [
        (server.store().await, vec![COUNTERS, KEPT, OUTBOX, RECORDS, SEALS]),
        (fresh().await, vec![COUNTERS, KEPT, OUTBOX, RECORDS]),
    ] {
        let heard = overhear(&name_of(&store));
        replica(&store).save(save(random::record_id(), OperationKind::Create, "given_name", "Odette")).await.unwrap();
        let expected = serde_json::json!([stores, "strict"]).to_string();
        let heard: Vec<_> = heard.iter().map(|one| one.as_string().unwrap()).collect();
        assert_eq!(heard, [expected]);
    }
}

#[wasm_bindgen_test]
async fn a_killed_page_leaves_its_seals_in_order_and_nothing_to_read() {
    const PLANTED: &str = "Odette-Zéphyrine";
    const ALL_STORES: &[&str] = &[RECORDS, OUTBOX, KEPT, SEALED, COUNTERS, UNREADABLE, SEALS];
    let server = Server::draw().await;
    let store = server.store().await;
    let (first, second) = (random::record_id(), random::record_id());
    {
        let replica = replica(&store);
        replica.save(held(first, "given_name", PLANTED)).await.unwrap();
        replica.save(consented(first)).await.unwrap();
        store.forget_readable().await.unwrap();
        replica.save(held(second, "given_name", PLANTED)).await.unwrap();
        replica.save(consented(second)).await.unwrap();
        // Never consented: it vanishes with the page.
        let third = random::record_id();
        replica.save(held(third, "given_name", PLANTED)).await.unwrap();
        store.keep_sealed("draft", &PLANTED).await.unwrap();
        assert_eq!(numbers(&store.seals(ALL).await.unwrap()), [1, 2], "the finished form alone may leave");
    }
    let store = loaded_again(&store).await;
    assert!(store.is_there().await.unwrap());
    assert!(matches!(store.outbox().await, Err(StoreError::Corrupt(_))), "the key went with the page");
    store.forget_readable().await.unwrap();
    assert_eq!((store.outbox().await, store.records().await), (Ok(Vec::new()), Ok(Vec::new())));
    let seals = store.seals(ALL).await.unwrap();
    assert_eq!(numbers(&seals), [1, 2, 3, 4]);
    assert_eq!(server.open(&seals[2].sealed).await.fields["given_name"].value, PLANTED, "the server has it");
    assert!(!found(&dump(&name_of(&store), ALL_STORES).await, PLANTED));

    // The numbers go on, so that the server never takes one person for another.
    replica(&store).save(save(random::record_id(), OperationKind::Create, "given_name", PLANTED)).await.unwrap();
    store.forget_readable().await.unwrap();
    assert_eq!(numbers(&store.seals(2).await.unwrap()), [1, 2], "in batches");
    store.seals_received(&[1, 3]).await.unwrap();
    assert_eq!(numbers(&store.seals(ALL).await.unwrap()), [2, 4, 5], "what the server did not say to hold stays");
}

#[wasm_bindgen_test]
async fn a_stand_that_the_browser_erased_is_known_to_be() {
    let server = Server::draw().await;
    let never =
        IdbStore::write_only_named(format!("test-{}", random::random_id()), key().await, &server.public().await);
    assert!(!never.is_there().await.unwrap());
    let store = server.store().await;
    assert!(store.is_there().await.unwrap());
    super::delete(&name_of(&store)).await.unwrap();
    assert!(!store.is_there().await.unwrap());
    assert_eq!(store.seals(ALL).await.unwrap(), []);
}
