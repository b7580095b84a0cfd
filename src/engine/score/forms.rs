//! Forms: what the rule set knows of how credentials look, as evidence about values that only a name makes a secret of.
//!
//! Two things speak against such a value. It *begins like* a token of distinctive form (`ghp_…`) and no rule for that form
//! has taken it: it is cut off, made up or of another kind. Or it is assigned to the name of a service, or stands near
//! one, whose keys the rules know, and they look otherwise. Neither needs a regex to be run: what has the form is found
//! by that form's own rule, and of two that take the same bytes the more specific stays.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind};

use crate::engine::confirm::is_service_name;
use crate::engine::stretch::Stretch;
use crate::model::rule::Detect;
use crate::model::{Rule, RuleIndex};
use crate::rules::{RuleSet, literals};

/// The shortest beginning that tells a token, in bytes.
const SHORTEST_HEAD: usize = 4;
/// Literals are no longer than this, in bytes.
const LONGEST_HEAD: usize = 16;
/// The shortest and the longest name of a service that is looked for, in bytes.
const NAME: Range<usize> = 4..25;

/// Of so many characters of a form, one may be off, and still tell that the form was meant.
const FEW: usize = 8;
/// However long the form, no more may be off than this.
const MOST_OFF: usize = 4;

/// Words that names of keys are made of, and no service.
const KINDS: &[&str] = &[
    "configuration",
    "subscription",
    "application",
    "credentials",
    "bootstrap",
    "discovery",
    "consumer",
    "password",
    "personal",
    "recovery",
    "security",
    "username",
    "account",
    "channel",
    "private",
    "service",
    "session",
    "storage",
    "access",
    "apikey",
    "client",
    "devops",
    "master",
    "public",
    "record",
    "secret",
    "shared",
    "spaces",
    "unseal",
    "admin",
    "cloud",
    "login",
    "oauth",
    "token",
    "vault",
    "auth",
    "hmac",
    "pass",
    "role",
    "sasl",
    "seed",
    "user",
    "api",
    "app",
    "bot",
    "key",
    "pat",
    "run",
    "sid",
    "tls",
    "url",
    "id",
];

/// Parts of heads that do not tell a token from a name.
const ORDINARY: &str = "api key app apk pat sdk test live secret private public access token user client auth pub prod org cli \
    production sandbox web dev int pri act sub";

/// Knows the forms of a rule set; learns them when it is first asked.
pub struct Forms {
    rules: RuleSet,
    tables: OnceLock<Tables>,
    /// By rule, each made when it is first asked for.
    shapes: Vec<OnceLock<Option<Shape>>>,
}

#[derive(Default)]
struct Tables {
    /// Literals that matches of patterns begin with, in lower case.
    heads: HashMap<Vec<u8>, Vec<RuleIndex>>,
    /// Names of services, in lower case, and the rules of their keys.
    services: HashMap<Vec<u8>, Vec<RuleIndex>>,
    /// The first three bytes of these names: most words begin otherwise.
    beginnings: HashSet<[u8; 3]>,
}

impl Forms {
    /// The forms of `rules`.
    pub fn new(rules: RuleSet) -> Self {
        Forms { tables: OnceLock::new(), shapes: (0..rules.len()).map(|_| OnceLock::new()).collect(), rules }
    }

