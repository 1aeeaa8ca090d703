//! Pro Santé Connect, as far as the server goes alone. What a provider may say, right or wrong, is in the journeys, against a
//! real one.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use openidconnect::url::Url;
use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl};
use serde_json::{Value, json};
use server::psc::{Back, Psc, Settings};
use server::secret::token_hash;
use sync::protocol::SignedIn;
use sync::protocol::access::{Doors, PscGo};

use crate::world::{CLAIRE_RPPS, Device, PASSWORD, Reply, World};

const BINDING: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const SECRET: &str = "abc";

fn psc(issuer: &str) -> Arc<Psc> {
    let settings = Settings {
        issuer: IssuerUrl::new(issuer.into()).unwrap(),
        discovery: Url::parse(&format!("{issuer}/.well-known/wallet-openid-configuration")).unwrap(),
        client_id: ClientId::new("cardabelle".into()),
        client_secret: ClientSecret::new("secret".into()),
        redirect: RedirectUrl::new("https://cardabelle.exemple.fr/psc/callback".into()).unwrap(),
    };
    Arc::new(Psc::new(settings).unwrap())
}

/// What describes itself as a provider and is none; `issuer`: what it says it is, itself when empty.
async fn described(issuer: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    let said = if issuer.is_empty() { own.clone() } else { issuer.to_owned() };
    let description = json!({
        "issuer": said,
        "authorization_endpoint": format!("{own}/auth"),
        "token_endpoint": format!("{own}/token"),
        "userinfo_endpoint": format!("{own}/me"),
        "jwks_uri": format!("{own}/jwks"),
        "response_types_supported": ["code", "something else"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "PS256", "unheard of"],
    });
    let route = get(async move || Json(description.clone()));
    let router = Router::new().route("/.well-known/wallet-openid-configuration", route);
    tokio::spawn(async move { axum::serve(listener, router).await });
    own
}

/// A port that nobody listens on.
async fn nowhere() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn begin(world: &World) -> Reply {
    world.post("/api/psc/begin", &[], json!({ "binding": BINDING }).to_string()).await
}

async fn finish(world: &World, ticket: &str, secret: &str) -> Reply {
    let body: Value = json!({ "ticket": ticket, "secret": secret, "device_id": null, "device_name": "Tablette" });
    world.post("/api/psc/finish", &[], body.to_string()).await
}

