//! A line of former values, and the values in dispute at its end. What it shows is told in words beside it.

use chrono::NaiveDate;
use domain::french::month;
use domain::order::sort_by_key;
use leptos::prelude::*;

/// One value and what is written beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub on: NaiveDate,
    pub value: i64,
    pub label: String,
}

const WIDTH: f64 = 720.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 118.0;
/// Room at the right for the names of the values in dispute.
const RIGHT: f64 = 460.0;
const LEFT: f64 = 80.0;
/// Two labels one above the other are at least so far apart.
const APART: f64 = 30.0;

/// Horizontal place of each former point, by date, then of the last column.
fn across(former: &[Point], last: Option<NaiveDate>) -> Vec<f64> {
    let days = former.iter().map(|point| point.on).chain(last);
    let days: Vec<f64> = days.map(|day| f64::from(chrono::Datelike::num_days_from_ce(&day))).collect();
    let (from, to) = (days.first().copied().unwrap_or(0.0), days.last().copied().unwrap_or(0.0));
    let span = if to > from { to - from } else { 1.0 };
    days.iter().map(|day| LEFT + (day - from) / span * (RIGHT - LEFT)).collect()
}

/// Vertical place of a value between the least and the greatest of all.
fn down(value: i64, least: i64, greatest: i64) -> f64 {
    if greatest == least {
        return f64::midpoint(TOP, BOTTOM);
    }
    #[expect(clippy::cast_precision_loss, reason = "measures of people are far below 2^52")]
    let share = (greatest - value) as f64 / (greatest - least) as f64;
    TOP + share * (BOTTOM - TOP)
}

/// Places of labels, moved down where they would cover each other.
fn spread(mut places: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    sort_by_key(&mut order, |rank| places[*rank] as i64);
    for pair in 1..order.len() {
        let (above, below) = (order[pair - 1], order[pair]);
        places[below] = places[below].max(places[above] + APART);
    }
    places
}

/// `rivals` stand side by side after the last of `former`, each reached by a dashed line.
pub fn line_chart(former: &[Point], rivals: &[Point], words: &str, today: NaiveDate) -> AnyView {
    let values = || former.iter().chain(rivals).map(|point| point.value);
    let (Some(least), Some(greatest)) = (values().min(), values().max()) else { return ().into_any() };
    let xs = across(former, rivals.first().map(|rival| rival.on));
    let at = |value| down(value, least, greatest);
    let placed: Vec<(f64, f64)> = former.iter().zip(&xs).map(|(point, x)| (*x, at(point.value))).collect();
    let line = placed.iter().map(|(x, y)| format!("{x:.0},{y:.0}")).collect::<Vec<_>>().join(" ");
    // Dates too close to each other are written once.
    let mut written = f64::MIN;
    let points = former
        .iter()
        .zip(&placed)
        .map(|(point, (x, y))| {
            let far = *x - written > 110.0;
            if far {
                written = *x;
            }
            let date =
                far.then(|| view! { <text x=x.to_string() y="158" class="date">{month(point.on, today)}</text> });
            let value =
                far.then(|| view! { <text x=x.to_string() y=(y - 14.0).to_string()>{point.label.clone()}</text> });
            view! { <circle cx=x.to_string() cy=y.to_string() r="6"></circle>{value}{date} }
        })
        .collect_view();
    let labels = spread(rivals.iter().map(|rival| at(rival.value)).collect());
    let ends = rivals
        .iter()
        .zip(labels)
        .enumerate()
        .map(|(rank, (rival, label))| {
            let y = at(rival.value);
            let dashed = placed.last().map(|(x, from)| {
                view! { <path class="dashed" d=format!("M{x:.0} {from:.0}L{RIGHT} {y:.0}")></path> }
            });
            // A ring, a square, a ring: told apart without colour.
            let mark = if rank % 2 == 0 {
                view! { <circle class="open" cx=RIGHT.to_string() cy=y.to_string() r="7"></circle> }.into_any()
            } else {
                let (x, y) = (RIGHT - 7.0, y - 7.0);
                view! { <rect class="open" x=x.to_string() y=y.to_string() width="14" height="14"></rect> }.into_any()
            };
            view! { {dashed}{mark}<text class="end" x=(RIGHT + 16.0).to_string() y=(label + 6.0).to_string()>{rival.label.clone()}</text> }
        })
        .collect_view();
    view! {
        <svg class="chart" viewBox=format!("0 0 {WIDTH} 166") role="img" aria-label=words.to_owned()>
            <path class="floor" d=format!("M0 136H{WIDTH}")></path>
            <polyline points=line></polyline>
            {points}
            {ends}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_is_at_the_top_and_dates_keep_their_distance() {
        assert!((down(702, 648, 702) - TOP).abs() < f64::EPSILON);
        assert!((down(648, 648, 702) - BOTTOM).abs() < f64::EPSILON);
        let on = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let point = |text: &str| Point { on: on(text), value: 1, label: String::new() };
        let xs = across(&[point("2026-01-01"), point("2026-01-11")], Some(on("2026-01-31")));
        assert!((xs[1] - xs[0]) * 2.0 - (xs[2] - xs[1]) < 1e-9);
    }

    #[test]
    fn labels_do_not_cover_each_other() {
        assert_eq!(spread(vec![50.0, 52.0, 40.0]), [70.0, 100.0, 40.0]);
    }
}
