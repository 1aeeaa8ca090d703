//! The thistle says one thing only: has everything left this device? Words always stand beside it.

use leptos::prelude::*;

/// State of the flower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// The outbox is empty and the server has acknowledged everything.
    Open,
    /// There is a network, and operations not yet acknowledged.
    HalfClosed,
    /// No network, or the server is out of reach.
    Closed,
}

const BRACT: &str = "M-1.38 -6C-1.71 -8.44 -.39 -9.61 0 -11.8C.39 -9.61 1.71 -8.44 1.38 -6Z";
const SHORT_BRACT: &str = "M-1.25 -5.6C-1.55 -7.28 -.35 -8.09 0 -9.6C.35 -8.09 1.55 -7.28 1.25 -5.6Z";
const HALF: &str = "M-5.1 .5V0A5.1 5.1 0 0 1 5.1 0V.5H8.4A8.4 8.4 0 0 1-8.4 .5Z";
const CLOSED: &str = "M0-8.4A8.4 8.4 0 0 1 0 8.4A8.4 8.4 0 0 1 0-8.4ZM0 -5.7L.42 -1.85L2.47 -5.14L1.18 -1.49L4.46 -3.55L1.71 -.82L5.56 -1.27L1.9 0L5.56 1.27L1.71 .82L4.46 3.55L1.18 1.49L2.47 5.14L.42 1.85L0 5.7L-.42 1.85L-2.47 5.14L-1.18 1.49L-4.46 3.55L-1.71 .82L-5.56 1.27L-1.9 0L-5.56 -1.27L-1.71 -.82L-4.46 -3.55L-1.18 -1.49L-2.47 -5.14L-.42 -1.85Z";
const STAR: &str = "M0 -5.7L.42 -1.85L2.47 -5.14L1.18 -1.49L4.46 -3.55L1.71 -.82L5.56 -1.27L1.9 0L5.56 1.27L1.71 .82L4.46 3.55L1.18 1.49L2.47 5.14L.42 1.85L0 5.7L-.42 1.85L-2.47 5.14L-1.18 1.49L-4.46 3.55L-1.71 .82L-5.56 1.27L-1.9 0L-5.56 -1.27L-1.71 -.82L-4.46 -3.55L-1.18 -1.49L-2.47 -5.14L-.42 -1.85Z";
/// Between the folded bracts of the large mark.
const RAYS: &str = "M.82 -3.61L1.67 -7.31M2.31 -2.89L4.68 -5.86M3.33 -1.61L6.76 -3.25M3.7 0H7.5M3.33 1.61L6.76 3.25M2.31 2.89L4.68 5.86M.82 3.61L1.67 7.31M-.82 3.61L-1.67 7.31M-2.31 2.89L-4.68 5.86M-3.33 1.61L-6.76 3.25M-3.7 0H-7.5M-3.33 -1.61L-6.76 -3.25M-2.31 -2.89L-4.68 -5.86M-.82 -3.61L-1.67 -7.31";
const LOWER_RAYS: &str = "M2.88 1.39L6.58 3.17M2 2.5L4.55 5.71M.71 3.12L1.62 7.12M-.71 3.12L-1.62 7.12M-2 2.5L-4.55 5.71M-2.88 1.39L-6.58 3.17";
/// Seeds of the large heart: zero-length strokes with round ends, on a spiral of 137.5°, radius 0.70√i.
const SEEDS: &str = "M-.52 .47h0M.09 -.99h0M.74 .96h0M-1.38 -.24h0M1.32 -.84h0M-.44 1.66h0M-.86 -1.64h0M1.86 .68h0M-1.94 .8h0M.94 -2.01h0M.7 2.21h0M-2.1 -1.21h0M2.46 -.55h0M-1.5 2.15h0M-.35 -2.69h0M2.14 1.8h0M-2.88 .13h0M2.1 -2.1h0M-.13 3.05h0M-2.01 -2.4h0M3.18 .42h0M-2.69 1.88h0M.73 -3.28h0M1.71 2.97h0M-3.34 -1.05h0M3.23 -1.51h0M-1.39 3.36h0M-1.27 -3.48h0M3.34 1.74h0M-3.7 .99h0M2.09 -3.29h0M.69 3.9h0M-3.19 -2.45h0M4.07 -.36h0M-2.8 3.05h0M0 -4.2h0M2.88 3.14h0M-4.3 -.38h0M3.47 -2.66h0M-.77 4.36h0M-2.41 -3.78h0";

