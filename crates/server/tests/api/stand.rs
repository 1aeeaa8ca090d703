use domain::Timestamp;
use domain::id::{DeviceId, RecordId};
use serde_json::{Value, json};
use sync::protocol::access::{
    MAX_STAND_BYTES, NewStand, SealedOperation, StandLine, StandOpened, StandPush, StandPushed, Stands,
};
use sync::protocol::{AppliedAgain, MAX_OPERATIONS, Sealed, SetAside, SignedIn};
use sync::{Operation, OperationKind};

use crate::routes::{OPEN, ROUTES};
use crate::seal::seal;
use crate::world::{Device, PASSWORD, Reply, World, new_record, send};

const HOUR: i64 = 3_600_000;

/// A browser that writes and reads nothing.
pub struct Stand {
    pub opened: StandOpened,
    /// Only numbers and shapes what it writes: it has no token.
    pub writer: Device,
}

async fn open(_: &World, by: &Device) -> Stand {
    open_at(by, None).await
}

/// Opens a stand, for a record if one is given.
pub async fn open_at(by: &Device, venue: Option<RecordId>) -> Stand {
    let new = NewStand {
        name: " Marché de Saverdun ".into(),
        volunteers: vec!["Odette".into(), " ".into()],
        until: Timestamp(by.signed_in.server_time.0 + 8 * HOUR),
        venue,
    };
    let opened: StandOpened = by.send("POST", "/api/stands", serde_json::to_vec(&new).unwrap()).await.read();
    Stand::of(by, opened)
}

impl Stand {
    /// `by`: any device, whose server it is.
    pub fn of(by: &Device, opened: StandOpened) -> Self {
        let signed_in = SignedIn {
            account: opened.account.clone(),
            device_id: opened.device_id,
            token: String::new(),
            ..by.signed_in.clone()
        };
        Self { opened, writer: Device::new(by.address, signed_in) }
    }

    fn seal(&self, operation: &Operation) -> SealedOperation {
        let inside = Operation { device_seq: 0, ..operation.clone() };
        let content = serde_json::to_vec(&inside).unwrap();
        SealedOperation { device_seq: operation.device_seq, sealed: seal(&self.opened.seal_key, &content) }
    }

    pub fn seals(&self, operations: &[Operation]) -> Vec<SealedOperation> {
        operations.iter().map(|operation| self.seal(operation)).collect()
    }

    async fn try_push(&self, token: &Sealed, operations: &[SealedOperation]) -> Reply {
        self.send(StandPush { token: token.clone(), operations: operations.to_vec(), over: false }).await
    }

    /// Sends this, and says that the stand is closed on its own device.
    pub async fn end(&self, operations: &[SealedOperation]) -> StandPushed {
        let token = self.opened.token.clone();
        self.send(StandPush { token, operations: operations.to_vec(), over: true }).await.read()
    }

    async fn send(&self, push: StandPush) -> Reply {
        let body = serde_json::to_vec(&push).unwrap();
        send(self.writer.address, "POST", "/api/stand/push", &[], body).await.unwrap()
    }

    pub async fn push(&self, operations: &[SealedOperation]) -> StandPushed {
        self.try_push(&self.opened.token, operations).await.read()
    }

    /// A person and her consent.
    pub fn sign_up(&mut self, name: &str) -> (RecordId, Vec<Operation>) {
        let create = self.writer.create_person();
        let person = create.record_id;
        let named = self.writer.set(person, json!({ "family_name": name }));
        let consent = self.writer.write(
            OperationKind::Create,
            new_record(),
            "consent",
            json!({ "parent": person, "purpose": "record", "answer": "yes" }),
        );
        (person, vec![create, named, consent])
    }
}

fn received(pushed: &StandPushed) -> (&[u64], u64) {
    (&pushed.received, pushed.last_device_seq)
}

/// Number and quarantine of what the log holds of a device, in its order.
pub async fn log(world: &World, device: DeviceId) -> Vec<(i64, Option<String>)> {
    sqlx::query_as("SELECT device_seq, quarantine FROM operation WHERE device = ? ORDER BY device_seq")
        .bind(device.to_string())
        .fetch_all(&world.database().await)
        .await
        .unwrap()
}

