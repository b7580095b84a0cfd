//! The path that a match stands under, as evidence, and not as a blindfold: a secret in a test is still a secret.

use bstr::{BStr, ByteSlice};

use super::Score;
use crate::model::Rule;
use crate::model::rule::Detect;

/// Endings of files that hold configuration: a bare word there is a value and not a variable.
const CONFIGURATION: &str =
    ".env .ini .cfg .conf .config .properties .yml .yaml .toml .tfvars .netrc .npmrc .pypirc .tf .tfstate";
/// Endings of files that are made by programs and hold hashes rather than secrets.
const GENERATED: &str =
    ".lock package-lock.json go.sum .min.js .min.css .map .svg .po .pot .xlf .ipynb .snap .pbxproj .resx .cast";
/// Folders of tests.
const TESTS: &str = "test tests spec specs fixtures fixture testdata mock mocks __tests__ e2e t";
/// Folders of examples.
pub(super) const EXAMPLES: &str = "example examples sample samples";
/// Folders of documentation.
pub(super) const DOCS: &str = "doc docs documentation";

/// What a path tells of its file. Lists of words are separated by blanks.
pub(super) struct File {
    path: Vec<u8>,
}

impl File {
    /// The file at a path, without regard to case.
    pub fn at(path: &BStr) -> File {
        File { path: path.to_lowercase() }
    }

    /// Whether the path ends in one of these.
    pub fn ends(&self, endings: &str) -> bool {
        endings.split_ascii_whitespace().any(|ending| self.path.ends_with(ending.as_bytes()))
    }

    /// Whether a part of the path is one of these words.
    pub fn is_below(&self, words: &str) -> bool {
        self.parts().any(|part| words.split_ascii_whitespace().any(|word| part == word.as_bytes()))
    }

    /// Whether programs have made it.
    pub fn is_generated(&self) -> bool {
        self.ends(GENERATED)
    }

    /// Whether it holds configuration.
    pub fn is_configuration(&self) -> bool {
        let name = self.path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        self.ends(CONFIGURATION) || name.starts_with(b".env")
    }

    /// Whether it belongs to tests.
    pub fn is_test(&self) -> bool {
        let is_test =
            |part: &[u8]| part.starts_with(b"test_") || part.contains_str("_test.") || part.ends_with(b"-tests");
        self.parts().any(is_test) || self.is_below(TESTS)
    }

    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.path.split(|b| matches!(b, b'/' | b'!'))
    }
}

/// Adds what the path says. Only findings that rest on names are weighed: a token of distinctive form is what it is,
/// wherever it stands.
pub(super) fn weigh(path: &BStr, rule: &Rule, score: &mut Score) {
    if !matches!(rule.detect, Detect::Near { .. }) {
        return;
    }
    let file = File::at(path);
    if file.is_generated() {
        score.add(-25, "generated", "the file is made by a program");
    } else if file.is_configuration() {
        score.add(5, "configuration", "the file holds configuration");
    }
    if file.is_test() || file.is_below(EXAMPLES) || file.is_below(DOCS) {
        let wordy = score.reasons.iter().any(|r| r.name == "words");
        score.add(if wordy { -15 } else { -4 }, "trial", "the path is one of tests, examples or documentation");
    }
}
