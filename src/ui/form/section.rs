//! One part of the form on the sheet.

use domain::form::Section;
use leptos::prelude::*;

use super::progress::answered_text;
use super::question::QuestionView;
use super::sheet::use_sheet;

/// The element of a section.
#[must_use]
pub fn section_id(section: &Section) -> String {
    format!("s-{}", section.id)
}

#[component]
pub fn SectionView(section: &'static Section) -> impl IntoView {
    let sheet = use_sheet();
    let heading = format!("h-{}", section.id);
    // In self mode, what needs an examiner is not asked at all.
    let empty = move || sheet.visible(section).is_empty();
    let labelled = heading.clone();
    let count =
        move || sheet.progress(section).filter(|progress| progress.asked > 0).map(|progress| answered_text(&progress));
    view! {
        <section class="section" id=section_id(section) aria-labelledby=labelled hidden=empty>
            <header class="section-head">
                <h2 id=heading tabindex="-1">{section.title}</h2>
                <p class="count">{move || count()}</p>
            </header>
            <For each=move || sheet.visible(section) key=|question| question.id let:question>
                <QuestionView section question/>
            </For>
        </section>
    }
}
