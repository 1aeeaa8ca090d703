//! Lists that somebody wrote in a file. Devices read those of a newer server leniently; what is typed is read strictly, for
//! a key that is misspelt would empty a list in silence.

use anyhow::{Context, Result, bail};
use domain::annuaire::entry::Visibility;
use domain::annuaire::lists::{Item, Link, Lists};
use serde_json::Value;

/// Reads lists, whole.
pub fn read(text: &str) -> Result<Lists> {
    let given: Value = serde_json::from_str(text).context("Ce fichier n’est pas du JSON. Rien n’a changé.")?;
    let model = serde_json::to_value(model())?;
    if let Some(key) = unknown(&given, &model, "") {
        bail!("« {key} » n’est pas un nom connu dans les listes. Rien n’a changé.");
    }
    let lists: Lists =
        serde_json::from_value(given.clone()).context("Ce fichier n’est pas celui de listes. Rien n’a changé.")?;
    let names = model.as_object().into_iter().flatten().filter(|(_, value)| value.is_array());
    for (name, _) in names {
        if given[name].as_array().is_none_or(Vec::is_empty) {
            bail!(
                "La liste « {name} » est vide ou absente. Rien n’a changé. Remettez-la, ou partez de celles que montre cardabelle annuaire lists."
            );
        }
    }
    Ok(lists)
}

/// The first key that lists do not have: `competences/labell`.
fn unknown(given: &Value, model: &Value, path: &str) -> Option<String> {
    match (given, model) {
        (Value::Object(given), Value::Object(model)) => given.iter().find_map(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            match model.get(name) {
                Some(model) => unknown(value, model, &path),
                None => Some(path),
            }
        }),
        (Value::Array(given), Value::Array(model)) => {
            given.iter().find_map(|value| unknown(value, model.first()?, path))
        }
        _ => None,
    }
}

/// Lists with every key there is.
fn model() -> Lists {
    let text = || "-".to_owned();
    let item = Item {
        code: text(),
        label: text(),
        feminine: text(),
        synonyms: vec![text()],
        theme: text(),
        visibility: Some(Visibility::Public),
    };
    let list = vec![item];
    Lists {
        version: 1,
        competences: list.clone(),
        equipment: list.clone(),
        engagements: list.clone(),
        professions: list.clone(),
        structures: list.clone(),
        languages: list.clone(),
        accessibility: list,
        links: vec![Link { from: text(), query: text(), label: text() }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_strictly() {
        let defaults = Lists::defaults();
        let text = serde_json::to_string_pretty(&defaults).unwrap();
        assert_eq!(read(&text).unwrap(), defaults, "what the command shows, it takes");
        let emptied = serde_json::to_string(&Lists { equipment: Vec::new(), ..defaults }).unwrap();
        for (text, said) in [
            ("{", "JSON"),
            ("[]", "« accessibility » est vide ou absente"),
            ("{}", "« accessibility » est vide ou absente"),
            (emptied.as_str(), "« equipment » est vide"),
            (text.replacen("\"equipment\"", "\"equipement\"", 1).as_str(), "« equipement » n’est pas un nom connu"),
            (text.replacen("\"label\"", "\"labell\"", 1).as_str(), "/labell » n’est pas un nom connu"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains(said) && refused.contains("Rien n’a changé"), "{refused}");
        }
    }
}
