//! How a rule's provider is asked whether a credential works: the requests, and what their answers mean.
//!
//! Texts that are called templates hold variables in double braces, `{{secret}}`; see `rules::template`. Like rules,
//! all of this is either a constant of the binary or was read from a user's file.

use crate::model::rule::{List, Str};

/// One request, and how its answer is read. Most rules have one; a further one uses what the one before took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The page of the provider that documents the request.
    pub docs: Str,
    /// What is asked.
    pub request: Request,
    /// Regex on the secret with named groups, each of which becomes a variable.
    pub split: Option<Str>,
    /// Variables that are worked out before the request, in this order.
    pub set: List<Setting>,
    /// What shows that the credential works: one of these must hold. Looked at first.
    pub active: List<Condition>,
    /// What shows that it does not.
    pub inactive: List<Condition>,
    /// When to go on with the next step.
    pub next: List<Condition>,
    /// Variables for the next steps, out of the answer.
    pub take: List<(Str, Extract)>,
    /// What of the answer is worth reporting, by name.
    pub show: List<(Str, Extract)>,
    /// Recorded answers, and what each means.
    pub answers: List<Answer>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "constants cannot be boxed, and nearly all are of the larger kind")]
pub enum Request {
    /// An HTTPS request.
    Http(Http),
    /// A login with a connection string, such as `postgres://user:password@host/database`: a template of it.
    Login(Str),
}

/// An HTTPS request. All texts but `method` and `host` are templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// `GET`, `POST` …
    pub method: Str,
    /// `https://…`, or a path alone where only the user can know the server.
    pub url: Str,
    /// Regex that a host with variables in it must match as a whole.
    pub host: Option<Str>,
    /// Whether many run the service on servers of their own: that this one refuses a credential tells little then.
    pub own_servers: bool,
    /// Header fields.
    pub headers: List<(Str, Str)>,
    /// `user:password` of basic authentication.
    pub basic: Option<Str>,
    /// What is sent along.
    pub body: Body,
    /// How the request is signed, if it is.
    pub sigv4: Option<SigV4>,
}

/// What is sent along with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// Fields of a form.
    Form(List<(Str, Str)>),
    /// JSON.
    Json(Str),
    /// Text of any kind.
    Text(Str),
}

/// What the Signature Version 4 of AWS is made with; templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigV4 {
    /// The service's name: `sts`.
    pub service: Str,
    /// The region.
    pub region: Str,
    /// The access key id.
    pub id: Str,
    /// The secret access key.
    pub secret: Str,
    /// The session token; empty for none.
    pub token: Str,
}

/// A variable to work out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: Str,
    /// What it is.
    pub value: Value,
}

/// What a variable is; texts are templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(Str),
    /// A hash of a text.
    Hash { digest: Digest, text: Str, form: Form },
    /// A keyed hash of a text (RFC 2104).
    Hmac { digest: Digest, key: Str, key_form: Form, text: Str, form: Form },
    /// A signed token (RFC 7519); head and claims are JSON.
    Jwt { algorithm: Algorithm, key: Str, head: Str, claims: Str },
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they are.
    Text,
    Hex,
    Base64,
    /// Base64 for URLs, without padding.
    Base64Url,
}

/// How a token is signed, by the names of RFC 7518.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Hs256,
    Rs256,
    Es256,
}

/// What an answer must be like: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The status is in one of these ranges, first and last included; empty for any.
    pub status: List<(u16, u16)>,
    /// Header fields that hold these texts, whatever the case.
    pub header: List<(Str, Str)>,
    /// What stands at these paths of a JSON body.
    pub json: List<(Str, Wanted)>,
    /// The body holds one of these texts; empty for any.
    pub body: List<Str>,
    /// The body holds none of these texts.
    pub without: List<Str>,
}

/// What must stand at a path of a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Anything but null.
    Present,
    /// This text.
    Text(Str),
    /// This number.
    Number(i64),
    /// This.
    Bool(bool),
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extract {
    /// What stands at a path of a JSON body: names and positions, with dots between them.
    Json(Str),
    /// A header field.
    Header(Str),
    /// The first group of a regex on the body.
    Body(Str),
}

/// A recorded answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it means.
    pub means: Meaning,
    /// Its status.
    pub status: u16,
    /// Its header fields.
    pub headers: List<(Str, Str)>,
    /// Its body.
    pub body: Str,
    /// What is reported of it, by name.
    pub show: List<(Str, Str)>,
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The credential works.
    Active,
    /// It does not.
    Inactive,
    /// The next step will tell.
    Next,
    /// Nothing that tells.
    Unknown,
}
