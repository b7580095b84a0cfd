//! Settings: the flags of the command line that a configuration file may set too. A flag wins over the file.

use std::path::PathBuf;

use crate::model::Confidence;

/// What a file sets; `None` where it says nothing. Paths are resolved against the folder of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `--min-confidence`
    pub min_confidence: Option<Confidence>,
    /// `--strict-checksums`
    pub strict_checksums: Option<bool>,
    /// `--format`
    pub format: Option<String>,
    /// `--output`
    pub output: Option<PathBuf>,
    /// `--report`, each `FORMAT=PATH` or a path
    pub report: Option<Vec<String>>,
    /// `--baseline`
    pub baseline: Option<PathBuf>,
    /// `--rule`: ids, providers or tags
    pub rule: Option<Vec<String>>,
    /// `--skip-rule`: ids, providers or tags
    pub skip_rule: Option<Vec<String>>,
    /// `--jobs`, 1 or more
    pub jobs: Option<usize>,
    /// `--show-secrets`
    pub show_secrets: Option<bool>,
    /// `--exit-zero`
    pub exit_zero: Option<bool>,
    /// `--max-file-size`, in bytes
    pub max_file_size: Option<u64>,
    /// `--no-ignore`
    pub no_ignore: Option<bool>,
    /// `--follow`
    pub follow: Option<bool>,
    /// `--archive-depth`
    pub archive_depth: Option<usize>,
    /// `--color`
    pub color: Option<Color>,
    /// `false` for `--no-progress`
    pub progress: Option<bool>,
    /// `false` for `--ignore-allow-comments`
    pub allow_comments: Option<bool>,
    /// `false` for `--ignore-allow-files`
    pub allow_files: Option<bool>,
    /// `false` for `--no-messages`
    pub messages: Option<bool>,
    /// `false` for `--no-unreachable`
    pub unreachable: Option<bool>,
    /// `--first-parent`
    pub first_parent: Option<bool>,
}

impl Settings {
    /// Takes out what only the user may set, and names the keys.
    pub(super) fn distrust(&mut self) -> Vec<&'static str> {
        let mut dropped = Vec::new();
        if self.show_secrets.take() == Some(true) {
            dropped.push("show_secrets");
        }
        if self.output.take().is_some() {
            dropped.push("output");
        }
        if self.report.take().is_some() {
            dropped.push("report");
        }
        dropped
    }
}

/// When to style output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    Always,
    Never,
}
