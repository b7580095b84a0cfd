//! Keys on elliptic curves in their own form: `ECPrivateKey` (RFC 5915).

use super::der::{Der, OCTET_STRING, OID, context};
use super::description::Key;
use super::flaw::Flaw;
use super::public::{Curve, PublicKey};

/// Reads the key: a number and, mostly, the curve and the public point. `outer` is the curve where that is named
/// outside of the key.
pub fn read(der: &[u8], outer: Option<Field>, form: &'static str) -> Result<Key, Flaw> {
    let mut key = Der::document(der, "elliptic-curve key")?;
    if key.small()? != 1 {
        return Err(key.foreign());
    }
    let number = key.expect(OCTET_STRING)?;
    let own = match key.optional(context(0))? {
        Some(content) => Some(Field::read(&mut key.within(content))?),
        None => None,
    };
    let point = match key.optional(context(1))? {
        Some(content) => Some(key.within(content).bits()?),
        None => None,
    };
    key.end()?;
    let field = own.or(outer);
    let curve = match &field {
        Some(Field::Curve(curve)) => *curve,
        _ => {
            let name = if matches!(field, Some(Field::Other)) { "of its own" } else { "not named" };
            return Ok(Key::open(form, format!("elliptic-curve (curve {name})")));
        }
    };
    // Some writers leave leading zeros out.
    if number.len() > curve.bytes || number.iter().all(|byte| *byte == 0) {
        return Err(Flaw::Inconsistent("its number is none of its curve"));
    }
    let described = Key::open(form, format!("elliptic-curve ({})", curve.name));
    match point {
        Some(point) if !curve.fits(point) => Err(Flaw::Inconsistent("its public point is none of its curve")),
        Some(point) => Ok(described.with_public(PublicKey::Ec { curve, point: point.to_vec() })),
        None => Ok(described),
    }
}

/// What a key's parameters name (`ECParameters`, RFC 5480).
#[derive(Clone, Debug)]
pub enum Field {
    /// One of the known curves.
    Curve(Curve),
    /// Another, or one that is written out.
    Other,
}

impl Field {
    /// Reads the parameters, to the end of `der`.
    pub fn read(der: &mut Der<'_>) -> Result<Self, Flaw> {
        let mut named = *der;
        let (tag, _) = der.element()?;
        der.end()?;
        if tag != OID {
            return Ok(Field::Other);
        }
        Ok(Curve::by_oid(&named.oid()?).map_or(Field::Other, Field::Curve))
    }
}
