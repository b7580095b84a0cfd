//! Features: what the model is told of a value that only a name makes a secret of, as numbers.
//!
//! Each belongs to a kind of [evidence](Kind), under which its part of the confidence is shown. Those of a value, of
//! its name and of the text about them are local; those of the file's path are looked at once a finding is put
//! together. All are small integers, so that the model gives the same answer on every machine.

mod context;
mod name;
mod path;
mod value;

use std::ops::Range;

use bstr::BStr;

use super::placeholder::Stand;
use crate::model::{LogOdds, Rule, Traits};

/// What a feature is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The name that the value is assigned to.
    Name,
    /// Whether the value reads as words.
    Words,
    /// How random its characters are.
    Chance,
    /// What it is by the look of it: code, a path, a number, an identifier.
    Form,
    /// Whether it stands for a secret instead of being one.
    Placeholder,
    /// How it stands in the text about it.
    Syntax,
    /// The path of its file.
    Place,
}

impl Kind {
    /// All kinds, in order.
    pub const ALL: [Kind; 7] =
        [Kind::Name, Kind::Words, Kind::Chance, Kind::Form, Kind::Placeholder, Kind::Syntax, Kind::Place];

    /// The stable name that its contribution has among the reasons.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Name => "name",
            Kind::Words => "words",
            Kind::Chance => "randomness",
            Kind::Form => "shape",
            Kind::Placeholder => "placeholder",
            Kind::Syntax => "syntax",
            Kind::Place => "place",
        }
    }
}

macro_rules! features {
    ($($kind:ident { $($feature:ident)* })*) => {
        /// One feature.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(non_camel_case_types)]
        #[repr(u16)]
        pub enum Feature { $($($feature,)*)* }

        /// Name and kind of each feature, in order; words of names follow them.
        const FEATURES: &[(&str, Kind)] = &[$($((stringify!($feature), Kind::$kind),)*)*];
    };
}

features! {
    Name {
        name_length name_parts name_describes name_upper name_camel name_digits name_tail name_head
        name_is_service name_word
    }
    Words {
        words_share words_cost words_cost_longest words_cost_worst words_known words_longest words_count
        words_unknown letters_longest vowels decoded_cost decoded_known
    }
    Chance {
        length entropy bits distinct classes switches switches_share runs_share lowers uppers digits symbols spaces
        others digits_longest half_balance
    }
    Form {
        hex base64 base32 alphanumeric length_of_four length_of_hash first_class last_class dashes underscores dots
        slashes colons equals commas ats brackets dollars percents backslashes quotes humps capitalised digits_behind
        digits_before uuid host constant list key_id number location address hash code glue decodes_to_text
        media version_like date_like colour_like locale_like mail_like selector template kind_only prose_words prose prose_marks hex_literal
    }
    Placeholder {
        stand_placeholder stand_example stand_counting stand_word keyboard repeats_name name_in_value says_secret
        says_test says_possessive monotonous common_password encodes_words
    }
    Syntax {
        rule_kind quote operator spaced before_name after_value name_quoted first_on_line indentation comment
        line_says_test line_says_user line_calls line_reads line_declares line_compares line_length markup
        neighbour_user neighbour_alike verdict_line escaped_text distance url_password url_host_example
    }
    Place {
        file_kind file_test file_example file_docs file_vendor file_config file_generated file_source
        local
    }
}

/// So many bytes beyond what a rule took are looked at, at most.
pub const BEYOND: u32 = 168;

/// The number of features that have names of their own; words of names come behind.
const NAMED: usize = FEATURES.len();
/// The number of features in all.
pub const COUNT: usize = NAMED + name::WORDS.len();

/// The name and the kind of a feature by its position.
pub fn describe(feature: usize) -> (String, Kind) {
    match FEATURES.get(feature) {
        Some((name, kind)) => ((*name).to_owned(), *kind),
        None => (format!("name:{}", name::WORDS[feature - NAMED]), Kind::Name),
    }
}

/// The position of a feature, by the name that [`describe`] gives it.
pub fn index(name: &str) -> Option<usize> {
    match name.strip_prefix("name:") {
        Some(word) => name::WORDS.binary_search(&word).ok().map(|word| NAMED + word),
        None => FEATURES.iter().position(|(known, _)| *known == name),
    }
}

