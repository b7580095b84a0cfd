//! The claims of a token in words: issuer, audience, kind of subject, expiry (RFC 7519, section 4.1), and the few private
//! ones that tell how much it opens. Names of people stay out of it.

use serde_json::{Map, Value};

use super::super::date::Date;
use super::super::key::quoted;

/// The claims of one token.
pub struct Claims<'a>(pub &'a Map<String, Value>);

impl Claims<'_> {
    /// Whether they are what jwt.io fills in for everybody who has a look.
    pub fn are_of_jwt_io(&self) -> bool {
        self.text("sub") == Some("1234567890") && self.text("name") == Some("John Doe")
    }

    /// What they say, as clauses.
    pub fn words(&self, today: Date) -> Vec<String> {
        let mut words = Vec::new();
        words.extend(self.text("iss").map(|issuer| format!("issued by {}", quoted(issuer))));
        words.extend(self.audience().map(|audience| format!("for {audience}")));
        words.extend(self.subject().map(|subject| format!("acting as {subject}")));
        words.extend(self.text("role").map(|role| format!("with the role {}", quoted(role))));
        words.push(match self.0.get("exp") {
            None => "without an expiry".to_owned(),
            Some(time) => match date(time) {
                Some(date) => date.expiry(today),
                None => "with an expiry that is no time".to_owned(),
            },
        });
        words.extend(
            self.0.get("nbf").and_then(date).filter(|from| *from > today).map(|d| format!("valid from {d} on")),
        );
        words
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// One audience, or the first of several and how many more there are.
    fn audience(&self) -> Option<String> {
        match self.0.get("aud")? {
            Value::String(one) if !one.is_empty() => Some(quoted(one)),
            Value::Array(several) => {
                let first = quoted(several.first()?.as_str()?);
                Some(match several.len() - 1 {
                    0 => first,
                    more => format!("{first} and {more} more"),
                })
            }
            _ => None,
        }
    }

    /// What kind of subject it is, by the ways of the great issuers; not who.
    fn subject(&self) -> Option<String> {
        let subject = self.text("sub").unwrap_or_default();
        if let Some(account) = subject.strip_prefix("system:serviceaccount:") {
            return Some(format!("the Kubernetes service account {}", quoted(account)));
        }
        let application =
            ["idtyp", "gty"].iter().any(|name| matches!(self.text(name), Some("app" | "client-credentials")));
        if application || subject.ends_with("@clients") {
            return Some("an application".to_owned());
        }
        if subject.ends_with(".gserviceaccount.com") {
            return Some("a Google service account".to_owned());
        }
        if subject.starts_with("repo:") {
            return Some("a job of GitHub Actions".to_owned());
        }
        let person = ["email", "preferred_username", "given_name", "upn"].iter().any(|name| self.text(name).is_some());
        if person || subject.contains(['@', '|']) {
            return Some("a user".to_owned());
        }
        None
    }
}

/// A time in seconds since 1970, as a number or as its digits.
fn date(time: &Value) -> Option<Date> {
    let seconds = match time {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64))?,
        Value::String(digits) => digits.parse().ok()?,
        _ => return None,
    };
    Date::of_unix_time(seconds)
}