async fn aside(world: &World) -> Vec<(i64, String)> {
    let sql = "SELECT device_seq, body FROM sealed_aside ORDER BY device_seq";
    sqlx::query_as(sql).fetch_all(&world.database().await).await.unwrap()
}

pub async fn listed(by: &Device) -> Vec<StandLine> {
    by.send("GET", "/api/stands", vec![]).await.read::<Stands>().stands
}

pub async fn run(world: &World, sql: &'static str) {
    sqlx::query(sql).execute(&world.database().await).await.unwrap();
}

#[tokio::test]
async fn what_a_stand_writes_belongs_to_who_opened_it() {
    let world = World::start().await;
    let (claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let mut stand = open(&world, &claire).await;
    let asked = claire.signed_in.server_time.0 + 8 * HOUR;
    assert_eq!(stand.opened.until.0, asked);
    let (person, operations) = stand.sign_up("Salvan");
    let seals = stand.seals(&operations);
    let shuffled = [seals[2].clone(), seals[0].clone(), seals[1].clone()];
    assert_eq!(received(&stand.push(&shuffled).await), (&[1, 2, 3][..], 3), "in the order they were written");

    let seen = claire.read_log().await;
    let ids: Vec<_> = seen.iter().map(|one| one.operation.op_id).collect();
    assert_eq!(ids, operations.iter().map(|one| one.op_id).collect::<Vec<_>>());
    assert!(seen.iter().all(|one| one.author == stand.opened.account.id && one.operation.device_seq > 0));
    assert!(karim.read_log().await.is_empty());
    let history: Value = claire.history(person).await.read();
    let by = &history["entries"][0]["by"];
    assert_eq!((by["name"].as_str(), by["device"].as_str()), (Some("Stand"), Some("Marché de Saverdun")));

    let lines = listed(&claire).await;
    assert_eq!(
        (lines[0].name.as_str(), lines[0].opened_by.as_str(), lines[0].received),
        ("Marché de Saverdun", "claire", 3)
    );
    assert!(listed(&karim).await.is_empty(), "a colleague's");
    let volunteers: String =
        sqlx::query_scalar("SELECT volunteers FROM stand").fetch_one(&world.database().await).await.unwrap();
    assert_eq!(volunteers, r#"["Odette"]"#);
    // She goes on with the record herself.
    let mut claire = claire;
    let set = claire.set(person, json!({ "commune": "Miremont" }));
    claire.push(&[set]).await;
    let log = log(&world, claire.id).await;
    assert_eq!(log, [(1, None)]);
}

#[tokio::test]
async fn a_stand_is_opened_for_a_day_by_who_may() {
    let world = World::start().await;
    let now = world.sign_in("admin").await.signed_in.server_time.0;
    let ask = async |login: &str, name: &str, until: i64, volunteers: usize| {
        let new = NewStand {
            name: name.into(),
            volunteers: vec!["Odette".into(); volunteers],
            until: Timestamp(until),
            venue: None,
        };
        world.sign_in(login).await.send("POST", "/api/stands", serde_json::to_vec(&new).unwrap()).await
    };
    let opened: StandOpened = ask("coordo", "Marché", now + 30 * HOUR, 2).await.read();
    assert!((now + 24 * HOUR..now + 25 * HOUR).contains(&opened.until.0), "a day at most");
    assert_eq!(ask("admin", "Marché", now + HOUR, 0).await.refused(403).code, "forbidden");
    assert_eq!(ask("claire", "Marché", now - HOUR, 0).await.refused(400).code, "stand-over");
    assert_eq!(ask("claire", " \n", now + HOUR, 0).await.refused(400).code, "no-name");
    assert_eq!(ask("claire", "Marché", now + HOUR, 41).await.refused(400).code, "unreadable");
    let second: StandOpened = ask("claire", "Marché", now + HOUR, 0).await.read();
    assert_eq!(second.account, opened.account, "one account for all stands");
    assert_ne!(second.device_id, opened.device_id);
    assert_ne!(second.token, opened.token);
}

/// Neither its sealed token, nor the token inside, were it read, opens any route.
#[tokio::test]
async fn a_stand_reads_nothing() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let mut stand = open(&world, &claire).await;
    let (person, operations) = stand.sign_up("Planted-Salvan");
    stand.push(&stand.seals(&operations)).await;
    let secret: String =
        sqlx::query_scalar("SELECT secret FROM seal").fetch_one(&world.database().await).await.unwrap();
    let secret = server::seal::Secret::from_hex(&secret).unwrap();
    let pass: Value = serde_json::from_slice(&secret.open(&stand.opened.token).unwrap()).unwrap();
    let token = pass["token"].as_str().unwrap().to_owned();
    assert!(!serde_json::to_string(&stand.opened).unwrap().contains(&token), "the browser cannot read it");

    for revoked in [false, true] {
        for (method, path, body, _) in ROUTES.iter().filter(|(_, path, ..)| !OPEN.contains(path)) {
            for bearer in [&token, &stand.opened.token.content] {
                let filled = |text: &str| {
                    let text = text.replace("RECORD", &person.to_string());
                    text.replace("DEVICE", &stand.opened.device_id.to_string()).replace("{id}", &person.to_string())
                };
                let headers = [("authorization", &*format!("Bearer {bearer}"))];
                let path = format!("/api{}", filled(path));
                let reply = send(world.address, method, &path, &headers, filled(body).into()).await.unwrap();
                assert_eq!(reply.refused(401).code, "device-unknown", "{method} {path}");
            }
        }
        if !revoked {
            run(&world, "UPDATE device SET revoked_at = 1 WHERE recovery_key = ''").await;
        }
    }
    let reply = stand.try_push(&stand.opened.token, &[]).await;
    assert!(!reply.text().contains("Planted"));
    let refused = world.try_sign_in("stand", "", None).await.refused(401);
    assert_eq!(refused.code, "wrong-password");
    let brought = claire.send("POST", "/api/sealed", serde_json::to_vec(&stand.opened.token).unwrap()).await;
    assert_eq!(brought.refused(400).code, "seal-unreadable", "a token is no outbox");
}

#[tokio::test]
async fn a_stand_touches_nothing_but_what_it_began() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let (hers, his) = (claire.create_person(), karim.create_person());
    let (of_claire, of_karim) = (hers.record_id, his.record_id);
    claire.push(&[hers]).await;
    karim.push(&[his]).await;
    let mut other = open(&world, &claire).await;
    let (of_other, operations) = other.sign_up("Salvan");
    other.push(&other.seals(&operations)).await;

    let mut stand = open(&world, &claire).await;
    let (own, mut operations) = stand.sign_up("Salvan");
    for person in [of_karim, of_claire, of_other] {
        let writer = &mut stand.writer;
        operations.push(writer.set(person, json!({ "commune": "Planted-Miremont" })));
        operations.push(writer.write(OperationKind::Create, new_record(), "consent", json!({ "parent": person })));
        operations.push(writer.write(OperationKind::Erase, person, "person", json!({})));
    }
    operations.push(stand.writer.set(new_record(), json!({ "commune": "Miremont" })));
    operations.push(stand.writer.write(
        OperationKind::Create,
        new_record(),
        "icope-screening",
        json!({ "parent": own }),
    ));
    let pushed = stand.push(&stand.seals(&operations)).await;
    assert_eq!(pushed.received.len(), operations.len(), "all is kept");
    let fates: Vec<_> = log(&world, stand.opened.device_id).await.into_iter().map(|(_, why)| why).collect();
    let mut expected = vec![None; 3];
    expected.extend(vec![Some("no-right".to_owned()); 9]);
    expected.extend([Some("unknown-record".to_owned()), Some("no-right".to_owned())]);
    assert_eq!(fates, expected);
    let states: Vec<String> =
        sqlx::query_scalar("SELECT state FROM record").fetch_all(&world.database().await).await.unwrap();
    assert!(states.iter().all(|state| !state.contains("Planted")), "{states:?}");

    // What it began is still its own to complete, and its opener's.
    let more = stand.writer.set(own, json!({ "commune": "Miremont" }));
    stand.push(&stand.seals(&[more])).await;
    assert_eq!(log(&world, stand.opened.device_id).await.last(), Some(&(15, None)));
}

