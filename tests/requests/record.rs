//! A request as it is recorded: what is always the same stands there as it was sent, and in place of what differs or is
//! not to be shown stand its name and what was done to it, `<secret>` or `<secret|base64>`. What is signed is checked
//! by other code than that which signed it.

use std::collections::BTreeSet;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};
use unspill::model::request::{Digest, Form, Http, Request as Asked, Setting, Step, Value};
use unspill::rules::template::Template;
use unspill::verify::live::client::USER_AGENT;
use unspill::verify::live::render::{Endpoints, server};
use unspill::verify::live::variables::{Text, Variables, json, percent, plain};
use unspill::verify::live::{Moment, question};

use super::credentials::templates;
use super::https::Request;
use super::keys;

/// Shorter values stand in too much that has nothing to do with them.
const SHORTEST: usize = 4;
/// What HTTP itself wants to be said, and what is the same for all.
const COMMON: [&str; 5] = ["host", "user-agent", "content-length", "connection", "transfer-encoding"];
const ACCEPT: &str = "application/json, */*;q=0.5";

/// Keeps two texts apart while names are put for values.
const APART: &str = "\u{1}";

/// What a request was made of, and when.
pub struct Made<'a> {
    pub step: &'a Step,
    pub provider: &'a str,
    pub variables: &'a Variables,
    /// Seconds since 1970 between which it was sent.
    pub between: (u64, u64),
}

/// Marks come out of the area that Unicode leaves to everybody's own use.
const FIRST_MARK: char = '\u{E000}';

/// Names for values.
#[derive(Default)]
struct Names(Vec<(String, String)>);

impl Names {
    fn add(&mut self, value: impl Into<String>, name: String) {
        let value = value.into();
        if value.len() >= SHORTEST && !self.0.iter().any(|(known, _)| *known == value) {
            self.0.push((value, name));
        }
    }

    /// Adds a value in all forms in which it may be sent.
    fn add_forms(&mut self, value: &str, name: &str) {
        self.add(value, format!("<{name}>"));
        let bytes = value.as_bytes();
        let behind = value.split_once("://").map(|(_, rest)| rest).filter(|_| name != "secret").unwrap_or_default();
        let host = &behind[..behind.find(['/', '?', '#', ':']).unwrap_or(behind.len())];
        for (form, text) in [
            ("host", host.to_ascii_lowercase()),
            ("percent", percent(value)),
            ("json", json(value)),
            ("lower", value.to_ascii_lowercase()),
            ("upper", value.to_ascii_uppercase()),
            ("base64", BASE64.encode(bytes)),
            ("base64url", BASE64URL_NOPAD.encode(bytes)),
            ("hex", HEXLOWER.encode(bytes)),
            ("sha256", HEXLOWER.encode(&Sha256::digest(bytes))),
        ] {
            self.add(text, format!("<{name}|{form}>"));
        }
    }

    /// Puts a mark in place of every value, the longest first: names would hold texts that are values, too.
    fn hide(&self, text: &str) -> String {
        let mut sorted: Vec<_> = self.0.iter().zip(FIRST_MARK..).collect();
        sorted.sort_by_key(|((value, _), _)| std::cmp::Reverse(value.len()));
        let mut hidden = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (length, mark) = match sorted.iter().find(|((value, _), _)| rest.starts_with(value.as_str())) {
                Some(((value, _), mark)) => (value.len(), *mark),
                None => (first.len_utf8(), first),
            };
            hidden.push(mark);
            rest = &rest[length..];
        }
        hidden
    }

    /// Puts names in place of marks.
    fn show(&self, hidden: &str) -> String {
        let name = |mark: char| (mark as usize).checked_sub(FIRST_MARK as usize).and_then(|at| self.0.get(at));
        hidden.chars().fold(String::new(), |mut shown, c| {
            match name(c) {
                Some((_, name)) => shown.push_str(name),
                None => shown.push(c),
            }
            shown
        })
    }
}

