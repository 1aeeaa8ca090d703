//! `cardabelle`: the server's command line.

use clap::Parser;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    server::cli::run(server::cli::Cli::parse()).await
}
