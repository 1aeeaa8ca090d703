//! A field that is typed in: what is right is saved at each keystroke, what is not stays on the screen and nowhere else.

use domain::Value;
use domain::form::{Kind, Question};
use domain::identifiers::may_become_nir;
use leptos::prelude::*;

use crate::ui::form::{control_id, question_id, use_sheet};

/// How one kind of typed answer is read and written back.
pub struct Typing {
    pub question: &'static Question,
    pub id: String,
    /// The value of a text, or why it is none.
    pub read: fn(&'static Question, &str) -> Result<Value, String>,
    /// The text of a value.
    pub write: fn(&'static Question, &Value) -> String,
    pub inputmode: &'static str,
    pub kind: &'static str,
    pub class: &'static str,
    /// The field has a hint of its own, under `…-h`.
    pub hint: bool,
    pub lines: u8,
    pub max: u16,
}

/// The text area or the input, tied to its hint and to its error.
pub fn input(typing: Typing) -> AnyView {
    let sheet = use_sheet();
    let Typing { question, read, write, .. } = typing;
    // As it is where the answer is kept: what is asked of two records is described there.
    let (record, there) = sheet.kept(question);
    let answer = sheet.value(question);
    let text = RwSignal::new(String::new());
    // The value before she began to type: a refused attempt must not leave its first keystrokes behind.
    let before = StoredValue::new(Value::Null);
    let typing_now = StoredValue::new(false);
    // What is in the field was taken already. Taking it again when the field is left would put it over what another tab
    // of this device wrote meanwhile.
    let taken = StoredValue::new(false);

    Effect::new(move |_| {
        let written = answer.get().map(|value| write(there, &value)).unwrap_or_default();
        let refused = sheet.refused.with_untracked(|refused| refused.contains_key(question.id));
        if !typing_now.get_value() && !refused {
            text.set(written);
        }
    });

    let begin = move || {
        if !typing_now.get_value() {
            typing_now.set_value(true);
            before.set_value(sheet.value_now(question).unwrap_or(Value::Null));
        }
    };
    let take = move |typed: &str| -> Result<(), String> {
        let value = if typed.trim().is_empty() { Value::Null } else { read(there, typed)? };
        sheet.answer(question, value)
    };
    // What was typed and was no answer yet when the notebook locked comes back, as it would stand once the field is left.
    if let Some(draft) = sheet.notebook.draft(record, there.id) {
        if let Err(reason) = take(&draft) {
            sheet.refuse(question, reason);
        }
        text.set(draft);
    }
    let on_input = move |typed: String| {
        begin();
        // In free text, what may become a social security number waits for its end: its digits must not reach the disk.
        // A date or a telephone number is kept only once it is whole, and is none.
        let waits = matches!(there.kind, Kind::Text { .. }) && may_become_nir(&typed);
        let outcome = if waits { Err(None) } else { take(&typed).map_err(Some) };
        taken.set_value(outcome.is_ok());
        if let Err(reason) = outcome {
            sheet.put(question, before.get_value());
            sheet.notebook.keep_draft(record, there.id, &typed);
            // While she types, an unfinished value is no error; one already shown is kept true.
            if let Some(reason) =
                reason.filter(|_| sheet.refused.with_untracked(|refused| refused.contains_key(question.id)))
            {
                sheet.refuse(question, reason);
            }
        }
        text.set(typed);
    };
    let on_blur = move || {
        // A field that is taken away while it has the focus is left too, after its values are gone.
        if typing_now.try_get_value() != Some(true) {
            return;
        }
        typing_now.set_value(false);
        match if taken.get_value() { Ok(()) } else { take(&text.get_untracked()) } {
            Ok(()) => text.set(sheet.value_now(question).map(|value| write(there, &value)).unwrap_or_default()),
            Err(reason) => sheet.refuse(question, reason),
        }
    };

    let control = control_id(question.id);
    let help = question.help.map(|_| format!("{}-help ", question_id(question.id)));
    let hint = typing.hint.then(|| format!("{control}-h "));
    let described = format!("{}{}{control}-e", help.unwrap_or_default(), hint.unwrap_or_default());
    let id = typing.id;
    let invalid = move || sheet.refused.with(|refused| refused.contains_key(question.id)).then_some("true");
    if typing.lines > 1 {
        view! {
            <textarea
                id=id
                rows=typing.lines.to_string()
                maxlength=typing.max.to_string()
                aria-describedby=described
                aria-invalid=invalid
                prop:value=move || text.get()
                on:input:target=move |event| on_input(event.target().value())
                on:blur=move |_| on_blur()
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                id=id
                type=typing.kind
                class=typing.class
                inputmode=typing.inputmode
                autocomplete="off"
                spellcheck="false"
                maxlength=typing.max.to_string()
                aria-describedby=described
                aria-invalid=invalid
                prop:value=move || text.get()
                on:input:target=move |event| on_input(event.target().value())
                on:blur=move |_| on_blur()
            />
        }
        .into_any()
    }
}
