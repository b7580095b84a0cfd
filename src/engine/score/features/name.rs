//! The name that a value is assigned to.

use super::{Feature, Features, Subject};
use crate::engine::score::{forms, key};

/// Words of names that are features by themselves, sorted.
#[rustfmt::skip]
pub const WORDS: &[&str] = &[
    "access", "account", "action", "admin", "again", "alg", "algorithm", "allow", "alphabet", "api", "apikey", "app",
    "arn", "attribute", "auth", "authentication", "authenticity", "authority", "authorization", "authorized",
    "autocomplete", "aws", "azure", "bad", "base", "basic", "bearer", "bot", "bucket", "button", "bypass", "cache",
    "callback", "cert", "certificate", "challenge", "change", "chars", "charset", "check", "cipher", "class",
    "client", "code", "col", "column", "comment", "config", "confirm", "confirmation", "connection", "consumer",
    "context", "cookie", "cost", "count", "create", "cred", "credential", "credentials", "creds", "crypt", "csrf",
    "current", "data", "database", "db", "default", "demo", "description", "digest", "dir", "dsn", "dummy", "email",
    "empty", "enable", "enabled", "enc", "encoded", "encoder", "encrypted", "encryption", "endpoint", "enter", "env",
    "err", "error", "event", "example", "expected", "expired", "expires", "expiry", "factory", "fail", "failed",
    "failure", "failures", "fake", "field", "file", "fingerprint", "first", "foreign", "forgot", "form", "format",
    "from", "func", "generate", "generator", "get", "git", "github", "google", "grant", "group", "hash", "hashed",
    "header", "help", "hide", "hint", "history", "hmac", "host", "icon", "id", "ids", "image", "incorrect", "index",
    "input", "integrity", "invalid", "invalidate", "is", "item", "iv", "jwt", "keep", "key", "keyring", "keys",
    "keystore", "kid", "label", "last", "len", "length", "license", "line", "link", "list", "local", "login", "long",
    "lost", "mail", "management", "manager", "mandatory", "map", "mask", "masked", "master", "max", "message",
    "method", "min", "minimum", "missing", "mock", "mode", "mongo", "msg", "must", "my", "mysql", "name", "new",
    "next", "nkey", "no", "nonce", "not", "num", "oauth", "object", "old", "on", "option", "options", "order", "org",
    "other", "otp", "page", "param", "parameter", "parent", "partition", "pass", "passcode", "passed", "passphrase",
    "passwd", "password", "passwords", "path", "pattern", "payload", "pem", "permission", "pg", "pin", "placeholder",
    "please", "policies", "policy", "postgres", "prefix", "primary", "private", "privatekey", "prompt", "property",
    "provider", "proxy", "pub", "public", "pw", "pwd", "query", "random", "re", "reader", "recaptcha", "recover",
    "recovery", "redis", "ref", "refresh", "regex", "region", "registry", "remember", "remote", "repeat", "repo",
    "request", "require", "required", "requirement", "reset", "resource", "response", "retype", "reuse", "role",
    "root", "rounds", "rsa", "rule", "rules", "salt", "sample", "sasl", "schema", "scheme", "scope", "second",
    "secret", "secretkey", "secrets", "security", "seed", "select", "self", "send", "server", "service", "session",
    "set", "sha", "shared", "short", "show", "sid", "sign", "signature", "signing", "site", "size", "smtp", "some",
    "sort", "source", "ssh", "ssl", "sso", "state", "status", "storage", "store", "strength", "string", "strong",
    "style", "sub", "subscription", "success", "suffix", "sync", "table", "tag", "target", "temp", "template", "test",
    "text", "this", "time", "timeout", "title", "tls", "to", "toggle", "tok", "token", "tokens", "tooltip", "totp",
    "trust", "truststore", "type", "unauthorized", "update", "uri", "url", "use", "user", "username", "util", "utils",
    "uuid", "val", "valid", "validate", "validation", "value", "values", "var", "vault", "verification", "verifier",
    "verify", "version", "view", "visible", "weak", "web", "webhook", "with", "wrong", "xsrf", "your",
];

/// Words that make a name one of a secret; the first that a name ends in, or else holds, is its word.
const SECRETS: &[&[&str]] = &[
    &["password", "passwd", "pwd", "pass", "passphrase", "pw", "passcode", "passwords"],
    &["secret", "secrets", "secretkey"],
    &["token", "tokens", "jwt", "bearer", "tok"],
    &["key", "keys", "apikey", "privatekey", "nkey"],
    &["auth", "authorization", "credential", "credentials", "cred"],
];

pub(super) fn measure(subject: &Subject<'_>, features: &mut Features) {
    let name = subject.name();
    if name.is_empty() {
        return;
    }
    let parts = key::parts(name);
    for part in &parts {
        if let Ok(word) = WORDS.binary_search(&part.as_str()) {
            features.word(word);
        }
    }
    let group = |part: &String| SECRETS.iter().position(|words| words.contains(&part.as_str()));
    let at = parts.iter().rposition(|part| group(part).is_some());
    features.set(Feature::name_word, at.and_then(|at| group(&parts[at])).map_or(0, |group| group + 1));
    features.set(Feature::name_tail, at.map_or(-1, |at| (parts.len() - 1 - at) as i16));
    features.set(Feature::name_head, at.map_or(-1, |at| at as i16));
    features.set(Feature::name_length, name.len());
    features.set(Feature::name_parts, parts.len());
    features.set(Feature::name_describes, -key::weigh(&parts));
    let lower = name.iter().any(u8::is_ascii_lowercase);
    let upper = name.iter().any(u8::is_ascii_uppercase);
    features.flag(Feature::name_upper, upper && !lower);
    features.flag(Feature::name_camel, upper && lower);
    features.flag(Feature::name_digits, name.iter().any(u8::is_ascii_digit));
    features.flag(Feature::name_is_service, forms::is_service(name));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_and_stand_once() {
        assert!(WORDS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
