//! PGP's secret keys: packets of OpenPGP (RFC 9580; version 5 as in LibrePGP's draft, of which only the public half is
//! read).

use data_encoding::HEXUPPER;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::armor::Armor;
use super::bytes::{Reader, bit_length, magnitude};
use super::description::{Key, Lock, quoted};
use super::flaw::Flaw;
use super::{pgp_secret, pkcs1};

const FORM: &str = "OpenPGP";
pub(super) const WHAT: &str = "OpenPGP key";

const SECRET_KEY: u8 = 5;
const SECRET_SUBKEY: u8 = 7;
const USER_ID: u8 = 13;

/// Reads the block: the first key, its subkeys and its owner.
pub fn read(armor: &Armor) -> Result<Key, Flaw> {
    if let Some(sum) = &armor.checksum
        && sum[..] != crc24(&armor.body).to_be_bytes()[1..]
    {
        return Err(Flaw::Inconsistent("its checksum is wrong"));
    }
    let mut reader = Reader::new(&armor.body, WHAT);
    let mut key: Option<Key> = None;
    let mut subkeys = Vec::new();
    let mut owner = None;
    while !reader.is_empty() {
        let (tag, content) = packet(&mut reader)?;
        match tag {
            SECRET_KEY if key.is_none() => key = Some(secret_key(content)?),
            SECRET_SUBKEY => subkeys.push(secret_key(content)?.lock),
            USER_ID if owner.is_none() => owner = Some(String::from_utf8_lossy(content).into_owned()),
            _ if key.is_none() => return Err(reader.foreign()),
            _ => {}
        }
    }
    let mut key = key.ok_or(Flaw::Empty)?;
    // A primary key that is kept elsewhere may leave subkeys of use behind.
    if matches!(key.lock, Lock::Absent(_))
        && let Some(present) = subkeys.iter().find(|lock| !matches!(lock, Lock::Absent(_)))
    {
        key.lock = present.clone();
        key.remarks.push("its primary key is elsewhere".to_owned());
    }
    key.remarks.extend(owner.map(|owner| format!("of {}", quoted(&owner))));
    match subkeys.len() {
        0 => {}
        1 => key.remarks.push("with a subkey".to_owned()),
        count => key.remarks.push(format!("with {count} subkeys")),
    }
    Ok(key)
}

/// The next packet's kind and content (RFC 9580, section 4.2). Partial and indeterminate lengths are for data, not keys.
fn packet<'a>(reader: &mut Reader<'a>) -> Result<(u8, &'a [u8]), Flaw> {
    let whole = reader.rest().len();
    let header = reader.byte()?;
    let (tag, length) = match header {
        0xc0.. => {
            let length = match reader.byte()? {
                short @ 0..192 => usize::from(short),
                long @ 192..224 => ((usize::from(long) - 192) << 8) + usize::from(reader.byte()?) + 192,
                255 => reader.u32()?,
                _ => return Err(reader.foreign()),
            };
            (header & 0x3f, length)
        }
        0x80.. => {
            let length = match header & 3 {
                0 => usize::from(reader.byte()?),
                1 => reader.u16()?,
                2 => reader.u32()?,
                _ => return Err(reader.foreign()),
            };
            ((header >> 2) & 0x0f, length)
        }
        _ => return Err(reader.foreign()),
    };
    let there = reader.rest().len();
    if length > there {
        return Err(Flaw::Truncated { wanted: length.saturating_add(whole - there), there: whole });
    }
    Ok((tag, reader.take(length)?))
}

/// A secret key or subkey: the public key's packet, and behind it the secret half (RFC 9580, section 5.5).
fn secret_key(content: &[u8]) -> Result<Key, Flaw> {
    let mut reader = Reader::new(content, WHAT);
    let version = reader.byte()?;
    reader.array::<4>()?;
    match version {
        // Version 3 and 2 have days of validity here.
        2 | 3 => reader.u16().map(|_| ())?,
        4 => {}
        5 | 6 => {}
        _ => return Err(reader.foreign()),
    }
    let algorithm = reader.byte()?;
    if version > 4 {
        reader.u32()?;
    }
    let public = material(algorithm, &mut reader)?;
    let length = content.len() - reader.rest().len();
    let mut key = Key::open(FORM, public.name);
    key.fingerprint = fingerprint(version, &content[..length]);
    if version == 5 {
        return Ok(Key { lock: Lock::Locked(String::new()), ..key }).map(|key| unread(key, &reader));
    }
    let (lock, numbers) = pgp_secret::read(&mut reader, version, algorithm)?;
    key.lock = lock;
    if let (Some([n, e]), [_d, p, q, ..]) = (public.rsa, &numbers[..]) {
        pkcs1::checked(n, e, p, q, true)?;
    }
    Ok(key)
}