#[tokio::test]
async fn what_cannot_be_read_is_put_away_and_let_go() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let mut stand = open(&world, &claire).await;
    let (_, operations) = stand.sign_up("Salvan");
    let mut seals = stand.seals(&operations);
    let flip = |text: &str| format!("{}{}", if text.starts_with('0') { "1" } else { "0" }, &text[1..]);
    let altered = Sealed { content: flip(&seals[1].sealed.content), ..seals[1].sealed.clone() };
    seals[1].sealed = altered.clone();
    let stranger = Operation { device_id: claire.id, ..operations[0].clone() };
    let sealed_text = |text: &[u8]| seal(&stand.opened.seal_key, text);
    let others = [
        Sealed { format: "cardabelle-outbox-9".into(), ..seals[0].sealed.clone() },
        sealed_text(b"{}"),
        sealed_text(&[0xff; 40]),
        sealed_text(&serde_json::to_vec(&Operation { device_seq: 0, ..stranger }).unwrap()),
        Sealed { key: "04".into(), ..seals[0].sealed.clone() },
        Sealed { iv: String::new(), ..seals[0].sealed.clone() },
    ];
    for (n, sealed) in others.into_iter().enumerate() {
        seals.push(SealedOperation { device_seq: 4 + n as u64, sealed });
    }
    let pushed = stand.push(&seals).await;
    assert_eq!(received(&pushed), (&[1, 2, 3, 4, 5, 6, 7, 8, 9][..], 9));
    assert_eq!(stand.push(&seals).await, pushed, "done again, it changes nothing");
    let kept = aside(&world).await;
    assert_eq!(kept.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [2, 4, 5, 6, 7, 8, 9]);
    assert_eq!(serde_json::from_str::<Sealed>(&kept[0].1).unwrap(), altered, "as it came");
    assert_eq!(log(&world, stand.opened.device_id).await, [(1, None), (3, None)]);

    // Under a number that is taken by another seal nothing is kept, hence nothing is let go.
    let twice = SealedOperation { device_seq: 2, sealed: sealed_text(b"[]") };
    assert_eq!(received(&stand.push(&[twice]).await), (&[][..], 9));
    assert_eq!(aside(&world).await.len(), 7);
    // The same number, whole this time.
    let whole = stand.seal(&operations[1]);
    assert_eq!(received(&stand.push(&[whole]).await), (&[2][..], 9));
    assert_eq!(log(&world, stand.opened.device_id).await.len(), 3);

    // An identifier that another device used already.
    let mut claire = claire;
    let hers = claire.create_person();
    claire.push(std::slice::from_ref(&hers)).await;
    let taken = Operation { op_id: hers.op_id, ..stand.writer.create_person() };
    let next = Operation { device_seq: 10, ..stand.writer.create_person() };
    let taken = Operation { device_seq: 11, ..taken };
    assert_eq!(received(&stand.push(&stand.seals(&[taken, next])).await), (&[10, 11][..], 11));
    assert_eq!(aside(&world).await.last().unwrap().0, 11);
}

