//! Signing in through Pro Santé Connect, without any cookie: the browser keeps a secret, and shows its hash when it leaves
//! and the secret itself when it is back. What an address carried in between serves nobody else.

pub mod begin;
pub mod callback;
pub mod finish;

use std::sync::Arc;

use super::State;
use super::problem::{Answer, NOT_FOUND};
use crate::psc::Psc;

/// A hash and a secret are as long: 256 bits in hexadecimal.
const LENGTH: usize = 64;

fn configured(state: &State) -> Answer<Arc<Psc>> {
    state.psc.clone().ok_or(NOT_FOUND)
}

fn is_hex(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
