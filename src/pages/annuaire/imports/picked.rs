//! Choosing a file or letting it go over the page; reading it here, piece by piece, with the parser of the server.

use std::collections::BTreeSet;

use domain::Glyph;
use domain::annuaire::import::{Extra, Otherwise, Register, Scope, Submission};
use domain::annuaire::official::{Area, FileKind, Intake, Refusal, day_of_name};
use domain::french::{NBSP, counted, decimal};
use domain::{Day, day_of};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::annuaire::use_annuaire;
use crate::platform::file::Source;
use crate::platform::watch;
use crate::ui::band::{Band, Tone};
use crate::ui::drop_zone::DropZone;

/// A phone reads as much without suffering; a whole national file is the server's business.
const LARGEST: f64 = 20e6;
const PIECE: f64 = 512_000.0;
const MILLION: f64 = 1e6;

/// What was read of the files.
#[derive(Clone)]
pub struct Read {
    pub submission: Submission,
    pub refusals: Vec<Refusal>,
    /// All of them, also those that are not kept one by one.
    pub refused: u64,
    /// Lines of other communes.
    pub elsewhere: u64,
}

/// Where the reading is.
#[derive(Clone, PartialEq)]
enum Stage {
    Waiting,
    /// Between 0 and 1.
    Reading(f64),
    Refused(String),
}

#[component]
pub fn Picked(done: impl Fn(Read) + Copy + Send + Sync + 'static) -> impl IntoView {
    let loaded = use_annuaire().loaded();
    let stage = RwSignal::new(Stage::Waiting);
    let day = RwSignal::new(String::new());
    let take = Callback::new(move |files: Vec<Source>| {
        if files.is_empty() || matches!(stage.get_untracked(), Stage::Reading(_)) {
            return;
        }
        let Some(loaded) = loaded.get_untracked() else {
            stage.set(Stage::Refused(NO_DIRECTORY.to_owned()));
            return;
        };
        let area = Area::of(&loaded.directory.communes);
        let given = day_of(&day.get_untracked()).map(Day);
        stage.set(Stage::Reading(0.0));
        spawn_local(async move {
            let read = read(files, area, given, move |part| drop(stage.try_set(Stage::Reading(part)))).await;
            match read {
                Ok(read) => {
                    stage.try_set(Stage::Waiting);
                    done(read);
                }
                Err(sentence) => drop(stage.try_set(Stage::Refused(sentence))),
            }
        });
    });
    view! {
        <DropZone id="import-files" glyph=Glyph::Download several=true accept=".txt,.csv,text/plain,text/csv" take>
            <b>"Déposez ici l’extrait de l’Annuaire Santé ou de FINESS."</b>
            " Jusqu’à 20\u{a0}Mo et 5\u{202f}000\u{a0}fiches du territoire, tel qu’il a été téléchargé. Vous pouvez déposer ensemble les activités et les savoir-faire."
        </DropZone>
        <details>
            <summary>"Le nom du fichier ne dit pas son jour"</summary>
            <div class="field">
                <label for="import-day">"Jour du fichier"</label>
                <input id="import-day" type="date" autocomplete="off" bind:value=day/>
            </div>
        </details>
        <div role="status" aria-live="polite">
            {move || match stage.get() {
                Stage::Reading(part) => view! {
                    <p>"Lecture du fichier…"</p>
                    <progress max="1" value=part.to_string() aria-label="Lecture du fichier"></progress>
                }.into_any(),
                Stage::Refused(sentence) => view! { <Band tone=Tone::Error glyph=Glyph::Alert message=sentence/> }.into_any(),
                Stage::Waiting => ().into_any(),
            }}
        </div>
    }
}

const NO_DIRECTORY: &str = "La liste des communes du territoire n’est pas encore arrivée ici. Rien n’a été importé. Attendez le \
    réseau, puis recommencez.";
const NO_DAY: &str = "Le nom du fichier ne dit pas de quel jour il est. Rien n’a été importé. Donnez le jour ci-dessus, puis \
    déposez-le à nouveau.";
const TWO_REGISTERS: &str = "Ces fichiers viennent de deux répertoires. Rien n’a été importé. Déposez d’abord celui de \
    l’Annuaire Santé, puis celui de FINESS.";
const NO_ACTIVITIES: &str = "Ce fichier complète celui des activités, qui manque. Rien n’a été importé. Déposez les deux \
    ensemble.";
const LOST: &str = "Le fichier ne se laisse plus lire. Rien n’a été importé. Choisissez-le à nouveau.";

