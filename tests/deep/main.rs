//! Logins at real servers, run on loopback from temporary folders: a right credential is active, a wrong one is not, and
//! of a server that is gone nothing is known.
//!
//! A test whose server is not installed says so and passes, but not where `CI` is set.

#![cfg(feature = "deep")]

mod broker;
mod directory;
mod mail;
#[cfg(unix)]
mod mariadb;
#[cfg(unix)]
mod postgres;
mod redis;
mod server;
#[cfg(unix)]
mod ssh;
