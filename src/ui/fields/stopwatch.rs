//! A stopwatch whose button is the whole screen. Tenths of a second are rounded once, when it stops.

use domain::Glyph;
use domain::Value;
use domain::form::{Kind, Question};
use domain::french::{NBSP, decimal};
use leptos::prelude::*;

use super::number;
use crate::platform::page;
use crate::ui::form::{Overlay, control_id, use_sheet};
use crate::ui::icon::Icon;
use crate::ui::typeset::typeset;

const INTERRUPTED: &str = "Un appel a interrompu le chronomètre. Les autres réponses sont gardées. \
                           Laissez la personne souffler, puis refaites l’essai.";
/// A second touch this close to the first is a trembling finger, not the end of the test.
const BOUNCE_MS: f64 = 500.0;

/// Where one try is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Run {
    Ready,
    Running {
        since: f64,
    },
    Stopped {
        tenths: i64,
    },
    /// The page went out of sight while it ran: the try is void.
    Void,
}

pub fn view(question: &'static Question) -> AnyView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let by_hand = RwSignal::new(false);
    let read_back = move || {
        let tenths = answer.get()?.as_i64()?;
        Some(view! { <p class="q-value"><b>{decimal(tenths, 1)}</b>{NBSP}"s"</p> })
    };
    let label = move || {
        if answer.with(Option::is_some) { "Refaire l’essai" } else { "Ouvrir le chronomètre" }
    };
    view! {
        {move || read_back()}
        <button type="button" class="second-button" id=control_id(question.id)
            on:click=move |_| sheet.overlay.set(Some(Overlay::Stopwatch(question)))>
            <Icon name=Glyph::Stopwatch/>
            {move || label()}
        </button>
        {move || if by_hand.get() {
            view! {
                <label class="q-hint" for=number::by_hand_id(question)>"Durée en secondes"</label>
                {number::by_hand(question, "s")}
            }.into_any()
        } else {
            view! {
                <button type="button" class="quiet erase" on:click=move |_| by_hand.set(true)>
                    "Saisir la durée à la main"
                </button>
            }.into_any()
        }}
        <super::changed::Erase question/>
    }
    .into_any()
}

