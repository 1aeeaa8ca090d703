//! What is past its time goes, and nothing else; nothing before somebody confirmed how long it is kept.

mod programme;

use chrono::{Days, NaiveDate};
use domain::Timestamp;
use domain::id::{AccountId, DeviceId, RecordId};
use domain::people::Purpose;
use domain::retention::{Rule, due_on};
use serde_json::json;
use server::retention::Wakes;
use server::store::{Caller, Purged, Store, Term, Wake};
use sync::OperationKind::Create;
use sync::Store as _;
use sync::protocol::audit::{Audit, Event};
use sync::protocol::territory::{Act, Asked, Panel};

use crate::tablet::Tablet;
use crate::world::{Device, Reply, World, new_record};

/// A world with a second handle on its database, by which days are made to pass.
struct Years {
    world: World,
    store: Store,
    admin: Caller,
}

fn noon(day: NaiveDate) -> Timestamp {
    Timestamp(day.and_hms_opt(12, 0, 0).unwrap().and_utc().timestamp_millis())
}

impl Years {
    async fn start() -> Self {
        let world = World::start().await;
        let store = Store::open(world.folder.path()).await.unwrap();
        let territory = store.territory().await.unwrap().unwrap().id;
        let account = store.account_by_login(territory, "admin").await.unwrap().unwrap();
        let admin = Caller { territory, account: account.id, device: DeviceId(account.id.0), roles: account.roles };
        Self { world, store, admin }
    }

    async fn confirm(&self, rule: Rule, months: u32, on: NaiveDate) {
        self.store.set_duration(&self.admin, rule, months, true, noon(on)).await.unwrap();
    }

    /// Says that a device, or every one, exchanged on that day, after a full sign-in if it needed one.
    async fn seen(&self, device: Option<DeviceId>, on: NaiveDate) {
        let sql = "UPDATE device SET seen_at = max(seen_at, ?), expires_at = max(expires_at, ?)
            WHERE device = coalesce(?, device)";
        let query = sqlx::query(sql).bind(noon(on).0).bind(noon(later(on, 30)).0);
        let query = query.bind(device.map(|device| device.to_string()));
        query.execute(&self.world.database().await).await.unwrap();
    }

    /// The purge of a day on which every device exchanges.
    async fn purge(&self, on: NaiveDate) -> Purged {
        self.seen(None, on).await;
        self.purge_unseen(on).await
    }

    /// The purge of a day on which nobody exchanges.
    async fn purge_unseen(&self, on: NaiveDate) -> Purged {
        self.store.purge(self.admin.territory, noon(on)).await.unwrap()
    }

    /// What the server has kept of time.
    async fn clock(&self) -> Option<Timestamp> {
        let sql = "SELECT at FROM retention_clock";
        let at = sqlx::query_scalar(sql).fetch_optional(&self.world.database().await).await.unwrap();
        at.map(Timestamp)
    }

    async fn people(&self, on: NaiveDate) -> usize {
        self.purge(on).await.people
    }

    async fn counts(&self, rule: Rule, on: NaiveDate) -> [usize; 3] {
        let terms = self.store.durations(self.admin.territory).await.unwrap();
        let term: &Term = terms.iter().find(|term| term.rule == rule).unwrap();
        let forecast = self.store.forecast(self.admin.territory, term, noon(on)).await.unwrap();
        [forecast.now, forecast.month, forecast.year]
    }

    /// Says that all that was received of a record was received on that day.
    async fn received(&self, record: RecordId, on: NaiveDate) {
        let sql = "UPDATE operation SET received_at = ? WHERE record = ?";
        let query = sqlx::query(sql).bind(noon(on).0).bind(record.to_string());
        query.execute(&self.world.database().await).await.unwrap();
    }

    async fn erased(&self, record: RecordId) -> bool {
        let sql = "SELECT coalesce(json_extract(state, '$.deletion.state') = 'erased', 0) FROM record WHERE record = ?";
        sqlx::query_scalar(sql).bind(record.to_string()).fetch_one(&self.world.database().await).await.unwrap()
    }

