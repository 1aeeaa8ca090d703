use std::time::Instant;

use domain::id::DeviceId;
use server::totp;
use sync::protocol::access::{CODE_WANTED, Link, SECOND_FACTOR_WANTED};
use sync::protocol::{SignIn, SignedIn};

use crate::world::{Device, PASSWORD, World, typed};

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

/// Whose login it is, a browser that holds several notebooks learns with the answer: the right one is found among them.
#[tokio::test]
async fn among_several_notebooks_ones_own_is_found() {
    let world = World::start().await;
    let (claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let owners = [&claire, &karim].map(|device| (device.id, device.signed_in.account.id));
    let sign_in = async |login: &str, others: Vec<_>| {
        let (login, password, device_name) = (login.into(), PASSWORD.into(), String::new());
        let body = SignIn { login, password, code: None, device_id: None, account: None, others, device_name };
        world.post("/api/sign-in", &[], serde_json::to_vec(&body).unwrap()).await.read::<SignedIn>().device_id
    };
    assert_eq!(sign_in("karim", owners.to_vec()).await, karim.id);
    assert_eq!(sign_in("claire", owners.to_vec()).await, claire.id);
    let borrowed = vec![(claire.id, karim.signed_in.account.id)];
    assert_ne!(sign_in("karim", borrowed).await, claire.id, "another account's device is never borrowed");
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

#[tokio::test]
async fn a_second_factor_is_asked_after_a_right_password_only() {
    let world = World::real().await;
    let wanted = world.knock("claire", PASSWORD, None).await.refused(403);
    assert_eq!(wanted.code, SECOND_FACTOR_WANTED, "she has none yet");
    assert!(wanted.message.contains("Vos saisies sont gardées ici"));
    let mut phone = world.second_factor("claire").await;
    assert_eq!(world.knock("claire", PASSWORD, None).await.refused(401).code, CODE_WANTED);
    assert_eq!(world.knock("claire", PASSWORD, Some(" ")).await.refused(401).code, CODE_WANTED);
    assert_eq!(world.knock("claire", "x", Some(&phone.code())).await.refused(401).code, "wrong-password");
    for wrong in ["12345", "abcdef", "0a1b-2c3d-4e5f-6g7h"] {
        assert_eq!(world.knock("claire", PASSWORD, Some(wrong)).await.refused(401).code, "wrong-code", "{wrong}");
    }
    world.sign_in_with("claire", &mut phone).await.pull(0).await;
}

#[tokio::test]
async fn a_code_serves_once() {
    let world = World::real().await;
    let mut phone = world.second_factor("claire").await;
    let code = phone.code();
    let former = totp::code(&phone.secret, phone.last - 1).unwrap();
    world.knock("claire", PASSWORD, Some(&code)).await.read::<SignedIn>();
    for replayed in [&code, &format!("{} {}", &code[..3], &code[3..]), &former] {
        assert_eq!(world.knock("claire", PASSWORD, Some(replayed)).await.refused(401).code, "wrong-code");
    }
}

/// However many knock with it at the same instant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_serves_one_of_those_who_show_it_at_once() {
    let world = World::real().await;
    let mut phone = world.second_factor("claire").await;
    for code in [phone.code(), phone.paper[0].clone()] {
        let four = [(); 4].map(|()| world.knock("claire", PASSWORD, Some(&code)));
        let [a, b, c, d] = four;
        let (a, b, c, d) = tokio::join!(a, b, c, d);
        let mut statuses = [a, b, c, d].map(|reply| reply.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401, 401, 401]);
    }
}

#[tokio::test]
async fn a_code_on_paper_opens_once() {
    let world = World::real().await;
    let phone = world.second_factor("claire").await;
    assert_eq!(phone.paper.len(), 10);
    for code in &phone.paper[..2] {
        let typed = code.replace('-', " ").to_uppercase();
        world.knock("claire", PASSWORD, Some(&typed)).await.read::<SignedIn>();
        assert_eq!(world.knock("claire", PASSWORD, Some(code)).await.refused(401).code, "wrong-code");
    }
    let karim = world.second_factor("karim").await;
    assert_eq!(world.knock("claire", PASSWORD, Some(&karim.paper[0])).await.refused(401).code, "wrong-code");
    let database = world.database().await;
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT code_hash FROM recovery_code").fetch_all(&database).await.unwrap();
    assert_eq!(kept.len(), 20);
    assert!(!kept.iter().any(|hash| hash.contains(&phone.paper[2].replace('-', ""))), "only hashes are kept");
}

