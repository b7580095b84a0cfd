//! Parts of one credential that stand near each other are one finding, that of the graver part, whatever the order and the
//! syntax.

use unspill::engine::{Engine, Scratch};
use unspill::model::{Blob, Origin};
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;

/// The rules of all findings in a text, each with those of its companions.
fn found(engine: &Engine, template: &str) -> Vec<(String, Vec<String>)> {
    let text = expand(template).expect("a template");
    let blob = Blob::whole(text.as_bytes(), Origin::Stdin { name: "pair".into() });
    let id = |rule| engine.rules().get(rule).id.to_string();
    let candidates = engine.scan(&blob, &mut Scratch::default());
    let sure = candidates.into_iter().filter(|c| unspill::model::Confidence::from(c.log_odds).get() >= 50);
    sure.map(|c| (id(c.matched.rule), c.companions.iter().map(|part| id(part.rule)).collect())).collect()
}

/// A secret's rule, its companions' rules, and the two parts of it as names and values.
type Case = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    (
        "aws-secret-access-key",
        &["aws-access-key-id"],
        &[("AWS_ACCESS_KEY_ID", "AKIA{{base32:16}}"), ("AWS_SECRET_ACCESS_KEY", "{{base64:40}}")],
    ),
    (
        "twilio-auth-token",
        &["twilio-account-sid"],
        &[("TWILIO_ACCOUNT_SID", "AC{{hex:32}}"), ("TWILIO_AUTH_TOKEN", "{{hex:32}}")],
    ),
    (
        "twilio-api-key-secret",
        &["twilio-api-key"],
        &[("TWILIO_API_KEY", "SK{{hex:32}}"), ("TWILIO_API_KEY_SECRET", "{{base62:32}}")],
    ),
    (
        "azure-client-secret",
        &["azure-client-id", "azure-tenant-id"],
        &[
            ("AZURE_TENANT_ID", "{{uuid}}"),
            ("AZURE_CLIENT_ID", "{{uuid}}"),
            ("AZURE_CLIENT_SECRET", "{{base62:3}}8Q~{{base62:34}}"),
        ],
    ),
    (
        "google-oauth-client-secret",
        &["google-client-id"],
        &[
            ("GOOGLE_CLIENT_ID", "{{digits:12}}-{{base36:32}}.apps.googleusercontent.com"),
            ("GOOGLE_CLIENT_SECRET", "GOCSPX-{{base62:28}}"),
        ],
    ),
    (
        "github-client-secret",
        &["github-client-id"],
        &[("GITHUB_CLIENT_ID", "Iv1.{{hex:16}}"), ("GITHUB_CLIENT_SECRET", "{{hex:40}}")],
    ),
    (
        "slack-client-secret",
        &["slack-client-id"],
        &[("SLACK_CLIENT_ID", "1{{digits:11}}.2{{digits:12}}"), ("SLACK_CLIENT_SECRET", "{{hex:32}}")],
    ),
    (
        "facebook-app-secret",
        &["facebook-app-id"],
        &[("FACEBOOK_APP_ID", "1{{digits:15}}"), ("FACEBOOK_APP_SECRET", "{{hex:32}}")],
    ),
    (
        "stripe-secret-key",
        &["stripe-publishable-key"],
        &[("STRIPE_PUBLISHABLE_KEY", "pk_live_{{base62:24}}"), ("STRIPE_SECRET_KEY", "sk_live_{{base62:24}}")],
    ),
    ("plaid-secret", &["plaid-client-id"], &[("PLAID_CLIENT_ID", "{{hex:24}}"), ("PLAID_SECRET", "{{hex:30}}")]),
    (
        "cloudflare-global-api-key",
        &["cloudflare-account-email"],
        &[("CLOUDFLARE_EMAIL", "ops@acme.dev"), ("CLOUDFLARE_API_KEY", "{{hex:37}}")],
    ),
    (
        "algolia-admin-api-key",
        &["algolia-application-id"],
        &[("ALGOLIA_APP_ID", "{{BASE36:10}}"), ("ALGOLIA_ADMIN_KEY", "{{hex:32}}")],
    ),
    (
        "pusher-app-secret",
        &["pusherchannelkey-key"],
        &[("PUSHER_APP_KEY", "{{hex:20}}"), ("PUSHER_APP_SECRET", "{{hex:20}}")],
    ),
    (
        "mailjet-secret-key",
        &["mailjet-api-key"],
        &[("MJ_APIKEY_PUBLIC", "{{hex:32}}"), ("MJ_APIKEY_PRIVATE", "{{hex:32}}")],
    ),
    (
        "spotify-api-secret",
        &["spotify-client-id"],
        &[("SPOTIFY_CLIENT_ID", "{{hex:32}}"), ("SPOTIFY_CLIENT_SECRET", "{{hex:32}}")],
    ),
    (
        "zoom-client-secret",
        &["zoom-client-id", "zoom-account-id"],
        &[
            ("ZOOM_ACCOUNT_ID", "{{base62:22}}"),
            ("ZOOM_CLIENT_ID", "{{base62:22}}"),
            ("ZOOM_CLIENT_SECRET", "{{base62:32}}"),
        ],
    ),
    (
        "okta-api-token",
        &["okta-domain"],
        &[("OKTA_DOMAIN", "acme-dev.okta.com"), ("OKTA_API_TOKEN", "00{{base62:40}}")],
    ),
    (
        "snowflake-credential",
        &["snowflake-account", "snowflake-user"],
        &[
            ("SNOWFLAKE_ACCOUNT", "xy{{digits:5}}.eu-west-1"),
            ("SNOWFLAKE_USER", "loader_svc"),
            ("SNOWFLAKE_PASSWORD", "k9!{{base62:12}}"),
        ],
    ),
    ("generic-secret", &["oauth-client-id"], &[("CLIENT_ID", "{{base36:24}}"), ("CLIENT_SECRET", "{{base62:40}}")]),
];

