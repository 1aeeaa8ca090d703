//! The directory: what is imported, what is published, who may do what.

mod command;
mod differences;
mod file;
mod imports;
mod objection;
mod patience;
mod reports;

use std::collections::BTreeMap;

use domain::annuaire::directory::Commune;
use domain::annuaire::entry::{self, Address, Card, Coded, Entry, Site};
use domain::annuaire::fact::{Origin, Source};
use domain::annuaire::import::{Differences, Imported, Register, Scope, Settlement, Submission, ToSettle, Undone};
use domain::id::RecordId;
use domain::record::Value;
use domain::{Day, Timestamp};
use serde_json::json;
use server::annuaire::import::{Import, ImportError};
use server::store::Store;

use crate::world::{Device, Reply, World};

pub const MARIE: &str = "99700000013";
pub const PAUL: &str = "99700000021";

/// A server whose territory has two communes.
pub struct Territory {
    pub world: World,
    pub store: Store,
    pub coordo: Device,
}

impl Territory {
    pub async fn start() -> Self {
        let world = World::start().await;
        let store = Store::open(world.folder.path()).await.unwrap();
        let territory = store.territory().await.unwrap().unwrap().id;
        let commune = |insee: &str, name: &str| Commune {
            insee: insee.into(),
            name: name.into(),
            postal_codes: vec!["31190".into()],
            ..Commune::default()
        };
        let communes = [commune("31033", "Auterive"), commune("31345", "Miremont")];
        store.put_communes(territory, &communes, Timestamp(1)).await.unwrap();
        let coordo = world.sign_in("coordo").await;
        Self { world, store, coordo }
    }

    pub async fn submit(&self, submission: &Submission) -> Reply {
        self.coordo.send("POST", "/api/annuaire/imports", serde_json::to_vec(submission).unwrap()).await
    }

    pub async fn apply(&self, on: &str, entries: Vec<Entry>) -> Imported {
        self.submit(&submission(on, entries)).await.read()
    }

    /// The file of the whole territory, which only the command line of the server takes.
    pub async fn whole(&self, on: &str, entries: Vec<Entry>) -> Result<Imported, ImportError> {
        let by = self.coordo.signed_in.account.id;
        let import = Import { scope: Scope::Whole, ..Import::submitted(submission(on, entries), by) };
        let territory = self.store.territory().await.unwrap().unwrap().id;
        let (plan, listed) = import.apply(&self.store, territory, self.coordo.signed_in.server_time).await?;
        Ok(Imported { plan, import: Some(listed), elsewhere: 0 })
    }

    pub async fn undo(&self, imported: &Imported) -> Undone {
        self.try_undo(imported).await.read()
    }

    pub async fn try_undo(&self, imported: &Imported) -> Reply {
        let id = imported.import.as_ref().unwrap().id;
        self.coordo.send("POST", &format!("/api/annuaire/imports/{id}/undo"), vec![]).await
    }

    pub async fn differences(&self) -> Vec<ToSettle> {
        let answer = self.coordo.send("GET", "/api/annuaire/differences", vec![]).await;
        answer.read::<Differences>().differences
    }

    pub async fn settle(&self, one: &ToSettle, take: bool) -> Reply {
        let ToSettle { card, fact, ours, theirs, .. } = one.clone();
        let body = serde_json::to_vec(&Settlement { card, fact, ours, theirs, take }).unwrap();
        self.coordo.send("POST", "/api/annuaire/differences", body).await
    }

    pub async fn members(&self) -> Seen {
        seen(self.coordo.send("GET", "/api/annuaire", vec![]).await.body)
    }

    /// Writes one fact of a card, as its owner will.
    pub async fn declare(&self, card: RecordId, fact: &str, value: Value) {
        let origin = Origin { source: Source::Declared, confirmed_on: day("2025-11-10") };
        let field = json!({ "value": entry::fact(value, origin), "op_id": RecordId(uuid::Uuid::new_v4()), "seq": 0 });
        let database = self.world.database().await;
        let seq: i64 =
            sqlx::query_scalar("UPDATE territory SET seq = seq + 1 RETURNING seq").fetch_one(&database).await.unwrap();
        let sql = "UPDATE record SET seq = ?, state = json_set(state, '$.seq', ?, '$.fields.\"' || ? || '\"', json(?)) WHERE record = ?";
        let query = sqlx::query(sql).bind(seq).bind(seq).bind(fact).bind(field.to_string()).bind(card.to_string());
        assert_eq!(query.execute(&database).await.unwrap().rows_affected(), 1);
    }
}

/// What a device reads in a file.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub updated_on: Option<Day>,
    pub communes: Vec<Commune>,
    pub cards: Vec<Card>,
}

pub fn seen(file: impl Into<Vec<u8>>) -> Seen {
    let (directory, _) = domain::annuaire::file::read(file.into()).unwrap();
    let cards = directory.cards.iter().collect();
    Seen { updated_on: directory.updated_on, communes: directory.communes, cards }
}

pub fn submission(on: &str, entries: Vec<Entry>) -> Submission {
    Submission {
        kind: Register::Rpps,
        on: day(on),
        file: "extrait.txt".into(),
        scope: Scope::Whole,
        extras: [domain::annuaire::import::Extra::Mssante].into(),
        entries,
        apply: true,
        answers: BTreeMap::new(),
        otherwise: Default::default(),
    }
}

pub fn day(text: &str) -> Day {
    Day(domain::day_of(text).unwrap())
}

/// A nurse of Auterive.
pub fn someone(rpps: &str, name: &str, phone: &str) -> Entry {
    let address = Address {
        postal_code: "31190".into(),
        commune: Some("31033".into()),
        town: "Auterive".into(),
        ..Address::default()
    };
    let site = Site { address: Some(address), phone: Some(phone.into()), ..Site::default() };
    Entry {
        name: name.into(),
        given_name: Some("Marie".into()),
        rpps: Some(rpps.into()),
        profession: Some(Coded { code: "60".into(), label: "Infirmier".into() }),
        sites: BTreeMap::from([("R1".to_owned(), site)]),
        ..Entry::default()
    }
}

pub fn both() -> Vec<Entry> {
    vec![someone(MARIE, "EXEMPLE", "+33561000000"), someone(PAUL, "ESSAI", "+33561000001")]
}
