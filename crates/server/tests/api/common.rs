//! Records of the territory that tell nothing of a person: who sees them, who writes them, who may name them.

use domain::id::RecordId;
use domain::people::Role;
use serde_json::json;
use sync::OperationKind::{Create, Delete, Erase, Set};
use sync::protocol::{Fate, Pushed, Quarantine};
use sync::{Operation, OperationKind};

use crate::sharing::all_agree;
use crate::tablet::Tablet;
use crate::world::{Device, World, new_record};

/// What becomes of a write.
type Write = Option<Quarantine>;

const DONE: Write = None;
const NO: Write = Some(Quarantine::NoRight);
const KEPT: Write = Some(Quarantine::Kept);

/// Caller and kind of record; whether she sees it; what becomes of her beginning one, changing one, deleting and erasing it.
const CELLS: &[(&str, &str, bool, [Write; 4])] = &[
    ("coordo", "tabac-edition", true, [DONE, DONE, KEPT, NO]),
    ("claire", "tabac-edition", true, [NO, NO, NO, NO]),
    ("lou", "tabac-edition", true, [NO, NO, NO, NO]),
    ("admin", "tabac-edition", true, [NO, NO, NO, NO]),
    ("coordo", "tabac-stand", true, [DONE, DONE, DONE, NO]),
    ("claire", "tabac-stand", true, [DONE, DONE, DONE, NO]),
    ("lou", "tabac-stand", false, [NO, NO, NO, NO]),
    ("admin", "tabac-stand", true, [NO, NO, NO, NO]),
    ("coordo", "tabac-tally", true, [DONE, DONE, DONE, NO]),
    ("claire", "tabac-tally", true, [DONE, DONE, DONE, NO]),
    ("lou", "tabac-tally", false, [NO, NO, NO, NO]),
    ("admin", "tabac-tally", true, [NO, NO, NO, NO]),
    ("coordo", "tabac-draw", true, [DONE, DONE, KEPT, NO]),
    ("claire", "tabac-draw", false, [NO, NO, NO, NO]),
    ("lou", "tabac-draw", false, [NO, NO, NO, NO]),
    ("admin", "tabac-draw", false, [NO, NO, NO, NO]),
];

/// The day, the edition and the count that the others look at.
struct Scene {
    world: World,
    edition: RecordId,
    stand: RecordId,
}

fn field(kind: &str) -> serde_json::Value {
    match kind {
        "tabac-edition" => json!({ "pack_brand": "Planted" }),
        "tabac-stand" => json!({ "place": "Planted" }),
        "tabac-tally" => json!({ "met": 31 }),
        _ => json!({ "witness": "Planted" }),
    }
}

async fn fate(device: &Device, operation: &Operation) -> Write {
    let reply = device.try_push(std::slice::from_ref(operation)).await;
    match reply.read::<Pushed>().fates.remove(0).1 {
        Fate::Quarantined { reason, .. } => Some(reason),
        _ => None,
    }
}

impl Scene {
    async fn set() -> Self {
        let world = World::start().await;
        world.add("lou", Role::Sentinel).await;
        let (edition, stand) = (new_record(), new_record());
        let mut coordo = world.sign_in("coordo").await;
        for (kind, id, fields) in [
            ("tabac-edition", edition, json!({ "year": 2026 })),
            ("tabac-stand", stand, json!({ "edition": edition, "place": "Marché" })),
        ] {
            let create = coordo.write(Create, id, kind, fields);
            assert_eq!(fate(&coordo, &create).await, DONE, "{kind}");
        }
        Self { world, edition, stand }
    }

    /// Begins a record of a kind.
    fn begin(&self, device: &mut Device, kind: &str) -> Operation {
        let fields = match kind {
            "tabac-edition" => json!({ "year": 2026 }),
            "tabac-tally" => json!({ "parent": self.stand }),
            _ => json!({ "edition": self.edition }),
        };
        device.write(Create, new_record(), kind, fields)
    }
}

#[tokio::test]
async fn each_role_sees_and_writes_what_is_common_as_its_kind_says() {
    let scene = Scene::set().await;
    let mut coordo = scene.world.sign_in("coordo").await;
    for &(login, kind, sees, [create, set, delete, erase]) in CELLS {
        let begun = scene.begin(&mut coordo, kind);
        let id = begun.record_id;
        assert_eq!(fate(&coordo, &begun).await, DONE, "{kind}");
        let planted = coordo.write(Set, id, kind, field(kind));
        assert_eq!(fate(&coordo, &planted).await, DONE, "{kind}");

        let mut device = scene.world.sign_in(login).await;
        for path in ["/api/pull?epoch=1&since=0", "/api/snapshot"] {
            let text = device.send("GET", path, vec![]).await.text();
            assert_eq!(text.contains(&id.to_string()), sees, "{login} {kind} {path}");
        }
        assert_eq!(device.history(id).await.status == 200, sees, "{login} {kind}");
        let begins = scene.begin(&mut device, kind);
        assert_eq!(fate(&device, &begins).await, create, "{login} begins {kind}");
        let write = |device: &mut Device, operation: OperationKind| {
            let fields = match operation {
                Set => field(kind),
                Delete => json!({ "deleted": true }),
                _ => json!({}),
            };
            device.write(operation, id, kind, fields)
        };
        for (operation, expected) in [(Erase, erase), (Set, set), (Delete, delete)] {
            // What was set aside holds back what the same device writes behind it.
            let mut device = scene.world.sign_in(login).await;
            let operation = write(&mut device, operation);
            assert_eq!(fate(&device, &operation).await, expected, "{login} {kind} {:?}", operation.kind);
        }
    }
}

