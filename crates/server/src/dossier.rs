//! The copy of a person's file: for another program, and to be read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Timestamp;
use domain::annuaire::codes::profession_label;
use domain::annuaire::entry::{self, ENTRY};
use domain::form::{Kind, Question};
use domain::french::{NBSP, full_day, name_case, sentence_case, time, uncapitalised};
use domain::id::RecordId;
use domain::people::{PERSON, Person};
use domain::programmes::kind;
use domain::record::{FINISHED_AT, Fields, STARTED_AT};
use serde_json::{Value, json};
use sync::Record;
use sync::protocol::HistoryEntry;
use sync::protocol::audit::AuditEntry;

use crate::store::{Held, Kept};

/// What the answers name, by the ids they hold.
type Names = BTreeMap<RecordId, String>;

/// What makes this copy readable by another program, now and later.
pub const FORMAT: &str = "cardabelle-dossier-1";

/// What is copied, when and by whom.
#[derive(Debug)]
pub struct Dossier<'a> {
    pub territory: &'a str,
    pub made_at: Timestamp,
    /// Minutes by which the reader's clock is ahead of UTC.
    pub offset: i32,
    pub held: &'a Held,
    /// Who read and wrote, newest first.
    pub audit: &'a [AuditEntry],
}

impl Dossier<'_> {
    /// Everything, as it is kept: fields by their names, each operation with its author and its day.
    pub fn json(&self) -> Value {
        let records: Vec<_> =
            self.held.records.iter().map(|kept| json!({ "record": kept.record, "history": kept.history })).collect();
        json!({
            "format": FORMAT, "territory": self.territory, "made_at": self.made_at, "records": records, "names": self.names(),
            "audit": self.audit,
        })
    }

    /// A page that needs nothing else: questions and answers in words, then who wrote and who read.
    pub fn html(&self) -> String {
        let name = self.held.records.first().map(|kept| Person::of(&values(&kept.record)).name()).unwrap_or_default();
        let names = self.names();
        let day = full_day(self.made_at.local(self.offset).date());
        let mut body = format!(
            "<h1>{}</h1><p>Copie du dossier tenu par {}, faite le {day}.</p>",
            escaped(&name),
            escaped(self.territory)
        );
        for kept in &self.held.records {
            body.push_str(&self.section(kept, &names));
        }
        body.push_str("<h2>Qui a consulté, qui a écrit</h2><ul>");
        for entry in self.audit {
            let who = entry.name.as_deref().unwrap_or("Inconnu");
            let what = match entry.event {
                sync::protocol::audit::Event::Changed => "a écrit",
                sync::protocol::audit::Event::Shared => "a partagé",
                sync::protocol::audit::Event::Exported => "a fait une copie",
                sync::protocol::audit::Event::Printed => "a imprimé",
                sync::protocol::audit::Event::Erased => "a effacé",
                sync::protocol::audit::Event::Refused => "s’est vu refuser l’accès",
                _ => "a consulté",
            };
            body.push_str(&format!(
                "<li>{}\u{a0}: {} {what}</li>",
                self.moment(entry.told_at.unwrap_or(entry.at)),
                escaped(who)
            ));
        }
        body.push_str("</ul>");
        PAGE.replace("{body}", &body)
    }

    fn section(&self, kept: &Kept, names: &Names) -> String {
        let record = &kept.record;
        let (title, day) = self.heading(record);
        let fields = values(record);
        // Some questions name the day on which they were asked.
        let asked_on = day.unwrap_or_else(|| self.made_at.local(self.offset).date());
        let mut text = format!("<h2>{}</h2>", escaped(&title));
        if record.is_deleted() {
            text.push_str("<p>Fiche mise à la corbeille.</p>");
        }
        let form = kind(&record.kind).and_then(|kind| kind.form_of(&record.form_version));
        text.push_str("<dl>");
        for (_, question) in form.into_iter().flat_map(|form| form.questions()) {
            if let Some(answer) = fields.get(question.id).and_then(|value| answer(question, value, names)) {
                text.push_str(&format!(
                    "<dt>{}</dt><dd>{}</dd>",
                    escaped(&question.label.on(asked_on)),
                    escaped(&answer)
                ));
            }
        }
        text.push_str("</dl>");
        text.push_str(&self.writers(&kept.history));
        text
    }

    /// « Repérage du 24 nov. 2026 », and that day: the one it was finished, else begun.
    fn heading(&self, record: &Record) -> (String, Option<NaiveDate>) {
        let when = [FINISHED_AT, STARTED_AT].iter().find_map(|name| record.fields.get(*name)?.value.as_i64());
        let day = when.map(|at| Timestamp(at).local(self.offset).date());
        let title = match (kind(&record.kind), day.map(full_day)) {
            (Some(kind), _) if kind.id == PERSON.id => "Identité".to_owned(),
            (Some(kind), Some(day)) => sentence_case(&kind.begun_on(&day)),
            (Some(kind), None) => sentence_case(kind.one),
            (None, Some(day)) => format!("Saisie du {day}"),
            (None, None) => "Saisie".to_owned(),
        };
        (title, day)
    }

    fn names(&self) -> Names {
        let own = self.held.records.iter().map(|kept| &kept.record);
        own.chain(&self.held.named).map(|record| (record.id, self.name(record))).collect()
    }

    /// « Marché de Saverdun, 24 nov. 2026 », « Marie Combes, sage-femme », else what it is and its day.
    fn name(&self, record: &Record) -> String {
        let fields = values(record);
        if record.kind == ENTRY {
            return card(&fields);
        }
        let called = kind(&record.kind).and_then(|kind| {
            let form = kind.form_of(&record.form_version)?;
            let told = kind.called.iter().filter_map(|field| form.question(field)?.read_back(fields.get(*field)?));
            Some(told.collect::<Vec<_>>().join(", "))
        });
        called.filter(|told| !told.is_empty()).unwrap_or_else(|| self.heading(record).0)
    }

    /// « Écrit par Claire Vidal, infirmière, le 24 novembre 2026 à 9 h 51 », once for each sitting.
    fn writers(&self, history: &[HistoryEntry]) -> String {
        let mut told = Vec::new();
        for entry in history {
            let by = &entry.by;
            let line = format!(
                "{}, {}, le {}",
                escaped(&by.name),
                escaped(&uncapitalised(&by.profession)),
                full_day(by.at.local(self.offset).date())
            );
            if !told.contains(&line) {
                told.push(line);
            }
        }
        if told.is_empty() { String::new() } else { format!("<p class=by>Écrit par {}.</p>", told.join("\u{a0}; ")) }
    }

    fn moment(&self, at: Timestamp) -> String {
        let at = at.local(self.offset);
        format!("{} à{NBSP}{}", full_day(at.date()), time(at))
    }
}

