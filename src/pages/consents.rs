//! What a person accepted, purpose by purpose, and her change of mind.

use domain::form::Answers;
use domain::french::{full_day, uncapitalised};
use domain::id::RecordId;
use domain::people::consent::{ANSWER, GIVEN_BY};
use domain::people::{CONSENT, GivenBy, Purpose};
use leptos::prelude::*;
use sync::Shown;

use super::reading::{may_write, started_at};
use crate::notebook::{Notebook, answers_of, standing_of, use_notebook};
use crate::platform::page;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::dialog::Dialog;
use crate::ui::uncertain::mark;

/// What she answered to each purpose, when, and who answered.
#[component]
pub fn Consents(id: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let (account, consents) = (notebook.account(), notebook.children(id, CONSENT.id));
    let asking = RwSignal::new(None::<(Purpose, bool)>);
    view! {
        <h2 id="accords" tabindex="-1">"Accords"</h2>
        {move || {
            let answered = consents.with(|consents| standing_of(consents));
            if answered.is_empty() {
                return view! { <p class="second">"Aucun accord n’est encore noté."</p> }.into_any();
            }
            let writes = account.with(|account| may_write(account.as_ref(), &CONSENT));
            let lines = answered.into_iter().map(|(purpose, stands)| {
                let yes = consents.with(|consents| answers_of(consents).contains(&(purpose, true)));
                let agreed = stands.iter().all(|shown| says_yes(shown) == yes);
                let told = stands.iter().map(|shown| told(notebook, shown)).collect_view();
                // The consent to the record is asked by the form of the person: without it nothing is kept.
                let change = |yes: bool| {
                    let verb = if yes { "Redonner" } else { "Retirer" };
                    let label = format!("{verb} l’accord\u{a0}: {}", purpose.label());
                    view! {
                        <button type="button" class="quiet" aria-haspopup="dialog" aria-label=label
                            on:click=move |_| asking.set(Some((purpose, yes)))>{verb}</button>
                    }
                };
                let mays = writes && purpose != Purpose::Record;
                let again = mays.then(|| change(!yes));
                let withdraw = (mays && !agreed).then(|| change(false));
                let ask = (!agreed).then(|| view! { <span class="second">"Deux réponses notées sans se voir\u{a0}: redemandez-lui. D’ici là, c’est non."</span> });
                view! {
                    <div>
                        <dt>{purpose.label()}</dt>
                        <dd class="with-change">
                            <span>{told}{ask}</span>
                            {again}{withdraw}
                        </dd>
                    </div>
                }
            }).collect_view();
            view! { <dl class="facts">{lines}</dl> }.into_any()
        }}
        <Change id asking/>
    }
}

/// « Retirer cet accord ? », or giving it again: what it does, who answers.
#[component]
fn Change(id: RecordId, asking: RwSignal<Option<(Purpose, bool)>>) -> impl IntoView {
    let notebook = use_notebook();
    let open = RwSignal::new(false);
    let giver = RwSignal::new(GivenBy::Person);
    let attempt = Attempt::new();
    Effect::new(move |_| {
        if asking.with(Option::is_some) {
            giver.set(GivenBy::Person);
            attempt.trouble.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            asking.set(None);
        }
    });
    let yes = move || asking.get().is_some_and(|(_, yes)| yes);
    let title = Signal::derive(move || {
        if yes() { "Noter son accord\u{202f}?" } else { "Retirer cet accord\u{202f}?" }.to_owned()
    });
    let change = move |_| {
        let Some((purpose, yes)) = asking.get_untracked() else { return };
        attempt.run(async move {
            notebook.consent(id, purpose, yes, giver.get_untracked()).await?;
            open.try_set(false);
            page::focus("accords");
            Ok(())
        });
    };
    view! {
        <Dialog open title>
            {move || asking.get().map(|(purpose, yes)| view! {
                <p class="q-text">{purpose.question()}</p>
                <p>{effect(purpose, yes)}</p>
            })}
            <Giver id="change-by" giver/>
            <TroubleBand id="change-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Ne rien changer"</button>
                {move || view! {
                    <button type="button" class={if yes() { "second-button" } else { "danger-button" }} on:click=change>
                        {if yes() { "Noter «\u{a0}oui\u{a0}»" } else { "Retirer l’accord" }}
                    </button>
                }}
            </div>
        </Dialog>
    }
}

/// What a change of mind does.
const fn effect(purpose: Purpose, yes: bool) -> &'static str {
    match (purpose, yes) {
        (Purpose::ShareNamed, false) => {
            "Tous les partages s’arrêtent\u{a0}: les professionnels nommés ne recevront plus rien de cette personne. Ce qu’ils ont écrit reste."
        }
        (Purpose::ShareNamed, true) => "Les partages qui étaient en cours reprennent.",
        (Purpose::CallBack, false) => "La coordination ne verra plus son nom ni son numéro.",
        (Purpose::CallBack, true) => "La coordination verra son nom et son numéro, rien d’autre.",
        (_, false) => "Sa réponse devient «\u{a0}non\u{a0}» dès maintenant. La précédente reste dans l’historique.",
        (_, true) => "Sa réponse devient «\u{a0}oui\u{a0}» dès maintenant. La précédente reste dans l’historique.",
    }
}

/// Who gave the answer: the person, unless somebody speaks for her.
#[component]
pub fn Giver(id: &'static str, giver: RwSignal<GivenBy>) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>"Qui a répondu\u{202f}?"</label>
            <select id=id prop:value=move || giver.get().code()
                on:change:target=move |event| giver.set(GivenBy::of(&event.target().value()).unwrap_or(GivenBy::Person))>
                {GivenBy::ALL.iter().map(|by| view! { <option value=by.code()>{by.label()}</option> }).collect_view()}
            </select>
        </div>
    }
}

fn says_yes(shown: &Shown) -> bool {
    shown.fields.get(ANSWER).is_some_and(|field| field.value == "yes")
}

/// « oui, le 12 mars 2026 (la personne) »
fn told(notebook: Notebook, shown: &Shown) -> AnyView {
    let fields = shown.values();
    let by = Answers(&fields).code(GIVEN_BY).and_then(GivenBy::of);
    let by = by.map(|by| format!(" ({})", uncapitalised(by.label()))).unwrap_or_default();
    let on = full_day(notebook.local(started_at(shown)).date());
    let answer = if says_yes(shown) { "oui" } else { "non" };
    view! { <span class="one-answer"><b>{answer}</b>{format!(", le {on}{by}")}{mark(!shown.conflicts.is_empty())}</span> }.into_any()
}
