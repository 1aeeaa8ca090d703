//! An official file and the directory: what it would change, doing it, taking it back.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use domain::annuaire::entry::{Entry, Kind, Site};
use domain::annuaire::fact::{Origin, Origins, Source};
use domain::annuaire::import::{Answer, Extra, Listed, Otherwise, Plan, Register, Scope, Submission, Terms, Undone};
use domain::annuaire::official::Intake;
use domain::french::counted;
use domain::id::{AccountId, TerritoryId};
use domain::identifiers::{Adeli, Finess, Rpps, Siret};
use domain::{Day, Timestamp};
use uuid::Uuid;

use crate::clock;
use crate::store::{Applied, Edition, NewImport, Store, StoreError, Taken};

/// A plan is made, then written if no card changed meanwhile; made again this many times at most.
const TRIES: usize = 5;

/// Why an import did nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("Un fichier plus récent a déjà été importé ({0}). Rien n’a été importé. Prenez le fichier du mois.")]
    Older(Day),
    #[error("Ce fichier porte une date à venir ({0}). Rien n’a été importé. Vérifiez le jour du fichier.")]
    Future(Day),
    #[error(
        "Ce fichier ne contient plus {} sur {held} de ce registre\u{a0}: il est sans doute coupé, ou d’un autre endroit. Rien n’a été importé. Vérifiez-le\u{a0}; s’il est le bon, ajoutez --many-gone.", counted(*gone, "fiche", "fiches")
    )]
    ManyGone { gone: usize, held: usize },
    #[error("Le territoire n’a pas encore de commune. Rien n’a été importé. Ajoutez ses communes d’abord.")]
    NoCommune,
    #[error("Cet import n’existe pas. Rien n’a changé.")]
    Unknown,
    #[error("Cet import a déjà été annulé. Rien n’a changé.")]
    Already,
    #[error(
        "Un import plus récent du même registre dépend de celui-ci\u{a0}: {file} ({on}). Rien n’a changé. Annulez-le d’abord\u{a0}: cardabelle import undo {id}"
    )]
    Later { id: Uuid, file: String, on: Day },
    #[error("L’annuaire change en ce moment même. Rien n’a été écrit. Recommencez dans un instant.")]
    Busy,
}

/// What was read of official files, and how it is to be taken.
#[derive(Clone, Debug)]
pub struct Import {
    pub register: Register,
    pub on: Day,
    /// Name of the main file.
    pub file: String,
    pub scope: Scope,
    pub extras: BTreeSet<Extra>,
    pub professions: Option<BTreeSet<String>>,
    pub answers: BTreeMap<String, Answer>,
    pub otherwise: Otherwise,
    pub cards: Incoming,
    /// Done even if it marks so many cards as gone that the file looks cut.
    pub many_gone: bool,
    /// Who asks; `None`: the command line of the server.
    pub by: Option<AccountId>,
}

/// The cards of the files, taken one at a time: a card weighs many times what it is read from.
#[derive(Clone, Debug)]
pub enum Incoming {
    Sent(Vec<Entry>),
    Read(Box<Intake>),
}

impl Incoming {
    fn cards(&self, on: Day) -> Box<dyn Iterator<Item = Entry> + Send + '_> {
        match self {
            Self::Sent(entries) => Box::new(entries.iter().cloned()),
            Self::Read(intake) => Box::new(intake.cards(on)),
        }
    }
}

/// What a preview shows, and until when it holds.
#[derive(Debug)]
pub struct Ready {
    pub plan: Plan,
    terms: Terms,
    edition: Edition,
}

impl Import {
    /// What a browser read, held to what the file of its register may say. It is an extract, whatever it says: a browser
    /// that read half of a file must make nobody leave.
    pub fn submitted(submission: Submission, by: AccountId) -> Self {
        let Submission { kind, on, file, extras, entries, answers, otherwise, .. } = submission;
        let entries: Vec<Entry> = entries.into_iter().filter_map(|entry| official(entry, kind, on)).collect();
        let file = file.chars().take(200).collect();
        Self {
            register: kind,
            on,
            file,
            scope: Scope::Part,
            extras,
            professions: None,
            answers,
            otherwise,
            cards: Incoming::Sent(entries),
            many_gone: false,
            by: Some(by),
        }
    }

    /// What it would do, and nothing more.
    pub async fn preview(&self, store: &Store, territory: TerritoryId, now: Timestamp) -> Result<Ready, ImportError> {
        let (terms, edition) = self.terms(store, territory, now).await?;
        let mut cards = self.cards.cards(self.on);
        let plan = store.plan_import(territory, &terms, &mut *cards).await?;
        Ok(Ready { plan, terms, edition })
    }

    /// How much of the territory it speaks of. Limited to some professions, it says nothing of the others: it is not the
    /// file of the whole territory.
    const fn recorded_scope(&self) -> Scope {
        if self.professions.is_some() { Scope::Part } else { self.scope }
    }

    /// Does it: whole, or not at all.
    pub async fn apply(
        &self,
        store: &Store,
        territory: TerritoryId,
        now: Timestamp,
    ) -> Result<(Plan, Listed), ImportError> {
        let (terms, edition) = self.terms(store, territory, now).await?;
        self.apply_on(store, territory, terms, edition, now).await
    }

    /// Does what a preview showed; what it now does, if a card changed meanwhile.
    pub async fn apply_what_was_shown(
        &self,
        store: &Store,
        territory: TerritoryId,
        ready: Ready,
        now: Timestamp,
    ) -> Result<(Plan, Listed), ImportError> {
        self.apply_on(store, territory, ready.terms, ready.edition, now).await
    }

