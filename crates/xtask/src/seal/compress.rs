//! Compressed copies, made once at build time at a quality no server could afford per request.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::client::files_under;

const SCRIPT: &str = include_str!("compress.mjs");
/// Below this, headers cost as much as compression saves.
const LEAST: u64 = 256;
/// Formats that are not compressed by themselves.
const KINDS: [&str; 11] = ["css", "csv", "html", "ico", "js", "json", "mjs", "svg", "txt", "wasm", "webmanifest"];

/// Write a `.br` and a `.gz` beside every file worth it.
pub fn compress(folder: &Path) -> Result<()> {
    let files = worth_it(folder)?;
    if files.is_empty() {
        return Ok(());
    }
    let status = Command::new("node")
        .args(["--input-type=module", "--eval", SCRIPT, "--"])
        .args(&files)
        .status()
        .context("starting node; install Node 20 or newer (https://nodejs.org)")?;
    ensure!(status.success(), "compressing the client failed");
    Ok(())
}

fn worth_it(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = files_under(folder)?;
    files.retain(|file| {
        let kind = file.extension().and_then(|e| e.to_str()).unwrap_or("");
        KINDS.contains(&kind) && fs::metadata(file).is_ok_and(|m| m.len() > LEAST)
    });
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_smaller_and_give_the_same_bytes_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        let text = "Cardabelle s’ouvre. ".repeat(100);
        for name in ["a.js", "b.wasm", "c.png", "d.svg"] {
            fs::write(path(name), &text).expect("written");
        }
        fs::write(path("small.css"), "p{}").expect("written");
        compress(folder.path()).expect("compressed");

        let read_back = "const z = require('zlib'), f = require('fs'); \
            const p = process.argv[1]; const t = f.readFileSync(p); \
            process.exit(z.brotliDecompressSync(f.readFileSync(p + '.br')).equals(t) \
              && z.gunzipSync(f.readFileSync(p + '.gz')).equals(t) ? 0 : 1)";
        for name in ["a.js", "b.wasm", "d.svg"] {
            let size = fs::metadata(path(&format!("{name}.br"))).expect("made").len();
            assert!(size < 100, "{name}: {size}");
            let same =
                Command::new("node").args(["--eval", read_back, "--"]).arg(path(name)).status().expect("node runs");
            assert!(same.success(), "{name}");
        }
        for name in ["c.png", "small.css"] {
            assert!(!path(&format!("{name}.br")).exists(), "{name}");
        }
    }
}
