//! Line icons and state marks. All are hidden from assistive technology: words beside carry the meaning.

use domain::Glyph;
use leptos::prelude::*;

/// What a tested function came out as. The three shapes differ without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Abnormal,
    Normal,
    NotAssessed,
    ToPropose,
}

/// How far a section of a form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disc {
    Done,
    Half,
    Todo,
}

/// Path data on the 24 px grid. One string per glyph keeps the WebAssembly small.
fn path(name: Glyph) -> &'static str {
    match name {
        Glyph::Today => "M5 4h14v16H5zM9 4v16M12.5 9h3.2M12.5 13h3.2",
        Glyph::Screening => "M8 5H5v16h14V5h-3M9 3h6v4H9zM8.5 13.5l2.5 2.5 4.5-5",
        Glyph::SmokeFree => "M11 14H3v4h12M16 14h1.5v4M21 14v4M4 4l17 17M21 11c0-3.5-3.5-2.5-3.5-5 0-1.6 1-2 1-3.5",
        Glyph::Directory => {
            "M6 3.5h13v17H6zM3.5 8H8M3.5 12H8M3.5 16H8M12.7 7.5a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM9.5 16.5c.3-1.7 1.5-2.7 3.2-2.7s2.9 1 3.2 2.7"
        }
        Glyph::More => "M4 6h16M4 12h16M4 18h16",
        Glyph::Phone => {
            "M4.8 3.5h3.7l1.7 4.6-2 1.9a12 12 0 0 0 5.8 5.8l1.9-2 4.6 1.7v3.7a1.3 1.3 0 0 1-1.3 1.3C11 20.5 3.5 13 3.5 4.8a1.3 1.3 0 0 1 1.3-1.3z"
        }
        Glyph::Pin => {
            "M12 21c4.3-4.6 6.8-7.8 6.8-11.2a6.8 6.8 0 0 0-13.6 0C5.2 13.2 7.7 16.4 12 21zM12 7.2a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z"
        }
        Glyph::Mail => "M3 5h18v14H3zM3.5 6l8.5 7 8.5-7",
        Glyph::Share => "M12 15V3M8 6.5L12 3l4 3.5M8 10H5v11h14V10h-3",
        Glyph::Search => "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5L21 21",
        Glyph::Check => "M4.5 12.5l5 5L19.5 6.5",
        Glyph::Cross => "M6 6l12 12M18 6L6 18",
        Glyph::Plus => "M12 5v14M5 12h14",
        Glyph::Minus => "M5 12h14",
        Glyph::Back => "M15 5l-7 7 7 7",
        Glyph::Forward => "M9 5l7 7-7 7",
        Glyph::Down => "M12 4v16M6 14l6 6 6-6",
        Glyph::Undo => "M8 4L4 8l4 4M4.5 8H14.5a5.5 5.5 0 0 1 0 11H9",
        Glyph::Edit => "M4 20l1-4.5L16.5 4 20 7.5 8.5 19z",
        Glyph::Clock => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l3.5 2",
        Glyph::Calendar => "M4 5.5h16V20H4zM4 10.5h16M8 3v4M16 3v4",
        Glyph::Home => "M3.5 11.5L12 4l8.5 7.5M6 10v10h12V10",
        Glyph::People => {
            "M9.5 4.5a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.4zM3 20c.3-3.7 2.6-5.5 6.5-5.5s6.2 1.8 6.5 5.5M16 4.8a3.7 3.7 0 0 1 0 6.8M18 14.8c1.9.8 2.8 2.5 3 5.2"
        }
        Glyph::Lock => "M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3",
        Glyph::Print => "M7 8V3h10v5M7 17H4V8h16v9h-3M7 13.5h10V20H7z",
        Glyph::Download => "M12 3v11M8 10.5l4 4 4-4M4 15v5h16v-5",
        Glyph::Chart => "M3 20.5h18M7 20v-7M12 20V5M17 20v-10",
        Glyph::Table => "M3 5h18v14H3zM3 10h18M3 14.5h18M10 10v9",
        Glyph::Eye => {
            "M2.5 12c2.5-4.5 5.7-6.5 9.5-6.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z"
        }
        Glyph::Alert => "M12 4l9.5 16.5h-19zM12 10v5M12 17.7v.2",
        Glyph::Stopwatch => "M12 6.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM12 14V10M9.5 2.5h5M18.5 7l1.5-1.5",
        Glyph::Notebook => "M6 3.5h13v17H6zM10 3.5v17M3.5 8H8M3.5 16H8",
    }
}

/// A line icon; its size comes from where it stands (see `style/base.css`).
#[component]
pub fn Icon(name: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path(name)></path>
        </svg>
    }
}

const DIAMOND: &str = "M12 1.2L22.8 12 12 22.8 1.2 12zM10.8 6.4h2.4v7.2h-2.4zM10.8 15.4h2.4v2.4h-2.4z";
const TICK: &str = "M7.5 12.3l3.2 3.2 6-6.5";

/// Filled diamond, ring with a tick, dashed ring with a dash, or ring with an arrow.
#[component]
pub fn StateMark(mark: Mark) -> impl IntoView {
    // One element whatever the mark: the class says how the path is painted.
    let (class, data) = match mark {
        Mark::Abnormal => ("mark filled", DIAMOND),
        Mark::Normal => ("mark", TICK),
        Mark::NotAssessed => ("mark dashed", "M8 12h8"),
        Mark::ToPropose => ("mark", "M7 12h9.5M12.5 8l4 4-4 4"),
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="10"></circle>
            <path fill-rule="evenodd" d=data></path>
        </svg>
    }
}

/// Full, half or empty disc of a form section.
#[component]
pub fn SectionDisc(#[prop(into)] disc: Signal<Disc>) -> impl IntoView {
    let class = move || match disc.get() {
        Disc::Done => "disc done",
        Disc::Half => "disc half",
        Disc::Todo => "disc todo",
    };
    let data = move || match disc.get() {
        Disc::Done => TICK,
        Disc::Half => "M12 2a10 10 0 0 0 0 20z",
        Disc::Todo => "",
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="10"></circle>
            <path d=data></path>
        </svg>
    }
}
