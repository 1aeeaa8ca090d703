//! Random lives of several people who share, withdraw, give again, move and write, on devices that are often away: each ends
//! with what the server lets it see, and the server lets see what the records say, counted here a second time and in
//! another way.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::RecordId;
use domain::people::{Purpose, Role};
use serde_json::Value;
use sync::OperationKind::{Delete, Erase, Restore, Set};

use crate::sharing::all_agree;
use crate::tablet::Tablet;
use crate::world::World;

/// Lives of one run; `SIGHT_SEEDS=500` is the long one.
const SEEDS: u64 = 12;
const STEPS: u64 = 80;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[usize::try_from(self.below(of.len() as u64)).unwrap()])
    }
}

/// The records of a kind that a tablet shows and that are not erased, in an order that does not depend on the run.
async fn shown(tablet: &Tablet, kind: &str, made: &[RecordId]) -> Vec<RecordId> {
    let contents = tablet.replica.contents().await.unwrap();
    let of_kind = contents.shown.iter().filter(|shown| shown.kind == kind && !shown.fields.is_empty());
    let here: BTreeSet<_> = of_kind.map(|shown| shown.id).collect();
    made.iter().copied().filter(|id| here.contains(id)).collect()
}

async fn step(dice: &mut Dice, tablets: &[Tablet], made: &mut Vec<RecordId>) {
    // The last two are a sentinel and a coordinator, with whom nothing is shared.
    let (writers, follow) = (tablets, &tablets[..3]);
    let tablet = dice.one(tablets).unwrap();
    if dice.below(3) == 0 {
        tablet.exchange().await;
        return;
    }
    let writer = dice.one(writers).unwrap();
    let people = shown(writer, "person", made).await;
    let Some(person) = dice.one(&people).copied().filter(|_| dice.below(8) > 0) else {
        let person = writer.create("Miremont").await;
        made.push(person);
        if dice.below(2) == 0 {
            // At a stand she is signed up, and asked at once.
            made.push(writer.hang("tabac-challenger", person, &[("quit_on", "2026-11-01".into())]).await);
            for purpose in [Purpose::ShareNamed, Purpose::CallBack] {
                made.push(writer.consent(person, purpose, true).await);
            }
        }
        return;
    };
    let yes = dice.below(3) > 0;
    match dice.below(17) {
        0..=2 => {
            let purpose =
                [Purpose::ShareNamed, Purpose::ShareNamed, Purpose::CallBack][usize::try_from(dice.below(3)).unwrap()];
            made.push(writer.consent(person, purpose, yes).await);
        }
        3 | 4 => made.push(writer.share(person, dice.one(follow).unwrap()).await),
        // The coordination pairs, and pairs again.
        15 => {
            let coordination = &tablets[4];
            let people = shown(coordination, "person", made).await;
            let Some(person) = dice.one(&people) else { return };
            made.push(coordination.share(*person, dice.one(follow).unwrap()).await);
            coordination.exchange().await;
        }
        16 => {
            let coordination = &tablets[4];
            for share in shown(coordination, "share", made).await {
                coordination.save_of("share", Set, share, &[("in_force", "no".into())], vec![]).await;
            }
        }
        5 => {
            let shares = shown(writer, "share", made).await;
            let Some(share) = dice.one(&shares) else { return };
            writer.save_of("share", Set, *share, &[("in_force", if yes { "yes" } else { "no" }.into())], vec![]).await;
        }
        6 => {
            let consents = shown(writer, "consent", made).await;
            let Some(consent) = dice.one(&consents) else { return };
            let (kind, fields): (_, &[(&str, Value)]) = match dice.below(4) {
                0 => (Delete, &[]),
                1 => (Restore, &[]),
                2 => (Set, &[("parent", person.to_string().into())]),
                _ => (Set, &[("answer", if yes { "yes" } else { "no" }.into())]),
            };
            writer.save_of("consent", kind, *consent, fields, vec![]).await;
        }
        7 => made.push(writer.hang("icope-screening", person, &[]).await),
        8..=10 => {
            let screenings = shown(writer, "icope-screening", made).await;
            let Some(screening) = dice.one(&screenings) else { return };
            let fields = [("parent", person.to_string().into())];
            writer.save_of("icope-screening", Set, *screening, &fields, vec![]).await;
        }
        14 => made.push(writer.hang("tabac-challenger", person, &[("quit_on", "2026-11-01".into())]).await),
        11 if dice.below(4) == 0 => writer.save(Erase, person, &[], vec![]).await,
        _ => writer.set(person, &format!("{}", dice.below(1000))).await,
    }
}

