use std::time::Duration;

use domain::id::DeviceId;
use serde_json::json;
use sync::OperationKind;
use sync::protocol::access::{DeviceState, Devices, Neighbours};
use sync::protocol::{AppliedAgain, Brought, Export, Fate, Quarantine, SealKey, SetAside, SignedIn};

use crate::routes::{ENDING, OPEN, ROUTES};
use crate::seal::seal;
use crate::world::{Device, PASSWORD, Reply, World, new_record};

async fn devices(of: &Device) -> Vec<(String, bool, DeviceState)> {
    let listed: Devices = of.send("GET", "/api/devices", vec![]).await.read();
    listed.devices.into_iter().map(|device| (device.name, device.this, device.state)).collect()
}

async fn end(by: &Device, device: DeviceId) -> Reply {
    by.send("POST", &format!("/api/devices/{device}/revoked"), vec![]).await
}

async fn give_back(by: &Device, device: DeviceId) -> Reply {
    by.send("DELETE", &format!("/api/devices/{device}/revoked"), vec![]).await
}

async fn wiped(device: &Device) -> Reply {
    device.send("POST", "/api/wiped", vec![]).await
}

async fn waiting(world: &World) -> SetAside {
    world.sign_in("coordo").await.send("GET", "/api/set-aside", vec![]).await.read()
}

/// A device of another territory, in the same database.
async fn foreign(world: &World) -> DeviceId {
    let device = DeviceId(uuid::Uuid::new_v4());
    let sql = "INSERT INTO territory (territory, name) VALUES ('other', 'CPTS voisine');
        INSERT INTO account (territory, account, login, name, profession, roles, password_hash)
        VALUES ('other', 'theirs', 'claire', 'Planted-voisine', 'Infirmière', '[\"administrator\"]', '')";
    let database = world.database().await;
    sqlx::raw_sql(sql).execute(&database).await.unwrap();
    sqlx::query(
        "INSERT INTO device (territory, device, account, name, token_hash, recovery_key, enrolled_at, expires_at)
         VALUES ('other', ?, 'theirs', 'Tablette', 'aa', '', 1, 1)",
    )
    .bind(device.to_string())
    .execute(&database)
    .await
    .unwrap();
    device
}

/// Every route there is, by the table that a test holds to be whole.
#[tokio::test]
async fn a_stolen_token_opens_nothing_once_revoked() {
    let world = World::start().await;
    let mut stolen = world.sign_in("claire").await;
    let create = stolen.create_person();
    let person = create.record_id;
    let name = stolen.set(person, json!({ "family_name": "Planted-Salvan" }));
    stolen.push(&[create, name]).await;
    let admin = world.sign_in("admin").await;
    assert_eq!(end(&admin, stolen.id).await.status, 204);

    let closed = ROUTES.iter().filter(|(_, path, ..)| !OPEN.contains(path));
    let closed: Vec<_> = closed.filter(|(_, path, ..)| !ENDING.iter().any(|(ending, _)| ending == path)).collect();
    assert!(closed.len() > 20, "{}", closed.len());
    let try_all = async || {
        for (method, path, body, _) in &closed {
            let filled = |text: &str| {
                let text = text.replace("RECORD", &person.to_string()).replace("DEVICE", &stolen.id.to_string());
                text.replace("{id}", &stolen.id.to_string()).replace("{device}", &stolen.id.to_string())
            };
            let reply = stolen.send(method, &format!("/api{}", filled(path)), filled(body).into()).await;
            assert_eq!(reply.refused(401).code, "device-revoked", "{method} {path}");
            assert!(!reply.text().contains("Planted"), "{method} {path}");
        }
    };
    try_all().await;
    let database = world.database().await;
    for state in ["UPDATE device SET expires_at = 1", "UPDATE account SET disabled_at = 1 WHERE login = 'claire'"] {
        sqlx::query(state).execute(&database).await.unwrap();
        try_all().await;
        assert_eq!(stolen.try_push(&[]).await.status, 200, "what it holds is still received: {state}");
    }
    assert_eq!(wiped(&stolen).await.status, 204);
    try_all().await;
}

