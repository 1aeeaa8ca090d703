//! One part of the form on the sheet.

use domain::form::Section;
use leptos::prelude::*;

use super::progress::answered_text;
use super::question::QuestionView;
use super::sheet::{Mode, use_sheet};

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
    let count = move || {
        Some(sheet.progress(section)).filter(|progress| progress.asked > 0).map(|progress| answered_text(&progress))
    };
    // Read back, what was optional and left empty is one line, not one for each question.
    let folded = Memo::new(move |_| sheet.mode() == Mode::Reading && sheet.progress(section).asked == 0);
    let questions = move || if folded.get() { Vec::new() } else { sheet.visible(section) };
    view! {
        <section class="section" id=section_id(section) aria-labelledby=labelled hidden=empty>
            <header class="section-head">
                <h2 id=heading tabindex="-1">{section.title}</h2>
                <p class="count">{move || count()}</p>
            </header>
            {move || folded.get().then(|| view! { <p class="second">"Rien n’est noté."</p> })}
            <For each=questions key=|question| question.id let:question>
                <QuestionView section question/>
            </For>
        </section>
    }
}
