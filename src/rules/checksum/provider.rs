//! The checksums of single providers, each from the part of the token before it.

use data_encoding::{BASE32, HEXLOWER};
use sha2::{Digest, Sha256};

use super::bits;
use super::crc::{base36, base62, crc16, crc32};

/// Six characters of base 62: the CRC-32 of the 30 characters between prefix and checksum (70 in refresh tokens).
///
/// Source: <https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/>; npm has the same form.
pub fn github(body: &str) -> Vec<String> {
    match body.split_once('_') {
        Some((_, random)) if matches!(random.len(), 30 | 70) && alphanumeric(random) => {
            vec![base62(crc32(random.as_bytes()), 6)]
        }
        _ => Vec::new(),
    }
}

/// The first eight characters of the base 32 of the SHA-256 of all before them, as observers report; not published.
pub fn github_fine_grained(body: &str) -> Vec<String> {
    if body.len() != 85 {
        return Vec::new();
    }
    vec![BASE32.encode(&Sha256::digest(body.as_bytes())[..5])]
}

/// Six characters of base 62: the CRC-32 of the 50 characters behind the prefix.
///
/// Source: published sample tokens, for which it holds.
pub fn vercel(body: &str) -> Vec<String> {
    match body.split_once('_') {
        Some((_, random)) if random.len() == 50 => vec![base62(crc32(random.as_bytes()), 6)],
        _ => Vec::new(),
    }
}

/// Eight hexadecimal digits behind an underscore: the CRC-32 of the 32 characters behind the prefix.
///
/// Source: published sample keys, for which it holds.
pub fn zuplo(body: &str) -> Vec<String> {
    match body.split_once('_') {
        Some((_, random)) if random.len() == 32 => vec![format!("_{:08x}", crc32(random.as_bytes()))],
        _ => Vec::new(),
    }
}

/// Eight hexadecimal digits in upper case: the CRC-32 of all before them, the equals sign included.
///
/// Source: the tokens themselves; not published.
pub fn atlassian(body: &str) -> Vec<String> {
    if !body.ends_with('=') {
        return Vec::new();
    }
    vec![format!("{:08X}", crc32(body.as_bytes()))]
}

/// Eight hexadecimal digits in upper case, by all accounts a CRC-32 of what stands before; not published.
pub fn bitbucket(body: &str) -> Vec<String> {
    match body.strip_prefix("ATBB") {
        Some(random) if random.len() == 24 => {
            [body, random].map(|text| format!("{:08X}", crc32(text.as_bytes()))).to_vec()
        }
        _ => Vec::new(),
    }
}

/// Eight hexadecimal digits, by all accounts a CRC-32 of what stands before.
///
/// Source: <https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/>, which names a checksum and
/// no algorithm.
pub fn cloudflare(body: &str) -> Vec<String> {
    match body.split_once('_') {
        Some((_, random)) if random.len() == 40 => {
            let sums = [random, body].map(|text| crc32(text.as_bytes()));
            sums.iter().flat_map(|sum| [format!("{sum:08x}"), format!("{sum:08X}")]).collect()
        }
        _ => Vec::new(),
    }
}

/// Two characters of base 36 for the length of the payload and seven for the CRC-32 of all before them.
///
/// Source: <https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/>;
/// later tokens have `01.`, the version, before the length.
pub fn gitlab(body: &str) -> Vec<String> {
    let Some((start, version)) = body.strip_suffix('.').map(|b| b.rsplit_once('.').unwrap_or((b, ""))) else {
        return Vec::new();
    };
    let Some((_, payload)) = start.split_once('-').filter(|_| version.is_empty() || version.len() == 2) else {
        return Vec::new();
    };
    // A part such as `t1_` tells the kind of runner and is no payload.
    let kind = if payload.starts_with('t') && payload.as_bytes().get(2) == Some(&b'_') { 3 } else { 0 };
    [payload.len().saturating_sub(kind), payload.len()]
        .map(|length| {
            let length = base36(length as u32, 2);
            let crc = crc32(format!("{body}{length}").as_bytes());
            format!("{length}{}", base36(crc, 7))
        })
        .to_vec()
}

/// Where the length and checksum of a routable token begin.
pub fn gitlab_split(token: &str) -> Option<usize> {
    token.rfind('.').map(|dot| dot + 1).filter(|at| token.len() == at + 9)
}

/// Eight hexadecimal digits behind an underscore: the CRC-32 of all before them, little end first.
///
/// Source: `pkg/components/satokengen` of <https://github.com/grafana/grafana>.
pub fn grafana(body: &str) -> Vec<String> {
    if body.len() != 37 {
        return Vec::new();
    }
    vec![format!("_{}", HEXLOWER.encode(&crc32(body.as_bytes()).to_le_bytes()))]
}

/// The CRC-16 of the 34 bytes before it (kind of key and seed), little end first, in base 32.
///
/// Source: <https://github.com/nats-io/nkeys>.
pub fn nats(body: &str) -> Vec<String> {
    if body.len() != 54 {
        return Vec::new();
    }
    // The last two of the 270 bits' 272 belong to the tail: they may have any value, so all are tried.
    let Some(bytes) = bits::decode(body, bits::BASE32) else { return Vec::new() };
    (0..4)
        .filter_map(|low| {
            let mut bytes = bytes.clone();
            *bytes.last_mut()? |= low;
            let sum = crc16(&bytes).to_le_bytes();
            bytes.extend_from_slice(&sum);
            bits::encode(&bytes, bits::BASE32).get(54..).map(str::to_owned)
        })
        .collect()
}

fn alphanumeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample of GitLab's design document.
    #[test]
    fn the_sample_of_gitlabs_design_holds() {
        let sum = crc32(b"bzoxd_Rb5_cHeWe1JH56wr2FCBA.0r");
        assert_eq!(base36(sum, 7), "1pum4t4");
    }

    /// The sample of GitHub's form that the base62-token libraries publish.
    #[test]
    fn the_published_sample_of_githubs_form_holds() {
        assert_eq!(github("ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), ["0mLq17"]);
    }

    #[test]
    fn a_kind_of_runner_is_no_payload() {
        let body = "glrt-t1_012345678901234567890123456.01.";
        assert!(gitlab(body)[0].starts_with("0r"));
    }
}
