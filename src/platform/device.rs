//! What kind of device this is, as its owner calls it.

use super::js::{get, window};

/// A name to propose for this device: « Téléphone Android », « iPad ».
#[must_use]
pub fn proposed_name() -> &'static str {
    let navigator = window().navigator();
    let touches = get(&navigator, "maxTouchPoints").as_f64().unwrap_or_default() > 1.0;
    named(&navigator.user_agent().unwrap_or_default(), touches)
}

/// From what the browser says of itself (MDN, « Browser detection using the user agent »).
fn named(agent: &str, touches: bool) -> &'static str {
    let is = |mark: &str| agent.contains(mark);
    if is("iPhone") {
        "iPhone"
    } else if is("iPad") || (is("Macintosh") && touches) {
        // Since iPadOS 13 a tablet says that it is a Mac; no Mac has a touch screen.
        "iPad"
    } else if is("Android") {
        if is("Mobile") { "Téléphone Android" } else { "Tablette Android" }
    } else if is("Windows") {
        "Ordinateur Windows"
    } else if is("Macintosh") {
        "Mac"
    } else if is("CrOS") {
        "Chromebook"
    } else if is("Linux") {
        "Ordinateur Linux"
    } else {
        "Appareil"
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    /// Texts of MDN and of the browsers' own pages.
    #[test]
    fn each_browser_is_called_as_its_owner_calls_it() {
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0";
        for (agent, touches, name) in [
            (&format!("{android} Mobile Safari/537.36"), true, "Téléphone Android"),
            (&format!("{android} Safari/537.36"), true, "Tablette Android"),
            (
                &"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1".into(),
                true,
                "iPhone",
            ),
            (&"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15".into(), true, "iPad"),
            (&"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15".into(), false, "Mac"),
            (
                &"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0".into(),
                false,
                "Ordinateur Windows",
            ),
            (
                &"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".into(),
                false,
                "Ordinateur Linux",
            ),
            (&String::new(), false, "Appareil"),
        ] {
            assert_eq!(named(agent, touches), name, "{agent}");
        }
    }
}
