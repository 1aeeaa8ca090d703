//! Role × action × record, for every route: what each caller is told of each record, and what she may do to it. A value that
//! somebody may not see is planted and searched for in every byte of every answer.

use std::collections::BTreeSet;

use domain::id::{DeviceId, RecordId};
use domain::people::{Purpose, Role};
use serde_json::json;
use sync::OperationKind::{Erase, Set};
use sync::protocol::{Fate, Pushed, Quarantine};

use crate::routes::{OPEN, ROUTES};
use crate::tablet::Tablet;
use crate::world::{Device, Reply, World};

/// What is told of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// All its values.
    Whole,
    /// Whom to call: who and where she is, and nothing else.
    Part,
    /// That it is there, or was; no value.
    Shell,
    /// Nothing, its number included.
    Nothing,
}

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Write {
    Applied,
    /// Stored, set aside.
    Aside(Quarantine),
}

use Quarantine::{NoRight, UnknownRecord};
use Told::{Nothing, Part, Shell, Whole};
use Write::{Applied, Aside};

/// Caller and record: what the log and the snapshot tell, what the history tells, what becomes of a write. Of the records
/// that are not here beside a caller, she is told nothing. What is written on an erased record is emptied, whoever writes it.
const CELLS: &[(&str, &str, Told, Told, Write)] = &[
    ("claire", "own", Whole, Whole, Applied),
    ("claire", "part", Whole, Whole, Applied),
    ("claire", "shared", Whole, Whole, Applied),
    ("claire", "former", Nothing, Nothing, Aside(NoRight)),
    ("claire", "handed", Nothing, Nothing, Aside(NoRight)),
    ("claire", "other", Nothing, Nothing, Aside(NoRight)),
    ("claire", "elsewhere", Nothing, Nothing, Aside(UnknownRecord)),
    ("claire", "erased", Shell, Shell, Applied),
    ("lou", "lous", Whole, Whole, Applied),
    ("lou", "handed", Nothing, Nothing, Aside(NoRight)),
    ("lou", "other", Nothing, Nothing, Aside(NoRight)),
    ("lou", "elsewhere", Nothing, Nothing, Aside(UnknownRecord)),
    ("lou", "erased", Nothing, Nothing, Applied),
    ("coordo", "part", Part, Nothing, Aside(NoRight)),
    ("coordo", "other", Nothing, Nothing, Aside(NoRight)),
    ("coordo", "handed", Nothing, Nothing, Aside(NoRight)),
    ("coordo", "elsewhere", Nothing, Nothing, Aside(UnknownRecord)),
    ("coordo", "erased", Nothing, Nothing, Applied),
    ("admin", "part", Nothing, Nothing, Aside(NoRight)),
    ("admin", "other", Nothing, Nothing, Aside(NoRight)),
    ("admin", "elsewhere", Nothing, Nothing, Aside(NoRight)),
    ("admin", "erased", Nothing, Nothing, Applied),
];

/// What a route has to do with records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Has {
    /// Tells records: the second column of [`CELLS`].
    Log,
    /// Tells one record: the third.
    History,
    /// Exports a person to a professional who sees the whole of her.
    Dossier,
    /// Writes: the fourth.
    Push,
    /// Names records that wait, or were opened, without a value.
    Numbers,
    /// None at all.
    Nothing,
}

