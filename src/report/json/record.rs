//! The record: one place where a finding's secret stands, with all that is known of the finding.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::facts;
use super::super::redact::Redactor;
use crate::model::{Companion, Finding, Occurrence, Suppression, Verdict};

/// One place where a secret stands. A finding with several places has as many records, with the same fingerprint.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Record {
    /// Path of the file, relative to the scanned folder or repository; `outer.zip!inner/path` for a member of an
    /// archive. Bytes that are no valid UTF-8 are replaced by U+FFFD.
    pub file: String,
    /// The exact bytes of the path in base64, only where `file` is not exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_bytes: Option<String>,
    /// First line, from 1.
    pub line: u64,
    /// Last line.
    pub end_line: u64,
    /// First column, from 1, in Unicode characters.
    pub column: u64,
    /// Column after the last character.
    pub end_column: u64,
    /// Offset of the first byte in the file.
    pub offset: u64,
    /// Id of the rule.
    pub rule: String,
    /// What kind of secret it is.
    pub description: String,
    /// How bad a leak of this kind is: `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// Tags of the rule.
    pub tags: Vec<String>,
    /// What an attacker can do with it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub risk: String,
    /// How to revoke it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub revoke: String,
    /// Where it should live instead.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub store: String,
    /// Page about this kind of credential.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The secret in clear, only with `--show-secrets`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The secret as it may be shown.
    pub secret_masked: String,
    /// The line that it stands on, cut to some hundred bytes; secrets masked unless `--show-secrets`.
    pub excerpt: String,
    /// What tells the finding from others across runs: `rule:path-hash:secret-hash`.
    pub fingerprint: String,
    /// How sure it is, 0 to 100.
    #[schemars(range(max = 100))]
    pub confidence: u8,
    /// The word for the confidence: `low`, `medium` or `high`.
    pub level: String,
    /// What makes up the confidence.
    pub reasons: Vec<Reason>,
    /// The other parts of a credential of several parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<Part>,
    /// Encodings that it was found under, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub encodings: Vec<String>,
    /// What verification says.
    pub verdict: Check,
    /// Id of the commit that brought it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Author of the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The author's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Author date, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Whether it still stands there at HEAD; only in histories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_head: Option<bool>,
    /// True if no ref reaches it; left out otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreachable: bool,
    /// Why it is not to be acted on; only in `suppressed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppression: Option<Allowed>,
}

/// One piece of evidence for or against a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reason {
    /// Stable name in kebab case.
    pub name: String,
    /// What it adds to the confidence, or takes from it.
    pub points: i32,
    /// The evidence in words.
    pub text: String,
}

/// Another part of the same credential.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Part {
    /// Id of the rule that found it.
    pub rule: String,
    /// The line that it begins on, from 1.
    pub line: u64,
    /// The line that it ends on, from 1.
    pub end_line: u64,
    /// The part in clear, only with `--show-secrets`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The part as it may be shown.
    pub secret_masked: String,
}

/// What verification says of a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Check {
    /// `not-checked` (it may well be active), `well-formed`, `malformed`, `not-checkable`, `not-a-secret`, `active`,
    /// `inactive` or `unknown`.
    pub status: String,
    /// How that was seen, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it is `unknown`, in one word: `no-request`, `incomplete`, `elsewhere`, `blocked`, `dns`, `connect`, `tls`, `timeout`,
    /// `rate-limited`, `server-error`, `unexpected-status`, `unexpected-body`, `deadline` or `interrupted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What the provider tells of an active one: `user`, `scopes`, `expires` and the like.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

/// Why a finding is known and allowed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Allowed {
    /// `comment`, `ignore-file`, `allowlist` or `baseline`.
    pub kind: String,
    /// Why, in words.
    pub justification: String,
}

/// The records of some findings, one for each place.
pub(super) fn records<'a>(findings: &'a [Finding], redactor: &'a Redactor<'a>) -> impl Iterator<Item = Record> + 'a {
    findings.iter().flat_map(move |finding| finding.occurrences.iter().map(move |o| record(finding, o, redactor)))
}

fn record(finding: &Finding, occurrence: &Occurrence, redactor: &Redactor<'_>) -> Record {
    let path = facts::path(&occurrence.origin);
    let commit = facts::commit(occurrence);
    Record {
        file: path.to_string(),
        file_bytes: std::str::from_utf8(&path).is_err().then(|| BASE64.encode(&path)),
        line: occurrence.place.line,
        end_line: occurrence.place.end_line,
        column: occurrence.place.column,
        end_column: occurrence.place.end_column,
        offset: occurrence.place.offset,
        rule: finding.rule.id.to_string(),
        description: finding.rule.description.to_string(),
        severity: finding.rule.severity.to_string(),
        tags: finding.rule.tags.iter().map(|tag| tag.to_string()).collect(),
        risk: finding.rule.risk.to_string(),
        revoke: finding.rule.revoke.to_string(),
        store: finding.rule.store.to_string(),
        docs: finding.rule.docs.to_string(),
        secret: redactor.exposed(&finding.secret),
        secret_masked: finding.secret.masked(),
        excerpt: redactor.excerpt(&occurrence.excerpt).text,
        fingerprint: finding.fingerprint.to_string(),
        confidence: finding.confidence.get(),
        level: finding.confidence.level().to_string(),
        reasons: finding.reasons.iter().map(reason).collect(),
        companions: finding.companions.iter().map(|c| part(c, redactor)).collect(),
        encodings: occurrence.chain.iter().map(|e| e.as_str().to_owned()).collect(),
        verdict: check(&finding.verdict, redactor),
        commit: commit.map(|c| c.id.to_string()),
        author: commit.map(|c| c.author.clone()),
        email: commit.map(|c| c.email.clone()),
        date: commit.map(|c| c.date.clone()),
        at_head: occurrence.at_head,
        unreachable: occurrence.unreachable,
        suppression: finding.suppression.as_ref().map(|s| allowed(s, redactor)),
    }
}

pub(in crate::report) fn reason(reason: &crate::model::Reason) -> Reason {
    Reason { name: reason.name.to_owned(), points: reason.points, text: reason.text.to_string() }
}

pub(in crate::report) fn part(companion: &Companion, redactor: &Redactor<'_>) -> Part {
    Part {
        rule: companion.rule.clone(),
        line: companion.line,
        end_line: companion.end_line,
        secret: redactor.exposed(&companion.secret),
        secret_masked: companion.secret.masked(),
    }
}

pub(in crate::report) fn check(verdict: &Verdict, redactor: &Redactor<'_>) -> Check {
    let Check { status, reason, cause, details } = Check::from(verdict);
    let shown = |text: String| redactor.text(&text).into_owned();
    let details = details.into_iter().map(|(name, value)| (name, shown(value))).collect();
    Check { status, reason: reason.map(shown), cause, details }
}

impl From<&Verdict> for Check {
    fn from(verdict: &Verdict) -> Check {
        let cause = match verdict {
            Verdict::Unknown(doubt) => Some(doubt.cause.as_str().to_owned()),
            _ => None,
        };
        Check {
            status: verdict.as_str().to_owned(),
            reason: verdict.reason().map(str::to_owned),
            cause,
            details: verdict.details().iter().cloned().collect(),
        }
    }
}

fn allowed(suppression: &Suppression, redactor: &Redactor<'_>) -> Allowed {
    let justification = redactor.text(&suppression.justification()).into_owned();
    Allowed { kind: suppression.kind().to_owned(), justification }
}
