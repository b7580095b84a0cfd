//! The way to a server: which addresses may be connected to, and how.
//!
//! The host of a request may come out of scanned text, that is from an attacker. So the rule is about addresses and not
//! about names, and it is applied to the very addresses that are then connected to: a name is looked up once.

pub mod address;
pub mod dial;
mod dns;
mod fault;
pub mod literal;
#[cfg(test)]
pub(in crate::verify::live) mod loopback;
pub mod resolve;
pub mod roots;
pub mod wire;

pub use address::forbidden;
pub use dial::Dialer;
pub use literal::literal;
pub use resolve::{Resolve, SystemResolver};
pub use roots::{Roots, RootsError};
pub use wire::Wire;
