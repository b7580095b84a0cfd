//! Caches: whatever happens to a repository, to rules, to settings or to the cache itself, a scan with a cache reports
//! what a scan without one does, byte for byte and in every format; and it scans less.

#[path = "../support/mod.rs"]
mod support;

mod audits;
mod changes;
mod damage;
mod random;
mod secrecy;
mod settings;
