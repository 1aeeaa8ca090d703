//! What an erasure takes along: all that hangs on somebody, whoever wrote it and whenever it comes.

use std::collections::BTreeSet;

use domain::id::{AccountId, RecordId};
use domain::record::{MERGED_INTO, PARENT};
use sync::{Operation, OperationKind, Record, Sequenced};

use super::batch::Batch;
use super::erased::Erased;
use super::push::Caller;
use super::record::Owned;
use super::{StoreError, operation, quarantine, record, retention_people, scope, sight};

impl Batch<'_> {
    /// Whether an operation begins a record of somebody who was erased: it came late, and speaks of the same person. Its
    /// author knew her, and takes nobody's place.
    pub(super) async fn hangs_on_erased(&mut self, operation: &Operation) -> Result<bool, StoreError> {
        let parent = operation.fields.get(PARENT).and_then(|edit| edit.value.as_str()?.parse().ok());
        let Some(parent) = parent.filter(|_| operation.kind == OperationKind::Create) else { return Ok(false) };
        if self.record(operation.record_id).await?.is_some() {
            return Ok(false);
        }
        Ok(self.knew_erased(parent).await? && self.may_begin(operation).await?)
    }

    /// Whether an operation says that a record is of somebody who was erased: it hung elsewhere, or she was noted twice.
    /// Had it come before the erasure, it would have gone with her. Where two people say otherwise, it waits for the answer.
    pub(super) async fn joins_erased(&mut self, record: &Record, operation: &Operation) -> Result<bool, StoreError> {
        let said = [(PARENT, record::parent(record)), (MERGED_INTO, record::merged(record))];
        let agreed = |name: &str| operation.fields.contains_key(name) && record.open(name).is_none();
        for (_, of) in said.into_iter().filter(|(name, _)| agreed(name)) {
            if let Some(of) = of
                && self.knew_erased(of).await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a record is erased, and was known to the author.
    pub(super) async fn knew_erased(&mut self, id: RecordId) -> Result<bool, StoreError> {
        let Some(owner) = self.record(id).await?.filter(|owned| owned.record.is_erased()).map(|owned| owned.owner)
        else {
            return Ok(false);
        };
        let Caller { territory, account, .. } = *self.author;
        Ok(owner == account
            || operation::authors(self.connection, territory, id).await?.contains(&account)
            || scope::accounts(self.connection, territory, id).await?.contains(&account))
    }

    /// Erases what hangs on an erased record, and what was merged into it: who asked may not have known all of it.
    pub(super) async fn erase_below(&mut self, cause: &Sequenced, erased: &Owned) -> Result<(), StoreError> {
        self.records.insert(erased.record.id, (Some(erased.clone()), true));
        let mut above = vec![erased.record.id];
        while let Some(parent) = above.pop() {
            for id in self.naming(parent).await? {
                let goes = |owned: &&Owned| {
                    // Where two people say whose it is, it waits for the answer: it may be somebody else's.
                    let hangs = record::parent(&owned.record).filter(|_| owned.record.open(PARENT).is_none());
                    !owned.record.is_erased() && [hangs, record::merged(&owned.record)].contains(&Some(parent))
                };
                let Some(mut owned) = self.record(id).await?.filter(goes).cloned() else { continue };
                self.erase_with(&mut owned, cause).await?;
                self.records.insert(id, (Some(owned), true));
                above.push(id);
            }
            // What was to hang there and could not begin is only in the log: it goes too.
            for waiting in quarantine::to_hang_on(self.connection, self.author.territory, parent).await? {
                let id = waiting.operation.record_id;
                if self.record(id).await?.is_none() {
                    let mut owned = Owned { owner: waiting.author, record: Record::of(&waiting.operation) };
                    self.erase_with(&mut owned, cause).await?;
                    self.records.insert(id, (Some(owned), true));
                    above.push(id);
                }
            }
        }
        Ok(())
    }

    /// Erases a record because of another: there is no operation of its own that devices could read, so all of them are
    /// told of its end, at a sequence of its own.
    pub(super) async fn erase_with(&mut self, owned: &mut Owned, cause: &Sequenced) -> Result<(), StoreError> {
        let Record { id, kind, form_version, .. } = owned.record.clone();
        let mut operation = Operation {
            record_id: id,
            record_kind: kind,
            form_version,
            kind: OperationKind::Erase,
            ..cause.operation.clone()
        };
        operation::blank_values(&mut operation);
        self.seq += 1;
        let erasure = Sequenced::new(self.seq, cause.author, cause.received_at, operation);
        owned.record.apply(&erasure);
        self.scope.push((self.author.account, self.seq, id));
        self.blank(&erasure, owned.owner, self.author.account).await
    }

    /// Blanks the values of one record, and tells everybody who once saw it but `told`.
    pub(super) async fn blank(
        &mut self,
        erasure: &Sequenced,
        owner: AccountId,
        told: AccountId,
    ) -> Result<(), StoreError> {
        let (territory, id) = (self.author.territory, erasure.operation.record_id);
        operation::blank(self.connection, territory, id).await?;
        retention_people::forget(self.connection, territory, id).await?;
        let mut others = operation::authors(self.connection, territory, id).await?;
        others.extend(scope::accounts(self.connection, territory, id).await?);
        // An erased record has nothing left to be shared.
        others.extend(sight::leave_to(self.connection, territory, id, owner).await?);
        others.insert(owner);
        others.retain(|account| *account != told);
        self.scope.extend(others.into_iter().map(|account| (account, erasure.seq, id)));
        self.erased.push(Erased::by(&erasure.operation, owner, erasure.received_at));
        Ok(())
    }

    /// What may hang on a record or be merged into it, in the database or in this very batch.
    async fn naming(&mut self, id: RecordId) -> Result<BTreeSet<RecordId>, StoreError> {
        let territory = self.author.territory;
        let mut naming = record::children(self.connection, territory, id).await?;
        naming.extend(record::naming(self.connection, territory, id).await?);
        naming.extend(self.records.keys());
        Ok(naming)
    }
}