    fn shape(&self, rule: RuleIndex) -> Option<&Shape> {
        self.shapes.get(rule.0 as usize)?.get_or_init(|| Shape::of(self.rules.get(rule))).as_ref()
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| {
            let mut tables = Tables::default();
            for (index, rule) in self.rules.iter() {
                match rule.detect {
                    Detect::Pattern { .. } if !rule.is_generic() => {
                        let heads = rule.literals.iter().filter(|l| l.lead == Some(0) && l.text.len() >= SHORTEST_HEAD);
                        for head in heads {
                            tables.heads.entry(head.text.as_bytes().to_vec()).or_default().push(index);
                        }
                    }
                    Detect::Near { .. } if !rule.identifier => {
                        for name in rule.literals.iter() {
                            let name = name.text.as_bytes();
                            tables.services.entry(name.to_vec()).or_default().push(index);
                            tables.beginnings.extend(name.first_chunk());
                        }
                    }
                    _ => {}
                }
            }
            tables
        })
    }

    /// What is wrong with a value that begins as only tokens do. `own` is the rule that took the value: its
    /// provider knows best.
    pub fn near_miss(&self, value: &[u8], own: &Rule) -> Option<Miss<'_>> {
        let start = value.get(..value.len().min(LONGEST_HEAD))?.to_ascii_lowercase();
        let heads = &self.tables().heads;
        let lengths = (SHORTEST_HEAD..=start.len()).rev();
        let rules = lengths.filter_map(|length| heads.get(&start[..length])).flatten();
        let others = rules.filter(|rule| self.rules.get(**rule).provider != own.provider);
        let misses = others
            .filter_map(|rule| Some(Miss { rule: self.rules.get(*rule), length: self.shape(*rule)?.begins(value)? }));
        // Where several forms have one head, the value may be of the one whose length it has.
        misses.max_by_key(|miss| (miss.length, std::cmp::Reverse(&miss.rule.id)))
    }

    /// The rule of a service that is named in `text`, of whose form `value` is a character or a few off: a little too
    /// short or too long, or with some that do not belong.
    pub fn off_by_few(&self, value: &[u8], text: &[u8]) -> Option<&Rule> {
        let lower = text.to_ascii_lowercase();
        let Tables { services, beginnings, .. } = self.tables();
        for start in 0..lower.len() {
            if start > 0 && lower[start - 1].is_ascii_alphabetic() && !text[start].is_ascii_uppercase() {
                continue;
            }
            if lower[start..].first_chunk().is_none_or(|first| !beginnings.contains(first)) {
                continue;
            }
            for length in NAME.start..NAME.end.min(lower.len() - start + 1) {
                let span = start..start + length;
                if let Some(rules) = services.get(&lower[span.clone()])
                    && is_service_name(text, &span)
                    && is_service(&text[span])
                {
                    let is_off = |rule: &&RuleIndex| self.shape(**rule).is_some_and(|shape| shape.is_off_by_few(value));
                    if let Some(rule) = rules.iter().find(is_off) {
                        return Some(self.rules.get(*rule));
                    }
                }
            }
        }
        None
    }
}

/// A value that begins like a token and is none.
pub struct Miss<'a> {
    /// Whose tokens begin so.
    pub rule: &'a Rule,
    /// How long it is.
    pub length: Length,
}

/// How long a value is against the tokens that it begins like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Length {
    /// Shorter than any of them.
    Short,
    /// One character longer than any of them.
    Long,
    /// As long as they are, or longer: of another alphabet, or of a kind that the rules do not know yet.
    Other,
}

/// What the secrets of a rule look like.
struct Shape {
    /// Distinctive texts of which each begins with one.
    heads: Vec<Vec<u8>>,
    /// Their least length and, if they have one, their greatest, in bytes.
    least: usize,
    most: Option<usize>,
    /// What all their bytes are.
    stretch: Option<Stretch>,
}

impl Shape {
    fn of(rule: &Rule) -> Option<Self> {
        let (Detect::Pattern { regex } | Detect::Near { regex }) = &rule.detect else { return None };
        let hir = literals::parse(regex).ok()?;
        let secret = secret(&hir)?;
        let heads = Extractor::new().extract(secret);
        let heads = heads.literals().unwrap_or_default().iter().map(|head| head.as_bytes());
        Some(Shape {
            heads: heads.filter(|head| is_distinctive(head)).map(<[u8]>::to_vec).collect(),
            least: secret.properties().minimum_len()?,
            most: secret.properties().maximum_len(),
            stretch: Stretch::all_of(secret),
        })
    }

    /// How long `value` is against the secrets, if it begins, to the letter, with a text that they begin with.
    fn begins(&self, value: &[u8]) -> Option<Length> {
        if !self.heads.iter().any(|head| value.starts_with(head)) {
            return None;
        }
        Some(match self.most {
            _ if value.len() < self.least => Length::Short,
            Some(most) if value.len() == most + 1 => Length::Long,
            _ => Length::Other,
        })
    }

    /// Whether a value is a few characters off: one in [`FEW`].
    fn is_off_by_few(&self, value: &[u8]) -> bool {
        let (Some(stretch), Some(most)) = (&self.stretch, self.most) else { return false };
        let off = self.least.saturating_sub(value.len()) + value.len().saturating_sub(most);
        let foreign = value.iter().filter(|byte| !stretch.set().contains(**byte)).count();
        (1..=(self.least / FEW).min(MOST_OFF)).contains(&(off + foreign))
    }
}

/// The group `secret` of a regex.
fn secret(hir: &Hir) -> Option<&Hir> {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some("secret") => Some(&capture.sub),
        HirKind::Capture(capture) => secret(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(secret),
        HirKind::Repetition(repetition) => secret(&repetition.sub),
        _ => None,
    }
}

