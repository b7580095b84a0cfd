//! Placeholders and references: what stands where a secret would stand, and is none.

use super::lexicon::{Held, List};

/// What a value is instead of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It says where the secret is: a variable, a template, a path in a secret store. Never reported.
    Reference,
    /// It says what to put there: `<your-token>`, `xxxx`, `changeme`.
    Placeholder,
    /// It has a word in it that only examples have.
    Example,
    /// It counts, goes through the alphabet, or is one letter over and over.
    Counting,
    /// It is a plain word that examples use: `password`, `secret`.
    Word,
}

/// What `value` is instead of a secret, if it is.
pub fn stand(value: &[u8]) -> Option<Stand> {
    if is_reference(value) {
        return Some(Stand::Reference);
    }
    if is_filler(value) || is_elided(value) {
        return Some(Stand::Placeholder);
    }
    if is_plain_word(value) {
        return Some(Stand::Word);
    }
    let held = Held::by(value);
    match () {
        _ if held.has(List::Placeholder) => Some(Stand::Placeholder),
        _ if held.has(List::Example) => Some(Stand::Example),
        _ if held.has(List::Counting) || is_monotonous(value) => Some(Stand::Counting),
        _ => None,
    }
}

/// True for one of the words that examples use for secrets.
pub fn is_plain_word(value: &[u8]) -> bool {
    PLAIN_WORDS.split_ascii_whitespace().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

/// True for one of these words with digits or a mark behind: `letmein123`, `Password1!`. In lower case.
pub fn is_common_password(value: &[u8]) -> bool {
    let end = value.iter().rposition(|b| b.is_ascii_alphabetic()).map_or(0, |last| last + 1);
    let word = &value[..end];
    value.len() - end <= 5 && (is_plain_word(word) || COMMON.split_ascii_whitespace().any(|w| w.as_bytes() == word))
}

/// Further words that passwords of tests and of careless people are made of.
const COMMON: &str = "letmein welcome iloveyou monkey dragon master sunshine princess football baseball hello mypass \
    mypassword mysecret testpass testpassword testuser temp temporary changeit postgres mysql oracle tomcat sa system \
    manager abc asdf asdfgh qwertyuiop zxcvbn asd qwe pw bogus wrong wrongpassword wrongpass invalid incorrect bad \
    badpassword newpassword oldpassword newpass oldpass p@ssw0rd p@ssword pa$$w0rd pa$$word passwort";

/// Whole values that examples use.
const PLAIN_WORDS: &str = "password passwd pass pwd secret secrets token user username test testing admin root guest foo bar baz none null \
    nil true false yes no empty default string value key apikey some_password somepassword userpass user_password \
    hidden masked unknown required optional p4ssw0rd passw0rd password1 password123 pass123 secret123 123456 \
    12345678 qwerty letmein abc123 pw123 foobar";
/// Beginnings of references to variables, templates and secret stores.
const REFERENCE_STARTS: &str = "${ $( $[ {{ {% <% <? %( %{ #{ @{ ~{ [[ op:// vault: vault:// arn: ssm: ssm:// secretsmanager: awssm:// gcpsm:// \
    azkv:// keyvault:// doppler:// infisical:// env: env:// file: file:// sops: enc[ encrypted: $ansible_vault \
    !vault !ref !sub !getatt @microsoft.keyvault( sealed: ref+ secretref: keychain: pass: bws:// akv:// kms: ejson \
    $env: $env. process.env import.meta.env os.environ os.getenv getenv system.getenv env[ env. env( deno.env \
    std::env";

fn is_reference(value: &[u8]) -> bool {
    let starts = |text: &str| value.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()));
    if REFERENCE_STARTS.split_ascii_whitespace().any(starts) || is_store_path(value) || is_fingerprint(value) {
        return true;
    }
    match value {
        // $NAME and %NAME%
        [b'$', name @ ..] => {
            !name.is_empty()
                && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
                && !name[0].is_ascii_digit()
        }
        [b'%', name @ .., b'%'] => name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_'),
        // A template within: prefix-${NAME}
        _ => [&b"${"[..], b"{{", b"$(", b"#{"].iter().any(|open| memchr::memmem::find(value, open).is_some()),
    }
}

