//! Which question is current, and bringing it in sight.

use leptos::prelude::*;

use super::progress::{Asked, next_missing};
use super::sheet::{Mode, Sheet};
use crate::platform::page;

/// The element of a question.
#[must_use]
pub fn question_id(question: &str) -> String {
    format!("q-{question}")
}

/// The first thing to touch or type in, inside a question.
#[must_use]
pub fn control_id(question: &str) -> String {
    format!("i-{question}")
}

impl Sheet {
    /// The keyboard has come into a question. A press is not followed yet: the current question is drawn larger, and
    /// what moves between the press and its release is not touched. The click that ends the press does it.
    pub fn focused(self, question: &'static str) {
        if !self.pointing.get_value() {
            self.touch(question);
        }
    }

    /// The question her hand or the keyboard is in.
    pub fn touch(self, question: &'static str) {
        if self.current.get_untracked() != Some(question) {
            self.current.set(Some(question));
        }
    }

    /// After an answer: the next unanswered question becomes current, and comes in sight if it is not.
    /// Never backwards: a question she skipped waits for « Prochaine sans réponse ».
    pub fn advance(self, after: &'static str) {
        let next = self.asked.with_untracked(|asked| {
            let here = asked.iter().position(|one| one.question.id == after)?;
            // Where each section is a screen, it is left by a touch only.
            let near = |one: &&Asked| !self.is_in_steps() || one.section == asked[here].section;
            asked[here + 1..].iter().filter(near).find(|one| one.missing()).map(|one| one.question.id)
        });
        self.current.set(next.or(Some(after)));
        if let Some(next) = next {
            request_animation_frame(move || page::reveal(&question_id(next)));
        }
    }

    /// Back from a screen that covered the form: on to the next question, the keyboard with it.
    pub fn leave_overlay(self, question: &'static str) {
        self.advance(question);
        let next = self.current.get_untracked().unwrap_or(question);
        request_animation_frame(move || page::focus(&control_id(next)));
    }

    /// Goes to a question, as its link or the button of the foot asks.
    pub fn go_to(self, question: &'static str) {
        self.current.set(Some(question));
        // The press is over: the focus is followed again.
        self.pointing.set_value(false);
        request_animation_frame(move || {
            page::focus(&control_id(question));
            page::scroll_to(&question_id(question));
        });
    }

    /// « Prochaine sans réponse »
    pub fn go_to_next(self) {
        let current = self.current.get_untracked();
        let missing = |id: &str| {
            self.asked.with_untracked(|asked| asked.iter().any(|one| one.question.id == id && one.missing()))
        };
        // The current one first, when she has scrolled away from it.
        if let Some(current) = current.filter(|id| missing(id) && !page::is_visible(&question_id(id))) {
            self.go_to(current);
            return;
        }
        if let Some(next) = self.asked.with_untracked(|asked| next_missing(asked, current)) {
            self.go_to(next);
        }
    }

    /// Where to begin: the question an address names, else the first without an answer.
    pub fn resume(self, named: Option<&str>) {
        let named = named.and_then(|named| {
            self.asked
                .with_untracked(|asked| asked.iter().map(|one| one.question.id).find(|question| *question == named))
        });
        let next = self.asked.with_untracked(|asked| next_missing(asked, None));
        // A form begun before opens where it stopped; a new one, or one that is only read, at its head.
        let begun = self.asked.with_untracked(|asked| asked.iter().any(|one| one.answered));
        let filling = untrack(|| self.mode() == Mode::Filling);
        match named.or(next.filter(|_| begun && filling)) {
            Some(question) => {
                self.current.set(Some(question));
                page::when_no_hand_writes(move || {
                    page::focus(&control_id(question));
                    page::scroll_to(&question_id(question));
                });
            }
            None => self.current.set(next),
        }
    }
}
