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
//
// Stands for `RawRule`, which the build script compiles too and so derives no schema. A test holds both to the same keys.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only its schema is used")]
pub(super) struct RuleSchema {
    /// Unique name: a-z, 0-9 and `-`.
    id: String,
    /// Who issues the credential.
    provider: Option<String>,
    /// What it is, in a few words.
    #[schemars(default)]
    description: String,
    /// low, medium, high or critical.
    #[schemars(extend("enum" = ["low", "medium", "high", "critical"]), with = "String", default)]
    severity: Option<String>,
    /// Names for --rule and --skip-rule.
    #[schemars(default)]
    tags: Vec<String>,
    /// Regex with a group `secret`: a form that is distinctive by itself.
    pattern: Option<String>,
    /// Names of a service, of which one must stand before the value.
    near: Option<Vec<String>>,
    /// Words of a key's name to which the value is assigned.
    assigned: Option<Vec<String>>,
    /// With `near` and `assigned`: regex of the value.
    value: Option<String>,
    /// With `near`: how many bytes may stand between name and value.
    within: Option<u32>,
    /// Literals of which each match contains one; derived from the pattern where left out.
    keywords: Option<Vec<String>>,
    /// Bytes on either side of a literal within which a match must lie.
    reach: Option<u32>,
    /// Lowest Shannon entropy of the secret, in bits per byte.
    #[schemars(range(min = 0, max = 8))]
    entropy: Option<f32>,
    /// Regex on the path: the rule holds only where it matches.
    path: Option<String>,
    /// Confidence of a match before evidence is weighed.
    #[schemars(range(min = 0, max = 100))]
    confidence: Option<u8>,
    /// true for what is no secret by itself, but part of a credential.
    #[schemars(default)]
    identifier: bool,
    /// Other parts of the same credential.
    #[schemars(default)]
    companions: Vec<PairSchema>,
    /// Name of the offline check of its structure.
    checksum: Option<String>,
    /// What an attacker can do with it.
    #[schemars(default)]
    risk: String,
    /// How to revoke it.
    #[schemars(default)]
    revoke: String,
    /// Where it should live instead.
    #[schemars(default)]
    store: String,
    /// Documentation of its form.
    #[schemars(default)]
    docs: String,
    /// Texts to try the rule on.
    #[schemars(default)]
    examples: ExamplesSchema,
    /// How the provider is asked whether it works, for --verify: one request, or a few. Only in a file that is named with
    /// --config.
    #[schemars(default)]
    verify: Vec<StepSchema>,
    /// Id of a rule whose `verify` holds for this one, too.
    verify_like: Option<String>,
}

/// Another part of the same credential.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only its schema is used")]
struct PairSchema {
    /// Id of the rule that finds it.
    rule: String,
    /// How far away it may stand, in bytes.
    within: Option<u32>,
    /// true if the match is worth nothing without it.
    #[schemars(default)]
    required: bool,
}

/// Texts to try a rule on.
#[derive(Default, JsonSchema, serde::Serialize)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only its schema is used")]
struct ExamplesSchema {
    /// Texts that must match; templates such as {{hex:32}} are filled in.
    #[schemars(default, rename = "match")]
    matching: Vec<String>,
    /// Texts that must not match.
    #[schemars(default, rename = "ignore")]
    non_matching: Vec<String>,
}
