//! An invented territory, so that anybody can try. Loaded through the same door as real work, hence by the same rules;
//! its dates follow the day it is loaded.

mod annuaire;
mod tabac;

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use domain::id::{DeviceId, OpId, RecordId};
use domain::people::Role;
use domain::record::{FINISHED_AT, PARENT, STARTED_AT, Value};
use domain::{Timestamp, programmes};
use serde::Deserialize;
use sync::protocol::{Fate, MAX_OPERATIONS};
use sync::{Edit, Operation, OperationKind};
use uuid::Uuid;

use crate::secret;
use crate::store::{Caller, Known, NewAccount, PushError, Store, StoreError, Territory};

const NAME: &str = "CPTS de la vallée de l’Ariège (démonstration)";
const PEOPLE: &str = include_str!("../demo/people.json");

/// Login, password, name, profession, role.
const ACCOUNTS: [(&str, &str, &str, &str, Role); 5] = [
    ("claire.vidal", "demo-claire-2026", "Claire Vidal", "Infirmière", Role::Professional),
    ("karim.benali", "demo-karim-2026", "Karim Benali", "Masseur-kinésithérapeute", Role::Professional),
    ("sophie.marty", "demo-sophie-2026", "Sophie Marty", "Coordinatrice", Role::Coordinator),
    (tabac::CALLER, "demo-lea-2026", "Léa Fontan", "Pharmacienne", Role::Professional),
    ("admin", "demo-admin-2026", "Administration", "Administrateur", Role::Administrator),
];

