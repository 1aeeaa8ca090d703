//! The second step of a full sign-in: the code of the telephone, or one of those on paper.

use leptos::prelude::*;

use super::entry_field::EntryField;
use crate::notebook::{Coming, Notebook, Trouble, TroubleKind};
use crate::platform::page;
use crate::route;

/// Id of its field.
pub const CODE: &str = "code";

/// Whether the code was asked for, and what was typed.
#[derive(Clone, Copy)]
pub struct CodeStep {
    asked: RwSignal<bool>,
    on_paper: RwSignal<bool>,
    typed: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl CodeStep {
    #[must_use]
    pub fn new() -> Self {
        Self {
            asked: RwSignal::new(false),
            on_paper: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            tried: RwSignal::new(false),
        }
    }

    /// Whether the step is on the screen.
    pub fn asked(self) -> bool {
        self.asked.get()
    }

    /// What was typed, once it was asked for.
    pub fn code(self) -> Option<String> {
        self.asked.get_untracked().then(|| self.typed.get_untracked().trim().to_owned())
    }

    /// The code is asked for and is not there: says so, under the field.
    pub fn misses(self) -> bool {
        let misses = self.code().is_some_and(|code| code.is_empty());
        if misses {
            self.tried.set(true);
            page::focus(CODE);
        }
        misses
    }

    /// A refusal that only asks for the code brings the step; `false` for any other.
    pub fn takes(self, refused: &Trouble) -> bool {
        let wanted = refused.kind == TroubleKind::CodeWanted && !self.asked.get_untracked();
        if wanted {
            self.asked.set(true);
            self.focus();
        }
        wanted
    }

    /// Back to the password.
    pub fn leave(self) {
        self.asked.set(false);
        self.on_paper.set(false);
        self.tried.set(false);
        self.typed.set(String::new());
    }

    /// Puts the focus in the field, once it is drawn.
    pub fn focus(self) {
        request_animation_frame(|| page::focus(CODE));
    }
}

/// A right password that lacks its second factor leads to the page where it is set up; any other refusal comes back.
pub async fn lead_on(notebook: Notebook, coming: Coming, refused: Trouble) -> Option<Trouble> {
    if refused.kind != TroubleKind::SecondFactorWanted {
        return Some(refused);
    }
    match notebook.link_of_mine(coming).await {
        Ok(link) => {
            page::go(&route::activation(&link.token));
            None
        }
        Err(refused) => Some(refused),
    }
}

/// The field, and what to do when there is no code to type.
#[component]
pub fn CodeField(step: CodeStep, described_by: &'static str) -> impl IntoView {
    let error = Signal::derive(move || {
        (step.tried.get() && step.typed.with(|typed| typed.trim().is_empty())).then(|| "Il manque le code.".to_owned())
    });
    let turn = move |_| {
        step.on_paper.update(|on_paper| *on_paper = !*on_paper);
        step.typed.set(String::new());
        step.focus();
    };
    view! {
        {move || if step.on_paper.get() {
            view! {
                <EntryField id=CODE label="Code de secours" value=step.typed autocomplete="one-time-code"
                    hint="Un de ceux de votre feuille. Il ne sert qu’une fois\u{a0}: rayez-le ensuite."
                    described_by error/>
            }.into_any()
        } else {
            view! {
                <EntryField id=CODE label="Code à six chiffres" value=step.typed autocomplete="one-time-code" digits=true
                    hint="Votre application de codes l’affiche, et le change toutes les trente secondes."
                    described_by error/>
            }.into_any()
        }}
        <details>
            <summary>"Code perdu"</summary>
            <p>"Vos saisies sont gardées. Sans votre téléphone, prenez un code de secours sur la feuille imprimée à l’activation."</p>
            <p>"Sans cette feuille non plus, demandez un nouveau lien à la personne qui gère les comptes de votre territoire."</p>
        </details>
        <button class="quiet" type="button" on:click=turn>
            {move || if step.on_paper.get() { "Revenir au code à six chiffres" } else { "Prendre un code de secours" }}
        </button>
    }
}
