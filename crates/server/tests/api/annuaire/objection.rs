use std::process::{Command, Output};

use super::*;

fn run(territory: &Territory, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    command.args(arguments).arg("--data").arg(territory.world.folder.path()).output().unwrap()
}

#[tokio::test]
async fn who_objects_is_erased_and_never_comes_back() {
    let territory = Territory::start().await;
    let folder = territory.world.folder.path();
    territory.apply("2025-11-01", both()).await;
    let backup = folder.join("before.sqlite");
    assert!(run(&territory, &["backup", "--to", backup.to_str().unwrap()]).status.success());

    let wrong = run(&territory, &["annuaire", "objection", "99700000014"]);
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("Rien n’a changé"));
    let done = run(&territory, &["annuaire", "objection", MARIE]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let names = async |territory: &Territory| -> Vec<String> {
        territory.members().await.cards.into_iter().map(|card| card.entry.name).collect()
    };
    assert_eq!(names(&territory).await, ["ESSAI"]);
    let again = territory.apply("2025-12-01", both()).await;
    assert_eq!((again.plan.counts.suppressed, again.plan.new.len()), (1, 0));
    assert_eq!(names(&territory).await, ["ESSAI"]);

    // Nothing of her is left in the database but the number that keeps her out.
    let database = territory.world.database().await;
    let everything =
        "SELECT body FROM operation UNION ALL SELECT state FROM record UNION ALL SELECT former FROM import_card";
    let rows: Vec<String> = sqlx::query_scalar(everything).fetch_all(&database).await.unwrap();
    assert!(rows.len() > 4 && rows.iter().all(|row| !row.contains("EXEMPLE") && !row.contains(MARIE)));

    // A backup made before restores her for an instant only, and the next import leaves her out.
    let restored = tempfile::tempdir().unwrap();
    for list in ["erased.txt", "objections.txt"] {
        std::fs::copy(folder.join(list), restored.path().join(list)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    let output = command.arg("restore").arg(&backup).arg("--data").arg(restored.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let store = Store::open(restored.path()).await.unwrap();
    let id = store.territory().await.unwrap().unwrap().id;
    let cards = store.cards(id).await.unwrap().known;
    assert_eq!(cards.len(), 1);
    assert!(cards[0].fields["name"]["v"] == "ESSAI");
    let suppressed = store.suppressed(id).await.unwrap();
    assert!(suppressed.iter().any(|one| one.0 == format!("rpps:{MARIE}")), "{suppressed:?}");

    // So does one whose list of erasures was lost, or that holds another card of hers.
    let alone = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("objections.txt"), alone.path().join("objections.txt")).unwrap();
    let elsewhere = alone.path().join("alone.sqlite");
    std::fs::copy(&backup, &elsewhere).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    let output = command.arg("restore").arg(&elsewhere).arg("--data").arg(alone.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(said.contains("effacés à nouveau : 1."), "{said}");
    let store = Store::open(alone.path()).await.unwrap();
    let cards = store.cards(id).await.unwrap().known;
    assert_eq!(cards.iter().map(|card| &card.fields["name"]["v"]).collect::<Vec<_>>(), ["ESSAI"]);
}

/// A card that an import took back is deleted, not erased: it still tells who she is.
#[tokio::test]
async fn a_deleted_card_is_erased_too() {
    let territory = Territory::start().await;
    let imported = territory.apply("2025-11-01", both()).await;
    territory.undo(&imported).await;
    assert!(territory.members().await.cards.is_empty());
    let done = run(&territory, &["annuaire", "objection", MARIE]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.starts_with("1\u{a0}fiche effacée."), "{said}");
    let database = territory.world.database().await;
    let everything =
        "SELECT body FROM operation UNION ALL SELECT state FROM record UNION ALL SELECT former FROM import_card";
    let rows: Vec<String> = sqlx::query_scalar(everything).fetch_all(&database).await.unwrap();
    assert!(rows.len() > 4 && rows.iter().all(|row| !row.contains("EXEMPLE") && !row.contains(MARIE)));
    assert!(rows.iter().any(|row| row.contains("ESSAI")), "the other is left as she was");
}

/// Two practices of one address share its SIRET: one may leave without the other.
#[tokio::test]
async fn a_shared_siret_takes_nobody_else_away() {
    let territory = Territory::start().await;
    let mut entries = both();
    entries.iter_mut().for_each(|entry| entry.siret = Some("99700000000013".into()));
    territory.apply("2025-11-01", entries.clone()).await;
    assert!(run(&territory, &["annuaire", "objection", MARIE]).status.success());
    let suppressed = territory.store.suppressed(territory.store.territory().await.unwrap().unwrap().id).await.unwrap();
    assert_eq!(suppressed.into_iter().map(|one| one.0).collect::<Vec<_>>(), [format!("rpps:{MARIE}")]);
    let again = territory.apply("2025-12-01", entries).await.plan;
    assert_eq!((again.counts.suppressed, again.counts.same, again.gone.len()), (1, 1, 0));
    assert_eq!(territory.members().await.cards.len(), 1);
}

#[tokio::test]
async fn an_objection_that_nothing_identifies_says_so() {
    let territory = Territory::start().await;
    territory.apply("2025-11-01", both()).await;
    let marie = territory.members().await.cards[1].id;
    let database = territory.world.database().await;
    let sql = "UPDATE record SET state = json_remove(state, '$.fields.rpps') WHERE record = ?";
    sqlx::query(sql).bind(marie.to_string()).execute(&database).await.unwrap();
    let done = run(&territory, &["annuaire", "objection", &marie.to_string()]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("un import peut la faire revenir"), "{said}");
    assert!(said.contains("annuaire objection RPPS") && !said.contains("Aucun import"), "{said}");
    let again = run(&territory, &["annuaire", "objection", &marie.to_string()]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("Rien n’a changé"));
    let with_number = run(&territory, &["annuaire", "objection", MARIE]);
    assert!(String::from_utf8_lossy(&with_number.stdout).contains("Aucun import ne la fera revenir"));
}
