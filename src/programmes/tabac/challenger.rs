//! The screen to show to a challenger, and the card she takes home: what she did, up to the last contact and not a day
//! further.

use chrono::NaiveDate;
use domain::Glyph;
use domain::french::{Gender, NBSP, counted, decimal, full_day, short_day, word};
use domain::id::RecordId;
use domain::programmes::tabac::challenge::{Challenge, Said, challenges};
use domain::programmes::tabac::health::{self, Reached};
use domain::programmes::tabac::progress::{Slip, SoFar, Square, so_far};
use domain::programmes::tabac::settings::{Settings, editions};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::CHALLENGERS;
use super::book::{Book, Whole};
use crate::notebook::use_notebook;
use crate::pages::absent::AbsentRecord;
use crate::platform::page;
use crate::ui::icon::{Disc, Icon, SectionDisc};
use crate::ui::page::Page;

/// Steps still to come that are drawn as those that are reached; the later ones are told in a line each.
const AHEAD: usize = 3;
/// More squares than that are drawn smaller.
const MONTH: usize = 31;

#[derive(Clone, Debug, PartialEq)]
struct Feat {
    name: String,
    quit_on: Option<NaiveDate>,
    far: Option<SoFar>,
    /// What the coordination wrote for where she is.
    says: Option<String>,
}

