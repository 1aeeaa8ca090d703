//! The Node packages of `end2end/`.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::command::{find_on_path, run};
use crate::workspace::end2end;

/// `npm ci`, unless what is installed is at least as new as the lock file.
pub fn ensure_packages() -> Result<()> {
    ensure!(
        find_on_path("npm").is_some(),
        "npm is not on the PATH; install Node 20 or newer (https://nodejs.org), then start again"
    );
    let changed = |name: &str| fs::metadata(end2end().join(name)).and_then(|m| m.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    println!("Installing the browser drivers of end2end/ (a few seconds)");
    // Browsers come from the machine: no package may download its own.
    run(Command::new("npm")
        .current_dir(end2end())
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}
