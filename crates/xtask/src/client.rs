//! The client, built once with its size profile for running, journeys and budget alike.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::command::{output_of, run};
use crate::tools::Tools;
use crate::workspace::{dist, root, target};

/// Everything the contents of `dist/` depend on.
const INPUTS: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/domain",
    "crates/sync",
    "crates/xtask/src/seal",
    "crates/xtask/src/seal.rs",
    "index.html",
    "public",
    "src",
    "style",
];

/// Build the client, unless `dist/` already holds the build of these very sources.
pub fn ensure_client(tools: &Tools) -> Result<()> {
    let root = root();
    let stamp = target().join("client-inputs.sha256");
    let inputs = digest(&root, &INPUTS)?;
    if fs::read_to_string(&stamp).is_ok_and(|old| digest_of_build(&inputs).is_ok_and(|now| now == old)) {
        println!("The client has not changed since its last build.");
        return Ok(());
    }
    println!("Building the client: about 7 minutes the first time, half a minute later.");
    run(Command::new(tools.trunk())
        .current_dir(&root)
        .args(["build", "--release"])
        .env("PATH", tools.path()?)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_local_paths())
        // Trunk refuses any NO_COLOR but "true" and "false"; others set it to 1.
        .env_remove("NO_COLOR"))
    .context("building the client")?;
    ensure!(dist().join("index.html").is_file(), "Trunk left no dist/index.html");
    fs::write(&stamp, digest_of_build(&inputs)?).context("noting what the client was built from")
}

/// Flags, beside those of `.cargo/config.toml`, that keep the folders of whoever builds out of what people download:
/// panics name their source file.
fn without_local_paths() -> String {
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let sources = fs::read_dir(cargo.join("registry/src")).into_iter().flatten().flatten().map(|entry| entry.path());
    let toolchain = output_of(Command::new("rustc").args(["--print", "sysroot"]));
    let library = toolchain.map(|path| Path::new(path.trim()).join("lib/rustlib/src/rust/library"));
    // Cargo splits this variable at spaces: a folder with one in its name stays as it is.
    let folders = sources.chain(library).filter(|path| !path.to_string_lossy().contains(' '));
    folders.map(|folder| format!("--remap-path-prefix={}=", folder.display())).collect::<Vec<_>>().join(" ")
}

/// What was built from what. The page names every file by its hash, so it stands for all of them:
/// a build somebody made by hand in between, with other settings, is not taken for ours.
fn digest_of_build(inputs: &str) -> Result<String> {
    ensure!(dist().join("index.html").is_file(), "there is no build");
    Ok(format!("{inputs} {}", digest(&root(), &["dist/index.html"])?))
}

/// One digest over names and contents. Modification times would lie after a checkout.
fn digest(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for input in inputs {
        for file in files_under(&root.join(input))? {
            let name = file.strip_prefix(root).unwrap_or(&file);
            let contents = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            hash.update(name.to_string_lossy().as_bytes());
            hash.update((contents.len() as u64).to_le_bytes());
            hash.update(&contents);
        }
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// The files of a folder and those below, in a stable order; a file is its own folder.
pub fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(|| format!("reading {}", path.display()))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_under(&entry.path())?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_follows_names_and_contents_but_not_dates() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        fs::create_dir(root.join("src")).expect("made");
        fs::write(root.join("src/a.rs"), "a").expect("written");
        let first = digest(root, &["src"]).expect("read");
        fs::write(root.join("src/a.rs"), "a").expect("written");
        assert_eq!(digest(root, &["src"]).expect("read"), first);
        fs::write(root.join("src/a.rs"), "b").expect("written");
        assert_ne!(digest(root, &["src"]).expect("read"), first);
        fs::write(root.join("src/a.rs"), "a").expect("written");
        fs::rename(root.join("src/a.rs"), root.join("src/b.rs")).expect("renamed");
        assert_ne!(digest(root, &["src"]).expect("read"), first);
    }
}
