//! Checksums that providers build into their tokens, as functions from the rest of the token.
//!
//! Both sides lean on it: examples of rules are completed with it, and offline verification compares with it. Each
//! scheme is one line of [`SCHEMES`]: how its tokens begin, and a pure function from what stands before the checksum
//! to the checksums that may follow. Where a provider has published the form but nobody has confirmed the details, a
//! scheme may prove a token and never disprove one.

mod azure;
mod bech32;
mod bits;
mod crc;
mod marvin;
mod provider;

pub use crc::{base62, crc32};

/// One way of building a checksum into a token.
struct Scheme {
    name: &'static str,
    /// How tokens begin; the empty text, which stands everywhere, if they begin in no way of their own.
    prefixes: &'static [&'static str],
    /// The checksums that a token with this beginning may end in; empty if the text has not the form that it needs.
    tails: fn(&str) -> Vec<String>,
    /// Where the checksum begins in a whole token; `None` if the token's form carries none.
    split: fn(&str) -> Option<usize>,
    /// True if a wrong checksum proves a token wrong; false if the scheme's details are hearsay.
    disproves: bool,
}

/// All schemes, by name.
const SCHEMES: &[Scheme] = &[
    Scheme {
        name: "atlassian",
        prefixes: &["ATATT3xFf", "ATCTT3xFf"],
        tails: provider::atlassian,
        split: |t| last(t, 8),
        disproves: true,
    },
    Scheme {
        name: "azure-annotated",
        prefixes: &[""],
        tails: azure::annotated,
        split: |t| matches!(t.len(), 84 | 88).then_some(80),
        disproves: true,
    },
    Scheme {
        name: "azure-identifiable",
        prefixes: &[""],
        tails: azure::identifiable,
        split: azure::split,
        disproves: true,
    },
    Scheme {
        name: "bech32",
        prefixes: &["AGE-SECRET-KEY-"],
        tails: bech32::tails,
        split: |t| last(t, 6),
        disproves: true,
    },
    Scheme {
        name: "bitbucket",
        prefixes: &["ATBB"],
        tails: provider::bitbucket,
        split: |t| last(t, 8),
        disproves: false,
    },
    Scheme {
        name: "cloudflare",
        prefixes: &["cfut_", "cfat_", "cfk_"],
        tails: provider::cloudflare,
        split: |t| last(t, 8),
        disproves: false,
    },
    Scheme {
        name: "entra",
        prefixes: &[""],
        tails: azure::entra,
        split: |t| (t.len() == 40 && t.get(3..6) == Some("8Q~")).then_some(37),
        disproves: true,
    },
    Scheme {
        name: "github",
        prefixes: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        tails: provider::github,
        split: |t| last(t, 6),
        disproves: true,
    },
    Scheme {
        name: "github-fine-grained",
        prefixes: &["github_pat_"],
        tails: provider::github_fine_grained,
        split: |t| last(t, 8),
        disproves: false,
    },
    Scheme {
        name: "gitlab-routable",
        prefixes: GITLAB,
        tails: provider::gitlab,
        split: provider::gitlab_split,
        disproves: true,
    },
    Scheme { name: "grafana", prefixes: &["glsa_"], tails: provider::grafana, split: |t| last(t, 9), disproves: true },
    Scheme { name: "nats-nkey", prefixes: &["S"], tails: provider::nats, split: |t| last(t, 4), disproves: true },
    Scheme { name: "npm", prefixes: &["npm_"], tails: provider::github, split: |t| last(t, 6), disproves: false },
    Scheme {
        name: "vercel",
        prefixes: &["vcp_", "vci_", "vca_", "vcr_", "vck_"],
        tails: provider::vercel,
        split: |t| last(t, 6),
        disproves: true,
    },
    Scheme { name: "zuplo", prefixes: &["zpka_"], tails: provider::zuplo, split: |t| last(t, 9), disproves: true },
];

const GITLAB: &[&str] = &[
    "glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-", "glffct-",
    "glwt-", "gloas-",
];

/// Tells a right token from a wrong one; `None` where it cannot.
type Judge = fn(&str) -> Option<bool>;

/// Structure that no tail holds: judges of a token as a whole.
const WHOLE: &[(&str, Judge)] = &[("azure-devops", azure::devops)];

/// Where the last `width` characters of an ASCII token begin.
fn last(token: &str, width: usize) -> Option<usize> {
    token.is_ascii().then(|| token.len().checked_sub(width)).flatten()
}

fn scheme(name: &str) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|s| s.name == name)
}

/// What completes the token that `text` ends in under the checksum called `name`; `None` if there is no such
/// checksum, or the token has not the form that it needs.
pub fn complete(name: &str, text: &str) -> Option<String> {
    let scheme = scheme(name)?;
    let beginnings = scheme.prefixes.iter().flat_map(|prefix| text.match_indices(prefix).map(|(at, _)| at));
    beginnings.filter_map(|at| (scheme.tails)(text.get(at..)?).into_iter().next()).next()
}

