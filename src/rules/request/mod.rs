//! Reading `[[rule.verify]]` from TOML: how people write what a provider is asked, and how it becomes a [`Step`].
//!
//! The build script includes this file, so it may lean on the rule model and templates alone.

mod raw;
mod used;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::request::{
    Algorithm, Answer, Body, Condition, Digest, Extract, Form, Http, Meaning, Request, Setting, SigV4, Step, Value,
};
use crate::model::rule::{List, Str};
use crate::rules::template::{ALWAYS, Template};
use raw::{Many, RawAnswer, RawCondition, RawSetting};

pub use raw::RawStep;
pub use used::used;

/// Names that reports give to what a provider tells.
pub const SHOWN: [&str; 13] = [
    "account",
    "email",
    "expires",
    "key",
    "name",
    "organization",
    "permissions",
    "plan",
    "project",
    "scopes",
    "team",
    "url",
    "user",
];

/// Makes the steps of a rule.
///
/// # Errors
/// All faults, in words.
pub fn build(raw: &[RawStep]) -> Result<Vec<Step>, Vec<String>> {
    let mut faults = Vec::new();
    let mut known: BTreeSet<String> = ALWAYS.map(str::to_owned).into();
    let mut steps = Vec::new();
    for (index, one) in raw.iter().enumerate() {
        let mut maker = Maker { known: &mut known, faults: &mut faults };
        steps.extend(maker.step(one, index + 1 == raw.len()));
    }
    if faults.is_empty() { Ok(steps) } else { Err(faults) }
}

/// Makes one step; knows which variables there are so far.
struct Maker<'a> {
    known: &'a mut BTreeSet<String>,
    faults: &'a mut Vec<String>,
}

