//! What an administrator types, with files of the official shape.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::world::prepare;

fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    command.args(arguments).arg("--data").arg(data).stdin(Stdio::null()).output().unwrap()
}

fn text(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&all).replace(['\u{a0}', '\u{202f}'], " ")
}

#[track_caller]
fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(output));
    text(output)
}

fn synthetic(file: &Path, rows: &str, more: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    let output = command.args(["synthetic", "rpps"]).arg(file).args(["--rows", rows]).args(more).output().unwrap();
    done(&output);
}

async fn records(data: &Path) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join(server::store::FILE));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM record").fetch_one(&pool).await.unwrap()
}

#[tokio::test]
async fn from_the_communes_to_the_undo() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    prepare(data).await.close().await;
    let file = data.join("PS_LibreAcces_Personne_activite_202511010822.txt");
    synthetic(&file, "2000", &["--share", "300", "--faults"]);
    let file = file.to_str().unwrap();

    let early = run(data, &["import", "rpps", file, "--apply"]);
    assert!(!early.status.success() && text(&early).contains("territory communes add"), "{}", text(&early));
    let postal = run(data, &["territory", "communes", "add", "31870"]);
    assert!(!postal.status.success() && text(&postal).contains("31263  Lagardelle-sur-Lèze"), "{}", text(&postal));
    // Fos has the code that Auterive has for its letters.
    let fos = done(&run(data, &["territory", "communes", "add", "31190"]));
    assert!(fos.contains("31190 (Fos) est aussi un code postal") && fos.contains("31345  Miremont"), "{fos}");
    done(&run(data, &["territory", "communes", "remove", "31190"]));
    done(&run(data, &["territory", "communes", "add", "31033", "31345", "09282"]));
    done(&run(data, &["territory", "communes", "joins", "09282", "2027-01-01"]));
    done(&run(data, &["territory", "communes", "at", "31033", "43.3517", "1.4758"]));
    let list = done(&run(data, &["territory", "communes", "list"]));
    assert!(list.contains("09282  Saverdun  09700  rejoint le 2027-01-01"), "{list}");
    assert!(list.contains("31033  Auterive  31190  43.3517 1.4758"), "{list}");

    let refused = data.join("refused.txt");
    let shown = done(&run(data, &["import", "rpps", file, "--refused", refused.to_str().unwrap()]));
    assert!(shown.contains("Rien n’a été importé. Ajoutez --apply"), "{shown}");
    assert!(shown.contains("Ligne ") && shown.contains("fiches nouvelles"), "{shown}");
    assert!(!std::fs::read_to_string(&refused).unwrap().is_empty());
    // Nothing is written over, least of all the official file; a wrong path leaves nothing behind.
    let official = std::fs::read(file).unwrap();
    let over = run(data, &["import", "rpps", file, "--refused", file, "--apply"]);
    assert!(!over.status.success() && text(&over).contains("existe déjà. Rien n’a été importé"), "{}", text(&over));
    assert_eq!(std::fs::read(file).unwrap(), official);
    let untouched = data.join("untouched.txt");
    let absent = run(data, &["import", "rpps", "/nowhere.txt", "--refused", untouched.to_str().unwrap()]);
    assert!(!absent.status.success() && !untouched.exists(), "{}", text(&absent));
    assert_eq!(records(data).await, 0, "a preview writes nothing");

    let applied = done(&run(data, &["import", "rpps", file, "--apply"]));
    assert!(applied.contains("à informer avant le"), "{applied}");
    let imported = records(data).await;
    assert!(imported > 100, "{imported}");
    let again = done(&run(data, &["import", "rpps", file, "--apply"]));
    assert!(again.contains("      0  fiches nouvelles\n      0  fiches changées"), "{again}");

    // Half of the file never came.
    let cut = data.join("PS_LibreAcces_Personne_activite_202512010822.txt");
    let whole = std::fs::read_to_string(file).unwrap();
    std::fs::write(&cut, whole.lines().take(1000).collect::<Vec<_>>().join("\n")).unwrap();
    let cut = cut.to_str().unwrap();
    let refused = run(data, &["import", "rpps", cut, "--apply"]);
    assert!(!refused.status.success() && text(&refused).contains("sans doute coupé"), "{}", text(&refused));
    assert!(done(&run(data, &["import", "rpps", cut, "--preview"])).contains("ajoutez --many-gone"));
    done(&run(data, &["import", "rpps", cut, "--apply", "--many-gone"]));

    let list = done(&run(data, &["import", "list"]));
    let id = list.lines().last().unwrap().split_whitespace().next().unwrap().to_owned();
    let people = done(&run(data, &["import", "inform", &id]));
    assert!(people.contains("personnes à informer avant le"), "{people}");
    done(&run(data, &["import", "inform", &id, "--done"]));
    let ids: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(ids.len(), 3);
    for newer in &ids[..2] {
        let early = run(data, &["import", "undo", &id]);
        assert!(!early.status.success() && text(&early).contains(&format!("import undo {newer}")), "{}", text(&early));
        done(&run(data, &["import", "undo", newer]));
    }
    let undone = done(&run(data, &["import", "undo", &id]));
    assert!(undone.contains(&format!("{imported} fiches retirées, 0 fiche remise")), "{undone}");
    let twice = run(data, &["import", "undo", &id]);
    assert!(!twice.status.success() && text(&twice).contains("déjà été annulé"), "{}", text(&twice));
}