/// Writes down a request, in lines.
///
/// # Errors
/// What is wrong with it.
pub fn record(request: &Request, made: &Made<'_>) -> Result<String, String> {
    let Asked::Http(http) = &made.step.request else { return Err("is no HTTP request".to_owned()) };
    let mut names = Names::default();
    // The secret goes by that name where a part of it is all of it.
    let all = made.variables.iter();
    let (secret, others): (Vec<_>, Vec<_>) = all.partition(|(name, _)| *name == "secret");
    let (rules, parts): (Vec<_>, Vec<_>) = others.into_iter().partition(|(name, _)| name.contains('-'));
    secret.into_iter().chain(rules).chain(parts).for_each(|(name, value)| names.add_forms(value, name));
    let opened = opened(request, &names)?;
    let moment = moment(made, &opened);
    times(made.step, &moment, &mut names);
    settings(&made.step.set, made.variables, &moment, &mut names);
    if let Some(sign) = &http.sigv4 {
        let fill = |text: &str| made.variables.fill(text, &moment, plain).map_err(|doubt| doubt.text);
        let signature = sigv4(request, &fill(&sign.region)?, &fill(&sign.service)?, &fill(&sign.secret)?, &moment);
        names.add(signature, "<signature>".to_owned());
        names.add(moment.basic(), "<time>".to_owned());
        names.add(&moment.basic()[..8], "<day>".to_owned());
    }
    let host = host(http, made, &moment)?;
    let shown = names.show(&names.hide(&opened.replacen('\0', &host, 1)));
    Ok(shown.replacen(APART, "", 1))
}

/// A request in lines, in which `\0` is for the host; what is encoded as a whole is taken apart.
fn opened(request: &Request, names: &Names) -> Result<String, String> {
    if request.header("user-agent") != Some(USER_AGENT) {
        return Err(format!("has the User-Agent {:?}", request.header("user-agent")));
    }
    let mut lines = vec![format!("{} \0{}", request.method, request.target)];
    let mut headers: Vec<_> = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    headers.retain(|(name, value)| !COMMON.contains(&name.as_str()) && (name != "accept" || value.as_str() != ACCEPT));
    headers.sort();
    for (name, value) in headers {
        let pair = value.strip_prefix("Basic ").filter(|_| name == "authorization");
        let pair =
            pair.and_then(|pair| BASE64.decode(pair.as_bytes()).ok()).and_then(|pair| String::from_utf8(pair).ok());
        match pair {
            Some(pair) => lines.push(format!("{name}: Basic <base64 of {pair}>")),
            None => lines.push(format!("{name}: {value}")),
        }
    }
    if !request.body.is_empty() {
        lines.push(String::new());
        lines.push(request.text());
    }
    tokens(&names.hide(&lines.join("\n"))).map(|text| names.hide(&text))
}

/// Opens signed tokens.
fn tokens(text: &str) -> Result<String, String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let mut opened = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("eyJ") {
        let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
        opened.push_str(&rest[..start]);
        let token = &rest[start..end];
        rest = &rest[end..];
        match token {
            _ if token.matches('.').count() != 2 => opened.push_str(token),
            _ => {
                let (head, claims) = keys::read(token).ok_or("is not signed as it should be")?;
                opened.push_str(&format!("<token of {head} and {claims}>"));
            }
        }
    }
    opened.push_str(rest);
    Ok(opened)
}

/// The names of variables that have to do with time and chance, with what is added to them: `unix+60`.
fn times_of(step: &Step) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for text in templates(step) {
        let template = Template::parse(&text).expect("a template");
        for variable in template.variables() {
            if ["unix", "millis", "iso", "httpdate", "nonce"].contains(&variable.name.as_str()) {
                let plus = if variable.plus == 0 { String::new() } else { format!("+{}", variable.plus) };
                all.insert(format!("{}{plus}", variable.name));
            }
        }
    }
    all
}

fn time(name: &str, moment: &Moment) -> String {
    let text = Variables::default().fill(&format!("{{{{{name}}}}}"), moment, plain);
    text.expect("a time").to_string()
}

/// When, and with which nonce, a request was made: what fits it.
fn moment(made: &Made<'_>, known: &str) -> Moment {
    let times = times_of(made.step);
    assert!(!times.iter().any(|name| name.starts_with("millis")), "milliseconds would have to be looked for");
    let digits =
        |word: &&str| word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
    let nonce = known.split(|c: char| !c.is_ascii_alphanumeric()).find(digits).filter(|_| times.contains("nonce"));
    let nonce = nonce.and_then(|nonce| HEXLOWER.decode(nonce.as_bytes()).ok()).and_then(|nonce| nonce.try_into().ok());
    let at = |second: u64| Moment { millis: second * 1000, nonce: nonce.unwrap_or_default() };
    let (from, to) = made.between;
    let fits = |moment: &Moment| {
        let said = |name: &String| name != "nonce" && known.contains(&time(name, moment));
        times.iter().any(said) || known.contains(&moment.basic())
    };
    (from..=to).map(at).find(fits).unwrap_or_else(|| at(from))
}

fn times(step: &Step, moment: &Moment, names: &mut Names) {
    for name in times_of(step) {
        let value = time(&name, moment);
        names.add(value.clone(), format!("<{name}>"));
        names.add(percent(&value), format!("<{name}|percent>"));
    }
}

