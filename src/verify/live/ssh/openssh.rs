//! Private keys written in OpenSSH's own form, the one that every `ssh-add` reads: PROTOCOL.key of its sources,
//! <https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key>. The fields of each algorithm are those of the
//! messages of an agent (RFC 9987, section 3.2), and of appendix C.3 of PuTTY's manual.

use zeroize::Zeroizing;

/// An Ed25519 key.
pub fn of_ed25519(seed: &[u8], public: &[u8]) -> Zeroizing<Vec<u8>> {
    const ALGORITHM: &[u8] = b"ssh-ed25519";
    let mut blob = Vec::new();
    string(&mut blob, ALGORITHM);
    string(&mut blob, public);
    let pair = Zeroizing::new([seed, public].concat());
    file(&blob, &[ALGORITHM, public, &pair])
}

/// A key of which PuTTY keeps these two halves; `None` if their fields are not those of an algorithm that is known.
pub fn of_putty(public: &[u8], private: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (known, secret) = (fields(public)?, fields(private)?);
    Some(match (known.as_slice(), secret.as_slice()) {
        ([b"ssh-rsa", e, n], [d, p, q, iqmp]) => file(public, &[b"ssh-rsa", n, e, d, iqmp, p, q]),
        ([b"ssh-dss", p, q, g, y], [x]) => file(public, &[b"ssh-dss", p, q, g, y, x]),
        ([b"ssh-ed25519", point], [seed]) => of_ed25519(seed, point),
        ([name, curve, point], [d]) if name.starts_with(b"ecdsa-sha2-") => file(public, &[name, curve, point, d]),
        _ => return None,
    })
}

/// A file that is not encrypted: the public half as a blob, and the fields of the private one.
fn file(blob: &[u8], private: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    // Both are made larger than they get, so that no half-made copy is left behind.
    let length = private.iter().map(|field| field.len() + 4).sum::<usize>() + 32;
    let mut section = Zeroizing::new(Vec::with_capacity(length));
    // Twice the same number, which is random where something is encrypted.
    section.extend([0; 8]);
    private.iter().for_each(|field| string(&mut section, field));
    // The comment.
    string(&mut section, b"");
    let padding = section.len().next_multiple_of(8) - section.len();
    section.extend((1..).take(padding));

    let mut file = Zeroizing::new(Vec::with_capacity(length + blob.len() + 64));
    file.extend(b"openssh-key-v1\0");
    // Cipher, derivation and its options: none.
    string(&mut file, b"none");
    string(&mut file, b"none");
    string(&mut file, b"");
    file.extend(1u32.to_be_bytes());
    string(&mut file, blob);
    string(&mut file, &section);
    file
}

/// Appends a `string` of SSH (RFC 4251, section 5).
fn string(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend((bytes.len() as u32).to_be_bytes());
    to.extend(bytes);
}

/// The fields of a blob; numbers are strings, too, and are passed on as they are.
fn fields(mut blob: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = Vec::new();
    while !blob.is_empty() {
        let (length, rest) = blob.split_first_chunk()?;
        let (field, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        fields.push(field);
        blob = rest;
    }
    Some(fields)
}