#[tokio::test]
async fn what_a_revoked_device_sends_waits_for_a_person() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let phone = world.sign_in("claire").await;
    let create = claire.create_person();
    let person = create.record_id;
    claire.push(&[create]).await;
    assert_eq!(end(&phone, claire.id).await.status, 204);

    let name = claire.set(person, json!({ "family_name": "Planted-Salvan" }));
    let erase = claire.write(OperationKind::Erase, person, "person", json!({}));
    let other = claire.create_person();
    let pushed = claire.push(&[name.clone(), erase.clone(), other.clone()]).await;
    assert_eq!(pushed.last_device_seq, 4, "received");
    for (_, fate) in &pushed.fates {
        assert!(matches!(fate, Fate::Quarantined { reason: Quarantine::Revoked, .. }), "{fate:?}");
    }
    assert_eq!(claire.push(&[name, erase, other.clone()]).await.fates, pushed.fates, "a lost reply is said again");
    let seen = phone.read_log().await;
    assert_eq!(seen.len(), 1, "nothing of it is applied: {seen:?}");

    let items = waiting(&world).await.items;
    assert_eq!(items.iter().map(|item| (item.reason, item.count)).collect::<Vec<_>>().len(), 2);
    assert!(items.iter().all(|item| item.reason == Quarantine::Revoked && item.device == claire.id));
    let coordo = world.sign_in("coordo").await;
    let applied: AppliedAgain = coordo.apply_again(other.record_id, claire.id).await.read();
    assert_eq!(applied, AppliedAgain { applied: 1, stopped: None });
    let applied: AppliedAgain = coordo.apply_again(person, claire.id).await.read();
    assert_eq!(applied, AppliedAgain { applied: 2, stopped: None }, "the erasure too, once somebody looked at it");
    assert!(waiting(&world).await.items.is_empty());
    assert_eq!(phone.read_log().await.last().unwrap().operation.device_id, claire.id, "still hers");
}

