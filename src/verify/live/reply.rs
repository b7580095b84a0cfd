//! An answer, and what it means by the conditions of a step.

use std::borrow::Cow;
use std::cmp::Reverse;

use data_encoding::{BASE64, BASE64_NOPAD};
use regex_automata::meta::Regex;
use serde_json::Value as Json;

use super::variables::{Text, Variables, json, percent};
use crate::model::request::{Answer, Condition, Extract, Meaning, Step, Wanted};
use crate::model::{Cause, Details, Doubt};

/// The longest value that is reported of an answer, in characters.
const LONGEST_DETAIL: usize = 200;
/// The shortest value of a request that is masked where an answer repeats it, in bytes.
const SHORTEST_MASKED: usize = 6;

/// What a server answered.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: String,
    /// Whether there was more of the body.
    pub cut: bool,
}

/// What an answer comes to.
#[derive(Clone)]
pub enum Judgement {
    /// The credential works; this is told of it.
    Active(Details),
    /// It does not.
    Inactive,
    /// The next step will tell, with these variables.
    Next(Vec<(String, Text)>),
    /// It tells nothing.
    Unknown(Doubt),
}

impl Judgement {
    /// The kind of it.
    pub fn meaning(&self) -> Meaning {
        match self {
            Judgement::Active(_) => Meaning::Active,
            Judgement::Inactive => Meaning::Inactive,
            Judgement::Next(_) => Meaning::Next,
            Judgement::Unknown(_) => Meaning::Unknown,
        }
    }
}

impl From<&Answer> for Reply {
    fn from(answer: &Answer) -> Reply {
        Reply {
            status: answer.status,
            headers: answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
            body: answer.body.to_string(),
            cut: false,
        }
    }
}

/// Judges an answer; `variables` are what the request was made of, none of which is told in what comes out.
pub fn judge(step: &Step, reply: &Reply, variables: &Variables) -> Judgement {
    let read = Read { reply, json: serde_json::from_str(&reply.body).ok() };
    let any = |conditions: &[Condition]| conditions.iter().any(|condition| read.holds(condition));
    if any(&step.active) {
        let told = step.show.iter().filter_map(|(name, from)| Some((name.to_string(), read.extract(from)?)));
        let mut told: Details =
            told.map(|(name, value)| (name, presentable(&value, variables))).filter(|(_, v)| !v.is_empty()).collect();
        told.sort();
        return Judgement::Active(told);
    }
    if any(&step.inactive) {
        return Judgement::Inactive;
    }
    if any(&step.next) {
        let taken = step.take.iter().map(|(name, from)| Some((name.to_string(), Text::new(read.extract(from)?))));
        return match taken.collect() {
            Some(taken) => Judgement::Next(taken),
            None => {
                Judgement::Unknown(Doubt::new(Cause::UnexpectedBody, "its answer lacks what the next request needs"))
            }
        };
    }
    let all = step.active.iter().chain(step.inactive.iter()).chain(step.next.iter());
    Judgement::Unknown(read.doubt(all))
}

/// An answer, its body read as JSON if it is any.
struct Read<'a> {
    reply: &'a Reply,
    json: Option<Json>,
}