/// A key of version 5, which tells right behind its public half whether it is encrypted.
fn unread(key: Key, reader: &Reader<'_>) -> Key {
    let lock = if reader.rest().first() == Some(&0) { Lock::Open } else { Lock::Locked(String::new()) };
    Key { lock, ..key }
}

/// The fingerprint of a public key's packet (RFC 9580, section 5.5.4); versions before 4 have one by MD5, which nobody
/// should go by any more.
fn fingerprint(version: u8, packet: &[u8]) -> Option<String> {
    let long = (packet.len() as u32).to_be_bytes();
    let digest = match version {
        4 => Sha1::new().chain_update([0x99]).chain_update(&long[2..]).chain_update(packet).finalize().to_vec(),
        5 => Sha256::new().chain_update([0x9a]).chain_update(long).chain_update(packet).finalize().to_vec(),
        6 => Sha256::new().chain_update([0x9b]).chain_update(long).chain_update(packet).finalize().to_vec(),
        _ => return None,
    };
    Some(HEXUPPER.encode(&digest))
}

/// The numbers of a public key.
struct Material<'a> {
    /// Algorithm and size.
    name: String,
    /// Modulus and exponent.
    rsa: Option<[&'a [u8]; 2]>,
}

/// Reads a public key's numbers (RFC 9580, section 9.1 and 5.5.5).
fn material<'a>(algorithm: u8, reader: &mut Reader<'a>) -> Result<Material<'a>, Flaw> {
    let mut rsa = None;
    let name = match algorithm {
        1..=3 => {
            let numbers = [mpi(reader)?, mpi(reader)?];
            rsa = Some(numbers);
            format!("{}-bit RSA", bit_length(numbers[0]))
        }
        16 => {
            let [p, _g, _y] = [mpi(reader)?, mpi(reader)?, mpi(reader)?];
            format!("{}-bit Elgamal", bit_length(p))
        }
        17 => {
            let [p, _q, _g, _y] = [mpi(reader)?, mpi(reader)?, mpi(reader)?, mpi(reader)?];
            format!("{}-bit DSA", bit_length(p))
        }
        18 | 19 | 22 => {
            let curve = curve(counted(reader)?);
            mpi(reader)?;
            if algorithm == 18 {
                counted(reader)?;
            }
            curve.map_or_else(|| "elliptic-curve".to_owned(), |name| format!("elliptic-curve ({name})"))
        }
        25 => fixed(reader, 32, "X25519")?,
        26 => fixed(reader, 56, "X448")?,
        27 => fixed(reader, 32, "Ed25519")?,
        28 => fixed(reader, 57, "Ed448")?,
        _ => return Err(reader.foreign()),
    };
    Ok(Material { name, rsa })
}

fn fixed(reader: &mut Reader<'_>, length: usize, name: &str) -> Result<String, Flaw> {
    reader.take(length)?;
    Ok(name.to_owned())
}

/// Bytes with their count in one byte before them.
fn counted<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Flaw> {
    let length = reader.byte()?;
    reader.take(usize::from(length))
}

/// A number with its count of bits in two bytes before it (RFC 9580, section 3.2). Some writers count leading zeros.
pub(super) fn mpi<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Flaw> {
    let bits = reader.u16()?;
    reader.take(bits.div_ceil(8)).map(magnitude)
}

/// Curves by the bytes of their object identifiers (RFC 9580, section 9.2).
fn curve(oid: &[u8]) -> Option<&'static str> {
    Some(match oid {
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7] => "P-256",
        [0x2b, 0x81, 4, 0, 0x22] => "P-384",
        [0x2b, 0x81, 4, 0, 0x23] => "P-521",
        [0x2b, 0x81, 4, 0, 0x0a] => "secp256k1",
        [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7] => "brainpoolP256r1",
        [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11] => "brainpoolP384r1",
        [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13] => "brainpoolP512r1",
        [0x2b, 6, 1, 4, 1, 0xda, 0x47, 15, 1] => "Ed25519",
        [0x2b, 6, 1, 4, 1, 0x97, 0x55, 1, 5, 1] => "Curve25519",
        _ => return None,
    })
}

/// The checksum behind a block's body (RFC 9580, section 6.1.1).
fn crc24(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x00b7_04ce, |mut crc, byte| {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4cfb;
            }
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_catalogue() {
        // CRC-24/OPENPGP, <https://reveng.sourceforge.io/crc-catalogue/all.htm>.
        assert_eq!(crc24(b"123456789"), 0x21_cf02);
    }
}
