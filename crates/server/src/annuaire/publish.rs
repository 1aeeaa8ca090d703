//! The file of the directory, compiled for two audiences and kept until something of it changes.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use domain::annuaire::directory::{Commune, Directory, FILE_VERSION, seen_by};
use domain::annuaire::entry::{self, Card, Entry, Kind, Visibility};
use domain::annuaire::fact::Source;
use domain::annuaire::file;
use domain::annuaire::import::{Extra, Known, Suppressed};
use domain::annuaire::lists::Lists;
use domain::french::fold;
use domain::record::{Fields, Value};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::secret::hex;
use crate::store::{Cards, Edition, Store, StoreError, Territory, own};

/// One audience's file, as it is sent.
#[derive(Clone, Debug)]
pub struct File {
    /// Of its content alone: what is hidden changes nothing of it.
    pub etag: String,
    pub plain: Bytes,
    pub gzip: Bytes,
}

/// Both files of one state of the directory.
#[derive(Debug)]
pub struct Published {
    edition: Edition,
    pub public: File,
    pub members: File,
}

/// Compiles once for everybody: whoever asks meanwhile waits for the same file.
#[derive(Clone, Debug, Default)]
pub struct Publisher(Arc<Slot>);

#[derive(Debug, Default)]
struct Slot {
    kept: RwLock<Option<Arc<Published>>>,
    /// Held by the one task that compiles.
    turn: Mutex<()>,
    #[cfg(test)]
    compiled: std::sync::atomic::AtomicUsize,
}

impl Publisher {
    /// The files of the directory as it is now.
    pub async fn now(&self, store: &Store, territory: &Territory) -> Result<Arc<Published>, StoreError> {
        if let Some(published) = self.0.kept(store.edition(territory.id).await?) {
            return Ok(published);
        }
        let (slot, store, territory) = (self.0.clone(), store.clone(), territory.clone());
        // On its own task: a visitor who hangs up midway does not lose what the next one waits for.
        let compiled = tokio::spawn(async move { slot.compile(&store, &territory).await });
        compiled.await.expect("compiling does not panic")
    }
}

impl Slot {
    fn kept(&self, edition: Edition) -> Option<Arc<Published>> {
        // What is kept is replaced whole: it is sound whatever became of the thread that did it.
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|published| published.edition == edition).cloned()
    }

    async fn compile(&self, store: &Store, territory: &Territory) -> Result<Arc<Published>, StoreError> {
        let _turn = self.turn.lock().await;
        let edition = store.edition(territory.id).await?;
        // Compiled by the task that had its turn before.
        if let Some(published) = self.kept(edition) {
            return Ok(published);
        }
        #[cfg(test)]
        self.compiled.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let cards = store.cards(territory.id).await?;
        let suppressed = store.suppressed(territory.id).await?;
        let communes = store.communes(territory.id).await?;
        let lists = store.lists(territory.id).await?.unwrap_or_else(Lists::defaults);
        let name = territory.name.clone();
        let compiled = tokio::task::spawn_blocking(move || {
            let entries = entries(cards, &communes, &suppressed);
            let file = |eyes| File::of(&directory(&name, &communes, &lists, &entries, eyes));
            Published { edition, public: file(Visibility::Public), members: file(Visibility::Members) }
        });
        let published = Arc::new(compiled.await.expect("compiling does not panic"));
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(published.clone());
        Ok(published)
    }
}

impl File {
    fn of(directory: &Directory) -> Self {
        let plain = file::write(directory);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        let gzip = gzip.write_all(&plain).and_then(|()| gzip.finish()).expect("memory takes writes");
        let hash = hex(&Sha256::digest(&plain)[..16]);
        // Weak: the same content is sent compressed or not.
        Self { etag: format!("W/\"{hash}\""), plain: plain.into(), gzip: gzip.into() }
    }
}

/// The cards of the territory, each fact as old as the last file that held it, by name. Never somebody who objected,
/// should a card of hers have outlived her objection.
fn entries(cards: Cards, communes: &[Commune], suppressed: &BTreeSet<Suppressed>) -> Vec<Card> {
    let here: BTreeSet<&str> = communes.iter().map(|commune| commune.insee.as_str()).collect();
    let card = |Known { id, mut fields }: Known| {
        if own(&fields).any(|one| suppressed.contains(&Suppressed(one))) {
            return None;
        }
        if let Some(seen) = cards.seen.get(&id) {
            confirm(&mut fields, *seen);
        }
        Some(Card { id, entry: entry::read(&fields)? })
    };
    let mut kept: Vec<Card> = cards.known.into_iter().filter_map(card).collect();
    kept.retain(|card| !card.entry.name.is_empty() && is_here(&card.entry, &here));
    let key = |card: &Card| (fold(&card.entry.name), card.entry.given_name.as_deref().map(fold), card.id);
    kept.sort_by_cached_key(key);
    kept
}

