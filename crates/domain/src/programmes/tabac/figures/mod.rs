//! What is counted over all the challengers of an edition, on the server.

mod draw;
mod hidden;
mod load;
mod report;
#[cfg(test)]
mod tests;

use super::challenge::{Challenge, joined};
use super::duplicates::same_person;
use super::settings::{Editions, Settings, editions};
use crate::figures::{Cell, Choice, Document, Figures, Table, World};
use crate::id::{AccountId, RecordId};
use crate::people::{Role, who_does};

/// The report of a funder.
pub static REPORT: Figures = Figures {
    id: "bilan",
    programme: "tabac",
    title: "Résultats et bilan",
    readers: &[Role::Coordinator],
    draw: report::draw,
};

/// How many challengers each professional follows.
pub static LOAD: Figures = Figures {
    id: "binomes",
    programme: "tabac",
    title: "Binômes",
    readers: &[Role::Coordinator, Role::Professional],
    draw: load::draw,
};

/// What people answered to being shared: the coordination entrusts them, to one professional then to another, and does not
/// hold these consents.
pub static AGREED: Figures = Figures {
    id: "accords",
    programme: "tabac",
    title: "Accords au partage",
    readers: &[Role::Coordinator],
    draw: load::agreed,
};

/// Who is in the draw.
pub static DRAW: Figures = Figures {
    id: "tirage",
    programme: "tabac",
    title: "Tirage au sort",
    readers: &[Role::Coordinator],
    draw: draw::draw,
};

/// What every document is counted over.
struct Scene<'a> {
    editions: Editions<'a>,
    /// The edition it is about: the one asked for, else the one that runs.
    edition: Option<RecordId>,
    /// Of every edition. People with one number and one given name are one.
    all: Vec<Challenge<'a>>,
    /// Sign-ups that were another one of the same person in the edition.
    folded: usize,
}

impl<'a> Scene<'a> {
    fn of(world: &World<'a>) -> Self {
        let editions = editions(world.records);
        let asked = world.of.and_then(|of| editions.standing(of));
        let edition = asked.or(editions.running(world.clock.today));
        let all = joined(world.records, &same_person(world.records), world.clock);
        let here = all.iter().filter(|challenge| challenge.edition == edition);
        let folded = here.map(|challenge| challenge.sign_ups.len() - 1).sum();
        Self { editions, edition, all, folded }
    }

    /// Of the edition, whether they were signed up to the end or not.
    fn challenges(&self) -> impl Iterator<Item = &Challenge<'a>> {
        self.all.iter().filter(|challenge| challenge.edition == self.edition)
    }

    /// Those who were signed up to the end: a draft counts nowhere.
    fn signed_up(&self) -> Vec<&Challenge<'a>> {
        self.challenges().filter(|challenge| challenge.finished).collect()
    }

    /// How many sign-ups were counted with another one; nothing when there is none.
    fn told_folded(&self) -> Option<String> {
        let what = "Inscriptions en double (même téléphone, même prénom), comptées avec la première";
        (self.folded > 0).then(|| format!("{what}\u{a0}: {}.", self.folded))
    }

    /// How many sign-ups name no edition that is here: they are in no document but are hidden from nobody.
    fn told_nowhere(&self) -> Option<String> {
        let nowhere = self.all.iter().filter(|challenge| challenge.edition.is_none()).count();
        (nowhere > 0 && self.edition.is_some()).then(|| format!("Inscriptions sans édition connue\u{a0}: {nowhere}."))
    }

    fn settings(&self) -> &Settings<'a> {
        self.editions.of(self.edition)
    }

    fn document(&self, title: &str, notes: Vec<String>, tables: Vec<Table>) -> Document {
        let choice = |(record, settings): &(RecordId, Settings<'_>)| Choice {
            record: *record,
            label: settings.year.to_string(),
            chosen: Some(*record) == self.edition,
        };
        let title = match self.settings().year {
            0 => title.to_owned(),
            year => format!("{title} {year}"),
        };
        Document { title, notes, choices: self.editions.known.iter().map(choice).collect(), tables }
    }
}

/// Who follows her: whoever calls her, if she may follow people today.
fn follower(challenge: &Challenge<'_>, world: &World<'_>) -> Option<AccountId> {
    let may_follow = |account| world.accounts.get(&account).is_some_and(|(_, may)| *may);
    let owner = world.owners.get(&challenge.person).copied();
    who_does(&challenge.pair, owner, may_follow).into_iter().find(|account| may_follow(*account))
}

fn table(id: &str, title: &str, note: &str, head: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    let head = head.iter().map(|title| (*title).to_owned()).collect();
    Table { id: id.into(), title: title.into(), note: note.into(), head, rows }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn count(number: usize) -> Cell {
    Cell::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// So many out of so many.
fn part(number: usize, of: usize) -> Cell {
    let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Cell::part(whole(number), whole(of))
}
