//! Whether an operation that a device sends may be applied: what the database knows of it, beside [`judge`].

use domain::id::{AccountId, DeviceId, RecordId};
use domain::people::access::{self, Giving};
use domain::people::{CONSENT, PERSON, Purpose, SHARE, consent, share};
use domain::programme::RecordKind;
use domain::programmes;
use sync::protocol::Quarantine;
use sync::{Operation, OperationKind};

use super::batch::Batch;
use super::push::Caller;
use super::{StoreError, account, operation, quarantine, record, sight, stand};
use crate::judge::{is_settled, judge};

impl Batch<'_> {
    /// Whether an operation that arrives may be applied.
    pub(super) async fn first_verdict(&mut self, operation: &Operation) -> Result<Result<(), Quarantine>, StoreError> {
        if self.record(operation.record_id).await?.is_some_and(|owned| owned.record.is_erased()) {
            // Nothing is left to be judged, nor kept aside: it is emptied like the rest.
            return Ok(Ok(()));
        }
        if self.hangs_on_erased(operation).await? {
            return Ok(Ok(()));
        }
        if self.revoked {
            return Ok(Err(Quarantine::Revoked));
        }
        // An erasure waits behind nothing: whatever is set aside is blanked with the rest.
        // Nor does a creation, without which what is set aside would wait for ever.
        let begins = operation.kind == OperationKind::Create && self.record(operation.record_id).await?.is_none();
        let waits = !begins && operation.kind != OperationKind::Erase;
        if waits && self.is_behind(operation.record_id).await? {
            return Ok(Err(Quarantine::Behind));
        }
        self.verdict(operation).await
    }

    /// Whether the operation may be applied now, whatever waits before it.
    pub(super) async fn verdict(&mut self, operation: &Operation) -> Result<Result<(), Quarantine>, StoreError> {
        let links = match judge(operation, &self.author.roles, self.today) {
            Ok(links) => links,
            Err(reason) => return Ok(Err(reason)),
        };
        if self.visit && !self.signs_herself_up(operation).await? {
            return Ok(Err(Quarantine::NoRight));
        }
        match self.bar(operation.record_id, &operation.record_kind, false).await? {
            Some(Quarantine::UnknownRecord) if self.may_begin(operation).await? => {}
            Some(Quarantine::NoRight) if self.changes_as_granted(operation).await? => {}
            Some(reason) => return Ok(Err(reason)),
            None => {}
        }
        // A stand corrects what it has just noted, until it is sealed there.
        if self.opener.is_none()
            && self.record(operation.record_id).await?.is_some_and(|owned| is_settled(operation, &owned.record))
        {
            return Ok(Err(Quarantine::Settled));
        }
        for link in links {
            let bar = self.bar(link.record, link.kind, true).await?;
            if let Some(reason) = bar.filter(|reason| *reason != Quarantine::NoRight) {
                return Ok(Err(reason));
            }
            // Of somebody who was erased nobody sees anything any more: those who knew her may still say what is hers.
            let barred = bar.is_some() && !self.knew_erased(link.record).await?;
            let stops = barred
                && !self.withdraws(operation, link.record).await?
                && !self.is_granted(operation, link.record).await?;
            if stops {
                return Ok(Err(Quarantine::NoRight));
            }
            if link.parent && self.takes_away(operation.record_id, link.record).await? {
                return Ok(Err(Quarantine::NoRight));
            }
        }
        if let Some(edit) = operation.fields.get(share::ACCOUNT).filter(|_| operation.record_kind == SHARE.id) {
            // Her device listed colleagues a while ago: one may have left since.
            let with = edit.value.as_str().and_then(|id| id.parse().ok());
            let Some(with) = with else { return Ok(Err(Quarantine::InvalidValue)) };
            if !account::may_follow(self.connection, self.author.territory, with).await? {
                return Ok(Err(Quarantine::InvalidValue));
            }
        }
        Ok(Ok(()))
    }

    /// Whether an operation is what somebody who scanned the code of a stand may write: herself, her answers, and what a stand
    /// notes of a person. Anybody may photograph that code.
    async fn signs_herself_up(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let kind = operation.record_kind.as_str();
        let of_person = |kind: &RecordKind| kind.at_stand.is_some() && kind.parent == Some(PERSON.id);
        let hers = kind == PERSON.id || kind == CONSENT.id || programmes::kind(kind).is_some_and(of_person);
        if !hers {
            return Ok(false);
        }
        if kind != PERSON.id || operation.kind != OperationKind::Create {
            return Ok(true);
        }
        let Caller { territory, device, .. } = *self.author;
        stand::begins(self.connection, territory, device, operation.record_id).await
    }

    /// Whether an operation is the « non » of a person whom its author saw when she gave it: it may come after her sight has
    /// ended, as that of a sentinel who handed her over, and only takes away.
    async fn withdraws(&mut self, operation: &Operation, person: RecordId) -> Result<bool, StoreError> {
        let Caller { territory, account, .. } = *self.author;
        let says = operation.fields.get(consent::ANSWER).is_some_and(|edit| edit.value == "no");
        let begins = operation.record_kind == CONSENT.id && operation.kind == OperationKind::Create;
        Ok(says && begins && sight::ever(self.connection, territory, account, person).await?)
    }

    /// Whether an operation says with whom a person is shared, by somebody who sees her through a grant: whoever opened the
    /// stand may be away. She sees every field of such a record, the person was signed up, and agrees to it, unless it only
    /// ends.
    async fn is_granted(&mut self, operation: &Operation, record: RecordId) -> Result<bool, StoreError> {
        let Caller { territory, account, ref roles, .. } = *self.author;
        let writes = programmes::kind(&operation.record_kind).is_some_and(access::writes);
        let says = matches!(operation.kind, OperationKind::Create | OperationKind::Set);
        if !writes || !says || !sight::is_granted(self.connection, territory, account, roles, record).await? {
            return Ok(false);
        }
        // What this very batch began is not written yet.
        let person = self.record(record).await?.and_then(|owned| record::parent(&owned.record)).unwrap_or(record);
        Ok(sight::is_signed_up(self.connection, territory, person).await?
            && (ends(operation) || sight::agrees(self.connection, territory, person, Purpose::ShareNamed).await?))
    }

    /// Whether an operation changes, through a grant, what the coordination wrote: what a professional shared is hers to end,
    /// as long as her account is open.
    async fn changes_as_granted(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let Caller { territory, account, .. } = *self.author;
        let origin = self.record(operation.record_id).await?.and_then(|owned| owned.record.origin.as_ref());
        let Some(by) = origin.map(|origin| origin.author) else { return Ok(false) };
        Ok(self.is_granted(operation, operation.record_id).await?
            && (by == account
                || account::giving(self.connection, territory, by).await? == Giving::Entrusts
                || (ends(operation) && account::is_closed(self.connection, territory, by).await?)))
    }

    /// Whether hanging a record on another would take it from whose it is, by somebody who did not begin it.
    async fn takes_away(&mut self, id: RecordId, parent: RecordId) -> Result<bool, StoreError> {
        let to = self.record(parent).await?.map(|owned| owned.owner);
        let author = self.author.account;
        let known = self.record(id).await?;
        Ok(known.is_some_and(|owned| {
            let began = owned.record.origin.as_ref().is_some_and(|origin| origin.author == author);
            to != Some(owned.owner) && !began
        }))
    }

    /// Why the author may not write on a record of this kind, or only point to it: whoever is of the territory may name what
    /// is common there, such as a stand.
    async fn bar(&mut self, id: RecordId, kind: &str, pointing: bool) -> Result<Option<Quarantine>, StoreError> {
        let Some(of_kind) = self.record(id).await?.map(|owned| owned.record.kind == kind) else {
            return Ok(Some(Quarantine::UnknownRecord));
        };
        let Caller { territory, account, device, .. } = *self.author;
        // Who sees the whole writes; a stand sees nothing, and knows what it began itself.
        let may = match self.opener {
            _ if pointing && of_kind && sight::is_common(kind) => true,
            None => sight::is_whole(self.connection, territory, account, id).await?,
            Some(_) => operation::began_by(self.connection, territory, id).await? == Some(device),
        };
        Ok(if !may {
            Some(Quarantine::NoRight)
        } else if !of_kind {
            Some(Quarantine::InvalidValue)
        } else {
            None
        })
    }

    /// Whether a record may begin with this operation: its creation, or the erasure of one whose creation is set aside.
    pub(super) async fn may_begin(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let Caller { territory, account, device, .. } = *self.author;
        if !matches!(operation.kind, OperationKind::Create | OperationKind::Erase) {
            return Ok(false);
        }
        let creators = operation::creators(self.connection, territory, operation.record_id).await?;
        // All stands write under one account.
        let alone = self.opener.is_some();
        let own = |creator: &(AccountId, DeviceId)| creator.0 == account && (!alone || creator.1 == device);
        Ok(match operation.kind {
            // Whoever learns the identifier of what a colleague could not begin does not begin it in her place.
            OperationKind::Create => creators.iter().all(own),
            _ => creators.iter().any(own),
        })
    }

    async fn is_behind(&mut self, id: RecordId) -> Result<bool, StoreError> {
        if let Some(known) = self.behind.get(&id) {
            return Ok(*known);
        }
        let Caller { territory, device, .. } = *self.author;
        let behind = quarantine::is_held_behind(self.connection, territory, device, id).await?;
        self.behind.insert(id, behind);
        Ok(behind)
    }
}

/// Whether an operation ends with whom a person is shared, and says nothing else.
fn ends(operation: &Operation) -> bool {
    let is_over = operation.fields.get(share::IN_FORCE).is_some_and(|edit| edit.value == "no");
    operation.kind == OperationKind::Set && operation.fields.len() == 1 && is_over
}
