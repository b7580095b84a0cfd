//! The part of the configuration's schema that says how a rule's provider is asked.
//
// Stands for `RawStep` and its parts, which the build script compiles too and so derive no schema.

#![allow(dead_code, reason = "only the schemas are used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// One HTTPS request, and how its answer is read. Texts may hold variables: `{{secret}}`, `{{id-of-a-companions-rule}}`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct StepSchema {
    /// The page of the provider that documents the request.
    docs: String,
    /// GET, or POST where something is sent along, unless this says otherwise.
    #[schemars(extend("enum" = ["GET", "HEAD", "OPTIONS", "POST", "PUT"]), with = "String", default)]
    method: Option<String>,
    /// https://…, or a path alone where only the user can know the server.
    url: Option<String>,
    /// In place of `url`, for --verify=deep: a connection string.
    login: Option<String>,
    /// Regex that a host with variables in it must match as a whole; ends in a domain of the provider.
    host: Option<String>,
    /// true where many run the service on servers of their own: a refusal makes it unknown then, not inactive.
    #[schemars(default)]
    own_servers: bool,
    /// Header fields.
    #[schemars(default)]
    headers: BTreeMap<String, String>,
    /// user:password of basic authentication.
    basic: Option<String>,
    /// Fields of a form to send along.
    form: Option<BTreeMap<String, String>>,
    /// JSON to send along.
    json: Option<String>,
    /// Text to send along.
    body: Option<String>,
    /// Regex on the secret with named groups, each of which becomes a variable.
    split: Option<String>,
    /// Variables to work out, in this order.
    #[schemars(default)]
    set: Vec<SettingSchema>,
    /// Signs the request by AWS Signature Version 4.
    sigv4: Option<SigV4Schema>,
    /// What shows that the credential works: one of these must hold. Looked at first.
    #[schemars(default)]
    active: Many<ConditionSchema>,
    /// What shows that it does not.
    #[schemars(default)]
    inactive: Many<ConditionSchema>,
    /// When to go on with the next step.
    #[schemars(default)]
    next: Many<ConditionSchema>,
    /// Variables for the next steps: `json PATH`, `header NAME` or `body REGEX`.
    #[schemars(default)]
    take: BTreeMap<String, String>,
    /// What to report of an active one, in the same form.
    #[schemars(default)]
    show: BTreeMap<String, String>,
    /// Recorded answers, which `unspill rules test` tries.
    #[schemars(default)]
    answers: Vec<AnswerSchema>,
}

/// A variable: a text, or a hash, keyed hash or signed token.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SettingSchema {
    name: String,
    #[schemars(default)]
    text: String,
    /// sha1, sha256 or sha512: the hash of `text`.
    hash: Option<String>,
    /// sha1, sha256 or sha512: the keyed hash of `text`.
    hmac: Option<String>,
    /// HS256, RS256 or ES256: a signed token of `claims`.
    jwt: Option<String>,
    #[schemars(default)]
    key: String,
    /// How the key is written: text, hex, base64 or base64url.
    key_as: Option<String>,
    /// How the result is written: hex, base64 or base64url.
    #[schemars(rename = "as")]
    form: Option<String>,
    #[schemars(default)]
    head: String,
    #[schemars(default)]
    claims: String,
}

/// What to sign with.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SigV4Schema {
    service: String,
    region: String,
    id: String,
    secret: String,
    #[schemars(default)]
    token: String,
}

/// All that is given must hold.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ConditionSchema {
    /// A status, or a class such as "2xx".
    #[schemars(default)]
    status: Many<StatusSchema>,
    /// Texts that header fields hold.
    #[schemars(default)]
    header: BTreeMap<String, String>,
    /// What stands at paths of a JSON body; "*" for anything but null.
    #[schemars(default)]
    json: BTreeMap<String, WantedSchema>,
    /// Texts of which the body holds one.
    #[schemars(default)]
    body: Many<String>,
    /// Texts of which the body holds none.
    #[schemars(default)]
    without: Many<String>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum StatusSchema {
    Number(u16),
    Class(String),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum WantedSchema {
    Text(String),
    Number(i64),
    Bool(bool),
}

/// An answer, and what it means.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct AnswerSchema {
    /// active, inactive, next or unknown.
    #[schemars(extend("enum" = ["active", "inactive", "next", "unknown"]))]
    is: String,
    status: u16,
    #[schemars(default)]
    headers: BTreeMap<String, String>,
    #[schemars(default)]
    body: String,
    #[schemars(default)]
    show: BTreeMap<String, String>,
}

/// One, or a list of them.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Many<T> {
    One(T),
    List(Vec<T>),
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many::List(Vec::new())
    }
}

/// For the default that the schema names: an empty list.
impl<T> serde::Serialize for Many<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq::<[(); 0]>([])
    }
}
