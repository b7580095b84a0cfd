//! Rules as Rust source: the text of the constant that holds them.
//!
//! Each type that a rule is made of says how it is written. Lists and texts are borrowed, so that nothing is left to do
//! when the program starts.

use crate::model::byte_set::ByteSet;
use crate::model::request::{
    Algorithm, Answer, Body, Condition, Digest, Extract, Form, Http, Meaning, Request, Setting, SigV4, Step, Value,
    Wanted,
};
use crate::model::rule::{Detect, List, Literal, Pair, Probe, Rule, Severity, Str, Verify};

/// The rules as a constant.
pub fn constants(rules: &[Rule]) -> String {
    let rules: Vec<String> = rules.iter().map(Layout::layout).collect();
    format!("&[\n{}\n]", rules.join(",\n"))
}

/// What can be written as a constant.
trait Layout {
    /// Its Rust source.
    fn layout(&self) -> String;
}

impl Layout for Str {
    fn layout(&self) -> String {
        format!("Cow::Borrowed({self:?})")
    }
}

impl<T: Layout> Layout for List<T>
where
    [T]: ToOwned,
{
    fn layout(&self) -> String {
        let items: Vec<String> = self.iter().map(Layout::layout).collect();
        format!("Cow::Borrowed(&[{}])", items.join(", "))
    }
}

impl<T: Layout> Layout for Option<T> {
    fn layout(&self) -> String {
        self.as_ref().map_or("None".to_owned(), |value| format!("Some({})", value.layout()))
    }
}

impl<A: Layout, B: Layout> Layout for (A, B) {
    fn layout(&self) -> String {
        format!("({}, {})", self.0.layout(), self.1.layout())
    }
}

impl Layout for ByteSet {
    fn layout(&self) -> String {
        format!("ByteSet({:?})", self.0)
    }
}

/// For what `Debug` writes as Rust does.
macro_rules! as_debug {
    ($($kind:ty),*) => {$(
        impl Layout for $kind {
            fn layout(&self) -> String {
                format!("{self:?}")
            }
        }
    )*};
}

as_debug!(bool, u8, u16, u32, i64, f32);

/// For an enum whose variants hold nothing.
macro_rules! names {
    ($($kind:ident),*) => {$(
        impl Layout for $kind {
            fn layout(&self) -> String {
                format!("{}::{self:?}", stringify!($kind))
            }
        }
    )*};
}

names!(Severity, Digest, Form, Algorithm, Meaning);

/// `Name { field: value, … }` of the fields named.
macro_rules! record {
    ($name:expr, $($field:ident),*) => {
        format!("{} {{ {} }}", $name, [$(format!("{}: {}", stringify!($field), $field.layout())),*].join(", "))
    };
}

/// For a struct: all of its fields, or the compiler complains.
macro_rules! records {
    ($($kind:ident { $($field:ident),* })*) => {$(
        impl Layout for $kind {
            fn layout(&self) -> String {
                let $kind { $($field),* } = self;
                record!(stringify!($kind), $($field),*)
            }
        }
    )*};
}

records! {
    Rule {
        id, provider, description, severity, tags, detect, literals, reach, entropy, path, confidence, identifier,
        companions, checksum, verify, risk, revoke, store, docs, matching, non_matching
    }
    Literal { text, lead, probe }
    Probe { start, gram, tail }
    Pair { rule, within, required }
    Step { docs, request, split, set, active, inactive, next, take, show, answers }
    Http { method, url, host, own_servers, headers, basic, body, sigv4 }
    SigV4 { service, region, id, secret, token }
    Setting { name, value }
    Condition { status, header, json, body, without }
    Answer { means, status, headers, body, show }
}

impl Layout for Detect {
    fn layout(&self) -> String {
        match self {
            Detect::Pattern { regex } => record!("Detect::Pattern", regex),
            Detect::Near { regex } => record!("Detect::Near", regex),
            Detect::Assigned { value } => record!("Detect::Assigned", value),
            Detect::Path => "Detect::Path".to_owned(),
        }
    }
}

impl Layout for Verify {
    fn layout(&self) -> String {
        match self {
            Verify::Steps(steps) => format!("Verify::Steps({})", steps.layout()),
            Verify::Like(rule) => format!("Verify::Like({})", rule.layout()),
        }
    }
}

impl Layout for Request {
    fn layout(&self) -> String {
        match self {
            Request::Http(http) => format!("Request::Http({})", http.layout()),
            Request::Login(login) => format!("Request::Login({})", login.layout()),
        }
    }
}

impl Layout for Body {
    fn layout(&self) -> String {
        match self {
            Body::None => "Body::None".to_owned(),
            Body::Form(fields) => format!("Body::Form({})", fields.layout()),
            Body::Json(text) => format!("Body::Json({})", text.layout()),
            Body::Text(text) => format!("Body::Text({})", text.layout()),
        }
    }
}

impl Layout for Value {
    fn layout(&self) -> String {
        match self {
            Value::Text(text) => format!("Value::Text({})", text.layout()),
            Value::Hash { digest, text, form } => record!("Value::Hash", digest, text, form),
            Value::Hmac { digest, key, key_form, text, form } => {
                record!("Value::Hmac", digest, key, key_form, text, form)
            }
            Value::Jwt { algorithm, key, head, claims } => record!("Value::Jwt", algorithm, key, head, claims),
        }
    }
}

impl Layout for Wanted {
    fn layout(&self) -> String {
        match self {
            Wanted::Present => "Wanted::Present".to_owned(),
            Wanted::Text(text) => format!("Wanted::Text({})", text.layout()),
            Wanted::Number(number) => format!("Wanted::Number({})", number.layout()),
            Wanted::Bool(value) => format!("Wanted::Bool({})", value.layout()),
        }
    }
}

impl Layout for Extract {
    fn layout(&self) -> String {
        match self {
            Extract::Json(path) => format!("Extract::Json({})", path.layout()),
            Extract::Header(name) => format!("Extract::Header({})", name.layout()),
            Extract::Body(regex) => format!("Extract::Body({})", regex.layout()),
        }
    }
}