/// The try itself, alone on the screen. The limit is not on it: the person sees it.
#[component]
pub fn StopwatchScreen(question: &'static Question) -> impl IntoView {
    let sheet = use_sheet();
    let Kind::Stopwatch { instruction, stop } = question.kind else {
        return ().into_any();
    };
    let run = RwSignal::new(Run::Ready);
    let elapsed = RwSignal::new(0_i64);

    let start = move || {
        elapsed.set(0);
        run.set(Run::Running { since: page::monotonic_ms() });
        request_animation_frame(|| page::focus("stopwatch-touch"));
    };
    let end = move || {
        if let Run::Running { since } = run.get_untracked() {
            let ms = page::monotonic_ms() - since;
            if ms >= BOUNCE_MS {
                run.set(Run::Stopped { tenths: tenths(ms) });
                request_animation_frame(|| page::focus("stopwatch-keep"));
            }
        }
    };
    let leave = move || {
        sheet.overlay.set(None);
        request_animation_frame(move || page::focus(&control_id(question.id)));
    };
    let keep = move |tenths: i64| {
        sheet.overlay.set(None);
        match sheet.answer(question, Value::from(tenths)) {
            Ok(()) => sheet.leave_overlay(question.id),
            Err(reason) => {
                sheet.refuse(question, reason);
                request_animation_frame(move || page::focus(&control_id(question.id)));
            }
        }
    };

    let tick = page::every(100, move || {
        if let Some(Run::Running { since }) = run.try_get_untracked() {
            // Shown rounded down, so that the last figure seen is never above the one kept.
            elapsed.try_set(((page::monotonic_ms() - since) / 100.0) as i64);
        }
    });
    let hidden = page::on_visibility_hidden(move || {
        if matches!(run.try_get_untracked(), Some(Run::Running { .. })) {
            run.try_set(Run::Void);
        }
    });
    // Stops with the screen.
    let _guards = StoredValue::new_local((tick, hidden, page::keep_awake()));
    // Five minutes without a touch lock the notebook, but for a try under way.
    let test = StoredValue::new_local(None);
    Effect::new(move |_| {
        let running = matches!(run.get(), Run::Running { .. });
        test.set_value(running.then(|| sheet.notebook.timed_test()));
    });
    request_animation_frame(|| page::focus("stopwatch-touch"));

    let class = move || match run.get() {
        Run::Ready | Run::Void => "stopwatch ready",
        Run::Running { .. } => "stopwatch running",
        Run::Stopped { .. } => "stopwatch stopped",
    };
    let figure = move || match run.get() {
        Run::Stopped { tenths } => decimal(tenths, 1),
        Run::Running { .. } => decimal(elapsed.get(), 1),
        Run::Ready | Run::Void => decimal(0, 1),
    };
    let long = move || figure().chars().count() > 4;
    let below = typeset(stop);
    let phase = Memo::new(move |_| run.get());
    let action = move || {
        match phase.get() {
        Run::Ready => view! {
            <button type="button" class="touch" id="stopwatch-touch" on:click=move |_| start()>
                <b>"Touchez pour démarrer"</b>
                <span>"n’importe où sur l’écran"</span>
            </button>
        }
        .into_any(),
        // The finger's contact ends the test, not its lifting; the click is for the keyboard.
        Run::Running { .. } => view! {
            <button type="button" class="touch" id="stopwatch-touch" on:pointerdown=move |_| end() on:click=move |_| end()>
                <b>"Touchez pour arrêter"</b>
                <span>{below.clone()}</span>
            </button>
        }
        .into_any(),
        Run::Stopped { tenths } => view! {
            <div class="actions">
                <button type="button" class="main-button" id="stopwatch-keep" on:click=move |_| keep(tenths)>
                    {format!("Garder {}{NBSP}s", decimal(tenths, 1))}
                </button>
                <button type="button" class="second-button" on:click=move |_| again(run)>"Refaire"</button>
            </div>
        }
        .into_any(),
        Run::Void => view! {
            <div class="band error" role="alert"><Icon name=Glyph::Alert/><p>{INTERRUPTED}</p></div>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| again(run)>"Refaire l’essai"</button>
            </div>
        }
        .into_any(),
    }
    };
    view! {
        <div
            class=class
            role="dialog"
            aria-modal="true"
            aria-labelledby="stopwatch-title"
            on:keydown=move |event| if event.key() == "Escape" { leave() }
        >
            <span class="visually-hidden" tabindex="0" on:focus=move |_| page::focus("stopwatch-cancel")></span>
            <h1 id="stopwatch-title">{typeset(instruction)}</h1>
            // Read on demand: ten announcements a second would cover the voice of the professional.
            <p class="timer" class:long=long role="timer" aria-live="off"><b>{move || figure()}</b><span>"secondes"</span></p>
            {move || action()}
            <button type="button" class="second-button cancel" id="stopwatch-cancel" on:click=move |_| leave()>
                "Annuler cet essai"
            </button>
            <span
                class="visually-hidden"
                tabindex="0"
                on:focus=move |_| {
                    page::focus("stopwatch-touch");
                    page::focus("stopwatch-keep");
                }
            ></span>
        </div>
    }
    .into_any()
}

fn again(run: RwSignal<Run>) {
    run.set(Run::Ready);
    request_animation_frame(|| page::focus("stopwatch-touch"));
}

/// The one rounding of a duration.
fn tenths(ms: f64) -> i64 {
    (ms / 100.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::tenths;

    #[test]
    fn a_duration_is_rounded_to_the_nearest_tenth() {
        assert_eq!(tenths(14_049.9), 140);
        assert_eq!(tenths(14_050.0), 141);
        assert_eq!(tenths(17_230.0), 172);
    }
}
