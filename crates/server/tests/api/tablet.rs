//! A whole device: the replica of `sync` over a store in memory, which exchanges through the API.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{OpId, RecordId};
use domain::people::{GivenBy, Purpose, consent, share};
use domain::record::AFTER;
use serde_json::Value;
use sync::protocol::{Frame, Pulled};
use sync::{Hold, MemoryStore, OperationKind, Record, Replica, Save, Store};
use uuid::Uuid;

use crate::world::{Device, World, new_record};

pub struct Tablet {
    pub device: Device,
    pub replica: Replica<MemoryStore>,
}

impl Tablet {
    pub async fn sign_in(world: &World, login: &str) -> Self {
        Self::of(world.sign_in(login).await)
    }

    pub fn of(device: Device) -> Self {
        let replica = Replica::new(MemoryStore::new(), device.id);
        Self { device, replica }
    }

    /// Sends what waits, then reads all there is. Answers whether it holds what the server says it must.
    pub async fn exchange(&self) -> bool {
        self.begin().await;
        self.send().await;
        self.read().await
    }

    /// The first pull, if there is one to do.
    pub async fn begin(&self) {
        while let Some(first) = self.replica.first_pull().await.unwrap() {
            let after = first.after.map(|after| format!("&after={after}")).unwrap_or_default();
            let path = format!("/api/snapshot?epoch={}&at={}{after}", first.epoch, first.at);
            let reply = self.device.send("GET", &path, vec![]).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            for line in reply.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let frame: Frame = serde_json::from_slice(line).unwrap();
                self.replica.framed(&frame).await.unwrap();
            }
        }
    }

    pub async fn send(&self) {
        while let Some(push) = self.replica.offer(None).await.unwrap() {
            let pushed = self.device.push(&push.operations).await;
            self.replica.pushed(self.device.signed_in.account.id, &pushed).await.unwrap();
            if self.replica.first_pull().await.unwrap().is_some() {
                self.begin().await;
            }
        }
    }

    pub async fn read(&self) -> bool {
        loop {
            let cursor = self.replica.store().cursor().await.unwrap();
            let path = format!("/api/pull?epoch={}&since={}&check=true", cursor.epoch, cursor.since);
            let page: Pulled = self.device.send("GET", &path, vec![]).await.read();
            self.replica.pulled(&page).await.unwrap();
            if self.replica.first_pull().await.unwrap().is_some() {
                self.begin().await;
            } else if let Some(check) = page.check {
                return self.replica.agrees(page.since, &check).await.unwrap();
            }
        }
    }

    /// Saves on the record of a person.
    pub async fn save(&self, operation: OperationKind, record: RecordId, fields: &[(&str, Value)], over: Vec<OpId>) {
        self.save_of("person", operation, record, fields, over).await;
    }

    /// Saves on a record of any kind.
    pub async fn save_of(
        &self,
        kind: &str,
        operation: OperationKind,
        record: RecordId,
        fields: &[(&str, Value)],
        over: Vec<OpId>,
    ) {
        let kind = domain::programmes::kind(kind).unwrap();
        let save = Save {
            record,
            kind: kind.id,
            form_version: kind.form().version,
            operation,
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            seen: BTreeMap::new(),
            over,
            reason: None,
            hold: Hold::No,
            now: Timestamp(1_700_000_000_000),
            op_id: OpId(Uuid::now_v7()),
        };
        self.replica.save(save).await.unwrap();
    }

    pub async fn set(&self, record: RecordId, commune: &str) {
        self.save(OperationKind::Set, record, &[("commune", commune.into())], vec![]).await;
    }

    pub async fn create(&self, commune: &str) -> RecordId {
        let id = new_record();
        self.save(OperationKind::Create, id, &[("commune", commune.into())], vec![]).await;
        id
    }

    /// Hangs a new record on another.
    pub async fn hang(&self, kind: &str, parent: RecordId, fields: &[(&str, Value)]) -> RecordId {
        let id = new_record();
        let fields = [&[("parent", parent.to_string().into())], fields].concat();
        self.save_of(kind, OperationKind::Create, id, &fields, vec![]).await;
        id
    }

    /// The answer of a person to a purpose, in the place of those this tablet knows.
    pub async fn consent(&self, person: RecordId, purpose: Purpose, answer: bool) -> RecordId {
        let contents = self.replica.contents().await.unwrap().shown.into_iter();
        let hers = contents.filter(|shown| shown.kind == "consent" && shown.parent() == Some(person) && !shown.deleted);
        let known: Vec<_> = hers.map(|shown| (shown.id, shown.values())).collect();
        let standing = consent::standing(known.iter().map(|(id, fields)| (*id, fields)));
        let stands = standing.into_iter().find(|(asked, _)| *asked == purpose);
        let mut fields = consent::fields(purpose, answer, GivenBy::Person);
        fields.extend(stands.and_then(|(_, stands)| consent::after(&stands)).map(|ids| (AFTER, ids)));
        self.hang("consent", person, &fields).await
    }

    /// Shares a person with whoever holds another tablet.
    pub async fn share(&self, person: RecordId, with: &Self) -> RecordId {
        let account = &with.device.signed_in.account;
        self.hang("share", person, &share::fields(account.id, &account.name, &account.profession)).await
    }

    /// What it holds of the server's state, by id; what left or was emptied is not there.
    pub async fn held(&self) -> BTreeMap<RecordId, Record> {
        let records = self.replica.store().records().await.unwrap().into_iter().map(|stored| stored.record);
        records.filter(|record| record.seq > 0 && !record.left).map(|record| (record.id, record)).collect()
    }

    /// The commune as its person sees it.
    pub async fn commune(&self, record: RecordId) -> Option<Value> {
        let shown = self.replica.shown(record).await.unwrap()?;
        shown.fields.get("commune").map(|field| field.value.clone())
    }
}
