//! Assignments: a name that holds a telling word, an operator, and a value, in the syntax of most languages and formats.
//!
//! No grammar: from the word, the name is taken in to both sides; then an operator must follow, and behind it a value,
//! quoted or bare. The tests at the front are a few byte comparisons, for the words (`password`, `token`, `key`) stand
//! everywhere and most have nothing assigned to them. Everything looked at lies within
//! [`ASSIGNED_REACH`](crate::rules::file::ASSIGNED_REACH) of the word.
//!
//! Whether a value is a secret is judged later: what may be one is handed on, and only what is surely code is not.

mod cursor;
mod markup;
mod name;
mod object;
mod operator;
mod value;

use std::ops::Range;

use cursor::Cursor;
use operator::Operator;

/// The most space between the parts, in bytes.
const GAP: usize = 24;
/// The longest value, in bytes; of longer ones the beginning is taken.
const VALUE: usize = 256;

/// A name and the value that is assigned to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name: `spring.datasource.password`.
    pub key: Range<usize>,
    /// The value, without quotes.
    pub value: Range<usize>,
}

/// Reads the assignments to a name that holds `word`, and hands them to `each`: mostly one or none, and of a call with
/// two strings both.
pub fn parse(bytes: &[u8], word: &Range<usize>, mut each: impl FnMut(Assignment)) {
    let Some(key) = name::about(bytes, word) else { return };
    let mut cursor = Cursor { bytes, at: key.end };
    let mut found = |value: Option<Range<usize>>| {
        if let Some(value) = value {
            each(Assignment { key: key.clone(), value });
        }
    };
    if let Some(value) = markup::compared_before(bytes, &key).or_else(|| markup::value_before(bytes, &key)) {
        return found(Some(value));
    }
    let Some(operator) = cursor.operator(&key) else { return };
    match operator {
        Operator::Assign => found(cursor.value().filter(|value| !markup::is_name_of_value(bytes, value.end))),
        Operator::Argument => found(cursor.argument()),
        Operator::Call => {
            found(cursor.argument());
            found(cursor.next_argument());
        }
        Operator::Prose => found(cursor.told()),
        Operator::Element => found(cursor.until_tag()),
        Operator::Cell => found(cursor.until_bar()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values_of<'a>(text: &'a str, word: &str) -> Vec<(&'a str, &'a str)> {
        let at = text.to_ascii_lowercase().find(word).expect("the word");
        let mut found = Vec::new();
        parse(text.as_bytes(), &(at..at + word.len()), |a| found.push((&text[a.key], &text[a.value])));
        found
    }

    fn value_of<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
        values_of(text, word).first().copied()
    }

    #[test]
    fn common_syntaxes_are_read() {
        for (text, key) in [
            ("password = \"hunter2!\"", "password"),
            ("DB_PASSWORD=hunter2!", "DB_PASSWORD"),
            ("  password: hunter2!\n", "password"),
            ("{\"password\": \"hunter2!\"}", "password"),
            ("'password' => 'hunter2!',", "password"),
            ("config['db.password'] = 'hunter2!';", "db.password"),
            ("let password: &str = \"hunter2!\";", "password"),
            ("setPassword(\"hunter2!\")", "setPassword"),
            ("<password>hunter2!</password>", "password"),
            ("<add key=\"password\" value=\"hunter2!\"/>", "password"),
            ("- name: PASSWORD\n  value: hunter2!\n", "PASSWORD"),
            ("- name: USER\n  value: \"someone\"\n- name: PASSWORD\n  value: hunter2!\n", "PASSWORD"),
            ("- value: \"hunter2!\"\n  name: PASSWORD\n", "PASSWORD"),
            ("env.put(\"db.password\", \"hunter2!\")", "db.password"),
            ("mysql --password hunter2! db", "password"),
            ("mysql --password=hunter2! db", "password"),
            ("{\\\"password\\\": \\\"hunter2!\\\"}", "password"),
            (r#"{\\\"password\\\":\\\"hunter2!\\\"}"#, "password"),
            (r#"'{\\\\\\\"password\\\\\\\": \\\\\\\"hunter2!\\\\\\\"}'"#, "password"),
            ("\"password\": {\n  \"value\": \"hunter2!\",\n  \"type\": \"string\"", "password"),
            ("$password = @\"hunter2!\"", "$password"),
            ("password := `hunter2!`", "password"),
            ("password = Some(\"hunter2!\")", "password"),
            ("if (password == \"hunter2!\")", "password"),
            ("String userPassword = \"hunter2!\";", "userPassword"),
            ("Server=db;Password=hunter2!;Database=x", "Password"),
            ("https://h/?password=hunter2!&page=2", "password"),
        ] {
            assert_eq!(value_of(text, "password"), Some((key, "hunter2!")), "{text}");
        }
    }

    #[test]
    fn a_word_alone_is_no_assignment() {
        for text in [
            "the password is wrong",
            "password_field",
            "fn password() -> u8 {",
            "passwordless: yes",
            "password::new",
            "[\"password\", next]",
            "if (password == other_value) {",
            "\"user\", \"password\", \"hunter2!\"",
            "<add key=\"password\" />",
        ] {
            assert_eq!(value_of(text, "password"), None, "{text}");
        }
        assert_eq!(value_of("monkey = \"value12345\"", "key"), None);
        assert_eq!(value_of("tokenizer: \"value12345\"", "token"), None);
    }
}
