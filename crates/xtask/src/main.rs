//! `cargo xtask`: everything a person or a machine does to Cardabelle from a shell.

mod bench;
mod browsers;
mod client;
mod command;
mod communes;
mod node;
mod run;
mod seal;
mod size;
mod test;
mod tools;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", about = "Build, run and check Cardabelle")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build, load the demo territory, serve
    Run {
        /// Port of 127.0.0.1 to listen on
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Folder of the SQLite file
        #[arg(long, default_value = "data")]
        data: PathBuf,
    },
    /// Run every check, print the time of each stage and `N passed, N failed`
    Test {
        /// Run these stages only, with what they need
        #[arg(long, value_delimiter = ',', value_enum)]
        only: Vec<test::StageName>,
    },
    /// Long runs and measures; see docs/benchmarks.md
    Bench {
        #[command(subcommand)]
        bench: bench::Bench,
    },
    /// Cut again the list of communes that the server carries
    Communes,
    /// The same checks on a machine nobody watches
    Ci,
    /// Make Trunk's output fit for a strict CSP and for offline use (Trunk's post_build hook)
    #[command(hide = true)]
    SealDist,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Run { port, data } => run::run(port, &data),
        Task::Test { only } => test::test(&only, std::env::var_os("CI").is_some()),
        Task::Bench { bench } => bench::bench(bench),
        Task::Communes => communes::communes(),
        Task::Ci => test::test(&[], true),
        Task::SealDist => seal::seal_staging(),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
