//! Routable tokens of GitLab: the base64 of random bytes and of where requests with it are to be routed, its length, and
//! the CRC-32 of all before.
//!
//! Source: `Authn::TokenField::Generator::RoutableToken` and `Decoders::V1::RoutablePayload` in
//! <https://gitlab.com/gitlab-org/gitlab>; <https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/>.

use super::{embedded, summed, telling};
use crate::model::Verdict;

/// Random bytes in a payload: in front since tokens have a version, at the end before.
const RANDOM: usize = 16;

/// The verdict on a routable token, with where it is routed to.
pub fn check(token: &str) -> Verdict {
    telling(summed("gitlab-routable", token), routing(token))
}

/// Whom the token belongs to, in words: `organisation 1, user 25`.
fn routing(token: &str) -> Option<String> {
    let (_, rest) = token.split_once('-')?;
    let mut parts = rest.split('.');
    let payload = parts.next()?;
    let versioned = parts.count() == 2;
    // `t1_` and the like: the kind of a runner.
    let payload = payload.strip_prefix('t').and_then(|p| p.get(1..)?.strip_prefix('_')).unwrap_or(payload);
    let bytes = embedded::bytes(payload)?;
    // The last byte is a length.
    let content = bytes.get(..bytes.len().checked_sub(1)?)?;
    let route = match versioned {
        true => content.get(RANDOM..)?,
        false => content.get(..content.len().checked_sub(RANDOM)?)?,
    };
    let parts: Option<Vec<String>> = std::str::from_utf8(route).ok()?.lines().map(part).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| format!("of {}", parts.join(", ")))
}

/// One `key:number` in base 36, in words.
fn part(line: &str) -> Option<String> {
    let (key, number) = line.split_once(':')?;
    let what = match key {
        "c" => "cell",
        "g" => "group",
        "o" => "organisation",
        "p" => "project",
        "t" => "runner type",
        "u" => "user",
        _ => return None,
    };
    Some(format!("{what} {}", u64::from_str_radix(number, 36).ok()?))
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;
    use crate::rules::checksum;

    fn token(prefix: &str, bytes: &[u8], version: &str) -> String {
        let start = format!("{prefix}{}.{version}", BASE64URL_NOPAD.encode(bytes));
        let tail = checksum::complete("gitlab-routable", &start).unwrap();
        start + &tail
    }

    #[test]
    fn the_routing_payload_is_told() {
        let bytes = [&[0xfe; 16][..], b"c:1\no:1\nu:pc", &[12]].concat();
        let told = "its built-in checksum is right; of cell 1, organisation 1, user 912";
        assert_eq!(check(&token("glpat-", &bytes, "01.")), Verdict::WellFormed(told.to_owned()));
        assert_eq!(check(&token("glrt-t1_", &bytes, "01.")), Verdict::WellFormed(told.to_owned()));
        let before = [b"c:1\no:1\nu:pc", &[0xfe; 16][..], &[16]].concat();
        assert_eq!(check(&token("glpat-", &before, "")), Verdict::WellFormed(told.to_owned()));
    }

    #[test]
    fn an_altered_token_is_malformed_and_tells_nothing() {
        let bytes = [&[0xfe; 16][..], b"o:1", &[3]].concat();
        let altered = token("glpat-", &bytes, "01.").replacen("glpat-_v", "glpat-_w", 1);
        assert_eq!(check(&altered), Verdict::Malformed("its built-in checksum is wrong".to_owned()));
    }

    #[test]
    fn a_payload_without_routing_is_fine() {
        let right = Verdict::WellFormed("its built-in checksum is right".to_owned());
        assert_eq!(check(&token("glpat-", &[7; 20], "01.")), right);
    }
}