/// What the states of the records say of who sees what, read as a person would.
async fn expected(world: &World, kept: &BTreeMap<(String, RecordId), bool>) -> BTreeMap<(String, RecordId), bool> {
    let database = world.database().await;
    let rows: Vec<(String, String, Option<String>, String)> =
        sqlx::query_as("SELECT record, owner, parent, state FROM record").fetch_all(&database).await.unwrap();
    let entrusted: BTreeSet<String> =
        sqlx::query_scalar::<_, String>("SELECT record FROM record WHERE entrusted_by IS NOT NULL")
            .fetch_all(&database)
            .await
            .unwrap()
            .into_iter()
            .collect();
    let having = async |role: &str| -> Vec<String> {
        let sql = "SELECT account FROM account WHERE instr(roles, ?) > 0";
        sqlx::query_scalar(sql).bind(role).fetch_all(&database).await.unwrap()
    };
    let (coordinators, sentinels) = (having("coordinator").await, having("sentinel").await);
    let hands_over = |account: &str| [&coordinators, &sentinels].into_iter().flatten().any(|one| one == account);
    let states: Vec<(&str, &str, Option<&str>, Value)> = rows
        .iter()
        .map(|(id, owner, parent, state)| (&**id, &**owner, parent.as_deref(), serde_json::from_str(state).unwrap()))
        .collect();
    let mut wanted = BTreeMap::new();
    // What is erased keeps no link to what it hung on: a mere number, left to whose it was.
    for (record, owner, ..) in states.iter().filter(|row| row.3["deletion"]["state"] == "erased") {
        let shell = (owner.to_string(), record.parse().unwrap());
        // Nothing of it says any more whether a professional began it, and it was kept from whoever only hands over.
        if !hands_over(owner) || kept.contains_key(&shell) {
            wanted.insert(shell, true);
        }
    }
    for (person, owner, ..) in
        states.iter().filter(|(_, _, parent, state)| parent.is_none() && state["kind"] == "person")
    {
        let gone = |state: &Value| matches!(state["deletion"]["state"].as_str(), Some("deleted" | "erased"));
        let hers = |kind: &'static str| {
            let of_kind = move |row: &&(&str, &str, Option<&str>, Value)| row.3["kind"] == kind;
            states.iter().filter(|row| row.2 == Some(person)).filter(of_kind).filter(|row| !gone(&row.3))
        };
        let disputed = |state: &Value, field: &str| {
            state["conflicts"].get(field).is_some_and(|item| item.get("settled").is_none())
        };
        let agrees = |purpose: &str| {
            let fields = |row: &(&str, &str, Option<&str>, Value)| row.3["fields"].clone();
            let answered: Vec<_> = hers("consent")
                .filter(|row| fields(row)["purpose"]["value"] == purpose && fields(row)["answer"]["value"].is_string())
                .collect();
            let replaced: BTreeSet<(String, &str)> = answered
                .iter()
                .flat_map(|row| {
                    let after = fields(row)["after"]["value"].as_str().unwrap_or_default().to_owned();
                    after.split(' ').map(|id| (id.to_owned(), row.0)).collect::<Vec<_>>()
                })
                .filter(|(id, by)| id != by)
                .collect();
            let mut last = answered.iter().filter(|row| !replaced.iter().any(|(id, _)| id == row.0)).peekable();
            last.peek().is_some()
                && last.all(|row| fields(row)["answer"]["value"] == "yes" && !disputed(&row.3, "answer"))
        };
        let in_force = |row: &&(&str, &str, Option<&str>, Value)| {
            row.3["fields"]["in_force"]["value"] == "yes" && !disputed(&row.3, "in_force")
        };
        let with =
            |row: &&(&str, &str, Option<&str>, Value)| row.3["fields"]["account"]["value"].as_str().map(str::to_owned);
        let by =
            |row: &(&str, &str, Option<&str>, Value)| row.3["origin"]["author"].as_str().unwrap_or_default().to_owned();
        let mut team = vec![(*owner).to_owned()];
        if agrees("share-named") {
            team.extend(hers("share").filter(in_force).filter_map(|row| with(&row)));
            let handed = hers("share").filter(in_force).any(|row| hands_over(&by(row)));
            assert!(!handed || !hands_over(owner), "what was handed over is not hers any more");
        }
        let lasts = |row: &&(&str, &str, Option<&str>, Value)| {
            coordinators.contains(&by(row)) && with(row).as_deref() == Some(owner)
        };
        assert!(
            !entrusted.contains(*person) || hers("share").filter(in_force).any(|row| lasts(&row)),
            "nobody holds her by what was ended"
        );
        let called = agrees("call-back")
            && !states.iter().any(|row| row.0 == *person && gone(&row.3) && row.3["deletion"]["state"] == "erased");
        let signed_up = states.iter().any(|row| row.2 == Some(person) && row.3["kind"] == "tabac-challenger");
        for row in states.iter().filter(|row| row.0 == *person || row.2 == Some(person)) {
            assert_eq!(row.1, *owner, "what hangs on somebody is whose she is");
            let kind = row.3["kind"].as_str().unwrap();
            let answer = !["person", "consent"].contains(&kind) && !by(row).is_empty() && !hands_over(&by(row));
            for account in team.iter().filter(|account| !(answer && *account == owner && hands_over(owner))) {
                wanted.insert((account.clone(), row.0.parse().unwrap()), true);
            }
            let told = kind == "person" || (signed_up && ["share", "tabac-challenger"].contains(&kind));
            for account in coordinators.iter().filter(|_| called && told) {
                wanted.entry((account.clone(), row.0.parse().unwrap())).or_insert(false);
            }
        }
    }
    wanted
}

