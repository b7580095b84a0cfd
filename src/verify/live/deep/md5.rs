//! MD5 (RFC 1321), for the logins that are still made with it. It is broken for everything else.

use data_encoding::HEXLOWER;
use md5::{Digest, Md5};

/// The digest of the parts, one after the other, in lower-case hexadecimal.
pub fn hex(parts: &[&[u8]]) -> String {
    let digest = parts.iter().fold(Md5::new(), |digest, part| digest.chain_update(part));
    HEXLOWER.encode(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn the_vectors_of_the_standard() {
        for (text, digest) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
        ] {
            assert_eq!(hex(&[text.as_bytes()]), digest, "{text}");
        }
        assert_eq!(hex(&[b"message", b" ", b"digest"]), "f96b697d7cb7938d525a2f31aaf161d0");
    }
}
