//! The page itself: focus, scrolling, title, theme, printing.

use js_sys::{Array, Promise};
use leptos::prelude::request_animation_frame;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::js::{call, document, get, object, settled, window};
use super::storage;

pub use super::clock::monotonic_ms;
pub use super::watch::{Guard, every, keep_awake, on_visibility_hidden, sleep};

/// Whether keys may be made here: HTTPS, or this very machine.
#[must_use]
pub fn is_secure() -> bool {
    window().is_secure_context()
}

/// Whether the browser believes it has a network. `true` promises nothing.
#[must_use]
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Whether the server is this very machine: it is then reachable without any network.
#[must_use]
pub fn is_local() -> bool {
    let host = window().location().hostname().unwrap_or_default();
    host == "localhost" || host == "127.0.0.1" || host == "[::1]"
}

/// The path of the address, without its query.
#[must_use]
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Where this application is served: « https://cardabelle.exemple.fr », without a final slash.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Puts another address in place of this one, without going there: what is drawn next reads it.
pub fn replace_address(path: &str) {
    let history = get(&window(), "history");
    // An address of our own is never refused.
    let _ = call(&history, "replaceState", &[JsValue::NULL, "".into(), path.into()]);
}

/// What follows `#` in the address, without it: it reaches no server.
#[must_use]
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Leaves for another address of this site, in a page begun anew.
pub fn go(address: &str) {
    let _ = call(&JsValue::from(window().location()), "assign", &[address.into()]);
}

/// Whether the page can be seen.
#[must_use]
pub fn is_shown() -> bool {
    !document().hidden()
}

fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Moves the focus to the element of this id, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        // An element that cannot take the focus leaves it where it was, which is no fault.
        let _ = element.focus();
    }
}

/// Whether the keyboard is nowhere: what had the focus has left the page.
#[must_use]
pub fn nothing_has_focus() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Moves the focus, or the page, once it is drawn; unless a hand quicker than the page writes in a field already: its keys
/// must not fall beside it.
pub fn when_no_hand_writes(move_there: impl FnOnce() + 'static) {
    request_animation_frame(move || {
        let writes = |element: Element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA");
        if !document().active_element().is_some_and(writes) {
            move_there();
        }
    });
}

/// Brings the element to the middle of the window, without movement for those who asked for none. What is too tall to be seen
/// whole is read from its beginning.
pub fn scroll_to(id: &str) {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let tall = element(id).is_some_and(|element| element.get_bounding_client_rect().height() > height / 2.0);
    scroll(id, if tall { ScrollLogicalPosition::Start } else { ScrollLogicalPosition::Center });
}

/// Brings the element to the top of the window.
pub fn scroll_to_top(id: &str) {
    scroll(id, ScrollLogicalPosition::Start);
}

/// Moves only if the element is out of sight, and no further than needed.
pub fn reveal(id: &str) {
    scroll(id, ScrollLogicalPosition::Nearest);
}

/// What a touch has just opened, by a summary or by a button that says what it controls, comes in sight once it is drawn: it
/// would open under what stays at the foot.
pub fn reveal_opened(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let near = |selector| target.as_ref().and_then(|target| target.closest(selector).ok().flatten());
    let folded = near("summary").and_then(|summary| summary.parent_element());
    let opened = folded.or_else(|| {
        let id = near("[aria-expanded]")?.get_attribute("aria-controls")?;
        document().get_element_by_id(&id)
    });
    if let Some(opened) = opened {
        request_animation_frame(move || move_to(&opened, ScrollLogicalPosition::Nearest));
    }
}

fn scroll(id: &str, position: ScrollLogicalPosition) {
    if let Some(element) = element(id) {
        move_to(&element, position);
    }
}

