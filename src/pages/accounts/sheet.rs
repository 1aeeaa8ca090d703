//! Several people at once, from the members' spreadsheet: the server reads the file, nothing is made before it is looked at.

use domain::Glyph;
use domain::french::counted;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::protocol::access::{NewMember, Sheet};

use super::{for_administrators, words};
use crate::notebook::{Notebook, TroubleKind, use_notebook};
use crate::platform::file::{self, Source};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone};
use crate::ui::drop_zone::DropZone;
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page};

const PREVIEW: &str = "sheet-preview";
/// The members of a territory are a few hundred lines: what is larger is another file.
const LARGEST: f64 = 2e6;
/// Lines drawn: a person reads a few, and trusts the count of the others.
const SHOWN: usize = 200;
/// The byte order mark tells spreadsheets that the file is UTF-8.
const MODEL: &str = "\u{feff}Nom;Prénom;Profession;Rôles\r\n";

const TOO_LARGE: &str = "Ce fichier est trop gros pour une liste de membres. Rien n’a été créé. Gardez une feuille, avec une \
    ligne par personne, puis déposez-la à nouveau.";
const LOST: &str = "Le fichier ne se laisse plus lire. Rien n’a été créé. Choisissez-le à nouveau.";

/// Where the page is.
#[derive(Clone)]
enum Stage {
    Waiting,
    Reading,
    /// Not read, and why.
    Unread(String),
    Read(Sheet),
}

#[component]
pub fn SheetPage() -> impl IntoView {
    for_administrators(|| Several().into_any())
}

