//! Three words, very big, for a few seconds; then they are gone, and only another list can be shown.

use domain::Value;
use domain::form::{Kind, Question, WordList, choose_words};
use domain::french::counted;
use leptos::prelude::*;

use crate::platform::page;
use crate::ui::form::{Overlay, Sheet, control_id, use_sheet};

/// Squares that empty below the words.
const SQUARES: f64 = 10.0;

pub fn view(question: &'static Question, lists: &'static [WordList], seconds: u8) -> AnyView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let shown = Memo::new(move |_| answer.with(Option::is_some));
    let start = move |_| show(sheet, question, lists, seconds);
    (move || {
        if shown.get() {
            view! {
                <p class="q-value">"Les trois mots ont été montrés, puis effacés."</p>
                <button type="button" class="quiet" id=control_id(question.id) on:click=start>
                    "Recommencer avec d’autres mots"
                </button>
            }
            .into_any()
        } else {
            view! {
                <p class="q-hint">
                    {format!("Tournez l’écran vers la personne. Les mots restent {}.", counted(seconds.into(), "seconde", "secondes"))}
                </p>
                <button type="button" class="second-button" id=control_id(question.id) on:click=start>
                    "Montrer les trois mots"
                </button>
            }
            .into_any()
        }
    })
    .into_any()
}

/// Chooses a list, keeps its name, and covers the screen with it.
fn show(sheet: Sheet, question: &'static Question, lists: &'static [WordList], seconds: u8) {
    let last = sheet.previous.with_untracked(|previous| {
        previous.as_ref().and_then(|previous| previous.fields.get(question.id)?.value.as_str().map(str::to_owned))
    });
    let now = sheet.value_now(question);
    let now = now.as_ref().and_then(Value::as_str);
    let Some(list) = pick(lists, last.as_deref(), now, sheet.draw()) else {
        return;
    };
    if let Err(reason) = sheet.answer(question, list.id.into()) {
        sheet.refuse(question, reason);
        return;
    }
    // What was recalled was recalled of the former list.
    for (_, other) in sheet.form.questions() {
        if matches!(other.kind, Kind::Recall { of } if of == question.id) {
            sheet.put(other, Value::Null);
        }
    }
    sheet.overlay.set(Some(Overlay::Words(question, list, seconds)));
}

/// A list that shares no word with last time's; when one was just shown, none of its words either.
fn pick(lists: &'static [WordList], last: Option<&str>, now: Option<&str>, draw: u64) -> Option<&'static WordList> {
    let Some(now) = now else {
        return choose_words(lists, last, draw);
    };
    let of_last = lists.iter().find(|list| Some(list.id) == last);
    let fresh = |list: &&WordList| of_last.is_none_or(|last| !list.words.iter().any(|word| last.words.contains(word)));
    let draws = || (1..32).filter_map(|turn| choose_words(lists, Some(now), draw.wrapping_add(turn)));
    draws().find(fresh).or_else(|| draws().next())
}

/// The words, alone on the screen.
#[component]
pub fn WordsScreen(question: &'static Question, list: &'static WordList, seconds: u8) -> impl IntoView {
    let sheet = use_sheet();
    let total = f64::from(seconds) * 1000.0;
    let began = page::monotonic_ms();
    let left = RwSignal::new(total);
    let erase = move || {
        if sheet.overlay.with_untracked(Option::is_some) {
            sheet.overlay.set(None);
            sheet.leave_overlay(question.id);
        }
    };
    // Counted from the clock: a page that slept behind another one has not stopped the time.
    let tick = page::every(100, move || {
        let now = total - (page::monotonic_ms() - began);
        let whole = (now.max(0.0) / 100.0).ceil() * 100.0;
        if now <= 0.0 {
            erase();
        } else if left.try_get_untracked() != Some(whole) {
            left.try_set(whole);
        }
    });
    // Stops with the screen.
    let _guards = StoredValue::new_local((tick, page::keep_awake(), sheet.notebook.timed_test()));
    request_animation_frame(|| page::focus("words-erase"));

    // The longest word still fits on one line.
    let long = list.words.iter().any(|word| word.chars().count() > 7);
    let seconds_left = Memo::new(move |_| (left.get() / 1000.0).ceil());
    let full = Memo::new(move |_| (left.get() / total * SQUARES).ceil());
    let squares =
        (0..10_u8).map(|rank| view! { <li class:full=move || f64::from(rank) < full.get()></li> }).collect_view();
    let countdown = move || {
        let left = seconds_left.get();
        format!("Effacés dans {left:.0}\u{a0}seconde{}", if left < 2.0 { "" } else { "s" })
    };
    // One button, so the tab key stays on it; a screen reader says the words once, as the description of the dialog.
    view! {
        <div
            class="words"
            role="dialog"
            aria-modal="true"
            aria-labelledby="words-title"
            aria-describedby="words-list"
            on:keydown=move |event| match event.key().as_str() {
                "Escape" => erase(),
                "Tab" => event.prevent_default(),
                _ => {}
            }
        >
            <header>
                <h1 id="words-title">"Lisez-les à voix haute, ensemble."</h1>
                <p>"Vous les redemanderez après les autres questions."</p>
            </header>
            <ul class="words-list" class:long=long id="words-list">
                {list.words.iter().map(|word| view! { <li>{*word}</li> }).collect_view()}
            </ul>
            <footer>
                <div>
                    <ol class="squares" aria-hidden="true">{squares}</ol>
                    <p class="words-left">{move || countdown()}</p>
                </div>
                <button type="button" class="second-button" id="words-erase" on:click=move |_| erase()>
                    "Effacer maintenant"
                </button>
            </footer>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: &[WordList] = &[
        WordList { id: "a", words: ["fleur", "porte", "riz"], verified: false },
        WordList { id: "b", words: ["citron", "clé", "ballon"], verified: true },
        WordList { id: "c", words: ["cigare", "fleur", "porte"], verified: false },
        WordList { id: "d", words: ["fauteuil", "tulipe", "canard"], verified: false },
    ];

    #[test]
    fn starting_again_meets_neither_list() {
        for draw in 0..100 {
            assert_eq!(pick(LISTS, Some("a"), Some("b"), draw).map(|list| list.id), Some("d"));
            let first = pick(LISTS, Some("c"), None, draw).map(|list| list.id);
            assert!(matches!(first, Some("b" | "d")), "{first:?}");
        }
    }
}
