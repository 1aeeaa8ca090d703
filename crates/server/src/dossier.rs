//! The copy of a person's file: for another program, and to be read.

use domain::french::{NBSP, full_day, sentence_case, time, uncapitalised};
use domain::people::PERSON;
use domain::programmes::kind;
use domain::record::{FINISHED_AT, Fields, STARTED_AT};
use domain::{Timestamp, people::Person};
use serde_json::{Value, json};
use sync::protocol::HistoryEntry;
use sync::protocol::audit::AuditEntry;

use crate::store::Kept;

/// What makes this copy readable by another program, now and later.
pub const FORMAT: &str = "cardabelle-dossier-1";

/// What is copied, when and by whom.
#[derive(Debug)]
pub struct Dossier<'a> {
    pub territory: &'a str,
    pub made_at: Timestamp,
    /// Minutes by which the reader's clock is ahead of UTC.
    pub offset: i32,
    /// The person first.
    pub records: &'a [Kept],
    /// Who read and wrote, newest first.
    pub audit: &'a [AuditEntry],
}

impl Dossier<'_> {
    /// Everything, as it is kept: fields by their names, each operation with its author and its day.
    pub fn json(&self) -> Value {
        let records: Vec<_> =
            self.records.iter().map(|kept| json!({ "record": kept.record, "history": kept.history })).collect();
        json!({
            "format": FORMAT, "territory": self.territory, "made_at": self.made_at, "records": records, "audit": self.audit,
        })
    }

    /// A page that needs nothing else: questions and answers in words, then who wrote and who read.
    pub fn html(&self) -> String {
        let name = self.records.first().map(|kept| Person::of(&values(kept)).name()).unwrap_or_default();
        let day = full_day(self.made_at.local(self.offset).date());
        let mut body = format!(
            "<h1>{}</h1><p>Copie du dossier tenu par {}, faite le {day}.</p>",
            escaped(&name),
            escaped(self.territory)
        );
        for kept in self.records {
            body.push_str(&self.section(kept));
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

    fn section(&self, kept: &Kept) -> String {
        let record = &kept.record;
        let known = kind(&record.kind);
        let title = known.map_or("Saisie", |kind| if kind.id == PERSON.id { "Identité" } else { kind.one });
        let fields = values(kept);
        let when = [STARTED_AT, FINISHED_AT].iter().rev().find_map(|name| fields.get(*name)?.as_i64());
        let day = when.map(|at| Timestamp(at).local(self.offset).date());
        // Some questions name the day on which they were asked.
        let asked_on = day.unwrap_or_else(|| self.made_at.local(self.offset).date());
        let when = day.map(|day| format!(", {}", full_day(day))).unwrap_or_default();
        let mut text = format!("<h2>{}{when}</h2>", escaped(&sentence_case(title)));
        if record.is_deleted() {
            text.push_str("<p>Fiche mise à la corbeille.</p>");
        }
        let form = known.and_then(|kind| kind.form_of(&record.form_version));
        text.push_str("<dl>");
        for (_, question) in form.into_iter().flat_map(|form| form.questions()) {
            if let Some(answer) = fields.get(question.id).and_then(|value| question.read_back(value)) {
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

fn values(kept: &Kept) -> Fields {
    kept.record.fields.iter().map(|(name, field)| (name.clone(), field.value.clone())).collect()
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