#[component]
fn Several() -> impl IntoView {
    let notebook = use_notebook();
    let stage = RwSignal::new(Stage::Waiting);
    let said = RwSignal::new(None::<&'static str>);
    let model = move |_| {
        let offered = file::hand_over_as("cardabelle-membres.csv", "text/csv;charset=utf-8", MODEL);
        said.set(Some(if offered {
            "Le modèle est proposé au téléchargement."
        } else {
            "Ce navigateur n’enregistre pas de fichier. Faites une feuille avec ces quatre colonnes."
        }));
    };
    view! {
        <Page title="Ajouter depuis un tableur">
            <Below back=(route::ACCOUNTS, "Comptes") title="Ajouter depuis un tableur">
                <p class="second">"Vous voyez d’abord ce que contient le fichier, puis vous décidez."</p>
            </Below>
            <Drop notebook stage/>
            <details class="sheet-help">
                <summary>"Ce que le fichier doit contenir"</summary>
                <p>"Une ligne par personne, et ces colonnes. Les autres sont ignorées."</p>
                <div class="table" tabindex="0" role="region" aria-label="Exemple de feuille">
                    <table>
                        <thead><tr><th scope="col">"Nom"</th><th scope="col">"Prénom"</th><th scope="col">"Profession"</th><th scope="col">"Rôles"</th></tr></thead>
                        <tbody>
                            <tr><td>"Exemple"</td><td>"Camille"</td><td>"Infirmière"</td><td>"professionnel"</td></tr>
                            <tr><td>"Exemple"</td><td>"Dominique"</td><td>"Pharmacien"</td><td>"professionnel, coordination"</td></tr>
                            <tr><td>"Exemple"</td><td>"Alix"</td><td>"Aide à domicile"</td><td>"sentinelle"</td></tr>
                        </tbody>
                    </table>
                </div>
                <p class="second">"Les rôles possibles\u{a0}: professionnel, sentinelle, coordination, administration. Sans rôle écrit, ce sera professionnel."</p>
                <button type="button" class="quiet" on:click=model><Icon name=Glyph::Download/>"Télécharger un modèle vide"</button>
                <p role="status" aria-live="polite">{said}</p>
            </details>
            {move || match stage.get() {
                Stage::Read(sheet) => preview(notebook, stage, sheet),
                Stage::Waiting | Stage::Reading | Stage::Unread(_) => ().into_any(),
            }}
        </Page>
    }
}

#[component]
fn Drop(notebook: Notebook, stage: RwSignal<Stage>) -> impl IntoView {
    let take = Callback::new(move |files: Vec<Source>| {
        let Some(file) = files.into_iter().next() else { return };
        if matches!(stage.get_untracked(), Stage::Reading) {
            return;
        }
        stage.set(Stage::Reading);
        spawn_local(async move {
            let read = match read(notebook, &file).await {
                Ok(sheet) => Stage::Read(sheet),
                Err(sentence) => Stage::Unread(sentence),
            };
            if matches!(read, Stage::Read(_)) {
                request_animation_frame(|| page::focus(PREVIEW));
            }
            stage.try_set(read);
        });
    });
    view! {
        <DropZone id="sheet-file" glyph=Glyph::Table accept=".csv,.txt,.xlsx" take>
            <b>"Déposez ici la liste de vos membres."</b>" Un fichier CSV ou Excel (XLSX), d’une feuille."
        </DropZone>
        <div role="status" aria-live="polite">
            {move || match stage.get() {
                Stage::Reading => view! { <p class="said">"Lecture du fichier…"</p> }.into_any(),
                Stage::Unread(sentence) => view! { <Band tone=Tone::Error glyph=Glyph::Alert message=sentence/> }.into_any(),
                Stage::Waiting | Stage::Read(_) => ().into_any(),
            }}
        </div>
    }
}

/// What the server reads in the file; the sentence says why not.
async fn read(notebook: Notebook, file: &Source) -> Result<Sheet, String> {
    if file.size > LARGEST {
        return Err(TOO_LARGE.to_owned());
    }
    let bytes = file.piece(0.0, file.size).await.ok_or(LOST)?;
    notebook.read_sheet(bytes).await.map_err(|trouble| match trouble.kind {
        TroubleKind::NoNetwork | TroubleKind::ServerSilent => {
            "Le fichier se lit avec le réseau, qui manque. Rien n’a été créé, rien n’est perdu. Déposez-le à nouveau quand il \
             sera là."
                .to_owned()
        }
        _ => trouble.message,
    })
}

/// The lines that are right, those that are not and why; the decision.
fn preview(notebook: Notebook, stage: RwSignal<Stage>, sheet: Sheet) -> AnyView {
    let count = sheet.members.len();
    let refused = refused(&sheet.refused);
    let right = right(&sheet.members);
    view! {
        <section class="preview">
            <h2 id=PREVIEW tabindex="-1">{counted(count, "compte à créer", "comptes à créer")}</h2>
            {refused}
            {right}
            {if count > 0 {
                view! { <Create notebook stage members=sheet.members/> }.into_any()
            } else {
                view! { <p>"Aucune ligne ne peut devenir un compte. Rien n’a été créé. Corrigez le fichier, puis déposez-le à nouveau."</p> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn right(members: &[NewMember]) -> Option<AnyView> {
    (!members.is_empty()).then(|| {
        let left = members.len().saturating_sub(SHOWN);
        let rows = members
            .iter()
            .take(SHOWN)
            .map(|member| {
                view! {
                    <tr>
                        <th scope="row">{member.name.clone()}</th>
                        <td>{member.profession.clone()}</td>
                        <td>{words::roles(&member.roles)}</td>
                        <td>{member.login.clone()}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <div class="table stacking" tabindex="0" role="region" aria-label="Comptes à créer">
                <table>
                    <caption class="visually-hidden">"Comptes à créer"</caption>
                    <thead><tr><th scope="col">"Nom"</th><th scope="col">"Profession"</th><th scope="col">"Rôles"</th><th scope="col">"Identifiant"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(left > 0).then(|| view! { <p class="second">{format!("Et {}.", counted(left, "autre", "autres"))}</p> })}
        }
        .into_any()
    })
}

fn refused(lines: &[(u64, String)]) -> Option<AnyView> {
    (!lines.is_empty()).then(|| {
        let said = counted(lines.len(), "ligne ne devient pas un compte", "lignes ne deviennent pas des comptes");
        let left = lines.len().saturating_sub(SHOWN);
        let lines = lines
            .iter()
            .take(SHOWN)
            .map(|(line, why)| view! { <li><b class="nowrap">{format!("Ligne\u{a0}{line}")}</b><span>{why.clone()}</span></li> })
            .collect_view();
        view! {
            <section class="refused-lines">
                <h3>{said}</h3>
                <p class="second">"Les autres peuvent être créées sans elles. Corrigez celles-ci dans le fichier, puis déposez-le à nouveau."</p>
                <ul class="plain">{lines}</ul>
                {(left > 0).then(|| view! { <p class="second">{format!("Et {}.", counted(left, "autre", "autres"))}</p> })}
            </section>
        }
        .into_any()
    })
}

#[component]
fn Create(notebook: Notebook, stage: RwSignal<Stage>, members: Vec<NewMember>) -> impl IntoView {
    let navigate = use_navigate();
    let attempt = Attempt::new();
    let words = format!("Créer {}", counted(members.len(), "compte", "comptes"));
    let create = move |_| {
        let (navigate, members) = (navigate.clone(), members.clone());
        attempt.leave(async move {
            notebook.invite(members).await?;
            // Replaced, so that « back » from the links does not offer to make them again.
            navigate(route::LINKS, NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    };
    view! {
        {move || attempt.trouble.get().map(|trouble| view! {
            <Band tone=Tone::Error glyph=Glyph::Alert message=words::unsure(&trouble)/>
        })}
        <p class="second">"Chaque compte reçoit un lien. Ils seront montrés une seule fois, prêts à imprimer."</p>
        <div class="actions">
            <button type="button" class="main-button" disabled=attempt.busy on:click=create>
                {move || if attempt.busy.get() { "Un instant…".to_owned() } else { words.clone() }}
            </button>
            <button type="button" class="second-button" on:click=move |_| stage.set(Stage::Waiting)>"Ne rien créer"</button>
        </div>
    }
}
