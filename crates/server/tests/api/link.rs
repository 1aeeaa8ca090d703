//! One-time links: what they open, once.

use domain::id::AccountId;
use serde_json::json;
use sync::protocol::access::{Invitation, Invited, LINK_SPENT, Link, Welcome};

use crate::world::{Device, PASSWORD, Phone, Reply, World};

const CHOSEN: &str = "cheval agrafe pile correcte";

/// An administrator, and somebody she has just invited.
async fn invited(world: &World) -> (Device, AccountId, Link) {
    let mut phone = world.second_factor("admin").await;
    let admin = world.sign_in_with("admin", &mut phone).await;
    let member = json!({ "name": "Odile Ferran", "profession": "Médecin", "roles": ["professional"] });
    let body = json!({ "members": [member] }).to_string();
    let mut made: Invited = admin.send("POST", "/api/accounts", body.into()).await.read();
    let odile = made.invited.remove(0);
    (admin, odile.id, odile.link)
}

async fn another(admin: &Device, account: AccountId, forget: bool) -> Reply {
    let body = json!({ "forget_second_factor": forget }).to_string();
    admin.send("POST", &format!("/api/accounts/{account}/link"), body.into()).await
}

#[track_caller]
fn spent(reply: &Reply) {
    assert_eq!(reply.refused(404).code, LINK_SPENT);
}

#[tokio::test]
async fn a_link_makes_an_account_ready() {
    let world = World::real().await;
    let (_, _, link) = invited(&world).await;
    assert_eq!(link.token.len(), 64);
    let opened: Invitation = world.open_link(&link.token).await.read();
    assert_eq!((opened.name.as_str(), opened.login.as_str()), ("Odile Ferran", "odile.ferran"));
    assert!(!opened.keeps_password && opened.territory_name == "CPTS d’essai");
    let same: Invitation = world.open_link(&link.token).await.read();
    assert_eq!(same, opened, "looking spends nothing, and shows the same secret");

    let set_up = opened.second_factor.unwrap();
    assert!(set_up.url.starts_with("otpauth://totp/Cardabelle%20CPTS") && set_up.qr.len() > 20);
    let mut phone = Phone::new(&set_up);
    for (password, code, refused) in [
        ("too short", Some(phone.code()), "short-password"),
        (CHOSEN, None, "wrong-code"),
        (CHOSEN, Some("000 00".to_owned()), "wrong-code"),
    ] {
        let reply = world.use_link(&link.token, password, code.as_deref()).await;
        let problem: sync::protocol::Problem = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(problem.code, refused);
    }
    assert_eq!(world.knock("odile.ferran", CHOSEN, None).await.refused(401).code, "wrong-password", "not yet");
    let code = phone.code();
    let welcome: Welcome = world.use_link(&link.token, CHOSEN, Some(&code)).await.read();
    assert_eq!(welcome.login, "odile.ferran");
    assert_eq!(welcome.recovery_codes.len(), 10);
    assert!(welcome.recovery_codes.iter().all(|code| code.len() == 19), "{:?}", welcome.recovery_codes);

    let replayed = world.knock("odile.ferran", CHOSEN, Some(&code)).await;
    assert_eq!(replayed.refused(401).code, "wrong-code", "the code that activated serves no more");
    let signed_in = world.knock("odile.ferran", CHOSEN, Some(&phone.code())).await.read();
    Device::new(world.address, signed_in).pull(0).await;
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT token_hash FROM link").fetch_all(&world.database().await).await.unwrap();
    assert!(!stored.contains(&link.token), "only the hash is kept");
}

/// Unknown, replayed, replaced, too old, of a closed account: one answer, to whoever looks and to whoever uses.
#[tokio::test]
async fn a_link_that_serves_no_more_says_nothing_of_why() {
    let world = World::real().await;
    let (admin, odile, first) = invited(&world).await;
    let database = world.database().await;
    let mut told = Vec::new();
    let mut refused = async |token: &str| {
        let (looked, used) = (world.open_link(token).await, world.use_link(token, CHOSEN, Some("123456")).await);
        spent(&looked);
        spent(&used);
        told.extend([looked.text(), used.text()]);
    };
    refused(&"0".repeat(64)).await;
    refused("").await;
    refused("' OR 1").await;

    let second: Link = another(&admin, odile, false).await.read();
    refused(&first.token).await;
    let set_up = world.open_link(&second.token).await.read::<Invitation>().second_factor.unwrap();
    world.use_link(&second.token, CHOSEN, Some(&Phone::new(&set_up).code())).await.read::<Welcome>();
    refused(&second.token).await;

    let third: Link = another(&admin, odile, false).await.read();
    sqlx::query("UPDATE link SET expires_at = 1 WHERE spent_at IS NULL").execute(&database).await.unwrap();
    refused(&third.token).await;

    let fourth: Link = another(&admin, odile, false).await.read();
    let days = (fourth.expires_at.0 - admin.signed_in.server_time.0) / 86_400_000;
    assert!((6..=7).contains(&days), "{days}");
    let closed = format!("/api/accounts/{odile}/disabled");
    assert_eq!(admin.send("POST", &closed, vec![]).await.status, 204);
    refused(&fourth.token).await;
    assert_eq!(another(&admin, odile, false).await.refused(409).code, "account-closed");
    assert_eq!(admin.send("DELETE", &closed, vec![]).await.status, 204);
    refused(&fourth.token).await;
    world.open_link(&another(&admin, odile, false).await.read::<Link>().token).await.read::<Invitation>();

    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

/// However many use it at the same instant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_used_once_by_those_who_use_it_at_once() {
    let world = World::real().await;
    let (.., link) = invited(&world).await;
    let set_up = world.open_link(&link.token).await.read::<Invitation>().second_factor.unwrap();
    let code = Phone::new(&set_up).code();
    let [a, b, c] = ["one password of hers", "two passwords of hers", "three passwords of hers"]
        .map(|password| world.use_link(&link.token, password, Some(&code)));
    let (a, b, c) = tokio::join!(a, b, c);
    let mut statuses = [a, b, c].map(|reply| reply.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404, 404]);
}

