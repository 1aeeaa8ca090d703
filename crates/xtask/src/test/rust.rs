//! Format, lints, and the tests that run on the host.

use std::process::Command;

use anyhow::Result;

use super::counts::from_output;
use super::stage::Outcome;
use crate::command::{cargo, find_on_path, run, run_and_hear};
use crate::tools::ensure_wasm_target;
use crate::workspace::root;

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

pub fn format() -> Result<Outcome> {
    run(here().args(["fmt", "--all", "--check"]))?;
    Ok(Outcome::of_check(true))
}

pub fn clippy_host() -> Result<Outcome> {
    run(here().args(["clippy", "--workspace", "--exclude", "client"]).arg("--all-targets").args(DENY_WARNINGS))?;
    Ok(Outcome::of_check(true))
}

pub fn clippy_wasm() -> Result<Outcome> {
    ensure_wasm_target()?;
    run(here().args(["clippy", "-p", "client", "--all-targets"]).args(WASM).args(DENY_WARNINGS))?;
    // Libraries only: the tools their own tests use need not compile to WebAssembly.
    run(here().args(["clippy", "-p", "domain", "-p", "sync", "--lib"]).args(WASM).args(DENY_WARNINGS))?;
    Ok(Outcome::of_check(true))
}

/// With nextest where it is installed; a bare machine has `cargo test`.
pub fn unit() -> Result<Outcome> {
    let mut command = here();
    if find_on_path("cargo-nextest").is_some() {
        command.args(["nextest", "run", "--no-fail-fast"]);
    } else {
        command.args(["test", "--no-fail-fast"]);
    }
    for package in ["domain", "sync", "server", "xtask", "client"] {
        command.args(["-p", package]);
    }
    let heard = run_and_hear(&mut command)?;
    Ok(Outcome::of_tests(from_output(&heard.text), heard.success))
}

fn here() -> Command {
    let mut command = cargo();
    command.current_dir(root());
    command
}