impl Maker<'_> {
    fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    fn step(&mut self, raw: &RawStep, last: bool) -> Option<Step> {
        if !raw.docs.starts_with("https://") {
            self.fault("`docs` is missing: name the page that documents the request");
        }
        if let Some(split) = &raw.split {
            self.groups(split);
        }
        let set: Vec<Setting> = raw.set.iter().filter_map(|one| self.setting(one)).collect();
        let request = match (&raw.url, &raw.login) {
            (Some(url), None) => Request::Http(self.http(raw, url)?),
            (None, Some(login)) => Request::Login(self.template("login", login)),
            _ => {
                self.fault("give either `url` or `login`");
                return None;
            }
        };
        let step = Step {
            docs: owned(&raw.docs),
            request,
            split: raw.split.as_deref().map(owned),
            set: set.into(),
            active: conditions(&raw.active),
            inactive: conditions(&raw.inactive),
            next: conditions(&raw.next),
            take: self.extracts("take", &raw.take),
            show: self.extracts("show", &raw.show),
            answers: raw.answers.iter().filter_map(|answer| self.answer(answer)).collect(),
        };
        self.outcomes(&step, last);
        for name in raw.show.keys().filter(|name| !SHOWN.contains(&name.as_str())) {
            self.fault(format!("`show`: `{name}` is none of {}", SHOWN.join(", ")));
        }
        raw.take.keys().for_each(|name| self.define(name));
        Some(step)
    }

    /// Whether there is a way to every outcome.
    fn outcomes(&mut self, step: &Step, last: bool) {
        if matches!(step.request, Request::Login(_)) {
            return;
        }
        if last && step.active.is_empty() {
            self.fault("the last step needs `active`");
        }
        if !last && step.next.is_empty() {
            self.fault("a step that others follow needs `next`");
        }
        let all = step.active.iter().chain(step.inactive.iter()).chain(step.next.iter());
        if all.clone().any(|condition| condition.status.is_empty()) {
            self.fault("every condition must name a `status`");
        }
    }

    fn http(&mut self, raw: &RawStep, url: &str) -> Option<Http> {
        let url_template = self.template("url", url);
        let (server, _) = split_url(url);
        if server.is_none() && !url.starts_with('/') {
            self.fault("`url` must begin with `https://`, or with `/` where only the user can know the server");
        }
        match (server.is_some_and(|server| server.contains("{{")), &raw.host) {
            (true, None) => self.fault("a host with a variable in it needs `host`: the regex that it must match"),
            (false, Some(_)) => self.fault("`host` is only for hosts with a variable in them"),
            (true, Some(host)) if !ends_in_domain(host) => {
                self.fault("`host` must end in a domain of the provider, as in `[a-z0-9-]+\\.example\\.com`");
            }
            _ => {}
        }
        if let Some(Err(error)) = raw.host.as_deref().map(regex_syntax::parse) {
            self.fault(format!("`host`: invalid regex: {error}"));
        }
        let body = match (&raw.form, &raw.json, &raw.body) {
            (None, None, None) => Body::None,
            (Some(form), None, None) => Body::Form(self.templates("form", form)),
            (None, Some(json), None) => Body::Json(self.template("json", json)),
            (None, None, Some(text)) => Body::Text(self.template("body", text)),
            _ => {
                self.fault("give only one of `form`, `json` and `body`");
                return None;
            }
        };
        let method = raw.method.as_deref().unwrap_or(if matches!(body, Body::None) { "GET" } else { "POST" });
        if !["GET", "HEAD", "OPTIONS", "POST", "PUT"].contains(&method) {
            self.fault(format!("`method`: `{method}` is none of GET, HEAD, OPTIONS, POST, PUT"));
        }
        Some(Http {
            method: owned(method),
            url: url_template,
            host: raw.host.as_deref().map(owned),
            own_servers: raw.own_servers,
            headers: self.templates("headers", &raw.headers),
            basic: raw.basic.as_deref().map(|basic| self.template("basic", basic)),
            body,
            sigv4: raw.sigv4.as_ref().map(|sign| SigV4 {
                service: self.template("sigv4.service", &sign.service),
                region: self.template("sigv4.region", &sign.region),
                id: self.template("sigv4.id", &sign.id),
                secret: self.template("sigv4.secret", &sign.secret),
                token: self.template("sigv4.token", &sign.token),
            }),
        })
    }

    /// A template whose variables are known.
    fn template(&mut self, field: &str, text: &str) -> Str {
        match Template::parse(text) {
            Err(what) => self.fault(format!("`{field}`: {what}")),
            Ok(template) => {
                let names = template.variables().map(|variable| variable.name.as_str());
                for name in names.filter(|name| !is_rule(name) && !self.known.contains(*name)) {
                    self.faults.push(format!(
                        "`{field}`: there is no variable `{name}`: variables are the secret, the ids of rules whose matches \
                         stand beside it, and what `split`, `set` and `take` make"
                    ));
                }
            }
        }
        owned(text)
    }

    fn templates(&mut self, field: &str, table: &BTreeMap<String, String>) -> List<(Str, Str)> {
        table.iter().map(|(name, text)| (owned(name), self.template(&format!("{field}.{name}"), text))).collect()
    }

    /// Takes the names of a regex's groups for variables.
    fn groups(&mut self, regex: &str) {
        match regex_syntax::parse(regex) {
            Err(error) => self.fault(format!("`split`: invalid regex: {error}")),
            Ok(hir) => {
                let mut names = BTreeSet::new();
                group_names(&hir, &mut names);
                if names.is_empty() {
                    self.fault("`split` has no named group that would be a variable");
                }
                self.known.extend(names);
            }
        }
    }

    fn setting(&mut self, raw: &RawSetting) -> Option<Setting> {
        let at = format!("set.{}", raw.name);
        let form = self.form(&at, raw.form.as_deref().unwrap_or("hex"))?;
        let value = match (&raw.hash, &raw.hmac, &raw.jwt) {
            (None, None, None) => Value::Text(self.template(&at, &raw.text)),
            (Some(hash), None, None) => {
                Value::Hash { digest: self.digest(&at, hash)?, text: self.template(&at, &raw.text), form }
            }
            (None, Some(hmac), None) => Value::Hmac {
                digest: self.digest(&at, hmac)?,
                key: self.template(&at, &raw.key),
                key_form: self.form(&at, raw.key_as.as_deref().unwrap_or("text"))?,
                text: self.template(&at, &raw.text),
                form,
            },
            (None, None, Some(jwt)) => Value::Jwt {
                algorithm: match jwt.as_str() {
                    "HS256" => Algorithm::Hs256,
                    "RS256" => Algorithm::Rs256,
                    "ES256" => Algorithm::Es256,
                    other => {
                        self.fault(format!("`{at}`: `{other}` is none of HS256, RS256, ES256"));
                        return None;
                    }
                },
                key: self.template(&at, &raw.key),
                head: self.template(&at, &raw.head),
                claims: self.template(&at, &raw.claims),
            },
            _ => {
                self.fault(format!("`{at}`: give only one of `hash`, `hmac` and `jwt`"));
                return None;
            }
        };
        self.define(&raw.name);
        Some(Setting { name: owned(&raw.name), value })
    }

    /// Makes a variable known.
    fn define(&mut self, name: &str) {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            self.fault(format!("`{name}`: names that a step gives consist of a-z, 0-9 and `_`"));
        }
        self.known.insert(name.to_owned());
    }

    fn digest(&mut self, at: &str, name: &str) -> Option<Digest> {
        let digest = match name {
            "sha1" => Digest::Sha1,
            "sha256" => Digest::Sha256,
            "sha512" => Digest::Sha512,
            _ => {
                self.fault(format!("`{at}`: `{name}` is none of sha1, sha256, sha512"));
                return None;
            }
        };
        Some(digest)
    }

    fn form(&mut self, at: &str, name: &str) -> Option<Form> {
        let form = match name {
            "text" => Form::Text,
            "hex" => Form::Hex,
            "base64" => Form::Base64,
            "base64url" => Form::Base64Url,
            _ => {
                self.fault(format!("`{at}`: `{name}` is none of text, hex, base64, base64url"));
                return None;
            }
        };
        Some(form)
    }

    fn extracts(&mut self, field: &str, table: &BTreeMap<String, String>) -> List<(Str, Extract)> {
        let mut all = Vec::new();
        for (name, text) in table {
            let extract = match text.split_once(' ').unwrap_or((text, "")) {
                ("json", path) => Extract::Json(owned(path)),
                ("header", header) => Extract::Header(owned(header)),
                ("body", regex) => {
                    if let Err(error) = regex_syntax::parse(regex) {
                        self.fault(format!("`{field}.{name}`: invalid regex: {error}"));
                    }
                    Extract::Body(owned(regex))
                }
                _ => {
                    self.fault(format!("`{field}.{name}`: use `json PATH`, `header NAME` or `body REGEX`"));
                    continue;
                }
            };
            all.push((owned(name), extract));
        }
        all.into()
    }

    fn answer(&mut self, raw: &RawAnswer) -> Option<Answer> {
        let means = match raw.is.as_str() {
            "active" => Meaning::Active,
            "inactive" => Meaning::Inactive,
            "next" => Meaning::Next,
            "unknown" => Meaning::Unknown,
            other => {
                self.fault(format!("`answers`: `{other}` is none of active, inactive, next, unknown"));
                return None;
            }
        };
        Some(Answer {
            means,
            status: raw.status,
            headers: pairs(&raw.headers),
            body: owned(&raw.body),
            show: pairs(&raw.show),
        })
    }
}

