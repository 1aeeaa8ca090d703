//! The build tools, pinned, installed once per user, outside the repository.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::command::{cargo, find_on_path, output_of, path_with, run};
use crate::workspace::locked_version;

/// 0.22 needs a newer compiler than the one of the workspace.
const TRUNK: &str = "0.21.14";
/// The npm package that ships `wasm-opt`; `Trunk.toml` names the same version.
const BINARYEN: &str = "132.0.0";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Where the tools are.
pub struct Tools {
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
    wasm_opt: PathBuf,
}

impl Tools {
    pub fn trunk(&self) -> PathBuf {
        self.trunk.join("trunk")
    }

    /// A PATH on which Trunk finds the versions it wants, and so downloads nothing.
    pub fn path(&self) -> Result<OsString> {
        path_with(&[&self.trunk, &self.wasm_bindgen, &self.wasm_opt])
    }
}

/// Install whatever is missing.
pub fn ensure_tools() -> Result<Tools> {
    ensure_wasm_target()?;
    Ok(Tools {
        trunk: ensure_cargo_tool("trunk", "trunk", TRUNK, true, "bundles the client", 8)?,
        wasm_bindgen: ensure_wasm_bindgen()?,
        wasm_opt: ensure_wasm_opt()?,
    })
}

/// The compiler must be able to make WebAssembly.
pub fn ensure_wasm_target() -> Result<()> {
    let sysroot = output_of(Command::new("rustc").args(["--print", "sysroot"]))
        .context("rustc does not answer; install Rust with rustup")?;
    let target = Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET);
    if target.join("lib").is_dir() {
        return Ok(());
    }
    ensure!(
        find_on_path("rustup").is_some(),
        "this Rust cannot build WebAssembly and rustup is not here to teach it.\n\
         Install Rust with rustup (https://rustup.rs), or your distribution's package of the \
         standard library for {WASM_TARGET}, then start again."
    );
    println!("Adding the WebAssembly target to Rust (a few seconds)");
    run(Command::new("rustup").args(["target", "add", WASM_TARGET]))
}

/// The command line of wasm-bindgen only reads what the very same version of the library wrote.
pub fn ensure_wasm_bindgen() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    // Without --locked: its own lock file has named versions the index no longer had.
    ensure_cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &version, false, "joins WebAssembly and JavaScript", 4)
}

fn ensure_cargo_tool(
    name: &str,
    package: &str,
    version: &str,
    locked: bool,
    purpose: &str,
    minutes: u32,
) -> Result<PathBuf> {
    let root = cache()?.join(format!("{name}-{version}"));
    let bin = root.join("bin");
    if answers_version(&bin.join(name), version) {
        return Ok(bin);
    }
    println!("Installing {name} {version}: {purpose}. Once per user, about {minutes} minutes on 2 cores.");
    let scratch = root.join("build");
    let mut install = cargo();
    install
        .current_dir(make_dir(&root)?)
        .args(["install", package, "--version", version, "--force"])
        .arg("--root")
        .arg(&root)
        .env("CARGO_TARGET_DIR", &scratch)
        // Run for seconds, never shipped: quick to build matters more than quick to run.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    if locked {
        install.arg("--locked");
    }
    let outcome = run(&mut install);
    remove_dir(&scratch)?;
    outcome.with_context(|| {
        format!(
            "{name} {version} could not be installed. Is there a network, and a C compiler (cc)? \
             Start again: what is done is kept"
        )
    })?;
    ensure!(answers_version(&bin.join(name), version), "{name} was installed but does not answer --version");
    Ok(bin)
}

fn ensure_wasm_opt() -> Result<PathBuf> {
    let root = cache()?.join(format!("wasm-opt-{BINARYEN}"));
    let bin = root.join("node_modules").join(".bin");
    let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
    if answers_version(&bin.join("wasm-opt"), major) {
        return Ok(bin);
    }
    if find_on_path("npm").is_none() {
        bail!("npm is not on the PATH; install Node 20 or newer (https://nodejs.org), then start again");
    }
    println!("Installing wasm-opt {BINARYEN}: makes the client smaller. Once per user, seconds.");
    remove_dir(&root)?;
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(make_dir(&root)?)
        .arg(format!("binaryen@{BINARYEN}")))?;
    ensure!(answers_version(&bin.join("wasm-opt"), major), "wasm-opt was installed but does not answer --version");
    Ok(bin)
}

/// A half-made installation does not answer, and so does not count.
fn answers_version(program: &Path, version: &str) -> bool {
    program.is_file()
        && output_of(Command::new(program).arg("--version"))
            .is_some_and(|text| text.split([' ', '\n', '\r']).any(|word| word == version))
}

fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .filter(|dir| Path::new(dir).is_absolute())
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .context("no home folder to keep the tools in; set XDG_CACHE_HOME")?;
    Ok(base.join("cardabelle").join("tools"))
}

fn make_dir(dir: &Path) -> Result<&Path> {
    fs::create_dir_all(dir).with_context(|| format!("making the folder {}", dir.display()))?;
    Ok(dir)
}

fn remove_dir(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("removing {}", dir.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_wants_the_wasm_opt_that_is_installed() {
        let config = fs::read_to_string(crate::workspace::root().join("Trunk.toml")).expect("Trunk.toml exists");
        let major = BINARYEN.split('.').next().expect("split yields one");
        assert!(config.contains(&format!("wasm_opt = \"version_{major}\"")));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_of_another_version_does_not_count() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tool = folder.path().join("tool");
        fs::write(&tool, "#!/bin/sh\necho tool 1.2.30\n").expect("written");
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("made executable");
        assert!(answers_version(&tool, "1.2.30"));
        assert!(!answers_version(&tool, "1.2.3"));
        assert!(!answers_version(&folder.path().join("absent"), "1.2.30"));
    }
}
