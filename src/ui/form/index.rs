//! The sections as the tabs of a notebook; on a phone, one line that opens.

use domain::Glyph;
use domain::form::{Progress, Section, Stage};
use leptos::prelude::*;

use super::progress::stage_text;
use super::section::section_id;
use super::sheet::use_sheet;
use crate::platform::page;
use crate::ui::icon::{Disc, Icon, SectionDisc};

#[component]
pub fn Index() -> impl IntoView {
    let sheet = use_sheet();
    let open = RwSignal::new(false);
    let here = Memo::new(move |_| sheet.current_section().map(|section| section.id));
    let go = move |section: &'static Section| {
        open.set(false);
        if let Some(first) = sheet.visible(section).first() {
            sheet.current.set(Some(first.id));
        }
        request_animation_frame(move || {
            let heading = format!("h-{}", section.id);
            page::focus(&heading);
            page::scroll_to_top(&heading);
        });
    };
    let line = move || {
        let section = sheet.current_section()?;
        let progress = sheet.progress(section);
        Some(view! {
            <SectionDisc disc=disc(&progress)/>
            <span><b>{section.title}</b>{format!(", {}", stage_text(&progress))}</span>
        })
    };
    let tabs = sheet
        .form
        .sections
        .iter()
        .map(|section| {
            let progress = move || sheet.progress(section);
            let current = move || (here.get() == Some(section.id)).then_some("step");
            view! {
                <li>
                    <a
                        class="index-tab"
                        href=format!("#{}", section_id(section))
                        aria-current=current
                        on:click=move |event| {
                            event.prevent_default();
                            go(section);
                        }
                    >
                        <SectionDisc disc=Signal::derive(move || disc(&progress()))/>
                        <span>
                            <b>{section.title}</b>
                            <small>{move || stage_text(&progress())}</small>
                        </span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="index" aria-label="Parties du formulaire">
            <button
                type="button"
                class="index-line"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls="index-list"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || line()}
                <Icon name=Glyph::Down/>
            </button>
            <ol class="index-list" id="index-list">{tabs}</ol>
        </nav>
    }
}

/// A tick says that something is noted: a section where nothing is has none, even when nothing is left to ask there.
const fn disc(progress: &Progress) -> Disc {
    match progress.stage {
        Stage::Done if progress.answered == 0 => Disc::Todo,
        Stage::Done => Disc::Done,
        Stage::Begun => Disc::Half,
        Stage::Todo => Disc::Todo,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static NOTE: Section = Section { id: "note", title: "", when: None, questions: &[] };

    #[test]
    fn a_section_where_nothing_is_noted_has_no_tick() {
        let drawn = |drawn, answered, asked, stage| disc(&Progress { section: &NOTE, drawn, answered, asked, stage });
        assert_eq!(drawn(2, 0, 0, Stage::Done), Disc::Todo, "all of it is optional");
        assert_eq!(drawn(0, 0, 0, Stage::Done), Disc::Todo, "without object");
        assert_eq!(drawn(2, 1, 1, Stage::Done), Disc::Done);
        assert_eq!(drawn(2, 1, 2, Stage::Begun), Disc::Half);
        assert_eq!(drawn(2, 0, 2, Stage::Todo), Disc::Todo);
    }
}
