//! Cardabelle in the browser: pages → ui and notebook → platform.

pub mod annuaire;
mod app;
pub mod notebook;
mod pages;
pub mod platform;
mod programmes;
mod route;
mod ui;

/// Takes the page over from the static first paint of `index.html`.
pub fn mount() {
    std::panic::set_hook(Box::new(|panic| {
        // The place in our source says nothing of anybody; the panic's own words might, so they are not shown.
        // The file's name only: its folder is the builder's.
        let place = panic.location().map(|at| {
            let file = at.file().rsplit(['/', '\\']).next().unwrap_or_default();
            format!(" (repère\u{a0}: {file}:{})", at.line())
        });
        platform::page::show_fatal(&format!(
            "L’application s’est arrêtée. Vos saisies enregistrées sont gardées sur cet appareil. \
             Rechargez la page pour continuer.{}",
            place.unwrap_or_default()
        ));
    }));
    platform::page::remove("loading");
    leptos::mount::mount_to_body(app::App);
}
