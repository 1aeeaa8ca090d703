//! What devices tell of consultations. Each becomes a line of the audit: there is no record for anybody to see.

use chrono::NaiveDate;
use domain::Timestamp;
use domain::id::{DeviceId, OpId, RecordId, TerritoryId};
use domain::people::Role;
use domain::people::trace::{Act, read};
use domain::record::Fields;
use sqlx::SqliteConnection;
use sync::protocol::Quarantine;
use sync::protocol::audit::Event;
use sync::{Operation, OperationKind};

use super::audit::{self, Noted, Told};
use super::{Caller, StoreError, parsed, sight};
use crate::judge::judge;

/// What an operation tells, `None` when it is not the creation of a trace and nothing more.
pub fn told(operation: &Operation) -> Option<(Act, RecordId)> {
    let fields: Fields = operation.fields.iter().map(|(name, edit)| (name.clone(), edit.value.clone())).collect();
    let bare = operation.is_trace() && operation.kind == OperationKind::Create && operation.reason.is_none();
    read(&fields).filter(|_| bare)
}

/// Whether a trace may be noted, and what it tells.
pub fn verdict(operation: &Operation, roles: &[Role], today: NaiveDate) -> Result<(Act, RecordId), Quarantine> {
    judge(operation, roles, today)?;
    told(operation).ok_or(Quarantine::InvalidValue)
}

/// The device whose trace is noted already.
pub async fn held(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    op_id: OpId,
) -> Result<Option<DeviceId>, StoreError> {
    let device: Option<String> = sqlx::query_scalar("SELECT device FROM audit WHERE territory = ? AND op = ?")
        .bind(territory.to_string())
        .bind(op_id.to_string())
        .fetch_optional(transaction)
        .await?;
    device.map(|device| parsed(&device)).transpose()
}

/// Notes what a device tells. About what its account never saw, it is an attempt: told as one, and answered as any other.
pub async fn note(
    transaction: &mut SqliteConnection,
    caller: &Caller,
    (act, of): (Act, RecordId),
    operation: &Operation,
    now: Timestamp,
) -> Result<(), StoreError> {
    let saw = sight::ever(transaction, caller.territory, caller.account, of).await?;
    let (event, detail) = match act {
        _ if !saw => (Event::Refused, Some("trace")),
        Act::Opened => (Event::Opened, None),
        Act::Printed => (Event::Printed, None),
        Act::Exported => (Event::Exported, None),
    };
    let told = Told { op: operation.op_id, at: operation.device_time.min(now) };
    audit::append(transaction, caller.territory, Noted::by(caller, event, Some(of), detail), Some(told), now).await
}

#[cfg(test)]
mod tests {
    use domain::people::TRACE;
    use domain::people::trace::fields;
    use sync::Edit;
    use uuid::Uuid;

    use super::*;

    const ODETTE: RecordId = RecordId(Uuid::from_u128(7));

    fn trace() -> Operation {
        let edit = |(name, value)| (name, Edit::new(value, None));
        Operation {
            op_id: OpId(Uuid::from_u128(1)),
            device_id: DeviceId(Uuid::from_u128(2)),
            device_seq: 1,
            record_id: RecordId(Uuid::from_u128(3)),
            record_kind: TRACE.id.into(),
            form_version: TRACE.form().version.into(),
            kind: OperationKind::Create,
            fields: fields(Act::Printed, ODETTE).into_iter().map(edit).collect(),
            reason: None,
            device_time: Timestamp(1),
        }
    }

    #[test]
    fn those_who_see_somebody_tell_and_a_stand_has_nothing_to_tell() {
        for role in Role::ALL {
            let told = verdict(&trace(), &[*role], NaiveDate::default());
            let expected = match role {
                Role::Sentinel | Role::Professional | Role::Coordinator => Ok((Act::Printed, ODETTE)),
                Role::Administrator | Role::StandSession | Role::Public => Err(Quarantine::NoRight),
            };
            assert_eq!(told, expected, "{role:?}");
        }
    }

    #[test]
    fn what_is_no_trace_tells_nothing() {
        assert_eq!(told(&trace()), Some((Act::Printed, ODETTE)));
        assert_eq!(told(&Operation { record_kind: "person".into(), ..trace() }), None);
        assert_eq!(told(&Operation { kind: OperationKind::Set, ..trace() }), None);
        assert_eq!(told(&Operation { reason: Some("Odette".into()), ..trace() }), None);
    }
}
