//! The list of files the service worker keeps, and the version that changes with any of them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use super::short_hash;
use crate::client::files_under;

const LIST: &str = "__PRECACHE__";
const VERSION: &str = "__VERSION__";

/// Put the list (a JSON array) and the version (16 hexadecimal digits, unquoted) in the places
/// `sw.js` keeps for them.
pub fn fill_service_worker(folder: &Path) -> Result<()> {
    let worker = folder.join("sw.js");
    let source = fs::read_to_string(&worker).context(
        "sw.js is not in the build, so the client would not start offline; \
         index.html must copy it there",
    )?;
    for token in [LIST, VERSION] {
        ensure!(source.contains(token), "sw.js has no place for {token}");
    }
    let (paths, version) = list(folder)?;
    let paths = serde_json::to_string(&paths).context("writing the precache list")?;
    let filled = source.replace(LIST, &paths).replace(VERSION, &version);
    fs::write(&worker, filled).context("writing sw.js")
}

fn list(folder: &Path) -> Result<(Vec<String>, String)> {
    let mut paths = Vec::new();
    let mut hash = Sha256::new();
    for file in files_under(folder)? {
        let name = file
            .strip_prefix(folder)
            .context("a file outside its folder")?
            .to_str()
            .context("a file name that is not UTF-8")?
            .replace('\\', "/");
        let kept = name != "sw.js" && ![".br", ".gz", ".map"].iter().any(|e| name.ends_with(e));
        if !kept {
            continue;
        }
        let contents = fs::read(&file).with_context(|| format!("reading {name}"))?;
        // Contents too: the manifest and the icons keep their names when they change.
        hash.update(name.as_bytes());
        hash.update((contents.len() as u64).to_le_bytes());
        hash.update(&contents);
        paths.push(if name == "index.html" { "/".to_owned() } else { format!("/{name}") });
    }
    paths.sort();
    Ok((paths, short_hash(hash)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("icons")).expect("made");
        for (name, text) in [
            ("index.html", "<p>"),
            ("client-1_bg.wasm", "wasm"),
            ("client-1.js", "js"),
            ("client-1.js.map", "map"),
            ("client-1.js.br", "br"),
            ("client-1.js.gz", "gz"),
            ("icons/icon-192.png", "png"),
            ("sw.js", "const V = '__VERSION__'; const C = `c-__VERSION__`; const F = __PRECACHE__;"),
        ] {
            fs::write(folder.path().join(name), text).expect("written");
        }
        folder
    }

    #[test]
    fn fills_the_list_and_the_version() {
        let folder = folder();
        let (paths, version) = list(folder.path()).expect("listed");
        assert_eq!(paths, ["/", "/client-1.js", "/client-1_bg.wasm", "/icons/icon-192.png"]);
        fill_service_worker(folder.path()).expect("filled");
        let worker = fs::read_to_string(folder.path().join("sw.js")).expect("read");
        assert_eq!(
            worker,
            format!(
                "const V = '{version}'; const C = `c-{version}`; const F = [\"/\",\
                 \"/client-1.js\",\"/client-1_bg.wasm\",\"/icons/icon-192.png\"];"
            )
        );
        assert_eq!(version.len(), 16);
    }

    #[test]
    fn the_version_follows_every_listed_file_and_no_other() {
        let folder = folder();
        let version = || list(folder.path()).expect("listed").1;
        let write = |name: &str| fs::write(folder.path().join(name), "new").expect("written");
        let first = version();
        write("client-1.js.br");
        assert_eq!(version(), first);
        write("icons/icon-192.png");
        assert_ne!(version(), first);
    }

    #[test]
    fn a_worker_without_a_place_or_no_worker_stops_the_build() {
        let folder = folder();
        fs::write(folder.path().join("sw.js"), "const V = '__VERSION__';").expect("written");
        assert!(fill_service_worker(folder.path()).is_err());
        fs::remove_file(folder.path().join("sw.js")).expect("removed");
        assert!(fill_service_worker(folder.path()).is_err());
    }
}