    async fn apply_on(
        &self,
        store: &Store,
        territory: TerritoryId,
        mut terms: Terms,
        mut edition: Edition,
        now: Timestamp,
    ) -> Result<(Plan, Listed), ImportError> {
        let (register, file, on, by) = (self.register, self.file.clone(), self.on, self.by);
        let new = NewImport { register, file, on, scope: self.recorded_scope(), by, many_gone: self.many_gone };
        for _ in 0..TRIES {
            let mut cards = self.cards.cards(self.on);
            match store.apply_import(territory, edition, &new, &terms, &mut *cards, now).await? {
                Applied::Done(id, plan) => {
                    let listed = store.import(territory, id).await?;
                    return Ok((plan, listed.ok_or(ImportError::Unknown)?));
                }
                Applied::ManyGone(plan) => self.looks_whole(&plan)?,
                Applied::Moved => (terms, edition) = self.terms(store, territory, now).await?,
            }
        }
        Err(ImportError::Busy)
    }

    /// Refuses a file that looks cut, unless somebody said that it is the right one.
    pub const fn looks_whole(&self, plan: &Plan) -> Result<(), ImportError> {
        if plan.loses_many() && !self.many_gone {
            return Err(ImportError::ManyGone { gone: plan.counts.gone, held: plan.held });
        }
        Ok(())
    }

    /// What it is held to, and until when that holds.
    async fn terms(
        &self,
        store: &Store,
        territory: TerritoryId,
        now: Timestamp,
    ) -> Result<(Terms, Edition), ImportError> {
        // Every file of the months until then would be refused as older.
        if self.on.0 > clock::latest_day(now) {
            return Err(ImportError::Future(self.on));
        }
        // Read first: what changes while the rest is read makes it be read again.
        let edition = store.edition(territory).await?;
        // An extract says too little to make the whole file of the same month too old.
        let among = (self.recorded_scope() == Scope::Whole).then_some(Scope::Whole);
        let newest = store.newest_import(territory, self.register, among).await?;
        if let Some(newer) = newest.filter(|newer| *newer > self.on) {
            return Err(ImportError::Older(newer));
        }
        let communes = store.communes(territory).await?;
        if communes.is_empty() {
            return Err(ImportError::NoCommune);
        }
        let terms = Terms {
            source: source(self.register, self.on),
            scope: self.scope,
            extras: self.extras.clone(),
            communes: communes.into_iter().map(|commune| commune.insee).collect(),
            professions: self.professions.clone(),
            suppressed: store.suppressed(territory).await?,
            answers: self.answers.clone(),
            otherwise: self.otherwise,
            kept: store.kept(territory).await?,
        };
        Ok((terms, edition))
    }
}

/// Runs something long away from the threads that answer everybody. Nothing stops it: a visitor who hangs up midway does
/// not undo what she asked for. `None`: it panicked.
pub async fn aside<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Option<T> {
    let threads = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || threads.block_on(work)).await.ok()
}

/// Takes an import back, except what somebody wrote on since. The newest of its register first: a later one confirmed the
/// cards it brought in, and changed what it wrote.
pub async fn undo(store: &Store, territory: TerritoryId, id: Uuid, now: Timestamp) -> Result<Undone, ImportError> {
    match store.undo_import(territory, id, now).await? {
        Taken::Unknown => Err(ImportError::Unknown),
        Taken::Already => Err(ImportError::Already),
        Taken::Later(id, file, on) => Err(ImportError::Later { id, file, on }),
        Taken::Back(undone) => Ok(undone),
    }
}

const fn source(register: Register, on: Day) -> Source {
    match register {
        Register::Rpps => Source::Rpps(on),
        Register::Finess => Source::Finess(on),
    }
}

/// Of a card a browser sends, what the file of a register may say of it and nothing more; `None` when it bears no
/// identifier of that register.
fn official(entry: Entry, register: Register, on: Day) -> Option<Entry> {
    // A number is compared letter for letter: « 997 0000 0013 » would be somebody else.
    let is_person = entry.kind == Kind::Person;
    let rpps = canonical(entry.rpps.filter(|_| is_person), Rpps::as_str);
    let adeli = canonical(entry.adeli.filter(|_| is_person), Adeli::as_str);
    let finess = canonical(entry.finess.filter(|_| !is_person), Finess::as_str);
    let siret = canonical(entry.siret.filter(|_| !is_person), Siret::as_str);
    let known = match register {
        Register::Rpps => rpps.is_some() || adeli.is_some(),
        Register::Finess => entry.kind == Kind::Structure && finess.is_some(),
    };
    let sites = entry.sites.into_iter().filter(|(key, _)| !key.is_empty() && key.len() <= 100 && !key.contains('/'));
    let site = |site: Site| Site {
        finess: canonical(site.finess, Finess::as_str),
        siret: canonical(site.siret, Siret::as_str),
        colleague_phone: None,
        booking: None,
        hours: None,
        accessibility: Vec::new(),
        until: None,
        ..site
    };
    let origin = Origin { source: source(register, on), confirmed_on: on };
    known.then(|| Entry {
        kind: entry.kind,
        name: entry.name,
        given_name: entry.given_name,
        title: entry.title,
        rpps,
        adeli,
        finess,
        siret,
        profession: entry.profession,
        category: entry.category,
        savoir_faire: entry.savoir_faire,
        diplomas: entry.diplomas,
        mssante: entry.mssante,
        sites: sites.map(|(key, one)| (key, site(one))).collect(),
        origins: Origins { most: Some(origin), ..Origins::default() },
        ..Entry::default()
    })
}

/// A number as its register writes it; `None` when it is not one.
fn canonical<T: FromStr>(text: Option<String>, as_str: impl Fn(&T) -> &str) -> Option<String> {
    text?.parse().ok().map(|number| as_str(&number).to_owned())
}
