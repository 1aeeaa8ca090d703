//! Correcting a finished form: why, in a few words, before anything changes.

use domain::identifiers::holds_nir;
use leptos::prelude::*;

use super::sheet::use_sheet;
use crate::ui::dialog::Dialog;

/// Longest reason kept with each corrected answer.
const LONGEST: usize = 200;
const NIR: &str = "Ce nombre ressemble à un numéro de sécurité sociale. Il n’est pas enregistré, le reste est gardé. \
                   Effacez-le et continuez.";

#[component]
pub fn CorrectDialog(asking: RwSignal<bool>) -> impl IntoView {
    let sheet = use_sheet();
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let submit = move || {
        let typed = reason.get_untracked().trim().to_owned();
        if typed.is_empty() {
            error.set(Some("Le motif est vide. Les réponses sont gardées. Écrivez pourquoi vous corrigez.".into()));
        } else if holds_nir(&typed) {
            error.set(Some(NIR.into()));
        } else {
            error.set(None);
            sheet.correcting.set(Some(typed));
            sheet.resume(None);
            asking.set(false);
        }
    };
    view! {
        <Dialog open=asking title="Pourquoi corriger\u{202f}?">
            <p>"Le motif reste dans l’historique, avec l’ancienne et la nouvelle réponse."</p>
            <form
                autocomplete="off"
                on:submit=move |event| {
                    event.prevent_default();
                    submit();
                }
            >
                <div class="field">
                    <label for="correct-reason">"Motif de la correction"</label>
                    <input
                        id="correct-reason"
                        type="text"
                        autocomplete="off"
                        maxlength=LONGEST.to_string()
                        aria-describedby="correct-error"
                        aria-invalid=move || error.with(Option::is_some).then_some("true")
                        prop:value=move || reason.get()
                        on:input:target=move |event| reason.set(event.target().value())
                    />
                    <p class="field-error" id="correct-error">{move || error.get()}</p>
                </div>
                <div class="actions">
                    <button type="submit" class="main-button">"Corriger les réponses"</button>
                    <button type="button" class="second-button" on:click=move |_| asking.set(false)>"Laisser tel quel"</button>
                </div>
            </form>
        </Dialog>
    }
}