/// Works out what a step's own variables must be.
fn settings(settings: &[Setting], variables: &Variables, moment: &Moment, names: &mut Names) {
    let mut variables = variables.clone();
    for setting in settings {
        let fill = |text: &str| variables.fill(text, moment, plain).expect("all parts").to_string();
        let value = match &setting.value {
            Value::Text(text) => fill(text),
            Value::Hash { digest, text, form } => written(&hash(*digest, fill(text).as_bytes()), *form),
            Value::Hmac { digest, key, key_form, text, form } => {
                let key = fill(key);
                let key = match key_form {
                    Form::Text => key.into_bytes(),
                    Form::Hex => HEXLOWER.decode(key.to_ascii_lowercase().as_bytes()).expect("a key in hex"),
                    Form::Base64 => BASE64.decode(key.as_bytes()).expect("a key in base64"),
                    Form::Base64Url => BASE64URL_NOPAD.decode(key.as_bytes()).expect("a key in base64"),
                };
                written(&keyed(*digest, &key, fill(text).as_bytes()), *form)
            }
            // Opened and checked where it stands.
            Value::Jwt { .. } => continue,
        };
        if !matches!(setting.value, Value::Text(_)) {
            names.add(value.clone(), format!("<{}>", setting.name));
            names.add(percent(&value), format!("<{}|percent>", setting.name));
        }
        variables.set(setting.name.clone(), Text::new(value));
    }
}

fn written(bytes: &[u8], form: Form) -> String {
    match form {
        Form::Text => panic!("a hash is no text"),
        Form::Hex => HEXLOWER.encode(bytes),
        Form::Base64 => BASE64.encode(bytes),
        Form::Base64Url => BASE64URL_NOPAD.encode(bytes),
    }
}

fn hash(digest: Digest, text: &[u8]) -> Vec<u8> {
    match digest {
        Digest::Sha1 => Sha1::digest(text).to_vec(),
        Digest::Sha256 => Sha256::digest(text).to_vec(),
        Digest::Sha512 => Sha512::digest(text).to_vec(),
    }
}

fn keyed(digest: Digest, key: &[u8], text: &[u8]) -> Vec<u8> {
    fn made<M: Mac + KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
        let mac = <M as KeyInit>::new_from_slice(key).expect("keys of any length");
        mac.chain_update(text).finalize().into_bytes().to_vec()
    }
    match digest {
        Digest::Sha1 => made::<Hmac<Sha1>>(key, text),
        Digest::Sha256 => made::<Hmac<Sha256>>(key, text),
        Digest::Sha512 => made::<Hmac<Sha512>>(key, text),
    }
}

/// The signature that AWS would work out from what it got.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.
fn sigv4(request: &Request, region: &str, service: &str, secret: &str, moment: &Moment) -> String {
    let sha256 = |text: &[u8]| HEXLOWER.encode(&Sha256::digest(text));
    let authorization = request.header("authorization").unwrap_or_default();
    let signed =
        authorization.split("SignedHeaders=").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_default();
    let line = |name: &str| format!("{name}:{}\n", request.header(name).unwrap_or_default());
    let headers: String = signed.split(';').map(line).collect();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let canonical = format!("{}\n{path}\n{query}\n{headers}\n{signed}\n{}", request.method, sha256(&request.body));
    let (time, day) = (moment.basic(), moment.basic()[..8].to_owned());
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let message = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", sha256(canonical.as_bytes()));
    let parts = [&day, region, service, "aws4_request", &message];
    let first = format!("AWS4{secret}").into_bytes();
    HEXLOWER.encode(&parts.iter().fold(first, |key, part| keyed(Digest::Sha256, &key, part.as_bytes())))
}

/// Where a request goes if nobody names another server.
fn host(http: &Http, made: &Made<'_>, moment: &Moment) -> Result<String, String> {
    match server(http, made.provider, made.variables, &Endpoints::new(), moment) {
        // Apart, so that it does not become a part of some value that is a URL.
        Ok(server) => Ok(server.base().replacen("//", &format!("//{APART}"), 1)),
        Err(_) if http.url.starts_with('/') => Ok("https://<named by the user>".to_owned()),
        Err(doubt) => Err(doubt.text),
    }
}

/// The variables of a question, and what its steps took from answers.
pub fn variables(question: &question::Question, taken: &[(String, Text)]) -> Variables {
    let mut variables = question.variables.clone();
    taken.iter().for_each(|(name, value)| variables.set(name.clone(), value.clone()));
    variables
}
