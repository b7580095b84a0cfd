//! The public half of a key: what it is known by, and the one thing of it that may be shown.

use std::fmt;

use data_encoding::BASE64_NOPAD;
use sha2::{Digest, Sha256};

use super::bytes::{Reader, bit_length, magnitude};
use super::flaw::Flaw;

/// A public key, as numbers with their most significant byte first and without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    Dsa {
        p: Vec<u8>,
        q: Vec<u8>,
        g: Vec<u8>,
        y: Vec<u8>,
    },
    /// A point of an elliptic curve, encoded as SEC 1 does it.
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519([u8; 32]),
}

/// Elliptic curves that keys are made on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    /// Its usual name.
    pub name: &'static str,
    /// Its object identifier.
    pub oid: &'static str,
    /// Its name in SSH (RFC 5656), if it has one.
    pub ssh: Option<&'static str>,
    /// The length of a coordinate, in bytes.
    pub bytes: usize,
}

/// Curves by object identifier. Sources: RFC 5480 (NIST), SEC 2 (secp256k1), RFC 5639 (Brainpool), GB/T 33560 (SM2).
const CURVES: &[Curve] = &[
    curve("P-192", "1.2.840.10045.3.1.1", None, 24),
    curve("P-224", "1.3.132.0.33", None, 28),
    curve("P-256", "1.2.840.10045.3.1.7", Some("nistp256"), 32),
    curve("P-384", "1.3.132.0.34", Some("nistp384"), 48),
    curve("P-521", "1.3.132.0.35", Some("nistp521"), 66),
    curve("secp256k1", "1.3.132.0.10", None, 32),
    curve("brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", None, 32),
    curve("brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11", None, 48),
    curve("brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13", None, 64),
    curve("SM2", "1.2.156.10197.1.301", None, 32),
];

const fn curve(name: &'static str, oid: &'static str, ssh: Option<&'static str>, bytes: usize) -> Curve {
    Curve { name, oid, ssh, bytes }
}

impl Curve {
    /// The curve of an object identifier in dots and digits.
    pub fn by_oid(oid: &str) -> Option<Curve> {
        CURVES.iter().find(|curve| curve.oid == oid).copied()
    }

    /// The curve of a name as SSH writes it.
    pub fn by_ssh_name(name: &str) -> Option<Curve> {
        CURVES.iter().find(|curve| curve.ssh == Some(name)).copied()
    }

    /// Whether a point has the length that it must have on this curve (SEC 1, section 2.3.3).
    pub fn fits(self, point: &[u8]) -> bool {
        match point.first() {
            Some(4) => point.len() == 1 + 2 * self.bytes,
            Some(2 | 3) => point.len() == 1 + self.bytes,
            _ => false,
        }
    }
}

impl PublicKey {
    /// An RSA key of these numbers.
    pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        PublicKey::Rsa { modulus: magnitude(modulus).to_vec(), exponent: magnitude(exponent).to_vec() }
    }

    /// What OpenSSH shows of it: `SHA256:` and the base64 of the hash of its form in SSH (RFC 4253, section 6.6; RFC
    /// 5656, section 3.1; RFC 8709, section 4); `None` for keys that have no such form.
    pub fn fingerprint(&self) -> Option<String> {
        self.to_ssh().map(|blob| fingerprint(&blob))
    }

    fn to_ssh(&self) -> Option<Vec<u8>> {
        let mut blob = Vec::new();
        match self {
            PublicKey::Rsa { modulus, exponent } => {
                string(&mut blob, b"ssh-rsa");
                mpint(&mut blob, exponent);
                mpint(&mut blob, modulus);
            }
            PublicKey::Dsa { p, q, g, y } => {
                string(&mut blob, b"ssh-dss");
                [p, q, g, y].into_iter().for_each(|number| mpint(&mut blob, number));
            }
            PublicKey::Ec { curve, point } => {
                let name = curve.ssh.filter(|_| point.first() == Some(&4))?;
                string(&mut blob, format!("ecdsa-sha2-{name}").as_bytes());
                string(&mut blob, name.as_bytes());
                string(&mut blob, point);
            }
            PublicKey::Ed25519(point) => {
                string(&mut blob, b"ssh-ed25519");
                string(&mut blob, point);
            }
        }
        Some(blob)
    }

    /// The key of a form in SSH, with its algorithm; `None` for algorithms that are not known here.
    pub fn of_ssh(blob: &[u8]) -> Result<(&str, Option<Self>), Flaw> {
        let mut reader = Reader::new(blob, "public key of SSH");
        let algorithm = reader.name()?;
        let key = match algorithm {
            "ssh-rsa" => {
                let exponent = reader.mpint()?;
                PublicKey::rsa(reader.mpint()?, exponent)
            }
            "ssh-dss" => {
                let mut number = || reader.mpint().map(<[u8]>::to_vec);
                PublicKey::Dsa { p: number()?, q: number()?, g: number()?, y: number()? }
            }
            "ssh-ed25519" => PublicKey::Ed25519(reader.string()?.try_into().map_err(|_| reader.foreign())?),
            "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521" => {
                let curve = Curve::by_ssh_name(reader.name()?).ok_or(reader.foreign())?;
                let point = reader.string()?;
                if !curve.fits(point) {
                    return Err(reader.foreign());
                }
                PublicKey::Ec { curve, point: point.to_vec() }
            }
            _ => return Ok((algorithm, None)),
        };
        reader.end()?;
        Ok((algorithm, Some(key)))
    }
}

/// Algorithm and size: `2048-bit RSA`, `P-256`, `Ed25519`.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublicKey::Rsa { modulus, .. } => write!(f, "{}-bit RSA", bit_length(modulus)),
            PublicKey::Dsa { p, .. } => write!(f, "{}-bit DSA", bit_length(p)),
            PublicKey::Ec { curve, .. } => write!(f, "elliptic-curve ({})", curve.name),
            PublicKey::Ed25519(_) => f.write_str("Ed25519"),
        }
    }
}

/// OpenSSH's fingerprint of a public key in its form.
pub fn fingerprint(blob: &[u8]) -> String {
    format!("SHA256:{}", BASE64_NOPAD.encode(&Sha256::digest(blob)))
}

/// Appends a `string` of SSH.
pub fn string(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend((bytes.len() as u32).to_be_bytes());
    to.extend(bytes);
}

/// Appends an `mpint` of SSH that is not negative.
pub fn mpint(to: &mut Vec<u8>, number: &[u8]) {
    let number = magnitude(number);
    let sign = number.first().is_some_and(|first| first & 0x80 != 0);
    to.extend((number.len() as u32 + u32::from(sign)).to_be_bytes());
    to.extend(sign.then_some(0));
    to.extend(number);
}