#[tokio::test]
async fn a_push_done_again_changes_nothing() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let mut stand = open(&world, &claire).await;
    let (_, operations) = stand.sign_up("Salvan");
    let seals = stand.seals(&operations);
    let first = stand.push(&seals).await;
    let dump = async || {
        let sql = "SELECT group_concat(seq || body || coalesce(quarantine, '')) FROM operation";
        sqlx::query_scalar::<_, String>(sql).fetch_one(&world.database().await).await.unwrap()
    };
    let before = dump().await;
    for replay in [&seals[..], &seals[1..2], &[&seals[2..], &seals[..1]].concat()] {
        let again = stand.push(replay).await;
        assert!(again.received.iter().all(|seq| first.received.contains(seq)) && again.last_device_seq == 3);
    }
    // Sealed anew, it is the same operation.
    stand.push(&stand.seals(&operations)).await;
    assert_eq!(dump().await, before);
    assert_eq!(stand.push(&[]).await.last_device_seq, 3);
}

#[tokio::test]
async fn over_it_still_hands_over_and_closed_from_afar_a_person_looks_first() {
    let world = World::start().await;
    let (claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let mut stand = open(&world, &claire).await;
    let (_, operations) = stand.sign_up("Salvan");
    let revoked = || Some("revoked".to_owned());
    run(&world, "UPDATE stand SET until = 1").await;
    stand.push(&stand.seals(&operations[..1])).await;
    let path = format!("/api/stands/{}/closed", stand.opened.device_id);
    assert_eq!(karim.send("POST", &path, vec![]).await.refused(404).code, "no-stand", "a colleague's");
    assert_eq!(listed(&claire).await[0].closed_at, None);
    assert_eq!(claire.send("POST", &path, vec![]).await.status, 204);
    let closed = listed(&claire).await[0].closed_at;
    let coordo = world.sign_in("coordo").await;
    assert_eq!(coordo.send("POST", &path, vec![]).await.status, 204, "closed twice");
    assert_eq!(listed(&coordo).await[0].closed_at, closed);
    assert!(closed.is_some());
    // Its telephone is lost: nothing is refused, nothing is applied unseen.
    assert_eq!(received(&stand.push(&stand.seals(&operations[1..2])).await), (&[2][..], 2));
    assert_eq!(log(&world, stand.opened.device_id).await, [(1, None), (2, revoked())]);
    // Long after, a person looks at it first too.
    run(&world, "UPDATE stand SET closed_at = NULL").await;
    run(&world, "UPDATE device SET expires_at = 1 WHERE recovery_key = ''").await;
    assert_eq!(received(&stand.push(&stand.seals(&operations[2..])).await), (&[3][..], 3));
    assert_eq!(log(&world, stand.opened.device_id).await[2], (3, revoked()));
}

#[tokio::test]
async fn what_a_revoked_stand_sends_waits_for_a_person() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let mut stand = open(&world, &claire).await;
    let device = stand.opened.device_id;
    let path = format!("/api/devices/{device}/revoked");
    assert_eq!(claire.send("POST", &path, vec![]).await.refused(404).code, "no-device");
    assert_eq!(world.sign_in("admin").await.send("POST", &path, vec![]).await.status, 204);
    let (person, operations) = stand.sign_up("Salvan");
    assert_eq!(stand.push(&stand.seals(&operations)).await.received, [1, 2, 3]);
    let revoked = || Some("revoked".to_owned());
    assert_eq!(log(&world, device).await, [(1, revoked()), (2, revoked()), (3, revoked())]);
    assert!(claire.read_log().await.is_empty());

    let coordo = world.sign_in("coordo").await;
    let waiting: SetAside = coordo.send("GET", "/api/set-aside", vec![]).await.read();
    assert_eq!((waiting.items.len(), waiting.items[0].by.device.as_str()), (2, "Marché de Saverdun"));
    let applied: AppliedAgain = coordo.apply_again(person, device).await.read();
    assert_eq!(applied, AppliedAgain { applied: 2, stopped: None });
    let applied: AppliedAgain = coordo.apply_again(operations[2].record_id, device).await.read();
    assert_eq!(applied, AppliedAgain { applied: 1, stopped: None });
    assert_eq!(claire.read_log().await.len(), 3, "hers, once somebody looked at it");
}