#[tokio::test]
async fn a_lost_password_leaves_the_second_factor_and_the_devices() {
    let world = World::real().await;
    let (admin, odile, link) = invited(&world).await;
    let set_up = world.open_link(&link.token).await.read::<Invitation>().second_factor.unwrap();
    let mut phone = Phone::new(&set_up);
    let welcome: Welcome = world.use_link(&link.token, CHOSEN, Some(&phone.code())).await.read();
    let tablet =
        Device::new(world.address, world.knock("odile.ferran", CHOSEN, Some(&welcome.recovery_codes[0])).await.read());

    let link: Link = another(&admin, odile, false).await.read();
    let opened: Invitation = world.open_link(&link.token).await.read();
    assert!(opened.second_factor.is_none() && !opened.keeps_password);
    let again: Welcome = world.use_link(&link.token, "un autre mot de passe", None).await.read();
    assert!(again.recovery_codes.is_empty(), "those she has still open");
    assert_eq!(world.knock("odile.ferran", CHOSEN, None).await.refused(401).code, "wrong-password");
    assert_eq!(world.knock("odile.ferran", "un autre mot de passe", None).await.refused(401).code, "code-wanted");
    world
        .knock("odile.ferran", "un autre mot de passe", Some(&welcome.recovery_codes[1]))
        .await
        .read::<serde_json::Value>();
    tablet.pull(0).await;
}

#[tokio::test]
async fn a_lost_telephone_is_replaced_when_the_link_is_used_and_not_before() {
    let world = World::real().await;
    let (admin, ..) = invited(&world).await;
    let mut lost = world.second_factor("claire").await;
    let claire = world.sign_in_with("claire", &mut lost).await.signed_in.account.id;

    let link: Link = another(&admin, claire, true).await.read();
    assert_eq!(
        world.knock("claire", PASSWORD, None).await.refused(401).code,
        "code-wanted",
        "whoever knows the password alone cannot set up a telephone of her own"
    );
    let set_up = world.open_link(&link.token).await.read::<Invitation>().second_factor.unwrap();
    assert_ne!(set_up.secret, lost.secret);
    let mut found = Phone::new(&set_up);
    let welcome: Welcome = world.use_link(&link.token, CHOSEN, Some(&found.code())).await.read();
    assert_eq!(world.knock("claire", CHOSEN, Some(&lost.code())).await.refused(401).code, "wrong-code");
    assert_eq!(world.knock("claire", CHOSEN, Some(&lost.paper[0])).await.refused(401).code, "wrong-code");
    world.knock("claire", CHOSEN, Some(&welcome.recovery_codes[0])).await.read::<serde_json::Value>();
}

#[tokio::test]
async fn a_link_of_ones_own_keeps_the_password_and_asks_for_it() {
    let world = World::real().await;
    let mine = async |body: Vec<u8>| world.post("/api/link/mine", &[], body).await;
    let typed = |password: &str, code: Option<&str>| crate::world::typed("claire", password, code);
    assert_eq!(mine(typed("x", None)).await.refused(401).code, "wrong-password");
    let link: Link = mine(typed(PASSWORD, None)).await.read();
    let opened: Invitation = world.open_link(&link.token).await.read();
    assert!(opened.keeps_password);
    let mut phone = Phone::new(&opened.second_factor.unwrap());
    let other = world.use_link(&link.token, "not the one she has", Some(&phone.code())).await;
    assert_eq!(other.refused(401).code, "wrong-password", "who finds the link does not come in with it");
    let welcome: Welcome = world.use_link(&link.token, PASSWORD, Some(&phone.code())).await.read();

    // Once there is a second factor, it takes it to replace it.
    assert_eq!(mine(typed(PASSWORD, None)).await.refused(401).code, "code-wanted");
    assert_eq!(mine(typed(PASSWORD, Some("000000"))).await.refused(401).code, "wrong-code");
    mine(typed(PASSWORD, Some(&welcome.recovery_codes[0]))).await.read::<Link>();
}

/// Nobody is asked for a second factor there: its passwords are printed.
#[tokio::test]
async fn a_demonstration_asks_for_no_code() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let body = crate::world::typed("admin", PASSWORD, None);
    assert_eq!(world.post("/api/link/mine", &[], body).await.refused(403).code, "forbidden");
    let link: Link = another(&admin, admin.signed_in.account.id, true).await.read();
    assert_eq!(world.open_link(&link.token).await.read::<Invitation>().second_factor, None);
    world.use_link(&link.token, CHOSEN, None).await.read::<Welcome>();
    world.knock("admin", CHOSEN, None).await.read::<serde_json::Value>();
}