/// The ways that people write parts of a credential down.
fn written(parts: &[(&str, &str)]) -> Vec<String> {
    let all = |line: &dyn Fn(&str, &str) -> String, between: &str, parts: &[(&str, &str)]| {
        parts.iter().map(|(name, value)| line(name, value)).collect::<Vec<_>>().join(between)
    };
    let reversed: Vec<(&str, &str)> = parts.iter().rev().copied().collect();
    let env = |name: &str, value: &str| format!("{name}={value}");
    let yaml = |name: &str, value: &str| format!("  {}: \"{value}\"", name.to_lowercase());
    let json = |name: &str, value: &str| format!("\"{}\": \"{value}\"", name.to_lowercase());
    let shell = |name: &str, value: &str| format!("export {name}='{value}'");
    let others = "\nREGION=eu-central-1\nLOG_LEVEL=info\n# and\n# some\n# more\nDEBUG=0\nPORT=8080\n";
    vec![
        all(&env, "\n", parts),
        all(&env, "\n", &reversed),
        all(&yaml, "\n", parts),
        format!("{{ {} }}", all(&json, ", ", parts)),
        format!("{{ {} }}", all(&json, ", ", &reversed)),
        all(&shell, "; ", parts),
        all(&env, others, parts),
    ]
}

#[test]
fn both_parts_make_one_finding() {
    let engine = Engine::new(RuleSet::builtin());
    let mut report = String::new();
    for (secret, companions, parts) in CASES {
        for text in written(parts) {
            let mut found = found(&engine, &text);
            for (rule, companions) in &mut found {
                companions.sort();
                // Right before or behind its id there are rules of its own.
                for order in ["-after-id", "-before-id"] {
                    *rule = rule.trim_end_matches(order).to_owned();
                }
            }
            let mut wanted: Vec<String> = companions.iter().map(|c| c.to_string()).collect();
            wanted.sort();
            if found != [(secret.to_string(), wanted)] {
                report.push_str(&format!("{found:?}\n    {}\n", text.replace('\n', "\n    ")));
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn an_aws_pair_is_found_without_names() {
    let engine = Engine::new(RuleSet::builtin());
    for (text, rule) in [
        ("AKIA{{base32:16}}:{{base64:40}}", "aws-secret-access-key-after-id"),
        ("new Keys(\"{{base64:40}}\", \"AKIA{{base32:16}}\")", "aws-secret-access-key-before-id"),
        (
            "id: AKIA{{base32:16}}\nbucket: acme\nregion: eu-west-1\nprefix: logs/2024\nretries: 3\nsecret: {{base64:40}}\n",
            "aws-secret-access-key-after-id",
        ),
    ] {
        assert_eq!(found(&engine, text), [(rule.to_owned(), vec!["aws-access-key-id".to_owned()])], "{text}");
    }
}

#[test]
fn each_half_of_two_secrets_names_the_other() {
    let engine = Engine::new(RuleSet::builtin());
    let text = "DATADOG_API_KEY={{hex:32}}\nDATADOG_APP_KEY={{hex:40}}\n";
    let pair = |a: &str, b: &str| (a.to_owned(), vec![b.to_owned()]);
    let wanted =
        [pair("datadog-api-key", "datadog-application-key"), pair("datadog-application-key", "datadog-api-key")];
    assert_eq!(found(&engine, text), wanted);
}

#[test]
fn a_key_id_alone_is_found_and_takes_nothing_from_afar() {
    let engine = Engine::new(RuleSet::builtin());
    let alone = [("aws-access-key-id".to_owned(), Vec::new())];
    assert_eq!(found(&engine, "AWS_ACCESS_KEY_ID=AKIA{{base32:16}}\n"), alone);
    let afar = format!("AWS_ACCESS_KEY_ID=AKIA{{{{base32:16}}}}\n{}", "# a comment\n".repeat(80));
    let both = found(&engine, &format!("{afar}AWS_SECRET_ACCESS_KEY={{{{base64:40}}}}\n"));
    assert!(both.len() == 2 && both.iter().all(|(_, companions)| companions.is_empty()), "{both:?}");
}
