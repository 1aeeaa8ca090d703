//! The browser's entry point; everything is in the library so that its tests run in a browser too.

fn main() {
    client::mount();
}
