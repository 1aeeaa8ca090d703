//! The result of a record: a sentence, then each finding with the fact that decided. No total, no grade, no colour.

use chrono::NaiveDate;
use domain::Glyph;
use domain::form::{Change, Finding, Notice, Outcome, State, Tone, compare};
use domain::french::{month, short_day};
use domain::order::sort_by_key;
use leptos::prelude::*;

use super::icon::{Icon, Mark, StateMark};
use super::typeset::typeset;

/// What the same rules said of the record before, and when it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    pub outcome: Outcome,
    pub on: NaiveDate,
}

/// Who may help for what a finding says: a list of the directory, one tap away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Id of the finding.
    pub finding: &'static str,
    pub href: String,
    /// « Qui peut l’aider pour l’audition »
    pub label: String,
}

/// The findings: abnormal first, then what to propose, not assessed, what is only told, then normal.
pub fn findings(outcome: &Outcome, before: Option<&Before>, neighbours: &[Neighbour], today: NaiveDate) -> AnyView {
    let changes = before.map(|before| compare(&before.outcome, outcome)).unwrap_or_default();
    let lines = sorted(&outcome.findings)
        .into_iter()
        .map(|finding| {
            let judged = finding.state.is_judged();
            let change =
                changes.iter().find(|(id, ..)| *id == finding.id && judged).map(|(_, change, then)| (*change, *then));
            let change = change.zip(before).map(|((change, then), before)| change_view(change, then, before.on, today));
            let near =
                neighbours.iter().find(|one| one.finding == finding.id && finding.state.calls_for_help()).cloned();
            let near = near.map(|one| {
                view! {
                    <a class="neighbour" href=one.href><Icon name=Glyph::Directory/>{typeset(&one.label)}</a>
                }
            });
            let (mark, class, tag) = match finding.state {
                State::Abnormal => (Some(Mark::Abnormal), "result abnormal", "tag abnormal"),
                // Nothing was found: something is proposed, without the weight of what is abnormal.
                State::ToPropose => (Some(Mark::ToPropose), "result", "tag"),
                State::NotAssessed => (Some(Mark::NotAssessed), "result not-assessed", "tag not-assessed"),
                State::Normal => (Some(Mark::Normal), "result normal", "tag normal"),
                // Neither good nor bad: the fact alone.
                State::Told => (None, "result told", ""),
            };
            let tag = mark.map(|_| view! { <span class=tag>{finding.state.label()}</span> });
            view! {
                <li class=class>
                    {mark.map(|mark| view! { <StateMark mark/> })}
                    <div class="result-text"><h3>{finding.title}</h3><p>{typeset(&finding.fact)}</p></div>
                    {tag}
                    {change}
                    {near}
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="verdict" role="status">{typeset(&outcome.headline)}</p>
        <ul class="results">{lines}</ul>
    }
    .into_any()
}

fn change_view(change: Change, then: State, on: NaiveDate, today: NaiveDate) -> impl IntoView {
    // Between two records of the same season, the month alone would say nothing.
    let when = if (today - on).num_days() < 60 {
        format!("le {}", short_day(on, today))
    } else {
        format!("en {}", month(on, today))
    };
    view! { <p class="change"><b>{change.label()}</b><span>{format!("{} {when}", then.label())}</span></p> }
}

/// What to do, what to know, whom to call.
pub fn notices(notices: &[Notice]) -> AnyView {
    let of = |tone: Tone| notices.iter().filter(move |notice| notice.tone == tone);
    let first = of(Tone::First)
        .map(|notice| view! { <div class="band notice"><Icon name=Glyph::Alert/><p>{strong(&notice.text)}</p></div> })
        .collect_view();
    let help = of(Tone::Help)
        .map(|notice| {
            let parts = dialable(&notice.text)
                .into_iter()
                .map(|part| match part {
                    Part::Text(text) => typeset(text).into_any(),
                    Part::Number(number) => {
                        view! { <a href=format!("tel:{number}")>{number.to_owned()}</a> }.into_any()
                    }
                })
                .collect_view();
            view! { <div class="band notice"><Icon name=Glyph::Phone/><p>{parts}</p></div> }
        })
        .collect_view();
    let notes = of(Tone::Note).map(|notice| view! { <p>{typeset(&notice.text)}</p> }).collect_view();
    view! { {first}{help}<div class="stack">{notes}</div> }.into_any()
}

/// The first sentence in bold.
fn strong(text: &str) -> impl IntoView + use<> {
    let text = typeset(text);
    let (first, rest) = text
        .split_once(". ")
        .map_or((text.clone(), String::new()), |(first, rest)| (format!("{first}."), format!(" {rest}")));
    view! { <b>{first}</b>{rest} }
}

fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    // Stable: inside a state, the order of the form.
    sort_by_key(&mut sorted, |finding| match finding.state {
        State::Abnormal => 0,
        State::ToPropose => 1,
        State::NotAssessed => 2,
        State::Told => 3,
        State::Normal => 4,
    });
    sorted
}

#[derive(Debug, PartialEq)]
enum Part<'a> {
    Text(&'a str),
    Number(&'a str),
}

/// Cuts a text around the national numbers it holds, so that each can be dialled.
fn dialable(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(start) = rest[from..].find(|letter: char| letter.is_ascii_digit()).map(|start| start + from) {
        let length = rest[start..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len() - start);
        let number = &rest[start..start + length];
        if matches!(number, "15" | "112" | "119") || (number.len() == 4 && number.starts_with('3')) {
            parts.extend((start > 0).then_some(Part::Text(&rest[..start])));
            parts.push(Part::Number(number));
            rest = &rest[start + length..];
            from = 0;
        } else {
            from = start + length;
        }
    }
    parts.extend((!rest.is_empty()).then_some(Part::Text(rest)));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_abnormal_comes_first() {
        let finding = |id, state| Finding { id, title: "", state, fact: String::new() };
        let all = [
            finding("a", State::Normal),
            finding("b", State::NotAssessed),
            finding("c", State::Abnormal),
            finding("d", State::Abnormal),
            finding("e", State::Told),
            finding("f", State::ToPropose),
        ];
        assert_eq!(sorted(&all).iter().map(|finding| finding.id).collect::<String>(), "cdfbea");
    }

    #[test]
    fn national_numbers_can_be_dialled() {
        assert_eq!(
            dialable("Appelez le 3114, 24 h sur 24, ou le 15."),
            [
                Part::Text("Appelez le "),
                Part::Number("3114"),
                Part::Text(", 24 h sur 24, ou le "),
                Part::Number("15"),
                Part::Text("."),
            ]
        );
        assert_eq!(dialable("Rien à 59 ans."), [Part::Text("Rien à 59 ans.")]);
    }
}
