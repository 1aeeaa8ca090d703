//! `cardabelle import rpps|finess|list|undo|inform`

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use clap::{Args, Subcommand, ValueEnum};
use domain::Day;
use domain::annuaire::import::{Extra, Listed, Otherwise, Plan, Register, Scope};
use domain::annuaire::official::{Area, Counts, FileKind, Intake, Refusal, day_of_name};
use domain::french::counted;
use uuid::Uuid;

use super::territory::day;
use super::{Data, open_ready};
use crate::annuaire::import::{self, Import as Asked, Incoming};
use crate::annuaire::read::{ReadError, read};
use crate::clock;

/// Lines of each kind that a preview shows.
const SHOWN: usize = 20;

#[derive(Debug, Subcommand)]
pub enum Import {
    /// Les professionnels de l’Annuaire Santé (fichier PS_LibreAcces_Personne_activite).
    Rpps(Rpps),
    /// Les structures de FINESS.
    Finess {
        /// etalab-cs1100507-….csv
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Les imports faits, le plus récent d’abord.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Annuler un import ; ce que quelqu’un a écrit depuis reste.
    Undo {
        #[command(flatten)]
        data: Data,
        id: Uuid,
    },
    /// Les personnes entrées par un import, à informer dans le mois.
    Inform {
        #[command(flatten)]
        data: Data,
        id: Uuid,
        /// Elles l’ont été.
        #[arg(long)]
        done: bool,
    },
}

#[derive(Debug, Args)]
pub struct Rpps {
    /// PS_LibreAcces_Personne_activite_….txt
    file: PathBuf,
    /// PS_LibreAcces_SavoirFaire_….txt
    #[arg(long, value_name = "FILE")]
    savoir_faire: Option<PathBuf>,
    /// PS_LibreAcces_Dipl_AutExerc_….txt
    #[arg(long, value_name = "FILE")]
    diplomas: Option<PathBuf>,
    /// Extraction_Correspondance_MSSante_….txt
    #[arg(long, value_name = "FILE")]
    mssante: Option<PathBuf>,
    /// N’importer que ces professions (codes TRE_G15 : 10, 60…).
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    profession: Vec<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub struct Common {
    #[command(flatten)]
    data: Data,
    /// Jour du fichier, si son nom ne le dit pas : 2026-11-01.
    #[arg(long, value_name = "DAY", value_parser = day)]
    on: Option<Day>,
    /// Ce fichier n’est qu’un extrait : il ne dit rien des absents.
    #[arg(long)]
    part: bool,
    /// Qui est peut-être déjà là sans identifiant : la même personne, une autre, ou plus tard.
    #[arg(long, value_enum, default_value = "skip")]
    matches: Matches,
    /// Écrire toutes les lignes refusées dans ce fichier.
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// Le fichier est le bon, même s’il y manque beaucoup de fiches du territoire.
    #[arg(long)]
    many_gone: bool,
    /// Faire l’import, puis dire ce qu’il a changé.
    #[arg(long, conflicts_with = "preview")]
    apply: bool,
    /// Montrer l’import sans le faire ni le demander.
    #[arg(long)]
    preview: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Matches {
    Same,
    Other,
    Skip,
}

impl Import {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Rpps(rpps) => {
                let mut files = vec![(FileKind::Activities, rpps.file)];
                files.extend(rpps.savoir_faire.map(|file| (FileKind::SavoirFaire, file)));
                files.extend(rpps.diplomas.map(|file| (FileKind::Diplomas, file)));
                files.extend(rpps.mssante.map(|file| (FileKind::Mssante, file)));
                let professions = (!rpps.profession.is_empty()).then(|| rpps.profession.into_iter().collect());
                take(Register::Rpps, files, professions, rpps.common).await
            }
            Self::Finess { file, common } => take(Register::Finess, vec![(FileKind::Finess, file)], None, common).await,
            Self::List { data } => {
                let (store, territory) = open_ready(&data.data).await?;
                let imports = store.imports(territory.id).await?;
                store.close().await;
                if imports.is_empty() {
                    println!("Aucun import.");
                }
                imports.iter().for_each(|one| println!("{}", listed(one)));
                Ok(())
            }
            Self::Undo { data, id } => {
                let (store, territory) = open_ready(&data.data).await?;
                let undone = import::undo(&store, territory.id, id, clock::now()).await?;
                store.close().await;
                let removed = counted(undone.deleted, "fiche retirée", "fiches retirées");
                let back = counted(undone.set_back, "fiche remise comme avant", "fiches remises comme avant");
                println!("Import annulé\u{a0}: {removed}, {back}.");
                for left in &undone.left {
                    let what = if left.facts.is_empty() { "la fiche".into() } else { left.facts.join(", ") };
                    println!("Reste, car quelqu’un y a écrit depuis\u{a0}: {}, {what} ({})", left.who, left.card);
                }
                Ok(())
            }
            Self::Inform { data, id, done } => {
                let (store, territory) = open_ready(&data.data).await?;
                let known = store.imports(territory.id).await?.into_iter().find(|one| one.id == id);
                let known = known.context("Cet import n’existe pas.")?;
                if done {
                    store.informed(territory.id, id, clock::now()).await?;
                    println!("Noté\u{a0}: elles ont été informées.");
                } else {
                    known.to_inform.iter().for_each(|one| println!("{}\t{}", one.card, one.who));
                    let people = counted(known.to_inform.len(), "personne", "personnes");
                    println!("{people} à informer avant le {}.", known.inform_until);
                }
                store.close().await;
                Ok(())
            }
        }
    }
}

/// Reads the files, shows what they would change, then does it if that is asked.
async fn take(
    register: Register,
    files: Vec<(FileKind, PathBuf)>,
    professions: Option<BTreeSet<String>>,
    common: Common,
) -> Result<()> {
    let (store, territory) = open_ready(&common.data.data).await?;
    let communes = store.communes(territory.id).await?;
    ensure!(
        !communes.is_empty(),
        "Le territoire n’a pas encore de commune. Ajoutez-les d’abord\u{a0}: cardabelle territory communes add INSEE…"
    );
    let area = Area { professions: professions.clone(), ..Area::of(&communes) };
    let main = files.first().map(|(_, file)| name_of(file)).unwrap_or_default();
    let extras = files.iter().filter_map(|(kind, _)| extra(*kind)).collect();
    let refused = common.refused.clone();
    let intake = tokio::task::spawn_blocking(move || read_all(area, &files, refused.as_deref()));
    let intake = intake.await.context("the reading stopped")??;
    let on = common.on.or_else(|| intake.day()).or_else(|| day_of_name(&main));
    let on = on.context("Le nom du fichier ne dit pas son jour. Rien n’a été importé. Ajoutez --on 2026-11-01.")?;
    let asked = Asked {
        register,
        on,
        file: main,
        scope: if common.part { Scope::Part } else { Scope::Whole },
        extras,
        professions,
        answers: Default::default(),
        otherwise: match common.matches {
            Matches::Same => Otherwise::Same,
            Matches::Other => Otherwise::Other,
            Matches::Skip => Otherwise::Skip,
        },
        cards: Incoming::Read(Box::new(intake)),
        many_gone: common.many_gone,
        by: None,
    };
    let done = if common.apply {
        let (plan, done) = asked.apply(&store, territory.id, clock::now()).await?;
        show(&plan);
        Some(done)
    } else {
        let ready = asked.preview(&store, territory.id, clock::now()).await?;
        show(&ready.plan);
        match asked.looks_whole(&ready.plan) {
            Err(refused) if common.preview => println!("{refused}"),
            looked => looked?,
        }
        if !common.preview && io::stdin().is_terminal() && confirmed()? {
            Some(asked.apply_what_was_shown(&store, territory.id, ready, clock::now()).await?.1)
        } else {
            None
        }
    };
    if let Some(done) = done {
        println!("Import fait. Pour l’annuler\u{a0}: cardabelle import undo {}", done.id);
        if done.counts.to_inform > 0 {
            let people = counted(done.counts.to_inform, "personne", "personnes");
            println!("{people} à informer avant le {}\u{a0}: cardabelle import inform {}", done.inform_until, done.id);
        }
    } else {
        println!("Rien n’a été importé. Ajoutez --apply pour le faire.");
    }
    store.close().await;
    Ok(())
}

fn read_all(area: Area, files: &[(FileKind, PathBuf)], refused: Option<&Path>) -> Result<Intake> {
    let mut intake = Intake::new(area);
    // A wrong path leaves nothing behind, and no file is ever written over: it could be the official one.
    for (_, file) in files {
        File::open(file).map_err(ReadError::File).with_context(|| name_of(file))?;
    }
    let mut told = refused.map(create_new).transpose()?;
    let mut told = told.as_mut().map(BufWriter::new);
    for (kind, file) in files {
        let name = name_of(file);
        let mut shown = Vec::new();
        let mut refuse = |one: &Refusal| -> io::Result<()> {
            if shown.len() < SHOWN {
                shown.push(one.to_string());
            }
            told.as_mut().map_or(Ok(()), |told| writeln!(told, "{name}\t{one}"))
        };
        let counts = read(&mut intake, file, *kind, &mut refuse).with_context(|| name.clone())?;
        println!("{name}\u{a0}: {}", counted_lines(counts));
        shown.iter().for_each(|line| println!("  {line}"));
        let more = counts.refused.saturating_sub(shown.len() as u64);
        if more > 0 {
            println!("  et {more} autres (--refused FILE les écrit toutes)");
        }
    }
    if let Some(told) = &mut told {
        told.flush()?;
    }
    Ok(intake)
}

/// The file of the lines that are refused.
fn create_new(file: &Path) -> Result<File> {
    File::create_new(file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => anyhow!(
            "Le fichier {} existe déjà. Rien n’a été importé, rien n’a été écrit. Donnez un autre nom à --refused.",
            file.display()
        ),
        _ => anyhow!("Le fichier {} ne peut pas être écrit\u{a0}: {error}. Rien n’a été importé.", file.display()),
    })
}

