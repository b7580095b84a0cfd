//! The ways in which MySQL and MariaDB want a password proven.
//!
//! Sources: <https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods.html>,
//! <https://mariadb.com/docs/server/reference/clientserver-protocol/1-connecting/connection>.

use ring::digest::{self, SHA1_FOR_LEGACY_USE_ONLY as SHA1, SHA256};
use zeroize::Zeroizing;

use crate::model::{Cause, Doubt};

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plugin {
    /// `mysql_native_password`: SHA-1.
    Native,
    /// `caching_sha2_password`: SHA-256, and the password itself where the server has forgotten what it needs.
    CachingSha2,
    /// `mysql_clear_password` and `sha256_password`: the password itself.
    Clear,
}

impl Plugin {
    /// The plugin of that name.
    ///
    /// # Errors
    ///
    /// If it is none of those.
    pub fn named(name: &str) -> Result<Plugin, Doubt> {
        Ok(match name {
            "mysql_native_password" => Plugin::Native,
            "caching_sha2_password" => Plugin::CachingSha2,
            "mysql_clear_password" | "sha256_password" => Plugin::Clear,
            "client_ed25519" | "parsec" | "dialog" | "auth_gssapi_client" | "authentication_ldap_sasl_client" => {
                return Err(Doubt::new(
                    Cause::NoRequest,
                    format!("the server asks for {name}, which is not spoken here"),
                ));
            }
            _ => {
                return Err(Doubt::new(
                    Cause::NoRequest,
                    "the server asks for a way to log in that is not spoken here",
                ));
            }
        })
    }

    /// The name by which the server is told of it.
    pub const fn name(self) -> &'static str {
        match self {
            Plugin::Native => "mysql_native_password",
            Plugin::CachingSha2 => "caching_sha2_password",
            Plugin::Clear => "mysql_clear_password",
        }
    }

    /// The answer to a challenge of 20 bytes. `safe` if the password itself may be sent.
    ///
    /// # Errors
    ///
    /// If it would have to be sent, and may not.
    pub fn answer(self, password: &[u8], challenge: &[u8], safe: bool) -> Result<Zeroizing<Vec<u8>>, Doubt> {
        let hash = |algorithm, parts: &[&[u8]]| digest::digest(algorithm, &Zeroizing::new(parts.concat()));
        let mixed = |a: digest::Digest, b: digest::Digest| {
            Zeroizing::new(a.as_ref().iter().zip(b.as_ref()).map(|(a, b)| a ^ b).collect::<Vec<u8>>())
        };
        Ok(match self {
            Plugin::Native => {
                let once = hash(&SHA1, &[password]);
                let twice = hash(&SHA1, &[once.as_ref()]);
                mixed(once, hash(&SHA1, &[challenge, twice.as_ref()]))
            }
            Plugin::CachingSha2 => {
                let once = hash(&SHA256, &[password]);
                let twice = hash(&SHA256, &[once.as_ref()]);
                mixed(once, hash(&SHA256, &[twice.as_ref(), challenge]))
            }
            Plugin::Clear if safe => clear(password),
            Plugin::Clear => return Err(wants_clear_text()),
        })
    }
}

/// The password itself, with the zero that ends it.
pub fn clear(password: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([password, b"\0"].concat())
}

/// The server wants to see the password.
pub fn wants_clear_text() -> Doubt {
    Doubt::new(Cause::Tls, "the server wants the password itself and offers no TLS")
}
