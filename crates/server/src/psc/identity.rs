//! What Pro Santé Connect says of a person: her national number, and what makes her a professional.

use domain::identifiers::Rpps;
use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::provider::Failure;

/// The claims of ours, among those of OpenID Connect, which are not read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Type of the number, then the number: `8` and an RPPS, or another register.
    #[serde(rename = "SubjectNameID")]
    name: Option<String>,
    /// Profession and places of work, in the sector of health.
    #[serde(rename = "SubjectRefPro")]
    reference: Option<Value>,
}

impl AdditionalClaims for Claims {}

impl Claims {
    /// The RPPS of somebody who practises.
    pub fn rpps(&self) -> Result<Rpps, Failure> {
        if !self.reference.as_ref().is_some_and(says_something) {
            return Err(Failure::NoReference);
        }
        let number = self.name.as_deref().and_then(|name| name.strip_prefix('8')).ok_or(Failure::Stranger)?;
        number.parse().map_err(|_| Failure::Stranger)
    }
}

/// A civility without any practice is no reference.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => match fields.get("exercices") {
            Some(practices) => says_something(practices),
            None => fields.values().any(says_something),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rpps(name: &str, reference: Value) -> Result<String, Failure> {
        let claims: Claims =
            serde_json::from_value(json!({ "SubjectNameID": name, "SubjectRefPro": reference })).unwrap();
        claims.rpps().map(|rpps| rpps.to_string())
    }

    #[test]
    fn an_identity_is_a_type_then_a_number() {
        let reference = json!({ "codeCivilite": "MME", "exercices": [{ "codeProfession": "60" }] });
        assert_eq!(rpps("899700000005", reference.clone()), Ok("99700000005".into()));
        for stranger in ["099700000005", "99700000005", "8", "", "899700000006", "8997000000050", "3997000000050/1"] {
            assert_eq!(rpps(stranger, reference.clone()), Err(Failure::Stranger), "{stranger}");
        }
    }

    #[test]
    fn an_empty_reference_is_none() {
        for empty in [
            json!(null),
            json!(""),
            json!(" "),
            json!([]),
            json!({}),
            json!({ "codeCivilite": "", "exercices": [] }),
            json!({ "codeCivilite": "MME", "exercices": [] }),
            json!({ "codeCivilite": "MME", "exercices": [{}] }),
        ] {
            assert_eq!(rpps("899700000005", empty.clone()), Err(Failure::NoReference), "{empty}");
        }
        let absent: Claims = serde_json::from_value(json!({ "SubjectNameID": "899700000005" })).unwrap();
        assert_eq!(absent.rpps(), Err(Failure::NoReference));
    }
}
