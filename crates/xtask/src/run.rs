//! `cargo xtask run`: from a bare machine to a page that answers.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::client::ensure_client;
use crate::command::{cargo, run as run_command};
use crate::tools::ensure_tools;
use crate::workspace::{root, server_binary};

pub fn run(port: u16, data: &Path) -> Result<ExitCode> {
    let tools = ensure_tools()?;
    ensure_client(&tools)?;
    // The server carries the client within itself, so it is built second.
    run_command(cargo().current_dir(root()).args(["build", "-p", "server"]))?;

    let server = server_binary();
    if !data.join("cardabelle.sqlite").exists() {
        println!("Loading the demo territory into {}", data.display());
        run_command(Command::new(&server).arg("demo").arg("--data").arg(data))?;
    }
    let mut serve = Command::new(&server);
    serve.arg("serve").arg("--data").arg(data).args(["--listen", &format!("127.0.0.1:{port}"), "--demo"]);
    become_server(serve).context("starting the server")
}

/// Give the process over, so that Ctrl-C and signals reach the server itself.
#[cfg(unix)]
fn become_server(mut serve: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(serve.exec().into())
}

#[cfg(not(unix))]
fn become_server(mut serve: Command) -> Result<ExitCode> {
    let status = serve.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
