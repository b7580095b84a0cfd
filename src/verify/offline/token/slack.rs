//! Tokens of Slack: the prefix names the kind, and the numbers behind it workspace, bot or user, and app.
//!
//! Source: <https://docs.slack.dev/authentication/tokens> for the kinds; the order of the numbers from published samples.

use crate::model::Verdict;

/// What a token or webhook tells. There is no checksum in it.
pub fn check(token: &str) -> Verdict {
    let told = match token.split_once("hooks.slack") {
        Some((_, rest)) => webhook(rest),
        None => kind(token),
    };
    told.map_or(Verdict::NotChecked, Verdict::NotCheckable)
}

/// What the parts of a token tell.
fn kind(token: &str) -> Option<String> {
    let parts: Vec<&str> = token.split('-').collect();
    let number = |i: usize| parts.get(i).filter(|p| p.len() >= 8 && p.bytes().all(|b| b.is_ascii_digit()));
    let (kind, second) = match *parts.first()? {
        "xoxb" => ("a bot's token", "bot"),
        "xoxp" => ("a user's token", "user"),
        "xoxa" | "xoxo" => ("a workspace app's token", "user"),
        "xoxr" => ("a token that refreshes others", "user"),
        "xoxs" | "xoxc" => ("a browser session's token", "user"),
        "xoxd" => return Some("a browser session's cookie: it works along with the session's token".to_owned()),
        "xoxe" => return Some("a token that refreshes others".to_owned()),
        "xoxe.xoxb" => return Some("a bot's token that expires after twelve hours".to_owned()),
        "xoxe.xoxp" => return Some("a user's or configuration token that expires after twelve hours".to_owned()),
        "xapp" => {
            let app = parts.get(2).filter(|app| app.starts_with('A') && app.len() >= 9);
            return Some(app.map_or("an app-level token".to_owned(), |app| format!("the token of the app {app}")));
        }
        _ => return None,
    };
    let mut told = kind.to_owned();
    if let Some(workspace) = number(1) {
        told.push_str(&format!(" in the workspace number {workspace}"));
        // A bot's older tokens have one number only: its own.
        match number(2) {
            Some(who) => told.push_str(&format!(", {second} number {who}")),
            None if kind.starts_with("a bot") => told = format!("{kind}, bot number {workspace}"),
            None => {}
        }
    }
    Some(told)
}

/// What the path of an incoming webhook tells: `/services/T…/B…/secret`.
fn webhook(rest: &str) -> Option<String> {
    let mut parts = rest.split('/').skip(1);
    let kind = parts.next()?;
    let id =
        |part: Option<&str>, letter: char| part.filter(|p| p.starts_with(letter) && p.len() >= 9).map(str::to_owned);
    let workspace = id(parts.next(), 'T')?;
    match kind {
        "services" => Some(match id(parts.next(), 'B') {
            Some(webhook) => format!("the webhook {webhook} of the workspace {workspace}"),
            None => format!("a webhook of the workspace {workspace}"),
        }),
        _ => Some(format!("the trigger of a workflow in the workspace {workspace}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(token: &str) -> String {
        check(token).reason().unwrap_or_default().to_owned()
    }

    #[test]
    fn kinds_and_numbers_are_told() {
        let secret = "k".repeat(24);
        assert_eq!(
            reason(&format!("xoxb-123456789012-345678901234-{secret}")),
            "a bot's token in the workspace number 123456789012, bot number 345678901234"
        );
        assert_eq!(reason(&format!("xoxb-123456789012-{secret}")), "a bot's token, bot number 123456789012");
        assert_eq!(reason(&format!("xapp-1-A0123456789-{secret}")), "the token of the app A0123456789");
        assert!(reason(&format!("xoxe.xoxp-1-{secret}")).contains("twelve hours"));
        let hook = concat!("https://hooks.slack.com/", "services/T01234567/B01234567/");
        assert_eq!(reason(&format!("{hook}{secret}")), "the webhook B01234567 of the workspace T01234567");
        assert_eq!(check("xyz-1"), Verdict::NotChecked);
    }

    #[test]
    fn the_secret_part_is_never_told() {
        for prefix in ["xoxb", "xoxp", "xoxa", "xoxs", "xapp", "xoxe"] {
            let token = format!("{prefix}-1234567890-SECRETSECRETSECRET");
            assert!(!reason(&token).contains("SECRET"), "{token}");
        }
    }
}
