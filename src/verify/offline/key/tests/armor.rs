//! The forms that keys stand in as they were pasted.

use super::super::armor::unescaped;
use super::*;

fn key() -> String {
    forge::armored("RSA PRIVATE KEY", "", &forge::Rsa::new().pkcs1())
}

/// Each line between two texts.
fn framed(before: &str, after: &str) -> String {
    let lines: Vec<String> = key().lines().map(|line| format!("{before}{line}{after}")).collect();
    // A match begins with the marker.
    lines.join("\n").trim_start_matches(before).to_owned()
}

#[test]
fn however_it_was_pasted_it_is_the_same_key() {
    let plain = words(&key());
    let forms = [
        key().replace('\n', "\r\n"),
        key().replace('\n', "\\n"),
        key().replace('\n', "\\r\\n"),
        key().replace('\n', "\\\\n").replace('/', "\\/"),
        key().replace('\n', "\\u000a").replace('=', "\\u003d").replace('+', "\\u002B"),
        key().replace('\n', " "),
        key().replace('\n', ""),
        framed("        ", ""),
        framed("\t", "\\n\\"),
        framed("# ", ""),
        framed("// ", ""),
        framed(" * ", ""),
        framed("> ", ""),
        framed("+", ""),
        framed("-", ""),
        framed("+    ", ""),
        framed("\"", "\\n\" +"),
        framed("    \"", "\\n\""),
        framed("  b'", "\\n'"),
        framed("        '", "',"),
        framed("key += \"", "\\n\";"),
        framed("echo \"", "\" >> key.pem"),
        framed("printf(\"", "\\n\");"),
        framed("-d '", "' # part"),
        key().replace('\n', "\\n\" +\n    \""),
        key().replace("\n", "\"\n. \""),
    ];
    for form in forms {
        match read(&form) {
            Ok(key) => assert_eq!(key.words(), plain, "{form}"),
            Err(flaw) => panic!("{flaw}: {form}"),
        }
    }
}

#[test]
fn what_stands_for_a_key_in_a_manual_is_none() {
    let of = |body: &str| flaw(&format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"));
    assert_eq!(of("MIIEpAIBAAKCAQEA\n...\nabcdefgh"), Flaw::Elided);
    assert_eq!(of("MIIEpAIBAAKCAQEA…"), Flaw::Elided);
    assert_eq!(of("\"...\""), Flaw::Elided);
    assert_eq!(of("<the key>"), Flaw::Elided);
    assert_eq!(of("[ key goes here ]"), Flaw::Elided);
    assert_eq!(of("*****************"), Flaw::Elided);
    assert_eq!(of("${KEY}"), Flaw::Elided);
    assert_eq!(of(""), Flaw::Empty);
    assert_eq!(of("the\u{e9} key"), Flaw::NotBase64);
    assert_eq!(of("MIIEpAIBAAKCAQEAx"), Flaw::Uneven);
    assert!(matches!(of("MIIEpAIBAAKCAQEAxxxxxxxxxxxxxxxxxxxxxxxxxx"), Flaw::Truncated { .. }));
    assert!(matches!(of("yourkeyyourkeyyourkeyyourkey"), Flaw::Foreign(_)));
}

#[test]
fn escapes_are_undone_and_nothing_else() {
    for (escaped, plain) in
        [("a\\nb", "a\nb"), ("a\\\\\\nb", "a\nb"), ("a\\/b", "a/b"), ("\\u003D", "="), ("\\x2b", "+")]
    {
        assert_eq!(unescaped(escaped).as_str(), plain);
    }
    for odd in ["\\", "a\\u00", "\\xé", "\\u{41}", "\\ud800", "\\\\"] {
        unescaped(odd);
    }
}
