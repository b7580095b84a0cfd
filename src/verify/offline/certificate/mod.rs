//! Certificates beside a key: whose they are, how long they are good for, and whether the key is theirs.
//!
//! A certificate is public and no finding by itself; a rule marks it as an identifier, and a key names that rule among
//! its companions. So a certificate in the same file comes along with the key, as a key id does with its secret.

use super::date::Date;
use super::key::{Armor, Curve, Der, Flaw, PublicKey, SET, context, quoted};

/// The rule that finds certificates.
pub const RULE: &str = "x509-certificate";

const WHAT: &str = "certificate";
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// What a certificate says of its holder (RFC 5280, section 4.1).
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The holder: the common name, or else the last part of the distinguished name that can be read.
    pub subject: String,
    /// The last day that it is good for.
    pub until: Date,
    /// The holder's key; `None` if its algorithm is not known here.
    pub key: Option<PublicKey>,
}

impl Certificate {
    /// Reads a certificate as it stands in a text.
    pub fn read(text: &str) -> Result<Self, Flaw> {
        let armor = Armor::open(text)?;
        let mut certificate = Der::document(&armor.body, WHAT)?;
        let mut signed = certificate.sequence()?;
        signed.optional(context(0))?;
        signed.integer()?;
        let _algorithm = signed.sequence()?;
        let _issuer = signed.sequence()?;
        let mut validity = signed.sequence()?;
        validity.element()?;
        let (tag, until) = validity.element()?;
        let until = day(tag, until).ok_or(validity.foreign())?;
        let subject = common_name(signed.sequence()?)?;
        let key = public_key(signed.sequence()?)?;
        Ok(Certificate { subject, until, key })
    }

    /// What it says about a private key that stands beside it.
    pub fn beside(&self, key: Option<&PublicKey>, today: Date) -> String {
        let subject = quoted(&self.subject);
        let whose = match (&self.key, key) {
            (Some(own), Some(key)) if own == key => format!("the key of the certificate nearby, for {subject}"),
            // The nearest certificate may well be its issuer's.
            (Some(_), Some(_)) => format!("near a certificate of another key, for {subject}"),
            _ => format!("near a certificate for {subject}"),
        };
        format!("{whose}, which {}", self.until.expiry(today))
    }
}

/// `YYMMDDHHMMSSZ` with years from 1950 to 2049, or `YYYYMMDDHHMMSSZ` (RFC 5280, section 4.1.2.5).
fn day(tag: u8, content: &[u8]) -> Option<Date> {
    let text = std::str::from_utf8(content).ok().filter(|text| text.is_ascii())?;
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, at) = match tag {
        UTC_TIME => {
            let short = number(0, 2)?;
            (if short < 50 { 2000 + short } else { 1900 + short }, 2)
        }
        GENERALIZED_TIME => (number(0, 4)?, 4),
        _ => return None,
    };
    Date::of(year, number(at, at + 2)?, number(at + 2, at + 4)?)
}

/// The common name (2.5.4.3) of a distinguished name, or its last part.
fn common_name(mut name: Der<'_>) -> Result<String, Flaw> {
    let mut last = String::new();
    while !name.is_empty() {
        let content = name.expect(SET)?;
        let mut attributes = name.within(content);
        while !attributes.is_empty() {
            let mut attribute = attributes.sequence()?;
            let kind = attribute.oid()?;
            let (_, value) = attribute.element()?;
            last = String::from_utf8_lossy(value).into_owned();
            if kind == "2.5.4.3" {
                return Ok(last);
            }
        }
    }
    Ok(last)
}

/// `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7).
fn public_key(mut info: Der<'_>) -> Result<Option<PublicKey>, Flaw> {
    let mut algorithm = info.sequence()?;
    let bits = info.bits()?;
    Ok(match algorithm.oid()?.as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
            let mut key = Der::document(bits, WHAT)?;
            let modulus = key.integer()?;
            Some(PublicKey::rsa(modulus, key.integer()?))
        }
        "1.2.840.10045.2.1" => algorithm
            .oid()
            .ok()
            .and_then(|oid| Curve::by_oid(&oid))
            .map(|curve| PublicKey::Ec { curve, point: bits.to_vec() }),
        "1.3.101.112" => bits.try_into().ok().map(PublicKey::Ed25519),
        _ => None,
    })
}