/// An official fact is confirmed by the last file its card was in; of what completes it, that file may have said nothing.
fn confirm(fields: &mut Fields, seen: Source) {
    let (Source::Rpps(day) | Source::Finess(day)) = seen else { return };
    // The file no longer holds a place that came to its end.
    let ended = fields.iter().filter(|(_, field)| field.get("v").is_some_and(|value| !value.is_null()));
    let ended: Vec<String> = ended
        .filter_map(|(name, _)| name.strip_suffix("until"))
        .filter(|name| name.contains('/'))
        .map(str::to_owned)
        .collect();
    for (name, field) in fields.iter_mut() {
        let silent =
            Extra::ALL.iter().any(|extra| extra.fact() == name) || ended.iter().any(|place| name.starts_with(place));
        let older = entry::field_origin(field).is_some_and(|origin| match (origin.source, seen) {
            (Source::Rpps(day), Source::Rpps(seen)) | (Source::Finess(day), Source::Finess(seen)) => day < seen,
            _ => false,
        });
        if let Value::Object(parts) = field
            && older
            && !silent
        {
            parts.insert("s".into(), seen.to_string().into());
            parts.insert("on".into(), day.to_string().into());
        }
    }
}

/// Whoever an official file brought in because she worked in a commune that is no more of the territory is left out.
fn is_here(entry: &Entry, here: &BTreeSet<&str>) -> bool {
    let official = entry.origins.of("name").is_some_and(|origin| origin.source.is_official());
    let communes: Vec<&str> =
        entry.sites.values().filter_map(|site| site.address.as_ref()?.commune.as_deref()).collect();
    !official
        || entry.kind == Kind::Service
        || here.is_empty()
        || communes.is_empty()
        || communes.iter().any(|commune| here.contains(commune))
}

fn directory(name: &str, communes: &[Commune], lists: &Lists, entries: &[Card], eyes: Visibility) -> Directory {
    let seen = |card: &Card| Card { id: card.id, entry: seen_by(&card.entry, eyes, lists) };
    let mut newest = None;
    let cards = entries
        .iter()
        .map(seen)
        .inspect(|card| newest = newest.max(card.entry.origins.newest().map(|origin| origin.confirmed_on)))
        .collect();
    Directory {
        version: FILE_VERSION,
        territory: name.into(),
        updated_on: newest,
        communes: communes.to_vec(),
        lists: lists.seen_by(eyes),
        cards,
    }
}

#[cfg(test)]
mod tests {
    use domain::Day;
    use domain::annuaire::fact::{Origin, Origins};
    use serde_json::json;

    use super::*;

    fn day(text: &str) -> Day {
        Day(domain::day_of(text).unwrap())
    }

    #[test]
    fn a_card_that_is_in_the_last_file_is_as_old_as_that_file() {
        let official = Origin { source: Source::Rpps(day("2026-11-01")), confirmed_on: day("2026-11-01") };
        let entry = Entry {
            name: "EXEMPLE".into(),
            mssante: vec!["m.exemple@essai.mssante.fr".into()],
            origins: Origins { most: Some(official), ..Origins::default() },
            ..Entry::default()
        };
        let mut fields = entry::write(&entry);
        fields.insert("languages".into(), json!({"v": ["LSF"], "s": "déclaré", "on": "2026-10-01"}));
        for (name, value) in [("sites/R1/phone", "1"), ("sites/R2/phone", "2"), ("sites/R2/until", "2026-11-01")] {
            fields.insert(name.into(), entry::fact(value.into(), official));
        }
        confirm(&mut fields, Source::Rpps(day("2026-12-01")));
        assert_eq!(fields["name"], json!({"v": "EXEMPLE", "s": "rpps:2026-12-01", "on": "2026-12-01"}));
        assert_eq!(fields["mssante"]["s"], "rpps:2026-11-01", "another file completes it");
        assert_eq!(fields["languages"]["on"], "2026-10-01");
        assert_eq!(fields["sites/R1/phone"]["s"], "rpps:2026-12-01");
        assert_eq!(fields["sites/R2/phone"]["s"], "rpps:2026-11-01", "a place the file no longer holds");
        confirm(&mut fields, Source::Rpps(day("2026-06-01")));
        assert_eq!(fields["name"]["s"], "rpps:2026-12-01", "an older file makes nothing older");
    }