/// Every route of [`ROUTES`], by its path; what a sentinel is answered where it is not what a professional is.
const ABOUT: &[(&str, Has, Option<u16>)] = &[
    ("/push", Has::Push, None),
    ("/pull", Has::Log, None),
    ("/snapshot", Has::Log, None),
    ("/history", Has::History, None),
    ("/audit", Has::Numbers, None),
    ("/people/{id}/dossier", Has::Dossier, None),
    ("/set-aside", Has::Numbers, None),
    ("/set-aside/apply", Has::Numbers, Some(403)),
    // Numbers, and a few that name records by their ids; no value of any. Who may read them is in `figures.rs`.
    ("/figures/{programme}/{id}", Has::Nothing, None),
    ("/territory", Has::Nothing, None),
    ("/retention", Has::Numbers, None),
    ("/sealed", Has::Nothing, None),
    ("/sign-out", Has::Nothing, None),
    ("/colleagues", Has::Nothing, None),
    ("/annuaire", Has::Nothing, None),
    ("/annuaire/imports", Has::Nothing, None),
    ("/annuaire/imports/{id}/undo", Has::Nothing, None),
    ("/annuaire/imports/{id}/informed", Has::Nothing, None),
    ("/annuaire/differences", Has::Nothing, None),
    ("/annuaire/reports", Has::Nothing, None),
    ("/annuaire/reports/{id}/settled", Has::Nothing, None),
    ("/accounts", Has::Nothing, None),
    ("/accounts/sheet", Has::Nothing, None),
    ("/accounts/{id}/link", Has::Nothing, None),
    ("/accounts/{id}/disabled", Has::Nothing, None),
    ("/devices", Has::Nothing, None),
    ("/devices/{id}/name", Has::Nothing, None),
    ("/devices/{id}/revoked", Has::Nothing, None),
    ("/devices/neighbours", Has::Nothing, None),
    ("/wiped", Has::Nothing, None),
    ("/stands", Has::Nothing, Some(403)),
    ("/stands/{device}/closed", Has::Nothing, Some(403)),
    ("/public/annuaire", Has::Nothing, None),
    ("/seal-key", Has::Nothing, None),
    ("/sign-in", Has::Nothing, None),
    ("/stand/push", Has::Nothing, None),
    ("/visit", Has::Nothing, None),
    ("/doors", Has::Nothing, None),
    ("/psc/begin", Has::Nothing, None),
    ("/psc/finish", Has::Nothing, None),
    ("/link", Has::Nothing, None),
    ("/link/use", Has::Nothing, None),
    ("/link/mine", Has::Nothing, None),
];

fn bare(path: &str) -> &str {
    path.split('?').next().unwrap()
}

#[test]
fn the_table_speaks_of_every_route() {
    let known: BTreeSet<_> = ABOUT.iter().map(|(path, ..)| *path).collect();
    let routes: BTreeSet<_> = ROUTES.iter().map(|(_, path, ..)| bare(path)).collect();
    assert_eq!(known, routes, "a route that the table does not know, or that is gone");
    assert_eq!(known.len(), ABOUT.len());
}

/// Records of every standing, and who knows them.
struct Scene {
    world: World,
    claire: DeviceId,
    records: Vec<(&'static str, RecordId)>,
}

/// The name of a record's person, which a part shows, and a value that nothing but the whole shows.
fn planted(record: &str) -> (String, String) {
    (format!("Named-{record}"), format!("Planted-{record}"))
}

async fn person(by: &Tablet, name: &str) -> RecordId {
    let (named, planted) = planted(name);
    let id = by.create(&named).await;
    let fields = [("family_name", named.into()), ("gp_name", planted.clone().into())];
    by.save(Set, id, &fields, vec![]).await;
    // A reason, a child and something set aside hold values too.
    by.hang("icope-screening", id, &[("noted_by", planted.into())]).await;
    id
}

impl Scene {
    async fn set() -> Self {
        let world = World::start().await;
        world.add("lou", Role::Sentinel).await;
        let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
        let lou = Tablet::sign_in(&world, "lou").await;
        let mut records = Vec::new();
        for (name, by) in [
            ("own", &claire),
            ("part", &claire),
            ("erased", &claire),
            ("other", &karim),
            ("shared", &karim),
            ("former", &karim),
            ("lous", &lou),
            ("handed", &lou),
        ] {
            records.push((name, person(by, name).await));
        }
        let of = |name: &str| records.iter().find(|(known, _)| *known == name).unwrap().1;
        claire.consent(of("part"), Purpose::CallBack, true).await;
        claire.consent(of("erased"), Purpose::CallBack, true).await;
        for name in ["shared", "former"] {
            karim.consent(of(name), Purpose::ShareNamed, true).await;
            karim.share(of(name), &claire).await;
        }
        lou.consent(of("handed"), Purpose::ShareNamed, true).await;
        lou.share(of("handed"), &karim).await;
        for tablet in [&lou, &karim, &claire] {
            assert!(tablet.exchange().await);
        }
        karim.consent(of("former"), Purpose::ShareNamed, false).await;
        claire.save(Erase, of("erased"), &[], vec![]).await;
        for tablet in [&karim, &claire, &lou] {
            assert!(tablet.exchange().await);
        }
        let elsewhere = elsewhere(&world, of("own")).await;
        records.push(("elsewhere", elsewhere));
        Self { world, claire: claire.device.id, records }
    }

