//! Shapes: what a value is by the look of it, where it is no secret: code, a host, a number, a hash, a constant's name.

use std::ops::Range;

use data_encoding::BASE64_NOPAD;

use super::language;
use super::placeholder;

/// The letters and digits of a text, in lower case.
pub fn letters(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
}

/// Ends of names of hosts that values which are none do not have by chance.
const DOMAINS: &str = "com net org io dev app cloud internal local localhost svc edu gov de uk fr eu us cn ru jp";

/// True for names of hosts, with a port or without: `db-1.example.com:5432`.
pub fn is_host(value: &[u8]) -> bool {
    let name = match value.iter().rposition(|b| *b == b':') {
        Some(colon) if value[colon + 1..].iter().all(u8::is_ascii_digit) => &value[..colon],
        _ => value,
    };
    let mut labels = name.split(|b| *b == b'.');
    let is_label = |l: &[u8]| !l.is_empty() && l.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    let is_domain = |l: &[u8]| DOMAINS.split_ascii_whitespace().any(|domain| domain.as_bytes() == l);
    name.contains(&b'.') && labels.clone().next_back().is_some_and(is_domain) && labels.all(is_label)
}

pub fn has(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// True for decimal and hexadecimal numbers, versions, object identifiers and dates.
pub fn is_number(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"0x").filter(|rest| rest.len() <= 16);
    digits.is_some_and(|rest| rest.iter().all(u8::is_ascii_hexdigit))
        || value.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'+'))
}

/// True for the hash behind `@`, `#` or `sha256:` by which lock files and workflows pin what they take from elsewhere.
pub fn is_pin(before: &[u8], value: &[u8]) -> bool {
    let is_hash = matches!(value.len(), 32 | 40 | 64 | 96 | 128) && value.iter().all(u8::is_ascii_hexdigit);
    is_hash
        && [&b"@"[..], b"#", b"md5:", b"sha1:", b"sha256:", b"sha384:", b"sha512:"].iter().any(|s| before.ends_with(s))
}

/// True for the name in `PASS: print the password`, as logs of tests begin their lines.
pub fn is_verdict(bytes: &[u8], key: &Range<usize>) -> bool {
    let begins_line = key.start.checked_sub(1).is_none_or(|before| bytes[before] == b'\n');
    begins_line && &bytes[key.clone()] == b"PASS" && bytes[key.end..].starts_with(b": ")
}

/// True for what crypt(3) and its kin make of a password: typed as a hash by a rule of its own.
pub fn is_hash(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"{CRYPT}").unwrap_or(value);
    // As Django writes them: `md5$salt$5d41…`.
    let mut parts = value.split(|b| *b == b'$');
    let algorithm = parts.next().unwrap_or_default();
    if [&b"md5"[..], b"sha1", b"bcrypt", b"bcrypt_sha256", b"argon2", b"scrypt"].contains(&algorithm)
        && parts.count() >= 2
    {
        return true;
    }
    [
        &b"$argon2"[..],
        b"$2a$",
        b"$2b$",
        b"$2y$",
        b"$1$",
        b"$5$",
        b"$6$",
        b"$apr1$",
        b"$y$",
        b"{SSHA",
        b"{SHA",
        b"$7$",
        b"$8$",
        b"{MD5}",
        b"{SMD5}",
        b"pbkdf2",
    ]
    .iter()
    .any(|start| value.starts_with(start))
}

/// Beginnings of expressions that read a value from somewhere.
const CODE_STARTS: &[&str] = &[
    "self.",
    "this.",
    "request.",
    "req.",
    "options.",
    "opts.",
    "args.",
    "props.",
    "ctx.",
    "context.",
    "config.",
    "settings.",
    "project.",
    "params.",
    "cfg.",
    "conf.",
    "data.",
    "module.",
    "local.",
    "var.",
    "vars.",
    "secrets.",
    "new ",
    "await ",
    "String.",
    "str(",
];

