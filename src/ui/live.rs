//! What is drawn anew when something that it reads changes.

use leptos::prelude::*;

/// Of one type whatever it draws: the code that follows what is read is then downloaded once, and not once for each view.
pub fn live<V: IntoAny>(draw: impl Fn() -> V + Send + 'static) -> AnyView {
    alike(Box::new(move || draw().into_any()))
}

fn alike(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || draw()).into_any()
}