    async fn kept(&self) -> String {
        let sql = "SELECT state FROM record UNION ALL SELECT body || coalesce(conflicts, '') FROM operation";
        sqlx::query_scalar::<_, String>(sql).fetch_all(&self.world.database().await).await.unwrap().join("\n")
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day + Days::new(days)
}

/// The day of the last contact, the day it was confirmed, the day it goes.
const LAST: &str = "2026-11-22";
const LONG_AGO: &str = "2026-12-01";
const DUE: &str = "2031-11-22";

async fn person(years: &Years, device: &mut Device) -> RecordId {
    let create = device.create_person();
    let set = device.set(create.record_id, json!({ "family_name": "Planted-Salvan" }));
    let id = create.record_id;
    device.push(&[create, set]).await;
    years.received(id, date(LAST)).await;
    id
}

#[tokio::test]
async fn nothing_goes_while_nobody_confirmed_it_nor_before_its_notice_is_over() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let id = person(&years, &mut claire).await;
    let due = date(DUE);
    assert_eq!(due_on(date(LAST), 60), due);
    assert_eq!(years.purge(date("2099-01-01")).await, Purged::default(), "whatever the day");
    years.store.set_duration(&years.admin, Rule::Person, 12, false, noon(date(LAST))).await.unwrap();
    assert_eq!(years.people(due).await, 0, "set, and confirmed by nobody");
    assert_eq!(years.counts(Rule::Person, due).await, [1, 1, 1], "the preview says what it would be");

    years.confirm(Rule::Person, 60, later(due, 10)).await;
    assert_eq!(years.people(later(due, 39)).await, 0, "the notice is not over");
    years.store.set_duration(&years.admin, Rule::Person, 60, false, noon(later(due, 39))).await.unwrap();
    assert_eq!(years.people(later(due, 400)).await, 0, "suspended");
    years.confirm(Rule::Person, 60, later(due, 10)).await;
    assert!(!years.erased(id).await);
    assert_eq!(years.people(later(due, 40)).await, 1);
    assert!(years.erased(id).await && !years.kept().await.contains("Planted"));
}

#[tokio::test]
async fn a_person_goes_on_her_day_and_not_the_day_before() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let (first, second) = (person(&years, &mut claire).await, person(&years, &mut claire).await);
    years.received(second, later(date(LAST), 1)).await;
    years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
    let due = date(DUE);
    assert_eq!(years.counts(Rule::Person, date("2030-11-21")).await, [0, 0, 0]);
    assert_eq!(years.counts(Rule::Person, date("2030-11-22")).await, [0, 0, 1]);
    assert_eq!(years.counts(Rule::Person, date("2031-10-23")).await, [0, 1, 2]);
    assert_eq!(years.people(date("2031-11-21")).await, 0);
    assert_eq!(years.people(due).await, 1);
    assert!(years.erased(first).await && !years.erased(second).await);
    assert_eq!(years.counts(Rule::Person, due).await, [0, 1, 1], "who is erased is counted no more");
    assert_eq!(years.people(due).await, 0, "once");
    assert_eq!(years.people(later(due, 1)).await, 1);
    assert!(years.erased(second).await);
}

