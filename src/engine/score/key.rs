//! The name that a value is assigned to, as evidence: `password` holds a secret, `password_field_id` does not.

/// Last parts of names whose value describes a secret and is none.
const DESCRIBES: &str = "through field name type id ids url uri path file filename length len count size label placeholder policy expiry expires \
    expiration expire ttl timeout format regex pattern hint prompt message msg error required enabled disabled min \
    max index input text title description desc help class style selector column table header scheme provider method \
    mode version algorithm alg strength validator rules form page link button icon key param parameter prefix suffix \
    source store manager service endpoint host server reset confirm confirmation attempts env var variable ref arn \
    status state event action limit hash hashed digest salt fingerprint kind email time date at callback handler \
    func function test encoding charset position offset start end match matches list map set typ";
/// Parts of names whose value is public or no credential, wherever they stand.
const PUBLIC: &str = "nopasswd public pub csrf xsrf foreign primary sort partition cache press keyboard shortcut site";
/// What stands before `key` in names that hold one: `api_key`. In all others (`token_key`) it names a key of something.
const KINDS_OF_KEY: &str = "api secret access private auth account encryption signing master shared app license service storage \
    session admin client consumer oauth host ssh hmac jwt";

/// Points for a name: negative where it says that its value is no secret.
pub fn weigh(key: &[u8]) -> i32 {
    let listed = |list: &str, part: &String| list.split_ascii_whitespace().any(|word| word == part);
    let parts = parts(key);
    let describes = match parts.as_slice() {
        [.., before, last] if last == "key" => !listed(KINDS_OF_KEY, before),
        [_, .., last] => listed(DESCRIBES, last),
        _ => false,
    };
    if describes || parts.iter().any(|part| listed(PUBLIC, part)) { -40 } else { 0 }
}

/// The parts of a name in lower case: cut at punctuation and at humps of camel case; digits dropped.
fn parts(key: &[u8]) -> Vec<String> {
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
            assert_eq!(weigh(holds.as_bytes()), 0, "{holds}");
        }
        for describes in ["password_field", "tokenType", "publicKey", "secret-name", "passwordLength", "csrf_token"] {
            assert!(weigh(describes.as_bytes()) < 0, "{describes}");
        }
    }
}
