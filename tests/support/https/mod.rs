//! Providers of the tests' own: HTTPS servers on loopback with a certificate authority made for the occasion, that
//! answer as well or as badly as a test wants and remember all that they were asked; and a proxy on the way to them.
//!
//! Test crates take it in by its path: `#[path = "support/https/mod.rs"] mod https;`.
#![allow(dead_code, unused_imports)]

pub mod authority;
pub mod client;
mod connection;
mod log;
pub mod message;
pub mod play;
pub mod proxy;
pub mod server;
mod streams;

pub use authority::{Authority, Identity};
pub use message::{Answer, Reply, Request};
pub use proxy::Proxy;
pub use server::{Manner, Server};
