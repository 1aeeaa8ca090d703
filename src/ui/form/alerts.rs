//! What is wrong, at the top of the sheet: a save that failed, two refused answers or more, a consent still missing.

use domain::Glyph;
use domain::french::{Gender, sentence_case, word};
use leptos::prelude::*;

use super::current::question_id;
use super::sheet::{Mode, use_sheet};
use crate::notebook::Saving;
use crate::ui::band::{Band, Tone};
use crate::ui::live::live;
use crate::ui::typeset::typeset;

#[component]
pub fn Alerts() -> impl IntoView {
    view! {
        <Unsaved/>
        <Refused/>
        <Held/>
    }
}

/// The loudest thing of the page: something is not on the disk.
#[component]
pub fn Unsaved() -> impl IntoView {
    let sheet = use_sheet();
    let saving = sheet.notebook.saving();
    let trouble = Memo::new(move |_| match saving.get() {
        Saving::Failed(trouble) => Some(trouble.message),
        _ => sheet.failed.with(|failed| failed.as_ref().map(|trouble| trouble.message.clone())),
    });
    let retry = move |_| {
        sheet.failed.set(None);
        sheet.notebook.retry();
    };
    live(move || {
        trouble.get().map(|message| {
            view! {
                <Band tone=Tone::Error glyph=Glyph::Alert message>
                    <button type="button" class="second-button" on:click=retry>"Réessayer"</button>
                </Band>
            }
        })
    })
}

/// « Deux réponses à revoir », as links.
#[component]
pub fn Refused() -> impl IntoView {
    let sheet = use_sheet();
    live(move || {
        let today = sheet.notebook.today();
        let refused = sheet.refused.get();
        if refused.len() < 2 {
            return None;
        }
        let title = format!("{} réponses à revoir", sentence_case(&word(refused.len(), Gender::Feminine)));
        let in_order = sheet.form.questions().filter(move |(_, question)| refused.contains_key(question.id));
        let links = in_order
            .map(|(_, question)| {
                view! {
                    <li>
                        <a
                            href=format!("#{}", question_id(question.id))
                            on:click=move |event| {
                                event.prevent_default();
                                sheet.go_to(question.id);
                            }
                        >
                            {typeset(&question.words(sheet.is_alone()).on(today))}
                        </a>
                    </li>
                }
            })
            .collect_view();
        Some(view! {
            <div class="error-summary" role="alert" tabindex="-1"><h2>{title}</h2><ul>{links}</ul></div>
        })
    })
}

/// Nothing leaves before the person said yes.
#[component]
fn Held() -> impl IntoView {
    let sheet = use_sheet();
    let held = Memo::new(move |_| {
        sheet.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.held)) && sheet.mode() == Mode::Filling
    });
    live(move || {
        held.get().then(|| {
            view! {
                <Band
                    tone=Tone::Notice
                    glyph=Glyph::Lock
                    message=match sheet.outside {
                        Some(_) => "Rien n’est encore noté. Sans l’accord de la personne, tout s’efface en quittant cette page. Demandez-le d’abord.",
                        None => "Rien n’est encore envoyé. Les réponses restent sur cet appareil jusqu’à l’accord de la personne.",
                    }
                />
            }
        })
    })
}