/// Angles of the bracts, top first; text, so that no float formatting is compiled in.
const TURNS: [&str; 14] = [
    "rotate(0)",
    "rotate(25.71)",
    "rotate(51.43)",
    "rotate(77.14)",
    "rotate(102.86)",
    "rotate(128.57)",
    "rotate(154.29)",
    "rotate(180)",
    "rotate(205.71)",
    "rotate(231.43)",
    "rotate(257.14)",
    "rotate(282.86)",
    "rotate(308.57)",
    "rotate(334.29)",
];
/// Half-way between two bracts, for the short ring.
const HALF_TURN: &str = "rotate(12.86)";

/// Class of bract `i`: its rank from the top orders the movement, `low` folds in the half-closed state.
const BRACT_CLASS: [&str; 14] = [
    "bract b0",
    "bract b1",
    "bract b2",
    "bract b3",
    "bract b4 low",
    "bract b5 low",
    "bract b6 low",
    "bract b7 low",
    "bract b6 low",
    "bract b5 low",
    "bract b4 low",
    "bract b3",
    "bract b2",
    "bract b1",
];
/// The same for the short ring, which stands half a turn further.
const SHORT_CLASS: [&str; 14] = [
    "bract b1",
    "bract b2",
    "bract b3",
    "bract b4 low",
    "bract b5 low",
    "bract b6 low",
    "bract b7 low",
    "bract b7 low",
    "bract b6 low",
    "bract b5 low",
    "bract b4 low",
    "bract b3",
    "bract b2",
    "bract b1",
];

fn ring(data: &'static str, classes: [&'static str; 14]) -> impl IntoView {
    TURNS
        .into_iter()
        .zip(classes)
        .map(|(turn, class)| view! { <g transform=turn><path class=class d=data></path></g> })
        .collect_view()
}

/// The small mark (one colour), or the large one in two golds; style/base.css moves the bracts.
#[component]
pub fn Thistle(
    #[prop(into)] weather: Signal<Weather>,
    /// From 48 px up: the rail, the bar and the entry pages.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let state = move || match weather.get() {
        Weather::Open => "open",
        Weather::HalfClosed => "half",
        Weather::Closed => "closed",
    };
    if large {
        view! {
            <svg class="thistle large" viewBox="-12.4 -12.4 24.8 24.8" data-weather=state aria-hidden="true">
                <g class="gold">
                    <g transform=HALF_TURN>{ring(SHORT_BRACT, SHORT_CLASS)}</g>
                    {ring(BRACT, BRACT_CLASS)}
                </g>
                <circle class="deep" r="5.1"></circle>
                <path class="seed" d=SEEDS></path>
                <g class="heart half">
                    <path class="gold" d="M-8.4 0H8.4A8.4 8.4 0 0 1-8.4 0Z"></path>
                    <path class="ray" d=LOWER_RAYS></path>
                </g>
                <g class="heart closed">
                    <circle class="gold" r="8.4"></circle>
                    <path class="deep" d=STAR></path>
                    <path class="ray" d=RAYS></path>
                </g>
            </svg>
        }
        .into_any()
    } else {
        view! {
            <svg class="thistle" viewBox="-12 -12 24 24" data-weather=state aria-hidden="true">
                {ring(BRACT, BRACT_CLASS)}
                <circle class="heart open" r="5.1"></circle>
                <path class="heart half" d=HALF></path>
                <path class="heart closed" fill-rule="evenodd" d=CLOSED></path>
            </svg>
        }
        .into_any()
    }
}
