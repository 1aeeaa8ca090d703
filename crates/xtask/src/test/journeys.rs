//! Whole journeys through client and server, as people make them.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::counts::from_playwright;
use super::stage::Outcome;
use crate::browsers;
use crate::command::{cargo, run, run_and_hear};
use crate::node::ensure_packages;
use crate::workspace::{end2end, root, server_binary, target};

/// Give the journeys the server and every browser this machine has; they say which they skip.
pub fn journeys(ci: bool) -> Result<Outcome> {
    ensure_packages()?;
    run(cargo().current_dir(root()).args(["build", "-p", "server"]))?;
    let server = server_binary();
    ensure!(server.is_file(), "the build of the server left no binary");

    let report = target().join("journeys.json");
    // Yesterday's report must not speak for a run that stopped early.
    if report.exists() {
        fs::remove_file(&report).context("removing the last report of the journeys")?;
    }
    let mut playwright = Command::new("npx");
    playwright
        .current_dir(end2end())
        .args(["playwright", "test", "--reporter=list,json"])
        .env("CARDABELLE_BIN", server)
        .env("CHROMIUM", browsers::chromium()?)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    match browsers::firefox() {
        Ok(firefox) => {
            playwright.env("FIREFOX", firefox);
        }
        Err(why) => println!("not run in Firefox: {why:#}"),
    }
    match browsers::webkit() {
        Ok(webkit) => {
            playwright
                .env("WEBKIT_DRIVER", webkit.driver)
                .env("WEBKIT_BROWSER", webkit.browser)
                .env("XVFB_RUN", webkit.screen);
        }
        Err(why) => println!("not run in WebKit: {why:#}"),
    }
    if ci {
        // Playwright then refuses a forgotten `test.only`.
        playwright.env("CI", "1").arg("--forbid-only");
    }
    let heard = run_and_hear(&mut playwright)?;
    let counts = fs::read_to_string(&report).ok().and_then(|report| from_playwright(&report)).unwrap_or_default();
    Ok(Outcome::of_tests(counts, heard.success))
}
