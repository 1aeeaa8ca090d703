//! The frame of a page inside the shell, and what arriving on a page does.

use domain::Glyph;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::emergency::EmergencyButton;
use super::icon::Icon;
use super::indicator::{AccountButton, StateLink};
use crate::platform::page;

/// Head of the phone, main part, and a side part where there is one.
///
/// `title` goes to the window and to the browser's history, which keeps it in clear: never a person's name.
/// The children hold an `h1` with `id="title"` and `tabindex="-1"`, which receives the focus.
#[component]
pub fn Page(
    title: &'static str,
    /// Two columns on a desktop.
    #[prop(optional)]
    home: bool,
    #[prop(optional, into)] side: Option<ViewFn>,
    /// A list beside the main part; where there is room for one of them only, the list until something is open.
    #[prop(optional, into)]
    list: Option<ViewFn>,
    #[prop(optional, into)] open: Signal<bool>,
    /// What receives the focus on arrival.
    #[prop(default = "title")]
    focus: &'static str,
    children: Children,
) -> impl IntoView {
    arrive(title, focus);
    let class = match (&side, &list, home) {
        (Some(_), ..) => "page with-side",
        (None, Some(_), _) => "page with-list",
        (None, None, true) => "page home",
        (None, None, false) => "page",
    };
    view! {
        <div class=class class:detail-open=open>
            <header class="top">
                <StateLink/>
                <span class="top-actions"><EmergencyButton/><AccountButton/></span>
            </header>
            {list.map(|list| view! { <section class="list-pane">{list.run()}</section> })}
            <main id="main" class="main" tabindex="-1">{children()}</main>
            {side.map(|side| view! { <aside class="side">{side.run()}</aside> })}
        </div>
    }
}

/// The head of a page below another: the way back, the title, and what is said under it.
#[component]
pub fn Below(
    /// Address and name of the page above.
    back: (&'static str, &'static str),
    title: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="title">
            <a class="back" href=back.0><Icon name=Glyph::Back/>{back.1}</a>
            <h1 id="title" tabindex="-1">{title}</h1>
            {children.map(|children| children())}
        </header>
    }
}

/// Names the window, and gives the focus to the element of this id once it is there: a screen reader then says where
/// one has come, and the keyboard starts from the top of the page.
pub fn arrive(title: &str, id: &'static str) {
    page::set_title(&format!("{title} · Cardabelle"));
    page::when_no_hand_writes(move || page::focus(id));
    // What is drawn anew while the page arrives drops the focus: it is given once more, unless somebody took it.
    spawn_local(async move {
        page::sleep(AGAIN_MS).await;
        if page::nothing_has_focus() {
            page::focus(id);
        }
    });
}

/// The focus goes to the first id when `turned` becomes true, to the second when it becomes false again: what was touched
/// is gone then.
pub fn focus_at_turn(turned: Memo<bool>, ids: [&'static str; 2]) {
    Effect::new(move |before: Option<bool>| {
        let now = turned.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(move || page::focus(ids[usize::from(!now)]));
        }
        now
    });
}

/// Long enough for a page to be drawn, too short for a hand.
const AGAIN_MS: u32 = 250;