    #[test]
    fn who_objected_is_not_published_even_if_a_card_stayed() {
        let known = |id, rpps: &str| {
            let (name, siret) = ("EXEMPLE".to_owned(), Some("99700000000013".to_owned()));
            let official = Origin { source: Source::Rpps(day("2026-11-01")), confirmed_on: day("2026-11-01") };
            let origins = Origins { most: Some(official), ..Origins::default() };
            let entry = Entry { name, rpps: Some(rpps.into()), siret, origins, ..Entry::default() };
            Known { id: domain::id::RecordId(uuid::Uuid::from_u128(id)), fields: entry::write(&entry) }
        };
        let cards = || Cards {
            known: vec![known(1, "99700000013"), known(2, "99700000021")],
            seen: Default::default(),
            edition: Edition { cards: 2, revision: 0 },
        };
        let names = |suppressed: &[&str]| {
            let suppressed = suppressed.iter().map(|one| Suppressed((*one).to_owned())).collect();
            entries(cards(), &[], &suppressed).into_iter().filter_map(|card| card.entry.rpps).collect::<Vec<_>>()
        };
        assert_eq!(names(&[]), ["99700000013", "99700000021"]);
        assert_eq!(names(&["rpps:99700000013"]), ["99700000021"]);
        assert_eq!(names(&["siret:99700000000013"]).len(), 2, "an address is nobody's own");
    }

    #[tokio::test]
    async fn visitors_who_hang_up_do_not_make_it_compile_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        store.create_territory("CPTS d’essai", false, &[]).await.unwrap();
        let territory = store.territory().await.unwrap().unwrap();
        let publisher = Publisher::default();
        let turn = publisher.0.turn.lock().await;
        for _ in 0..2 {
            let holders = Arc::strong_count(&publisher.0);
            let (asked, store, territory) = (publisher.clone(), store.clone(), territory.clone());
            let visitor = tokio::spawn(async move { asked.now(&store, &territory).await });
            // The visitor holds it, then whatever compiles for her.
            while Arc::strong_count(&publisher.0) < holders + 2 {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            visitor.abort();
            assert!(visitor.await.is_err(), "she hung up before it was compiled");
        }
        drop(turn);
        let edition = store.edition(territory.id).await.unwrap();
        while publisher.0.kept(edition).is_none() {
            assert!(Arc::strong_count(&publisher.0) > 1, "it is compiled although nobody waits any more");
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        publisher.now(&store, &territory).await.unwrap();
        let _turn = publisher.0.turn.lock().await;
        assert_eq!(publisher.0.compiled.load(std::sync::atomic::Ordering::Relaxed), 1);
    }

    /// What is hidden must not show by its age either.
    #[test]
    fn the_public_file_is_the_same_whatever_is_hidden() {
        let card = |hidden: Fields| {
            let official = Origin { source: Source::Rpps(day("2026-11-01")), confirmed_on: day("2026-11-01") };
            let origins = Origins { most: Some(official), ..Origins::default() };
            let mut fields = entry::write(&Entry { name: "EXEMPLE".into(), origins, ..Entry::default() });
            fields.extend(hidden);
            let id = domain::id::RecordId(uuid::Uuid::from_u128(1));
            Card { id, entry: entry::read(&fields).unwrap() }
        };
        let declared = |value| json!({"v": value, "s": "déclaré", "on": "2026-11-20"});
        let hidden = Fields::from([
            ("mssante".to_owned(), declared(json!(["planted@essai.mssante.fr"]))),
            ("sites/R1/colleague_phone".to_owned(), declared(json!("+33536490000"))),
            ("visibility".to_owned(), declared(json!({"languages": "members"}))),
            ("languages".to_owned(), declared(json!(["LSF"]))),
            ("competences".to_owned(), declared(json!([{"c": "ivg", "visibility": "members"}]))),
        ]);
        let lists = Lists::default();
        let file = |card: Card, eyes| File::of(&directory("T", &[], &lists, &[card], eyes));
        let bare = file(card(Fields::new()), Visibility::Public);
        let full = file(card(hidden.clone()), Visibility::Public);
        let text = |file: &File| String::from_utf8_lossy(&file.plain).into_owned();
        assert_eq!(text(&full), text(&bare));
        assert_eq!(full.etag, bare.etag);
        assert!(text(&file(card(hidden), Visibility::Members)).contains("planted"));
        let lists = Lists::defaults();
        let named = |eyes| text(&File::of(&directory("T", &[], &lists, &[], eyes))).contains("medical-abortion");
        assert_eq!(
            (named(Visibility::Public), named(Visibility::Members)),
            (false, true),
            "restricted, hence not named"
        );
    }
}
