//! Tokens: one file for each format, all in one manner: a function from the token's text to a verdict in words.
//!
//! A wrong checksum condemns a token only where the algorithm is published or confirmed on published samples. Where an
//! encoding cannot be read to its end, the token may as well be quoted shortened: that is said, and proves nothing.

pub mod age;
pub mod artifactory;
pub mod aws;
pub mod azure;
pub mod basic;
pub mod discord;
mod embedded;
pub mod gitlab;
pub mod grafana;
pub mod hash;
pub mod heroku;
mod macaroon;
pub mod mapbox;
pub mod nats;
pub mod onepassword;
pub mod pypi;
pub mod sentry;
pub mod slack;
pub mod stripe;
pub mod telegram;
pub mod vault;

use crate::model::Verdict;
use crate::rules::checksum;

/// The verdict of the checksum called `name`, with nothing else to tell.
pub fn summed(name: &str, token: &str) -> Verdict {
    match checksum::verify(name, token) {
        Some(true) => Verdict::WellFormed("its built-in checksum is right".to_owned()),
        Some(false) => Verdict::Malformed("its built-in checksum is wrong".to_owned()),
        None if !checksum::is_known(name) => Verdict::NotChecked,
        None if checksum::is_hearsay(name) => Verdict::NotCheckable(
            "its checksum does not hold, which proves nothing: how it is made is not confirmed".to_owned(),
        ),
        None => Verdict::NotCheckable("this form of it carries no checksum".to_owned()),
    }
}

/// A verdict with something to tell behind its reason.
fn telling(verdict: Verdict, what: Option<String>) -> Verdict {
    let Some(what) = what else { return verdict };
    let told = |why: String| format!("{why}; {what}");
    match verdict {
        Verdict::WellFormed(why) => Verdict::WellFormed(told(why)),
        Verdict::NotCheckable(why) => Verdict::NotCheckable(told(why)),
        other => other,
    }
}

/// What may be shown of a name that a token holds: printable ASCII of bearable length.
fn shown(name: &str) -> Option<&str> {
    let fine = (1..=80).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    fine.then_some(name)
}
