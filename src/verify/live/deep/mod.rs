//! Deep checks: does a login by a plain handshake still work?

pub mod amqp;
mod ber;
pub mod ldap;
pub mod smtp;
mod text;
