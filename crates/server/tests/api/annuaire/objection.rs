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
    territory.apply("2026-11-01", both()).await;
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
    let again = territory.apply("2026-12-01", both()).await;
    assert_eq!((again.plan.suppressed, again.plan.new.len()), (1, 0));
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
}
