//! « Comptes »: who opens Cardabelle in the territory, from which devices; inviting, closing, giving back. An
//! administrator's.

mod account;
mod add;
mod device;
mod line;
mod print;
mod sheet;
mod words;

use domain::Glyph;
use domain::id::AccountId;
use domain::people::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use sync::protocol::access::AccountLine;

use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::pages::absent::AbsentPage;
use crate::platform::page;
use crate::ui::attempt::{Attempt, Work};
use crate::ui::band::{Band, Tone};
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::page::Page;

pub use add::AddPage;
pub use print::LinksPage;
pub use sheet::SheetPage;

/// Where the focus goes: the name of the account, the head of the list.
const NAME: &str = "title";
const LIST_TITLE: &str = "accounts-title";

/// Whether this account opens and closes those of its territory.
pub fn administers(notebook: Notebook) -> bool {
    notebook
        .account()
        .with(|account| account.as_ref().is_some_and(|account| account.roles.contains(&Role::Administrator)))
}

/// A page of the administrator, absent for the others.
fn for_administrators(page: fn() -> AnyView) -> AnyView {
    let notebook = use_notebook();
    // A memo: an account that is read again must not draw the page anew under the fingers.
    let may = Memo::new(move |_| administers(notebook));
    live(move || if may.get() { page() } else { AbsentPage().into_any() })
}

/// The accounts as the server last told them, and the one that is looked at.
#[derive(Clone, Copy)]
struct Accounts {
    notebook: Notebook,
    all: RwSignal<Option<Vec<AccountLine>>>,
    /// Why they could not be read.
    unread: RwSignal<Option<Trouble>>,
    /// What is being done.
    attempt: Attempt,
    /// What was just done, in words.
    said: RwSignal<Option<String>>,
    chosen: Memo<Option<AccountId>>,
}

impl Accounts {
    fn load(notebook: Notebook) -> Self {
        let params = use_params_map();
        let chosen = Memo::new(move |_| params.with(|params| params.get("account")).and_then(|text| text.parse().ok()));
        let accounts = Self {
            notebook,
            all: RwSignal::new(None),
            unread: RwSignal::new(None),
            attempt: Attempt::new(),
            said: RwSignal::new(None),
            chosen,
        };
        accounts.reload();
        accounts
    }

    fn reload(self) {
        spawn_local(self.read());
    }

    async fn read(self) {
        match self.notebook.accounts().await {
            Ok(accounts) => {
                self.all.try_set(Some(accounts));
                self.unread.try_set(None);
            }
            Err(trouble) => drop(self.unread.try_set(Some(trouble))),
        }
    }

    /// Does one thing at a time, says what came of it, and reads the list again.
    fn act(self, said: String, what: Work) {
        self.attempt.run(async move {
            self.said.try_set(None);
            what.await?;
            self.read().await;
            self.said.try_set(Some(said));
            // The button that was touched is no more, and the name is drawn anew.
            page::when_no_hand_writes(|| page::focus(NAME));
            Ok(())
        });
    }

    fn account(self, id: AccountId) -> Option<AccountLine> {
        self.all.with(|all| all.as_ref()?.iter().find(|account| account.id == id).cloned())
    }
}

#[component]
pub fn AccountsPage() -> impl IntoView {
    for_administrators(|| Everybody().into_any())
}

#[component]
fn Everybody() -> impl IntoView {
    let accounts = Accounts::load(use_notebook());
    let open = Memo::new(move |_| accounts.chosen.with(Option::is_some));
    let focus = if open.get_untracked() { NAME } else { LIST_TITLE };
    let list = move || line::pane(accounts);
    view! { <Page title="Comptes" list=list open=Signal::from(open) focus=focus>{detail(accounts)}</Page> }
}

/// The account beside the list; the focus follows what opens, and comes back to its line when it closes.
fn detail(accounts: Accounts) -> AnyView {
    Effect::new(move |before: Option<Option<AccountId>>| {
        let now = accounts.chosen.get();
        if let Some(before) = before
            && before != now
        {
            accounts.said.set(None);
            accounts.attempt.trouble.set(None);
            request_animation_frame(move || match (now, before) {
                (Some(_), _) => page::focus(NAME),
                (None, Some(left)) => page::focus(&line::id_of(left)),
                (None, None) => {}
            });
        }
        now
    });
    view! {
        <div class="detail">
            {move || match accounts.chosen.get() {
                Some(id) => account::account(accounts, id),
                None => view! {
                    <section class="empty">
                        <Icon name=Glyph::People/>
                        <h2>"Qui entre, et comment"</h2>
                        <p>"Chaque personne ajoutée reçoit un lien qui lui fait choisir son mot de passe. Personne d’autre ne le connaît, vous non plus."</p>
                        <p>"Touchez un compte de la liste\u{a0}: ses appareils sont là, avec de quoi mettre fin à leur accès."</p>
                    </section>
                }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// That the accounts cannot be read now.
fn unread(accounts: Accounts) -> AnyView {
    let content = move || {
        accounts.unread.get().map(|trouble| {
            view! {
                <Band tone=Tone::Error glyph=Glyph::Alert message=words::unread(&trouble)>
                    <button type="button" class="second-button" on:click=move |_| accounts.reload()>"Relire les comptes"</button>
                </Band>
            }
        })
    };
    content.into_any()
}
