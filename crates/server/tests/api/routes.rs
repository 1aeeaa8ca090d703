//! Every route, for everybody who may knock.

use std::collections::BTreeSet;

use serde_json::json;

use crate::world::{Device, World, new_record, send};

/// Method, path, body, then the answers to a professional, a coordinator and an administrator.
type Route = (&'static str, &'static str, &'static str, [u16; 3]);
pub const ROUTES: &[Route] = &[
    ("POST", "/push", r#"{"operations":[]}"#, [200, 200, 200]),
    ("GET", "/pull?epoch=1&since=0", "", [200, 200, 200]),
    ("GET", "/snapshot", "", [200, 200, 200]),
    ("GET", "/history?record=RECORD", "", [200, 404, 404]),
    ("GET", "/audit", "", [403, 403, 200]),
    ("GET", "/people/{id}/dossier?as=json", "", [404, 403, 403]),
    ("GET", "/figures/{programme}/{id}?of={id}", "", [404, 404, 404]),
    ("GET", "/colleagues", "", [200, 200, 403]),
    ("GET", "/set-aside", "", [403, 200, 403]),
    ("POST", "/set-aside/apply", r#"{"record":"RECORD","device":"DEVICE"}"#, [200, 200, 403]),
    ("GET", "/territory", "", [403, 403, 200]),
    ("POST", "/territory", r#"{"act":"days","value":"30"}"#, [403, 403, 200]),
    ("GET", "/retention", "", [200, 200, 403]),
    ("POST", "/sealed", "{}", [400, 400, 400]),
    ("POST", "/sign-out", "", [204, 204, 204]),
    ("GET", "/annuaire", "", [200, 200, 200]),
    ("GET", "/annuaire/imports", "", [403, 200, 200]),
    ("POST", "/annuaire/imports", "{}", [403, 400, 400]),
    ("POST", "/annuaire/imports/{id}/undo", "", [403, 404, 404]),
    ("POST", "/annuaire/imports/{id}/informed", "", [403, 404, 404]),
    ("GET", "/annuaire/differences", "", [403, 200, 200]),
    ("POST", "/annuaire/differences", "{}", [403, 400, 400]),
    ("GET", "/annuaire/reports", "", [403, 200, 200]),
    ("POST", "/annuaire/reports/{id}/settled", "", [403, 404, 404]),
    ("DELETE", "/annuaire/reports/{id}/settled", "", [403, 404, 404]),
    ("GET", "/accounts", "", [403, 403, 200]),
    ("POST", "/accounts", "{}", [403, 403, 400]),
    ("POST", "/accounts/sheet", "", [403, 403, 400]),
    ("POST", "/accounts/{id}/link", "{}", [403, 403, 404]),
    ("POST", "/accounts/{id}/disabled", "", [403, 403, 404]),
    ("DELETE", "/accounts/{id}/disabled", "", [403, 403, 404]),
    ("GET", "/devices", "", [200, 200, 200]),
    ("POST", "/devices/{id}/name", r#"{"name":"Tablette"}"#, [404, 404, 404]),
    ("POST", "/devices/{id}/revoked", "", [404, 404, 404]),
    ("DELETE", "/devices/{id}/revoked", "", [404, 404, 404]),
    ("POST", "/devices/neighbours", r#"{"devices":[]}"#, [200, 200, 200]),
    ("POST", "/wiped", "", [409, 409, 409]),
    ("GET", "/stands", "", [200, 200, 200]),
    ("POST", "/stands", "{}", [400, 400, 403]),
    ("POST", "/stands/{device}/closed", "", [404, 404, 404]),
    // Without a token.
    ("GET", "/public/annuaire", "", [200, 200, 200]),
    ("GET", "/seal-key", "", [200, 200, 200]),
    ("POST", "/sign-in", "{}", [400, 400, 400]),
    ("POST", "/stand/push", "{}", [400, 400, 400]),
    ("POST", "/visit", "{}", [400, 400, 400]),
    ("GET", "/doors", "", [200, 200, 200]),
    // Not configured here: see `psc.rs`.
    ("POST", "/psc/begin", "{}", [404, 404, 404]),
    ("POST", "/psc/finish", "{}", [404, 404, 404]),
    ("POST", "/link", "{}", [400, 400, 400]),
    ("POST", "/link/use", "{}", [400, 400, 400]),
    ("POST", "/link/mine", "{}", [400, 400, 400]),
];
pub const OPEN: &[&str] = &[
    "/public/annuaire",
    "/seal-key",
    "/sign-in",
    "/stand/push",
    "/visit",
    "/doors",
    "/psc/begin",
    "/psc/finish",
    "/link",
    "/link/use",
    "/link/mine",
];
/// What a revoked device may still do, and how it is answered.
pub const ENDING: &[(&str, u16)] = &[("/push", 200), ("/wiped", 204)];

#[test]
fn the_table_names_every_route() {
    let source = include_str!("../../src/http/mod.rs");
    let api = source.split("let api").nth(1).unwrap().split("Router::new()\n        .nest").next().unwrap();
    let routes = api.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let named = |route: &str| ROUTES.iter().any(|(_, path, ..)| path.split('?').next() == Some(route));
    let missing: Vec<_> = routes.clone().filter(|route| !named(route)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let paths: BTreeSet<_> = ROUTES.iter().map(|(_, path, ..)| path.split('?').next()).collect();
    assert_eq!(routes.count(), paths.len());
}

#[tokio::test]
async fn every_route_answers_each_caller_as_it_must() {
    let world = World::start().await;
    let mut owner = world.sign_in("claire").await;
    let create = owner.create_person();
    let record = create.record_id;
    owner.push(&[create]).await;
    let database = world.database().await;
    let nothing = new_record().to_string();
    let filled = |text: &str| {
        let text = text.replace("RECORD", &record.to_string()).replace("{id}", &nothing).replace("{device}", &nothing);
        text.replace("DEVICE", &owner.id.to_string())
    };
    for &(method, path, body, answers) in ROUTES {
        let open = OPEN.contains(&path);
        let (path, body) = (format!("/api{}", filled(path)), filled(body));
        let knock = async |headers: &[(&str, &str)]| {
            send(world.address, method, &path, headers, body.clone().into_bytes()).await.unwrap()
        };
        for headers in
            [&[][..], &[("authorization", "Bearer 00")], &[("authorization", "Basic 00")], &[("cookie", "a=b")]]
        {
            let reply = knock(headers).await;
            if open {
                assert_eq!(reply.status, answers[0], "{path} {headers:?}");
            } else {
                assert_eq!(reply.refused(401).code, "device-unknown", "{path} {headers:?}");
            }
        }
        for (login, answer) in ["claire", "coordo", "admin"].into_iter().zip(answers) {
            let reply = world.sign_in(login).await.send(method, &path, body.clone().into()).await;
            assert_eq!(reply.status, answer, "{path} {login}: {}", reply.text());
        }
        if open {
            continue;
        }
        let states = [
            ("UPDATE device SET expires_at = 1 WHERE device = ?", "device-expired"),
            ("UPDATE device SET revoked_at = 1 WHERE device = ?", "device-revoked"),
        ];
        for (sql, code) in states {
            let device: Device = world.sign_in("claire").await;
            sqlx::query(sql).bind(device.id.to_string()).execute(&database).await.unwrap();
            let reply = device.send(method, &path, body.clone().into()).await;
            let ending = ENDING.iter().find(|(ending, _)| code == "device-revoked" && path == format!("/api{ending}"));
            match ending {
                Some((_, status)) => assert_eq!(reply.status, *status, "{path}"),
                None => assert_eq!(reply.refused(401).code, code, "{path}"),
            }
        }
    }
}

#[tokio::test]
async fn nobody_sees_what_another_wrote() {
    let world = World::start().await;
    let mut owner = world.sign_in("claire").await;
    let create = owner.create_person();
    let record = create.record_id;
    let set = owner.set(record, json!({ "family_name": "Planted-Salvan" }));
    let bad = owner.set(new_record(), json!({ "family_name": "Planted-Odette" }));
    owner.push(&[create, set, bad]).await;
    for login in ["karim", "coordo", "admin"] {
        let device = world.sign_in(login).await;
        for (_, path, ..) in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
            let path = path.replace("RECORD", &record.to_string());
            let reply = device.send("GET", &format!("/api{path}"), vec![]).await;
            assert!(!reply.text().contains("Planted"), "{login} {path}");
        }
    }
}

#[tokio::test]
async fn every_refusal_speaks_to_a_person() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let bearer = format!("Bearer {}", claire.signed_in.token);
    assert_eq!(world.get("/api/absent", &[]).await.refused(404).code, "not-found");
    assert_eq!(world.get("/api/push", &[]).await.refused(405).code, "method-not-allowed");
    // What layers refuse by themselves has words too.
    let headers = [("authorization", bearer.as_str()), ("content-encoding", "snappy")];
    let unread = world.post("/api/push", &headers, "{}").await.refused(415);
    assert_eq!(unread.code, "unreadable");
    let huge = world.post("/api/sign-in", &[], vec![b' '; 3_000_000]).await.refused(413);
    assert_eq!(huge.code, "too-large");
    for _ in 0..6 {
        world.try_sign_in("admin", "x", None).await;
    }
    let problems = [
        unread,
        huge,
        world.try_sign_in("admin", "x", None).await.refused(429),
        claire.history(new_record()).await.refused(404),
    ];
    for problem in problems {
        assert!(
            problem.message.contains("Rien n’est perdu") || problem.message.contains("Vos saisies sont gardées ici")
        );
        assert!(problem.message.ends_with('.') && problem.position.is_none(), "{problem:?}");
    }
}
