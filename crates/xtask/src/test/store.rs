//! The client's own tests, in a real browser with a real IndexedDB.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use super::counts::from_output;
use super::stage::Outcome;
use crate::browsers;
use crate::command::{Heard, cargo, run_and_hear};
use crate::node::ensure_packages;
use crate::tools::{ensure_wasm_bindgen, ensure_wasm_target};
use crate::workspace::{end2end, root, target};

/// Per run, in seconds: key stretching takes its time on two cores.
const TIMEOUT: &str = "300";
/// Loads the page of the runner in a browser it starts, and prints what the page says.
const DRIVE: &str = include_str!("drive.mjs");

pub fn chromium() -> Result<Outcome> {
    let browser = browsers::chromium()?;
    let Some(driver) = browsers::chromedriver() else {
        return judge(in_page(Command::new("node"), "chromium", &[&browser])?);
    };
    let capabilities = serde_json::json!({
        "goog:chromeOptions": {
            "binary": browser,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        },
    });
    let file = target().join("webdriver.json");
    fs::write(&file, capabilities.to_string()).context("writing the settings of Chromium")?;
    let mut tests = browser_tests()?;
    tests
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file)
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30");
    judge(run_and_hear(&mut tests)?)
}

pub fn firefox() -> Result<Outcome> {
    match browsers::firefox() {
        Ok(browser) => judge(in_page(Command::new("node"), "firefox", &[&browser])?),
        Err(why) => Ok(Outcome::NotRun(format!("{why:#}"))),
    }
}

pub fn webkit() -> Result<Outcome> {
    let webkit = match browsers::webkit() {
        Ok(webkit) => webkit,
        Err(why) => return Ok(Outcome::NotRun(format!("{why:#}"))),
    };
    let mut screen = Command::new(&webkit.screen);
    screen.args(["-a", "node"]);
    judge(in_page(screen, "webkit", &[&webkit.browser, &webkit.driver])?)
}

fn judge(heard: Heard) -> Result<Outcome> {
    Ok(Outcome::of_tests(from_output(&heard.text), heard.success))
}

fn browser_tests() -> Result<Command> {
    ensure_wasm_target()?;
    let runner: PathBuf = ensure_wasm_bindgen()?.join("wasm-bindgen-test-runner");
    let mut tests = cargo();
    tests
        .current_dir(root())
        .args(["test", "-p", "client", "--lib"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT);
    Ok(tests)
}

/// For browsers the runner cannot drive by itself: it serves its page, our script opens it.
fn in_page(mut node: Command, engine: &str, programs: &[&Path]) -> Result<Heard> {
    ensure_packages()?;
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .context("finding a free port")?
        .port();
    let mut tests = browser_tests()?;
    tests.env("NO_HEADLESS", "1").env("WASM_BINDGEN_TEST_ADDRESS", format!("127.0.0.1:{port}"));
    let mut serving = Serving::start(tests)?;
    if !serving.wait_for_page()? {
        bail!("the tests of the client did not build, or there are none");
    }
    node.current_dir(end2end())
        .args(["--input-type=module", "--eval", DRIVE, "--"])
        .arg(format!("http://127.0.0.1:{port}/"))
        .args([TIMEOUT, engine])
        .args(programs);
    run_and_hear(&mut node)
}

/// The runner while it serves; stopped when dropped.
struct Serving(Child);

impl Serving {
    fn start(mut tests: Command) -> Result<Self> {
        // A group of its own: cargo must not outlive us, nor the runner cargo.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut tests, 0);
        let child =
            tests.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting the tests of the client")?;
        Ok(Self(child))
    }

    /// Whether the page is being served; `false` when the runner ended instead.
    fn wait_for_page(&mut self) -> Result<bool> {
        let stdout = self.0.stdout.take().context("the runner has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line.context("reading the runner")?;
            println!("{line}");
            if line.contains("now available at") {
                // Read on, or the runner would stop at a full pipe.
                thread::spawn(move || lines.for_each(drop));
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // The runner is a child of cargo: end the whole group, which is ours alone.
        #[cfg(unix)]
        let _ = Command::new("kill").args(["-TERM", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
