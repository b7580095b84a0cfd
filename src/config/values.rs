//! Values that are written as text or as a number, each read with an error that says what was expected.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::Color;
use crate::model::{Confidence, Target};

/// A value of a configuration that has a form of its own.
pub(super) trait Value: Sized {
    /// What to write, for errors and the schema.
    const EXPECTED: &'static str;
    /// The texts that it may be, where there are only so many.
    const CHOICES: &'static [&'static str] = &[];
    /// Whether it may be written as a number too.
    const NUMBER: bool = false;

    fn from_text(text: &str) -> Result<Self, String>;

    fn from_number(number: u64) -> Result<Self, String> {
        Self::from_text(&number.to_string())
    }
}

/// A [`Value`], for serde.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parsed<T>(pub T);

impl<'de, T: Value> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<T: Value> Visitor<'_> for Reader<T> {
            type Value = Parsed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::EXPECTED)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                T::from_text(text).map(Parsed).map_err(E::custom)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
                match u64::try_from(number) {
                    Ok(number) if T::NUMBER => T::from_number(number).map(Parsed).map_err(E::custom),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Signed(number), &self)),
                }
            }
        }

        deserializer.deserialize_any(Reader(PhantomData))
    }
}

impl<T: Value> JsonSchema for Parsed<T> {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed(T::EXPECTED)
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        match (T::NUMBER, T::CHOICES) {
            (true, _) => json_schema!({ "type": ["string", "integer"], "minimum": 0 }),
            (false, []) => json_schema!({ "type": "string" }),
            (false, choices) => json_schema!({ "type": "string", "enum": choices }),
        }
    }
}

impl Value for Confidence {
    const EXPECTED: &'static str = "low, medium, high or a number from 0 to 100";
    const NUMBER: bool = true;

    fn from_text(text: &str) -> Result<Self, String> {
        text.parse()
    }
}

/// A number of bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size(pub u64);

impl Value for Size {
    const EXPECTED: &'static str = "a number of bytes, or a size such as \"10MB\"";
    const NUMBER: bool = true;

    fn from_text(text: &str) -> Result<Self, String> {
        parse_size(text).map(Size)
    }
}

impl Value for Color {
    const EXPECTED: &'static str = "auto, always or never";
    const CHOICES: &'static [&'static str] = &["auto", "always", "never"];

    fn from_text(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Color::Auto),
            "always" => Ok(Color::Always),
            "never" => Ok(Color::Never),
            _ => Err(format!("`{text}` is not a choice: use {}", Self::EXPECTED)),
        }
    }
}

impl Value for Target {
    const EXPECTED: &'static str = "secret, match or line";
    const CHOICES: &'static [&'static str] = &["secret", "match", "line"];

    fn from_text(text: &str) -> Result<Self, String> {
        match text {
            "secret" => Ok(Target::Secret),
            "match" => Ok(Target::Match),
            "line" => Ok(Target::Line),
            _ => Err(format!("`{text}` is not a target: use {}", Self::EXPECTED)),
        }
    }
}

/// Reads a size: a number of bytes, or one with a unit. `KB`, `MB` and `GB` are powers of 1000; `K`, `M`, `G`, `KiB`,
/// `MiB` and `GiB` are powers of 1024; case does not matter.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a size: write a number of bytes, or one with K, M, G, KB, MB, GB, KiB …");
    let trimmed = text.trim();
    let digits = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "mb" => 1000 * 1000,
        "gb" => 1000 * 1000 * 1000,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor)).ok_or_else(wrong)
}