#[tokio::test]
async fn what_is_received_of_her_prolongs_and_nothing_else_does() {
    let years = Years::start().await;
    let (mut claire, mut karim) = (years.world.sign_in("claire").await, years.world.sign_in("karim").await);
    let mut people = Vec::new();
    for _ in 0..7 {
        people.push(person(&years, &mut claire).await);
    }
    let [screened, merged, twice, aside, unborn, untouched, future] = people[..] else { panic!("seven") };
    let after = date("2028-02-29");
    // A screening of hers.
    let screening = claire.write(Create, new_record(), "icope-screening", json!({ "parent": screened }));
    claire.push(std::slice::from_ref(&screening)).await;
    years.received(screening.record_id, after).await;
    // The same person, noted twice: a contact under one name is a contact.
    let same = claire.set(twice, json!({ "merged_into": merged }));
    let under = claire.write(Create, new_record(), "icope-screening", json!({ "parent": twice }));
    claire.push(&[same, under.clone()]).await;
    years.received(twice, date(LAST)).await;
    years.received(under.record_id, after).await;
    // What could not be applied yet, on her or to hang on her.
    let refused = claire.set(aside, json!({ "birth_date": "hier" }));
    claire.push(&[refused]).await;
    years.received(aside, after).await;
    let later_form = claire.write(Create, new_record(), "consent", json!({ "parent": unborn, "teleported": "1" }));
    claire.push(std::slice::from_ref(&later_form)).await;
    years.received(later_form.record_id, after).await;
    // A stranger who knows her number, a reading, a copy.
    let attack = karim.set(untouched, json!({ "commune": "Auterive" }));
    karim.push(std::slice::from_ref(&attack)).await;
    let sql = "UPDATE operation SET received_at = ? WHERE op_id = ?";
    let query = sqlx::query(sql).bind(noon(after).0).bind(attack.op_id.to_string());
    query.execute(&years.world.database().await).await.unwrap();
    claire.history(untouched).await.read::<serde_json::Value>();
    let copy = claire.send("GET", &format!("/api/people/{untouched}/dossier?as=json"), vec![]).await;
    assert_eq!(copy.status, 200);
    // The server's own clock went mad for a moment.
    years.received(future, date("2090-01-01")).await;

    years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
    assert_eq!(years.people(date("2032-01-01")).await, 1);
    assert!(years.erased(untouched).await, "nobody else prolongs her, no reading does");
    assert_eq!(years.people(date("2033-02-27")).await, 0);
    assert_eq!(years.people(date("2033-02-28")).await, 4, "29 February, five years later");
    for id in [screened, merged, twice, aside, unborn, screening.record_id, under.record_id] {
        assert!(years.erased(id).await, "{id}");
    }
    assert_eq!(years.people(date("2089-12-31")).await, 0, "from a day that has not come, nothing is counted");
    assert_eq!(years.people(date("2095-01-01")).await, 1);
}

