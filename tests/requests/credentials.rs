//! Credentials to ask about, out of the rules' own examples: the same in every run and on every machine, but for the
//! few private keys that something has to be signed with.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use unspill::engine::{Engine, Scratch};
use unspill::model::request::{Algorithm, Body, Request, Step, Value};
use unspill::model::{Blob, Origin, Rule, Secret};
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;
use unspill::rules::request::is_rule;
use unspill::rules::template::Template;
use unspill::verify::live::question::{Credential, Known, steps};

use super::keys;

/// A credential of a rule, with all that its provider has to be told.
pub struct Sample {
    pub rule: Arc<Rule>,
    pub secret: Secret,
    /// Other parts, by the rules that find them.
    pub parts: Vec<(String, Secret)>,
}

impl Sample {
    pub fn credential(&self) -> Credential<'_> {
        self.with(&self.secret, self.parts.iter().map(|(_, part)| part))
    }

    /// The same with other values, those of the parts in their order.
    pub fn with<'a>(&'a self, secret: &'a Secret, parts: impl IntoIterator<Item = &'a Secret>) -> Credential<'a> {
        let known = |((rule, _), secret): (&'a (String, Secret), _)| Known { rule, secret, sure: true };
        Credential { rule: &self.rule, secret, parts: self.parts.iter().zip(parts).map(known).collect() }
    }

    fn has(&self, rule: &str) -> bool {
        self.parts.iter().any(|(name, _)| name == rule)
    }
}

/// The built-in rules.
pub fn rules() -> &'static RuleSet {
    engine().rules()
}

/// A credential for every rule with requests of its own, by the rules' ids.
pub fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let asked = rules().rules().iter().filter(|rule| asks_by_http(rule));
        let (samples, faults): (Vec<_>, Vec<_>) =
            asked.map(|rule| sample(rule).map_err(|what| format!("{}: {what}\n", rule.id))).partition(Result::is_ok);
        assert!(faults.is_empty(), "\n{}", faults.into_iter().filter_map(Result::err).collect::<String>());
        samples.into_iter().flatten().collect()
    })
}

/// Whether a rule has requests: some have a login in their place.
pub fn asks_by_http(rule: &Rule) -> bool {
    steps(rule).iter().any(|step| matches!(step.request, Request::Http(_)))
}

/// The credential of one rule: what its first example holds, completed with what the examples of other rules hold.
pub fn sample(rule: &Arc<Rule>) -> Result<Sample, String> {
    let rules = rules();
    let mut doubts = Vec::new();
    for template in rule.matching.iter() {
        let Some(mut sample) = found(rule, &expand(template)?) else { continue };
        sample.secret = keys::fit(rule, &sample.secret);
        for other in wanted(&sample, steps(rule)) {
            let (_, other) = rules.find(&other).ok_or_else(|| format!("there is no rule {other}"))?;
            sample.parts.push((other.id.to_string(), alone(other)?));
        }
        match sample.credential().question(rules) {
            Ok(_) => return Ok(sample),
            Err(doubt) => doubts.push(doubt.text),
        }
    }
    Err(format!("none of its examples can be asked about: {doubts:?}"))
}

/// The value that a rule finds in its own first example, whatever else may be needed with it.
pub fn alone(rule: &Arc<Rule>) -> Result<Secret, String> {
    let only = Rule { identifier: false, companions: Vec::new().into(), ..Rule::clone(rule) };
    let engine = Engine::new(RuleSet::new([only]));
    let texts = rule.matching.iter().filter_map(|template| expand(template).ok());
    let secret = texts.filter_map(|text| scan(&engine, &rule.id, &text)).map(|(secret, _)| secret).next();
    secret.map(|secret| keys::fit(rule, &secret)).ok_or_else(|| format!("{} finds none of its examples", rule.id))
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(RuleSet::builtin()))
}

fn found(rule: &Arc<Rule>, text: &str) -> Option<Sample> {
    let (secret, parts) = scan(engine(), &rule.id, text)?;
    Some(Sample { rule: Arc::clone(rule), secret, parts })
}

/// What a rule finds, and what stands beside it, the nearest first.
fn scan(engine: &Engine, id: &str, text: &str) -> Option<(Secret, Vec<(String, Secret)>)> {
    let blob = Blob::whole(text.as_bytes(), Origin::Stdin { name: "example".into() });
    let rules = engine.rules();
    let all = engine.scan(&blob, &mut Scratch::default());
    let one = all.into_iter().find(|one| rules.get(one.matched.rule).id == id)?;
    let matched = &one.matched;
    let secret = match &matched.decoded {
        Some(decoded) => Secret::new(decoded.text.get(decoded.secret.clone())?),
        None => Secret::new(text.as_bytes().get(matched.secret.clone())?),
    };
    let mut near: Vec<_> = one.companions.iter().collect();
    near.sort_by_key(|part| part.span.start.abs_diff(matched.secret.start));
    let part = |part: &unspill::engine::Part| {
        let bytes = part.decoded.as_deref().map(Vec::as_slice).or_else(|| text.as_bytes().get(part.span.clone()));
        Some((rules.get(part.rule).id.to_string(), Secret::new(bytes?)))
    };
    Some((secret, near.into_iter().filter_map(part).collect()))
}

/// The rules of those parts that a request needs and a sample lacks; of alternatives the first.
pub fn wanted(sample: &Sample, steps: &[Step]) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for text in steps.iter().flat_map(templates) {
        let template = Template::parse(&text).expect("a template");
        let parts: Vec<_> = template.variables().filter(|variable| is_rule(&variable.name)).collect();
        let lacking = |name: &str| !sample.has(name) && name != sample.rule.id;
        let needed = parts.iter().filter(|part| part.default.is_none()).map(|part| part.name.clone());
        wanted.extend(needed.filter(|name| lacking(name)));
        let choice: Vec<_> = parts.iter().filter(|part| part.default.is_some()).collect();
        if choice.iter().all(|part| lacking(&part.name)) {
            wanted.extend(choice.first().map(|part| part.name.clone()));
        }
    }
    wanted
}

/// All texts of a step that variables stand in.
pub fn templates(step: &Step) -> Vec<String> {
    let mut all: Vec<&str> = Vec::new();
    for setting in step.set.iter() {
        match &setting.value {
            Value::Text(text) | Value::Hash { text, .. } => all.push(text),
            Value::Hmac { key, text, .. } => all.extend([&**key, text]),
            Value::Jwt { key, head, claims, .. } => all.extend([&**key, head, claims]),
        }
    }
    let Request::Http(http) = &step.request else { return Vec::new() };
    all.push(&http.url);
    all.extend(http.headers.iter().map(|(_, value)| &**value));
    all.extend(http.basic.as_deref());
    match &http.body {
        Body::None => {}
        Body::Form(fields) => all.extend(fields.iter().map(|(_, value)| &**value)),
        Body::Json(text) | Body::Text(text) => all.push(text),
    }
    if let Some(sign) = &http.sigv4 {
        all.extend([&*sign.service, &sign.region, &sign.id, &sign.secret, &sign.token]);
    }
    all.into_iter().map(str::to_owned).collect()
}

/// How a rule signs tokens, if it does so with a private key.
pub fn signs_with(rule: &Rule) -> Option<Algorithm> {
    steps(rule).iter().flat_map(|step| step.set.iter()).find_map(|setting| match &setting.value {
        Value::Jwt { algorithm: Algorithm::Hs256, .. } => None,
        Value::Jwt { algorithm, .. } => Some(*algorithm),
        _ => None,
    })
}
