//! Microsoft's keys: identifiable keys, common annotated keys and personal access tokens of Azure DevOps.
//!
//! Source of all three: the reference code in <https://github.com/microsoft/security-utilities>.

use super::bits::{self, BASE32, BASE64, BASE64URL};
use super::crc::{base62, crc32, digits};
use super::marvin::{marvin32, seed};

/// The signatures of identifiable keys, which stand right before the checksum, and the seeds in use with each.
const SIGNATURES: &[(&str, &[&[u8; 8]])] = &[
    ("+ASt", &[b"Default0"]),
    ("+ABa", &[b"AbAcct00"]),
    ("+ACR", &[b"ACRDflt0"]),
    ("+ASb", MESSAGING),
    ("+AEh", MESSAGING),
    ("+ARm", MESSAGING),
    ("ACDb", &[b"MastRW00", b"MastRO00", b"SystRW00", b"SystRO00", b"SysAll00", b"Resour00", b"Encryp00"]),
    ("AIoT", &[b"IoTHub00", b"Device00", b"DpsKey00"]),
    ("APIM", &[b"IoTHub00", b"Gatewy00", b"GitKey00", b"Tenant00"]),
    ("AzCa", &[b"Access00"]),
    ("AzFu", &[b"Functi00", b"Master00", b"System00"]),
    ("AzSe", &[b"Query000", b"PAdmin00"]),
];
const MESSAGING: &[&[u8; 8]] = &[b"Manage00", b"Send0000", b"Listen00", b"System00", b"Unknown0"];

/// Lengths of identifiable keys in characters, and where the checksum begins.
const LENGTHS: &[(usize, usize)] = &[(88, 80), (56, 48), (52, 46), (44, 37)];

/// Where the checksum of an identifiable key begins.
pub fn split(token: &str) -> Option<usize> {
    LENGTHS.iter().find(|(length, _)| *length == token.len()).map(|(_, at)| *at)
}

/// An identifiable key ends in the Marvin32 of all bytes before, as four bytes, little end first.
pub fn identifiable(body: &str) -> Vec<String> {
    let Some((length, _)) = LENGTHS.iter().find(|(_, at)| *at == body.len()) else { return Vec::new() };
    let Some((signature, seeds)) = SIGNATURES.iter().find(|(signature, _)| body.ends_with(signature)) else {
        return Vec::new();
    };
    let alphabet = if *signature == "AzFu" { BASE64URL } else { BASE64 };
    let sum = |name: &[u8; 8]| {
        let tail = bits::tail(body, alphabet, |bytes| marvin32(bytes, seed(name)).to_le_bytes().to_vec())?;
        let padding = "=".repeat(length - body.len() - tail.len());
        Some(tail + &padding)
    };
    seeds.iter().filter_map(|name| sum(name)).collect()
}

/// A common annotated key ends in three bytes (four in the long form) of the Marvin32 of the 60 bytes before: in
/// base 62, or base 64 in the older version.
pub fn annotated(body: &str) -> Vec<String> {
    let Some(bytes) = (body.len() == 80).then(|| bits::decode(body, BASE64)).flatten() else { return Vec::new() };
    let sum = marvin32(&bytes, seed(b"Default0")).to_le_bytes();
    let zeros = sum.iter().take_while(|&&b| b == 0).count().min(3);
    let number = "0".repeat(zeros) + &base62(u32::from_be_bytes(sum), 1);
    let six = format!("{number:0<6}");
    // The long form keeps only the bits of four whole bytes.
    let long = |text: &str| bits::decode(text, BASE64).map(|b| bits::encode(&b[..4], BASE64) + "==");
    let mut tails = vec![six[..4].to_owned(), bits::encode(&sum[..3], BASE64)];
    tails.extend(long(&six));
    tails.push(bits::encode(&sum, BASE64) + "==");
    tails
}

/// A client secret of Entra in its current form, `8Q~`, ends in the first three of six digits of the Marvin32 of all
/// before, written in an alphabet of 66 characters. The form before, `7Q~`, has no checksum.
pub fn entra(body: &str) -> Vec<String> {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    if body.len() != 37 || !body.bytes().all(|b| ALPHABET.contains(&b)) {
        return Vec::new();
    }
    vec![digits(marvin32(body.as_bytes(), seed(b"AadPwd00")), ALPHABET, 6)[..3].to_owned()]
}

/// `Some(true)` if a personal access token of Azure DevOps (52 characters) holds the CRC-32 of its other bytes, spread
/// over four of them; else `None`, for other issuers' masks may be in use.
pub fn devops(token: &str) -> Option<bool> {
    const PLACES: [usize; 4] = [22, 8, 7, 2];
    const MASKS: [u32; 2] = [0xe0b9_692d, 0x1019_f92e];
    if token.len() != 52 {
        return None;
    }
    let bytes = bits::decode(&token.to_ascii_uppercase(), BASE32)?;
    let bytes = bytes.get(..32)?;
    let rest: Vec<u8> = (0..32).filter(|i| !PLACES.contains(i)).map(|i| bytes[i]).collect();
    let held = u32::from_le_bytes(PLACES.map(|place| bytes[place]));
    MASKS.iter().any(|mask| crc32(&rest) ^ mask == held).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_devops_token_with_its_crc_in_place_is_right() {
        let mut bytes: Vec<u8> = (0..32).map(|i| i * 7 + 1).collect();
        let rest: Vec<u8> = (0..32).filter(|i| ![22, 8, 7, 2].contains(i)).map(|i| bytes[i]).collect();
        let sum = (crc32(&rest) ^ 0xe0b9_692d).to_le_bytes();
        for (place, byte) in [22, 8, 7, 2].into_iter().zip(sum) {
            bytes[place] = byte;
        }
        let token = bits::encode(&bytes, BASE32).to_ascii_lowercase();
        assert_eq!(token.len(), 52);
        assert_eq!(devops(&token), Some(true));
        assert_eq!(devops(&token.replacen(&token[..1], "z", 1)), None);
        assert_eq!(devops("short"), None);
    }

    /// The example of the reference code.
    #[test]
    fn the_published_client_secret_of_entra_holds() {
        let body = format!("{}8Q~{}", "z".repeat(3), "z".repeat(31));
        assert_eq!(entra(&body), ["blP"]);
        assert_eq!(entra(&body[1..]), [""; 0]);
    }

    #[test]
    fn every_form_of_an_annotated_key_is_known() {
        let body = "A".repeat(80);
        for tail in annotated(&body) {
            assert!(matches!(tail.len(), 4 | 8), "{tail}");
            assert_eq!(super::super::verify("azure-annotated", &format!("{body}{tail}")), Some(true));
        }
    }
}
