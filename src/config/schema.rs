//! The JSON schema of the configuration file, for editors.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::file::ConfigFile;
use super::request_schema::StepSchema;

/// The JSON schema (draft 2020-12) of `unspill.toml`.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ConfigFile>().into()
}

/// A rule of your own. Give one of `pattern`, `near`, `assigned` or `path`.
///
/// ```toml
/// # unspill.toml
/// [[rule]]
/// id = "acme-api-key"
/// provider = "acme"
/// description = "Acme API key"
/// severity = "critical"
/// tags = ["cloud"]
/// pattern = '\b(?<secret>acme_[0-9a-z]{32})\b'
/// entropy = 3.0
/// companions = [{ rule = "acme-account", within = 200 }]
/// risk = "Orders anvils in the owner's name"
/// revoke = "Delete it in Acme's console"
/// store = "The vault of Acme's console"
/// examples.match = ['key = "acme_{{base36:32}}"']
/// examples.ignore = ['key = "acme_{{base36:8}}"']
///
/// [[rule]]
/// id = "acme-account"
/// provider = "acme"
/// identifier = true
/// near = ["acme"]
/// value = '[0-9]{8}'
/// ```
//
// Stands for `RawRule`, which the build script compiles too and so derives no schema. A test holds both to the same keys.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only its schema is used")]
pub(super) struct RuleSchema {
    /// Unique name: a-z, 0-9 and `-`.
    #[schemars(example = &"acme-api-key")]
    id: String,
    /// Who issues the credential, in the form of an id.
    #[schemars(extend("default" = "custom"), example = &"acme")]
    provider: Option<String>,
    /// What it is, in a few words; its id where left out.
    #[schemars(example = &"Acme API key", default)]
    description: String,
    /// How bad a leak is.
    #[schemars(extend("enum" = ["low", "medium", "high", "critical"], "default" = "high"), with = "String")]
    #[schemars(default, example = &"critical")]
    severity: Option<String>,
    /// Names for `--rule` and `--skip-rule`.
    #[schemars(default, example = ["cloud"])]
    tags: Vec<String>,
    /// Regex with a group `secret`: a form that is distinctive by itself. Where `secret` stands in a repetition that is a
    /// group `list`, each turn of it is a match.
    #[schemars(example = &r"\b(?<secret>acme_[0-9a-z]{32})\b")]
    pattern: Option<String>,
    /// Names of a service, of which one must stand before a value that `value` describes. Case does not matter.
    #[schemars(example = ["acme"])]
    near: Option<Vec<String>>,
    /// Words of a key's name to which the value is assigned, as in `acme_password = "…"`. Case does not matter.
    #[schemars(example = ["acme_password"])]
    assigned: Option<Vec<String>>,
    /// Regex of the value: with `near` it has to be there; with `assigned` it must match all of the value.
    #[schemars(example = &"[0-9a-f]{32}")]
    value: Option<String>,
    /// With `near`: how many bytes may stand between name and value.
    #[schemars(extend("default" = 40), example = 80)]
    within: Option<u32>,
    /// Literals of 3 bytes or more of which each match contains one, whatever the case; derived from the pattern where left
    /// out.
    #[schemars(example = ["acme_"])]
    keywords: Option<Vec<String>>,
    /// Bytes on either side of a literal within which a match must lie, 1 to 16384. With `assigned` it is 512 at least.
    #[schemars(extend("default" = 256), range(min = 1, max = 16_384), example = 1024)]
    reach: Option<u32>,
    /// Lowest Shannon entropy of the secret, in bits per byte: 0 for all bytes alike, 4 for random hexadecimal digits.
    #[schemars(range(min = 0, max = 8), extend("default" = 0), example = 3.0)]
    entropy: Option<f32>,
    /// Regex on the path: the rule holds only where it matches. Alone, it is what the rule looks for.
    #[schemars(example = &r"(?:^|/)acme\.toml$")]
    path: Option<String>,
    /// Confidence of a match before evidence is weighed: 85 with `pattern` and `path`, 60 with `near`, 50 with `assigned` where
    /// left out.
    #[schemars(range(min = 0, max = 100), example = 75)]
    confidence: Option<u8>,
    /// true for what is no secret by itself, but part of a credential: it is never reported alone.
    #[schemars(default, example = true)]
    identifier: bool,
    /// Other parts of the same credential.
    #[schemars(default)]
    companions: Vec<PairSchema>,
    /// Name of the built-in check of its structure, as `unspill rules show` tells it of a rule that has one.
    #[schemars(example = &"github")]
    checksum: Option<String>,
    /// What an attacker can do with it, in one line.
    #[schemars(default, example = &"Orders anvils in the owner's name")]
    risk: String,
    /// How to revoke it, in one line.
    #[schemars(default, example = &"Delete it in Acme's console")]
    revoke: String,
    /// Where it should live instead, in one line.
    #[schemars(default, example = &"The vault of Acme's console")]
    store: String,
    /// Documentation of its form: an address.
    #[schemars(default, example = &"https://acme.example/docs/keys")]
    docs: String,
    /// Texts to try the rule on, with `unspill rules test`.
    #[schemars(default)]
    examples: ExamplesSchema,
    /// How the provider is asked whether it works, for `--verify`: one request, or a few. Only in a file that is named with
    /// `--config`.
    #[schemars(default)]
    verify: Vec<StepSchema>,
    /// Id of a rule whose `verify` holds for this one, too.
    #[schemars(example = &"acme-api-key")]
    verify_like: Option<String>,
}

/// Another part of the same credential.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only its schema is used")]
struct PairSchema {
    /// Id of the rule that finds it.
    #[schemars(example = &"acme-account")]
    rule: String,
    /// How far away it may stand, in bytes between the two.
    #[schemars(extend("default" = 512), example = 200)]
    within: Option<u32>,
    /// true if the match is worth nothing without it.
    #[schemars(default, example = true)]
    required: bool,
}

/// Texts to try a rule on.
#[derive(Default, JsonSchema, serde::Serialize)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only its schema is used")]
struct ExamplesSchema {
    /// Texts that must match; templates such as `{{hex:32}}` are filled in.
    #[schemars(default, example = [r#"key = "acme_{{base36:32}}""#])]
    #[serde(rename = "match")]
    matching: Vec<String>,
    /// Texts that must not match.
    #[schemars(default, example = [r#"key = "acme_{{base36:8}}""#])]
    #[serde(rename = "ignore")]
    non_matching: Vec<String>,
}