#[tokio::test]
async fn every_device_learns_that_she_is_gone_and_none_brings_her_back() {
    let years = Years::start().await;
    let claire = Tablet::sign_in(&years.world, "claire").await;
    let away = Tablet::sign_in(&years.world, "claire").await;
    let karim = Tablet::sign_in(&years.world, "karim").await;
    let id = claire.create("Planted-Miremont").await;
    claire.consent(id, Purpose::ShareNamed, true).await;
    claire.share(id, &karim).await;
    let screening = claire.hang("icope-screening", id, &[("noted_by", "Planted-first".into())]).await;
    let other = claire.create("Kept-Auterive").await;
    for tablet in [&claire, &away, &karim] {
        assert!(tablet.exchange().await);
    }
    assert_eq!(karim.commune(id).await, Some("Planted-Miremont".into()));
    let mut raw = years.world.sign_in("claire").await;
    let refused = raw.set(id, json!({ "birth_date": "Planted-hier" }));
    raw.push(&[refused]).await;
    sqlx::query("UPDATE operation SET received_at = ? WHERE record <> ?")
        .bind(noon(date(LAST)).0)
        .bind(other.to_string())
        .execute(&years.world.database().await)
        .await
        .unwrap();
    // One is without a network, with entries of its own.
    away.set(id, "Planted-late").await;
    away.hang("icope-screening", id, &[("noted_by", "Planted-second".into())]).await;

    years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
    let (first, last) = (later(date(DUE), 1), later(date(DUE), 90));
    for device in [&claire.device, &karim.device, &raw] {
        years.seen(Some(device.id), last).await;
    }
    // The neighbour is looked after until the end.
    years.received(other, first).await;
    assert_eq!(years.purge_unseen(first).await, Purged::default(), "what is on the one that is away is waited for");
    let before = years.purge_unseen(last).await;
    assert_eq!((before.people, before.failed), (1, 0));
    let pulled = claire.device.pull(0).await;
    assert!(pulled.entered.iter().any(|record| record.id == screening && record.is_erased()), "told to purge it");
    for _ in 0..2 {
        for tablet in [&claire, &away, &karim] {
            tablet.exchange().await;
            assert!(tablet.exchange().await);
        }
    }
    for tablet in [&claire, &away, &karim] {
        assert_eq!(tablet.commune(id).await, None);
        assert!(tablet.replica.store().outbox().await.unwrap().is_empty(), "nothing of it waits");
    }
    assert_eq!(claire.commune(other).await, Some("Kept-Auterive".into()));
    let kept = years.kept().await;
    assert!(!kept.contains("Planted") && kept.contains("Kept-Auterive"), "{kept}");
    let listed = std::fs::read_to_string(years.world.folder.path().join("erased.txt")).unwrap();
    assert!(listed.contains(&id.to_string()) && listed.contains(&screening.to_string()), "a restoration erases again");

    // The journal says it once, with a closed code, in the name of nobody who works here.
    let admin = years.world.sign_in("admin").await;
    let audit: Audit = admin.send("GET", "/api/audit", vec![]).await.read();
    let told: Vec<_> = audit.entries.iter().filter(|entry| entry.record == Some(id)).collect();
    let gone: Vec<_> = told.iter().filter(|entry| entry.event == Event::Erased).collect();
    assert_eq!(gone.len(), 1, "{told:?}");
    assert_eq!(
        (gone[0].name.as_deref(), gone[0].detail.as_deref()),
        (Some("Durées de conservation"), Some("retention"))
    );
}

/// Somebody who was screened without a network on the day she fell due is not erased before the device can tell.
#[tokio::test]
async fn who_may_have_been_met_waits_for_the_device_that_knows() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let (met, merged) = (person(&years, &mut claire).await, person(&years, &mut claire).await);
    years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
    let (due, on) = (date(DUE), |days| later(date(DUE), days));
    // Another of hers exchanges each day.
    let second = years.world.sign_in("claire").await;
    years.seen(Some(second.id), on(90)).await;
    years.seen(Some(claire.id), on(0).pred_opt().unwrap()).await;
    let aside = claire.set(merged, json!({ "merged_into": met }));
    claire.push(&[aside]).await;
    years.received(merged, date(LAST)).await;
    for days in [0, 1, 89] {
        assert_eq!(years.purge_unseen(on(days)).await.people, 0, "{days} days after");
    }
    // She comes back with what she noted: the contact counts.
    let screening = claire.write(Create, new_record(), "icope-screening", json!({ "parent": met }));
    claire.push(std::slice::from_ref(&screening)).await;
    years.received(screening.record_id, on(60)).await;
    years.seen(Some(claire.id), on(60)).await;
    assert_eq!(years.purge_unseen(on(91)).await.people, 0);
    assert!(!years.erased(met).await && !years.erased(screening.record_id).await);
    assert_eq!(years.counts(Rule::Person, due).await, [0, 0, 0]);
}

