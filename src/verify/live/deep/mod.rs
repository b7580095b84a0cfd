//! Deep checks: does a login by a plain handshake still work?

pub mod amqp;
mod ber;
#[cfg(test)]
mod fake;
pub mod ldap;
mod login;
pub mod smtp;
mod text;

pub use login::{Login, Protocol, Tls};
