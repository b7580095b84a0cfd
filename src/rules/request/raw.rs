//! Steps as they are written in TOML, with every key that may stand in them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};

use crate::model::request::Wanted;

/// A step as written.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawStep {
    pub docs: String,
    pub method: Option<String>,
    pub url: Option<String>,
    /// A connection string, for `--verify=deep`, in place of `url`.
    pub login: Option<String>,
    pub host: Option<String>,
    pub own_servers: bool,
    pub headers: BTreeMap<String, String>,
    pub basic: Option<String>,
    pub form: Option<BTreeMap<String, String>>,
    pub json: Option<String>,
    pub body: Option<String>,
    pub split: Option<String>,
    pub set: Vec<RawSetting>,
    pub sigv4: Option<RawSigV4>,
    pub active: Many<RawCondition>,
    pub inactive: Many<RawCondition>,
    pub next: Many<RawCondition>,
    pub take: BTreeMap<String, String>,
    pub show: BTreeMap<String, String>,
    pub answers: Vec<RawAnswer>,
}

/// A variable as written: `text`, or `hash` or `hmac` of it, or a `jwt`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawSetting {
    pub name: String,
    pub text: String,
    pub hash: Option<String>,
    pub hmac: Option<String>,
    pub jwt: Option<String>,
    pub key: String,
    pub key_as: Option<String>,
    #[serde(rename = "as")]
    pub form: Option<String>,
    pub head: String,
    pub claims: String,
}

/// How AWS wants it signed, as written.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSigV4 {
    pub service: String,
    pub region: String,
    pub id: String,
    pub secret: String,
    #[serde(default)]
    pub token: String,
}

/// A condition as written.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCondition {
    pub status: Many<RawStatus>,
    pub header: BTreeMap<String, String>,
    pub json: BTreeMap<String, RawWanted>,
    pub body: Many<String>,
    pub without: Many<String>,
}

/// A status as written: `200`, or `"2xx"` for all from 200 to 299.
#[derive(Clone, Debug)]
pub struct RawStatus(pub u16, pub u16);

/// What is wanted of a JSON value as written; `"*"` is anything.
#[derive(Clone, Debug)]
pub struct RawWanted(pub Wanted);

/// A recorded answer as written.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAnswer {
    pub is: String,
    pub status: u16,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub show: BTreeMap<String, String>,
}

/// One of something, or a list of them.
#[derive(Clone, Debug)]
pub struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMore<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one, or a list of them")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
                T::deserialize(serde::de::value::I64Deserializer::new(number)).map(|one| Many(vec![one]))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(serde::de::value::StrDeserializer::new(text)).map(|one| Many(vec![one]))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = list.next_element()? {
                    all.push(one);
                }
                Ok(Many(all))
            }
        }

        deserializer.deserialize_any(OneOrMore(PhantomData))
    }
}

impl<'de> Deserialize<'de> for RawStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Status;

        impl Visitor<'_> for Status {
            type Value = RawStatus;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a status from 100 to 599, or a class such as \"2xx\"")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<RawStatus, E> {
                let status = u16::try_from(number).ok().filter(|status| (100..600).contains(status));
                let status = status.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Signed(number), &self))?;
                Ok(RawStatus(status, status))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawStatus, E> {
                match text.as_bytes() {
                    [class @ b'1'..=b'5', b'x', b'x'] => {
                        let first = u16::from(class - b'0') * 100;
                        Ok(RawStatus(first, first + 99))
                    }
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_any(Status)
    }
}

impl<'de> Deserialize<'de> for RawWanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;

        impl Visitor<'_> for Value {
            type Value = RawWanted;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, true, false, or \"*\" for anything but null")
            }

            fn visit_bool<E>(self, value: bool) -> Result<RawWanted, E> {
                Ok(RawWanted(Wanted::Bool(value)))
            }

            fn visit_i64<E>(self, value: i64) -> Result<RawWanted, E> {
                Ok(RawWanted(Wanted::Number(value)))
            }

            fn visit_str<E>(self, text: &str) -> Result<RawWanted, E> {
                Ok(RawWanted(if text == "*" { Wanted::Present } else { Wanted::Text(Cow::Owned(text.to_owned())) }))
            }
        }

        deserializer.deserialize_any(Value)
    }
}
