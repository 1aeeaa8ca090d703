//! One line of a list of people.

use domain::Glyph;
use leptos::prelude::*;

use super::icon::Icon;

/// What a line says: a name in roman, what is known, what is to be noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineText {
    pub name: String,
    pub second: String,
    pub tag: Option<&'static str>,
}

/// A line that leads somewhere.
#[component]
pub fn LinkLine(href: String, text: LineText) -> impl IntoView {
    view! { <li><a class="line" href=href>{inside(text)}<Icon name=Glyph::Forward/></a></li> }
}

/// A line that does something.
#[component]
pub fn ActionLine(text: LineText, action: impl Fn() + 'static) -> impl IntoView {
    view! {
        <li><button type="button" class="line" on:click=move |_| action()>{inside(text)}<Icon name=Glyph::Forward/></button></li>
    }
}

fn inside(text: LineText) -> impl IntoView {
    view! {
        <span class="line-text"><b class="name">{text.name}</b><span>{text.second}</span></span>
        {text.tag.map(|tag| view! { <span class="tag">{tag}</span> })}
    }
}