#[tokio::test]
async fn no_device_is_waited_for_longer_than_it_may_tell() {
    for (case, sql, goes) in [
        ("seen on the day before", "", [0, 0, 1]),
        ("seen on the day", "UPDATE device SET seen_at = seen_at + 86400000", [1, 1, 1]),
        (
            "its days of exchange are over: it asks, and sends nothing",
            "UPDATE device SET seen_at = seen_at + 86400000, expires_at = seen_at - 86400000",
            [0, 0, 1],
        ),
        ("revoked", "UPDATE device SET revoked_at = 1", [1, 1, 1]),
        ("wiped", "UPDATE device SET wiped_at = 1", [1, 1, 1]),
        ("its account is closed", "UPDATE account SET disabled_at = 1 WHERE login = 'claire'", [1, 1, 1]),
        ("its account sees a part of her", "UPDATE sight SET part = 'list'", [1, 1, 1]),
    ] {
        let years = Years::start().await;
        let mut claire = years.world.sign_in("claire").await;
        person(&years, &mut claire).await;
        // Of an account that sees nothing of her, and silent for years.
        years.world.sign_in("karim").await;
        years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
        years.seen(Some(claire.id), date(DUE).pred_opt().unwrap()).await;
        sqlx::raw_sql(sql).execute(&years.world.database().await).await.unwrap();
        let mut gone = 0;
        let mut told = [0; 3];
        for (told, days) in told.iter_mut().zip([0, 89, 91]) {
            gone += years.purge_unseen(later(date(DUE), days)).await.people;
            *told = gone;
        }
        assert_eq!(told, goes, "{case}");
    }
}

#[tokio::test]
async fn a_clock_that_is_years_ahead_erases_nobody() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let id = person(&years, &mut claire).await;
    years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
    let wake = async |wakes: &mut Wakes, on| wakes.next(&years.store, years.admin.territory, noon(on)).await.unwrap();
    let begun = date("2031-11-01");
    years.seen(None, date("2042-01-01")).await;
    let none = Some(Purged::default());
    assert_eq!(wake(&mut Wakes::default(), begun).await, none);
    assert_eq!(years.clock().await, Some(noon(begun)), "the first time is the one it knows");
    // However many times it starts.
    let ahead = date("2041-11-01");
    let mut wakes = Wakes::default();
    for _ in 0..40 {
        wakes = Wakes::default();
        assert_eq!(wake(&mut wakes, ahead).await, none);
    }
    assert_eq!(years.clock().await, Some(noon(begun)));
    // An hour is worth a day.
    assert_eq!(wake(&mut wakes, ahead).await, None, "the day that was believed at the start");
    assert_eq!(years.clock().await, Some(noon(later(begun, 1))));
    // Somebody sees it and sets it right: what was believed stays, and no more is.
    let before = date("2020-01-01");
    assert_eq!(wake(&mut wakes, before).await, none);
    assert_eq!(years.clock().await, Some(noon(later(begun, 1))), "it never goes back");
    assert_eq!(years.store.believed(years.admin.territory, noon(before), Wake::Started).await.unwrap(), noon(before));
    assert!(!years.erased(id).await);
}

#[tokio::test]
async fn a_server_that_stood_still_catches_up_a_day_an_hour() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let id = person(&years, &mut claire).await;
    years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
    let due = date(DUE);
    let stopped = due - Days::new(45);
    let back = later(stopped, 92);
    years.seen(None, back).await;
    let wake = async |wakes: &mut Wakes, on| wakes.next(&years.store, years.admin.territory, noon(on)).await.unwrap();
    wake(&mut Wakes::default(), stopped).await;
    let mut wakes = Wakes::default();
    let gone = |purged: Option<Purged>| purged.map_or(0, |purged| purged.people);
    assert_eq!(gone(wake(&mut wakes, back).await), 0);
    for hours in 1..=100 {
        let people = gone(wake(&mut wakes, back).await);
        assert_eq!(people, usize::from(hours == 45), "after {hours} hours");
        assert_eq!(years.clock().await, Some(noon(later(stopped, hours.min(92)))));
    }
    assert!(years.erased(id).await);
}