/// True for calls, indexing, paths of names, regexes and other expressions; for bare text also for plain names, if they
/// read as words.
pub fn looks_like_code(value: &[u8], quoted: bool, words: f32) -> bool {
    let signs: [&[u8]; 12] = [b"()", b"->", b"::", b"=>", b"&&", b"||", b"A-Z", b"a-z", b"0-9", b"(?", b"\\d", b"\\w"];
    // `",rememberLabel:"`: what stands between two strings, and `#add-password`, which selects an element.
    let between = matches!(value, [b',' | b';' | b')' | b']' | b'}', ..]);
    let selects = matches!(value, [b'#' | b'.', b'a'..=b'z', ..]) && words > 0.6;
    if between || selects {
        return true;
    }
    if CODE_STARTS.iter().any(|start| value.starts_with(start.as_bytes())) || signs.iter().any(|sign| has(value, sign))
    {
        return true;
    }
    let is_name = value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$'))
        && !value[0].is_ascii_digit();
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if quoted {
        // "user.password.label", "PASSWORD_FIELD"
        let parted = value.iter().filter(|b| matches!(b, b'_' | b'.')).count();
        return is_name && digits == 0 && parted >= 1 && words > 0.3;
    }
    let expression = value.iter().any(|b| matches!(b, b'(' | b'[' | b'{')) || matches!(value[0], b'&' | b'*');
    // Out of `"%(trailers:key=name,keyonly)"`.
    let closes = value.contains(&b')') && !value.contains(&b'(');
    let expression = expression || closes || has(value, b"=!");
    (is_name && digits * 6 <= value.len() && (words > 0.3 || value.len() < 5)) || expression
}

/// True for the characters that issued keys are made of: letters, digits, those of base64 and what parts are joined by.
pub fn is_of_token(value: &[u8]) -> bool {
    value.iter().enumerate().all(|(i, byte)| match byte {
        // Padding stands at the end.
        b'=' => i > 0,
        b'%' => value[i + 1..].iter().take(2).filter(|b| b.is_ascii_hexdigit()).count() == 2,
        _ => byte.is_ascii_alphanumeric() || b"_-.+/=~:|@*,&\\".contains(byte),
    })
}

/// True for names of constants and algorithms: `RSA_2048`, `CRAM-MD5`. Product keys mix letters and digits within their
/// parts.
pub fn is_constant(value: &[u8]) -> bool {
    let mut parts = value.split(|b| matches!(b, b'_' | b'-'));
    let is_part = |part: &[u8]| {
        let borders = part.windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
        !part.is_empty() && borders <= 1 && part.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    value[0].is_ascii_uppercase() && digits * 2 <= value.len() && parts.clone().nth(1).is_some() && parts.all(is_part)
}

/// True for the long id and the fingerprint of an OpenPGP key, as its tools print them.
pub fn is_key_id(value: &[u8]) -> bool {
    matches!(value.len(), 16 | 40) && value.iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b))
}

/// True for text that is glued to another by code, and taken for a value between two quotes: `\` + password + \``. Not of
/// several lines: there the signs are those of a diff.
pub fn is_glue(value: &[u8]) -> bool {
    if value.contains(&b'\n') {
        return false;
    }
    let inner = value.trim_ascii();
    let trimmed = inner.strip_prefix(b"\"").or(inner.strip_prefix(b"'")).or(inner.strip_prefix(b"`")).unwrap_or(inner);
    let glued = |sign: &[u8]| trimmed.trim_ascii_start().starts_with(sign) && trimmed.trim_ascii_end().ends_with(sign);
    trimmed.len() >= 3 && (glued(b"+") || has(trimmed, b" + ") || glued(b"||"))
}

/// True for base64 of words: of a password that reads as words, with the name of a user before it or without.
pub fn encodes_words(value: &[u8]) -> bool {
    let digits = value.trim_ascii_end();
    let digits = &digits[..digits.iter().rposition(|b| *b != b'=').map_or(0, |last| last + 1)];
    let Some(text) = BASE64_NOPAD.decode(digits).ok().filter(|text| text.len() >= 6) else { return false };
    if !text.iter().all(|b| b.is_ascii_graphic() || *b == b' ') {
        return false;
    }
    let password = text.rsplit(|b| *b == b':').next().unwrap_or(&text);
    let mut runs = password.split(|b| !b.is_ascii_alphabetic()).filter(|run| run.len() >= 5).peekable();
    let plain = runs.peek().is_some()
        && runs.all(|run| language::is_word(run) || placeholder::is_plain_word(run))
        && !password.iter().any(u8::is_ascii_digit);
    plain || placeholder::stand(password).is_some()
}

