//! Sources: what they hand over, what they pass over, and what they complain about.

#[path = "../support/recorder.rs"]
mod recorder;

mod pieces;
mod sniff;
mod stdin;
mod worktree;