pub fn view(record: RecordId) -> AnyView {
    let book = Book::open(use_notebook());
    let feat = Memo::new(move |_| book.read(|whole| of(whole, record)));
    // Her name is not in the title: browsers keep it in clear.
    view! {
        <Page title="Écran à montrer">
            {move || match feat.get() {
                Some(feat) => drawn(book, feat),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
    .into_any()
}

fn of(whole: &Whole<'_>, record: RecordId) -> Option<Feat> {
    let all = challenges(&whole.records, &whole.clock);
    let challenge = all.iter().find(|challenge| challenge.sign_ups.contains(&record))?;
    let person = whole.person(challenge.person)?;
    let editions = editions(&whole.records);
    let settings = editions.of(challenge.edition);
    Some(Feat {
        name: if person.given_name.is_empty() { person.name() } else { person.given_name },
        quit_on: challenge.quit_on(),
        far: so_far(challenge, settings),
        says: says(challenge, settings),
    })
}

/// After a few cigarettes, what was written for them; else what was written for the step she was last heard at.
fn says(challenge: &Challenge<'_>, settings: &Settings<'_>) -> Option<String> {
    let heard = challenge.calls.iter().rev().find(|call| call.reached())?;
    let smoked = !matches!(heard.said(), None | Some(Said::Nothing | Said::Cigarettes(0)));
    let slip = if smoked { settings.says(None) } else { None };
    slip.or_else(|| heard.step.and_then(|step| settings.says(Some(step)))).map(str::to_owned)
}

fn drawn(book: Book, feat: Feat) -> AnyView {
    let today = book.notebook.today();
    let Feat { name, quit_on, far, says } = feat;
    let title = match (&far, quit_on) {
        (Some(far), _) => format!("{name}, depuis le {}", in_words(far.from, today)),
        (None, _) => name,
    };
    let author = book.notebook.account().with_untracked(|account| account.as_ref().map(|one| one.name.clone()));
    let until = far.as_ref().map(|far| far.until);
    view! {
        <article class="feat">
            <p class="print-only second"><span class="wordmark">"Cardabelle"</span>", le "{full_day(today)}</p>
            <div class="feat-head">
                <header>
                    <h1 id="title" tabindex="-1">{title}</h1>
                    <a class="round" href=CHALLENGERS aria-label="Fermer cet écran"><Icon name=Glyph::Cross/></a>
                </header>
                {match &far {
                    Some(far) => days(far, today),
                    None => view! { <p class="feat-days"><span>{before(quit_on, today)}</span></p> }.into_any(),
                }}
            </div>
            {far.as_ref().map(kept)}
            {until.map(|until| view! {
                <p class="second">{format!("Compté jusqu’à notre dernier échange, le {}.", in_words(until, today))}</p>
            })}
            {timeline(far.as_ref().map_or(0, |far| far.health_days))}
            {says.map(encouragement)}
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer"</button>
            </div>
            <p class="print-only second">{author}". Tabac info service\u{a0}: 39\u{a0}89. Ce n’est pas un diagnostic."</p>
        </article>
    }
    .into_any()
}

/// « 9 novembre », with its year when it is not this one.
fn in_words(day: NaiveDate, today: NaiveDate) -> String {
    let whole = domain::french::day(day, today);
    whole.split_once(' ').map_or(whole.clone(), |(_, rest)| rest.to_owned())
}

/// Before anybody answered after the date.
fn before(quit_on: Option<NaiveDate>, today: NaiveDate) -> String {
    match quit_on {
        None => "Le jour reste à choisir".to_owned(),
        Some(on) if on == today => "Premier jour aujourd’hui".to_owned(),
        Some(on) if on > today => format!("Premier jour le {}", domain::french::day(on, today)),
        Some(on) => format!("C’est parti depuis le {}", in_words(on, today)),
    }
}

/// The number in the largest type, and what it counts. None is no number to show.
fn days_told(free: i64, all: i64) -> (Option<i64>, String) {
    match (free, all) {
        (_, 0) => (None, "le premier jour est là".to_owned()),
        (0, _) => (None, "Chaque jour sans fumer comptera.".to_owned()),
        (1, _) => (Some(1), format!("jour sans fumer sur {all}")),
        _ => (Some(free), format!("jours sans fumer sur {all}")),
    }
}

fn days(far: &SoFar, today: NaiveDate) -> AnyView {
    let (free, words) = days_told(far.smoke_free_days, far.days);
    let squares = far.squares.iter().map(|square| view! { <li class:smoked=*square == Square::Smoked></li> });
    let many = far.squares.len() > MONTH;
    view! {
        <p class="feat-days">{free.map(|free| view! { <b>{free}</b>" " })}<span>{words}</span></p>
        <ol class="squares" class:many=many aria-hidden="true">{squares.collect_view()}</ol>
        <p>{told(far, today)}</p>
    }
    .into_any()
}

/// « Le 16 nov., deux cigarettes : le défi continue. »
fn told(far: &SoFar, today: NaiveDate) -> String {
    let Some(slip) = far.slips.last() else { return String::new() };
    if far.deferred {
        return format!("Succès différé{NBSP}: chaque jour sans fumer compte.");
    }
    format!("{}{NBSP}: le défi continue.", slip_words(slip, today))
}

fn slip_words(slip: &Slip, today: NaiveDate) -> String {
    let how_many = match slip.said {
        Said::Cigarettes(1) => "une cigarette".to_owned(),
        Said::Cigarettes(count) => {
            format!("{} cigarettes", word(usize::try_from(count).unwrap_or_default(), Gender::Feminine))
        }
        Said::Nothing | Said::MoreThanFive => format!("plus de 5{NBSP}cigarettes"),
    };
    let when = if slip.dated { "Le" } else { "Dit le" };
    format!("{when} {}, {how_many}", short_day(slip.on, today))
}

fn kept(far: &SoFar) -> AnyView {
    let euros = |cents: i64| format!("{}{NBSP}€", decimal(cents, 2));
    let spent = far.substitutes_cents.is_some_and(|cents| cents > 0);
    let how = match (far.cents < 0, spent) {
        (true, _) => "pour l’instant, substituts déduits",
        (false, true) => "restés en poche, substituts déduits",
        (false, false) => "restés en poche",
    };
    let at = format!("{how}, {}", far.price());
    let count = usize::try_from(far.not_smoked).unwrap_or_default();
    let cigarettes = if count > 1 { "cigarettes non fumées" } else { "cigarette non fumée" };
    view! {
        <div class="feat-two">
            <div><b>{euros(far.cents)}</b>{at}</div>
            <div><b>{decimal(far.not_smoked, 0)}</b>{cigarettes}</div>
        </div>
    }
    .into_any()
}

/// What the body regains after so many days in a row, and who says so: what is reached and the next steps, then the rest of a
/// life in a few lines.
fn timeline(days: i64) -> AnyView {
    let mut ahead = 0;
    let mut sources: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for (mark, reached) in health::timeline(days) {
        ahead += usize::from(reached == Reached::Ahead);
        let (class, sign, here) = match reached {
            Reached::Passed => ("reached", view! { <SectionDisc disc=Disc::Done/> }.into_any(), ""),
            Reached::Now => {
                ("now", view! { <span class="here"><Icon name=Glyph::Forward/></span> }.into_any(), ", vous y êtes")
            }
            Reached::Ahead if ahead <= AHEAD => ("", view! { <SectionDisc disc=Disc::Todo/> }.into_any(), ""),
            Reached::Ahead => ("later", ().into_any(), "\u{a0}:"),
        };
        lines.push(view! { <li class=class>{sign}<b>{mark.when}{here}</b>" "{mark.text}</li> });
        sources.push(mark.source.name());
    }
    sources.dedup();
    let title = match usize::try_from(days).unwrap_or_default() {
        0 => "Ce que le corps regagne".to_owned(),
        days => format!("Après {} de suite sans fumer", counted(days, "jour", "jours")),
    };
    view! {
        <h2>{title}</h2>
        <ol class="milestones" role="list">{lines}</ol>
        <p class="second">{format!("Sources{NBSP}: {}.", sources.join(", puis "))}</p>
    }
    .into_any()
}

/// Written by the coordination; Cardabelle sends nothing: it is copied, then sent by whoever wants to.
fn encouragement(says: String) -> AnyView {
    // Whether the browser took it; `None`: not asked yet.
    let copied = RwSignal::new(None::<bool>);
    let text = says.clone();
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            copied.try_set(Some(page::copy(&text).await));
        });
    };
    let told = move || match copied.get() {
        None => "",
        Some(true) => "Le message est copié. Collez-le où vous voulez.",
        Some(false) => "Ce navigateur ne copie pas. Le message est encore à l’écran\u{a0}: sélectionnez-le.",
    };
    let button = move || {
        if copied.get() == Some(true) {
            view! { <Icon name=Glyph::Check/>"Copié" }.into_any()
        } else {
            "Copier".into_any()
        }
    };
    view! {
        <section class="say">
            <blockquote>{says}</blockquote>
            <div class="actions"><button type="button" class="second-button" on:click=copy>{button}</button></div>
            <p class="second screen-only" role="status">{told}</p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_day_without_smoking_is_no_number_in_the_largest_type() {
        let told = |free, all| {
            let (number, words) = days_told(free, all);
            number.map_or(words.clone(), |number| format!("{number} {words}"))
        };
        assert_eq!(told(0, 0), "le premier jour est là");
        assert_eq!(told(0, 7), "Chaque jour sans fumer comptera.");
        assert_eq!(told(1, 7), "1 jour sans fumer sur 7");
        assert_eq!(told(11, 14), "11 jours sans fumer sur 14");
    }

    #[test]
    fn before_the_first_answer_the_day_is_told() {
        let told = |on: Option<&str>| {
            let day = |text: &str| text.parse().expect("a day");
            before(on.map(day), day("2026-11-23")).replace('\u{a0}', " ")
        };
        assert_eq!(told(None), "Le jour reste à choisir");
        assert_eq!(told(Some("2026-11-25")), "Premier jour le mercredi 25 novembre");
        assert_eq!(told(Some("2026-11-23")), "Premier jour aujourd’hui");
        assert_eq!(told(Some("2026-11-22")), "C’est parti depuis le 22 novembre");
    }
}
