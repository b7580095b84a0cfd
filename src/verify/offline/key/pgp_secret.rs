//! The secret half of a PGP key: in clear, encrypted in one of several ways, or not there at all (RFC 9580, sections
//! 3.7 and 5.5.3; for the ways of GnuPG "DETAILS" and `agent/protect.c` of its sources).

use super::bytes::Reader;
use super::description::Lock;
use super::flaw::Flaw;
use super::pgp::mpi;

/// Reads the secret half: how it is protected, and its numbers if it is not.
pub fn read<'a>(reader: &mut Reader<'a>, version: u8, algorithm: u8) -> Result<(Lock, Vec<&'a [u8]>), Flaw> {
    match reader.byte()? {
        0 => Ok((Lock::Open, in_clear(reader, version, algorithm)?)),
        usage @ 253..=255 => {
            if version == 6 {
                reader.byte()?;
            }
            let cipher = reader.byte()?;
            if usage == 253 {
                reader.byte()?;
            }
            if version == 6 && usage != 255 {
                reader.byte()?;
            }
            protected(reader, cipher).map(|lock| (lock, Vec::new()))
        }
        // Before there were ways to choose from: the cipher, and MD5 of the passphrase as its key.
        cipher => ciphertext(reader).map(|()| (Lock::Locked(format!("{}, MD5", cipher_name(cipher))), Vec::new())),
    }
}

/// Numbers, or bytes of a fixed length, and before version 6 the sum of their bytes behind them.
fn in_clear<'a>(reader: &mut Reader<'a>, version: u8, algorithm: u8) -> Result<Vec<&'a [u8]>, Flaw> {
    let secret = reader.rest();
    let numbers = match algorithm {
        1..=3 => vec![mpi(reader)?, mpi(reader)?, mpi(reader)?, mpi(reader)?],
        25 | 27 => vec![reader.take(32)?],
        26 => vec![reader.take(56)?],
        28 => vec![reader.take(57)?],
        _ => vec![mpi(reader)?],
    };
    if version < 6 {
        let read = &secret[..secret.len() - reader.rest().len()];
        let sum = read.iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        if reader.u16()? != usize::from(sum) {
            return Err(Flaw::Inconsistent("the checksum of its secret half is wrong"));
        }
    }
    reader.end()?;
    Ok(numbers)
}

/// From passphrase to key, and the ciphertext.
fn protected(reader: &mut Reader<'_>, cipher: u8) -> Result<Lock, Flaw> {
    let derivation = match reader.byte()? {
        0 => {
            reader.byte()?;
            "simple hash".to_owned()
        }
        1 => {
            reader.take(9)?;
            "salted hash".to_owned()
        }
        3 => {
            reader.take(9)?;
            let count = u32::from(reader.byte()?);
            // Section 3.7.1.3: the octets that are hashed.
            format!("hash of {} bytes", (16 + (count & 15)) << ((count >> 4) + 6))
        }
        4 => {
            reader.take(19)?;
            "Argon2".to_owned()
        }
        101 => return absent(reader),
        _ => return Err(reader.foreign()),
    };
    ciphertext(reader)?;
    Ok(Lock::Locked(format!("{}, {derivation}", cipher_name(cipher))))
}

/// What GnuPG writes of a key whose secret half it does not have.
fn absent(reader: &mut Reader<'_>) -> Result<Lock, Flaw> {
    reader.byte()?;
    match (&reader.array::<3>()?, reader.byte()?) {
        (b"GNU", 1) => Ok(Lock::Absent("a stub without its secret half")),
        (b"GNU", 2) => Ok(Lock::Absent("a stub whose secret half is on a smart card")),
        _ => Err(reader.foreign()),
    }
}

/// What cannot be read without the passphrase must at least be there: an initial vector, and more.
fn ciphertext(reader: &mut Reader<'_>) -> Result<(), Flaw> {
    reader.take(16).map(|_| ())
}

/// Ciphers by number (RFC 9580, section 9.3).
fn cipher_name(cipher: u8) -> String {
    match cipher {
        1 => "IDEA".to_owned(),
        2 => "3DES".to_owned(),
        3 => "CAST5".to_owned(),
        4 => "Blowfish".to_owned(),
        7 => "AES-128".to_owned(),
        8 => "AES-192".to_owned(),
        9 => "AES-256".to_owned(),
        10 => "Twofish".to_owned(),
        11..=13 => "Camellia".to_owned(),
        other => format!("cipher {other}"),
    }
}