#[tokio::test]
async fn what_stops_midway_leaves_nothing_half_done_and_goes_on() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(person(&years, &mut claire).await);
    }
    years.confirm(Rule::Person, 60, date(LONG_AGO)).await;
    let database = years.world.database().await;
    let mut sorted = ids.clone();
    sorted.sort();
    let stop = format!(
        "CREATE TRIGGER stop BEFORE UPDATE ON record WHEN NEW.record = '{}' BEGIN SELECT RAISE(ABORT, 'cut'); END",
        sorted[1]
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(stop)).execute(&database).await.unwrap();
    let purged = years.purge(date(DUE)).await;
    assert_eq!((purged.people, purged.failed), (2, 1), "one that fails stops no other");
    assert!(years.kept().await.contains("Planted") && !years.erased(sorted[1]).await, "she is whole");
    assert_eq!(claire.history(sorted[1]).await.status, 200);
    sqlx::query("DROP TRIGGER stop").execute(&database).await.unwrap();
    let purged = years.purge(later(date(DUE), 1)).await;
    assert_eq!((purged.people, purged.failed), (1, 0));
    assert!(!years.kept().await.contains("Planted"));
}

#[tokio::test]
async fn the_audit_goes_after_its_time_and_never_before_a_year() {
    let years = Years::start().await;
    years.world.sign_in("claire").await;
    let database = years.world.database().await;
    let first = date("2026-01-10");
    let lines = async || {
        let sql = "SELECT at FROM audit ORDER BY at";
        sqlx::query_scalar::<_, i64>(sql).fetch_all(&database).await.unwrap()
    };
    let add = async |entry: i64, on: NaiveDate| {
        let sql = "INSERT INTO audit (territory, entry, at, event) SELECT territory, ?, ?, 'signed-in' FROM territory";
        sqlx::query(sql).bind(entry).bind(noon(on).0).execute(&database).await.unwrap();
    };
    // The one of today's sign-in is out of the way of the days told here.
    let begun = lines().await;
    for entry in 0..1200 {
        add(1000 + entry, first).await;
    }
    add(5000, later(first, 1)).await;
    let year = date("2040-01-01");
    add(5001, date("2039-12-31")).await;
    assert_eq!(years.purge(year).await.lines, 0, "nobody confirmed it");
    years.confirm(Rule::Audit, 12, date(LONG_AGO)).await;
    let before = date("2027-01-09");
    assert_eq!(years.purge(before).await.lines, 0);
    let purged = years.purge(date("2027-01-10")).await;
    assert_eq!(purged.lines, 1200, "those of that day, and not of the next");
    let left = lines().await;
    assert!(left.contains(&noon(later(first, 1)).0) && begun.iter().all(|at| left.contains(at)));
    let said: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE event = 'erased' AND detail = 'retention'")
        .fetch_one(&database)
        .await
        .unwrap();
    assert_eq!(said, 1, "a line says that they went");
}

/// Nothing was noted for ten days: the database counts a year from its newest line, and refuses a statement that takes more.
/// The line that says what went is a new one.
#[tokio::test]
async fn an_audit_that_stood_still_loses_what_it_may() {
    let years = Years::start().await;
    let database = years.world.database().await;
    let add = "INSERT INTO audit (territory, entry, at, event) SELECT territory, ?, ?, 'signed-in' FROM territory";
    for (entry, on) in [(1, "2026-01-01"), (2, "2026-01-25"), (3, "2027-01-20")] {
        sqlx::query(add).bind(entry).bind(noon(date(on)).0).execute(&database).await.unwrap();
    }
    years.confirm(Rule::Audit, 12, date("2026-11-22")).await;
    assert_eq!(years.purge(date("2027-01-30")).await.lines, 2);
    let left: Vec<i64> =
        sqlx::query_scalar("SELECT entry FROM audit ORDER BY entry").fetch_all(&database).await.unwrap();
    assert_eq!(left.first(), Some(&3), "{left:?}");
}

fn today() -> NaiveDate {
    chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive()
}

