//! Devices of two accounts, a server, and a network that drops, duplicates, delays and reorders; devices that die between
//! any two steps, disks that lie about their flushes, two tabs that write at once, clocks that are wrong by days, copies
//! that are damaged; values that clash and are settled, records that go to the other account, are set aside, applied
//! again, erased; a server that is restored from a backup.
//!
//! `SIMULATION_SEED=17` replays one run, `SIMULATION_SEEDS=1000000` makes a long one, which
//! `SIMULATION_FROM` cuts in parts.

mod agreement;
mod device;
mod dice;
mod exchange;
mod invariants;
mod network;
mod pausing;
mod person;
mod server;
mod witness;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use world::World;

#[test]
fn nothing_is_lost_doubled_or_said_too_early() {
    if let Ok(seed) = std::env::var("SIMULATION_SEED") {
        World::new(seed.parse().expect("SIMULATION_SEED is a number")).run();
        return;
    }
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().expect("a number"));
    let (first, seeds) = (number("SIMULATION_FROM", 0), number("SIMULATION_SEEDS", 10_000));
    let threads = std::thread::available_parallelism().map_or(2, usize::from) as u64;
    let failed: Vec<u64> = std::thread::scope(|scope| {
        let run = |from: u64| {
            let fails = |seed: &u64| {
                let failed = catch_unwind(AssertUnwindSafe(|| World::new(*seed).run())).is_err();
                if failed {
                    // A long run says it at once.
                    eprintln!("seed {seed} fails");
                }
                failed
            };
            (first + from..first + seeds).step_by(threads as usize).filter(fails).collect::<Vec<_>>()
        };
        let runs: Vec<_> = (0..threads).map(|from| scope.spawn(move || run(from))).collect();
        runs.into_iter().flat_map(|run| run.join().expect("failures are caught inside")).collect()
    });
    assert!(
        failed.is_empty(),
        "{} of {seeds} seeds fail; replay one with SIMULATION_SEED={}; all: {:?}",
        failed.len(),
        failed[0],
        &failed[..failed.len().min(20)]
    );
}