/// Resource names of secret stores: Google's `projects/p/secrets/s`, Kubernetes' and Vault's mount paths.
fn is_store_path(value: &[u8]) -> bool {
    (value.starts_with(b"projects/") && memchr::memmem::find(value, b"/secrets/").is_some())
        || value.starts_with(b"/run/secrets/")
        || value.starts_with(b"/etc/")
        || value.starts_with(b"/var/")
        || value.starts_with(b"secret/data/")
}

/// The hashes of this program's own fingerprints, as baselines, ignore files and reports hold them.
fn is_fingerprint(value: &[u8]) -> bool {
    let is_hash =
        |part: &[u8]| !part.is_empty() && part.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    matches!(value.len(), 14 | 25) && value[8] == b':' && is_hash(&value[..8]) && is_hash(&value[9..])
}

/// True for a JSON web token about "John Doe", whom the debugger of jwt.io and most documentation has.
pub fn is_demo_jwt(value: &[u8]) -> bool {
    // `"name":"John Doe` as it stands behind `{"sub":"1234567890",`, which all of them begin with.
    memchr::memmem::find(value, b"IiwibmFtZSI6IkpvaG4gRG9lI").is_some()
}

/// True for what was cut for show: `k9xQ...`, `k9xQ…vB7m`.
fn is_elided(value: &[u8]) -> bool {
    /// Longer values are keys with text about them.
    const LONGEST: usize = 160;
    if value.len() > LONGEST {
        return false;
    }
    [&b"..."[..], "\u{2026}".as_bytes()].iter().any(|dots| memchr::memmem::find(value, dots).is_some_and(|at| at > 0))
}

/// True for text in brackets, and for what blanks are filled with: `<token>`, `[secret]`, `xxxx`, `****`, `0000`.
fn is_filler(value: &[u8]) -> bool {
    let bracketed = value.starts_with(b"##") || matches!(value, [b'<', .., b'>'] | [b'[', .., b']'] | [b'{', .., b'}']);
    let is_blank = |b: &u8| matches!(b, b'x' | b'X' | b'0') || b.is_ascii_punctuation() || b.is_ascii_whitespace();
    bracketed || (is_monotonous(value) && value.iter().any(is_blank))
}

/// True for a byte or two, over and over.
fn is_monotonous(value: &[u8]) -> bool {
    let mut distinct: Vec<u8> = value.to_ascii_lowercase();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() <= 2 || (value.len() >= 16 && distinct.len() <= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told() {
        for text in [
            "${DB_PASSWORD}",
            "$TOKEN",
            "{{ secrets.X }}",
            "op://vault/item/field",
            "vault:secret/data/x#y",
            "%PASSWORD%",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
            "ENC[AES256_GCM,data:abc]",
            "$ANSIBLE_VAULT;1.1;AES256",
            "projects/p/secrets/s/versions/1",
            "process.env.TOKEN",
            "prefix-${NAME}",
        ] {
            assert_eq!(stand(text.as_bytes()), Some(Stand::Reference), "{text}");
        }
    }

    #[test]
    fn placeholders_are_told_from_secrets() {
        for text in [
            "<your-token>",
            "xxxxxxxxxxxx",
            "changeme",
            "YOUR_API_KEY",
            "********",
            "REPLACE_ME",
            "0000000000000000",
            "k9xQ...vB7",
        ] {
            assert_eq!(stand(text.as_bytes()), Some(Stand::Placeholder), "{text}");
        }
        for text in ["hunter2!", "k9xQ2vB7mN4p", "correcthorse", "$2y$10$abcdefghijk"] {
            assert_ne!(stand(text.as_bytes()), Some(Stand::Placeholder), "{text}");
            assert_ne!(stand(text.as_bytes()), Some(Stand::Reference), "{text}");
        }
    }
}
