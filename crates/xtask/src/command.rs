//! Running other programs: announced, checked, and when asked both shown and read.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

/// What a program said and whether it succeeded.
pub struct Heard {
    pub success: bool,
    pub text: String,
}

/// Cargo, as the one that runs us.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Run to the end, output untouched; an error unless it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    announce(command);
    let status = command.status().with_context(|| format!("starting {}", program(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Run to the end, passing its output through and keeping it to be read.
pub fn run_and_hear(command: &mut Command) -> Result<Heard> {
    announce(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", program(command)))?;
    let out = child.stdout.take().expect("stdout was asked to be piped");
    let err = child.stderr.take().expect("stderr was asked to be piped");
    let out = thread::spawn(move || tee(out, stdout()));
    let err = thread::spawn(move || tee(err, stderr()));
    let mut text = out.join().expect("the copying thread does not panic");
    text.push_str(&err.join().expect("the copying thread does not panic"));
    let status = child.wait().context("waiting for the program")?;
    Ok(Heard { success: status.success(), text })
}

/// What a program prints, quietly; `None` when it is absent or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The full path of a program of the PATH.
pub fn find_on_path(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())
}

/// A PATH in which these folders come first.
pub fn path_with(folders: &[&Path]) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(env::split_paths(&old));
    env::join_paths(all).context("a folder name contains the separator of PATH")
}

fn announce(command: &Command) {
    println!("$ {}", shown(command));
    // A full disk or closed pipe shows itself at the next line.
    let _ = stdout().flush();
}

fn program(command: &Command) -> String {
    Path::new(command.get_program()).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn shown(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| {
        let argument = argument.to_string_lossy();
        // A whole script given as an argument would bury what matters.
        let line = if argument.contains('\n') { "…" } else { &*argument };
        format!(" {line}")
    });
    program(command) + &arguments.collect::<String>()
}

/// Line by line, so that two streams never cut each other in the middle of a line.
fn tee(from: impl Read, mut to: impl Write) -> String {
    let mut kept = String::new();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        let _ = to.write_all(&line);
        let _ = to.flush();
        kept.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hears_both_streams_and_the_failure() {
        let heard = run_and_hear(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).expect("sh exists");
        assert!(!heard.success);
        assert!(heard.text.contains("out\n") && heard.text.contains("err\n"));
    }

    #[test]
    fn a_failed_program_is_an_error() {
        assert!(run(&mut Command::new("false")).is_err());
        assert!(run(&mut Command::new("no-such-program-here")).is_err());
    }
}
