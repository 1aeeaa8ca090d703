//! What a browser may send of an official file: so many cards, of the territory, with texts of the size of an official file.

use std::collections::BTreeSet;

use domain::annuaire::directory::Commune;
use domain::annuaire::entry::Entry;
use domain::annuaire::import::Submission;
use domain::record::Value;

use super::super::problem::{Answer, IMPORT_TOO_LONG, IMPORT_TOO_MANY, IMPORT_UNREADABLE};

/// Characters of any text of a card, at most: the longest of the official files are the labels of diplomas, below 200.
const MAX_TEXT: usize = 300;

/// Reads a submission. Answers also how many cards were left out because they are of another territory.
pub fn read(text: &[u8], communes: &[Commune]) -> Answer<(Submission, usize)> {
    let mut submission: Submission = serde_json::from_slice(text).map_err(|_| IMPORT_UNREADABLE)?;
    let sent = submission.entries.len();
    if sent > Submission::MOST {
        return Err(IMPORT_TOO_MANY);
    }
    for entry in &submission.entries {
        let entry = serde_json::to_value(entry).map_err(|_| IMPORT_UNREADABLE)?;
        if !fits(&entry) {
            return Err(IMPORT_TOO_LONG);
        }
    }
    if !submission.answers.keys().all(|key| short(key)) {
        return Err(IMPORT_TOO_LONG);
    }
    let here: BTreeSet<&str> = communes.iter().map(|commune| commune.insee.as_str()).collect();
    // Without any commune, the import itself says what to do.
    submission.entries.retain(|entry| here.is_empty() || !is_elsewhere(entry, &here));
    let elsewhere = sent - submission.entries.len();
    Ok((submission, elsewhere))
}

/// Whether all its places are in communes of other territories. A place whose commune nobody knows may be here.
fn is_elsewhere(entry: &Entry, here: &BTreeSet<&str>) -> bool {
    let mut communes = entry.sites.values().map(|site| site.address.as_ref()?.commune.as_deref());
    !entry.sites.is_empty() && communes.all(|commune| commune.is_some_and(|commune| !here.contains(commune)))
}

fn fits(value: &Value) -> bool {
    match value {
        Value::String(text) => short(text),
        Value::Array(values) => values.iter().all(fits),
        Value::Object(values) => values.iter().all(|(name, value)| short(name) && fits(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

fn short(text: &str) -> bool {
    text.chars().take(MAX_TEXT + 1).count() <= MAX_TEXT
}
