//! The sections as the tabs of a notebook; on a phone, one line that opens.

use domain::Glyph;
use domain::form::{Section, Stage};
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
            <SectionDisc disc=disc(progress.stage)/>
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
                        <SectionDisc disc=Signal::derive(move || disc(progress().stage))/>
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

const fn disc(stage: Stage) -> Disc {
    match stage {
        Stage::Done => Disc::Done,
        Stage::Begun => Disc::Half,
        Stage::Todo => Disc::Todo,
    }
}