/// Whether the checksum called `name` holds for a whole token; `None` if there is no such checksum, the token's form
/// carries none, or the scheme cannot tell.
pub fn verify(name: &str, token: &str) -> Option<bool> {
    if let Some((_, judge)) = WHOLE.iter().find(|(whole, _)| *whole == name) {
        return judge(token);
    }
    let scheme = scheme(name)?;
    if !scheme.prefixes.iter().any(|p| token.starts_with(p)) {
        return None;
    }
    let (body, tail) = token.split_at_checked((scheme.split)(token)?)?;
    let tails = (scheme.tails)(body);
    if tails.is_empty() {
        return None;
    }
    Some(tails.iter().any(|t| t == tail)).filter(|&right| right || scheme.disproves)
}

/// True if there is a checksum called `name`.
pub fn is_known(name: &str) -> bool {
    scheme(name).is_some() || WHOLE.iter().any(|(whole, _)| *whole == name)
}

/// True if the details of the checksum called `name` are hearsay: it may prove a token and never disproves one.
pub fn is_hearsay(name: &str) -> bool {
    scheme(name).is_some_and(|scheme| !scheme.disproves)
}

/// Where the checksum called `name` begins in a whole token, in bytes; `None` if the token's form carries none.
pub fn start(name: &str, token: &str) -> Option<usize> {
    (scheme(name)?.split)(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beginnings of tokens for every scheme that can complete one.
    fn beginnings() -> Vec<(&'static str, String)> {
        let body = "q3JmTz8wLkV0bHd5";
        vec![
            ("atlassian", format!("ATATT3xFfGF0{}=", body.repeat(10))),
            ("azure-annotated", format!("{}JQQJ99BAACAAAAAAAAAAAAAAACOG", &body.repeat(4)[..52])),
            ("azure-identifiable", format!("{}+ASt", &body.repeat(5)[..76])),
            ("azure-identifiable", format!("{}AzCa", &body.repeat(3)[..33])),
            ("azure-identifiable", format!("{}AzFu", &body.repeat(3)[..44])),
            ("azure-identifiable", format!("{}+ACR", &body.repeat(3)[..42])),
            ("bech32", format!("AGE-SECRET-KEY-1{}", "QPZRY9X8GF2TV".repeat(4))),
            ("bech32", format!("AGE-SECRET-KEY-PQ-1{}", "QPZRY9X8GF2TV".repeat(4))),
            ("bitbucket", format!("ATBB{}", &body.repeat(2)[..24])),
            ("cloudflare", format!("cfut_{}", &body.repeat(3)[..40])),
            ("entra", format!("k7x8Q~{}", &body.repeat(3)[..31])),
            ("github", format!("ghp_{}", &body.repeat(2)[..30])),
            ("github-fine-grained", format!("github_pat_{}_{}", &body.repeat(2)[..22], &body.repeat(4)[..51])),
            ("gitlab-routable", format!("glpat-{}.01.", &body.repeat(2)[..27])),
            ("gitlab-routable", format!("glpat-{}.", &body.repeat(2)[..27])),
            ("grafana", format!("glsa_{}", body.repeat(2))),
            ("nats-nkey", "SU".to_owned() + &"ABCDEFGHIJKLM".repeat(4)),
            ("npm", format!("npm_{}", &body.repeat(2)[..30])),
            ("vercel", format!("vcp_{}", &body.repeat(4)[..50])),
            ("zuplo", format!("zpka_{}", "0q3jmtz8".repeat(4))),
        ]
    }

    #[test]
    fn a_completed_token_verifies_and_an_altered_one_does_not() {
        for (name, start) in beginnings() {
            let tail = complete(name, &start).unwrap_or_else(|| panic!("{name} completes {start}"));
            let token = format!("{start}{tail}");
            assert_eq!(verify(name, &token), Some(true), "{name}: {token}");
            let at = ["JmT", "9X8G", "EFGH", "3qjmtz", "q3j"].iter().find_map(|mark| token.find(mark)).unwrap();
            let swapped: String = token[at..at + 2].chars().rev().collect();
            let altered = format!("{}{swapped}{}", &token[..at], &token[at + 2..]);
            let disproves = scheme(name).unwrap().disproves;
            assert_eq!(verify(name, &altered), disproves.then_some(false), "{name}: {altered}");
        }
    }

    #[test]
    fn what_stands_before_a_token_does_not_matter() {
        for (name, start) in beginnings() {
            for before in ["KEY=", "https://u:", "AccountName=a;AccountKey=", "token:"] {
                assert_eq!(complete(name, &format!("{before}{start}")), complete(name, &start), "{name} {before}");
            }
        }
    }

    #[test]
    fn a_form_without_checksum_is_no_wrong_one() {
        assert_eq!(verify("github", &format!("ghs_12345_{}", ["header", "claims", "signature"].join("."))), None);
        assert_eq!(verify("github", "ghp_é"), None);
        assert_eq!(verify("nats-nkey", ""), None);
        assert_eq!(verify("azure-annotated", "short"), None);
        assert_eq!(verify("no-such-scheme", "token"), None);
    }
}
