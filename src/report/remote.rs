//! The address of a repository's remote, fit to be shown: a URL of a remote often carries a token of its own.

use super::uri;
use crate::model::percent_encode;

/// `remote` as an absolute URL without password, and over HTTP without user name. The short form of SSH
/// (`git@host:path`) and local paths become URLs.
pub(super) fn url(remote: &str) -> String {
    if let Some((scheme, rest)) = remote.split_once("://") {
        let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |i| rest.split_at(i));
        let path = path.find(['?', '#']).map_or(path, |i| &path[..i]);
        return format!("{scheme}://{}{}", host(scheme, authority), percent_encode(path.as_bytes(), b"/%"));
    }
    match remote.split_once(':') {
        Some((authority, path)) if !authority.is_empty() && !authority.contains('/') && authority.len() > 1 => {
            let path = uri::encode(path.trim_start_matches('/').as_bytes());
            format!("ssh://{}/{path}", host("ssh", authority))
        }
        _ => uri::file(remote.as_bytes()),
    }
}

/// An authority with only so much of its user part as is no secret: the login name of SSH, mostly `git`.
fn host(scheme: &str, authority: &str) -> String {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let login = user.split(':').next().unwrap_or_default();
    let host = percent_encode(host.as_bytes(), b":[]");
    if scheme.contains("ssh") && !login.is_empty() { format!("{}@{host}", uri::encode(login.as_bytes())) } else { host }
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn a_token_in_the_address_is_left_out() {
        assert_eq!(url("https://user:token@example.org/a/b.git"), "https://example.org/a/b.git");
        assert_eq!(url("https://token@example.org:8443/a?private_token=x"), "https://example.org:8443/a");
        assert_eq!(url("ssh://git:token@example.org/a"), "ssh://git@example.org/a");
        assert_eq!(url("https://to/ken@example.org"), "https://to/ken%40example.org");
    }

    #[test]
    fn short_forms_become_urls() {
        assert_eq!(url("git@example.org:a/b.git"), "ssh://git@example.org/a/b.git");
        assert_eq!(url("/srv/git/a b.git"), "file:///srv/git/a%20b.git");
        assert_eq!(url("../other"), "file:///../other");
    }
}