async fn live(seed: u64) {
    let world = World::start().await;
    world.add("nadia", Role::Professional).await;
    world.add("lou", Role::Sentinel).await;
    let mut tablets = Vec::new();
    for login in ["claire", "karim", "nadia", "lou", "coordo"] {
        tablets.push(Tablet::sign_in(&world, login).await);
    }
    let (mut dice, mut made) = (Dice(seed), Vec::new());
    for _ in 0..STEPS {
        step(&mut dice, &tablets, &mut made).await;
    }
    all_agree(&world, &tablets.iter().collect::<Vec<_>>()).await;
    let rows: Vec<(String, String, bool)> = sqlx::query_as("SELECT account, record, part IS NULL FROM sight")
        .fetch_all(&world.database().await)
        .await
        .unwrap();
    let kept: BTreeMap<(String, RecordId), bool> =
        rows.into_iter().map(|(account, record, whole)| ((account, record.parse().unwrap()), whole)).collect();
    let e = expected(&world, &kept).await;
    if kept != e {
        let logins: Vec<(String, String)> =
            sqlx::query_as("SELECT account, login FROM account").fetch_all(&world.database().await).await.unwrap();
        eprintln!("{logins:?}");
        for (k, v) in e.iter().filter(|(k, v)| kept.get(*k) != Some(*v)) {
            eprintln!("wanted {k:?} {v} got {:?}", kept.get(k));
            let st: Vec<(String,String,Option<String>,String)> = sqlx::query_as("SELECT kind, owner, parent, state FROM record WHERE record = ?1 OR parent = ?1 OR record = (SELECT parent FROM record WHERE record = ?1) OR parent = (SELECT parent FROM record WHERE record = ?1)").bind(k.1.to_string()).fetch_all(&world.database().await).await.unwrap();
            for x in st {
                eprintln!("   {x:?}");
            }
        }
        for (k, v) in kept.iter().filter(|(k, v)| e.get(*k) != Some(*v)) {
            eprintln!("kept {k:?} {v} wanted {:?}", e.get(k));
        }
    }
    assert_eq!(kept, e, "seed {seed}");
    for tablet in &tablets {
        let account = tablet.device.signed_in.account.id.to_string();
        let held: BTreeMap<_, _> = tablet.held().await.into_iter().map(|(id, record)| (id, !record.limited)).collect();
        let hers = kept.iter().filter(|((whose, _), _)| *whose == account).map(|((_, id), whole)| (*id, *whole));
        assert_eq!(held, hers.collect(), "seed {seed}, {}", tablet.device.signed_in.account.name);
    }
}

#[tokio::test]
async fn every_device_holds_what_its_owner_may_see() {
    let seeds = std::env::var("SIGHT_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    for seed in std::env::var("SIGHT_FROM").ok().and_then(|s| s.parse().ok()).unwrap_or(0)..seeds {
        live(seed).await;
    }
}

/// Each migration before, a record of each kind, then the one that makes the table.
#[tokio::test]
async fn what_was_owned_is_seen_after_the_migration() {
    let options = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true).foreign_keys(false);
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.as_str() == "0010_sight.sql" {
            for (record, kind, since) in [("a", "person", 0), ("b", "consent", 7), ("c", "entry", 0)] {
                sqlx::query(
                    "INSERT INTO record (territory, record, kind, owner, seq, state, owned_since)
                     VALUES ('t', ?, ?, 'claire', 9, '{}', ?)",
                )
                .bind(record)
                .bind(kind)
                .bind(since)
                .execute(&mut database)
                .await
                .unwrap();
            }
        }
        let sql = std::fs::read_to_string(file).unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
    }
    let rows: Vec<(String, String, i64, Option<String>)> =
        sqlx::query_as("SELECT account, record, since, part FROM sight ORDER BY record")
            .fetch_all(&mut database)
            .await
            .unwrap();
    let row = |record: &str, since| ("claire".to_owned(), record.to_owned(), since, None);
    assert_eq!(rows, [row("a", 0), row("b", 7)], "the cards of the directory reach no device through the log");
}
