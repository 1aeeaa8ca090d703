//! Whether an operation may be applied: its kind, its author's roles, its form and its values. Pure: what the database
//! knows is asked by the store, which is told which other records must exist.

use chrono::NaiveDate;
use domain::form::Kind;
use domain::id::RecordId;
use domain::people::{CONSENT, Role};
use domain::programme::Settles;
use domain::programmes;
use domain::record::{AFTER, FINISHED_AT, MERGED_INTO, NOTED_BY, PARENT, STARTED_AT, Value};
use sync::protocol::Quarantine;
use sync::{DELETED, Edit, Operation, OperationKind, Record};

/// Another record an operation points to: it must exist, be of this kind, and be writable by the author, unless it is
/// common to the territory ([`domain::programme::RecordKind::common`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub record: RecordId,
    pub kind: &'static str,
    /// The record hangs on this one, and belongs to whom this one belongs.
    pub parent: bool,
}

/// Letters of a first name, at most.
const LONGEST_NAME: usize = 80;

/// Bytes of the answers that an answer takes the place of, at most: fifty people who asked without seeing each other.
const LONGEST_AFTER: usize = 50 * 37;

/// Judges one operation by itself; answers the records it points to.
pub fn judge(operation: &Operation, roles: &[Role], today: NaiveDate) -> Result<Vec<Link>, Quarantine> {
    let kind = programmes::kind(&operation.record_kind);
    if operation.kind == OperationKind::Erase && kind.is_none() {
        // Of what this build does not know, only what was set aside may be there: its author may erase it.
        return Ok(Vec::new());
    }
    let kind = kind.ok_or(Quarantine::UnknownKind)?;
    if !roles.iter().any(|role| kind.writers.contains(role)) {
        return Err(Quarantine::NoRight);
    }
    if operation.kind == OperationKind::Erase {
        let above = kind.parent.and_then(programmes::kind).unwrap_or(kind);
        if !above.common.is_empty() {
            // It is nobody's right to be forgotten, and a day of counting would go with it.
            return Err(Quarantine::NoRight);
        }
        // It carries no value, so no form need read it.
        return Ok(Vec::new());
    }
    let goes = operation.kind == OperationKind::Delete || operation.fields.get(MERGED_INTO).is_some_and(says);
    if kind.kept && goes {
        return Err(Quarantine::Kept);
    }
    let form = kind.form_of(&operation.form_version).ok_or(Quarantine::UnknownForm)?;
    let mut links = Vec::new();
    for (name, edit) in &operation.fields {
        let value = &edit.value;
        match name.as_str() {
            STARTED_AT | FINISHED_AT if value.is_null() || value.is_i64() => {}
            NOTED_BY if value.as_str().is_some_and(|name| name.chars().count() <= LONGEST_NAME) => {}
            // A root takes no parent; a child is never left without one.
            PARENT => links.push(link(value, kind.parent, true)?.ok_or(Quarantine::InvalidValue)?),
            AFTER if kind.id == CONSENT.id && value.as_str().is_some_and(are_records) => {}
            DELETED if operation.kind == OperationKind::Delete && *value == true => {}
            MERGED_INTO => links.extend(link(value, Some(kind.id), false)?),
            _ => {
                let question = form.question(name).ok_or(Quarantine::InvalidValue)?;
                question.check(value, today).map_err(|_| Quarantine::InvalidValue)?;
                if let Kind::Link(kind) = question.kind {
                    links.extend(link(value, Some(kind), false)?);
                }
            }
        }
    }
    if operation.kind == OperationKind::Create && kind.parent.is_some() && !links.iter().any(|link| link.parent) {
        return Err(Quarantine::InvalidValue);
    }
    Ok(links)
}

/// Whether an operation changes what nobody changes any more. Given without seeing what stands, an answer that settles with
/// the end of its record is one of two to choose from, as any other, and choosing one of them changes nothing else.
pub fn is_settled(operation: &Operation, standing: &Record) -> bool {
    let Some(kind) = programmes::kind(&operation.record_kind) else { return false };
    if matches!(kind.settles, Settles::Never) {
        return false;
    }
    let fields = standing.fields.iter().map(|(name, field)| (name.clone(), field.value.clone())).collect();
    operation.fields.iter().any(|(name, edit)| {
        let there = standing.fields.get(name);
        let same = there.map_or(Value::Null, |field| field.value.clone()) == edit.value;
        let unseen = edit.base != there.map(|field| field.op_id);
        let chosen = standing.open(name).is_some_and(|item| item.values.iter().any(|rival| rival.value == edit.value));
        let may_differ = matches!(kind.settles, Settles::Finished(_)) && (unseen || chosen);
        !same && !may_differ && kind.is_settled(name, &fields)
    })
}

/// Whether an edit says something.
fn says(edit: &Edit) -> bool {
    !edit.value.is_null() && edit.value != ""
}

/// Whether a text names records, and not too many.
fn are_records(text: &str) -> bool {
    text.len() <= LONGEST_AFTER && text.split(' ').all(|id| id.parse::<RecordId>().is_ok())
}

/// Reads a link; `None` when it is cleared.
fn link(value: &Value, kind: Option<&'static str>, parent: bool) -> Result<Option<Link>, Quarantine> {
    if value.is_null() || value == "" {
        return Ok(None);
    }
    let kind = kind.ok_or(Quarantine::InvalidValue)?;
    let record = value.as_str().and_then(|text| text.parse().ok()).ok_or(Quarantine::InvalidValue)?;
    Ok(Some(Link { record, kind, parent }))
}
