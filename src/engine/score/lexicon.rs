//! The lexicon: lists of words that say something wherever they stand in a value or beside it, all looked for in one pass.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

/// A list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Hardly any real secret holds them by chance: five letters or more, or with a separator.
    Placeholder,
    /// Words of examples.
    Example,
    /// Counting up.
    Counting,
    /// They say what a value is for.
    Secret,
    /// They say that it is made up.
    Made,
    /// Of tests, in the line about a value.
    Test,
    /// Of users and hosts.
    User,
    /// Of accounts, near a name.
    Account,
    /// Of calls that read a setting.
    Read,
    /// Of declarations.
    Declare,
    /// Of comparisons.
    Compare,
}

/// By list: its words in lower case; `~` stands for a space.
const WORDS: [(List, &str); 11] = [
    (
        List::Placeholder,
        "your- your_ yourpass yourtoken yoursecret yourkey yourapi changeme change-me change_me changeit replaceme \
         replace_ replace- placeholder redacted censored removed insert_ insert- enter_ enter- todo fixme notreal \
         not-real not_a_real not-a-real dummy <secret <token <password undefined xxxxx ***** ..... ##### _here -here \
         my-secret my_secret mysecret mypassword my-password my_password goes_here goeshere",
    ),
    (List::Example, "example sample fake foobar deadbeef lorem testtest"),
    (List::Counting, "abcdefg 1234567"),
    (List::Secret, "password passwd secret token key auth credential pwd pass"),
    (List::Made, "test example sample dummy fake demo mock foo bar temp"),
    (List::Test, "test example sample dummy fake demo mock assert expect"),
    (List::User, "user login host email"),
    (List::Account, "user login email account"),
    (List::Read, "get( getenv environ config fetch param request input"),
    (List::Declare, "const~ let~ var~ final~ static~ string~ define export~"),
    (List::Compare, "== != ~if~ equal"),
];

struct Lexicon {
    words: AhoCorasick,
    /// By word: the lists that it is on, a bit each.
    lists: Vec<u16>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut words: Vec<String> = Vec::new();
    let mut lists: Vec<u16> = Vec::new();
    for (list, text) in WORDS {
        for word in text.split_ascii_whitespace().map(|word| word.replace('~', " ")) {
            let at = words.iter().position(|known| *known == word).unwrap_or_else(|| {
                words.push(word);
                lists.push(0);
                words.len() - 1
            });
            lists[at] |= 1 << list as u16;
        }
    }
    let words = AhoCorasickBuilder::new().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(&words);
    Lexicon { words: words.expect("a few short words"), lists }
});

/// The lists of which a text holds a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held(u16);

impl Held {
    /// Looks for all words at once, without regard to ASCII case.
    pub fn by(text: &[u8]) -> Self {
        let Lexicon { words, lists } = &*LEXICON;
        Held(words.find_overlapping_iter(text).fold(0, |held, found| held | lists[found.pattern().as_usize()]))
    }

    /// Whether a word of the list is there.
    pub fn has(self, list: List) -> bool {
        self.0 & (1 << list as u16) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_lists_are_found_at_once() {
        let held = Held::by(b"if (user == \"Your_Token\")");
        for list in [List::User, List::Account, List::Compare, List::Placeholder, List::Secret] {
            assert!(held.has(list), "{list:?}");
        }
        for list in [List::Test, List::Counting, List::Declare, List::Example] {
            assert!(!held.has(list), "{list:?}");
        }
        assert_eq!(Held::by(b""), Held::default());
    }
}
