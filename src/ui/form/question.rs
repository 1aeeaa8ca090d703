//! The frame of one question: its number, its words, its field, what is wrong with it.

use domain::Glyph;
use domain::form::{Question, Section};
use domain::programmes::kind;
use leptos::prelude::*;

use super::current::{control_id, question_id};
use super::sheet::{Mode, Sheet, use_sheet};
use crate::route;
use crate::ui::fields;
use crate::ui::icon::Icon;
use crate::ui::typeset::typeset;
use crate::ui::uncertain::{is_uncertain, mark_link};

#[component]
pub fn QuestionView(section: &'static Section, question: &'static Question) -> impl IntoView {
    let sheet = use_sheet();
    let id = question_id(question.id);
    let title = format!("{id}-t");
    // As it is where the answer is kept: some are asked here and kept in the record this one hangs on.
    let (record, there) = sheet.kept(question);
    let kind = there.kind;
    let value = fields::is_value(kind);
    let number = move || {
        let position = sheet.visible(section).iter().position(|other| other.id == question.id);
        position.map(|position| (position + 1).to_string())
    };
    let mode = Memo::new(move |_| sheet.mode());
    let settled = Memo::new(move |_| sheet.is_settled(question));
    let open = move || mode.get() != Mode::Reading && !settled.get();
    let current = Memo::new(move |_| sheet.current.get() == Some(question.id) && open());
    let shown = sheet.notebook.record(record);
    let disputed =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(|shown| is_uncertain(shown, &[there.id]))));
    let today = sheet.notebook.today();
    let label = typeset(&question.words(sheet.is_alone()).on(today));
    let class = if question.spoken { "q-text" } else { "q-text plain" };
    // What is chosen among answers is named by the group; what is typed in is named by its label.
    let role = fields::is_choice(kind).then_some("radiogroup").or((!value).then_some("group"));
    let label = if fields::is_labelled(kind) {
        view! { <label class=class id=title.clone() for=control_id(question.id)>{label}</label> }.into_any()
    } else {
        view! { <p class=class id=title.clone()>{label}</p> }.into_any()
    };
    let help = question.hint(sheet.is_alone()).map(|help| {
        let help = typeset(&help.on(today));
        view! { <p class="q-hint" id=format!("{}-help", question_id(question.id))>{help}</p> }
    });
    let described = question.help.is_some().then(|| format!("{id}-help"));
    let body = move || match mode.get() {
        Mode::Reading => view! { <ReadBack question/> }.into_any(),
        Mode::Correcting if settled.get() => view! { <ReadBack question/>{said_beside(sheet, question)} }.into_any(),
        Mode::Filling | Mode::Correcting => fields::field(question, kind),
    };
    view! {
        <div
            class="question"
            class:value=value
            class:current=current
            id=id
            role=role
            aria-labelledby=role.map(|_| title)
            aria-describedby=described
            on:focusin=move |_| sheet.focused(question.id)
            on:click=move |_| sheet.touch(question.id)
            on:focusout=move |_| sheet.notebook.settle()
        >
            <span class="q-number" aria-hidden="true">{move || number()}</span>
            {label}
            {help}
            {move || body()}
            {move || disputed.get().then(|| mark_link(route::dispute(record, there.id)))}
            <FieldError question/>
        </div>
    }
}

/// The answer as a person reads it, once the form is finished.
#[component]
fn ReadBack(question: &'static Question) -> impl IntoView {
    let sheet = use_sheet();
    let text = move || super::answer_text(question, sheet);
    view! { <p class="q-value">{move || text()}</p> }
}

/// Where another answer is noted, once this one has settled, or a first one if none was given; the way there for who may.
fn said_beside(sheet: Sheet, question: &'static Question) -> Option<AnyView> {
    let beside = kind(sheet.kind.said_beside(question.id)?)?;
    let how = match sheet.value_of(question) {
        Some(_) => "Cette réponse ne se corrige plus. Une autre se note avec son motif",
        None => "Elle se note maintenant à part",
    };
    let words = format!("{how}\u{a0}: «\u{a0}{}\u{a0}», sur ", beside.start);
    let place = "la fiche de la personne";
    let place = match sheet.may_write(beside) {
        true => view! { <a href=sheet.back()>{place}</a> }.into_any(),
        false => place.into_any(),
    };
    Some(view! { <p class="q-hint">{words}{place}"."</p> }.into_any())
}

/// Why what was typed is not kept.
#[component]
fn FieldError(question: &'static Question) -> impl IntoView {
    let sheet = use_sheet();
    let id = format!("{}-e", control_id(question.id));
    let reason = Memo::new(move |_| sheet.refused.with(|refused| refused.get(question.id).cloned()));
    // The element is always there, so that the field it describes can name it.
    view! {
        <p class="field-error" id=id>
            {move || reason.get().map(|reason| view! { <Icon name=Glyph::Alert/><span>{reason}</span> })}
        </p>
    }
}
