//! Last step of the client's build: no inline script, a precache list, compressed copies.
//!
//! Trunk runs it on its staging folder, so `dist/` is replaced by a sealed build or not at all.

mod compress;
mod html;
mod precache;
mod scripts;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Seal the folder Trunk names.
pub fn seal_staging() -> Result<ExitCode> {
    let folder = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .context("TRUNK_STAGING_DIR is not set: this command is Trunk's post_build hook")?;
    seal(&folder)?;
    Ok(ExitCode::SUCCESS)
}

fn seal(folder: &Path) -> Result<()> {
    let index = folder.join("index.html");
    let html = fs::read_to_string(&index).context("reading index.html")?;
    let moved = scripts::move_inline_scripts(&html)?;
    for script in &moved.scripts {
        fs::write(folder.join(&script.name), &script.source).with_context(|| format!("writing {}", script.name))?;
    }
    fs::write(&index, &moved.html).context("writing index.html")?;
    precache::fill_service_worker(folder)?;
    compress::compress(folder)
}

/// The first 16 hexadecimal digits of a SHA-256.
fn short_hash(hash: Sha256) -> String {
    let mut text = format!("{:x}", hash.finalize());
    text.truncate(16);
    text
}

/// What one reference of a page is relative to the root of the site.
pub use html::local_references;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_folder_has_every_part_and_can_be_sealed_by_a_second_build() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("written");
        };
        write("index.html", "<!doctype html><title>t</title><script type=\"module\">import '/a-1.js';</script>");
        write("a-1.js", &"export const a = 1;\n".repeat(40));
        write("sw.js", "const V = '__VERSION__', FILES = __PRECACHE__;");
        seal(folder.path()).expect("sealed");

        let names: Vec<String> = crate::client::files_under(folder.path())
            .expect("listed")
            .iter()
            .map(|f| f.file_name().unwrap_or_default().to_string_lossy().into())
            .collect();
        assert!(names.contains(&"a-1.js.br".to_owned()));
        let boot = names.iter().find(|n| n.starts_with("boot-")).expect("made");
        let worker = fs::read_to_string(folder.path().join("sw.js")).expect("read");
        assert!(worker.contains(&format!("\"/{boot}\"")));
        assert!(!worker.contains(".br"));
    }
}
