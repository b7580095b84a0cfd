//! Credentials are found in whatever people wrap them in, with the chain of encodings and the place of what is encoded.

use data_encoding::{BASE64, HEXLOWER};
use unspill::engine::{Engine, Scratch};
use unspill::model::{Blob, Encoding, Origin};
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;

struct Found {
    rule: String,
    secret: String,
    chain: Vec<Encoding>,
    place: String,
}

fn scan(text: &str) -> Vec<Found> {
    static ENGINE: std::sync::OnceLock<Engine> = std::sync::OnceLock::new();
    let engine = ENGINE.get_or_init(|| Engine::new(RuleSet::builtin()));
    let blob = Blob::whole(text.as_bytes(), Origin::Stdin { name: "encoded".into() });
    let sure = engine
        .scan(&blob, &mut Scratch::default())
        .into_iter()
        .filter(|c| unspill::model::Confidence::from(c.log_odds).get() >= 50);
    let found = sure.map(|c| {
        let place = text[c.matched.secret.clone()].to_owned();
        let secret = match &c.matched.decoded {
            Some(decoded) => String::from_utf8_lossy(&decoded.text[decoded.secret.clone()]).into_owned(),
            None => place.clone(),
        };
        Found { rule: engine.rules().get(c.matched.rule).id.to_string(), secret, chain: c.matched.chain, place }
    });
    found.collect()
}

/// Holds that `text` has the secret once, by that rule and in those encodings, and that its place is part of `within`.
fn holds(text: &str, rule: &str, secret: &str, chain: &[Encoding], within: &str) {
    let found = scan(text);
    let shown: Vec<_> = found.iter().map(|f| (&f.rule, &f.secret, &f.chain)).collect();
    let one = found.iter().find(|f| f.rule == rule && f.secret == secret && f.chain == chain);
    let one = one.unwrap_or_else(|| panic!("{text}\n{shown:?}"));
    assert!(within.contains(&one.place), "{} is not within {within}", one.place);
}

fn token() -> String {
    expand("ghp_{{base62:30}}{{checksum:github}}").expect("a template")
}

fn password() -> String {
    expand("k9!{{base62:12}}").expect("a template")
}

/// A private key: random text where its numbers would be, which is enough for its form.
fn key(line_feed: &str) -> String {
    let lines: Vec<String> =
        (0..12).map(|i| expand(&format!("{{{{base64:{}}}}}", 64 - i / 11 * 20)).expect("a template")).collect();
    let (begin, end) = ("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----");
    format!("{begin}{line_feed}{}{line_feed}{end}{line_feed}", lines.join(line_feed))
}

const TOKEN: &str = "github-personal-access-token";

#[test]
fn tokens_are_found_in_base64_hex_and_urls() {
    let token = token();
    let line = format!("token={token}");
    for (encoded, encoding) in [
        (BASE64.encode(line.as_bytes()), Encoding::Base64),
        (HEXLOWER.encode(line.as_bytes()), Encoding::Hex),
        (line.replace('=', "%3D").replace('_', "%5F"), Encoding::Percent),
        (line.bytes().map(|b| format!("\\x{b:02x}")).collect(), Encoding::Escape),
        (line.bytes().map(|b| format!("\\{b:03o}")).collect(), Encoding::Escape),
        (line.bytes().map(|b| format!("\\u{b:04x}")).collect(), Encoding::Escape),
        (line.bytes().map(|b| format!("&#{b};")).collect(), Encoding::Html),
    ] {
        holds(&format!("x: \"{encoded}\"\n"), TOKEN, &token, &[encoding], &encoded);
    }
}

#[test]
fn encodings_may_be_nested() {
    let token = token();
    let inner = BASE64.encode(format!("auth {token} and more").as_bytes());
    let outer = HEXLOWER.encode(format!("data: {inner}").as_bytes());
    holds(&format!("blob = {outer}\n"), TOKEN, &token, &[Encoding::Hex, Encoding::Base64], &outer);
}

