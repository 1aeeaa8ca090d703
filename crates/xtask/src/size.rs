//! What a first visit downloads, against the budget.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::client::files_under;
use crate::seal::local_references;

/// Above this the build fails. It stands just above what the client weighs today, far from the goal, so that it can only
/// go down: whoever makes the client lighter lowers it.
const LIMIT: u64 = 1_116_500;
/// The goal, with every programme in it.
const GOAL: u64 = 180_000;

/// One file of the first load.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub plain: u64,
    pub sent: u64,
}

/// What the page, its code, its styles and whatever it references weigh, as the server sends them.
pub fn first_load(dist: &Path) -> Result<Vec<Row>> {
    let html = fs::read_to_string(dist.join("index.html")).context("reading dist/index.html")?;
    let mut names: BTreeSet<String> =
        local_references(&html).into_iter().map(|path| path.trim_start_matches('/').to_owned()).collect();
    names.insert("index.html".to_owned());
    for file in files_under(dist)? {
        let name = file.strip_prefix(dist).unwrap_or(&file).to_string_lossy();
        // The service worker is fetched after the page is usable.
        let code = [".css", ".js", ".wasm"].iter().any(|e| name.ends_with(e));
        if code && name != "sw.js" {
            names.insert(name.into_owned());
        }
    }
    names.into_iter().map(|name| weigh(dist, name)).collect()
}

fn weigh(dist: &Path, name: String) -> Result<Row> {
    let size = |name: &str| fs::metadata(dist.join(name)).map(|m| m.len());
    let plain = size(&name).with_context(|| format!("index.html references /{name}: not there"))?;
    let sent = size(&format!("{name}.br")).unwrap_or(plain);
    Ok(Row { name, plain, sent })
}

/// Print the table; whether it fits.
pub fn report(rows: &[Row]) -> bool {
    println!("{:<44} {:>10} {:>10}", "first load", "bytes", "brotli");
    for row in rows {
        println!("{:<44} {:>10} {:>10}", row.name, row.plain, row.sent);
    }
    let sent: u64 = rows.iter().map(|row| row.sent).sum();
    let plain: u64 = rows.iter().map(|row| row.plain).sum();
    println!("{:<44} {plain:>10} {sent:>10}", "total");
    if sent > LIMIT {
        println!("Too heavy: {} bytes above the limit of {LIMIT}.", sent - LIMIT);
    } else if sent > GOAL {
        println!("warning: {} bytes above the goal of {GOAL}.", sent - GOAL);
    }
    sent <= LIMIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_and_references_once_and_not_the_worker() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, size: usize| {
            fs::write(folder.path().join(name), "x".repeat(size)).expect("written");
        };
        let page = "<link href=/a.css><link href=/icon.png><script src=/b.js></script>";
        fs::write(folder.path().join("index.html"), page).expect("written");
        write("a.css", 400);
        write("a.css.br", 40);
        write("b.js", 10);
        write("c_bg.wasm", 9000);
        write("c_bg.wasm.br", 3000);
        write("icon.png", 5);
        write("icon-unreferenced.png", 7);
        write("sw.js", 1000);
        let rows = first_load(folder.path()).expect("weighed");
        let sent: Vec<(&str, u64)> = rows.iter().map(|r| (r.name.as_str(), r.sent)).collect();
        let page = page.len() as u64;
        assert_eq!(sent, [("a.css", 40), ("b.js", 10), ("c_bg.wasm", 3000), ("icon.png", 5), ("index.html", page)]);
    }

    #[test]
    fn a_broken_reference_is_an_error() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("index.html"), "<img src=/gone.png>").expect("written");
        assert!(first_load(folder.path()).is_err());
    }

    #[test]
    fn the_limit_itself_still_fits() {
        let row = |sent| Row { name: "a".into(), plain: sent, sent };
        assert!(report(&[row(LIMIT)]));
        assert!(!report(&[row(LIMIT), row(1)]));
    }
}
