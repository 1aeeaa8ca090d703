use domain::id::DeviceId;
use sync::protocol::SignedIn;

use crate::world::{Device, PASSWORD, World};

#[tokio::test]
async fn a_right_password_enrols_the_browser() {
    let world = World::start().await;
    let first: SignedIn = world.try_sign_in(" Claire ", PASSWORD, None).await.read();
    assert_eq!(first.account.name, "claire");
    assert_eq!(first.account.territory_name, "CPTS d’essai");
    assert_eq!((first.token.len(), first.recovery_key.len()), (64, 64));

    let same: SignedIn = world.try_sign_in("claire", PASSWORD, Some(first.device_id)).await.read();
    assert_eq!(same.device_id, first.device_id);
    assert_eq!(same.recovery_key, first.recovery_key, "what it wrapped still opens");
    assert_ne!(same.token, first.token);

    let old = Device::new(world.address, first.clone());
    assert_eq!(old.send("GET", "/api/pull?epoch=1&since=0", vec![]).await.refused(401).code, "device-unknown");
    Device::new(world.address, same.clone()).pull(0).await;

    let other: SignedIn = world.try_sign_in("karim", PASSWORD, Some(first.device_id)).await.read();
    assert_ne!(other.device_id, first.device_id, "another account's device is never borrowed");
    assert_ne!(other.recovery_key, first.recovery_key);
    Device::new(world.address, same).pull(0).await;

    let database = world.database().await;
    let stored: Vec<String> = sqlx::query_scalar("SELECT token_hash FROM device").fetch_all(&database).await.unwrap();
    assert!(!stored.contains(&other.token), "only the hash is kept");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_are_told_alike() {
    let world = World::start().await;
    let wrong = world.try_sign_in("claire", "x", None).await;
    let unknown = world.try_sign_in("nobody", "x", Some(DeviceId(uuid::Uuid::nil()))).await;
    assert_eq!(wrong.refused(401).code, "wrong-password");
    assert_eq!(wrong.text(), unknown.text());
    assert_eq!(world.post("/api/sign-in", &[], "{").await.refused(400).code, "unreadable");
}

#[tokio::test]
async fn guessing_is_slowed_for_that_login_only() {
    let world = World::start().await;
    for _ in 0..5 {
        world.try_sign_in("claire", "x", None).await.refused(401);
    }
    let slowed = world.try_sign_in("claire", PASSWORD, None).await;
    assert_eq!(slowed.refused(429).code, "too-many-tries");
    assert!(slowed.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    world.sign_in("karim").await;
}

/// Behind the proxy that speaks HTTPS, the whole territory has one peer address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guesser_does_not_slow_down_her_neighbours() {
    for (proxy, neighbour) in [(Some("127.0.0.1".parse().unwrap()), 200), (None, 429)] {
        let world = World::start_behind(proxy).await;
        let try_from = async |from: &str, login: &str, password: &str| {
            let body = format!(r#"{{"login":"{login}","password":"{password}","device_id":null,"device_name":"T"}}"#);
            world.post("/api/sign-in", &[("x-forwarded-for", from)], body).await.status.as_u16()
        };
        let mut seen = Vec::new();
        for n in 0..41 {
            seen.push(try_from(&format!("198.51.100.{n}, 192.0.2.7"), &format!("guess{n}"), "x").await);
        }
        assert_eq!((seen[39], seen[40]), (401, 429), "slowed, whatever address she claims");
        assert_eq!(try_from("192.0.2.8", "claire", PASSWORD).await, neighbour, "{proxy:?}");
    }
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let database = world.database().await;
    sqlx::query("UPDATE account SET disabled_at = 1 WHERE login = 'claire'").execute(&database).await.unwrap();
    assert_eq!(claire.try_push(&[]).await.refused(401).code, "account-disabled");
    assert_eq!(world.try_sign_in("claire", PASSWORD, None).await.refused(401).code, "wrong-password");
}

#[tokio::test]
async fn a_device_expires_and_is_revoked_until_the_next_sign_in() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let database = world.database().await;
    let month: i64 =
        sqlx::query_scalar("SELECT expires_at - enrolled_at FROM device").fetch_one(&database).await.unwrap();
    assert_eq!(month, 30 * 86_400_000);
    sqlx::query("UPDATE device SET expires_at = 1").execute(&database).await.unwrap();
    assert_eq!(claire.try_push(&[]).await.refused(401).code, "device-expired");

    let back: SignedIn = world.try_sign_in("claire", PASSWORD, Some(claire.id)).await.read();
    let claire = Device::new(world.address, back);
    assert_eq!(claire.send("POST", "/api/sign-out", vec![]).await.status, 204);
    assert_eq!(claire.try_push(&[]).await.refused(401).code, "device-revoked");
    let back: SignedIn = world.try_sign_in("claire", PASSWORD, Some(claire.id)).await.read();
    Device::new(world.address, back).pull(0).await;
}

#[tokio::test]
async fn a_protocol_too_old_or_too_new_is_told_so() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let bearer = format!("Bearer {}", claire.signed_in.token);
    for (version, status) in [("2", 200), ("1", 200), ("0", 426), ("3", 426), ("x", 426)] {
        let headers = [("authorization", bearer.as_str()), (sync::protocol::HEADER, version)];
        let reply = world.get("/api/pull?epoch=1&since=0", &headers).await;
        assert_eq!(reply.status, status, "version {version}");
        if status == 426 {
            let problem = reply.refused(426);
            assert!(problem.code.ends_with("-protocol") && problem.message.contains("Vos saisies sont gardées ici"));
        }
    }
}