/// What a value encodes in base64, and how much of that is printable, in percent; nothing if it is no base64, or too short
/// to tell.
pub fn decoded_text(digits: &[u8]) -> (Vec<u8>, usize) {
    if digits.len() < 8 || !digits.iter().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return (Vec::new(), 0);
    }
    let Ok(text) = BASE64_NOPAD.decode(digits) else { return (Vec::new(), 0) };
    let printable = text.iter().filter(|b| b.is_ascii_graphic() || **b == b' ').count() * 100 / text.len().max(1);
    (text, printable)
}

/// True for images, fonts, archives and data URLs in base64, by their first bytes.
pub fn is_media(value: &[u8]) -> bool {
    let starts: [&[u8]; 9] =
        [b"iVBORw0", b"R0lGOD", b"/9j/", b"d09GR", b"AAEAAAA", b"UklGR", b"PHN2Zy", b"UEsDB", b"H4sI"];
    value.starts_with(b"data:") || starts.iter().any(|start| value.starts_with(start))
}

/// True for private keys that a passphrase protects: in PEM (RFC 1421, RFC 5958), of OpenSSH (whose header names `bcrypt`, here
/// in base64) and of PuTTY.
pub fn is_encrypted_key(value: &[u8]) -> bool {
    let start = &value[..value.len().min(160)];
    let pem = start.starts_with(b"-----BEGIN") && (has(start, b"ENCRYPTED") || has(start, b"AAAAGYmNyeXB0"));
    pem || (start.starts_with(b"PuTTY-") && has(start, b"Encryption: aes"))
}

/// True for versions: `v1.20.3-rc1`.
pub fn is_version(value: &[u8]) -> bool {
    let number = value.strip_prefix(b"v").unwrap_or(value);
    let dots = number.iter().filter(|b| **b == b'.').count();
    let first = number.split(|b| *b == b'.').next().unwrap_or_default();
    (1..=3).contains(&dots) && !first.is_empty() && first.iter().all(u8::is_ascii_digit) && number.len() <= 20
}

/// True for dates and times: `2026-11-22`, `2026-11-22T10:00:00Z`.
pub fn is_date(value: &[u8]) -> bool {
    let digit = |at: usize| value.get(at).is_some_and(u8::is_ascii_digit);
    value.len() >= 10
        && (0..4).all(digit)
        && matches!(value[4], b'-' | b'/')
        && digit(5)
        && digit(6)
        && value[7] == value[4]
        && digit(8)
        && digit(9)
}

/// True for locales: `en`, `en-GB`, `pt_BR`.
pub fn is_locale(value: &[u8]) -> bool {
    matches!(value, [a, b] | [a, b, b'-' | b'_', _, _] if a.is_ascii_lowercase() && b.is_ascii_lowercase())
}

/// True for addresses of mail.
pub fn is_mail(value: &[u8]) -> bool {
    let Some(at) = value.iter().position(|b| *b == b'@') else { return false };
    at > 0 && is_host(&value[at + 1..])
}

/// True for names joined by commas.
pub fn is_list(value: &[u8]) -> bool {
    value.contains(&b',') && value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b',' | b'-' | b'_'))
}

/// Ends of names of hosts that are set aside for examples and tests (RFC 2606, RFC 6761).
const RESERVED: &[&[u8]] = &[b"example.com", b"example.org", b"example.net", b".example", b".test", b".invalid"];