/// The kind of a feature.
pub fn kind(feature: usize) -> Kind {
    FEATURES.get(feature).map_or(Kind::Name, |(_, kind)| *kind)
}

/// What evidence of place looks at beside the place.
const TRAITS: [Feature; Traits::FEW] = [
    Feature::local,
    Feature::rule_kind,
    Feature::name_word,
    Feature::quote,
    Feature::words_cost,
    Feature::words_known,
    Feature::code,
    Feature::length,
];

/// The features of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Features([i16; COUNT]);

/// A value and the text that it stands in.
pub struct Subject<'a> {
    /// The rule that took it.
    pub rule: &'a Rule,
    /// The text.
    pub bytes: &'a [u8],
    /// All that the rule took.
    pub whole: Range<usize>,
    /// The name that the value is assigned to, if it is.
    pub name: Option<Range<usize>>,
    /// The value.
    pub value: Range<usize>,
    /// What it is instead of a secret, if it is.
    pub stand: Option<Stand>,
}

impl Subject<'_> {
    fn name(&self) -> &[u8] {
        self.name.clone().map_or(b"", |name| &self.bytes[name])
    }

    fn value(&self) -> &[u8] {
        &self.bytes[self.value.clone()]
    }
}

impl Features {
    /// The local features of a value. What is known of its place is added by [`Features::set_place`].
    pub fn of(subject: &Subject<'_>) -> Self {
        let mut features = Features([0; COUNT]);
        value::measure(subject.value(), subject.stand, &mut features);
        name::measure(subject, &mut features);
        context::measure(subject, &mut features);
        features
    }

    /// Features whose values are known already.
    pub fn from(values: &[i16]) -> Option<Self> {
        values.try_into().ok().map(Features)
    }

    /// What evidence of place has to know of a value, besides its place: `log_odds` is what local evidence came to.
    pub fn traits(&self, log_odds: LogOdds) -> [i16; Traits::FEW] {
        let mut few = TRAITS.map(|feature| self.0[feature as usize]);
        few[0] = i16::try_from(log_odds.0.clamp(-12_000, 12_000)).unwrap_or(0);
        few
    }

    /// The features of which only these are known.
    pub fn of_traits(few: &[i16; Traits::FEW]) -> Self {
        let mut features = Features([0; COUNT]);
        TRAITS.iter().zip(few).for_each(|(feature, value)| features.0[*feature as usize] = *value);
        features
    }

    /// What the path of its file says.
    pub fn set_place(&mut self, path: &BStr) {
        path::measure(path, self);
    }

    /// By position, as the model knows them.
    pub fn values(&self) -> &[i16; COUNT] {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn set_for_test(&mut self, name: &str, value: i16) {
        self.0[index(name).expect("a feature")] = value;
    }

    fn get(&self, feature: Feature) -> i16 {
        self.0[feature as usize]
    }

    fn set(&mut self, feature: Feature, value: impl TryInto<i16>) {
        self.0[feature as usize] = value.try_into().unwrap_or(i16::MAX);
    }

    fn flag(&mut self, feature: Feature, value: bool) {
        self.0[feature as usize] = i16::from(value);
    }

    /// A share of one, in hundredths.
    fn share(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = (value * 100.0).round() as i16;
    }

    fn word(&mut self, word: usize) {
        self.0[NAMED + word] = 1;
    }
}

/// The kind of a byte, 1 to 9; 0 for none.
fn class(byte: Option<u8>) -> i16 {
    match byte {
        None => 0,
        Some(b'a'..=b'z') => 1,
        Some(b'A'..=b'Z') => 2,
        Some(b'0'..=b'9') => 3,
        Some(b' ' | b'\t') => 4,
        Some(b'\n' | b'\r') => 5,
        Some(b'"' | b'\'' | b'`') => 6,
        Some(b'(' | b'[' | b'{' | b'<') => 7,
        Some(b')' | b']' | b'}' | b'>') => 8,
        Some(b',' | b';') => 9,
        Some(b'.' | b'/' | b'\\') => 10,
        Some(b'-' | b'_') => 11,
        Some(b'=' | b':') => 12,
        Some(b'$' | b'%' | b'#' | b'@' | b'&') => 13,
        Some(0x80..) => 14,
        Some(_) => 15,
    }
}
