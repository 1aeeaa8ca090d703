//! How many of the words come back. The expected ones stay folded: the person may see the screen.

use domain::Value;
use domain::form::{Kind, Question};
use domain::french::counted;
use leptos::prelude::*;

use super::changed::{Changed, Erase};
use super::choice::group;
use crate::ui::form::use_sheet;

pub fn view(question: &'static Question, of: &'static str) -> AnyView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let list = sheet.form.question(of).map(|of| sheet.value(of));
    let expected = Memo::new(move |_| {
        let id = list?.get()?;
        let Kind::Words { lists, .. } = sheet.form.question(of)?.kind else {
            return None;
        };
        lists.iter().find(|list| Some(list.id) == id.as_str()).map(|list| list.words.join(", "))
    });
    let open = Memo::new(move |_| expected.with(Option::is_some) || answer.with(Option::is_some));
    let answers = move || {
        let counts = (0..=3_usize).map(|count| (Value::from(count), counted(count, "mot", "mots"))).collect();
        view! {
            {move || expected.get().map(|words| view! {
                <details class="q-hint"><summary>"Mots attendus (pour vous)"</summary><p>{words}</p></details>
            })}
            {group(question, counts)}
            <Changed question/>
            <Erase question/>
        }
    };
    let not_shown = move || {
        view! {
            <p class="q-hint">"Aucun mot n’a encore été montré. Vos réponses sont gardées. Montrez d’abord les trois mots."</p>
            <button type="button" class="second-button" on:click=move |_| sheet.go_to(of)>"Aller aux trois mots"</button>
        }
    };
    (move || {
        if open.get() { answers().into_any() } else { not_shown().into_any() }
    })
    .into_any()
}
