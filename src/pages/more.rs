//! Who is signed in, what waits to be sent, how the screen looks, who to call, what this is.

use domain::Glyph;
use domain::french::counted;
use domain::people::{PERSON, Role};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use super::about::About;
use super::accounts::administers;
use super::annuaire::fills;
use super::reading::may_write;
use super::sending::Sending;
use super::set_aside::coordinates;
use super::stand::opens;
use super::to_check::use_items;
use crate::notebook::{LEAVING, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::emergency::EmergencyNumbers;
use crate::ui::icon::Icon;
use crate::ui::line::{LineText, LinkLine};
use crate::ui::live::live;
use crate::ui::page::Page;

#[component]
pub fn MorePage() -> impl IntoView {
    // The indicator leads to what waits: the keyboard must arrive there too.
    let focus = if use_location().hash.get_untracked() == "#envois" { "envois" } else { "title" };
    view! {
        <Page title="Plus" focus=focus>
            <header class="title"><h1 id="title" tabindex="-1">"Plus"</h1></header>
            <Account/>
            <Sending/>
            <Records/>
            <Team/>
            <Theme/>
            <h2 id="urgences">"Numéros d’urgence"</h2>
            <p class="second">"Ils s’appellent d’un geste, même hors connexion."</p>
            <EmergencyNumbers/>
            <About/>
        </Page>
    }
}

#[component]
fn Account() -> impl IntoView {
    let notebook = use_notebook();
    let account = notebook.account();
    let facts = move || {
        account.get().map(|account| {
            let roles: Vec<&str> = account.roles.iter().copied().map(Role::label).collect();
            view! {
                <dl class="facts">
                    <div><dt>"Nom"</dt><dd>{account.name}</dd></div>
                    <div><dt>"Profession"</dt><dd>{account.profession}</dd></div>
                    <div><dt>"Territoire"</dt><dd>{account.territory_name}</dd></div>
                    <div><dt>"Rôle"</dt><dd>{roles.join(", ")}</dd></div>
                </dl>
            }
        })
    };
    let may_erase = move || notebook.persisted().get() == Some(false);
    view! {
        <h2>"Mon compte, cet appareil"</h2>
        {move || facts()}
        <p class="second">"Vos saisies sont chiffrées sur cet appareil. Votre phrase de passe ou votre empreinte les ouvre, avec ou sans réseau."</p>
        {move || may_erase().then(|| view! {
            <p>"Ce navigateur n’a pas promis de tout garder. Installez l’application sur l’écran d’accueil pour l’en assurer."</p>
        })}
        <ul class="lines plain" role="list">
            <LinkLine href=route::OPENING.to_owned() text=LineText {
                name: "Ouverture du carnet".to_owned(),
                second: "Phrase de passe, empreinte, code après une pause".to_owned(),
                tag: None,
            }/>
            <LinkLine href=route::DEVICES.to_owned() text=LineText {
                name: "Mes appareils".to_owned(),
                second: "Les reconnaître, mettre fin à l’accès de celui qui est perdu".to_owned(),
                tag: None,
            }/>
        </ul>
        <div class="actions">
            <button type="button" class="second-button" on:click=move |_| notebook.lock()>
                <Icon name=Glyph::Lock/>"Verrouiller maintenant"
            </button>
        </div>
    }
}

/// What is put away, what is to be settled, and, for a coordinator, what the server could not place.
#[component]
fn Records() -> impl IntoView {
    let notebook = use_notebook();
    let removed = notebook.removed();
    let disputes = use_items();
    let leaving = RwSignal::new(String::new());
    if notebook.account().with_untracked(|account| may_write(account.as_ref(), &PERSON)) {
        spawn_local(async move {
            // Without a network nothing is said: the next visit asks again.
            if let Ok(panel) = notebook.panel(LEAVING).await {
                leaving.try_set(panel.second);
            }
        });
    }
    let line = |href: &'static str, name: &'static str, second: String| {
        let text = LineText { name: name.to_owned(), second, tag: None };
        view! { <LinkLine href=href.to_owned() text/> }
    };
    view! {
        <h2>"Fiches"</h2>
        <ul class="lines plain" role="list">
            {move || line(route::TO_CHECK, "À vérifier", match disputes.with(Vec::len) {
                0 => "Rien à vérifier".to_owned(),
                count => counted(count, "valeur à choisir", "valeurs à choisir"),
            })}
            {move || line(route::DELETED, "Fiches supprimées", match removed.with(Vec::len) {
                0 => "Aucune".to_owned(),
                count => counted(count, "fiche, qui peut être remise", "fiches, qui peuvent être remises"),
            })}
            {move || leaving.with(|said| !said.is_empty()).then(|| line(route::LEAVING, "Fiches bientôt effacées", leaving.get()))}
            {move || fills(notebook).then(|| {
                line(route::IMPORTS, "Remplir l’annuaire", "Fichiers officiels, erreurs signalées".to_owned())
            })}
            {move || opens(notebook).then(|| {
                line(route::OPEN_STAND, "Ouvrir un stand", "Cette tablette note pour d’autres, sans rien relire".to_owned())
            })}
            {move || coordinates(notebook).then(|| {
                line(route::SET_ASIDE, "Saisies mises de côté", "Ce que le serveur garde sans pouvoir le ranger".to_owned())
            })}
        </ul>
    }
}

/// For an administrator: who enters, and with which devices.
#[component]
fn Team() -> impl IntoView {
    let notebook = use_notebook();
    live(move || {
        administers(notebook).then(|| {
            let text = LineText {
                name: "Comptes".to_owned(),
                second: "Inviter, nouveaux liens, appareils".to_owned(),
                tag: None,
            };
            let journal = LineText {
                name: "Journal".to_owned(),
                second: "Qui s’est connecté, qui a écrit, ce qui a été refusé".to_owned(),
                tag: None,
            };
            let territory = LineText {
                name: "Territoire".to_owned(),
                second: "Échanges, communes, durées de conservation".to_owned(),
                tag: None,
            };
            view! {
                <h2>"Équipe"</h2>
                <ul class="lines plain" role="list">
                    <LinkLine href=route::ACCOUNTS.to_owned() text/>
                    <LinkLine href=route::JOURNAL.to_owned() text=journal/>
                    <LinkLine href=route::TERRITORY.to_owned() text=territory/>
                </ul>
            }
        })
    })
}

/// The choice is the screen's, not the account's: it is kept in clear and holds before the notebook opens.
#[component]
fn Theme() -> impl IntoView {
    const THEMES: [(&str, &str); 4] =
        [("auto", "Automatique"), ("clair", "Clair"), ("sombre", "Sombre"), ("soleil", "Plein soleil")];
    let chosen = RwSignal::new(page::theme());
    let answers = THEMES
        .into_iter()
        .map(|(code, label)| {
            view! {
                <label class="answer">
                    <input type="radio" name="theme" value=code prop:checked=move || chosen.with(|chosen| chosen == code)
                        on:change=move |_| {
                            page::set_theme(code);
                            chosen.set(code.to_owned());
                        }/>
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <h2>"Affichage"</h2>
        <fieldset class="choice">
            <legend>"Couleurs de l’écran"</legend>
            <div class="answers stacked">{answers}</div>
        </fieldset>
    }
}
