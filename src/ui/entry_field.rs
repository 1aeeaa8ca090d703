//! The fields of the pages before the notebook opens.

use domain::Glyph;
use leptos::prelude::*;

use super::icon::Icon;

/// A labelled text field; a secret one can be shown. `described_by` names what else speaks of it.
#[component]
pub fn EntryField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    /// What a password manager should see here.
    autocomplete: &'static str,
    #[prop(optional)] secret: bool,
    /// A code: large digits, and their keyboard.
    #[prop(optional)]
    digits: bool,
    #[prop(optional, into)] hint: Option<&'static str>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] described_by: &'static str,
) -> impl IntoView {
    let shown = RwSignal::new(!secret);
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let describes = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || {
            let mut ids = vec![described_by];
            if hint.is_some() {
                ids.push(&hint_id);
            }
            if error.with(Option::is_some) {
                ids.push(&error_id);
            }
            ids.retain(|id| !id.is_empty());
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <input id=id type=move || if shown.get() { "text" } else { "password" }
                class:code=digits inputmode=digits.then_some("numeric")
                autocomplete=autocomplete autocapitalize="none" spellcheck="false"
                aria-invalid=move || error.with(Option::is_some).then_some("true") aria-describedby=describes
                bind:value=value/>
            {secret.then(|| view! {
                <button type="button" class="quiet show-password" aria-controls=id
                    on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    <Icon name=Glyph::Eye/>
                    {move || if shown.get() { "Cacher" } else { "Afficher" }}
                </button>
            })}
            {move || error.get().map(|error| view! {
                <p class="field-error" id=error_id.clone()><Icon name=Glyph::Alert/>{error}</p>
            })}
        </div>
    }
}

/// Nothing but spaces was typed.
#[must_use]
pub fn is_empty(value: RwSignal<String>) -> bool {
    value.with_untracked(|text| text.trim().is_empty())
}

/// The error of an empty field, from the first attempt on.
pub fn wanted(tried: RwSignal<bool>, value: RwSignal<String>, sentence: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || (tried.get() && value.with(|text| text.trim().is_empty())).then(|| sentence.to_owned()))
}
