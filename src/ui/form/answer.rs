//! Putting an answer in the record, taking it back, correcting it with a reason.

use domain::Value;
use domain::form::Question;
use leptos::prelude::*;

use super::sheet::{Mode, Sheet};

impl Sheet {
    /// Puts an answer in the record. A refused one is not saved: the sentence to show comes back.
    ///
    /// # Errors
    /// The reason of the refusal, in French.
    pub fn answer(self, question: &'static Question, value: Value) -> Result<(), String> {
        question.check(&value, self.notebook.today()).map_err(|refusal| refusal.message(question))?;
        self.accept(question);
        self.put(question.id, value);
        Ok(())
    }

    /// A touched answer: saved, its former value told, and the next unanswered question becomes current.
    pub fn choose(self, question: &'static Question, value: Value) {
        let former = self.value_now(question.id).filter(|former| *former != value);
        if let Err(reason) = self.answer(question, value) {
            self.refuse(question, reason);
            return;
        }
        self.notebook.write_now();
        if let Some(former) = former.and_then(|former| question.read_back(&former)) {
            let now = self.notebook.now();
            self.changed.update(|changed| drop(changed.insert(question.id, (now, former))));
        }
        self.advance(question.id);
    }

    /// « Effacer la réponse »
    pub fn erase(self, question: &'static Question) {
        let former = self.value_now(question.id).and_then(|former| question.read_back(&former));
        self.accept(question);
        self.put(question.id, Value::Null);
        if let Some(former) = former {
            let now = self.notebook.now();
            self.changed.update(|changed| drop(changed.insert(question.id, (now, former))));
        }
        self.current.set(Some(question.id));
    }

    /// Shows why what was typed is not kept.
    pub fn refuse(self, question: &'static Question, reason: String) {
        self.refused.update(|refused| drop(refused.insert(question.id, reason)));
    }

    /// What was typed is right again.
    pub fn accept(self, question: &'static Question) {
        self.notebook.drop_draft(self.record, question.id);
        if self.refused.with_untracked(|refused| refused.contains_key(question.id)) {
            self.refused.update(|refused| drop(refused.remove(question.id)));
        }
    }

    /// Puts a value that needs no check: the one that was there before a refused attempt.
    pub fn put(self, id: &'static str, value: Value) {
        let same = self.answers.with_untracked(|answers| answers.get(id).unwrap_or(&Value::Null) == &value);
        let mode = untrack(|| self.mode());
        if same || mode == Mode::Reading {
            return;
        }
        let reason = self.correcting.get_untracked().filter(|_| mode == Mode::Correcting);
        self.notebook.edit(self.record, id, value, reason);
    }
}
