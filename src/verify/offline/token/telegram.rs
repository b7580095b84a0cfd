//! Tokens of Telegram bots: the bot's number, a colon and the secret.
//!
//! Source: <https://core.telegram.org/bots/api#authorizing-your-bot>.

use crate::model::Verdict;

/// What a token tells. There is no checksum in it.
pub fn check(token: &str) -> Verdict {
    match token.split_once(':') {
        Some((bot, _)) if !bot.is_empty() && bot.bytes().all(|b| b.is_ascii_digit()) => {
            Verdict::NotCheckable(format!("the token of the bot number {bot}"))
        }
        _ => Verdict::NotChecked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bot_is_told() {
        let token = format!("110201543:AA{}", "k".repeat(33));
        assert_eq!(check(&token), Verdict::NotCheckable("the token of the bot number 110201543".to_owned()));
        assert_eq!(check("a:b"), Verdict::NotChecked);
    }
}
