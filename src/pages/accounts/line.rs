//! The list: what can be done, the links that wait, then each account.

use domain::Glyph;
use domain::french::counted;
use domain::id::AccountId;
use leptos::prelude::*;
use sync::protocol::access::AccountLine;

use super::{Accounts, LIST_TITLE, unread, words};
use crate::notebook::Notebook;
use crate::route;
use crate::ui::icon::Icon;
use crate::ui::search_box::SearchBox;

/// Below, the eye is quicker than the fingers.
const WORTH_SEARCHING: usize = 8;
/// Lines drawn at once, as for people.
const SHOWN: usize = 100;

/// The link of an account's line, to which the focus comes back.
pub fn id_of(account: AccountId) -> String {
    format!("account-{account}")
}

pub fn pane(accounts: Accounts) -> AnyView {
    let typed = RwSignal::new(String::new());
    // A memo: a list read again must not draw the field anew under the fingers.
    let many = Memo::new(move |_| accounts.all.with(|all| all.as_ref().map_or(0, Vec::len)) > WORTH_SEARCHING);
    let count = move || match accounts.all.with(|all| all.as_ref().map(Vec::len)) {
        Some(count) => counted(count, "compte", "comptes"),
        None if accounts.unread.with(Option::is_some) => String::new(),
        None => "Les comptes arrivent…".to_owned(),
    };
    view! {
        <div class="accounts">
            <a class="back" href=route::MORE><Icon name=Glyph::Back/>"Plus"</a>
            <h1 id=LIST_TITLE tabindex="-1" class="list-title">"Comptes"</h1>
            <p class="second" role="status">{move || count()}</p>
            <div class="actions">
                <a class="main-button" href=route::ADD_ACCOUNT><Icon name=Glyph::Plus/>"Ajouter une personne"</a>
                <a class="second-button" href=route::ACCOUNT_SHEET><Icon name=Glyph::Table/>"Depuis un tableur"</a>
            </div>
            {waiting(accounts.notebook)}
            {unread(accounts)}
            {move || many.get().then(|| view! { <SearchBox label="Chercher un nom ou un rôle" typed/> })}
            {move || accounts.all.with(|all| all.as_ref().is_some_and(|all| all.len() == 1)).then(|| view! {
                <p>"Votre équipe n’est pas encore là. Ajoutez une personne, ou toutes ensemble depuis la liste de vos membres."</p>
            })}
        </div>
        {lines(accounts, typed)}
    }
    .into_any()
}

/// The links made and not handed over yet: they are nowhere else.
fn waiting(notebook: Notebook) -> AnyView {
    let content = move || {
        let count = notebook.links().with(|links| links.invited.len());
        (count > 0).then(|| {
            let said = counted(count, "lien est à remettre.", "liens sont à remettre.");
            let (nowhere_else, again) = if count == 1 {
                (" Il n’est qu’ici, tant que ce carnet est ouvert.", "Le revoir")
            } else {
                (" Ils ne sont qu’ici, tant que ce carnet est ouvert.", "Les revoir")
            };
            view! {
                <div class="band notice" role="status">
                    <Icon name=Glyph::Alert/>
                    <p><b>{said}</b>{nowhere_else}</p>
                    <div class="actions"><a class="second-button" href=route::LINKS>{again}</a></div>
                </div>
            }
        })
    };
    content.into_any()
}

fn lines(accounts: Accounts, typed: RwSignal<String>) -> AnyView {
    let content = move || {
        let all = accounts.all.get()?;
        let found: Vec<AccountLine> =
            typed.with(|typed| all.into_iter().filter(|account| words::answers(account, typed)).collect());
        let left = found.len().saturating_sub(SHOWN);
        let nobody = found.is_empty().then(|| {
            view! { <p class="said">"Aucun compte ne répond à cette recherche. Essayez une partie du nom."</p> }
        });
        let left = (left > 0).then(|| {
            let said = counted(left, "autre compte n’est pas montré", "autres comptes ne sont pas montrés");
            view! { <p class="second">{format!("{said}. Tapez deux lettres du nom.")}</p> }
        });
        let lines = found.iter().take(SHOWN).map(|account| line(accounts, account)).collect_view();
        Some(view! { <ul class="lines" role="list">{lines}</ul>{nobody}{left} })
    };
    content.into_any()
}

fn line(accounts: Accounts, account: &AccountLine) -> AnyView {
    let id = account.id;
    let here = move || (accounts.chosen.get() == Some(id)).then_some("true");
    let tag = words::tag(account, accounts.notebook.now()).map(|tag| view! { <span class="tag">{tag}</span> });
    let second: Vec<String> = [account.profession.clone(), words::roles(&account.roles)]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    view! {
        <li>
            <a class="line" id=id_of(id) href=route::account(id) aria-current=here>
                <span class="line-text"><b class="name">{account.name.clone()}</b><span>{second.join(", ")}</span></span>
                {tag}
                <Icon name=Glyph::Forward/>
            </a>
        </li>
    }
    .into_any()
}