/// What the server did not seal itself is no token, whatever it says; and who tries is slowed down, alone.
#[tokio::test]
async fn a_forged_token_is_not_believed() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let stand = open(&world, &claire).await;
    let secret: String =
        sqlx::query_scalar("SELECT secret FROM seal").fetch_one(&world.database().await).await.unwrap();
    let secret = server::seal::Secret::from_hex(&secret).unwrap();
    let pass = secret.open(&stand.opened.token).unwrap();
    let mut pass_of_claire: Value = serde_json::from_slice(&pass).unwrap();
    pass_of_claire["token"] = json!(claire.signed_in.token);
    pass_of_claire["device"] = json!(claire.id);
    let own = &stand.opened.token;
    let forged = [
        seal(&stand.opened.seal_key, &pass),
        Sealed { key: own.key.to_uppercase(), ..own.clone() },
        Sealed { iv: "00".repeat(12), ..own.clone() },
        Sealed { content: own.content.replacen(&own.content[..1], "x", 1), ..own.clone() },
        // Not even by the server itself, for a device that is no stand.
        secret.seal_own(pass_of_claire.to_string().as_bytes()),
        secret.seal_own(b"{}"),
    ];
    for token in &forged {
        assert_eq!(stand.try_push(token, &[]).await.refused(401).code, "stand-unknown", "{token:?}");
    }
    for _ in 0..4 {
        stand.try_push(&forged[4], &[]).await.refused(401);
    }
    let slowed = stand.try_push(&forged[4], &[]).await;
    assert_eq!(slowed.refused(429).code, "too-many-tries");
    assert!(slowed.headers.contains_key("retry-after"));
    for n in 0..40 {
        let other = Sealed { content: format!("{n:02}{}", &own.content), ..own.clone() };
        stand.try_push(&other, &[]).await;
    }
    assert_eq!(stand.try_push(&forged[5], &[]).await.refused(429).code, "too-many-tries", "from this address");
    assert_eq!(world.try_sign_in("claire", PASSWORD, None).await.status, 200, "nobody else waits");
}