/// Guessing a code, a code on paper or the password of a link that keeps it is slowed as guessing a password is, and by
/// the same count.
#[tokio::test]
async fn guessing_a_code_is_slowed() {
    let world = World::real().await;
    let mut phone = world.second_factor("claire").await;
    let link: Link = world.post("/api/link/mine", &[], typed("claire", PASSWORD, Some(&phone.paper[0]))).await.read();
    let codes = ["12345", "abcdef", "0a1b-2c3d-4e5f-6g7h"];
    for code in codes {
        // A right password without a code in between forgets nothing.
        world.knock("claire", PASSWORD, None).await.refused(401);
        world.knock("claire", PASSWORD, Some(code)).await.refused(401);
    }
    for _ in 0..2 {
        let refused = world.use_link(&link.token, "another password", Some("12345")).await.refused(401);
        assert_eq!(refused.code, "wrong-password");
    }
    let slowed = world.knock("claire", PASSWORD, Some(&phone.code())).await;
    assert_eq!(slowed.refused(429).code, "too-many-tries");
    assert!(slowed.headers.contains_key("retry-after"));
    world.use_link(&link.token, PASSWORD, Some("12345")).await.refused(429);
    world.post("/api/link/mine", &[], typed("claire", PASSWORD, Some(&phone.code()))).await.refused(429);
}

/// What is told, and how long it takes, says nothing of who has an account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_who_has_an_account() {
    // Of each kind: a login is slowed after five tries, and those alone are compared that were judged.
    const LOGINS: usize = 3;
    let world = World::start_behind(Some("127.0.0.1".parse().unwrap())).await;
    let database = world.database().await;
    let kinds = ["unknown", "wrong", "disabled", "invited"];
    for (kind, disabled, keeps) in [("wrong", None, true), ("disabled", Some(1), true), ("invited", None, false)] {
        for n in 0..LOGINS {
            sqlx::query(
                "INSERT INTO account (territory, account, login, name, profession, roles, disabled_at, password_hash)
                 SELECT territory, ?, ?, name, profession, roles, ?, CASE WHEN ? THEN password_hash ELSE '' END
                 FROM account WHERE login = 'claire'",
            )
            .bind(uuid::Uuid::new_v4().to_string())
            .bind(format!("{kind}{n}"))
            .bind(disabled)
            .bind(keeps)
            .execute(&database)
            .await
            .unwrap();
        }
    }
    let mut times = kinds.map(|_| Vec::new());
    let mut told: Vec<(u16, String)> = Vec::new();
    for round in 0..LOGINS * 5 {
        // One after the other, so that what slows the machine down slows all of them.
        for (at, kind) in kinds.iter().enumerate() {
            let password = if *kind == "disabled" { PASSWORD } else { "x" };
            let from = format!("198.51.{}.{round}", 100 + at);
            let body = typed(&format!("{kind}{}", round % LOGINS), password, None);
            let begun = Instant::now();
            let reply = world.post("/api/sign-in", &[("x-forwarded-for", &from)], body).await;
            times[at].push(begun.elapsed());
            told.push((reply.status.as_u16(), reply.text()));
        }
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, 401);
    // The noise of the machine lengthens, and never shortens: the shortest of fifteen says what the work is, the one in
    // the middle that it is the rule.
    for (rank, factor) in [(0, 2), (LOGINS * 5 / 2, 4)] {
        let taken = times.each_mut().map(|times| {
            times.sort_unstable();
            times[rank]
        });
        let (least, most) = (taken.iter().min().unwrap(), taken.iter().max().unwrap());
        assert!(*most < *least * factor, "{kinds:?} take {taken:?}: the time tells who has an account");
    }
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
async fn a_device_expires_or_signs_out_until_the_next_sign_in() {
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
    assert_eq!(claire.try_push(&[]).await.refused(401).code, "device-expired");
    let back: SignedIn = world.try_sign_in("claire", PASSWORD, Some(claire.id)).await.read();
    Device::new(world.address, back).pull(0).await;
}

#[tokio::test]
async fn a_protocol_too_old_or_too_new_is_told_so() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let bearer = format!("Bearer {}", claire.signed_in.token);
    for (version, status) in [("3", 200), ("2", 200), ("1", 200), ("0", 426), ("4", 426), ("x", 426)] {
        let headers = [("authorization", bearer.as_str()), (sync::protocol::HEADER, version)];
        let reply = world.get("/api/pull?epoch=1&since=0", &headers).await;
        assert_eq!(reply.status, status, "version {version}");
        if status == 426 {
            let problem = reply.refused(426);
            assert!(problem.code.ends_with("-protocol") && problem.message.contains("Vos saisies sont gardées ici"));
        }
    }
}
