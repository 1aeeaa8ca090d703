//! `cargo xtask communes`: the communes of France that the server knows by name, cut from a package of Etalab.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::command::run;
use crate::workspace::root;

/// MIT licence; its notice is kept beside what is cut from it.
const PACKAGE: &str = "@etalab/decoupage-administratif";
const VERSION: &str = "6.0.0";

/// Fetches the package, keeps a line per commune of today, and its licence.
pub fn communes() -> Result<ExitCode> {
    let scratch = std::env::temp_dir().join(format!("cardabelle-communes-{}", std::process::id()));
    fs::create_dir_all(&scratch)?;
    let written = fetch(&scratch).and_then(|()| write(&scratch.join("package")));
    fs::remove_dir_all(&scratch)?;
    println!("{} communes in crates/server/data/communes.tsv", written?);
    Ok(ExitCode::SUCCESS)
}

fn fetch(scratch: &Path) -> Result<()> {
    run(Command::new("npm").current_dir(scratch).args(["pack", "--silent"]).arg(format!("{PACKAGE}@{VERSION}")))?;
    let archive = fs::read_dir(scratch)?.next().context("npm packed nothing")??.path();
    run(Command::new("tar").current_dir(scratch).arg("xzf").arg(archive))
}

fn write(package: &Path) -> Result<usize> {
    let text = fs::read_to_string(package.join("data/communes.json")).context("the package holds no communes")?;
    let lines = cut(&text)?;
    let folder = root().join("crates/server/data");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("communes.tsv"), lines.concat())?;
    let notice = format!("communes.tsv is cut from {PACKAGE} {VERSION}:\n\n");
    fs::write(folder.join("communes.LICENSE"), notice + &fs::read_to_string(package.join("LICENSE"))?)?;
    Ok(lines.len())
}

/// One line per commune of today, by code: code, name, département, postal codes, population, codes of the communes merged
/// into it; a tab between two.
fn cut(json: &str) -> Result<Vec<String>> {
    let all: Vec<Value> = serde_json::from_str(json)?;
    let former = former(&all);
    let mut lines = Vec::new();
    for one in all.iter().filter(|one| is_of_today(one)) {
        let text = |name: &str| one[name].as_str().with_context(|| format!("a commune without {name}"));
        let codes = one["codesPostaux"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let codes: Vec<&str> = codes.collect();
        let population = one["population"].as_u64().map(|count| count.to_string()).unwrap_or_default();
        let former: Vec<&str> = former.get(text("code")?).into_iter().flatten().copied().collect();
        let (codes, former) = (codes.join(" "), former.join(" "));
        let cells = [text("code")?, text("nom")?, text("departement")?, &codes, &population, &former];
        ensure!(cells.iter().all(|cell| !cell.contains(['\t', '\n'])), "a name would break its line");
        lines.push(cells.join("\t") + "\n");
    }
    lines.sort_unstable();
    ensure!(!lines.is_empty(), "no commune was found");
    Ok(lines)
}

/// The codes of former communes, déléguées and associées included, by that of the commune of today. A code that came back to
/// life is no former one.
fn former(all: &[Value]) -> BTreeMap<&str, BTreeSet<&str>> {
    let today: BTreeSet<&str> =
        all.iter().filter(|one| is_of_today(one)).filter_map(|one| one["code"].as_str()).collect();
    let parts = all.iter().filter_map(|one| Some((one["chefLieu"].as_str()?, one["code"].as_str()?)));
    let named = all
        .iter()
        .filter_map(|one| {
            let Value::Object(one) = one else { return None };
            Some((one.get("code")?.as_str()?, one.get("anciensCodes")?.as_array()?))
        })
        .flat_map(|(code, former)| former.iter().filter_map(move |one| Some((code, one.as_str()?))));
    let mut by_code: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (code, former) in parts.chain(named) {
        if today.contains(code) && !today.contains(former) {
            by_code.entry(code).or_default().insert(former);
        }
    }
    by_code
}

fn is_of_today(commune: &Value) -> bool {
    commune["type"] == "commune-actuelle"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_communes_of_today_are_kept() {
        let json = r#"[
            {"code":"31033","nom":"Auterive","departement":"31","type":"commune-actuelle","codesPostaux":["31190"],"population":10456},
            {"code":"2A004","nom":"Ajaccio","departement":"2A","type":"commune-actuelle","codesPostaux":["20000","20090"]},
            {"code":"01015","nom":"Arbignieu","departement":"01","type":"commune-deleguee","chefLieu":"01015"},
            {"code":"01015","nom":"Arboys en Bugey","departement":"01","type":"commune-actuelle","anciensCodes":["01340","31033"]},
            {"code":"01341","nom":"Ailleurs","departement":"01","type":"commune-associee","chefLieu":"01015"}
        ]"#;
        let lines = cut(json).expect("a list of communes");
        let expected = [
            "01015\tArboys en Bugey\t01\t\t\t01340 01341\n",
            "2A004\tAjaccio\t2A\t20000 20090\t\t\n",
            "31033\tAuterive\t31\t31190\t10456\t\n",
        ];
        assert_eq!(lines, expected);
        assert!(cut("[]").is_err());
    }
}
