//! The path that a match stands under, as evidence, and not as a blindfold: a secret in a test is still a secret.

use bstr::{BStr, ByteSlice};

use super::Score;
use crate::model::Rule;
use crate::model::rule::Detect;

/// Endings of files that hold configuration: a bare word there is a value and not a variable.
const CONFIGURATION: &str = ".env .ini .cfg .conf .config .properties .yml .yaml .toml .tfvars .netrc .npmrc .pypirc";
/// Endings of files that are made by programs and hold hashes rather than secrets.
const GENERATED: &str = ".lock package-lock.json go.sum .min.js .min.css .map .svg .po .pot .xlf .ipynb .snap .pbxproj";
/// Folders and beginnings of names that hold examples.
const TRIALS: &str = "test tests spec specs fixtures fixture testdata mock mocks example examples sample samples docs doc __tests__ \
    e2e documentation t";

/// Adds what the path says. Only findings that rest on names are weighed: a token of distinctive form is what it is,
/// wherever it stands.
pub(super) fn weigh(path: &BStr, rule: &Rule, score: &mut Score) {
    if !matches!(rule.detect, Detect::Near { .. }) {
        return;
    }
    let lower = path.to_lowercase();
    let ends = |endings: &str| endings.split_ascii_whitespace().any(|e| lower.ends_with(e.as_bytes()));
    let name = lower.rsplit(|b| *b == b'/').next().unwrap_or_default();
    if ends(GENERATED) {
        score.add(-25, "generated", "the file is made by a program");
    } else if ends(CONFIGURATION) || name.starts_with(b".env") {
        score.add(5, "configuration", "the file holds configuration");
    }
    let is_trial = |part: &[u8]| {
        TRIALS.split_ascii_whitespace().any(|t| part == t.as_bytes())
            || part.starts_with(b"test_")
            || part.contains_str("_test.")
            || part.ends_with(b"-tests")
    };
    if lower.split(|b| matches!(b, b'/' | b'!')).any(is_trial) {
        let wordy = score.reasons.iter().any(|r| r.name == "words");
        score.add(if wordy { -15 } else { -4 }, "trial", "the path is one of tests, examples or documentation");
    }
}