/// Whether a variable is named like a rule: those that steps make themselves have no hyphen.
pub fn is_rule(name: &str) -> bool {
    name.contains('-')
}

/// A url's server (host and port) and what follows; no server where it begins otherwise. A variable of a template, as in
/// `https://{{region?eu}}.example.com/`, is part of the server with all that stands in its braces.
pub fn split_url(url: &str) -> (Option<&str>, &str) {
    let Some(rest) = url.strip_prefix("https://") else { return (None, url) };
    let mut end = 0;
    loop {
        let text = &rest[end..];
        let stop = text.find(['/', '?', '#']).unwrap_or(text.len());
        match text[..stop].find("{{").and_then(|open| Some(open + text[open..].find("}}")? + 2)) {
            Some(close) => end += close,
            None => {
                end += stop;
                return (Some(&rest[..end]), &rest[end..]);
            }
        }
    }
}

/// Whether a regex for hosts ends in two labels or more that are no matter of choice, such as `\.example\.com`.
fn ends_in_domain(regex: &str) -> bool {
    let fixed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "\\.-|()?:".contains(c);
    let tail = &regex[regex.rfind(|c| !fixed(c)).map_or(0, |at| at + 1)..];
    let end = tail.rsplit("\\.").next().unwrap_or_default();
    tail.matches("\\.").count() >= 2 && end.len() >= 2
}

fn conditions(raw: &Many<RawCondition>) -> List<Condition> {
    raw.0
        .iter()
        .map(|one| Condition {
            status: one.status.0.iter().map(|status| (status.0, status.1)).collect(),
            header: pairs(&one.header),
            json: one.json.iter().map(|(path, wanted)| (owned(path), wanted.0.clone())).collect(),
            body: one.body.0.iter().map(|text| owned(text)).collect(),
            without: one.without.0.iter().map(|text| owned(text)).collect(),
        })
        .collect()
}

fn group_names(hir: &regex_syntax::hir::Hir, names: &mut BTreeSet<String>) {
    use regex_syntax::hir::HirKind;
    match hir.kind() {
        HirKind::Capture(capture) => {
            names.extend(capture.name.as_ref().map(|name| name.to_string()));
            group_names(&capture.sub, names);
        }
        HirKind::Repetition(repetition) => group_names(&repetition.sub, names),
        HirKind::Concat(all) | HirKind::Alternation(all) => all.iter().for_each(|one| group_names(one, names)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

fn owned(text: &str) -> Str {
    Cow::Owned(text.to_owned())
}

fn pairs(table: &BTreeMap<String, String>) -> List<(Str, Str)> {
    table.iter().map(|(name, text)| (owned(name), owned(text))).collect()
}
