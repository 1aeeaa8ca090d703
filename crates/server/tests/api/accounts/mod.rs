//! Accounts, as administrators keep them.

mod command;
mod sheet;

use serde_json::{Value, json};
use sync::protocol::access::{AccountLine, AccountState, Accounts, Invited, Link};

use crate::world::{Device, PASSWORD, World};

async fn accounts(admin: &Device) -> Vec<AccountLine> {
    admin.send("GET", "/api/accounts", vec![]).await.read::<Accounts>().accounts
}

async fn line(admin: &Device, login: &str) -> AccountLine {
    accounts(admin).await.into_iter().find(|account| account.login == login).unwrap()
}

async fn invite(admin: &Device, members: &Value) -> Invited {
    let body = json!({ "members": members }).to_string();
    admin.send("POST", "/api/accounts", body.into()).await.read()
}

#[tokio::test]
async fn an_administrator_sees_accounts_and_their_devices() {
    let world = World::real().await;
    let mut phone = world.second_factor("admin").await;
    let admin = world.sign_in_with("admin", &mut phone).await;
    let list = accounts(&admin).await;
    let logins: Vec<_> = list.iter().map(|account| account.login.as_str()).collect();
    assert_eq!(logins, ["admin", "claire", "coordo", "karim"], "by name");
    assert!(list[0].second_factor && !list[1].second_factor);
    assert_eq!((list[0].devices.len(), list[1].devices.len()), (1, 0));
    assert!(list[0].devices[0].this && list[0].devices[0].id == admin.id);

    let odile = json!([{ "name": "Odile Ferran", "profession": "Médecin", "roles": ["professional"] }]);
    let made = invite(&admin, &odile).await.invited.remove(0);
    let odile = line(&admin, "odile.ferran").await;
    assert_eq!((odile.id, odile.state), (made.id, AccountState::Invited));
    assert_eq!(odile.link_until, Some(made.link.expires_at));
    let path = format!("/api/accounts/{}", made.id);
    let again: Link = admin.send("POST", &format!("{path}/link"), b"{}".to_vec()).await.read();
    assert_eq!(line(&admin, "odile.ferran").await.link_until, Some(again.expires_at));
    admin.send("POST", &format!("{path}/disabled"), vec![]).await;
    let closed = line(&admin, "odile.ferran").await;
    assert_eq!((closed.state, closed.link_until), (AccountState::Disabled, None));
    assert_eq!(line(&admin, "claire").await.state, AccountState::Active);
}

/// The accounts of the server itself and of the stands belong to nobody.
#[tokio::test]
async fn what_is_nobodys_account_is_not_shown_nor_opened() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let database = world.database().await;
    let mut ids = Vec::new();
    for (login, roles) in [("server", "[]"), ("stands", r#"["stand-session"]"#)] {
        let id = uuid::Uuid::new_v4().to_string();
        sqlx::query(
            "INSERT INTO account (territory, account, login, name, profession, roles, password_hash)
             SELECT territory, ?, ?, ?, '', ?, '' FROM territory",
        )
        .bind(&id)
        .bind(login)
        .bind(login)
        .bind(roles)
        .execute(&database)
        .await
        .unwrap();
        ids.push(id);
    }
    assert_eq!(accounts(&admin).await.len(), 4);
    for id in ids {
        for (method, what) in [("POST", "link"), ("POST", "disabled"), ("DELETE", "disabled")] {
            let reply = admin.send(method, &format!("/api/accounts/{id}/{what}"), b"{}".to_vec()).await;
            assert_eq!(reply.refused(404).code, "no-account", "{method} {what}");
        }
    }
}

#[tokio::test]
async fn members_are_invited_each_with_her_own_link() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let member = |name: &str, login: &str, roles: &[&str]| json!({ "name": name, "login": login, "profession": "Infirmière", "roles": roles });
    let pro = &["professional"][..];
    let members = json!([
        member("Claire Vidal", "", pro),
        member("Claire Vidal", "", pro),
        member("Claire Vidal", "Claire", pro),
        member("Odile Ferran", " Odile@Exemple.FR ", &["coordinator", "administrator"]),
        member("=1+1", "", pro),
        member("Jean Neuf", "jean neuf", pro),
        member("Jean Dix", "", &[]),
        member("Jean Onze", "", &["stand-session"]),
    ]);
    let made = invite(&admin, &members).await;
    let logins: Vec<_> = made.invited.iter().map(|one| one.login.as_str()).collect();
    assert_eq!(logins, ["claire.vidal", "claire.vidal2", "odile@exemple.fr"]);
    let refused: Vec<_> = made.refused.iter().map(|(at, _)| *at).collect();
    assert_eq!(refused, [2, 4, 5, 6, 7]);
    assert_eq!(made.refused[0].1, "L’identifiant «\u{a0}claire\u{a0}» est déjà pris. Choisissez-en un autre.");
    for one in &made.invited {
        assert!(one.link.qr.len() > 20 && one.link.qr.iter().all(|row| row.len() == one.link.qr.len()));
        assert_eq!(world.open_link(&one.link.token).await.status, 200, "a link of hers");
    }
    // What was asked is not done twice when its answer was lost.
    let again = invite(&admin, &json!([member("Claire Vidal", "claire.vidal", pro)])).await;
    assert!(again.invited.is_empty() && again.refused.len() == 1);

    let crowd: Vec<_> = (0..1001).map(|_| member("Jean", "", pro)).collect();
    let body = json!({ "members": crowd }).to_string();
    assert_eq!(admin.send("POST", "/api/accounts", body.into()).await.refused(413).code, "too-many-members");
    assert_eq!(accounts(&admin).await.len(), 7);
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_may_come_back() {
    let world = World::start().await;
    let (admin, claire) = (world.sign_in("admin").await, world.sign_in("claire").await);
    let path = format!("/api/accounts/{}/disabled", claire.signed_in.account.id);
    for _ in 0..2 {
        assert_eq!(admin.send("POST", &path, vec![]).await.status, 204);
        assert_eq!(claire.try_push(&[]).await.refused(401).code, "account-disabled");
    }
    assert_eq!(world.knock("claire", PASSWORD, None).await.refused(401).code, "wrong-password");
    assert_eq!(admin.send("DELETE", &path, vec![]).await.status, 204);
    claire.pull(0).await;
    world.sign_in("claire").await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let mine = format!("/api/accounts/{}/disabled", admin.signed_in.account.id);
    assert_eq!(admin.send("POST", &mine, vec![]).await.refused(409).code, "last-administrator");
    let other = json!([{ "name": "Odile Ferran", "profession": "Médecin", "roles": ["administrator"] }]);
    let other = invite(&admin, &other).await.invited.remove(0);
    let refused = admin.send("POST", &mine, vec![]).await;
    assert_eq!(refused.refused(409).code, "last-administrator", "an invitation is no administrator");
    world.use_link(&other.link.token, PASSWORD, None).await.read::<Value>();
    let odile = world.sign_in("odile.ferran").await;
    assert_eq!(admin.send("POST", &mine, vec![]).await.status, 204);
    assert_eq!(admin.send("GET", "/api/accounts", vec![]).await.refused(401).code, "account-disabled");
    let hers = format!("/api/accounts/{}/disabled", other.id);
    assert_eq!(odile.send("POST", &hers, vec![]).await.refused(409).code, "last-administrator");
}