fn counted_lines(counts: Counts) -> String {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let lines = counted(number(counts.lines), "ligne", "lignes");
    let kept = counted(number(counts.kept), "gardée", "gardées");
    let refused = counted(number(counts.refused), "refusée", "refusées");
    format!("{lines}, {kept}, {refused}")
}

/// The preview: how many of each, and the first of those a person must look at.
fn show(plan: &Plan) {
    let counts = plan.counts;
    for (count, label) in [
        (counts.new, "fiches nouvelles"),
        (counts.changed, "fiches changées"),
        (counts.gone, "n’apparaissent plus dans le fichier"),
        (counts.back, "y apparaissent à nouveau"),
        (counts.same, "sans changement"),
        (counts.differences, "différences avec ce qui a été déclaré (gardé tel quel)"),
        (counts.proposed, "peut-être déjà là, à décider"),
        (counts.suppressed, "ont demandé à ne pas y être (laissées de côté)"),
        (counts.to_inform, "personnes à informer dans le mois"),
    ] {
        println!("{count:>7}  {label}");
    }
    let gone = plan.gone.iter().map(|one| format!("N’apparaît plus\u{a0}: {}", one.who));
    let differ = plan.differences.iter().map(|one| {
        format!(
            "Différence\u{a0}: {}, {}\u{a0}: {} déclaré, {} dans le fichier",
            one.who, one.fact, one.ours, one.theirs
        )
    });
    let proposed = plan.proposed.iter().map(|one| {
        let cards: Vec<&str> = one.cards.iter().map(|(_, who)| who.as_str()).collect();
        format!("Peut-être déjà là\u{a0}: {} ({})", one.key, cards.join(", "))
    });
    some(counts.gone, gone);
    some(counts.differences, differ);
    some(counts.proposed, proposed);
}