#[tokio::test]
async fn what_is_common_is_on_every_device_that_may_hold_it_and_stays_there() {
    let world = World::start().await;
    let coordo = Tablet::sign_in(&world, "coordo").await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let stand = new_record();
    coordo.save_of("tabac-stand", Create, stand, &[("place", "Marché".into())], vec![]).await;
    all_agree(&world, &[&coordo, &claire, &karim]).await;
    let (here, there) = (
        claire.hang("tabac-tally", stand, &[("met", 3.into())]).await,
        karim.hang("tabac-tally", stand, &[("met", 4.into())]).await,
    );
    all_agree(&world, &[&claire, &karim, &coordo, &claire]).await;
    for tablet in [&coordo, &claire, &karim] {
        let held = tablet.held().await;
        assert!([stand, here, there].iter().all(|id| held.contains_key(id)), "both counts, whoever counted");
    }

    // Another stand, to which a count is hung: who sees what is settled again, and takes it from nobody.
    let other = new_record();
    claire.save_of("tabac-stand", Create, other, &[("place", "Collège".into())], vec![]).await;
    claire.save_of("tabac-tally", Set, here, &[("parent", other.to_string().into())], vec![]).await;
    all_agree(&world, &[&claire, &karim, &coordo]).await;
    assert!(karim.held().await.contains_key(&here) && karim.held().await.contains_key(&other));

    // Whoever comes later sees what her roles see.
    world.add("paul", Role::Professional).await;
    world.add("lou", Role::Sentinel).await;
    let (paul, lou) = (Tablet::sign_in(&world, "paul").await, Tablet::sign_in(&world, "lou").await);
    all_agree(&world, &[&paul, &lou]).await;
    let held = paul.held().await;
    assert!([stand, other, here, there].iter().all(|id| held.contains_key(id)));
    assert!(lou.held().await.is_empty(), "stands are not for sentinels");

    // They are handed over with the rest, were it to somebody who writes none, and stay in sight of everybody.
    coordo.save_of("tabac-edition", Create, new_record(), &[("year", 2026.into())], vec![]).await;
    all_agree(&world, &[&coordo, &claire]).await;
    for from in ["claire", "coordo"] {
        assert!(world.hand_over(from, "karim").status.success(), "{from}");
    }
    all_agree(&world, &[&claire, &karim, &coordo, &paul]).await;
    assert!(claire.held().await.contains_key(&other));
}

#[tokio::test]
async fn anybody_may_name_what_is_common_and_nobody_what_is_not() {
    let scene = Scene::set().await;
    let (mut claire, mut karim) = (scene.world.sign_in("claire").await, scene.world.sign_in("karim").await);
    let (hers, his) = (claire.create_person(), karim.create_person());
    let (person, stranger) = (hers.record_id, his.record_id);
    claire.push(&[hers]).await;
    karim.push(&[his]).await;
    let of_his = karim.write(Create, new_record(), "tabac-challenger", json!({ "parent": stranger }));
    karim.push(std::slice::from_ref(&of_his)).await;
    let mut signs_up = |fields: serde_json::Value| {
        let mut all = json!({ "parent": person });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        claire.write(Create, new_record(), "tabac-challenger", all)
    };
    let named = [
        (signs_up(json!({ "edition": scene.edition, "stand": scene.stand })), DONE),
        (signs_up(json!({ "edition": "" })), DONE),
        (signs_up(json!({ "edition": scene.stand })), Some(Quarantine::InvalidValue)),
        (signs_up(json!({ "edition": stranger })), NO),
        (signs_up(json!({ "stand": new_record() })), Some(Quarantine::UnknownRecord)),
        (signs_up(json!({ "stand": "somewhere" })), Some(Quarantine::InvalidValue)),
    ];
    let call = |device: &mut Device, challenger: RecordId| {
        device.write(Create, new_record(), "tabac-call", json!({ "parent": person, "challenger": challenger }))
    };
    let (own, other) = (call(&mut claire, named[0].0.record_id), call(&mut claire, of_his.record_id));
    for (operation, expected) in
        named.iter().map(|(operation, fate)| (operation, *fate)).chain([(&own, DONE), (&other, NO)])
    {
        assert_eq!(fate(&claire, operation).await, expected, "{:?}", operation.fields);
    }

    // A sign-up that came before its stand waits for it, whoever brings the stand and whoever waits.
    let late = new_record();
    let early = signs_up_at(&mut claire, person, late);
    assert_eq!(fate(&claire, &early).await, Some(Quarantine::UnknownRecord));
    let stand = karim.write(Create, late, "tabac-stand", json!({ "edition": scene.edition }));
    assert_eq!(fate(&karim, &stand).await, DONE);
    let states: i64 = sqlx::query_scalar("SELECT count(*) FROM record WHERE record = ?")
        .bind(early.record_id.to_string())
        .fetch_one(&scene.world.database().await)
        .await
        .unwrap();
    assert_eq!(states, 1, "it is applied");
}

fn signs_up_at(device: &mut Device, person: RecordId, stand: RecordId) -> Operation {
    device.write(Create, new_record(), "tabac-challenger", json!({ "parent": person, "stand": stand }))
}
