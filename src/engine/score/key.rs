//! The name that a value is assigned to, as evidence: `password` holds a secret, `password_field_id` does not.

/// Last parts of names whose value describes a secret and is none.
const DESCRIBES: &str = "through field name type id ids url uri path file filename length len count size label placeholder policy expiry expires \
    expiration expire ttl timeout format regex pattern hint prompt message msg error required enabled disabled min \
    max index input text title description desc help class style selector column table header scheme provider method \
    mode version algorithm alg strength validator rules form page link button icon key param parameter prefix suffix \
    source store manager service endpoint host server reset confirm confirmation attempts env var variable ref arn \
    status state event action limit hash hashed digest salt fingerprint kind email time date at callback handler \
    func function test encoding charset decode encode position offset start end match matches list map set typ";
/// Parts of names whose value is public or no credential, wherever they stand.
const PUBLIC: &str = "encrypted ciphertext nopasswd public pub csrf xsrf foreign primary sort partition cache press keyboard shortcut site";
/// Parts of names whose value is made not to be accepted: what tests try out.
const UNREAL: &str = "invalid incorrect wrong bogus matching malformed nonexistent";
/// What stands before `key` in names that hold one: `api_key`. In all others (`token_key`) it names a key of something.
const KINDS_OF_KEY: &str = "api secret access private auth account encryption signing master shared app license service storage \
    session admin client consumer oauth host ssh hmac jwt";

/// Points for a name, by its [`parts`]: negative where it says that its value is no secret.
pub fn weigh(parts: &[String]) -> i32 {
    let listed = |list: &str, part: &String| list.split_ascii_whitespace().any(|word| word == part);
    let any = |list: &str| parts.iter().any(|part| listed(list, part));
    match parts {
        _ if any(UNREAL) => -70,
        _ if any(PUBLIC) => -60,
        [.., before, last] if last == "key" => {
            if listed(KINDS_OF_KEY, before) {
                0
            } else {
                -40
            }
        }
        [_, .., last] if listed(DESCRIBES, last) => -70,
        _ => 0,
    }
}

/// True if a name is one of a key or token that a service issues: `api_key`, `accessToken`, `Key`. Other keys (`secret_key`,
/// `auth_key`) are often phrases that people made.
pub fn holds_token(key: &[u8]) -> bool {
    let parts = parts(key);
    // Without a hump, as in `acmeapikey`, it is the name of a service that the kind is glued to; not in `monkey`.
    let is_glued =
        |part: &str| part.len() >= 8 && ["key", "token", "oauth", "webhook"].iter().any(|k| part.ends_with(k));
    let is_kind = |part: &String| matches!(part.as_str(), "key" | "token" | "apikey") || is_glued(part);
    let is_own =
        |part: &String| matches!(part.as_str(), "secret" | "auth" | "encryption" | "crypt" | "salt" | "django");
    parts.iter().rev().take(2).any(is_kind) && !parts.iter().any(is_own)
}

/// The parts of a name in lower case: cut at punctuation and at humps of camel case; digits dropped.
pub fn parts(key: &[u8]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    for (i, &byte) in key.iter().enumerate() {
        let hump = byte.is_ascii_uppercase() && i > 0 && key[i - 1].is_ascii_lowercase();
        if (hump || !byte.is_ascii_alphabetic()) && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
        if byte.is_ascii_alphabetic() {
            part.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_describe_are_told_from_names_that_hold() {
        for holds in
            ["password", "dbPassword", "API_KEY", "aws.secret.access.key", "client_secret", "authToken", "secretKey2"]
        {
            assert_eq!(weigh(&parts(holds.as_bytes())), 0, "{holds}");
        }
        for describes in
            ["password_field", "tokenType", "publicKey", "secret-name", "passwordLength", "csrf_token", "wrongPassword"]
        {
            assert!(weigh(&parts(describes.as_bytes())) < 0, "{describes}");
        }
    }

    #[test]
    fn names_of_issued_keys_are_told_from_those_of_made_up_ones() {
        for issued in ["api_key", "accessToken", "Key", "ACME_API_KEY", "acmeapikey", "token1"] {
            assert!(holds_token(issued.as_bytes()), "{issued}");
        }
        for made_up in ["password", "secret_key", "AUTH_KEY", "client_secret", "encryptionKey", "monkeyBusiness"] {
            assert!(!holds_token(made_up.as_bytes()), "{made_up}");
        }
    }
}
