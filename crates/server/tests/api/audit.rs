//! Who did what, and that nobody rewrites it.

use serde_json::json;
use sqlx::Row;
use sync::protocol::audit::{Audit, AuditEntry, Event};

use crate::routes::ROUTES;
use crate::world::{Device, PASSWORD, World, new_record};

async fn read(device: &Device, asked: &str) -> Audit {
    device.send("GET", &format!("/api/audit{asked}"), vec![]).await.read()
}

fn told(audit: &Audit) -> Vec<(Event, &str, &str)> {
    let text = |text: &Option<String>| text.as_deref().unwrap_or("-").to_owned();
    let line = |entry: &AuditEntry| (entry.event, text(&entry.name).leak() as &str, text(&entry.detail).leak() as &str);
    audit.entries.iter().map(line).collect()
}

/// All that the database holds of it, in order.
async fn rows(world: &World) -> Vec<String> {
    let rows = sqlx::query(
        "SELECT json_array(territory, entry, at, event, account, device, record, detail) FROM audit ORDER BY entry",
    );
    rows.fetch_all(&world.database().await).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn the_administration_reads_who_came_in_who_wrote_and_who_was_refused() {
    let world = World::start().await;
    world.try_sign_in("claire", "not her password", None).await.refused(401);
    world.try_sign_in("nobody", PASSWORD, None).await.refused(401);
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    let record = create.record_id;
    let set = claire.set(record, json!({ "family_name": "Planted-Salvan" }));
    claire.push(&[create, set]).await;
    claire.send("GET", "/api/accounts", vec![]).await.refused(403);
    let admin = world.sign_in("admin").await;
    let whole = admin.send("GET", "/api/audit", vec![]).await;
    assert!(!whole.text().contains("Planted"));
    let audit: Audit = whole.read();
    assert_eq!(
        told(&audit),
        [
            (Event::SignedIn, "admin", "-"),
            (Event::Refused, "claire", "/api/accounts"),
            (Event::Changed, "claire", "person"),
            (Event::Changed, "claire", "person"),
            (Event::SignedIn, "claire", "-"),
            // A login typed at random is nobody, and costs the server the same.
            (Event::Refused, "-", "wrong-password"),
            (Event::Refused, "claire", "wrong-password"),
        ]
    );
    assert_eq!(audit.entries[2].record, Some(record));
    assert_eq!(audit.next, None);
}

#[tokio::test]
async fn those_who_see_a_record_read_who_looked_at_it_and_nobody_else_does() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    let record = create.record_id;
    claire.push(&[create]).await;
    claire.history(record).await.read::<serde_json::Value>();
    let karim = world.sign_in("karim").await;
    karim.history(record).await.refused(404);
    let audit = read(&claire, &format!("?record={record}")).await;
    assert_eq!(
        told(&audit),
        [
            (Event::Refused, "karim", "history"),
            (Event::Opened, "claire", "history"),
            (Event::Changed, "claire", "person")
        ]
    );
    for login in ["karim", "coordo", "admin"] {
        let device = world.sign_in(login).await;
        for of in [record, new_record()] {
            device.send("GET", &format!("/api/audit?record={of}"), vec![]).await.refused(404);
        }
        if login != "admin" {
            device.send("GET", "/api/audit", vec![]).await.refused(403);
        }
    }
}

#[tokio::test]
async fn a_long_audit_is_read_page_by_page_without_a_gap() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let admin = world.sign_in("admin").await;
    for _ in 0..5 {
        let operations: Vec<_> = (0..60).map(|_| claire.create_person()).collect();
        claire.push(&operations).await;
        claire.send("GET", "/api/accounts", vec![]).await.refused(403);
    }
    let (mut all, mut asked) = (Vec::new(), String::new());
    loop {
        let page = read(&admin, &asked).await;
        assert!(page.entries.len() <= 200);
        all.extend(page.entries);
        let Some(next) = page.next else { break };
        asked = format!("?entry={}&seq={}", next.entry, next.seq);
    }
    assert_eq!(all.len(), 300 + 5 + 2);
    assert!(all.windows(2).all(|two| two[0].at >= two[1].at));
    let records: std::collections::BTreeSet<_> = all.iter().filter_map(|entry| entry.record).collect();
    assert_eq!(records.len(), 300);
}

#[tokio::test]
async fn no_statement_rewrites_the_past() {
    let world = World::start().await;
    world.sign_in("claire").await;
    world.sign_in("admin").await;
    let database = world.database().await;
    let told = "INSERT INTO audit (territory, entry, at, event, op) SELECT territory, 3, at, event, 'told' FROM audit WHERE entry = 2";
    sqlx::query(told).execute(&database).await.unwrap();
    let before = rows(&world).await;
    assert_eq!(before.len(), 3);
    for statement in [
        "UPDATE audit SET at = 1",
        "UPDATE audit SET detail = 'x' WHERE entry = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE entry = 1",
        "INSERT OR REPLACE INTO audit (territory, entry, at, event) SELECT territory, entry, 1, event FROM audit WHERE entry = 1",
        "INSERT INTO audit (territory, entry, at, event) SELECT territory, entry, 1, event FROM audit WHERE entry = 1",
        "INSERT OR REPLACE INTO audit (territory, entry, at, event, op) SELECT territory, 4, 1, event, op FROM audit WHERE entry = 3",
    ] {
        let refused = sqlx::query(statement).execute(&database).await.unwrap_err().to_string();
        assert!(refused.contains("the audit is"), "{statement}: {refused}");
        assert_eq!(rows(&world).await, before, "{statement}");
    }
    // What is older than a year may go, and nothing else with it.
    let old = "INSERT INTO audit (territory, entry, at, event) SELECT territory, 9, at - 400 * 86400000, event FROM audit WHERE entry = 1";
    sqlx::query(old).execute(&database).await.unwrap();
    sqlx::query("DELETE FROM audit WHERE entry = 9").execute(&database).await.unwrap();
    assert_eq!(rows(&world).await, before);
}

#[tokio::test]
async fn no_route_rewrites_the_past() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    claire.send("GET", "/api/accounts", vec![]).await.refused(403);
    for login in ["claire", "coordo", "admin"] {
        let mut device = world.sign_in(login).await;
        for &(_, path, body, _) in ROUTES {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                let before = rows(&world).await;
                let path = path.replace("RECORD", &new_record().to_string()).replace("{id}", &new_record().to_string());
                let reply = device.send(method, &format!("/api{path}"), body.into()).await;
                let after = rows(&world).await;
                assert!(after.starts_with(&before), "{method} {path}");
                if reply.status == 401 || path == "/sign-out" {
                    device = world.sign_in(login).await;
                }
            }
        }
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            device.send(method, "/api/audit", vec![]).await.refused(405);
        }
    }
}
