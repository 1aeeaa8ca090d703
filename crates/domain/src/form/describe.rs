//! The types a form is described with. All of it is `const`: a published version is frozen at compile time.

use crate::people::Purpose;

/// One version of one form. Never edited once published, except for words.
#[derive(Debug)]
pub struct Form {
    /// Stable identifier, such as `icope-step1`.
    pub id: &'static str,
    /// Version, such as `2019-fr.1`; a new one stands beside the old.
    pub version: &'static str,
    pub title: &'static str,
    /// Source and licence of the instrument, shown in « À propos » and in print.
    pub credit: &'static str,
    pub layout: Layout,
    pub sections: &'static [Section],
}

/// How the sections of a form come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One sheet with an index: filled in any order, at a table.
    Sheet,
    /// One section a screen, « Suivant » under the thumb: filled standing, with one hand.
    Steps,
}

/// One tab of the form's index.
#[derive(Debug)]
pub struct Section {
    pub id: &'static str,
    pub title: &'static str,
    /// What the index says while the section is still to come, such as « à la fin ».
    pub when: Option<&'static str>,
    pub questions: &'static [Question],
}

/// A text people read, and whether it was checked against the official source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    pub text: &'static str,
    /// `false`: could not be read on the official sheet; a territory may correct it.
    pub verified: bool,
}

/// One question, one field of the record.
#[derive(Debug)]
pub struct Question {
    /// Stable name of the field; unique in its form.
    pub id: &'static str,
    pub label: Wording,
    pub help: Option<Wording>,
    /// What whoever fills the form by herself reads in their place: see [`Question::words`].
    pub alone: Option<Wording>,
    /// What she reads in place of the help: see [`Question::hint`].
    pub alone_help: Option<Wording>,
    pub kind: Kind,
    pub show: Show,
    pub need: Need,
    /// Read aloud to the person (set in roman), as opposed to filled by the professional.
    pub spoken: bool,
    /// « Quel poids », to ask which of two values is right. `None`: « Quelle réponse ».
    pub which: Option<&'static str>,
    /// The answer after which nothing of the person may be kept.
    pub bar: Option<&'static Bar>,
    /// The usual days to come are one touch away.
    pub soon: bool,
}

/// An answer of a person of whom nothing may be kept, such as too young an age. Asked before anything leaves: what was
/// written is then forgotten, with her.
#[derive(Debug)]
pub struct Bar {
    pub code: &'static str,
    /// « Ne rien garder »: what is asked before it is forgotten.
    pub title: &'static str,
    /// Why, and what can be done for her.
    pub text: &'static str,
    /// The same, to whoever fills the form by herself.
    pub alone: &'static str,
}

/// Whether an empty answer counts as missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Asked; « Encore 3 questions » counts it, the next-unanswered button goes to it.
    Asked,
    /// Kept for information; leaving it empty is complete.
    Optional,
    /// Asked, unless the record began with its answer ([`crate::programme::Prefill`]): it is then not drawn while the form
    /// is filled, only when it is read or corrected.
    Known,
    /// Never asked: what the record began with, or nothing, so that its rules read later what held then. No form draws it,
    /// only the page of the record tells it.
    Unasked,
}

/// One answer of a list. `code` is stored, `label` is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub code: &'static str,
    pub label: &'static str,
}

/// Words shown, then vanished, then recalled. The id is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordList {
    pub id: &'static str,
    pub words: [&'static str; 3],
    pub verified: bool,
}