fn some(count: usize, lines: impl Iterator<Item = String>) {
    lines.take(SHOWN).for_each(|line| println!("  {line}"));
    if count > SHOWN {
        println!("  et {} autres", count - SHOWN);
    }
}

fn confirmed() -> Result<bool> {
    print!("Faire cet import\u{202f}? [o/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "o" | "O" | "oui" | "Oui"))
}

fn listed(one: &Listed) -> String {
    let counts = one.counts;
    let state = match (one.undone_at, one.to_inform.len()) {
        (Some(_), _) => "annulé".to_owned(),
        (None, 0) => String::new(),
        (None, people) => {
            format!("{} à informer avant le {}", counted(people, "personne", "personnes"), one.inform_until)
        }
    };
    let by = one.by.as_deref().unwrap_or("serveur");
    let day = one.at.local(0).format("%Y-%m-%d %H:%M");
    let changes = format!(
        "{} nouvelles, {} changées, {} parties, {} revenues",
        counts.new, counts.changed, counts.gone, counts.back
    );
    format!("{}  {day}  {by}  {}  {changes}  {state}", one.id, one.file)
}

fn extra(kind: FileKind) -> Option<Extra> {
    match kind {
        FileKind::SavoirFaire => Some(Extra::SavoirFaire),
        FileKind::Diplomas => Some(Extra::Diplomas),
        FileKind::Mssante => Some(Extra::Mssante),
        FileKind::Activities | FileKind::Finess => None,
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