#[tokio::test]
async fn a_professional_is_told_of_her_people_and_never_of_others() {
    let years = Years::start().await;
    let (mut claire, mut karim) = (years.world.sign_in("claire").await, years.world.sign_in("karim").await);
    let (soon, hidden, far) =
        (person(&years, &mut claire).await, person(&years, &mut karim).await, person(&years, &mut claire).await);
    let last = today() - chrono::Months::new(60);
    for (id, days) in [(soon, 20), (hidden, 20), (far, 61)] {
        years.received(id, later(last, days)).await;
    }
    let read = async |device: &Device| device.send("GET", "/api/retention", vec![]).await.read::<Panel>();
    assert_eq!(read(&claire).await, Panel::default(), "nobody confirmed it: nobody is told that somebody goes");
    years.confirm(Rule::Person, 60, last).await;
    let told = async |device: &Device| {
        let parts = read(device).await.parts;
        parts.into_iter().flat_map(|part| part.lines).filter_map(|line| line.record).collect::<Vec<_>>()
    };
    assert_eq!(told(&claire).await, [soon]);
    assert_eq!(told(&karim).await, [hidden]);
    assert!(read(&claire).await.second.starts_with("1\u{a0}fiche sera effacée d’ici le "));
    let reply = claire.send("GET", "/api/retention", vec![]).await;
    assert!(!reply.text().contains("Planted") && !reply.text().contains(&hidden.to_string()));
    // A contact prolongs her, and she is told of no more.
    let set = claire.set(soon, json!({ "commune": "Auterive" }));
    claire.push(&[set]).await;
    assert_eq!(told(&claire).await, []);
}

async fn asked(device: &Device, act: &str, value: &str) -> Reply {
    let asked = Asked { act: act.into(), value: value.into() };
    device.send("POST", "/api/territory", serde_json::to_vec(&asked).unwrap()).await
}

fn acts(panel: &Panel) -> Vec<&Act> {
    let lines = panel.parts.iter().flat_map(|part| part.lines.iter().filter_map(|line| line.act.as_ref()));
    panel.parts.iter().flat_map(|part| part.acts.iter()).chain(lines).collect()
}

#[tokio::test]
async fn the_administration_sets_the_territory_and_reads_numbers_alone() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let id = person(&years, &mut claire).await;
    years.received(id, date("2019-01-01")).await;
    let admin = years.world.sign_in("admin").await;
    let text = admin.send("GET", "/api/territory", vec![]).await.text();
    assert!(!text.contains("Planted") && !text.contains(&id.to_string()), "{text}");
    assert!(text.contains("aujourd’hui, 1\u{a0}fiche") && text.contains("Personne ne l’a confirmée"), "{text}");
    assert!(years.people(today()).await == 0);

    // Only what the page proposes may be asked, and within its bounds.
    for (act, value, status) in [
        ("days", "0", 400),
        ("days", "366", 400),
        ("days", "trente", 400),
        ("months/person", "11", 400),
        ("months/audit", "6", 400),
        ("confirm/person", "", 400),
        ("confirm/teleportation", "60", 400),
        ("confirm", "60", 400),
        ("", "", 400),
        ("find", "Nulle-Part", 404),
        ("add", "31190000", 404),
        ("remove", "31033", 404),
    ] {
        let problem = asked(&admin, act, value).await.refused(status);
        assert!(problem.message.contains("Rien n’"), "{act} {value}: {}", problem.message);
    }
    let nobody_confirmed = |terms: Vec<Term>| terms.iter().all(|term| term.confirmed.is_none());
    assert!(nobody_confirmed(years.store.durations(years.admin.territory).await.unwrap()));

    let panel: Panel = asked(&admin, "days", " 7 ").await.read();
    assert!(panel.said.contains("7\u{a0}jours"));
    assert_eq!(years.store.exchange_days(years.admin.territory).await.unwrap(), 7);

    let panel: Panel = asked(&admin, "find", "31190").await.read();
    let add = acts(&panel).into_iter().find(|act| act.label == "Ajouter Auterive").expect("it is found").asked.clone();
    let panel: Panel = asked(&admin, &add.act, &add.value).await.read();
    assert!(panel.said.starts_with("Auterive est du territoire"), "{}", panel.said);
    let remove = acts(&panel).into_iter().find(|act| act.label == "Retirer Auterive").expect("it is there").clone();
    assert!(remove.sure.is_some(), "it is asked for again");
    let panel: Panel = asked(&admin, &remove.asked.act, &remove.asked.value).await.read();
    assert!(acts(&panel).iter().all(|act| act.label != "Retirer Auterive"));

    // A duration that is changed is confirmed by nobody; confirmed, it has a name and waits for its notice.
    let panel: Panel = asked(&admin, "confirm/person", "48").await.read();
    assert!(panel.parts.iter().any(|part| part.texts.iter().any(|text| text.contains("Confirmée par admin, "))));
    assert!(years.people(later(today(), 29)).await == 0, "the notice");
    asked(&admin, "months/person", "36").await.read::<Panel>();
    assert!(nobody_confirmed(years.store.durations(years.admin.territory).await.unwrap()));
    let panel: Panel = asked(&admin, "confirm/person", "36").await.read();
    let suspend = acts(&panel).into_iter().find(|act| act.label == "Suspendre l’effacement").unwrap().asked.clone();
    asked(&admin, &suspend.act, &suspend.value).await.read::<Panel>();
    assert!(nobody_confirmed(years.store.durations(years.admin.territory).await.unwrap()));
    assert!(!years.erased(id).await);
    // Who changed the settings is in the journal.
    let audit: Audit = admin.send("GET", "/api/audit", vec![]).await.read();
    let changed = audit.entries.iter().filter(|one| one.detail.as_deref() == Some("territory")).count();
    assert_eq!(changed, 7);
}

