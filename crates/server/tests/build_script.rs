//! What the build script says, run as Cargo runs it.

#![expect(clippy::unwrap_used, reason = "a helper that meets what it does not expect has failed the test")]

use std::path::Path;
use std::process::Command;

/// Runs the script from the folder of the package.
fn said(script: &Path, package: &Path, debug: bool) -> String {
    let mut command = Command::new(script);
    command.current_dir(package).env_remove("CARGO_CFG_DEBUG_ASSERTIONS");
    if debug {
        command.env("CARGO_CFG_DEBUG_ASSERTIONS", "");
    }
    let output = command.output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_release_without_its_client_is_told_while_it_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let (script, package) = (folder.path().join("script"), folder.path().join("crates/server"));
    std::fs::create_dir_all(&package).unwrap();
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs");
    let compiled = Command::new(compiler).arg("--edition=2024").arg(source).arg("-o").arg(&script).status();
    assert!(compiled.unwrap().success());

    let warns = |debug| said(&script, &package, debug).contains("cargo::warning=");
    assert!(warns(false));
    assert!(!warns(true), "in development the client is read at each request");
    let dist = folder.path().join("dist");
    std::fs::create_dir(&dist).unwrap();
    std::fs::write(dist.join("client.js"), "").unwrap();
    assert!(warns(false), "a client without its page is no client");
    std::fs::write(dist.join("index.html"), "").unwrap();
    assert!(!warns(false));
}
