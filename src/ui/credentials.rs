//! Who comes in: login and password, then the code if the server asks for it. The same wherever a full sign-in is made.

use leptos::prelude::*;

use super::code_step::{CodeField, CodeStep, lead_on};
use super::entry_field::{EntryField, is_empty, wanted};
use super::live::live;
use crate::notebook::{Coming, Notebook, Trouble};
use crate::platform::page;

/// What was typed, and what came of it.
#[derive(Clone, Copy)]
pub struct Credentials {
    /// Ids of the fields of the login and of the password.
    ids: [&'static str; 2],
    login: RwSignal<String>,
    password: RwSignal<String>,
    pub step: CodeStep,
    /// From the first attempt on, empty fields say so.
    pub tried: RwSignal<bool>,
    pub busy: RwSignal<bool>,
    pub trouble: RwSignal<Option<Trouble>>,
}

impl Credentials {
    #[must_use]
    pub fn new(ids: [&'static str; 2]) -> Self {
        Self {
            ids,
            login: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            step: CodeStep::new(),
            tried: RwSignal::new(false),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        }
    }

    /// Both fields are filled, and nothing is under way; else the first empty one has the focus.
    pub fn ready(self) -> bool {
        self.tried.set(true);
        let empty = self.ids.into_iter().zip([self.login, self.password]).find(|(_, value)| is_empty(*value));
        if let Some((id, _)) = empty {
            page::focus(id);
        }
        empty.is_none() && !self.busy.get_untracked()
    }

    /// What is sent; what came of the former attempt goes.
    pub fn begin(self, device_name: &str) -> Coming {
        self.busy.set(true);
        self.trouble.set(None);
        Coming {
            login: self.login.get_untracked().trim().to_owned(),
            password: self.password.get_untracked(),
            code: self.step.code(),
            device_name: device_name.trim().to_owned(),
        }
    }

    /// A refusal asks for the code, leads to the page where it is set up, or says why.
    pub async fn refuse(self, notebook: Notebook, coming: Coming, refused: Trouble) {
        let Some(refused) = lead_on(notebook, coming, refused).await else { return };
        // The page may be left meanwhile.
        if self.busy.try_set(false).is_some() || self.step.takes(&refused) {
            return;
        }
        self.trouble.set(Some(refused));
        if self.step.code().is_some() { self.step.focus() } else { page::focus(self.ids[1]) }
    }
}

/// The two fields, or the one of the code once it is asked for.
#[component]
pub fn CredentialFields(credentials: Credentials, described_by: &'static str) -> impl IntoView {
    let Credentials { ids: [login_id, password_id], login, password, step, tried, .. } = credentials;
    live(move || {
        if step.asked() {
            view! { <CodeField step described_by/> }.into_any()
        } else {
            view! {
                <EntryField id=login_id label="Identifiant" value=login autocomplete="username" described_by
                    error=wanted(tried, login, "Il manque l’identifiant.")/>
                <EntryField id=password_id label="Mot de passe" value=password autocomplete="current-password" secret=true
                    described_by error=wanted(tried, password, "Il manque le mot de passe.")/>
            }
            .into_any()
        }
    })
}
