//! Sources: what they hand over, what they pass over, and what they complain about.

#[path = "../support/pack.rs"]
mod pack;
#[path = "../support/recorder.rs"]
mod recorder;

mod archives;
mod hostile;
mod pieces;
mod sniff;
mod stdin;
mod worktree;
