//! Computes the contrasts of `style/tokens.css` again: a colour cannot change unnoticed.

use std::collections::BTreeMap;

type Theme = BTreeMap<String, String>;

const CSS: &str = include_str!("../../../style/tokens.css");

/// Text or mark, ground, and the ratio that must be reached in every theme.
const PAIRS: &[(&str, &str, f64)] = &[
    ("ink", "page", 7.0),
    ("ink", "surface", 7.0),
    ("ink", "sunk", 7.0),
    ("ink-2", "page", 7.0),
    ("ink-2", "surface", 7.0),
    ("ink-2", "sunk", 7.0),
    ("ink-2", "gold-soft", 7.0),
    ("ink", "leaf-soft", 7.0),
    ("ink", "gold-soft", 7.0),
    ("ink", "dusk-soft", 7.0),
    ("ink", "brick-soft", 7.0),
    ("surface", "ink", 7.0),
    ("on-leaf", "leaf", 7.0),
    ("on-gold", "gold", 7.0),
    ("on-dusk", "dusk", 7.0),
    ("on-tile", "tile", 7.0),
    ("gold-ink", "page", 7.0),
    ("gold-ink", "gold-soft", 7.0),
    ("brick", "page", 7.0),
    ("brick", "surface", 7.0),
    ("brick", "brick-soft", 7.0),
    ("leaf", "surface", 3.0),
    ("leaf", "page", 3.0),
    ("edge", "page", 3.0),
    ("edge", "surface", 3.0),
    ("edge", "gold-soft", 3.0),
    ("mark", "page", 3.0),
    ("mark", "surface", 3.0),
    ("tile-icon", "tile", 3.0),
    // The hatching of a function not assessed runs behind its text.
    ("ink", "hatch", 7.0),
];

const CLAIR: &str = ":root {";
const SOMBRE: &str = ":root[data-theme=\"sombre\"] {";
const SOLEIL: &str = ":root[data-theme=\"soleil\"] {";

/// Custom properties declared in the first block that opens with `selector` at or after `from`.
fn block(from: usize, selector: &str) -> Theme {
    let start = CSS[from..].find(selector).expect("the block exists") + from + selector.len();
    let end = CSS[start..].find('}').expect("the block ends") + start;
    CSS[start..end]
        .split(';')
        .filter_map(|declaration| declaration.trim().strip_prefix("--")?.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect()
}

/// The themes as a reader gets them: sombre and soleil lie over clair.
fn themes() -> [(&'static str, Theme); 3] {
    let clair = block(0, CLAIR);
    let over = |selector| {
        let mut theme = clair.clone();
        theme.extend(block(0, selector));
        theme
    };
    [("clair", clair.clone()), ("sombre", over(SOMBRE)), ("soleil", over(SOLEIL))]
}

/// Relative luminance of `#rrggbb`, WCAG 2.2.
fn luminance(hex: &str) -> f64 {
    assert!(hex.len() == 7 && hex.starts_with('#'), "six-digit colour expected: {hex}");
    let channel = |at: usize| {
        let value = u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn ratio(text: &str, ground: &str) -> f64 {
    let (a, b) = (luminance(text), luminance(ground));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_text_and_mark_is_legible_in_the_three_themes() {
    let mut faint = Vec::new();
    for (name, theme) in themes() {
        for (text, ground, least) in PAIRS {
            let found = ratio(&theme[*text], &theme[*ground]);
            if found < *least {
                faint.push(format!("{name}: {text} on {ground} = {found:.2}, at least {least}"));
            }
        }
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

#[test]
fn the_formula_gives_the_known_ratios() {
    assert!((ratio("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    // Two figures of the specification, rounded down.
    let clair = block(0, CLAIR);
    assert_eq!((ratio(&clair["ink"], &clair["page"]) * 100.0).floor(), 1419.0);
    assert_eq!((ratio(&clair["brick"], &clair["brick-soft"]) * 100.0).floor(), 722.0);
}

#[test]
fn the_chosen_theme_and_the_system_preference_agree() {
    for (query, selector) in [("(prefers-color-scheme: dark)", SOMBRE), ("(prefers-contrast: more)", SOLEIL)] {
        let from = CSS.find(query).expect("the media query exists");
        assert_eq!(block(from, ":root:not([data-theme]) {"), block(0, selector), "{query}");
    }
}
