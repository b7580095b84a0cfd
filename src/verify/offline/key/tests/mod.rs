//! Keys that the tests make themselves, whole and broken.

mod armor;
mod certificate;
mod hostile;
mod openssh;
mod pem;
mod pgp;
mod putty;

use super::forge;
use super::{Flaw, read};

/// What is said of a whole key.
fn words(text: &str) -> String {
    match read(text) {
        Ok(key) => key.words(),
        Err(flaw) => panic!("{flaw}: {text}"),
    }
}

/// Why a text is no key.
fn flaw(text: &str) -> Flaw {
    read(text).expect_err("it is no key")
}