impl Read<'_> {
    fn holds(&self, condition: &Condition) -> bool {
        let body = self.reply.body.as_str();
        let status = self.status_fits(condition);
        let header = |(name, part): &(Cow<'_, str>, Cow<'_, str>)| {
            let part = part.to_ascii_lowercase();
            self.headers(name).any(|value| value.to_ascii_lowercase().contains(&part))
        };
        let json = |(path, wanted): &(Cow<'_, str>, Wanted)| {
            self.at(path).is_some_and(|value| match wanted {
                Wanted::Present => !value.is_null(),
                Wanted::Text(text) => value.as_str() == Some(text),
                Wanted::Number(number) => value.as_i64() == Some(*number),
                Wanted::Bool(wanted) => value.as_bool() == Some(*wanted),
            })
        };
        status
            && condition.header.iter().all(header)
            && condition.json.iter().all(json)
            && (condition.body.is_empty() || condition.body.iter().any(|text| body.contains(text.as_ref())))
            && !condition.without.iter().any(|text| body.contains(text.as_ref()))
    }

    fn status_fits(&self, condition: &Condition) -> bool {
        let status = self.reply.status;
        condition.status.is_empty() || condition.status.iter().any(|(first, last)| (*first..=*last).contains(&status))
    }

    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let wanted = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.reply.headers.iter().filter(wanted).map(|(_, value)| value.as_str())
    }

    /// What stands at a path of the JSON body.
    fn at(&self, path: &str) -> Option<&Json> {
        let mut value = self.json.as_ref()?;
        for key in path.split('.').filter(|key| !key.is_empty()) {
            value = match value {
                Json::Array(list) => list.get(key.parse::<usize>().ok()?)?,
                Json::Object(table) => table.get(key)?,
                _ => return None,
            };
        }
        Some(value)
    }

    fn extract(&self, from: &Extract) -> Option<String> {
        match from {
            Extract::Header(name) => self.headers(name).next().map(str::to_owned),
            Extract::Json(path) => self.at(path).and_then(scalar),
            Extract::Body(regex) => {
                let regex = Regex::new(regex).ok()?;
                let mut captures = regex.create_captures();
                regex.captures(&self.reply.body, &mut captures);
                captures.get_group(1).map(|span| self.reply.body[span.range()].to_owned())
            }
        }
    }

    /// Why it tells nothing; `conditions` are all that it could have met.
    fn doubt<'c>(&self, mut conditions: impl Iterator<Item = &'c Condition>) -> Doubt {
        let status = self.reply.status;
        let expected = conditions.any(|condition| self.status_fits(condition));
        match status {
            300..400 => Doubt::new(
                Cause::UnexpectedStatus,
                format!("its server points elsewhere (status {status}), which is not followed"),
            ),
            429 => Doubt::new(Cause::RateLimited, "its server wants fewer requests (status 429)"),
            500.. => Doubt::new(Cause::ServerError, format!("its server failed (status {status})")),
            _ if expected && self.reply.cut => {
                Doubt::new(Cause::UnexpectedBody, format!("its server answered at too great length (status {status})"))
            }
            _ if expected => Doubt::new(
                Cause::UnexpectedBody,
                format!(
                    "its server answered something unexpected (status {status}, but not the body that goes with it)"
                ),
            ),
            _ => Doubt::new(Cause::UnexpectedStatus, format!("its server answered with status {status}")),
        }
    }
}

/// A JSON value as text; a list of such with commas between them.
fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::Null | Json::Object(_) => None,
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        Json::Array(list) => Some(list.iter().filter_map(scalar).collect::<Vec<_>>().join(", ")),
    }
}

/// The forms in which a value goes over the wire, and may come back: as it is, escaped for a URL or for JSON, and in base64,
/// wherever in a longer text it began.
fn forms(value: &str) -> Vec<Text> {
    let encoded = (0..3).map(|before| {
        // Digits that depend on what stands before or behind are left out.
        let padded = [&b"\0\0"[..before], value.as_bytes()].concat();
        let digits = BASE64_NOPAD.encode(&padded[..padded.len() - padded.len() % 3]);
        digits.get(before.min(1) * 4..).unwrap_or_default().to_owned()
    });
    let plain = [value.to_owned(), percent(value), json(value), BASE64.encode(value.as_bytes())];
    let all = plain.into_iter().chain(encoded).filter(|form| form.len() >= SHORTEST_MASKED);
    all.map(Text::new).collect()
}

/// A value as it may be shown: on one line, of bounded length, and without anything that the request was made of.
fn presentable(value: &str, variables: &Variables) -> String {
    let mut text = value.to_owned();
    let secrets = variables.iter().map(|(_, value)| value.as_str()).filter(|value| value.len() >= SHORTEST_MASKED);
    let mut secrets: Vec<Text> = secrets.flat_map(forms).collect();
    // A value may be a part of another, the rest of which would stand there.
    secrets.sort_by_key(|secret| Reverse(secret.len()));
    for secret in secrets {
        if text.contains(secret.as_str()) {
            text = text.replace(secret.as_str(), "********");
        }
    }
    let words: Vec<&str> =
        text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    let line = words.join(" ");
    let mut shown: String = line.chars().take(LONGEST_DETAIL).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}