async fn callback(world: &World, query: &str) -> String {
    let reply = world.get(&format!("/psc/callback?{query}"), &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn not_configured_it_is_nowhere() {
    let world = World::start().await;
    let doors = Doors { territory: "CPTS d’essai".into(), psc: false };
    assert_eq!(world.get("/api/doors", &[]).await.read::<Doors>(), doors);
    assert_eq!(begin(&world).await.refused(404).code, "not-found");
    assert_eq!(finish(&world, "x", SECRET).await.refused(404).code, "not-found");
    assert_eq!(world.get("/psc/callback?code=a&state=b", &[]).await.refused(404).code, "not-found");
}

#[tokio::test]
async fn a_password_is_a_wrong_one_for_who_has_an_rpps() {
    let world = World::with_psc(psc("https://auth.exemple.fr")).await;
    assert!(world.get("/api/doors", &[]).await.read::<Doors>().psc);
    let told = [("claire", PASSWORD), ("claire", "x"), ("nobody", PASSWORD)];
    for (login, password) in told {
        let refused = world.knock(login, password, None).await.refused(401);
        assert_eq!(refused.code, "wrong-password", "{login}");
    }
    let body = json!({ "login": "claire", "password": PASSWORD, "device_id": null, "device_name": "" }).to_string();
    assert_eq!(world.post("/api/link/mine", &[], body).await.refused(401).code, "wrong-password");
    // The others go on as before.
    world.sign_in("karim").await.pull(0).await;
}

#[tokio::test]
async fn a_person_is_sent_with_all_that_proves_her_return() {
    let world = World::with_psc(psc(&described("").await)).await;
    let sent = async || Url::parse(&begin(&world).await.read::<PscGo>().url).unwrap();
    let (first, second) = (sent().await, sent().await);
    let asked = |url: &Url, name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        found.unwrap_or_default()
    };
    for (name, value) in [
        ("scope", "openid scope_all"),
        ("acr_values", "eidas1"),
        ("response_type", "code"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", "https://cardabelle.exemple.fr/psc/callback"),
        ("client_id", "cardabelle"),
    ] {
        assert_eq!(asked(&first, name), value);
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert!(asked(&first, name).len() >= 22 && asked(&first, name) != asked(&second, name), "{name}");
    }

    let state = asked(&first, "state");
    assert_eq!(callback(&world, "state=another&code=x").await, "/retour-psc#!expire");
    assert_eq!(callback(&world, "code=x").await, "/retour-psc#!expire");
    assert_eq!(callback(&world, &format!("state={state}&error=access_denied")).await, "/retour-psc#!refuse");
    assert_eq!(callback(&world, &format!("state={state}&error=access_denied")).await, "/retour-psc#!expire", "once");
    let state = asked(&second, "state");
    let told = callback(&world, &format!("state={state}&error=x&error_description=Claire")).await;
    assert_eq!(told, "/retour-psc#!technique", "in words of our own");
}

#[tokio::test]
async fn a_provider_that_is_down_or_another_is_told_so() {
    let away = World::with_psc(psc(&nowhere().await)).await;
    let another = World::with_psc(psc(&described("https://auth.exemple.fr").await)).await;
    for world in [away, another] {
        let problem = begin(&world).await.refused(503);
        assert_eq!(problem.code, "psc-down");
        assert!(problem.message.contains("Rien n’est perdu"));
    }
}

#[tokio::test]
async fn what_is_no_binding_is_not_kept() {
    let world = World::with_psc(psc("https://auth.exemple.fr")).await;
    for binding in ["", "ab", &BINDING[1..], &"é".repeat(32)] {
        let body = json!({ "binding": binding }).to_string();
        assert_eq!(world.post("/api/psc/begin", &[], body).await.refused(400).code, "unreadable", "{binding}");
    }
}

#[tokio::test]
async fn leaving_without_end_is_slowed() {
    let world = World::with_psc(psc(&described("").await)).await;
    for n in 0..40 {
        let body = json!({ "binding": token_hash(&n.to_string()) }).to_string();
        world.post("/api/psc/begin", &[], body).await.read::<PscGo>();
    }
    let slowed = begin(&world).await;
    assert_eq!(slowed.refused(429).code, "too-many-tries");
    assert!(slowed.headers.contains_key("retry-after"));
}

/// Puts somebody on the way back, as the provider would once it has identified her.
async fn coming_back(world: &World, psc: &Psc, login: &str, ticket: &str) {
    let database = world.database().await;
    let query = sqlx::query_scalar("SELECT account FROM account WHERE login = ?").bind(login.to_owned());
    let account: String = query.fetch_one(&database).await.unwrap();
    let from = SocketAddr::from(([127, 0, 0, 1], 0)).ip();
    psc.back.put(ticket, Back { account: account.parse().unwrap(), binding: BINDING.into(), from });
}

#[tokio::test]
async fn a_ticket_serves_once_and_the_browser_that_left() {
    let psc = psc("https://auth.exemple.fr");
    let world = World::with_psc(psc.clone()).await;
    assert_eq!(finish(&world, "unknown", SECRET).await.refused(401).code, "psc-spent");

    coming_back(&world, &psc, "claire", "good").await;
    let signed: SignedIn = finish(&world, "good", SECRET).await.read();
    assert_eq!(signed.account.name, "claire");
    let device = Device::new(world.address, signed);
    device.pull(0).await;
    assert_eq!(finish(&world, "good", SECRET).await.refused(401).code, "psc-spent", "once");

    // The same browser stays the same device.
    coming_back(&world, &psc, "claire", "again").await;
    let body = json!({ "ticket": "again", "secret": SECRET, "device_id": device.id, "device_name": "" });
    let again: SignedIn = world.post("/api/psc/finish", &[], body.to_string()).await.read();
    assert_eq!(again.device_id, device.id);

    // A wrong secret burns it.
    coming_back(&world, &psc, "claire", "stolen").await;
    assert_eq!(finish(&world, "stolen", "another").await.refused(401).code, "psc-spent");
    assert_eq!(finish(&world, "stolen", SECRET).await.refused(401).code, "psc-spent");

    // An account that was closed meanwhile.
    coming_back(&world, &psc, "claire", "closed").await;
    let database = world.database().await;
    sqlx::query("UPDATE account SET disabled_at = 1 WHERE login = 'claire'").execute(&database).await.unwrap();
    assert_eq!(finish(&world, "closed", SECRET).await.refused(401).code, "psc-spent");
}

#[tokio::test]
async fn an_rpps_is_of_one_account_and_of_one_territory() {
    let world = World::with_psc(psc("https://auth.exemple.fr")).await;
    let admin = world.sign_in("admin").await;
    let members = json!({ "members": [
        { "name": "Nadia Ferran", "profession": "Infirmière", "roles": ["professional"], "rpps": CLAIRE_RPPS },
        { "name": "Sabine Huc", "profession": "Infirmière", "roles": ["professional"], "rpps": "99700000013" },
    ]});
    let made: Value = admin.send("POST", "/api/accounts", members.to_string().into()).await.read();
    assert!(made["refused"][0][1].as_str().unwrap().contains("déjà celui d’un autre compte"), "{made}");
    assert_eq!(made["invited"][0]["name"], "Sabine Huc");
    let accounts: Value = admin.send("GET", "/api/accounts", vec![]).await.read();
    let sabine = accounts["accounts"].as_array().unwrap().iter().find(|line| line["name"] == "Sabine Huc").unwrap();
    assert_eq!((&sabine["rpps"], &sabine["state"]), (&json!("99700000013"), &json!("active")), "no link is needed");
}
