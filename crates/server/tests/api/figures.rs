//! What is counted over everybody: numbers, for those who may read them.

use domain::figures::{Cell, Document};
use domain::programmes::FIGURES;
use serde_json::json;
use sync::OperationKind::{Create, Delete, Set};

use crate::world::{Device, World, new_record};

/// An edition with a stand, and as many sign-ups of two professionals.
async fn season(world: &World, each: usize) -> (Device, domain::id::RecordId) {
    let (mut coordo, edition, stand) = (world.sign_in("coordo").await, new_record(), new_record());
    let year = json!({ "year": 2026, "starts": "2026-11-01", "ends": "2026-11-30" });
    let created = [
        coordo.write(Create, edition, "tabac-edition", year),
        coordo.write(
            Create,
            stand,
            "tabac-stand",
            json!({ "edition": edition, "place": "Marché", "on": "2026-11-02" }),
        ),
        coordo.write(Create, new_record(), "tabac-tally", json!({ "parent": stand, "met": 31 })),
        coordo.write(Create, new_record(), "tabac-tally", json!({ "parent": stand, "met": 4 })),
    ];
    coordo.push(&created).await;
    for login in ["claire", "karim"] {
        let mut device = world.sign_in(login).await;
        for n in 0..each {
            let person = device.create_person();
            let id = person.record_id;
            let named = device.set(id, json!({ "given_name": format!("Planted-{login}-{n}") }));
            let challenger = device.write(
                Create,
                new_record(),
                "tabac-challenger",
                json!({ "parent": id, "edition": edition, "stand": stand, "quit_on": "2026-11-01", "age": "adult",
                    "started_at": 1_793_600_000_000_i64, "finished_at": 1_793_600_060_000_i64 }),
            );
            device.push(&[person, named, challenger]).await;
        }
    }
    (coordo, edition)
}

fn counts(document: &Document) -> Vec<i64> {
    let cells = document.tables.iter().flat_map(|table| table.rows.iter().flatten());
    cells.filter_map(|cell| if let Cell::Count(count) = cell { Some(*count) } else { None }).collect()
}

#[tokio::test]
async fn figures_are_read_by_their_readers_and_name_nobody() {
    let world = World::start().await;
    let (coordo, edition) = season(&world, 6).await;
    for figures in FIGURES {
        let path = format!("/api/figures/{}/{}", figures.programme, figures.id);
        for (login, role) in [
            ("claire", domain::people::Role::Professional),
            ("coordo", domain::people::Role::Coordinator),
            ("admin", domain::people::Role::Administrator),
        ] {
            let device = world.sign_in(login).await;
            let may = figures.readers.contains(&role);
            for shape in ["", ".csv", ".xlsx"] {
                let reply = device.send("GET", &format!("{path}{shape}"), vec![]).await;
                assert_eq!(reply.status, if may { 200 } else { 403 }, "{login} {path}{shape}");
                assert!(!reply.text().contains("Planted"), "{login} {path}{shape}");
            }
        }
    }
    for absent in ["tabac/absent", "absent/bilan", "tabac/bilan.pdf", "tabac/bilan.csv.csv"] {
        assert_eq!(coordo.send("GET", &format!("/api/figures/{absent}"), vec![]).await.status, 404, "{absent}");
    }
    assert_eq!(coordo.send("GET", "/api/figures/tabac/bilan?of=hier", vec![]).await.status, 400);
    let asked = format!("/api/figures/tabac/bilan?of={edition}&offset=60");
    let document: Document = coordo.send("GET", &asked, vec![]).await.read();
    assert!(counts(&document).contains(&35), "people met, on two telephones: {document:?}");
    assert!(counts(&document).contains(&12), "sign-ups of both: {document:?}");
}

#[tokio::test]
async fn what_is_gone_is_counted_no_more() {
    let world = World::start().await;
    let (mut coordo, edition) = season(&world, 1).await;
    let path = format!("/api/figures/tabac/bilan?of={edition}");
    let tallies = coordo.read_log().await;
    let tally = tallies.iter().find(|one| one.operation.record_kind == "tabac-tally").unwrap().operation.record_id;
    let delete = coordo.write(Delete, tally, "tabac-tally", json!({ "deleted": true }));
    let more = coordo.write(Set, edition, "tabac-edition", json!({ "pack_price": 1400 }));
    coordo.push(&[delete, more]).await;
    let document: Document = coordo.send("GET", &path, vec![]).await.read();
    assert!(counts(&document).contains(&4) && !counts(&document).contains(&35), "{document:?}");
}

#[tokio::test]
async fn whoever_is_deleted_is_counted_no_more() {
    let world = World::start().await;
    let (coordo, edition) = season(&world, 5).await;
    let path = format!("/api/figures/tabac/bilan?of={edition}");
    let told = async || counts(&coordo.send("GET", &path, vec![]).await.read());
    assert!(told().await.contains(&10));
    let mut claire = world.sign_in("claire").await;
    let people = claire.read_log().await;
    let person = people.iter().find(|one| one.operation.record_kind == "person").unwrap().operation.record_id;
    let delete = claire.write(Delete, person, "person", json!({ "deleted": true }));
    claire.push(&[delete]).await;
    let left = told().await;
    assert!(left.contains(&9) && !left.contains(&10), "her sign-up is still there, and counts nowhere: {left:?}");
}

#[tokio::test]
async fn a_file_is_for_a_french_spreadsheet_and_its_leaving_is_noted() {
    let world = World::start().await;
    let (coordo, _) = season(&world, 1).await;
    let exports = async || {
        let sql = "SELECT count(*) FROM audit WHERE event = 'exported' AND detail = 'figures'";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&world.database().await).await.unwrap()
    };
    coordo.send("GET", "/api/figures/tabac/bilan", vec![]).await;
    assert_eq!(exports().await, 0, "reading is no export");
    let csv = coordo.send("GET", "/api/figures/tabac/bilan.csv", vec![]).await;
    assert!(csv.body.starts_with(&[0xef, 0xbb, 0xbf]) && csv.text().contains(';'));
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let name = "attachment; filename=\"bilan-sans-tabac-2026-cpts-d-essai.csv\"";
    assert_eq!(csv.headers["content-disposition"], name);
    let first: Vec<String> = csv.text().lines().take(3).map(str::to_owned).collect();
    assert!(first[0].contains("2026") && first[1] == "CPTS d’essai", "what and where: {first:?}");
    assert!(first[2].starts_with("Compté le ") && first[2].contains("\u{a0}h"), "when: {first:?}");
    assert_eq!(csv.headers["cache-control"], "no-store");
    let xlsx = coordo.send("GET", "/api/figures/tabac/bilan.xlsx", vec![]).await;
    assert!(xlsx.body.starts_with(b"PK"));
    assert_eq!(exports().await, 2);
}