/// True for beginnings that names and words do not have: `ghp_`, `xoxb-`, `AIza`, `3MVG9`; not `AKIA`, `test_` or `https:`.
fn is_distinctive(head: &[u8]) -> bool {
    let ordinary = |part: &[u8]| {
        let lower = part.to_ascii_lowercase();
        ORDINARY.split_ascii_whitespace().any(|word| word.as_bytes() == lower)
    };
    let is_mixed = head.iter().any(u8::is_ascii_digit)
        || (head.iter().any(u8::is_ascii_uppercase) && head.iter().any(u8::is_ascii_lowercase));
    let is_parted = head.iter().any(|b| matches!(b, b'_' | b'-' | b'.'));
    head.len() >= SHORTEST_HEAD
        && !head.contains(&b':')
        && (is_mixed || is_parted)
        && head.split(|b| !b.is_ascii_alphanumeric()).any(|part| part.len() >= 2 && !ordinary(part))
}

/// True if a name holds more than words for kinds of keys: `acme_api_key`, not `api_key`.
pub fn is_service(name: &[u8]) -> bool {
    let mut rest = name;
    let mut other = 0;
    while let [first, behind @ ..] = rest {
        let starts = |kind: &&&str| rest.get(..kind.len()).is_some_and(|s| s.eq_ignore_ascii_case(kind.as_bytes()));
        rest = match KINDS.iter().find(starts) {
            Some(kind) => &rest[kind.len()..],
            None => {
                other += u32::from(first.is_ascii_alphanumeric());
                behind
            }
        };
        if other >= 3 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::file::RawRule;

    #[test]
    fn heads_of_tokens_are_told_from_names() {
        for head in ["ghp_", "xoxb-", "AIza", "3MVG9", "sk_live_", "NRAK-", "dop_v1_", "hvs."] {
            assert!(is_distinctive(head.as_bytes()), "{head}");
        }
        for head in ["AKIA", "test_", "https://", "key-", "sk_", "private_key", "mysql"] {
            assert!(!is_distinctive(head.as_bytes()), "{head}");
        }
    }

    #[test]
    fn services_are_told_from_kinds_of_keys() {
        for name in ["acmecorp", "acme_api", "acme.io", "acmeclient"] {
            assert!(is_service(name.as_bytes()), "{name}");
        }
        for name in ["client_secret", "clientsecret", "access key secret", "account_sid", "channel_access_token"] {
            assert!(!is_service(name.as_bytes()), "{name}");
        }
    }

    fn rules(texts: &[&str]) -> Forms {
        let rules = texts.iter().map(|text| toml::from_str::<RawRule>(text).unwrap().build(Some("acme")).unwrap());
        Forms::new(RuleSet::new(rules))
    }

    const TOKEN: &str = "id = 'acme-token'\npattern = '(?<secret>acme_[0-9A-Za-z]{20})'";
    const KEY: &str = "id = 'acme-key'\nnear = ['acmecorp']\nvalue = '[0-9a-f]{32}'";
    const OWN: &str = "id = 'own'\nprovider = 'generic'\nassigned = ['token']";

    #[test]
    fn what_begins_like_a_token_and_is_none_is_told_by_its_length() {
        let forms = rules(&[TOKEN, OWN]);
        let own = forms.rules.find("own").unwrap().1;
        for (length, expected) in [(4, Length::Short), (19, Length::Short), (21, Length::Long), (40, Length::Other)] {
            let value = format!("acme_{}", "k9".repeat(20).split_at(length).0);
            assert_eq!(forms.near_miss(value.as_bytes(), own).map(|miss| miss.length), Some(expected), "{length}");
        }
        assert!(forms.near_miss(b"ACME_k9k9", own).is_none(), "case counts");
        assert!(forms.near_miss(b"other_k9k9", own).is_none());
    }

    #[test]
    fn values_a_few_characters_off_the_form_of_a_named_service_are_told() {
        let forms = rules(&[KEY]);
        let off = |value: &str, name: &str| forms.off_by_few(value.as_bytes(), name.as_bytes()).is_some();
        let digits = "0f".repeat(16);
        assert!(off(&digits[1..], "ACMECORP_API_KEY"), "too short");
        assert!(off(&format!("{digits}0"), "myAcmecorpKey"), "too long");
        assert!(off(&digits.replacen("0f", "0x", 2), "acmecorp.key"), "of another alphabet");
        assert!(!off(&digits, "ACMECORP_API_KEY"), "of the form");
        assert!(!off(&digits[..20], "ACMECORP_API_KEY"), "of quite another length");
        assert!(!off(&digits[1..], "PARACMECORPUS_KEY"), "another name");
    }
}