fn move_to(element: &Element, position: ScrollLogicalPosition) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(position);
    options.set_behavior(if reduced_motion() { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether the whole element is inside the window.
#[must_use]
pub fn is_visible(id: &str) -> bool {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    element(id).is_some_and(|element| {
        let place = element.get_bounding_client_rect();
        place.top() >= 0.0 && place.bottom() <= height
    })
}

/// Takes an element out of the page.
pub fn remove(id: &str) {
    if let Some(element) = element(id) {
        element.remove();
    }
}

/// The title of the tab. It lands in the history, in clear: never a person's name.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Where the links of what goes to paper lead, in its order: of the sheets made for it, of the page when there are none.
/// Paths of this site.
#[must_use]
pub fn printed_links() -> Vec<String> {
    let sheet = call(&document(), "querySelector", &[".print".into()]).is_ok_and(|sheet| sheet.is_truthy());
    let of = if sheet { ".print a" } else { "a" };
    let links = call(&document(), "querySelectorAll", &[of.into()]).unwrap_or_default();
    Array::from(&links).iter().filter_map(|link| get(&link, "pathname").as_string()).collect()
}

pub fn print() {
    // A browser without printing has no print dialog either: nothing to tell.
    let _ = call(&window(), "print", &[]);
}

#[must_use]
pub fn reduced_motion() -> bool {
    call(&window(), "matchMedia", &["(prefers-reduced-motion: reduce)".into()])
        .is_ok_and(|query| get(&query, "matches").is_truthy())
}

/// Puts a text on the clipboard; `false` when the browser refuses.
pub async fn copy(text: &str) -> bool {
    let clipboard = get(&window().navigator(), "clipboard");
    match call(&clipboard, "writeText", &[text.into()]).and_then(JsCast::dyn_into) {
        Ok(promise) => settled(promise).await.is_ok(),
        Err(_) => false,
    }
}

/// Hands a text to another application; `None`: this browser has no such thing, `Some(false)`: she changed her mind.
pub async fn share(title: &str, text: &str) -> Option<bool> {
    let what = object(&[("title", title.into()), ("text", text.into())]);
    let promise = call(&window().navigator(), "share", &[what.into()]).ok()?.dyn_into().ok()?;
    Some(settled(promise).await.is_ok())
}

/// Latitude and longitude of this device, asked of the person by the browser; `None`: refused, or not found in time.
pub async fn position() -> Option<(f64, f64)> {
    let geolocation = get(&window().navigator(), "geolocation");
    let promise = Promise::new(&mut |found, failed| {
        let options = object(&[("timeout", POSITION_MS.into()), ("maximumAge", POSITION_MS.into())]);
        if call(&geolocation, "getCurrentPosition", &[found.into(), failed.clone().into(), options.into()]).is_err() {
            // A promise nobody settles would wait for ever.
            let _ = failed.call0(&JsValue::UNDEFINED);
        }
    });
    let coordinates = get(&settled(promise).await.ok()?, "coords");
    Some((get(&coordinates, "latitude").as_f64()?, get(&coordinates, "longitude").as_f64()?))
}

/// A position older than that, or longer to come, serves nobody.
const POSITION_MS: u32 = 20_000;

const THEME: &str = "cardabelle-theme";

/// The chosen theme: `auto`, `clair`, `sombre` or `soleil`.
#[must_use]
pub fn theme() -> String {
    storage::get(THEME).unwrap_or_else(|| "auto".into())
}

/// Chooses a theme and shows it; `auto` follows the system.
pub fn set_theme(theme: &str) {
    let root = document().document_element().expect("a document has a root");
    if theme == "auto" {
        storage::forget(THEME);
        // Removing an attribute that is not there is no error.
        let _ = root.remove_attribute("data-theme");
    } else {
        storage::set(THEME, theme);
        let _ = root.set_attribute("data-theme", theme);
    }
}

/// Replaces the whole page by one message, when the application itself has stopped.
pub fn show_fatal(message: &str) {
    let Some(body) = document().body() else { return };
    body.set_text_content(None);
    if let Ok(paragraph) = document().create_element("p") {
        let _ = paragraph.set_attribute("role", "alert");
        let _ = paragraph.set_attribute("class", "fatal");
        paragraph.set_text_content(Some(message));
        let _ = body.append_child(&paragraph);
    }
}

/// Loads the page again.
pub fn reload() {
    let _ = call(&JsValue::from(window().location()), "reload", &[]);
}
