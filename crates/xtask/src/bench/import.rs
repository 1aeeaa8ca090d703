//! `cargo xtask bench import`: the official extraction of France, of which a territory keeps a little.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::used::{Used, used};
use crate::command::{cargo, run};
use crate::workspace::{root, target};

const COMMUNES: usize = 40;
const DEPARTEMENT: &str = "31";
/// People of these communes among a thousand: a large territory has four thousand.
const SHARE: u64 = 5;
/// The file that keeps the same number of rows is so many times smaller.
const SMALLER: u64 = 10;
const TRIES: usize = 5;

/// Two files with as many rows of the territory, one of them ten times longer.
pub fn import(server: &Path, rows: u64) -> Result<()> {
    run(cargo().current_dir(root()).args(["build", "--release", "-p", "xtask", "--example", "rows_alone"]))?;
    let rows_alone =
        target().join("release").join("examples").join(format!("rows_alone{}", std::env::consts::EXE_SUFFIX));
    let communes = communes()?;
    let folder = Folder::make()?;
    let data = folder.0.join("data");
    let on_data = |command: &mut Command| run(command.arg("--data").arg(&data));
    let password = folder.0.join("password");
    fs::write(&password, "measured-then-erased\n").context("writing a password")?;
    let password = fs::File::open(&password).context("reading a password")?;
    let init = ["init", "--territory", "Mesure", "--admin", "mesure", "--password-stdin"];
    on_data(Command::new(server).args(init).stdin(password))?;
    on_data(Command::new(server).args(["territory", "communes", "add"]).args(&communes))?;
    let file = |name: &str, rows: u64, share: u64| {
        let file = folder.0.join(name);
        let (rows, share) = (rows.to_string(), share.min(1_000).to_string());
        let mut write = Command::new(server);
        write.args(["synthetic", "rpps", "--rows", &rows, "--share", &share, "--communes", &communes.join(",")]);
        run(write.arg(&file)).map(|()| file)
    };
    let whole = file("PS_LibreAcces_Personne_activite_202611010800.txt", rows, SHARE)?;
    let smaller = file("PS_LibreAcces_Personne_activite_202611010700.txt", rows / SMALLER, SHARE * SMALLER)?;
    let preview =
        |file: &Path| used(Command::new(server).args(["import", "rpps", "--preview", "--data"]).arg(&data).arg(file));

    let (mut alone, mut ours, mut short) = (Vec::new(), Vec::new(), Vec::new());
    // One after the other, so that both meet the same neighbours on the machine.
    for _ in 0..TRIES {
        alone.push(used(Command::new(&rows_alone).arg(&whole))?);
        ours.push(preview(&whole)?);
        short.push(preview(&smaller)?);
    }
    print!("\n{}", ours.first().map_or("", |one| one.said.as_str()));
    let megabytes = fs::metadata(&whole).context("measuring the file")?.len() / 1_000_000;
    println!(
        "\n{rows} rows, {megabytes} MB, of which the {COMMUNES} communes are kept; median of {TRIES} (least to most)"
    );
    table("csv crate, rows read and left", &alone);
    table("cardabelle import rpps --preview", &ours);
    table("the same rows kept of a file 10 times smaller", &short);
    let ratios =
        |of: fn(&Used) -> f64| spread(ours.iter().zip(&alone).map(|(ours, alone)| of(ours) / of(alone)).collect(), 2);
    println!("import ÷ csv: {} in time, {} in work of the processor", ratios(|one| one.wall), ratios(|one| one.cpu));
    Ok(())
}

fn table(name: &str, runs: &[Used]) {
    let figure = |of: fn(&Used) -> f64, digits| spread(runs.iter().map(of).collect(), digits);
    println!(
        "  {name}: {} s, {} s of processor, peak {} MiB",
        figure(|one| one.wall, 2),
        figure(|one| one.cpu, 2),
        figure(|one| one.peak, 1),
    );
}

/// « 1.42 (1.38 to 1.51) »: median, least and most.
fn spread(mut figures: Vec<f64>, digits: usize) -> String {
    figures.sort_by(f64::total_cmp);
    let at = |rank: usize| figures.get(rank).copied().unwrap_or(f64::NAN);
    let (median, most) = (at(figures.len() / 2), at(figures.len().saturating_sub(1)));
    format!("{median:.digits$} ({:.digits$} to {most:.digits$})", at(0))
}

/// The first communes of a département.
fn communes() -> Result<Vec<String>> {
    let list = fs::read_to_string(root().join("crates/server/data/communes.tsv")).context("reading the communes")?;
    let codes = list.lines().filter_map(|line| line.split('\t').next()).filter(|code| code.starts_with(DEPARTEMENT));
    Ok(codes.take(COMMUNES).map(str::to_owned).collect())
}

/// A folder of the system that goes with the measure.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("cardabelle-import-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be erased is the system's to clean.
        fs::remove_dir_all(&self.0).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_the_median_between_extremes() {
        assert_eq!(spread(vec![3.0, 1.0, 2.5], 1), "2.5 (1.0 to 3.0)");
    }

    #[test]
    fn the_territory_has_its_communes() {
        let communes = communes().expect("the list is read");
        assert_eq!(communes.len(), COMMUNES);
        assert!(communes.iter().any(|code| code == "31033"), "Auterive");
    }
}
