//! What a finding is known by.

use super::*;

const STRONG: &[u8] = b"q7Zp2xV9mK4tR8wL3nB6"; // No credential: 20 different characters.

fn of(id: &str, path: &str, secret: &[u8]) -> String {
    fingerprint::of(&rule(id), BStr::new(path), secret).0
}

fn hashes(fingerprint: &str) -> (String, String) {
    let mut parts = fingerprint.rsplit(':');
    let secret = parts.next().unwrap().to_owned();
    (parts.next().unwrap().to_owned(), secret)
}

#[test]
fn a_fingerprint_names_rule_path_and_secret() {
    let base = of("a-rule", "src/a", STRONG);
    assert!(base.starts_with("a-rule:"));
    assert!(fingerprint::is_well_formed(&base));
    let others = [of("b-rule", "src/a", STRONG), of("a-rule", "src/b", STRONG), of("a-rule", "src/a", &STRONG[1..])];
    let (path, secret) = hashes(&base);
    assert_ne!(hashes(&others[0]), (path.clone(), secret.clone()));
    assert_ne!(hashes(&others[1]).0, path);
    assert_ne!(hashes(&others[1]).1, secret);
    assert_eq!(hashes(&others[2]).0, path);
    assert_ne!(hashes(&others[2]).1, secret);
}

#[test]
fn fingerprints_stay_as_they_are_from_version_to_version() {
    // Baselines and ignore files of users hold these: a change here breaks all of them.
    assert_eq!(of("a-rule", "src/a", b"hunter2"), "a-rule:0c6f05c9:958fc");
    assert_eq!(of("a-rule", "src/a", STRONG), "a-rule:0c6f05c9:e507065d0fb9dbcb");
}

#[test]
fn lines_and_commits_do_not_matter() {
    let at = |raw| one(vec![raw]).fingerprint;
    let base = at(file("a", 1, "abcd1"));
    assert_eq!(base, at(file("a", 99, "abcd1")));
    assert_eq!(base, at(committed(5, "a", 3, "abcd1")));
    assert_eq!(base, at(committed(6, "a", 4, "abcd1")));
    assert_ne!(base, at(file("b", 1, "abcd1")));
}

#[test]
fn only_secrets_beyond_guessing_get_a_long_hash() {
    let digits = |secret: &[u8]| hashes(&of("a-rule", "a", secret)).1.len();
    for weak in [
        "hunter2",
        "Summer2024!Password",
        "correcthorsebatterystaple",
        "12345678901234567890",
        "aaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        assert_eq!(digits(weak.as_bytes()), 5, "{weak}");
    }
    for strong in [STRONG, b"0f3a9c81d2b74e6580a1c9d3f7e2b456", b"Xq3_zR9-Lm2+Tb7/Wd5="] {
        assert_eq!(digits(strong), 16);
    }
}

#[test]
fn a_weak_hash_confirms_no_guess() {
    // Of 4096 guesses, several pairs share one fingerprint of 20 bits, so that one that fits proves nothing.
    let rule = rule("a-rule");
    let of_guess = |n: u32| fingerprint::of(&rule, BStr::new("a"), format!("guess{n}").as_bytes());
    let distinct: std::collections::HashSet<_> = (0..4096).map(of_guess).collect();
    assert!(distinct.len() < 4096);
}

// Comments
