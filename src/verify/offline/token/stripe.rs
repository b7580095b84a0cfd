//! Keys of Stripe: the first word names the kind of key, the second the mode.
//!
//! Source: <https://docs.stripe.com/keys>.

use crate::model::Verdict;

/// What a key tells. There is no checksum in it.
pub fn check(key: &str) -> Verdict {
    let mut words = key.split('_');
    let kind = match words.next() {
        Some("sk") => "a secret key",
        Some("rk") => "a restricted key",
        Some("pk") => "a publishable key",
        _ => return Verdict::NotChecked,
    };
    let mode = match words.next() {
        Some("live") => "in live mode: it moves real money",
        Some("test") => "in test mode: no real money or customer is at stake",
        _ => return Verdict::NotChecked,
    };
    Verdict::NotCheckable(format!("{kind} {mode}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_mode_are_told() {
        let reason = |key: &str| check(key).reason().map(str::to_owned);
        assert_eq!(reason(concat!("sk_", "live_x")).unwrap(), "a secret key in live mode: it moves real money");
        assert!(reason(concat!("rk_", "test_x")).unwrap().starts_with("a restricted key in test mode"));
        assert_eq!(check("sk_prod_x"), Verdict::NotChecked);
    }
}
