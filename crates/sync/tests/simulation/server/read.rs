//! What is given back, within what the account may see.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::id::{AccountId, RecordId};
use sync::protocol::{Check, Frame, Pulled};
use sync::{FirstPull, Record, Seq};

use super::{Line, Server};

/// Small, so that there are several.
const PAGE: usize = 7;
const FRAME: usize = 3;

impl Server {
    pub fn pull(&self, account: AccountId, epoch: u64, since: Seq, check: bool) -> Pulled {
        let mut page = Pulled {
            epoch: self.epoch,
            operations: Vec::new(),
            since,
            more: false,
            entered: Vec::new(),
            left: Vec::new(),
            check: None,
            backed_up_seq: self.backed_up,
            server_time: Timestamp(0),
        };
        if epoch != self.epoch {
            return page;
        }
        let books = &self.books;
        let after = &books.log[usize::try_from(since).expect("a rank")..];
        let lines = &after[..after.len().min(PAGE)];
        page.more = after.len() > lines.len();
        page.since = since + lines.len() as Seq;
        let visible = |line: &Line| match line {
            Line::Operation(one) if books.sees(account, one.operation.record_id) => {
                let came = books.owned_since.get(&one.operation.record_id);
                came.is_none_or(|came| one.seq > *came).then(|| one.clone())
            }
            _ => None,
        };
        page.operations = lines.iter().filter_map(visible).collect();
        let here =
            books.sights.iter().filter(|(seq, who, _)| *who == account && (since + 1..=page.since).contains(seq));
        let moved: BTreeSet<RecordId> = here.map(|(.., what)| *what).collect();
        // What is told is how things stand now, whatever happened in between.
        for id in moved {
            let sees = books.sees(account, id);
            if sees || books.is_erased(id) {
                page.entered.push(books.records[&id].clone());
            }
            if !sees {
                page.left.push(id);
            }
        }
        page.check = (check && !page.more).then(|| self.count(account));
        page
    }

    pub fn visible(&self, account: AccountId) -> impl Iterator<Item = &Record> {
        self.books.records.values().filter(move |record| self.books.sees(account, record.id))
    }

    fn count(&self, account: AccountId) -> Check {
        let mut check = Check::default();
        self.visible(account).for_each(|record| check.add(record.id, record.seq));
        check
    }

    /// What this account once saw, that is another's and erased.
    fn erased_of_others(&self, account: AccountId) -> Vec<Record> {
        let books = &self.books;
        let told: BTreeSet<RecordId> =
            books.sights.iter().filter(|(_, who, _)| *who == account).map(|(.., what)| *what).collect();
        let gone = |id: &RecordId| books.is_erased(*id) && !books.sees(account, *id);
        told.into_iter().filter(gone).map(|id| books.records[&id].clone()).collect()
    }

    /// The frames of a first pull, from where it stands.
    pub fn frames(&self, account: AccountId, first: FirstPull) -> Vec<Frame> {
        let anew = first.epoch != self.epoch || first.after.is_none();
        let (at, mut from) = if anew { (self.books.top(), None) } else { (first.at, first.after) };
        let after: Vec<_> = self.visible(account).filter(|record| from.is_none_or(|from| record.id > from)).collect();
        let mut frames: Vec<_> = after.chunks(FRAME).collect();
        if frames.is_empty() {
            frames.push(&[]);
        }
        let last = frames.len() - 1;
        let frame = |(rank, records): (usize, &[&Record])| {
            let to = records.last().filter(|_| rank < last).map(|record| record.id);
            Frame {
                epoch: self.epoch,
                at,
                from: std::mem::replace(&mut from, to),
                to,
                total: after.len() as u64,
                records: records.iter().copied().cloned().collect(),
                erased: if rank == last { self.erased_of_others(account) } else { Vec::new() },
                backed_up_seq: self.backed_up,
                server_time: Timestamp(0),
            }
        };
        frames.into_iter().enumerate().map(frame).collect()
    }
}
