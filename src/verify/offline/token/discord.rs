//! Tokens of Discord: the base64 of an account's number, of a time, and a signature.
//!
//! Source: `docs/token.rst` of discord.py, <https://github.com/Rapptz/discord.py>, for the three parts; Discord's
//! reference on snowflakes, <https://discord.com/developers/docs/reference#snowflakes>, for the time in the number. The
//! token's own time is not told: since 2022 it is none.

use super::super::date::Date;
use super::embedded;
use crate::model::Verdict;

/// Discord's first millisecond, in milliseconds since 1970.
const EPOCH: u64 = 1_420_070_400_000;

/// The verdict on a token, with the account. That a first part is no number proves nothing: Discord promises no form.
pub fn check(token: &str) -> Verdict {
    let first = token.split('.').next().unwrap_or_default();
    let number = embedded::bytes(first).and_then(|bytes| String::from_utf8(bytes).ok());
    let number = number.filter(|n| (17..=20).contains(&n.len())).and_then(|n| n.parse::<u64>().ok());
    let Some(number) = number else {
        return Verdict::NotCheckable("its first part is not the number of an account".to_owned());
    };
    let made =
        Date::of_unix_time((((number >> 22) + EPOCH) / 1000) as i64).map(|date| format!(", which was made on {date}"));
    Verdict::WellFormed(format!("of the account number {number}{}", made.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample of discord.py's documentation.
    #[test]
    fn the_documented_sample_tells_its_account() {
        let token = concat!("MjQ1NTU5MDg3NTI0MjE2ODMy.", "DulyxA.", "brcD2xRAqjACTuMcGPwy4TWVQdg"); // unspill:allow published
        let told = "of the account number 245559087524216832, which was made on 2016-11-08";
        assert_eq!(check(token), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(check("MTAxxxxxxxxxxxxxxxxxxxxx.G.x"), Verdict::NotCheckable(_)));
    }
}