/// What speaks for a made-up one in a URL with a password: a host set aside for examples, or a user and a password that begin
/// or end alike (`my-user:my-pass`). `before` is the URL up to the password, `behind` from it on.
pub fn is_made_up_url(before: &[u8], password: &[u8], behind: &[u8]) -> bool {
    let end = |b: &u8| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'@'));
    let host = &behind[..behind.iter().position(end).unwrap_or(behind.len())];
    let host = host.to_ascii_lowercase();
    let user =
        before.strip_suffix(b":").unwrap_or(before).rsplit(|b| matches!(b, b'/' | b':')).next().unwrap_or_default();
    let same = |a: &mut dyn Iterator<Item = (&u8, &u8)>| a.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let alike = same(&mut user.iter().zip(password)).max(same(&mut user.iter().rev().zip(password.iter().rev())));
    // Letters and digits that nobody needs to encode: what tests of URLs do.
    let hex = |b: u8| char::from(b).to_digit(16);
    let needless = password.windows(3).any(|w| match (w[0], hex(w[1]), hex(w[2])) {
        (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).is_ok_and(|b| b.is_ascii_alphanumeric()),
        _ => false,
    });
    RESERVED.iter().any(|name| host.ends_with(name)) || (alike >= 4 && user != password) || needless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hosts_are_told() {
        for host in ["db-1.acme.com", "localhost.local:5432", "a.b.svc"] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for other in ["acme", "k9xQ.2vB7", "hunter2.", "pass:hunter2.com:x", "a..com"] {
            assert!(!is_host(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn signs_that_issued_keys_do_not_have_are_told() {
        for key in ["k9xQ2vB7", "k9x-Q2v_B7.x/y+z==", "id:k9xQ2v", "k9%2BxQ"] {
            assert!(is_of_token(key.as_bytes()), "{key}");
        }
        for other in ["k9x^Q2vB7", "k9%xQ", "what?", "k9$xQ", "=k9xQ"] {
            assert!(!is_of_token(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn constants_are_told_from_product_keys() {
        for constant in ["RSA_2048", "CRAM-MD5", "LET_ME_IN", "KEY_SP800_CONCAT"] {
            assert!(is_constant(constant.as_bytes()), "{constant}");
        }
        for other in ["A1B2-C3D4-E5F6", "HUNTER2", "k9xQ_2vB7", "-ABC", "12_34_AB"] {
            assert!(!is_constant(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn hashes_of_passwords_are_told() {
        for hash in ["$2b$12$k9xQ2vB7mN4p", "{SSHA}k9xQ2vB7", "pbkdf2_sha256$600000$k9xQ$2vB7", "md5$k9xQ$2vB7mN4p"] {
            assert!(is_hash(hash.as_bytes()), "{hash}");
        }
        for other in ["md5$k9xQ", "k9$xQ$2v", "$k9xQ2vB7"] {
            assert!(!is_hash(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn glue_between_strings_is_told() {
        for glue in ["` + user + `", "\" + pw + \"", " + name + ", "a + b"] {
            assert!(is_glue(glue.as_bytes()), "{glue}");
        }
        for other in ["a+b", "k9xQ+2vB7=="] {
            assert!(!is_glue(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn encoded_words_are_told_from_encoded_passwords() {
        let encode = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
        for words in ["alice:secret", "foo:bar", "the-great-token", "user:changeme", "bob:other-passwd"] {
            assert!(encodes_words(encode(words).as_bytes()), "{words}");
        }
        for other in ["alice:k9xQ2vB7", "alice:hunter2zz", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}"] {
            assert!(!encodes_words(encode(other).as_bytes()), "{other}");
        }
        assert!(!encodes_words(b"k9xQ2vB7mN4p"));
    }

    #[test]
    fn made_up_urls_are_told() {
        assert!(is_made_up_url(b"https://alice:", b"k9xQ2vB7", b"@www.example.com/x"));
        assert!(is_made_up_url(b"https://demo-user:", b"demo-pass", b"@acme.io/x"));
        assert!(is_made_up_url(b"https://alice:", b"k9x%51", b"@acme.io/x"));
        assert!(!is_made_up_url(b"https://alice:", b"k9xQ2vB7%40", b"@acme.io/x"));
        assert!(!is_made_up_url(b"https://alice:", b"alice", b"@acme.io/x"), "a weak password, and real");
    }

    #[test]
    fn pins_and_verdicts_are_told() {
        let hash = b"0123456789abcdef0123456789abcdef01234567";
        assert!(is_pin(b"uses: acme/scan@", hash) && is_pin(b"acme --hash=sha1:", hash));
        assert!(!is_pin(b"acme_key=", hash) && !is_pin(b"acme@", &hash[..39]));
        assert!(is_verdict(b"PASS: hunter2: print", &(0..4)) && is_verdict(b"x\nPASS: a", &(2..6)));
        assert!(!is_verdict(b"DB_PASS: a", &(3..7)) && !is_verdict(b"PASS=a", &(0..4)));
    }
}
