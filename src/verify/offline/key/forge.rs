//! Writers of keys for tests: what the readers read, built up from made-up numbers. Nothing secret is committed, and
//! no tool needs to be there.

use data_encoding::BASE64;

use super::bytes::magnitude;
use super::der::{INTEGER, OCTET_STRING, OID, SEQUENCE};
use super::product::product;
use super::public::{mpint, string};

/// `length` bytes, the same each time for a `seed`; the first and the last bit are set.
pub fn number(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        // xorshift64*, by Marsaglia and Vigna.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 56) as u8
    };
    let mut bytes: Vec<u8> = (0..length).map(|_| next()).collect();
    bytes[0] |= 0xc0;
    bytes[length - 1] |= 1;
    bytes
}

/// The numbers of an RSA key, of which only the product is true.
pub struct Rsa {
    pub n: Vec<u8>,
    pub e: Vec<u8>,
    pub d: Vec<u8>,
    pub p: Vec<u8>,
    pub q: Vec<u8>,
}

impl Rsa {
    /// A key of 2,048 bits.
    pub fn new() -> Self {
        let (p, q) = (number(1, 128), number(2, 128));
        Rsa { n: product(&p, &q), e: vec![1, 0, 1], d: number(3, 255), p, q }
    }

    /// In PKCS #1.
    pub fn pkcs1(&self) -> Vec<u8> {
        let numbers = [&[][..], &self.n, &self.e, &self.d, &self.p, &self.q, &[5], &[7], &[9]];
        sequence(&numbers.map(integer))
    }
}

/// An element of DER.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        short @ 0..=0x7f => bytes.push(short as u8),
        long => {
            bytes.push(0x82);
            bytes.extend((long as u16).to_be_bytes());
        }
    }
    bytes.extend(content);
    bytes
}

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

pub fn octets(content: &[u8]) -> Vec<u8> {
    element(OCTET_STRING, content)
}

pub fn bits(content: &[u8]) -> Vec<u8> {
    element(super::der::BIT_STRING, &[&[0], content].concat())
}

/// An integer that is not negative.
pub fn integer(number: &[u8]) -> Vec<u8> {
    let number = magnitude(number);
    let sign = number.first().is_none_or(|first| first & 0x80 != 0);
    element(INTEGER, &[if sign { &[0][..] } else { &[] }, number].concat())
}

pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = Vec::new();
    for arc in [arcs[0] * 40 + arcs[1]].iter().chain(&arcs[2..]) {
        let mut septets = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            septets.insert(0, 0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        content.extend(septets);
    }
    element(OID, &content)
}

/// A key of PKCS #8: an algorithm with its parameters, and the key.
pub fn pkcs8(algorithm: &str, parameters: &[u8], key: &[u8]) -> Vec<u8> {
    sequence(&[integer(&[]), sequence(&[oid(algorithm), parameters.to_vec()]), octets(key)])
}

/// Several `string`s of SSH.
pub fn strings(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    parts.iter().for_each(|part| string(&mut bytes, part));
    bytes
}

/// Several `mpint`s of SSH.
pub fn mpints(numbers: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    numbers.iter().for_each(|number| mpint(&mut bytes, number));
    bytes
}

/// In armor, 64 characters to a line.
pub fn armored(label: &str, headers: &str, body: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{headers}{}-----END {label}-----", lines(body))
}

/// Lines of 64 characters of base64.
pub fn lines(body: &[u8]) -> String {
    let text = BASE64.encode(body);
    text.as_bytes().chunks(64).map(|line| format!("{}\n", str::from_utf8(line).unwrap())).collect()
}