/// Nor is an outbox that somebody carries by hand, even once the device is wiped.
#[tokio::test]
async fn what_it_exported_waits_too() {
    let world = World::start().await;
    let (mut lost, phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let karim = world.sign_in("karim").await;
    let export = Export { token: lost.signed_in.token.clone(), operations: vec![lost.create_person()] };
    let key: SealKey = world.get("/api/seal-key", &[]).await.read();
    let sealed = serde_json::to_vec(&seal(&key, &serde_json::to_vec(&export).unwrap())).unwrap();
    end(&phone, lost.id).await;
    assert_eq!(wiped(&lost).await.status, 204);
    let brought: Brought = karim.send("POST", "/api/sealed", sealed).await.read();
    assert_eq!(brought, Brought { received: 0, known: 0, set_aside: 1 });
    assert_eq!(waiting(&world).await.items[0].reason, Quarantine::Revoked);
}

/// A record that arrives lifts what waited for it; not what waits for a person.
#[tokio::test]
async fn nothing_lifts_it_by_itself() {
    let world = World::start().await;
    let (mut tablet, mut phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let person = tablet.create_person();
    let consent = phone.write(OperationKind::Create, new_record(), "consent", json!({ "parent": person.record_id }));
    let answer = phone.write(OperationKind::Set, consent.record_id, "consent", json!({ "answer": "yes" }));
    phone.push(std::slice::from_ref(&consent)).await;
    assert_eq!(end(&tablet, phone.id).await.status, 204);
    let fate = phone.push(&[answer]).await.fates.remove(0).1;
    assert!(matches!(fate, Fate::Quarantined { reason: Quarantine::Revoked, .. }), "{fate:?}");
    tablet.push(&[person]).await;
    let items = waiting(&world).await.items;
    assert_eq!(items.iter().map(|item| (item.reason, item.count)).collect::<Vec<_>>(), [(Quarantine::Revoked, 1)]);
}

/// Of somebody erased nothing is kept aside, were it from a stolen tablet.
#[tokio::test]
async fn what_it_says_of_an_erased_person_is_emptied() {
    let world = World::start().await;
    let (mut claire, mut lost) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let create = claire.create_person();
    let person = create.record_id;
    let erase = claire.write(OperationKind::Erase, person, "person", json!({}));
    claire.push(&[create, erase]).await;
    end(&claire, lost.id).await;
    let late = lost.set(person, json!({ "family_name": "Planted-Salvan" }));
    let fate = lost.push(&[late]).await.fates.remove(0).1;
    assert!(matches!(fate, Fate::Applied { .. }), "{fate:?}");
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM operation").fetch_all(&world.database().await).await.unwrap();
    assert!(bodies.iter().all(|body| !body.contains("Planted")), "{bodies:?}");
}

#[tokio::test]
async fn a_wiped_device_sends_nothing_more() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let phone = world.sign_in("claire").await;
    assert_eq!(wiped(&claire).await.refused(409).code, "device-not-revoked", "nobody asked it to");
    assert_eq!(devices(&claire).await[0].2, DeviceState::Open);
    assert_eq!(end(&phone, claire.id).await.status, 204);
    let create = claire.create_person();
    assert_eq!(claire.push(std::slice::from_ref(&create)).await.fates.len(), 1);
    assert_eq!(wiped(&claire).await.status, 204);
    assert_eq!(wiped(&claire).await.status, 204, "a lost reply is said again");
    for operations in [&[][..], &[create]] {
        assert_eq!(claire.try_push(operations).await.refused(401).code, "device-revoked");
    }
    assert_eq!(give_back(&phone, claire.id).await.refused(409).code, "device-wiped");
    assert_eq!(devices(&phone).await[1], ("Tablette".into(), false, DeviceState::Wiped));
    assert_eq!(claire.try_push(&[]).await.refused(401).code, "device-revoked", "nor afterwards");
}

#[tokio::test]
async fn nobody_ends_the_devices_of_another_but_an_administrator() {
    let world = World::start().await;
    let (claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let (coordo, admin) = (world.sign_in("coordo").await, world.sign_in("admin").await);
    let abroad = foreign(&world).await;
    let unknown = end(&karim, DeviceId(uuid::Uuid::new_v4())).await;
    for by in [&karim, &coordo] {
        for device in [claire.id, abroad] {
            assert_eq!(end(by, device).await.refused(404).code, "no-device");
            assert_eq!(end(by, device).await.text(), unknown.text(), "told as one that nobody bears");
            assert_eq!(give_back(by, device).await.text(), unknown.text());
            let path = format!("/api/devices/{device}/name");
            assert_eq!(by.send("POST", &path, br#"{"name":"Mienne"}"#.into()).await.text(), unknown.text());
        }
    }
    assert_eq!(end(&admin, abroad).await.text(), unknown.text(), "another territory's");
    assert_eq!(give_back(&admin, abroad).await.text(), unknown.text());
    assert_eq!(admin.send("POST", "/api/devices/x/revoked", vec![]).await.text(), unknown.text());
    let untouched: Vec<(String, Option<i64>)> =
        sqlx::query_as("SELECT name, revoked_at FROM device").fetch_all(&world.database().await).await.unwrap();
    assert_eq!(untouched, vec![("Tablette".into(), None); 5]);

    assert_eq!(end(&admin, claire.id).await.status, 204);
    assert_eq!(give_back(&karim, claire.id).await.refused(404).code, "no-device");
    assert_eq!(claire.send("GET", "/api/devices", vec![]).await.refused(401).code, "device-revoked");
    assert_eq!(give_back(&claire, claire.id).await.refused(401).code, "device-revoked", "nor does it help itself");
    assert_eq!(give_back(&admin, claire.id).await.status, 204);
    assert_eq!(devices(&claire).await, [("Tablette".into(), true, DeviceState::Open)]);
}

#[tokio::test]
async fn a_full_sign_in_never_gives_a_revoked_device_back() {
    let world = World::start().await;
    let (lost, phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    end(&phone, lost.id).await;
    let account = Some(lost.signed_in.account.id);
    let back: SignedIn = world.sign_in_again("claire", PASSWORD, Some(lost.id), account).await.read();
    assert_ne!(back.device_id, lost.id, "this browser is enrolled anew");
    assert_ne!(back.recovery_key, lost.signed_in.recovery_key);
    assert_eq!(lost.send("GET", "/api/devices", vec![]).await.refused(401).code, "device-revoked");
    assert_eq!(lost.try_push(&[]).await.status, 200, "its own token still hands over");
    let names: Vec<_> = devices(&phone).await.into_iter().map(|(name, ..)| name).collect();
    assert!(names.contains(&"Tablette 3".to_owned()), "{names:?}");
    assert_eq!(give_back(&phone, lost.id).await.status, 204);
    let again: SignedIn = world.sign_in_again("claire", PASSWORD, Some(lost.id), account).await.read();
    assert_eq!(again.device_id, lost.id, "given back by its owner, it is itself again");
}

#[tokio::test]
async fn one_lists_and_names_ones_own() {
    let world = World::start().await;
    let (tablet, phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    world.sign_in("karim").await;
    let rename = async |name: &str| {
        let body = json!({ "name": name }).to_string();
        phone.send("POST", &format!("/api/devices/{}/name", tablet.id), body.into()).await
    };
    assert_eq!(rename(" Tablette\n du bureau ").await.status, 204);
    let database = world.database().await;
    sqlx::query("UPDATE device SET expires_at = 1 WHERE device = ?")
        .bind(tablet.id.to_string())
        .execute(&database)
        .await
        .unwrap();
    let named = |name: &str, this, state| (name.to_owned(), this, state);
    assert_eq!(
        devices(&phone).await,
        [named("Tablette 2", true, DeviceState::Open), named("Tablette du bureau", false, DeviceState::Expired)]
    );
    for empty in ["", " \n\t"] {
        assert_eq!(rename(empty).await.refused(400).code, "no-name");
    }
    let back: SignedIn = world.try_sign_in("claire", PASSWORD, Some(tablet.id)).await.read();
    assert_eq!(devices(&Device::new(world.address, back)).await[0].0, "Tablette du bureau", "it keeps its name");
    let third = world.sign_in("claire").await;
    assert_eq!(devices(&third).await[0].0, "Tablette", "free again");
}

#[tokio::test]
async fn neighbours_are_named_to_who_knows_their_ids() {
    let world = World::start().await;
    let (claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let (abroad, unknown) = (foreign(&world).await, DeviceId(uuid::Uuid::new_v4()));
    let ask = async |devices: &[DeviceId]| {
        let devices = devices.iter().map(|device| (*device, String::new())).collect();
        claire.send("POST", "/api/devices/neighbours", serde_json::to_vec(&Neighbours { devices }).unwrap()).await
    };
    let named: Neighbours = ask(&[karim.id, unknown, abroad]).await.read();
    let expected = [(karim.id, "karim".into()), (unknown, String::new()), (abroad, String::new())];
    assert_eq!(named.devices, expected);
    assert_eq!(ask(&[unknown; 20]).await.read::<Neighbours>().devices.len(), 20);
    assert_eq!(ask(&[karim.id; 21]).await.refused(400).code, "unreadable");
    let prefix = json!({ "devices": [[karim.id.to_string()[..8], ""]] }).to_string();
    assert_eq!(claire.send("POST", "/api/devices/neighbours", prefix.into()).await.refused(400).code, "unreadable");
}

#[tokio::test]
async fn an_idle_device_writes_nothing_for_five_minutes() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let database = world.database().await;
    let seen = async || sqlx::query_scalar::<_, i64>("SELECT seen_at FROM device").fetch_one(&database).await.unwrap();
    let now = seen().await;
    let back = async |minutes: i64| {
        let then = now - minutes * 60_000;
        sqlx::query("UPDATE device SET seen_at = ?").bind(then).execute(&database).await.unwrap();
        claire.pull(0).await;
        then
    };
    let recent = back(4).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(seen().await, recent);
    back(6).await;
    for _ in 0..100 {
        if seen().await >= now {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not noted as seen");
}

#[tokio::test]
async fn the_days_of_exchange_are_a_setting() {
    let world = World::start().await;
    let set = |days: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cardabelle"));
        command.args(["territory", "exchange-days", days, "--data"]).arg(world.folder.path()).output().unwrap()
    };
    for wrong in ["0", "366", "-1", "x"] {
        assert!(!set(wrong).status.success(), "{wrong}");
    }
    let done = set("7");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("pendant 7\u{a0}jours"));
    let claire = world.sign_in("claire").await;
    let database = world.database().await;
    let days: i64 =
        sqlx::query_scalar("SELECT expires_at - enrolled_at FROM device").fetch_one(&database).await.unwrap();
    assert_eq!(days, 7 * 86_400_000);
    sqlx::query("UPDATE device SET expires_at = 1").execute(&database).await.unwrap();
    let told = claire.try_push(&[]).await.refused(401);
    assert!(!told.message.contains(|c: char| c.is_ascii_digit()), "{}", told.message);
}
