//! The usual days to come, one touch away: « Demain », « Lundi 30 nov. », « Dans une semaine ». None is chosen for anybody.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use domain::Value;
use domain::form::Question;
use domain::french::short_day;
use leptos::prelude::*;

use crate::ui::form::use_sheet;

pub fn view(question: &'static Question) -> AnyView {
    let sheet = use_sheet();
    let answer = sheet.value(question);
    let days = soon(sheet.notebook.today()).into_iter().map(|(label, day)| {
        let value = Value::from(day.to_string());
        let chosen = value.clone();
        let pressed = move || answer.with(|answer| answer.as_ref() == Some(&chosen)).to_string();
        view! {
            <button type="button" class="second-button" aria-pressed=pressed
                on:click=move |_| sheet.choose(question, value.clone())>{label}</button>
        }
    });
    view! { <div class="usual">{days.collect_view()}</div> }.into_any()
}

/// Each day once, the nearest first.
fn soon(today: NaiveDate) -> Vec<(String, NaiveDate)> {
    let after = |days: u64| today.checked_add_days(Days::new(days));
    let monday = (2..7).filter_map(after).find(|day| day.weekday() == Weekday::Mon);
    let days = [
        after(1).map(|day| ("Demain".to_owned(), day)),
        monday.map(|day| (format!("Lundi {}", short_day(day, today)), day)),
        after(7).map(|day| ("Dans une semaine".to_owned(), day)),
    ];
    days.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_to_come_are_each_named_once() {
        let named = |today: &str| {
            let days = soon(today.parse().expect("a day")).into_iter();
            days.map(|(label, day)| format!("{label} {day}")).collect::<Vec<_>>()
        };
        // A Tuesday.
        let days = ["Demain 2026-11-25", "Lundi 30\u{a0}nov. 2026-11-30", "Dans une semaine 2026-12-01"];
        assert_eq!(named("2026-11-24"), days);
        assert_eq!(
            named("2026-11-22"),
            ["Demain 2026-11-23", "Dans une semaine 2026-11-29"],
            "tomorrow is that Monday"
        );
        assert_eq!(
            named("2026-11-23"),
            ["Demain 2026-11-24", "Dans une semaine 2026-11-30"],
            "in a week is that Monday"
        );
        assert_eq!(named("2026-12-29")[1], "Lundi 4\u{a0}janv.\u{a0}2027 2027-01-04");
    }
}
