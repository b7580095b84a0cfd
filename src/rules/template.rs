//! Templates: texts with variables in double braces, of which requests to providers are made.
//!
//! `{{secret}}` stands for the variable `secret`; `{{name?}}` is empty and `{{name?text}}` is `text` where there is no
//! such variable; `{{unix+300}}` adds to a number. Filters follow behind bars, in the order in which they are applied:
//! `{{secret|upper|base64}}`.
//!
//! The build script includes this file to check the built-in rules, so it may lean on nothing else of the crate.

/// A text with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Text(String),
    /// A variable.
    Variable(Variable),
}

/// The use of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name: a-z, 0-9, `-` and `_`.
    pub name: String,
    /// What is added to it; it is a number then.
    pub plus: u64,
    /// What it is where there is no such variable; without it, there must be one.
    pub default: Option<String>,
    /// What is done to it.
    pub filters: Vec<Filter>,
}

/// What can be done to a variable's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Base64 of RFC 4648, with padding.
    Base64,
    /// Base64 for URLs, without padding.
    Base64Url,
    /// Hexadecimal digits, lower case.
    Hex,
    /// Its SHA-256 in hexadecimal digits.
    Sha256,
    /// ASCII lower case.
    Lower,
    /// ASCII upper case.
    Upper,
    /// The host of a URL.
    Host,
    /// Keeps it from being escaped for where it stands.
    Raw,
}

impl Filter {
    /// All filters with their names.
    pub const ALL: [(&'static str, Filter); 8] = [
        ("base64", Filter::Base64),
        ("base64url", Filter::Base64Url),
        ("hex", Filter::Hex),
        ("sha256", Filter::Sha256),
        ("lower", Filter::Lower),
        ("upper", Filter::Upper),
        ("host", Filter::Host),
        ("raw", Filter::Raw),
    ];
}

/// Variables that are there in every template: the secret, and what has to do with time and chance.
pub const ALWAYS: [&str; 6] = ["secret", "unix", "millis", "iso", "httpdate", "nonce"];

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, from)) = rest.split_once("{{") {
            let (inner, after) = from.split_once("}}").ok_or_else(|| format!("`{{{{{}` is not closed", head(from)))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Variable(variable(inner)?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Template { parts })
    }

    /// The variables in it.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(variable) => Some(variable),
            Part::Text(_) => None,
        })
    }
}

fn variable(inner: &str) -> Result<Variable, String> {
    let wrong = |what: &str| format!("`{{{{{inner}}}}}`: {what}");
    let mut pieces = inner.split('|');
    let subject = pieces.next().unwrap_or_default();
    let (subject, default) = match subject.split_once('?') {
        Some((subject, default)) => (subject, Some(default.to_owned())),
        None => (subject, None),
    };
    let (name, plus) = match subject.split_once('+') {
        Some((name, plus)) => (name, plus.parse().map_err(|_| wrong("only a number can be added"))?),
        None => (subject, 0),
    };
    let is_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(wrong("names of variables consist of a-z, 0-9, `-` and `_`"));
    }
    let filter = |piece: &str| {
        let known = Filter::ALL.iter().find(|(name, _)| *name == piece).map(|(_, filter)| *filter);
        known.ok_or_else(|| {
            let names: Vec<&str> = Filter::ALL.iter().map(|(name, _)| *name).collect();
            wrong(&format!("there is no filter `{piece}`, only {}", names.join(", ")))
        })
    };
    Ok(Variable { name: name.to_owned(), plus, default, filters: pieces.map(filter).collect::<Result<_, _>>()? })
}

/// The first characters of a text, for messages.
fn head(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        Template::parse(text).expect("a template").variables().map(|v| v.name.clone()).collect()
    }

    #[test]
    fn variables_stand_in_double_braces() {
        assert_eq!(names("https://{{region}}.example/{{secret|base64}}"), ["region", "secret"]);
        assert_eq!(names(r#"{"a":{"b":"{{secret}}"}}"#), ["secret"]);
        assert_eq!(names(r#"{"a":{"b":1}}"#), [""; 0]);
    }

    #[test]
    fn defaults_sums_and_filters() {
        let template = Template::parse("{{region?eu|upper}}{{unix+300}}{{token?}}").expect("a template");
        let all: Vec<_> = template.variables().collect();
        assert_eq!((all[0].default.as_deref(), &all[0].filters[..]), (Some("eu"), &[Filter::Upper][..]));
        assert_eq!((all[1].name.as_str(), all[1].plus), ("unix", 300));
        assert_eq!(all[2].default.as_deref(), Some(""));
    }

    #[test]
    fn faults_are_named() {
        let fault = |text| Template::parse(text).expect_err("a fault");
        assert_eq!(fault("a {{secret"), "`{{secret` is not closed");
        assert!(fault("{{Secret}}").contains("a-z"));
        assert!(fault("{{secret|rot13}}").contains("no filter `rot13`"));
        assert!(fault("{{unix+soon}}").contains("number"));
    }
}
