//! What people do.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::id::{OpId, RecordId};
use domain::record::{PARENT, Value};
use pollster::block_on;
use serde_json::json;
use sync::{DELETED, Hold, OperationKind, Shown};
use uuid::Uuid;

use crate::device::{Act, Typed};
use crate::server::{FORBIDDEN, POISON};
use crate::world::World;

const FIELDS: &[&str] = &["weight", "words", "same"];

impl World {
    /// What a person does next on this device, with what she sees there.
    pub fn choose(&mut self, at: usize) -> Option<Act> {
        let shown = block_on(self.devices[at].tab().contents()).expect("a read").shown;
        let of_kind = |kind: &str| shown.iter().filter(|one| one.kind == kind).map(|one| one.id).collect::<Vec<_>>();
        let persons = of_kind("person");
        let lies = self.devices[at].unflushed.is_some();
        match self.dice.below(30) {
            0 => Some(self.make(at, "person", None, Hold::Under)),
            1 if self.dice.once_in(4) => Some(self.make(at, FORBIDDEN, None, |_| Hold::No)),
            1 | 2 => {
                let root = *self.dice.pick(&persons)?;
                Some(self.make(at, "screening", Some(root), Hold::Under))
            }
            3 | 4 => {
                let root = *self.dice.pick(&persons)?;
                Some(self.make(at, "consent", Some(root), Hold::Release))
            }
            5 => self.dice.pick(&persons).copied().map(Act::Discard),
            6 => {
                let target = self.dice.pick(&shown)?;
                let kind = match target.deleted {
                    _ if self.dice.once_in(5) => OperationKind::Erase,
                    true => OperationKind::Restore,
                    false => OperationKind::Delete,
                };
                Some(Act::Save(self.save(at, target.id, &target.kind, kind, Vec::new(), Hold::No)))
            }
            7..=9 => {
                let typing = self.last_typed.clone().filter(|_| self.dice.once_in(2));
                Some(if self.dice.once_in(4) { Act::Export } else { Act::Offer(typing) }).filter(|_| !lies)
            }
            10..=15 => {
                let disputed: Vec<_> = shown.iter().filter(|one| !one.conflicts.is_empty()).collect();
                let target = *self.dice.pick(&disputed)?;
                Some(self.settle(at, target))
            }
            _ => {
                let target = self.dice.pick(&shown)?;
                Some(self.edit(at, target))
            }
        }
    }

    /// A person, a screening of hers, and her consent to the record.
    pub fn begin(&mut self, at: usize) {
        let person = self.make(at, "person", None, Hold::Under);
        let Act::Save(Typed { record: root, .. }) = person else { unreachable!("`make` makes a save") };
        let screening = self.make(at, "screening", Some(root), Hold::Under);
        let consent = self.make(at, "consent", Some(root), Hold::Release);
        for act in [person, screening, consent] {
            self.perform(at, act, None);
        }
    }

    fn make(&mut self, at: usize, kind: &str, root: Option<RecordId>, hold: fn(RecordId) -> Hold) -> Act {
        let record = RecordId(self.uuid(at));
        let root_or_self = root.unwrap_or(record);
        self.roots.insert(record, root_or_self);
        let fields = root.map(|root| (PARENT.to_owned(), json!(root.to_string()))).into_iter().collect();
        Act::Save(self.save(at, record, kind, OperationKind::Create, fields, hold(root_or_self)))
    }

    fn edit(&mut self, at: usize, target: &Shown) -> Act {
        let field = (*self.dice.pick(FIELDS).expect("there are fields")).to_owned();
        let value = match self.dice.below(40) {
            0 => json!(POISON),
            _ if field == "same" => json!(self.dice.below(2)),
            _ => json!(self.dice.next() >> 20),
        };
        self.last_typed = Some((target.id, field.clone()));
        let hold = if self.dice.once_in(2) { Hold::No } else { Hold::Under(self.roots[&target.id]) };
        let mut typed = self.save(at, target.id, &target.kind, OperationKind::Set, vec![(field.clone(), value)], hold);
        typed.reason = self.dice.once_in(8).then(|| "correction".to_owned());
        if self.dice.once_in(4) {
            // A pull brought something while she was typing.
            typed.seen.insert(field, None);
        }
        Act::Save(typed)
    }

    /// She sees the values side by side, and keeps one of them or writes another.
    fn settle(&mut self, at: usize, target: &Shown) -> Act {
        let items: Vec<_> = target.conflicts.iter().collect();
        let (name, item) = self.dice.pick(&items).copied().expect("it is disputed");
        if name == DELETED {
            let kind = if self.dice.once_in(2) { OperationKind::Delete } else { OperationKind::Restore };
            return Act::Save(self.save(at, target.id, &target.kind, kind, Vec::new(), Hold::No));
        }
        let kept = self.dice.pick(&item.values).filter(|_| true).map(|rival| rival.value.clone());
        let value = kept.filter(|_| !self.dice.once_in(4)).unwrap_or_else(|| json!(self.dice.next() >> 20));
        let fields = vec![(name.clone(), value)];
        let mut typed = self.save(at, target.id, &target.kind, OperationKind::Set, fields, Hold::No);
        typed.over = item.values.iter().map(|rival| rival.op_id).collect();
        Act::Save(typed)
    }

    fn save(
        &mut self,
        at: usize,
        record: RecordId,
        kind: &str,
        operation: OperationKind,
        fields: Vec<(String, Value)>,
        hold: Hold,
    ) -> Typed {
        let op_id = OpId(self.uuid(at));
        let now = Timestamp(self.devices[at].clock);
        let (kind, seen) = (kind.to_owned(), BTreeMap::new());
        Typed { record, kind, operation, fields, seen, over: Vec::new(), reason: None, hold, now, op_id }
    }

    /// Time-ordered by the clock of the device, right or wrong.
    fn uuid(&mut self, at: usize) -> Uuid {
        self.drawn += 1;
        self.devices[at].clock += self.dice.below(60_000) as i64;
        let clock = u128::try_from(self.devices[at].clock).expect("after 1970");
        Uuid::from_u128((clock << 80) | (u128::from(self.dice.next() >> 32) << 32) | u128::from(self.drawn))
    }
}