#[tokio::test]
async fn the_command_says_what_would_go_then_erases_it() {
    let years = Years::start().await;
    let mut claire = years.world.sign_in("claire").await;
    let id = person(&years, &mut claire).await;
    years.received(id, date("2019-01-01")).await;
    let run = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cardabelle"));
        command.args(["retention", "--data"]).arg(years.world.folder.path()).args(more);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        async move {
            let output = output.await.unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ")
        }
    };
    let preview = run(&["--preview"]).await;
    assert!(
        preview.contains("Fiches : 60 mois, confirmée par personne, rien n’est effacé. Au-delà : 1 aujourd’hui"),
        "{preview}"
    );
    assert!(run(&[]).await.starts_with("0 fiche "));
    assert!(!years.erased(id).await);
    years.confirm(Rule::Person, 60, date("2026-01-01")).await;
    assert!(run(&["--preview"]).await.contains("confirmée par admin, appliquée à partir du 31 janv. 2026"));
    assert!(!years.erased(id).await, "a preview erases nothing");
    assert!(run(&[]).await.starts_with("1 fiche "));
    assert!(years.erased(id).await);
    // It believes no later time than the server does, and leaves it where it is.
    assert_eq!(years.clock().await, None);
    let second = person(&years, &mut claire).await;
    years.received(second, date("2019-01-01")).await;
    sqlx::query("INSERT INTO retention_clock SELECT territory, ? FROM territory")
        .bind(noon(date("2026-01-30")).0)
        .execute(&years.world.database().await)
        .await
        .unwrap();
    let limited = run(&[]).await;
    assert!(limited.starts_with("Compté jusqu’au 30 janv. 2026, dernier jour connu du serveur : "), "{limited}");
    assert!(limited.contains("\n0 fiche ") && !years.erased(second).await);
    assert_eq!(years.clock().await, Some(noon(date("2026-01-30"))));
    // Whose account it is, nobody signs in as.
    let nobody = years.store.account_by_login(years.admin.territory, "conservation").await.unwrap().unwrap();
    assert!(nobody.disabled && !nobody.is_a_person() && nobody.id != AccountId(id.0));
}
