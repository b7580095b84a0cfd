//! Deep checks: does a login by a plain handshake still work?

pub mod amqp;
mod ber;
#[cfg(test)]
mod fake;
pub mod ldap;
pub mod smtp;
mod text;