#[tokio::test]
async fn a_file_that_is_not_one_imports_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    prepare(data).await.close().await;
    done(&run(data, &["territory", "communes", "add", "31033"]));
    let good = data.join("good.txt");
    synthetic(&good, "50", &["--share", "1000"]);
    let good = std::fs::read_to_string(&good).unwrap();
    let windows: Vec<u8> = good.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    let without = good.replacen("Code commune (coord. structure)", "Autre chose", 1);
    for (name, bytes, said) in [
        ("windows.txt", windows, "UTF-8"),
        ("semicolons.txt", good.replace('|', ";").into_bytes(), "points-virgules"),
        ("column.txt", without.into_bytes(), "Code commune (coord. structure)"),
        ("empty.txt", Vec::new(), "vide"),
        ("words.txt", b"nothing of the kind\n".to_vec(), "importé"),
    ] {
        let file = data.join(name);
        std::fs::write(&file, bytes).unwrap();
        let output = run(data, &["import", "rpps", file.to_str().unwrap(), "--on", "2025-11-01", "--apply"]);
        assert!(!output.status.success(), "{name}: {}", text(&output));
        assert!(text(&output).contains(said), "{name}: {}", text(&output));
    }
    let absent = run(data, &["import", "rpps", "/nowhere.txt", "--apply"]);
    assert!(!absent.status.success() && text(&absent).contains("Rien n’a été importé"), "{}", text(&absent));
    let undated = data.join("good.txt");
    let undated = run(data, &["import", "rpps", undated.to_str().unwrap(), "--apply"]);
    assert!(!undated.status.success() && text(&undated).contains("--on"), "{}", text(&undated));
    assert_eq!(records(data).await, 0);
}

/// Killed at any instant, an import is there whole or not at all.
#[tokio::test]
async fn a_killed_import_leaves_nothing_or_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    prepare(data).await.close().await;
    done(&run(data, &["territory", "communes", "add", "31033", "31345", "09282"]));
    let file = data.join("PS_LibreAcces_Personne_activite_202511010822.txt");
    synthetic(&file, "1500", &["--share", "1000"]);
    let mut nothing = 0;
    for round in 0..5_u64 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
        command.args(["import", "rpps"]).arg(&file).args(["--apply", "--data"]).arg(data);
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        // What was read is told, then the writing begins.
        let out = BufReader::new(child.stdout.take().unwrap());
        let read = out.lines().map(Result::unwrap).any(|line| line.contains("gardées"));
        assert!(read, "the file was never read");
        std::thread::sleep(Duration::from_millis(20 + 60 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let imports = done(&run(data, &["import", "list"]));
        if imports.contains("Aucun import") {
            assert_eq!(records(data).await, 0, "half an import");
            nothing += 1;
        }
    }
    assert!(nothing > 0, "every kill came too late");
    done(&run(data, &["import", "rpps", file.to_str().unwrap(), "--apply"]));
    assert!(records(data).await > 500);
}
