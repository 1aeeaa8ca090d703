//! What a program costs: time, work of the processor, most memory at once.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// Linux counts the work of a process in hundredths of a second.
const TICKS: f64 = 100.0;
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

pub struct Used {
    /// Seconds from start to end.
    pub wall: f64,
    /// Seconds of processor, the system's for it included.
    pub cpu: f64,
    /// Most memory held at once, in MiB.
    pub peak: f64,
    /// What it printed.
    pub said: String,
}

/// Runs to the end; an error unless it succeeds. Looks at the process from outside, through `/proc`: Linux only.
pub fn used(command: &mut Command) -> Result<Used> {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting what is measured")?;
    let mut out = child.stdout.take().context("stdout was asked to be piped")?;
    let said = thread::spawn(move || {
        let mut said = String::new();
        out.read_to_string(&mut said).map(|_| said)
    });
    let place = format!("/proc/{}", child.id());
    let mut kib = 0;
    // The peak is gone with the last thread, while the work is told until the process is waited for.
    let cpu = loop {
        let Ok(stat) = fs::read_to_string(format!("{place}/stat")) else {
            bail!("no {place}: this measure needs Linux")
        };
        let (over, ticks) = stat_of(&stat).context("reading the work of a process")?;
        kib = kib.max(fs::read_to_string(format!("{place}/status")).ok().and_then(|text| peak_of(&text)).unwrap_or(0));
        if over {
            break ticks / TICKS;
        }
        thread::sleep(BETWEEN_LOOKS);
    };
    let wall = start.elapsed().as_secs_f64();
    let status = child.wait().context("waiting for what is measured")?;
    let said = said.join().expect("the reading thread does not panic").context("reading what it printed")?;
    ensure!(status.success(), "what is measured ended with {status}: {said}");
    Ok(Used { wall, cpu, peak: kib as f64 / 1_024.0, said })
}

/// Whether the process is over, and its work: 1st and 12th and 13th words after the name, which may hold spaces.
fn stat_of(stat: &str) -> Option<(bool, f64)> {
    let (_, words) = stat.rsplit_once(") ")?;
    let words: Vec<&str> = words.split(' ').collect();
    let ticks = |rank: usize| words.get(rank)?.parse::<f64>().ok();
    Some((matches!(*words.first()?, "Z" | "X"), ticks(11)? + ticks(12)?))
}

/// « VmHWM: 5032 kB »
fn peak_of(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_linux_tells_of_a_process() {
        let stat = "42 (a ) name) Z 1 42 42 0 -1 4194560 1 0 0 0 250 31 0 0 20 0 1 0 7 8 9";
        assert_eq!(stat_of(stat), Some((true, 281.0)));
        assert_eq!(stat_of(&stat.replace(") Z", ") R")), Some((false, 281.0)));
        assert_eq!(peak_of("VmPeak:\t  9000 kB\nVmHWM:\t    5032 kB\n"), Some(5_032));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_is_measured_and_a_failure_told() {
        let work = "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; echo done";
        let used = used(Command::new("sh").args(["-c", work])).expect("sh exists");
        assert_eq!(used.said, "done\n");
        assert!(used.cpu > 0.0 && used.wall > 0.0 && used.peak > 0.1, "{} {} {}", used.cpu, used.wall, used.peak);
        assert!(super::used(Command::new("sh").args(["-c", "exit 3"])).is_err());
    }
}
