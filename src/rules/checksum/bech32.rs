//! Bech32, in which age writes its keys.
//!
//! Source: BIP 173, <https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki>.

const ALPHABET: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// The six characters of checksum behind a text in upper case: all before its last `1` is the human-readable part.
pub fn tails(body: &str) -> Vec<String> {
    checksum(&body.to_ascii_lowercase()).map(|tail| tail.to_ascii_uppercase()).into_iter().collect()
}

fn checksum(body: &str) -> Option<String> {
    let (readable, data) = body.rsplit_once('1')?;
    let mut values: Vec<u32> = readable.bytes().map(|b| u32::from(b >> 5)).collect();
    values.push(0);
    values.extend(readable.bytes().map(|b| u32::from(b & 31)));
    for c in data.bytes() {
        values.push(ALPHABET.iter().position(|&a| a == c)? as u32);
    }
    values.extend([0; 6]);
    let sum = polymod(&values) ^ 1;
    Some((0..6).map(|i| char::from(ALPHABET[(sum >> (5 * (5 - i)) & 31) as usize])).collect())
}

fn polymod(values: &[u32]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.iter().fold(1, |sum, value| {
        let top = sum >> 25;
        let sum = (sum & 0x01ff_ffff) << 5 ^ value;
        GENERATOR.iter().enumerate().filter(|(i, _)| top >> i & 1 == 1).fold(sum, |sum, (_, g)| sum ^ g)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Valid strings of BIP 173.
    #[test]
    fn the_vectors_of_bip_173_hold() {
        for valid in [
            "a12uel5l",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        ] {
            let (body, tail) = valid.split_at(valid.len() - 6);
            assert_eq!(checksum(body).as_deref(), Some(tail));
        }
    }

    #[test]
    fn a_foreign_character_has_no_checksum() {
        assert!(tails("AGE-SECRET-KEY-1B").is_empty());
        assert!(tails("no separator").is_empty());
    }
}
