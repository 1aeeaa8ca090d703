//! The directory: what official files bring in, and the file that browsers keep.

pub mod communes;
pub mod import;
mod publish;
pub mod read;

pub use publish::{File, Publisher};
