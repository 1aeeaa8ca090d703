//! Cargo does not watch what macros embed: a rebuilt client or a new migration must rebuild the server.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    // With debug assertions the client is read from its folder at each request, not embedded. Otherwise the folder is
    // watched, absent or not: while it is absent Cargo runs this again at each build, so its first file is noticed.
    if std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none() {
        println!("cargo::rerun-if-changed=../../dist");
        // Not an error: a fresh clone can be checked and tested before its client is built.
        if !Path::new("../../dist/index.html").exists() {
            println!(
                "cargo::warning=dist/index.html is absent: this binary will carry no client, only a page that says so"
            );
        }
    }
}
