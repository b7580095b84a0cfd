//! Slips of those who write TOML by hand: tables of the wrong shape, keys of another program, values of another kind;
//! each told in plain words, where the TOML reader would speak of Rust's types.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::complaint::{Complaint, Document};

/// Keys that only gitleaks' form has, and what goes for them in ours.
const GITLEAKS: [(&str, &str); 3] = [
    ("allowlist", "did you mean `[[allow]]`?"),
    ("allowlists", "did you mean `[[allow]]`?"),
    ("extend", "leave it out: the built-in rules are there by themselves."),
];
const OTHER_FORM: &str = "A configuration in gitleaks' form goes into a file named .gitleaks.toml";

/// What is wrong with the shape of a file of rules or a configuration of our own form, if it is a slip that many make.
pub fn in_shape(document: &Document<'_>) -> Option<Complaint> {
    let top = DeTable::parse(document.text).ok()?.into_inner();
    let at =
        |key: &Spanned<DeString<'_>>, what: String, hint: String| Some(document.error(key.span().start, what, hint));
    let listed = |key: &Spanned<DeString<'_>>, name: &str| {
        at(key, format!("`[{name}]` may stand more than once"), format!("write `[[{name}]]`"))
    };
    for (key, value) in &top {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("rules", value) if is_tables(value) => {
                let hint = format!("did you mean `[[rule]]`? {OTHER_FORM}");
                return at(key, "`[[rules]]` is no list of rules".to_owned(), hint);
            }
            (name @ ("rule" | "allow"), DeValue::Table(_)) => return listed(key, name),
            (name, _) => {
                if let Some((_, ours)) = GITLEAKS.iter().find(|(foreign, _)| *foreign == name) {
                    return at(key, format!("unknown key `{name}`"), format!("{ours} {OTHER_FORM}"));
                }
            }
        }
    }
    let rules = top.iter().find(|(key, _)| key.get_ref() == "rule")?.1.get_ref().as_array()?;
    let keys = rules.iter().filter_map(|rule| rule.get_ref().as_table()).flatten();
    keys.into_iter().find_map(|(key, value)| match (key.get_ref().as_ref(), value.get_ref()) {
        (name @ ("companions" | "verify"), DeValue::Table(_)) => listed(key, &format!("rule.{name}")),
        ("examples", value) if is_tables(value) => {
            at(key, "`[[rule.examples]]` stands once in a rule".to_owned(), "write `[rule.examples]`".to_owned())
        }
        _ => None,
    })
}

/// Whether it is what `[[name]]` makes.
fn is_tables(value: &DeValue<'_>) -> bool {
    let is_table = |one: &Spanned<DeValue<'_>>| matches!(one.get_ref(), DeValue::Table(_));
    value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(is_table))
}

/// What serde says of a value of the wrong kind, ``invalid type: string "a", expected usize``, in plain words; `None` if
/// it says something else.
pub fn of_kind(message: &str) -> Option<String> {
    let told = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = told.rsplit_once(", expected ")?;
    let expected = match expected {
        "a nonzero usize" => "a whole number, 1 or more",
        "usize" | "u32" | "u64" => "a whole number, 0 or more",
        "u8" => "a whole number from 0 to 255",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text in quotes",
        "a sequence" => "a list in brackets: [ … ]",
        "a map" => "a table of keys and values",
        // The names of Rust's types say nothing to anybody else.
        other if other.starts_with("struct ") => "a table of keys and values",
        other => other,
    };
    let (kind, value) = found.split_once([' ', '`']).unwrap_or((found, ""));
    let value = value.trim_matches('`');
    let found = match kind {
        "string" => format!("the text {value}"),
        "integer" => format!("the number {value}"),
        "boolean" => value.to_owned(),
        "floating" => format!("the number {}", value.trim_start_matches("point `")),
        "map" => "a table".to_owned(),
        "sequence" => "a list".to_owned(),
        _ => found.to_owned(),
    };
    Some(format!("expected {expected}, found {found}"))
}

#[cfg(test)]
mod tests {
    use super::of_kind;

    #[test]
    fn values_of_another_kind_are_told_without_words_of_rust() {
        let told = |message: &str| of_kind(message).unwrap();
        assert_eq!(
            told("invalid type: string \"two\", expected a nonzero usize"),
            "expected a whole number, 1 or more, found the text \"two\""
        );
        assert_eq!(
            told("invalid value: integer `300`, expected u8"),
            "expected a whole number from 0 to 255, found the number 300"
        );
        assert_eq!(
            told("invalid type: floating point `1.5`, expected a sequence"),
            "expected a list in brackets: [ … ], found the number 1.5"
        );
        assert_eq!(
            told("invalid type: boolean `true`, expected struct RulesTable"),
            "expected a table of keys and values, found true"
        );
        assert_eq!(told("invalid type: map, expected a string"), "expected a text in quotes, found a table");
        assert_eq!(of_kind("missing field `id`"), None);
    }
}
