//! The settings of a territory, and what goes soon. The words are written by the server, so that a browser that shows no
//! setting does not download them: a page is parts, lines and what may be asked.
//!
//! | route | body | answer |
//! |---|---|---|
//! | `GET /api/territory` | | [`Panel`]: an administrator's |
//! | `POST /api/territory` | [`Asked`] | [`Panel`] as it is then; 400, 404 [`super::Problem`] |
//! | `GET /api/retention` | | [`Panel`]: the people the caller sees whole and who go soon; not an administrator's |

use domain::id::RecordId;
use serde::{Deserialize, Serialize};

/// A page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Under its title. Empty: there is nothing to show.
    pub second: String,
    /// What was just done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
    pub parts: Vec<Part>,
}

/// One part of it, with its title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub title: String,
    /// Paragraphs.
    pub texts: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Act>,
}

/// One line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    /// Whom it is about: her name is on the device, never here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
}

/// Something that may be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// With what is typed, or this value.
    pub asked: Asked,
    /// On its button.
    pub label: String,
    /// The label of the field where the value is typed. Empty: it is not typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What must be said before it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sure: Option<Sure>,
}

/// A question before something that cannot be taken back at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sure {
    pub title: String,
    pub text: String,
    /// On the button that does nothing.
    pub keep: String,
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// A code of the server.
    pub act: String,
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn travels_as_it_is_documented() {
        let asked = Asked { act: "days".into(), value: "30".into() };
        let act = Act { asked, label: "Changer".into(), field: "Jours".into(), sure: None };
        let record = Some(RecordId("00000000-0000-4000-8000-000000000000".parse().expect("an id")));
        let lines = vec![Line { text: "Effacée".into(), record, act: None }];
        let part = Part { title: "Échanges".into(), texts: vec!["Trente".into()], lines, acts: vec![act] };
        let panel = Panel { second: "CPTS".into(), said: String::new(), parts: vec![part] };
        let text = r#"{"second":"CPTS","parts":[{"title":"Échanges","texts":["Trente"],"lines":[{"text":"Effacée","record":"00000000-0000-4000-8000-000000000000"}],"acts":[{"asked":{"act":"days","value":"30"},"label":"Changer","field":"Jours"}]}]}"#;
        assert_eq!(serde_json::to_string(&panel).expect("plain data"), text);
        assert_eq!(serde_json::from_str::<Panel>(text).expect("the same"), panel);
    }
}
