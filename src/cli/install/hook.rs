//! The hooks that can be installed: what git calls them, when it runs them, and what they run.

use clap::ValueEnum;

/// A hook of git's that looks for secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hook {
    /// Before each commit: what is staged
    PreCommit,
    /// Before each push: the commits that the other side lacks
    PrePush,
    /// Before each commit: its message
    CommitMsg,
}

impl Hook {
    /// All of them.
    pub const ALL: [Hook; 3] = [Hook::PreCommit, Hook::PrePush, Hook::CommitMsg];

    /// The name of its file.
    pub const fn file_name(self) -> &'static str {
        match self {
            Hook::PreCommit => "pre-commit",
            Hook::PrePush => "pre-push",
            Hook::CommitMsg => "commit-msg",
        }
    }

    /// What follows `unspill` on its command line.
    pub const fn arguments(self) -> &'static str {
        match self {
            Hook::PreCommit => "git --staged --hook",
            Hook::PrePush => "git --pre-push --hook",
            Hook::CommitMsg => "git --commit-msg \"$1\" --hook",
        }
    }

    /// What it can stop.
    pub const fn stops(self) -> &'static str {
        match self {
            Hook::PreCommit | Hook::CommitMsg => "commit",
            Hook::PrePush => "push",
        }
    }

    /// True if git tells it on standard input what it is about, so that a hook that reads it takes it from others.
    pub const fn reads(self) -> bool {
        matches!(self, Hook::PrePush)
    }
}