/// An answer in words; `None` for what was not answered.
fn answer(question: &Question, value: &Value, names: &Names) -> Option<String> {
    if value.is_null() || value == "" {
        return None;
    }
    let named = || value.as_str()?.parse().ok().and_then(|id| names.get(&id).cloned());
    let told = match question.kind {
        Kind::Link(_) => named().or_else(|| Some("Une fiche qui n’est plus là".to_owned())),
        Kind::Entry => named().or_else(|| Some("Une fiche qui n’est plus dans l’annuaire".to_owned())),
        // Kept in another record, which tells it.
        Kind::OfParent(_) | Kind::Consent(_) => return None,
        Kind::Choice(_)
        | Kind::Whisper { .. }
        | Kind::Number { .. }
        | Kind::Date
        | Kind::AnyDay
        | Kind::Count { .. }
        | Kind::Scale { .. }
        | Kind::Tally
        | Kind::Text { .. }
        | Kind::Phone
        | Kind::Stopwatch { .. }
        | Kind::Words { .. }
        | Kind::Recall { .. } => question.read_back(value),
    };
    // Nothing that is kept goes unsaid: the other copy holds it as it is.
    Some(told.unwrap_or_else(|| "Une valeur que cette version ne sait pas lire".to_owned()))
}

/// « Marie Combes, sage-femme », « Pharmacie de la Halle »
fn card(fields: &Fields) -> String {
    let Some(entry) = entry::read(fields) else { return "Une fiche de l’annuaire".to_owned() };
    let name = match entry.kind {
        entry::Kind::Person => {
            [entry.given_name.as_deref().map(name_case).unwrap_or_default(), name_case(&entry.name)].join(" ")
        }
        _ => entry.name.clone(),
    };
    let profession = entry.profession.as_ref().map(|coded| profession_label(coded, entry.title.as_deref()));
    [Some(name.trim().to_owned()), profession.map(uncapitalised)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn values(record: &Record) -> Fields {
    record.fields.iter().map(|(name, field)| (name.clone(), field.value.clone())).collect()
}

/// What somebody typed is text, whatever it looks like.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

const PAGE: &str = "<!doctype html><html lang=fr><meta charset=utf-8>\
    <meta name=viewport content=\"width=device-width,initial-scale=1\">\
    <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\
    <title>Dossier</title><style>body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.5 system-ui,sans-serif}\
    h2{margin-top:2rem;border-bottom:1px solid}dt{font-weight:600;margin-top:.6rem}dd{margin:0}.by{font-size:.9rem}</style>\
    <body>{body}</body></html>";

#[cfg(test)]
mod tests {
    use domain::form::Form;
    use domain::id::{AccountId, DeviceId, OpId};
    use domain::programmes::kinds;
    use sync::{Edit, Operation, OperationKind, Sequenced};
    use uuid::Uuid;

    use super::*;

    /// An answer that a question takes.
    fn answered(question: &Question) -> Value {
        match question.kind {
            Kind::Choice(options) | Kind::Whisper { options, .. } => options[0].code.into(),
            Kind::Words { lists, .. } => lists[0].id.into(),
            Kind::Number { min, .. } => min.into(),
            Kind::Date | Kind::AnyDay => "1942-03-02".into(),
            Kind::Phone => "0536491234".into(),
            Kind::Text { .. } => "Miremont".into(),
            Kind::Link(_) | Kind::Entry => Uuid::from_u128(9).to_string().into(),
            Kind::Count { .. }
            | Kind::Scale { .. }
            | Kind::Tally
            | Kind::Stopwatch { .. }
            | Kind::Recall { .. }
            | Kind::OfParent(_)
            | Kind::Consent(_) => 1.into(),
        }
    }

    fn record(kind: &str, form: &Form, fields: Vec<(&str, Value)>) -> Record {
        let operation = Operation {
            op_id: OpId(Uuid::from_u128(1)),
            device_id: DeviceId(Uuid::from_u128(2)),
            device_seq: 1,
            record_id: RecordId(Uuid::from_u128(3)),
            record_kind: kind.into(),
            form_version: form.version.into(),
            kind: OperationKind::Create,
            fields: fields.into_iter().map(|(name, value)| (name.into(), Edit::new(value, None))).collect(),
            reason: None,
            device_time: Timestamp(1),
        };
        let mut record = Record::of(&operation);
        record.apply(&Sequenced::new(1, AccountId(Uuid::from_u128(4)), Timestamp(1), operation));
        record
    }

    /// The page, and what each record would be called by an answer that names it.
    fn copied(records: Vec<Record>) -> (String, Vec<String>) {
        let records = records.into_iter().map(|record| Kept { record, history: vec![] }).collect();
        let held = Held { records, named: vec![] };
        let dossier =
            Dossier { territory: "CPTS d’essai", made_at: Timestamp(1), offset: 60, held: &held, audit: &[] };
        (dossier.html(), dossier.names().into_values().collect())
    }

    fn page(kind: &str, form: &Form, fields: Vec<(&str, Value)>) -> String {
        copied(vec![record(kind, form, fields)]).0
    }

    /// « Date d’arrêt du 24 novembre » would be read as the day to stop.
    #[test]
    fn a_record_is_told_by_its_day_in_the_words_of_its_kind() {
        let on = json!(1_795_513_860_000_i64);
        for (id, field, told) in [
            ("tabac-move", STARTED_AT, "Date d’arrêt fixée le 24\u{a0}nov.\u{a0}2026"),
            ("tabac-move", FINISHED_AT, "Date d’arrêt fixée le 24\u{a0}nov.\u{a0}2026"),
            ("tabac-pair", STARTED_AT, "Binôme formé le 24\u{a0}nov.\u{a0}2026"),
            ("icope-screening", STARTED_AT, "Repérage du 24\u{a0}nov.\u{a0}2026"),
            ("icope-screening", "step", "Repérage"),
            ("person", STARTED_AT, "Identité"),
            ("of-a-newer-build", STARTED_AT, "Saisie du 24\u{a0}nov.\u{a0}2026"),
            ("of-a-newer-build", "step", "Saisie"),
        ] {
            let (page, names) = copied(vec![record(id, PERSON.form(), vec![(field, on.clone())])]);
            assert!(page.contains(&format!("<h2>{told}</h2>")), "{id} {field}: {page}");
            assert_eq!(names, [told], "{id} {field}");
        }
    }

    #[test]
    fn no_answer_of_any_form_is_left_out() {
        for kind in kinds() {
            for form in kind.forms {
                for (_, question) in form.questions() {
                    let elsewhere = matches!(question.kind, Kind::OfParent(_) | Kind::Consent(_));
                    let label = escaped(&question.label.on(Timestamp(1).local(60).date()));
                    let asked = format!("<dt>{label}</dt><dd>");
                    for value in [answered(question), json!([{ "of": "a newer version" }])] {
                        let page = page(kind.id, form, vec![(question.id, value)]);
                        assert_eq!(page.contains(&asked), !elsewhere, "{} {}: {page}", kind.id, question.id);
                    }
                    assert!(!page(kind.id, form, vec![(question.id, Value::Null)]).contains("<dt>"), "{}", question.id);
                }
            }
        }
    }
}
