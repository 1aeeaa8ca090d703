//! In which order: by name, by distance, or by the chance of the day when a patient is being oriented.

use domain::annuaire::search::{Order, Start};
use leptos::prelude::*;

use super::browse::Browse;
use crate::ui::dialog::Dialog;

/// « Par nom, changer »
pub fn order(browse: Browse) -> AnyView {
    let open = RwSignal::new(false);
    let said = move || {
        // It does not change with the keys, as what surrounds the list.
        browse.found.track();
        browse.query.with_untracked(|query| match &query.order {
            Order::Name => "Par nom",
            Order::Neutral => "Au hasard du jour",
            Order::Distance(Start::Me) if browse.here.get().is_none() => "Par nom, position à redonner",
            Order::Distance(_) => "Par distance",
        })
    };
    view! {
        <p class="order">
            {move || said()}", "
            <button type="button" class="quiet" aria-haspopup="dialog" aria-label="Changer l’ordre" on:click=move |_| open.set(true)>"changer"</button>
        </p>
        <Dialog open title="Dans quel ordre\u{202f}?">
            {move || open.get().then(|| choices(browse))}
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Voir la liste"</button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn choices(browse: Browse) -> AnyView {
    let query = browse.query;
    let refused = RwSignal::new(false);
    let is = move |wanted: Order| query.with(|query| query.order == wanted);
    let from_commune = move || query.with(|query| matches!(&query.order, Order::Distance(Start::Commune(_))));
    let set = move |order: Order| query.update(|query| query.order = order);
    // Only communes whose place is known: a distance from nowhere would be invented.
    let communes: Vec<(String, String)> = browse.loaded.with_untracked(|loaded| {
        let communes = loaded.as_ref().map(|loaded| loaded.directory.communes.as_slice()).unwrap_or_default();
        communes.iter().filter(|one| one.at.is_some()).map(|one| (one.insee.clone(), one.name.clone())).collect()
    });
    let first = communes.first().map(|(insee, _)| insee.clone());
    let located = first.is_some();
    let options = communes
        .into_iter()
        .map(|(insee, name)| {
            let here = insee.clone();
            let chosen = move || is(Order::Distance(Start::Commune(here.clone())));
            view! { <option value=insee prop:selected=chosen>{name}</option> }
        })
        .collect_view();
    let by_commune = move |_| {
        if let Some(insee) = first.clone() {
            set(Order::Distance(Start::Commune(insee)));
        }
    };
    view! {
        <fieldset class="choice">
            <legend class="visually-hidden">"Ordre de la liste"</legend>
            <div class="answers stacked">
                <label class="answer">
                    <input type="radio" name="order" prop:checked=move || is(Order::Name) on:change=move |_| set(Order::Name)/>
                    <span>"Par nom"</span>
                </label>
                {located.then(|| view! {
                    <label class="answer">
                        <input type="radio" name="order" prop:checked=from_commune on:change=by_commune/>
                        <span>"Par distance d’une commune"</span>
                    </label>
                })}
                <label class="answer">
                    <input type="radio" name="order" prop:checked=move || is(Order::Neutral) on:change=move |_| set(Order::Neutral)/>
                    <span>"Au hasard du jour, pour orienter un patient"</span>
                </label>
            </div>
        </fieldset>
        {located.then(|| view! {
            <div class="field" class:visually-hidden=move || !from_commune()>
                <label for="order-commune">"Depuis quelle commune"</label>
                <select id="order-commune" prop:disabled=move || !from_commune()
                    on:change=move |event| set(Order::Distance(Start::Commune(event_target_value(&event))))>
                    {options}
                </select>
            </div>
        })}
        {located.then(|| view! {
            <button type="button" class="second-button wide" on:click=move |_| browse.ask_position(refused)>"Par distance, depuis ma position"</button>
        })}
        <p role="status">
            {move || refused.get().then_some("Votre position n’est pas connue. La liste n’a pas changé. Choisissez plutôt une commune.")}
            {move || (is(Order::Distance(Start::Me)) && browse.here.get().is_some()).then_some("La liste part de votre position. Elle n’est ni gardée ni envoyée.")}
        </p>
        {(!located).then(|| view! {
            <p class="second">"La distance ne se calcule pas encore\u{a0}: ce territoire n’a pas donné la place de ses communes."</p>
        })}
        <p class="second">
            "Au hasard du jour\u{a0}: le même ordre pour tous pendant une journée, un autre le lendemain. "
            "Personne n’est toujours premier, et le patient choisit librement."
        </p>
    }
    .into_any()
}