#[test]
fn lists_of_bytes_are_read() {
    let token = token();
    let list = |item: &dyn Fn(u8) -> String, comma: &str| token.bytes().map(item).collect::<Vec<_>>().join(comma);
    for (open, list, close) in [
        ("let k = [", list(&|b| format!("0x{b:02x}"), ", "), "];"),
        ("byte[] k = new byte[] {", list(&|b| b.to_string(), ", "), "};"),
        ("k := []byte{\n\t", list(&|b| format!("0x{b:02X}"), ",\n\t"), ",\n}"),
        ("bytes([", list(&|b| b.to_string(), ","), "])"),
    ] {
        holds(&format!("{open}{list}{close}\n"), TOKEN, &token, &[Encoding::List], &list);
    }
}

#[test]
fn json_in_json_is_read_at_every_depth() {
    let password = password();
    let mut text = format!("{{\"user\":\"app\",\"password\":\"{password}\"}}");
    for _ in 0..4 {
        holds(&text, "generic-password", &password, &[], &text);
        text = format!("{{\"body\":\"{}\"}}", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
}

#[test]
fn a_connection_string_is_found_in_json_in_json() {
    let url = format!("postgres://app:{}@db.acme.dev:5432/app", password());
    let text = format!("{{\"env\":\"{{\\\"url\\\":\\\"{}\\\"}}\"}}", url.replace('/', "\\/"));
    let found = scan(&text);
    assert!(found.iter().any(|f| f.rule == "database-url" && f.secret.starts_with(&url)), "{text}");
}

#[test]
fn an_object_that_a_telling_name_is_given_holds_the_secret() {
    let password = expand("{{base36:32}}").expect("a template");
    let text = format!("\"apiToken\": \"{{\\\"kind\\\":\\\"user\\\",\\\"t\\\":\\\"{password}\\\"}}\",");
    holds(&text, "generic-token", &password, &[], &text);
}

#[test]
fn terraform_state_names_the_value_in_an_object() {
    let password = password();
    let text =
        format!("\"outputs\": {{\n  \"db_password\": {{\n    \"value\": \"{password}\",\n    \"type\": \"string\"\n");
    holds(&text, "generic-password", &password, &[], &text);
}

#[test]
fn kubernetes_data_is_read_and_its_tokens_are_typed() {
    let token = token();
    let encoded = BASE64.encode(token.as_bytes());
    let text = format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: ci\ndata:\n  token: {encoded}\n");
    holds(&text, TOKEN, &token, &[Encoding::Base64], encoded.trim_end_matches('='));
    let encoded = BASE64.encode(password().as_bytes());
    let text = format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  db: {encoded}\n");
    assert!(scan(&text).iter().any(|f| f.place.contains(&encoded)), "{text}");
}

#[test]
fn private_keys_are_found_escaped_encoded_and_in_parts() {
    let plain = key("\n");
    let lines: Vec<&str> = plain.lines().collect();
    for text in [
        plain.clone(),
        format!("{{\"private_key\": \"{}\"}}", key("\\n")),
        format!("{{\"body\": \"{{\\\"private_key\\\": \\\"{}\\\"}}\"}}", key("\\\\n")),
        format!("KEY=\"{}\"\n", key("\\r\\n")),
        format!("tls.key: {}\n", BASE64.encode(plain.as_bytes())),
        format!("k = {};\n", lines.iter().map(|line| format!("\"{line}\\n\"")).collect::<Vec<_>>().join(" +\n    ")),
        format!("k = ({})\n", lines.iter().map(|line| format!("'{line}\\n'")).collect::<Vec<_>>().join("\n    ")),
        format!("key: |\n{}", lines.iter().map(|line| format!("    {line}\n")).collect::<String>()),
    ] {
        let found = scan(&text);
        let rules: Vec<&str> = found.iter().map(|f| &*f.rule).collect();
        assert_eq!(rules, ["private-key-pem"], "{text}");
    }
}
