//! From a key to a verdict: what the key says, and what stands beside it.

use super::super::certificate::{self, Certificate};
use super::super::date::Date;
use super::{Flaw, Lock, quoted, read};
use crate::model::{Companion, Verdict};

/// The rule that finds the address of a Google service account.
pub const ADDRESS_RULE: &str = "google-service-account-address";

/// The verdict on a private key in any form, by itself and with what was found beside it.
pub fn check(text: &str, companions: &[Companion]) -> Verdict {
    judge(text, companions, Date::today())
}

pub(super) fn judge(text: &str, companions: &[Companion], today: Date) -> Verdict {
    let key = match read(text) {
        Ok(key) => key,
        Err(flaw @ Flaw::Unknown) => return Verdict::NotCheckable(flaw.to_string()),
        Err(flaw) => return Verdict::Malformed(flaw.to_string()),
    };
    let mut words = vec![key.words()];
    let public = key.public.as_ref();
    let certificates: Vec<Certificate> =
        beside(companions, certificate::RULE).filter_map(|text| Certificate::read(text).ok()).collect();
    let own = certificates.iter().find(|certificate| public.is_some() && certificate.key.as_ref() == public);
    words.extend(own.or(certificates.first()).map(|certificate| certificate.beside(public, today)));
    words.extend(beside(companions, ADDRESS_RULE).next().map(account));
    let words = words.join(", ");
    if matches!(key.lock, Lock::Absent(_)) { Verdict::Malformed(words) } else { Verdict::WellFormed(words) }
}

/// The texts of the companions that a rule found.
fn beside<'a>(companions: &'a [Companion], rule: &str) -> impl Iterator<Item = &'a str> {
    let found = companions.iter().filter(move |companion| companion.rule == rule);
    found.filter_map(|companion| std::str::from_utf8(companion.secret.expose()).ok())
}

/// A service account by its address, `name@project.iam.gserviceaccount.com`
/// (<https://cloud.google.com/iam/docs/service-account-types>). In parts, since a report masks the whole.
fn account(address: &str) -> String {
    let (name, host) = address.split_once('@').unwrap_or((address, ""));
    match host.strip_suffix(".iam.gserviceaccount.com") {
        Some(project) => format!("of the service account {} in the project {}", quoted(name), quoted(project)),
        None => format!("of the service account {}", quoted(name)),
    }
}

/// The verdict on the key of a Google service account: Google makes RSA keys in PKCS #8, never encrypted, and no others.
pub fn service_account(text: &str, companions: &[Companion]) -> Verdict {
    match read(text) {
        Ok(key) if key.lock != Lock::Open || !key.algorithm.as_deref().is_some_and(|name| name.ends_with("RSA")) => {
            Verdict::Malformed(Flaw::Inconsistent("its key is none that Google makes").to_string())
        }
        _ => check(text, companions),
    }
}
