//! The invariants of `ARCHITECTURE.md` that are stated as what is *absent* from the sources.
//! (The clock and randomness in `domain` and `sync` are refused by their `clippy.toml`.)

use std::fs;
use std::path::{Path, PathBuf};

/// Every `.rs` file under `folder`, as (path from the root, text without comment lines).
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the source folder is there") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is UTF-8");
                let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                let name = path.strip_prefix(&root).expect("under the root").display().to_string();
                files.push((name, code.join("\n")));
            }
        }
    }
    assert!(!files.is_empty(), "no source under {folder}: the check would prove nothing");
    files
}

/// The files of `folder` outside `home` that contain one of `words`.
fn strays(folder: &str, home: &str, words: &[&str]) -> Vec<String> {
    sources(folder)
        .into_iter()
        .filter(|(name, _)| !name.contains(home))
        .flat_map(|(name, code)| {
            words
                .iter()
                .filter(|word| code.contains(**word))
                .map(|word| format!("{name} names {word}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

const BROWSER: &[&str] = &["web_sys", "js_sys", "wasm_bindgen::"];
const SQL: &[&str] = &["SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE ", "sqlx::query"];

#[test]
fn only_the_platform_layer_names_the_browser() {
    assert_eq!(strays("src", "src/platform/", BROWSER), Vec::<String>::new());
    assert!(!strays("src", "src/nowhere/", BROWSER).is_empty(), "the words are not the ones the platform uses");
}

#[test]
fn only_the_store_names_sql() {
    let home = "crates/server/src/store/";
    assert_eq!(strays("crates/server/src", home, SQL), Vec::<String>::new());
    assert!(!strays("crates/server/src", "nowhere/", SQL).is_empty(), "the words are not the ones the store uses");
}

#[test]
fn no_page_and_no_field_names_a_programme() {
    let names: Vec<&str> = domain::programmes::PROGRAMMES.iter().map(|programme| programme.id).collect();
    assert!(!names.is_empty());
    for folder in ["src/pages", "src/ui", "src/notebook", "crates/sync/src"] {
        for (name, code) in sources(folder) {
            // A national telephone number is no programme.
            let code = code.replace("Tabac info service", "").to_lowercase();
            for programme in &names {
                assert!(!code.contains(programme), "{name} names the programme {programme}");
            }
        }
    }
}

#[test]
fn domain_and_sync_know_neither_network_nor_disk() {
    let words = &["std::fs", "std::net", "std::env", "tokio", "web_sys", "SystemTime", "Instant::"];
    // The runners of cases read their files; they are compiled for the tests only.
    let runners = ["domain/src/programmes/cases.rs", "domain/src/annuaire/official/cases.rs"];
    for folder in ["crates/domain/src", "crates/sync/src"] {
        let mut found = strays(folder, runners[0], words);
        found.retain(|stray| !stray.contains(runners[1]));
        assert_eq!(found, Vec::<String>::new());
    }
}