/// Reads the files to their end; the sentence says why not.
async fn read(mut files: Vec<Source>, area: Area, given: Option<Day>, told: impl Fn(f64)) -> Result<Read, String> {
    let total: f64 = files.iter().map(|file| file.size).sum();
    if total > LARGEST {
        return Err(too_large(total));
    }
    // The activities first: they say whose savoir-faire to keep.
    domain::order::sort_by_key(&mut files, |file| !file.name.contains("activite"));
    let mut intake = Intake::new(area);
    let mut kinds = Vec::new();
    let (mut refusals, mut refused, mut elsewhere) = (Vec::new(), 0, 0);
    let (mut read, mut on) = (0.0, given);
    for file in &files {
        intake.begin(None);
        let mut from = 0.0;
        while from < file.size {
            let piece = file.piece(from, (from + PIECE).min(file.size)).await.ok_or(LOST)?;
            intake.push(&piece).map_err(|why| format!("«{NBSP}{}{NBSP}»{NBSP}: {why}", file.name))?;
            from += PIECE;
            told(((read + from) / total).min(1.0));
            // The page goes on answering between two pieces.
            watch::sleep(0).await;
        }
        let counts = intake.end().map_err(|why| format!("«{NBSP}{}{NBSP}»{NBSP}: {why}", file.name))?;
        read += file.size;
        refused += counts.refused;
        // The lines of FINESS are not cards: half of them only say where a structure is. The first line names the columns.
        if intake.kind() != Some(FileKind::Finess) {
            elsewhere += counts.lines.saturating_sub(counts.kept + counts.refused + 1);
        }
        refusals.append(&mut intake.refusals);
        on = on.or_else(|| day_of_name(&file.name)).or(intake.day());
        kinds.extend(intake.kind());
    }
    let kind = register(&kinds)?;
    let on = on.ok_or(NO_DAY)?;
    let entries = intake.entries(on);
    if entries.len() > Submission::MOST {
        return Err(too_many(entries.len()));
    }
    let submission = Submission {
        kind,
        on,
        file: files.first().map(|file| file.name.clone()).unwrap_or_default(),
        // What a person drops is an extract: it says nothing of who is absent.
        scope: Scope::Part,
        extras: kinds.iter().filter_map(|kind| extra(*kind)).collect::<BTreeSet<_>>(),
        entries,
        apply: false,
        answers: std::collections::BTreeMap::new(),
        otherwise: Otherwise::default(),
    };
    Ok(Read { submission, refusals, refused, elsewhere })
}

fn register(kinds: &[FileKind]) -> Result<Register, String> {
    let finess = kinds.contains(&FileKind::Finess);
    match (finess, kinds.contains(&FileKind::Activities)) {
        (true, _) if kinds.iter().any(|kind| *kind != FileKind::Finess) => Err(TWO_REGISTERS.to_owned()),
        (true, _) => Ok(Register::Finess),
        (false, true) => Ok(Register::Rpps),
        (false, false) => Err(NO_ACTIVITIES.to_owned()),
    }
}

const fn extra(kind: FileKind) -> Option<Extra> {
    match kind {
        FileKind::SavoirFaire => Some(Extra::SavoirFaire),
        FileKind::Diplomas => Some(Extra::Diplomas),
        FileKind::Mssante => Some(Extra::Mssante),
        FileKind::Activities | FileKind::Finess => None,
    }
}

/// As the server would say of it, before anything is sent.
fn too_many(cards: usize) -> String {
    let cards = counted(cards, "fiche", "fiches");
    let most = counted(Submission::MOST, "fiche", "fiches");
    format!(
        "Ce fichier contient {cards} du territoire{NBSP}: d’ici, il s’en importe {most} au plus. Rien n’a été importé, rien n’est \
         perdu. La personne qui tient le serveur le lit avec la commande «{NBSP}cardabelle import rpps{NBSP}»\u{202f}; ou déposez un \
         extrait plus petit."
    )
}

fn too_large(size: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a size of a file in millions of bytes")]
    let millions = decimal((size / MILLION).ceil() as i64, 0);
    format!(
        "Ce fichier est trop gros pour être lu ici{NBSP}: {millions}{NBSP}Mo. Rien n’a été lu ni importé. La personne qui tient le \
         serveur le lit avec la commande «{NBSP}cardabelle import rpps{NBSP}»\u{202f}; ou déposez un extrait de moins de 20{NBSP}Mo."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_national_file_is_left_to_the_server() {
        let sentence = too_large(820_300_000.0);
        assert!(sentence.contains("821\u{a0}Mo") && sentence.contains("cardabelle import rpps"), "{sentence}");
        assert!(sentence.contains("Rien n’a été lu"));
    }

    #[test]
    fn a_whole_territory_is_left_to_the_server() {
        let sentence = too_many(6_200);
        assert!(
            sentence.contains("6\u{202f}200\u{a0}fiches") && sentence.contains("5\u{202f}000\u{a0}fiches"),
            "{sentence}"
        );
        assert!(sentence.contains("Rien n’a été importé"));
    }

    #[test]
    fn one_register_at_a_time_and_never_an_extra_alone() {
        use FileKind::{Activities, Diplomas, Finess, SavoirFaire};
        assert_eq!(register(&[Activities, SavoirFaire]), Ok(Register::Rpps));
        assert_eq!(register(&[Finess]), Ok(Register::Finess));
        assert!(register(&[Finess, Activities]).is_err());
        assert!(register(&[Diplomas]).is_err());
    }
}
