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
        let (_, there) = self.kept(question);
        there.check(&value, self.notebook.today()).map_err(|refusal| refusal.message(there))?;
        self.accept(question);
        self.put(question, value);
        Ok(())
    }

    /// A touched answer: saved, its former value told, and the next unanswered question becomes current.
    pub fn choose(self, question: &'static Question, value: Value) {
        if question.bar.is_some_and(|bar| value == bar.code) {
            self.barring.set(Some(question));
            return;
        }
        let former = self.value_now(question).filter(|former| *former != value);
        if let Err(reason) = self.answer(question, value) {
            self.refuse(question, reason);
            return;
        }
        self.notebook.write_now();
        if let Some(former) = former.and_then(|former| self.kept(question).1.read_back(&former)) {
            let now = self.notebook.now();
            self.changed.update(|changed| drop(changed.insert(question.id, (now, former))));
        }
        self.advance(question.id);
    }

    /// « Effacer la réponse »
    pub fn erase(self, question: &'static Question) {
        let former = self.value_now(question).and_then(|former| self.kept(question).1.read_back(&former));
        self.accept(question);
        self.put(question, Value::Null);
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
        let (record, there) = self.kept(question);
        self.notebook.drop_draft(record, there.id);
        if self.refused.with_untracked(|refused| refused.contains_key(question.id)) {
            self.refused.update(|refused| drop(refused.remove(question.id)));
        }
    }

    /// Puts a value that needs no check: the one that was there before a refused attempt.
    pub fn put(self, question: &'static Question, value: Value) {
        let same = self.value_now(question).unwrap_or_default() == value;
        let mode = untrack(|| self.mode());
        if same || mode == Mode::Reading || untrack(|| self.is_settled(question)) {
            return;
        }
        let reason = self.correcting.get_untracked().filter(|_| mode == Mode::Correcting);
        let (record, there) = self.kept(question);
        self.notebook.edit(record, there.id, value, reason);
    }
}