#[tokio::test]
async fn a_push_has_limits() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let mut stand = open(&world, &claire).await;
    let create = stand.writer.create_person();
    let one = stand.seal(&create);
    let many: Vec<_> = (1..=201).map(|device_seq| SealedOperation { device_seq, sealed: one.sealed.clone() }).collect();
    let refused = stand.try_push(&stand.opened.token, &many).await.refused(400);
    assert_eq!((refused.code.as_str(), refused.position), ("bad-operation", Some(MAX_OPERATIONS)));
    assert_eq!(stand.push(&many[..200]).await.received.len(), 200);
    assert_eq!(log(&world, stand.opened.device_id).await.len(), 1, "one operation, two hundred times");
    for device_seq in [0, u64::MAX] {
        let wrong = SealedOperation { device_seq, ..one.clone() };
        let refused = stand.try_push(&stand.opened.token, &[one.clone(), wrong]).await.refused(400);
        assert_eq!((refused.code.as_str(), refused.position), ("bad-operation", Some(1)));
    }
    let huge = world.post("/api/stand/push", &[], vec![b' '; MAX_STAND_BYTES + 1]).await.refused(413);
    assert_eq!(huge.code, "too-large");
    for body in ["", "{}", r#"{"token":3,"operations":[]}"#] {
        assert_eq!(world.post("/api/stand/push", &[], body).await.refused(400).code, "unreadable");
    }
}

/// A backup made before the stand was opened is restored: the stand is known by its token, and nothing is lost.
#[tokio::test]
async fn a_restored_server_knows_its_stands_again() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let mut stand = open(&world, &claire).await;
    let (_, operations) = stand.sign_up("Salvan");
    let forget =
        "DELETE FROM stand; DELETE FROM device WHERE recovery_key = ''; DELETE FROM account WHERE login = 'stand'";
    sqlx::raw_sql(forget).execute(&world.database().await).await.unwrap();
    assert_eq!(stand.push(&stand.seals(&operations)).await.received, [1, 2, 3]);
    assert_eq!(claire.read_log().await.len(), 3, "hers, as before");
    let lines = listed(&claire).await;
    assert_eq!((lines[0].name.as_str(), lines[0].until), ("Marché de Saverdun", stand.opened.until));

    // Made before even its opener's account: nobody could follow what it brings.
    let karim = world.sign_in("karim").await;
    let orphan = open(&world, &karim).await;
    let forget = "PRAGMA foreign_keys = OFF; DELETE FROM stand WHERE opened_by = (SELECT account FROM account WHERE login = 'karim');
        DELETE FROM device WHERE name = 'Marché de Saverdun' AND device NOT IN (SELECT device FROM stand);
        DELETE FROM account WHERE login = 'karim'";
    sqlx::raw_sql(forget).execute(&world.database().await).await.unwrap();
    let told = orphan.try_push(&orphan.opened.token, &[]).await.refused(401);
    assert_eq!(told.code, "stand-unknown");
    assert!(told.message.contains("les saisies restent sur cet appareil"));
}

/// Its opener left in between: what a stand adds follows the person it speaks of.
#[tokio::test]
async fn what_comes_late_follows_its_person() {
    let world = World::start().await;
    let claire = world.sign_in("claire").await;
    let mut stand = open(&world, &claire).await;
    let (_, operations) = stand.sign_up("Salvan");
    stand.push(&stand.seals(&operations[..2])).await;
    assert!(world.hand_over("claire", "karim").status.success());
    stand.push(&stand.seals(&operations[2..])).await;
    assert_eq!(log(&world, stand.opened.device_id).await, [(1, None), (2, None), (3, None)]);
    let owners: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT login FROM record JOIN account ON account.account = record.owner")
            .fetch_all(&world.database().await)
            .await
            .unwrap();
    assert_eq!(owners, ["karim"]);
}