    fn of(&self, name: &str) -> RecordId {
        self.records.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// What a caller may be told of a record by a route.
    fn told(login: &str, record: &str, has: Has) -> Told {
        let cell = CELLS.iter().find(|cell| (cell.0, cell.1) == (login, record));
        match (has, cell) {
            (Has::Log, Some(cell)) => cell.2,
            (Has::History | Has::Dossier, Some(cell)) => cell.3,
            _ => Nothing,
        }
    }

    /// Searches an answer for what its reader may not see, and for what she must.
    fn search(&self, login: &str, has: Has, reply: &Reply, context: &str) {
        let text = reply.text();
        for (record, id) in &self.records {
            let (named, planted) = planted(record);
            let told = Self::told(login, record, has);
            let holds = (text.contains(&named), text.contains(&planted));
            let expected = (matches!(told, Whole | Part), told == Whole);
            assert_eq!(holds, expected, "{login} {record} {context}: {told:?}");
            // Of what once was in sight the number is told, so that it is purged.
            if has == Has::Log && !["former", "erased", "handed"].contains(record) {
                assert_eq!(text.contains(&id.to_string()), told != Nothing, "{login} {record} {context}: its number");
            }
        }
    }
}

/// The same person in another territory, were the same account known there under the same number.
async fn elsewhere(world: &World, own: RecordId) -> RecordId {
    let database = world.database().await;
    let new = crate::world::new_record();
    let copies = [
        "CREATE TEMP TABLE t AS SELECT * FROM territory",
        "UPDATE t SET territory = 'ffffffff-ffff-4fff-bfff-ffffffffffff'",
        "INSERT INTO territory SELECT * FROM t",
        "CREATE TEMP TABLE a AS SELECT * FROM account",
        "UPDATE a SET territory = 'ffffffff-ffff-4fff-bfff-ffffffffffff'",
        "INSERT INTO account SELECT * FROM a",
        "CREATE TEMP TABLE d AS SELECT * FROM device",
        "UPDATE d SET territory = 'ffffffff-ffff-4fff-bfff-ffffffffffff', token_hash = token_hash || 'x'",
        "INSERT INTO device SELECT * FROM d",
        "CREATE TEMP TABLE r AS SELECT * FROM record WHERE record = ?",
        "UPDATE r SET territory = 'ffffffff-ffff-4fff-bfff-ffffffffffff', record = ?, state = replace(replace(state, ?, ?), '-own', '-elsewhere')",
        "INSERT INTO record SELECT * FROM r",
        "CREATE TEMP TABLE s AS SELECT DISTINCT 'ffffffff-ffff-4fff-bfff-ffffffffffff' AS territory, account FROM account",
        "INSERT INTO sight (territory, account, record, since) SELECT territory, account, ?, 0 FROM s",
        "CREATE TEMP TABLE o AS SELECT * FROM operation WHERE record = ?",
        "UPDATE o SET territory = 'ffffffff-ffff-4fff-bfff-ffffffffffff', record = ?, body = replace(replace(body, ?, ?), '-own', '-elsewhere')",
        "INSERT INTO operation SELECT * FROM o",
    ];
    let mut connection = database.acquire().await.unwrap();
    for sql in copies {
        let mut query = sqlx::query(sql);
        let (own, new) = (own.to_string(), new.to_string());
        for value in match sql.matches('?').count() {
            0 => vec![],
            1 if sql.contains("AS SELECT * FROM") => vec![own],
            1 => vec![new],
            _ => vec![new.clone(), own, new],
        } {
            query = query.bind(value);
        }
        query.execute(&mut *connection).await.unwrap();
    }
    new
}

async fn snapshot_and_log(device: &Device, path: &str) -> Reply {
    device.send("GET", &format!("/api{path}"), vec![]).await
}

#[tokio::test]
async fn each_caller_is_told_of_each_record_what_she_may_know_by_every_route() {
    let scene = Scene::set().await;
    let roles = [("lou", 0), ("claire", 0), ("coordo", 1), ("admin", 2)];
    for (login, column) in roles {
        let reader = scene.world.sign_in(login).await;
        for &(method, path, body, answers) in ROUTES {
            let (_, has, sentinel) = ABOUT.iter().find(|(known, ..)| *known == bare(path)).unwrap();
            let (answer, has) = (sentinel.filter(|_| login == "lou").unwrap_or(answers[column]), *has);
            let path = &path.replace("/people/{id}", "/people/RECORD");
            let named: &[&str] = if path.contains("RECORD") || body.contains("RECORD") {
                &["own", "part", "erased", "other", "shared", "former", "lous", "handed", "elsewhere"]
            } else {
                &["own"]
            };
            for record in named {
                let fill = |text: &str| {
                    let nobody = "00000000-0000-4000-8000-000000000000";
                    let text = text.replace("{id}", nobody).replace("{device}", nobody);
                    let text = text.replace("RECORD", &scene.of(record).to_string());
                    text.replace("DEVICE", &scene.claire.to_string())
                };
                // Some end the access of the device that asks.
                let fresh;
                let device = if method == "GET" || OPEN.contains(&path.as_str()) {
                    &reader
                } else {
                    fresh = scene.world.sign_in(login).await;
                    &fresh
                };
                let reply = device.send(method, &format!("/api{}", fill(path)), fill(body).into()).await;
                let context = format!("{method} {path} of {record}");
                match has {
                    Has::History => {
                        let told = Scene::told(login, record, has);
                        assert_eq!(reply.status == 200, told != Nothing, "{login} {context}: {}", reply.status);
                        let text = reply.text();
                        let holds = (text.contains("Named-"), text.contains("Planted-"));
                        assert_eq!(holds, (told == Whole, told == Whole), "{login} {context}");
                    }
                    Has::Dossier => {
                        let given = login == "claire" && Scene::told(login, record, has) == Whole;
                        assert_eq!(reply.status == 200, given, "{login} {context}: {}", reply.status);
                        let text = reply.text();
                        assert_eq!(
                            (text.contains("Named-"), text.contains("Planted-")),
                            (given, given),
                            "{login} {context}"
                        );
                    }
                    _ => {
                        assert_eq!(reply.status, answer, "{login} {context}: {}", reply.text());
                        scene.search(login, has, &reply, &context);
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn each_caller_writes_what_she_sees_whole_and_nothing_else() {
    let scene = Scene::set().await;
    for &(login, record, _, _, write) in CELLS {
        let mut device = scene.world.sign_in(login).await;
        let id = scene.of(record);
        let set = device.set(id, json!({ "commune": "Auterive" }));
        let reply = device.try_push(std::slice::from_ref(&set)).await;
        let text = reply.text();
        assert!(!text.contains("Planted") && !text.contains("Named"), "{login} {record}: {text}");
        let fate = match reply.read::<Pushed>().fates.remove(0).1 {
            Fate::Quarantined { reason, .. } => Aside(reason),
            Fate::Applied { .. } | Fate::Conflict { .. } => Applied,
            fate @ Fate::Duplicate { .. } => panic!("{fate:?}"),
        };
        assert_eq!(fate, write, "{login} {record}");
        // What was set aside is told to its author, who wrote it, and nothing else is with it.
        let history = device.history(id).await;
        if let Aside(_) = write {
            assert_eq!(history.status, 200, "{login} {record}");
            let text = history.text();
            assert!(text.contains("Auterive") && !text.contains("Planted") && !text.contains("Named"), "{text}");
        }
        // Nor does asking again get further.
        let again = device.apply_again(id, device.id).await.text();
        assert!(!again.contains("Planted") && !again.contains("Named"), "{again}");
    }
}

/// The list of what is set aside, the export of the database's own words: none holds a value.
#[tokio::test]
async fn what_is_set_aside_is_listed_without_a_value() {
    let scene = Scene::set().await;
    let mut lou = scene.world.sign_in("lou").await;
    let set = lou.set(scene.of("handed"), json!({ "commune": "Planted-late" }));
    lou.push(&[set]).await;
    let coordo = scene.world.sign_in("coordo").await;
    let listed = snapshot_and_log(&coordo, "/set-aside").await;
    assert!(listed.text().contains(&scene.of("handed").to_string()) && !listed.text().contains("Planted"));
}
