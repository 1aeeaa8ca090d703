//! The browsers the tests drive: found on the machine, or installed, or told how to be had.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{find_on_path, output_of, run};
use crate::node::ensure_packages;
use crate::workspace::end2end;

/// WebKit as GTK builds it: the engine of iPads, on a machine that has none.
pub struct WebKit {
    pub driver: PathBuf,
    pub browser: PathBuf,
    /// A screen for a browser that cannot do without.
    pub screen: PathBuf,
}

pub fn chromium() -> Result<PathBuf> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    if apt_install(&["chromium", "chromium-driver"])
        && let Some(found) = find_chromium()
    {
        return Ok(found);
    }
    ensure_packages()?;
    println!("Installing Playwright’s Chromium, for want of one on this machine");
    if run(Command::new("npx").current_dir(end2end()).args(["playwright", "install", "chromium"])).is_ok()
        && let Some(found) = playwright_chromium()
    {
        return Ok(found);
    }
    bail!(
        "no Chromium here, and none could be installed. Install your distribution's package \
         (Debian, Ubuntu: `apt-get install chromium chromium-driver` as root), or make the \
         downloads of `npx playwright install chromium` reachable, then start again"
    )
}

/// Chromium's driver, when there is one; the store tests have another way without.
pub fn chromedriver() -> Option<PathBuf> {
    find_on_path("chromedriver")
}

/// `Err` says why it cannot be had.
pub fn firefox() -> Result<PathBuf> {
    let find = || find_first(&["firefox-esr", "firefox"]);
    find()
        .or_else(|| apt_install(&["firefox-esr"]).then(find).flatten())
        .context("no Firefox; install your distribution's package (Debian: firefox-esr)")
}

/// `Err` says why it cannot be had.
pub fn webkit() -> Result<WebKit> {
    find_webkit()
        .or_else(|| apt_install(&["webkit2gtk-driver", "xvfb", "xauth"]).then(find_webkit).flatten())
        .context("no WebKitGTK; install webkit2gtk-driver, xvfb and xauth (Debian, Ubuntu)")
}

fn find_chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .filter_map(|name| find_on_path(name))
        // Ubuntu's package is an empty shell where snaps do not run.
        .find(|path| output_of(Command::new(path).arg("--version")).is_some())
        .or_else(playwright_chromium)
}

fn playwright_chromium() -> Option<PathBuf> {
    let ask = "console.log(require('playwright-core').chromium.executablePath())";
    let told = output_of(Command::new("node").current_dir(end2end()).args(["--eval", ask]))?;
    Some(PathBuf::from(told.trim())).filter(|path| path.is_file())
}

fn find_webkit() -> Option<WebKit> {
    let architecture = std::env::consts::ARCH;
    let libraries = Path::new("/usr/lib").join(format!("{architecture}-linux-gnu"));
    let browser = ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"]
        .iter()
        .map(|version| libraries.join(version).join("MiniBrowser"))
        .find(|path| path.is_file())?;
    Some(WebKit { driver: find_on_path("WebKitWebDriver")?, browser, screen: find_on_path("xvfb-run")? })
}

fn find_first(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| find_on_path(name))
}

/// Only where the machine is ours to change: root on Debian or Ubuntu.
fn apt_install(packages: &[&str]) -> bool {
    let root = output_of(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !root || find_on_path("apt-get").is_none() {
        return false;
    }
    println!("Installing {} (once per machine)", packages.join(", "));
    let apt =
        |arguments: &[&str]| run(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"));
    let install: Vec<&str> = ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
    // An index that cannot be refreshed may still be good enough to install from.
    apt(&["update", "-q"]).ok();
    apt(&install).is_ok()
}