/// What is asked, hence how it is drawn and what value it stores.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One of a list; stores the code.
    Choice(&'static [Choice]),
    /// As `Choice`, with four random words to whisper, another set for each question and each record.
    Whisper { options: &'static [Choice], words: &'static [&'static str] },
    /// An integer of `10^-decimals` units: 59,4 kg is stored as `594`. `compare`: the last known value and the difference are shown.
    Number { unit: &'static str, decimals: u8, min: i64, max: i64, compare: bool },
    /// A calendar day; stores `YYYY-MM-DD`.
    Date,
    /// A calendar day, past or to come; stores `YYYY-MM-DD`.
    AnyDay,
    /// A whole number set with a thumb: `quick` are one touch away; stores an integer from 0 to `max`.
    Count { unit: &'static str, max: u16, quick: &'static [u16] },
    /// From 0 to 10, one touch, with the words of both ends; stores the integer.
    Scale { low: &'static str, high: &'static str },
    /// What is counted while it happens, one touch each; stores an integer, below zero when it takes back what another
    /// record of the same device counted.
    Tally,
    /// Another record of this kind; stores its id as text.
    Link(&'static str),
    /// Somebody or something of the directory, chosen in the one the device holds; stores the id of its card as text, so that
    /// who leaves the directory leaves no name behind.
    Entry,
    /// The field of this name of the record this one hangs on: asked here, kept there, never a field of this form.
    OfParent(&'static str),
    /// Free text of at most `max` characters; `lines` > 1 is a text area.
    Text { lines: u8, max: u16 },
    /// A French telephone number; stores digits, `+33…` when international.
    Phone,
    /// A full-screen stopwatch; stores integer tenths of a second, rounded once when stopped.
    Stopwatch { instruction: &'static str, stop: &'static str },
    /// Three words shown for `seconds`, then gone; stores the id of the list. Never a list sharing a word with last time's.
    Words { lists: &'static [WordList], seconds: u8 },
    /// How many of the words shown by question `of` come back; stores 0 to 3.
    Recall { of: &'static str },
    /// One answer of the person for each of these purposes, kept as child records of hers and not as a field of this form.
    Consent(&'static [Purpose]),
}

/// When a question is asked, as data over the other answers of the same form.
#[derive(Clone, Copy, Debug)]
pub enum Show {
    Always,
    /// The named answer holds this code.
    Is(&'static str, &'static str),
    /// The named answer holds one of these codes.
    IsOneOf(&'static str, &'static [&'static str]),
    All(&'static [Show]),
    Any(&'static [Show]),
    Not(&'static Show),
}

impl Choice {
    /// Same order everywhere: Oui, Non, Ne sait pas.
    pub const YES_NO: &'static [Self] = &[Self { code: "yes", label: "Oui" }, Self { code: "no", label: "Non" }];
    pub const YES_NO_UNKNOWN: &'static [Self] = &[
        Self { code: "yes", label: "Oui" },
        Self { code: "no", label: "Non" },
        Self { code: "unknown", label: "Ne sait pas" },
    ];
}

impl Wording {
    #[must_use]
    pub const fn verified(text: &'static str) -> Self {
        Self { text, verified: true }
    }

    /// A wording marked ° in the specification.
    #[must_use]
    pub const fn unverified(text: &'static str) -> Self {
        Self { text, verified: false }
    }
}

impl Question {
    /// A question asked of the person, always shown.
    #[must_use]
    pub const fn ask(id: &'static str, text: &'static str, kind: Kind) -> Self {
        Self {
            id,
            label: Wording::verified(text),
            help: None,
            alone: None,
            alone_help: None,
            kind,
            show: Show::Always,
            need: Need::Asked,
            spoken: true,
            which: None,
            bar: None,
            soon: false,
        }
    }

    /// A line the professional fills by herself.
    #[must_use]
    pub const fn note(id: &'static str, text: &'static str, kind: Kind) -> Self {
        let mut question = Self::ask(id, text, kind);
        question.spoken = false;
        question
    }

    /// Marks the wording as not read on the official sheet.
    #[must_use]
    pub const fn unverified(mut self) -> Self {
        self.label.verified = false;
        self
    }

    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.need = Need::Optional;
        self
    }

    /// Asked only if it was not known when the record was begun.
    #[must_use]
    pub const fn known(mut self) -> Self {
        self.need = Need::Known;
        self
    }

    /// Never asked, only begun with.
    #[must_use]
    pub const fn unasked(mut self) -> Self {
        self.need = Need::Unasked;
        self
    }

    /// How to ask which of two values is right: « Quel poids ».
    #[must_use]
    pub const fn which(mut self, which: &'static str) -> Self {
        self.which = Some(which);
        self
    }

    /// An answer after which nothing is kept of the person.
    #[must_use]
    pub const fn bar(mut self, bar: &'static Bar) -> Self {
        self.bar = Some(bar);
        self
    }

    /// The words for whoever fills the form by herself, where the label speaks of her to somebody else.
    #[must_use]
    pub const fn alone(mut self, text: &'static str) -> Self {
        self.alone = Some(Wording { text, verified: self.label.verified });
        self
    }

    /// As [`Question::alone`], for the help.
    #[must_use]
    pub const fn alone_help(mut self, help: Wording) -> Self {
        self.alone_help = Some(help);
        self
    }

    /// A day to come: tomorrow and its like are one touch away.
    #[must_use]
    pub const fn soon(mut self) -> Self {
        self.soon = true;
        self
    }

    /// The words of the question for who reads it: whoever asks, or the person herself when she is alone with it.
    #[must_use]
    pub const fn words(&self, alone: bool) -> Wording {
        match self.alone {
            Some(words) if alone => words,
            _ => self.label,
        }
    }

    /// As [`Question::words`], for the help.
    #[must_use]
    pub const fn hint(&self, alone: bool) -> Option<Wording> {
        if alone && self.alone_help.is_some() { self.alone_help } else { self.help }
    }

    #[must_use]
    pub const fn help(mut self, help: Wording) -> Self {
        self.help = Some(help);
        self
    }

    #[must_use]
    pub const fn show(mut self, show: Show) -> Self {
        self.show = show;
        self
    }
}

impl Form {
    /// Every question in the order of the form, with its section.
    pub fn questions(&self) -> impl Iterator<Item = (&'static Section, &'static Question)> + use<> {
        self.sections.iter().flat_map(|section| section.questions.iter().map(move |question| (section, question)))
    }

    #[must_use]
    pub fn question(&self, id: &str) -> Option<&'static Question> {
        self.questions().map(|(_, question)| question).find(|question| question.id == id)
    }
}
