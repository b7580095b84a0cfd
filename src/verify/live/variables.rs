//! Variables: what the templates of a request are filled in with. They hold secrets, and are wiped when dropped.

use std::collections::BTreeMap;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::moment::Moment;
use crate::model::{Cause, Doubt, percent_encode};
use crate::rules::template::{Filter, Part, Template, Variable};

/// A text that is wiped when dropped.
pub type Text = Zeroizing<String>;

/// Values by name.
#[derive(Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, Text>,
}

impl Variables {
    /// Gives a variable its value; a later one counts.
    pub fn set(&mut self, name: impl Into<String>, value: Text) {
        self.values.insert(name.into(), value);
    }

    /// A variable's value.
    pub fn get(&self, name: &str) -> Option<&Text> {
        self.values.get(name)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Fills in a template; `escape` is done to every variable that is not to stay raw.
    ///
    /// # Errors
    /// If a variable is missing, or the template is none.
    pub fn fill(&self, template: &str, moment: &Moment, escape: fn(&str) -> String) -> Result<Text, Doubt> {
        let template = Template::parse(template).map_err(|what| Doubt::new(Cause::NoRequest, what))?;
        let mut text = Text::default();
        for part in &template.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Variable(variable) => {
                    let value = self.value(variable, moment)?;
                    let escaped =
                        if variable.filters.contains(&Filter::Raw) { value } else { Text::new(escape(&value)) };
                    text.push_str(&escaped);
                }
            }
        }
        Ok(text)
    }

    fn value(&self, variable: &Variable, moment: &Moment) -> Result<Text, Doubt> {
        let name = variable.name.as_str();
        let time = match name {
            "unix" => Some((moment.unix() + variable.plus).to_string()),
            "millis" => Some((moment.millis + variable.plus).to_string()),
            "iso" => Some(moment.iso()),
            "httpdate" => Some(moment.http_date()),
            "nonce" => Some(moment.nonce()),
            _ => None,
        };
        let known = time.map(Text::new).or_else(|| self.values.get(name).cloned());
        let value = known.or_else(|| variable.default.clone().map(Text::new)).ok_or_else(|| missing(name))?;
        Ok(variable.filters.iter().fold(value, |value, filter| Text::new(apply(*filter, &value))))
    }
}

/// The doubt where a part that a request needs was not found with the secret.
pub fn missing(name: &str) -> Doubt {
    Doubt::new(Cause::Incomplete, format!("the other part that is needed to ask, {name}, was not found with it"))
}

fn apply(filter: Filter, text: &str) -> String {
    match filter {
        Filter::Base64 => BASE64.encode(text.as_bytes()),
        Filter::Base64Url => BASE64URL_NOPAD.encode(text.as_bytes()),
        Filter::Hex => HEXLOWER.encode(text.as_bytes()),
        Filter::Sha256 => HEXLOWER.encode(&Sha256::digest(text.as_bytes())),
        Filter::Lower => text.to_ascii_lowercase(),
        Filter::Upper => text.to_ascii_uppercase(),
        Filter::Host => host(text).to_owned(),
        Filter::Raw => text.to_owned(),
    }
}

/// The host of a URL, or of what a URL would begin with.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let server = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let server = server.rsplit_once('@').map_or(server, |(_, server)| server);
    server.split_once(':').map_or(server, |(host, _)| host)
}

/// Leaves a text as it is.
pub fn plain(text: &str) -> String {
    text.to_owned()
}

/// Percent-encodes all but unreserved characters.
pub fn percent(text: &str) -> String {
    percent_encode(text.as_bytes(), b"")
}

/// The inside of a JSON string (RFC 8259, section 7).
pub fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Moment = Moment { millis: 1_700_000_000_123, nonce: [1; 16] };

    fn filled(template: &str, escape: fn(&str) -> String) -> Result<String, Doubt> {
        let mut variables = Variables::default();
        variables.set("secret", Text::new("a b\"/é".to_owned()));
        variables.fill(template, &MOMENT, escape).map(|text| text.to_string())
    }

    #[test]
    fn variables_are_escaped_for_where_they_stand() {
        assert_eq!(filled("/x/{{secret}}?y", percent).as_deref(), Ok("/x/a%20b%22%2F%C3%A9?y"));
        assert_eq!(filled("/x/{{secret|raw}}", percent).as_deref(), Ok("/x/a b\"/é"));
        assert_eq!(filled(r#"{"k":"{{secret}}"}"#, json).as_deref(), Ok("{\"k\":\"a b\\\"/é\"}"));
    }

    #[test]
    fn filters_time_and_defaults() {
        assert_eq!(filled("{{unix+300}} {{millis}}", plain).as_deref(), Ok("1700000300 1700000000123"));
        assert_eq!(filled("{{iso}}", plain).as_deref(), Ok("2023-11-14T22:13:20Z"));
        assert_eq!(filled("{{no-such?x}}{{no-such?}}", plain).as_deref(), Ok("x"));
        assert_eq!(filled("{{no-such?ab|upper|hex}}", plain).as_deref(), Ok("4142"));
        assert_eq!(filled("{{no-such?a|base64}}", plain).as_deref(), Ok("YQ=="));
        assert_eq!(filled("{{no-such?https://u:p@Db.example:5/x|host|lower}}", plain).as_deref(), Ok("db.example"));
    }

    #[test]
    fn a_missing_part_is_named() {
        let doubt = filled("{{aws-access-key-id}}", plain).expect_err("it is missing");
        assert_eq!(doubt.cause, Cause::Incomplete);
        assert!(doubt.text.contains("aws-access-key-id"), "{doubt}");
    }
}
