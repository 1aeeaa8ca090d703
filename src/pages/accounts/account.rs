//! One account: what is known of it, its devices, and what an administrator may do.

use domain::Glyph;
use domain::id::AccountId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::protocol::access::{AccountLine, AccountState};

use super::{Accounts, NAME, device, words};
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Done, TroubleBand};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;

pub fn account(accounts: Accounts, id: AccountId) -> AnyView {
    let content = move || match (accounts.account(id), accounts.all.with(Option::is_some)) {
        (Some(account), _) => known(accounts, &account),
        (None, true) => absent(),
        (None, false) if accounts.unread.with(Option::is_some) => absent(),
        (None, false) => {
            view! { <h1 id=NAME tabindex="-1">"Compte"</h1><p role="status">"Les comptes arrivent…"</p> }.into_any()
        }
    };
    // What was done stays said while the account is drawn anew.
    view! {
        <article class="account">
            <a class="back" href=route::ACCOUNTS><Icon name=Glyph::Back/>"Comptes"</a>
            <Done said=accounts.said/>
            <TroubleBand id="account-trouble" trouble=accounts.attempt.trouble/>
            {move || content()}
        </article>
    }
    .into_any()
}

fn absent() -> AnyView {
    view! {
        <h1 id=NAME tabindex="-1">"Ce compte n’est pas ici"</h1>
        <p>"Il n’a pas pu être lu, ou l’adresse est ancienne. Rien n’est perdu. Revenez à la liste, et relisez-la avec du réseau."</p>
    }
    .into_any()
}

fn known(accounts: Accounts, account: &AccountLine) -> AnyView {
    let notebook = accounts.notebook;
    let clock = |at| notebook.local(at);
    let facts = [
        ("Identifiant", account.login.clone()),
        ("Profession", account.profession.clone()),
        ("Rôle", words::roles(&account.roles)),
        ("RPPS", account.rpps.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("Compte", words::state(account, notebook.now(), &clock)),
        ("Code de connexion", words::second_factor(account).to_owned()),
    ];
    let facts = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
        .collect_view();
    let mine = notebook.account().with_untracked(|mine| mine.as_ref().is_some_and(|mine| mine.id == account.id));
    view! {
        <h1 class="name" id=NAME tabindex="-1">{account.name.clone()}</h1>
        <dl class="facts">{facts}</dl>
        <h2>"Appareils"</h2>
        {device::devices(accounts, account)}
        <h2>"Ce compte"</h2>
        {match (account.state, mine) {
            (AccountState::Disabled, _) => view! { <div class="actions">{reopen(accounts, account)}</div> }.into_any(),
            (_, true) => view! {
                <p class="second">"C’est le vôtre\u{a0}: seule une autre personne de l’administration peut le fermer."</p>
                <div class="actions"><NewLink accounts account=account.clone()/></div>
            }.into_any(),
            (_, false) => view! {
                <div class="actions"><NewLink accounts account=account.clone()/><Close accounts account=account.clone()/></div>
            }.into_any(),
        }}
    }
    .into_any()
}

fn reopen(accounts: Accounts, account: &AccountLine) -> AnyView {
    let (id, notebook) = (account.id, accounts.notebook);
    let reopen = move |_| accounts.act(REOPENED.to_owned(), Box::pin(notebook.close_account(id, false)));
    view! {
        <button type="button" class="main-button" disabled=accounts.attempt.busy on:click=reopen>"Rouvrir le compte"</button>
    }
    .into_any()
}

const REOPENED: &str = "Le compte est rouvert. Ses appareils échangent à nouveau, sauf ceux dont l’accès a pris fin, et ce qui y attendait part tout seul.";
const CLOSED: &str = "Le compte est fermé. Ce que cette personne a envoyé reste dans le territoire.";

/// « Nouveau lien », and whether the code is to be set up again too.
#[component]
fn NewLink(accounts: Accounts, account: AccountLine) -> impl IntoView {
    let notebook = accounts.notebook;
    let navigate = use_navigate();
    let open = RwSignal::new(false);
    let lost = RwSignal::new(false);
    // Its own words, inside the dialog; the buttons of the page are held with it.
    let attempt = Attempt { trouble: RwSignal::new(None), ..accounts.attempt };
    let active = account.state == AccountState::Active;
    let has_code = account.second_factor;
    let make = move |_| {
        let (navigate, account) = (navigate.clone(), account.clone());
        attempt.run(async move {
            notebook.new_link(&account, lost.get_untracked()).await?;
            open.try_set(false);
            navigate(route::LINKS, NavigateOptions::default());
            Ok(())
        });
    };
    view! {
        <button type="button" class="second-button" aria-haspopup="dialog" on:click=move |_| {
            attempt.trouble.set(None);
            lost.set(false);
            open.set(true);
        }>"Nouveau lien"</button>
        <Dialog open title="Faire un nouveau lien\u{202f}?">
            <p>"Il fait choisir un nouveau mot de passe. Il sert une fois, et les liens d’avant ne servent plus."</p>
            {active.then(|| view! { <p>"L’ancien mot de passe sert jusque-là. Ses appareils restent ouverts, rien n’y est perdu."</p> })}
            {has_code.then(|| view! {
                <label class="check">
                    <input type="checkbox" bind:checked=lost/>
                    <span>"Son téléphone est perdu\u{a0}: le code de connexion est aussi à refaire"</span>
                </label>
            })}
            <TroubleBand id="link-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| open.set(false)>"Annuler"</button>
                <button type="button" class="main-button" disabled=attempt.busy on:click=make>"Faire le lien"</button>
            </div>
        </Dialog>
    }
}

/// « Fermer le compte »: what happens to the devices and to what waits there is said before.
#[component]
fn Close(accounts: Accounts, account: AccountLine) -> impl IntoView {
    let notebook = accounts.notebook;
    let open = RwSignal::new(false);
    let end = RwSignal::new(false);
    let id = account.id;
    let title = format!("Fermer le compte de {}\u{202f}?", account.name);
    let devices = words::holding(&account.devices);
    let closing = words::closing(devices.len());
    let holds = (!devices.is_empty()).then(|| {
        view! {
            <p>"Ce qui n’y est pas encore envoyé y reste, chiffré\u{a0}: rien n’est effacé, et tout part si le compte est rouvert."</p>
            <label class="check">
                <input type="checkbox" bind:checked=end/>
                <span>"Cette personne est partie\u{a0}: que ses appareils remettent ce qui attend, puis se vident"</span>
            </label>
        }
    });
    let close = move |_| {
        open.set(false);
        let devices = if end.get_untracked() { devices.clone() } else { Vec::new() };
        let work = async move {
            // The devices first: were the network cut between two, the account is still open and it can be done again.
            for device in devices {
                notebook.end_access(device, true).await?;
            }
            notebook.close_account(id, true).await
        };
        accounts.act(CLOSED.to_owned(), Box::pin(work));
    };
    view! {
        <button type="button" class="danger-button" aria-haspopup="dialog" on:click=move |_| {
            end.set(false);
            open.set(true);
        }>"Fermer le compte"</button>
        <Dialog open title>
            <p>{format!("Cette personne ne pourra plus se connecter. {closing}")}</p>
            {holds}
            <p>"Ce qu’elle a déjà envoyé reste dans le territoire. Le compte peut être rouvert à tout moment."</p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Garder le compte"</button>
                <button type="button" class="danger-button" on:click=close>"Fermer le compte"</button>
            </div>
        </Dialog>
    }
}