/// Why the demonstration was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Push(#[from] PushError),
    #[error("a password cannot be hashed: {0}")]
    Password(#[from] argon2::password_hash::Error),
    #[error("the people of the demonstration cannot be read: {0}")]
    People(#[from] serde_json::Error),
    #[error("the rules refuse an entry of the demonstration: {kind}, {fields:?}: {fate:?}")]
    Refused { kind: String, fields: Vec<String>, fate: Fate },
    #[error("the demonstration speaks of what it does not hold: {0}")]
    Unknown(String),
}

#[derive(Deserialize)]
struct Someone {
    /// Login of who follows her.
    of: String,
    age: i32,
    /// `MM-DD`
    birthday: String,
    known_for_days: u64,
    fields: BTreeMap<String, Value>,
    /// Purpose → answer.
    consents: BTreeMap<String, String>,
    screenings: Vec<Screening>,
}

#[derive(Deserialize)]
struct Screening {
    days_ago: u64,
    /// Of the day, UTC.
    hour: i64,
    finished: bool,
    fields: BTreeMap<String, Value>,
}

/// What `serve --demo` prints.
pub fn accounts() -> String {
    let lines =
        ACCOUNTS.map(|(login, password, _, profession, _)| format!("  {login:<14} {password:<18} {profession}"));
    lines.join("\n")
}

/// Fills an empty database.
pub async fn load(store: &Store, now: Timestamp) -> Result<Territory, DemoError> {
    let mut new = Vec::new();
    for (login, password, name, profession, role) in ACCOUNTS {
        new.push(NewAccount {
            login: login.into(),
            name: name.into(),
            profession: profession.into(),
            roles: vec![role],
            rpps: None,
            password_hash: secret::hash_password(password).await?,
        });
    }
    let territory = store.create_territory(NAME, true, &new).await?;
    let people: Vec<Someone> = serde_json::from_str(PEOPLE)?;
    let pharmacist = store.account_by_login(territory.id, tabac::CALLER).await?;
    let pharmacist = pharmacist.ok_or_else(|| DemoError::Unknown(tabac::CALLER.into()))?.id;
    let mut followed = Vec::new();
    for (login, ..) in ACCOUNTS {
        let Some(account) = store.account_by_login(territory.id, login).await? else {
            return Err(DemoError::Unknown(login.into()));
        };
        // Its token is thrown away: nobody signs in as this device.
        let device = store.enrol(territory.id, account.id, Known::default(), "Jeu de démonstration", now).await?.device;
        let caller = Caller { territory: territory.id, account: account.id, device, roles: account.roles };
        let mut writer = Writer { device, today: now.local(0).date(), operations: Vec::new() };
        for someone in people.iter().filter(|someone| someone.of == login) {
            writer.person(someone)?;
        }
        match login {
            tabac::COORDINATION => followed = tabac::coordinate(&mut writer, pharmacist)?,
            tabac::CALLER => tabac::call_back(&mut writer, &followed)?,
            _ => {}
        }
        for operations in writer.operations.chunks(MAX_OPERATIONS) {
            let pushed = store.push(&caller, operations.to_vec(), now, writer.today).await?;
            for (operation, (_, fate)) in operations.iter().zip(pushed.fates) {
                if !matches!(fate, Fate::Applied { .. }) {
                    let fields = operation.fields.keys().cloned().collect();
                    return Err(DemoError::Refused { kind: operation.record_kind.clone(), fields, fate });
                }
            }
        }
    }
    let coordinators = store.accounts(territory.id).await?;
    let coordinator = coordinators.iter().find(|account| account.roles.contains(&Role::Coordinator));
    let coordinator = coordinator.ok_or_else(|| DemoError::Unknown("coordinator".into()))?.id;
    annuaire::load(store, territory.id, coordinator, now).await?;
    Ok(territory)
}

/// Writes as a tablet does: a creation, then one operation per field.
struct Writer {
    device: DeviceId,
    today: NaiveDate,
    operations: Vec<Operation>,
}

impl Writer {
    fn person(&mut self, someone: &Someone) -> Result<(), DemoError> {
        let met = self.instant(someone.known_for_days, 9)?;
        let person = self.create("person", None, met)?;
        let mut fields = someone.fields.clone();
        fields.insert("birth_date".into(), self.birth(someone)?.into());
        fields.insert(FINISHED_AT.into(), (met.0 + 300_000).into());
        self.set("person", person, &fields, met)?;
        for (purpose, answer) in &someone.consents {
            let consent = self.create("consent", Some(person), met)?;
            let fields = [("purpose", purpose.as_str()), ("answer", answer), ("given_by", "person")];
            let mut fields: BTreeMap<String, Value> = fields.map(|(name, value)| (name.into(), value.into())).into();
            fields.insert(FINISHED_AT.into(), met.0.into());
            self.set("consent", consent, &fields, met)?;
        }
        for screening in &someone.screenings {
            let begun = self.instant(screening.days_ago, screening.hour)?;
            let id = self.create("icope-screening", Some(person), begun)?;
            self.set("icope-screening", id, &screening.fields, begun)?;
            if screening.finished {
                let end = Timestamp(begun.0 + 11 * 60_000);
                self.set("icope-screening", id, &[(FINISHED_AT.into(), end.0.into())].into(), end)?;
            }
        }
        Ok(())
    }

    /// A record that is whole and finished when it begins.
    fn whole(
        &mut self,
        kind: &str,
        parent: Option<RecordId>,
        fields: &[(&str, Value)],
        at: Timestamp,
    ) -> Result<RecordId, DemoError> {
        let record = RecordId(Uuid::new_v4());
        let mut all = tabac::finished(fields, at);
        all.insert(STARTED_AT.into(), at.0.into());
        all.extend(parent.map(|parent| (PARENT.to_owned(), parent.to_string().into())));
        self.write(OperationKind::Create, kind, record, all, at)?;
        Ok(record)
    }

    fn create(&mut self, kind: &str, parent: Option<RecordId>, at: Timestamp) -> Result<RecordId, DemoError> {
        let record = RecordId(Uuid::new_v4());
        let mut fields: BTreeMap<String, Value> = [(STARTED_AT.into(), at.0.into())].into();
        if let Some(parent) = parent {
            fields.insert(PARENT.into(), parent.to_string().into());
        }
        self.write(OperationKind::Create, kind, record, fields, at)?;
        Ok(record)
    }

    fn set(
        &mut self,
        kind: &str,
        record: RecordId,
        fields: &BTreeMap<String, Value>,
        at: Timestamp,
    ) -> Result<(), DemoError> {
        for (name, value) in fields {
            self.write(OperationKind::Set, kind, record, [(name.clone(), value.clone())].into(), at)?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        kind: OperationKind,
        record_kind: &str,
        record_id: RecordId,
        fields: BTreeMap<String, Value>,
        device_time: Timestamp,
    ) -> Result<(), DemoError> {
        let form = programmes::kind(record_kind).ok_or_else(|| DemoError::Unknown(record_kind.into()))?.form();
        let fields = fields.into_iter().map(|(name, value)| (name, Edit::new(value, None))).collect();
        self.operations.push(Operation {
            op_id: OpId(Uuid::now_v7()),
            device_id: self.device,
            device_seq: self.operations.len() as u64 + 1,
            record_id,
            record_kind: record_kind.into(),
            form_version: form.version.into(),
            kind,
            fields,
            reason: None,
            device_time,
        });
        Ok(())
    }

    fn on(&self, day: NaiveDate, hour: i64) -> Result<Timestamp, DemoError> {
        let midnight = day.and_hms_opt(0, 0, 0).ok_or_else(|| DemoError::Unknown(day.to_string()))?;
        Ok(Timestamp(midnight.and_utc().timestamp_millis() + hour * 3_600_000))
    }

    fn instant(&self, days_ago: u64, hour: i64) -> Result<Timestamp, DemoError> {
        let day = self.today.checked_sub_days(Days::new(days_ago));
        self.on(day.ok_or_else(|| DemoError::Unknown(format!("{days_ago} days ago")))?, hour)
    }

    /// The birthday that gives this age on the day of loading.
    fn birth(&self, someone: &Someone) -> Result<String, DemoError> {
        let unknown = || DemoError::Unknown(someone.birthday.clone());
        let (month, day) = someone.birthday.split_once('-').ok_or_else(unknown)?;
        let (month, day) = (month.parse().map_err(|_| unknown())?, day.parse().map_err(|_| unknown())?);
        let to_come = (self.today.month(), self.today.day()) < (month, day);
        let year = self.today.year() - someone.age - i32::from(to_come);
        Ok(NaiveDate::from_ymd_opt(year, month, day).ok_or_else(unknown)?.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days when months and years are awkward, and a late evening.
    #[tokio::test]
    async fn the_rules_accept_all_of_it_on_any_day() {
        for day in ["2026-11-24", "2028-02-29", "2027-01-01", "2026-12-31"] {
            let day: NaiveDate = day.parse().unwrap();
            let now = Timestamp(day.and_hms_opt(23, 59, 0).unwrap().and_utc().timestamp_millis());
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(folder.path()).await.unwrap();
            let territory = load(&store, now).await.unwrap();
            assert!(territory.demo);
            // Those who sign in, and whose the cards are.
            assert_eq!(store.accounts(territory.id).await.unwrap().len(), ACCOUNTS.len() + 1);
            let cards = store.cards(territory.id).await.unwrap().known;
            assert!(cards.len() > 110, "{}", cards.len());
            for card in &cards {
                let entry = domain::annuaire::entry::read(&card.fields).unwrap();
                assert!(entry.rpps.is_none_or(|rpps| rpps.starts_with("997")), "an invented number");
                let phones = entry.sites.values().flat_map(|site| [&site.phone, &site.colleague_phone]).flatten();
                for phone in phones {
                    assert!(phone.starts_with("+3353649") || phone.starts_with("+3363998"), "{phone}");
                }
            }
            assert_eq!(store.imports(territory.id).await.unwrap().len(), 1);
        }
    }
}
