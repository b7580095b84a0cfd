//! The part of the configuration's schema that says how a rule's provider is asked.
//
// Stands for `RawStep` and its parts, which the build script compiles too and so derive no schema.

#![allow(dead_code, reason = "only the schemas are used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// One HTTPS request, and how its answer is read. Texts may hold variables: `{{secret}}`, `{{id-of-a-companions-rule}}`.
/// The page on verification tells all of them.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct StepSchema {
    /// The page of the provider that documents the request.
    #[schemars(example = &"https://acme.example/docs/api#whoami")]
    docs: String,
    /// How it is asked; GET where left out, or POST where something is sent along.
    #[schemars(extend("enum" = ["GET", "HEAD", "OPTIONS", "POST", "PUT"]), with = "Option<String>", example = &"POST")]
    method: Option<String>,
    /// `https://…`, or a path alone where only the user can know the server.
    #[schemars(example = &"https://api.acme.example/v1/whoami")]
    url: Option<String>,
    /// In place of `url`, for `--verify=deep`: a connection string.
    #[schemars(example = &"{{secret}}")]
    login: Option<String>,
    /// Regex that a host with variables in it must match as a whole; ends in a domain of the provider.
    #[schemars(example = &r"[a-z0-9-]+\.acme\.example")]
    host: Option<String>,
    /// true where many run the service on servers of their own: a refusal makes it unknown then, not inactive.
    #[schemars(default, example = true)]
    own_servers: bool,
    /// Header fields.
    #[schemars(default, example = BTreeMap::from([("Authorization", "Bearer {{secret}}")]))]
    headers: BTreeMap<String, String>,
    /// `user:password` of basic authentication.
    #[schemars(example = &"{{acme-account}}:{{secret}}")]
    basic: Option<String>,
    /// Fields of a form to send along. Only one of `form`, `json` and `body`.
    #[schemars(example = BTreeMap::from([("token", "{{secret}}")]))]
    form: Option<BTreeMap<String, String>>,
    /// JSON to send along.
    #[schemars(example = &r#"{"token": "{{secret}}"}"#)]
    json: Option<String>,
    /// Text to send along.
    #[schemars(example = &"token={{secret}}")]
    body: Option<String>,
    /// Regex on the secret with named groups, each of which becomes a variable. A secret that does not match is not asked
    /// about.
    #[schemars(example = &"^(?<id>[0-9]+):(?<key>.+)$")]
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
    #[schemars(default, example = BTreeMap::from([("session", "json session.id")]))]
    take: BTreeMap<String, String>,
    /// What to report of an active one, in the same form: account, email, expires, key, name, organization, permissions, plan,
    /// project, scopes, team, url or user.
    #[schemars(default, example = BTreeMap::from([("user", "json user.name"), ("scopes", "header x-scopes")]))]
    show: BTreeMap<String, String>,
    /// Recorded answers, which `unspill rules test` tries.
    #[schemars(default)]
    answers: Vec<AnswerSchema>,
}

/// A variable: a text, or a hash, keyed hash or signed token.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SettingSchema {
    /// Its name.
    #[schemars(example = &"signature")]
    name: String,
    /// What it is, or what is hashed.
    #[schemars(default, example = &"{{unix}}.{{secret}}")]
    text: String,
    /// The hash of `text` by this function.
    #[schemars(extend("enum" = ["sha1", "sha256", "sha512"]), with = "Option<String>", example = &"sha256")]
    hash: Option<String>,
    /// The keyed hash of `text` by this function (RFC 2104).
    #[schemars(extend("enum" = ["sha1", "sha256", "sha512"]), with = "Option<String>", example = &"sha256")]
    hmac: Option<String>,
    /// A signed token of `claims` by this algorithm (RFC 7519).
    #[schemars(extend("enum" = ["HS256", "RS256", "ES256"]), with = "Option<String>", example = &"RS256")]
    jwt: Option<String>,
    /// What `hmac` and `jwt` sign with.
    #[schemars(default, example = &"{{secret}}")]
    key: String,
    /// How the key is written.
    #[schemars(extend("enum" = ["text", "hex", "base64", "base64url"], "default" = "text"), with = "Option<String>")]
    #[schemars(example = &"base64")]
    key_as: Option<String>,
    /// How the result is written.
    #[schemars(rename = "as")]
    #[schemars(extend("enum" = ["hex", "base64", "base64url"], "default" = "hex"), with = "Option<String>")]
    #[schemars(example = &"base64")]
    form: Option<String>,
    /// With `jwt`: JSON of the head, beside the algorithm.
    #[schemars(default, example = &r#"{"kid": "{{acme-account}}"}"#)]
    head: String,
    /// With `jwt`: JSON of what is claimed.
    #[schemars(default, example = &r#"{"exp": {{unix+300}}}"#)]
    claims: String,
}

/// What to sign with.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SigV4Schema {
    /// The service.
    #[schemars(example = &"sts")]
    service: String,
    /// The region.
    #[schemars(example = &"us-east-1")]
    region: String,
    /// The access key id.
    #[schemars(example = &"{{aws-access-key-id}}")]
    id: String,
    /// The secret access key.
    #[schemars(example = &"{{secret}}")]
    secret: String,
    /// The session token, if there is one.
    #[schemars(default, example = &"{{aws-session-token?}}")]
    token: String,
}

/// All that is given must hold.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ConditionSchema {
    /// A status, or a class such as "2xx".
    #[schemars(default, example = 200, example = &"2xx")]
    status: Many<StatusSchema>,
    /// Texts that header fields hold, whatever the case.
    #[schemars(default, example = BTreeMap::from([("content-type", "json")]))]
    header: BTreeMap<String, String>,
    /// What stands at paths of a JSON body; "*" for anything but null.
    #[schemars(default, example = BTreeMap::from([("user.name", "*")]))]
    json: BTreeMap<String, WantedSchema>,
    /// Texts of which the body holds one.
    #[schemars(default, example = &"invalid key")]
    body: Many<String>,
    /// Texts of which the body holds none.
    #[schemars(default, example = &"try again")]
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
    /// What it means.
    #[schemars(extend("enum" = ["active", "inactive", "next", "unknown"]), example = &"active")]
    is: String,
    /// Its status.
    #[schemars(example = 200)]
    status: u16,
    /// Its header fields.
    #[schemars(default, example = BTreeMap::from([("x-scopes", "read")]))]
    headers: BTreeMap<String, String>,
    /// Its body.
    #[schemars(default, example = &r#"{"user": {"name": "coyote"}}"#)]
    body: String,
    /// What is then reported.
    #[schemars(default, example = BTreeMap::from([("user", "coyote")]))]
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
