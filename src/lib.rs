//! Finds credentials that were spilled into files, commits and streams, and says how sure it is and why.
//!
//! # The pipeline
//!
//! ```text
//!             blobs              matches, scored            findings             verdicts
//!  source ───────────▶  engine ─────────────────▶ findings ───────────▶ verify ───────────▶ report
//!  worktree, stdin,     prefilter, confirm,       group, fingerprint,   offline: checksums  text, JSON,
//!  archive, git         decode, pair, score       suppress, baseline    and structure       SARIF …
//!                                                                      live: providers
//!                 ╰──────────────────── scan: wires it, and nothing else does ─────────────────╯
//! ```
//!
//! Data flows one way. The engine does not know where bytes came from or that verification exists; a verifier does not
//! know how a match was found; a reporter only formats. [`model`] holds the nouns they share; `tests/layering.rs`
//! holds the arrows to that.
//!
//! # Recipes
//!
//! **Add a rule.** Write it into `rules/<provider>.toml` ([`rules::file`] names every key), with examples that must
//! match and examples that must not ([`rules::examples`] has their templates). `cargo run -- rules test
//! rules/<provider>.toml` tries them; the build takes the rule in.
//!
//! **Add a verifier.** Put the check of a token's structure under `verify/offline/token/`, name it in the table of
//! [`verify::offline`], and set `checksum = "<name>"` in the rules that it is for.
//!
//! **Ask a provider.** Write `[[rule.verify]]` into the rule ([`model::request`] names every part): no code is needed.
//! `tests/requests.rs` sends it to a server of its own; `SNAPSHOTS=overwrite` records what went over the wire.
//!
//! **Add a source.** Implement [`source::Source`]: hand every blob to a worker of the sink, with its
//! [`Origin`](model::Origin); report what cannot be read. Then a subcommand in `cli` makes one from arguments.
//!
//! **Add a reporter.** Implement [`report::Reporter`] in a file of its own and name it in
//! [`report::Format`]. It gets the whole [`Report`](model::Report) and may show of secrets only what is masked,
//! unless told otherwise.

#![forbid(unsafe_code)]

pub mod cli;
pub mod config;
pub mod engine;
pub mod findings;
pub mod model;
pub mod report;
pub mod rules;
pub mod scan;
pub mod source;
pub mod verify;
