//! « C’est noté »: a minute to correct, then nobody here can read it again.

use domain::Glyph;
use domain::id::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Desk, Frame, Screen};
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;

/// How long what was noted may be corrected, and by how much the words count it down.
const SECONDS: i64 = 60;
const STEP: i64 = 10;
const TICK_MS: u32 = 1_000;

/// `record`: what may still be corrected; `None`: it is sealed.
#[component]
pub fn Noted(desk: Desk, record: Option<RecordId>) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    // The seconds that are left; `None`: it is sealed.
    let left = RwSignal::new(record.map(|_| SECONDS));
    if record.is_some() {
        let began = notebook.now();
        spawn_local(async move {
            loop {
                page::sleep(TICK_MS).await;
                // The next one may have begun meanwhile, or this one is being corrected.
                if left.try_get_untracked().flatten().is_none() {
                    break;
                }
                let still = seconds_left(notebook.now().0 - began.0);
                if still == 0 {
                    attempt.read(async move {
                        notebook.end_entry(true).await?;
                        left.try_set(None);
                        page::when_no_hand_writes(|| {
                            if page::nothing_has_focus() {
                                page::focus("title");
                            }
                        });
                        Ok(())
                    });
                } else if left.try_get_untracked() != Some(Some(still)) {
                    left.try_set(Some(still));
                }
            }
        });
    }
    let next = move |_| {
        attempt.leave(async move {
            if left.get_untracked().is_some() {
                notebook.end_entry(true).await?;
            }
            desk.screen.set(Screen::Home);
            Ok(())
        });
    };
    let words = move || match left.get() {
        Some(left) => format!(
            "Vous pouvez encore corriger pendant {left}\u{a0}secondes. Ensuite la fiche se ferme et part toute seule."
        ),
        None => "La fiche est gardée et partira toute seule. Personne ne peut la rouvrir sur cet appareil.".to_owned(),
    };
    let open = Memo::new(move |_| left.with(Option::is_some));
    let correct = move || {
        let record = record.filter(|_| open.get())?;
        let again = move |_| {
            if !attempt.busy.get_untracked() {
                desk.screen.set(Screen::Filling(record));
            }
        };
        Some(view! {
            <button type="button" class="second-button" on:click=again><Icon name=Glyph::Edit/>"Corriger"</button>
        })
    };
    view! {
        <Frame title="Stand">
            <section class="empty noted">
                <div role="status"><Icon name=Glyph::Check/><h1 id="title" tabindex="-1">"C’est noté"</h1></div>
                // Not told aloud at each step: it is there to be looked at.
                <p>{move || words()}</p>
                <TroubleBand id="noted-trouble" trouble=attempt.trouble/>
                <button type="button" class="main-button" on:click=next>"Personne suivante"</button>
                {move || correct()}
            </section>
        </Frame>
    }
}

/// The seconds shown after so many milliseconds; a clock that was moved ends the wait.
fn seconds_left(passed_ms: i64) -> i64 {
    if passed_ms < 0 {
        return 0;
    }
    let left = (SECONDS - passed_ms / 1_000).max(0);
    left.div_euclid(STEP) * STEP + if left % STEP == 0 { 0 } else { STEP }
}

#[cfg(test)]
mod tests {
    use super::seconds_left;

    #[test]
    fn the_words_count_down_by_ten_and_end_after_a_minute() {
        assert_eq!([0, 1_000, 9_999, 10_000, 49_000].map(seconds_left), [60, 60, 60, 50, 20]);
        assert_eq!([50_000, 59_999, 60_000, 3_600_000].map(seconds_left), [10, 10, 0, 0]);
        assert_eq!(seconds_left(-5), 0, "the clock was set back: nobody waits for it");
    }
}
