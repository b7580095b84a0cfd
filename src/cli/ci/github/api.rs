//! GitHub's REST API, as far as comments need it (<https://docs.github.com/rest/issues/comments>).
//!
//! The server is the one that the runner names, at whatever address it is: it was not found in anything that was scanned.
//! The token goes to that server alone, over TLS, in a header, and stands in no error; redirects are not followed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::super::environment::Environment;
use crate::verify::live::client::{Client, retry_after};
use crate::verify::live::net::{Dialer, Roots};
use crate::verify::live::proxy;
use crate::verify::live::render::{Message, Server};
use crate::verify::live::reply::Reply;
use crate::verify::live::variables::Text;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(15);
/// After so long nothing more is asked.
const DEADLINE: Duration = Duration::from_secs(60);
/// The largest answer, in bytes. A page has 100 comments of up to 65,536 characters, which may be escaped in JSON.
const LARGEST: u64 = 48 << 20;
/// Pages of comments that are looked through; GitHub takes 2,500 comments of an issue.
const PAGES: usize = 100;
/// The version of the API that this is written for.
const VERSION: &str = "2022-11-28";

/// What stands in the way, in words, of which the user may see all.
#[derive(Debug)]
pub struct Trouble {
    pub what: String,
    /// Whether the token may not do it.
    pub is_about_rights: bool,
}

impl Trouble {
    fn new(what: impl Into<String>) -> Trouble {
        Trouble { what: what.into(), is_about_rights: false }
    }
}

/// A comment that is there.
#[derive(Debug, Deserialize)]
pub struct Known {
    pub id: u64,
    /// `null` if its author is gone.
    user: Option<User>,
    #[serde(default)]
    pub body: Option<String>,
}

#[derive(Debug, Deserialize)]
struct User {
    id: u64,
}

/// The API of a repository.
pub struct Api {
    client: Client,
    server: Server,
    /// Tells who has a token; not every server of this kind has it.
    graphql: Option<Server>,
    /// `owner/name`.
    repository: String,
    token: String,
    until: Instant,
}

impl Api {
    /// That which these variables name.
    ///
    /// # Errors
    /// If one is missing or unfit, or no secure connection can be made.
    pub fn of(environment: &Environment) -> Result<Api, Trouble> {
        let need = |name: &str| environment.get(name).ok_or_else(|| Trouble::new(format!("{name} is not set.")));
        let token = environment.get("GITHUB_TOKEN").ok_or_else(|| {
            Trouble::new(
                "there is no token: the action hands it over as its input `token`, other steps in GITHUB_TOKEN.",
            )
        })?;
        // It may hold a password, so it is not repeated.
        let unfit = |name: &str| Trouble::new(format!("{name} is no address of the form https://HOST/PATH."));
        let server = |name: &str, url: &str| Server::parse(url).map_err(|_| unfit(name));
        let repository = need("GITHUB_REPOSITORY")?;
        if !is_repository(repository) {
            return Err(Trouble::new("GITHUB_REPOSITORY is not of the form OWNER/NAME."));
        }
        let insecure = |why: String| Trouble::new(format!("no secure connection can be made: {why}."));
        let roots = Roots::load(&[]).map_err(|error| insecure(error.to_string()))?;
        let proxy = proxy::from_environment().map_err(|error| insecure(error.to_string()))?;
        let dialer = Dialer { allow_private: true, ..Dialer::new(Arc::clone(&roots.config)) };
        Ok(Api {
            client: Client::new(Arc::new(dialer), &roots, proxy, TIMEOUT, 1).reading(LARGEST),
            server: server("GITHUB_API_URL", need("GITHUB_API_URL")?)?,
            graphql: environment.get("GITHUB_GRAPHQL_URL").map(|url| server("GITHUB_GRAPHQL_URL", url)).transpose()?,
            repository: repository.to_owned(),
            token: token.to_owned(),
            until: Instant::now() + DEADLINE,
        })
    }

    /// The comment on a pull request that begins with this marker and that the token's owner has written.
    ///
    /// # Errors
    /// If not all comments can be looked through.
    pub fn find(&self, pull: u64, marker: &str) -> Result<Option<Known>, Trouble> {
        let begins = |known: &Known| known.body.as_deref().is_some_and(|body| body.starts_with(marker));
        let mut owner = None;
        let mut next = Some(self.url(&format!("issues/{pull}/comments?per_page=100")));
        for _ in 0..PAGES {
            let Some(url) = next else { return Ok(None) };
            let reply = self.send("GET", &url, None)?;
            let page: Vec<Known> = read(&reply)?;
            for known in page.into_iter().filter(begins) {
                // Asked for only where there is somebody to compare with.
                let owner = match owner {
                    Some(owner) => owner,
                    None => *owner.insert(self.owner()?),
                };
                if known.user.as_ref().is_some_and(|user| user.id == owner) {
                    return Ok(Some(known));
                }
            }
            next = next_page(&reply).map(|url| self.own(url)).transpose()?;
        }
        Err(Trouble::new("there are more comments than can be looked through."))
    }

    /// Writes a comment.
    ///
    /// # Errors
    /// If it is not taken.
    pub fn add(&self, pull: u64, body: &str) -> Result<(), Trouble> {
        self.send("POST", &self.url(&format!("issues/{pull}/comments")), Some(json!({ "body": body }))).map(drop)
    }

    /// Writes a comment over.
    ///
    /// # Errors
    /// If that is not taken.
    pub fn change(&self, comment: u64, body: &str) -> Result<(), Trouble> {
        self.send("PATCH", &self.url(&format!("issues/comments/{comment}")), Some(json!({ "body": body }))).map(drop)
    }

    /// Whose token it is. The token of a job is no user's: `GET /user` refuses it, and only GraphQL tells.
    fn owner(&self) -> Result<u64, Trouble> {
        #[derive(Deserialize)]
        struct Answer {
            data: Data,
        }
        #[derive(Deserialize)]
        struct Data {
            viewer: Viewer,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Viewer {
            database_id: u64,
        }
        match &self.graphql {
            Some(graphql) => {
                let query = json!({ "query": "{viewer{databaseId}}" });
                let answer: Answer = read(&self.send("POST", graphql.base(), Some(query))?)?;
                Ok(answer.data.viewer.database_id)
            }
            None => {
                let url = format!("{}/user", self.server.base());
                Ok(read::<User>(&self.send("GET", &url, None)?)?.id)
            }
        }
    }

    /// The address of something of the repository.
    fn url(&self, what: &str) -> String {
        format!("{}/repos/{}/{what}", self.server.base(), self.repository)
    }

    /// The address of a further page, if it is at the same server: the token is for no other.
    fn own(&self, url: String) -> Result<String, Trouble> {
        let base = self.server.base();
        let end = base.match_indices('/').nth(2).map_or(base.len(), |(at, _)| at);
        let is_own = base.get(..end).and_then(|root| url.strip_prefix(root)).is_some_and(|rest| rest.starts_with('/'));
        if is_own { Ok(url) } else { Err(Trouble::new("the server of the API leads to another one.")) }
    }

    fn send(&self, method: &str, url: &str, body: Option<serde_json::Value>) -> Result<Reply, Trouble> {
        if Instant::now() > self.until {
            return Err(Trouble::new("the server of the API takes too long."));
        }
        let mut headers = vec![
            ("Accept", "application/vnd.github+json".to_owned()),
            ("Authorization", format!("Bearer {}", self.token)),
            ("X-GitHub-Api-Version", VERSION.to_owned()),
        ];
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        let message = Message {
            method: method.to_owned(),
            server: self.server.clone(),
            url: Text::new(url.to_owned()),
            headers: headers.into_iter().map(|(name, value)| (name.to_owned(), Text::new(value))).collect(),
            body: Text::new(body.map(|body| body.to_string()).unwrap_or_default()),
        };
        let reply = self.client.send(&message).map_err(|refusal| Trouble::new(format!("{}.", refusal.doubt.text)))?;
        match reply.status {
            200..300 => Ok(reply),
            _ => Err(refused(&reply)),
        }
    }
}

/// Why it was not done, by the answer.
fn refused(reply: &Reply) -> Trouble {
    let header = |name: &str| reply.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let used_up = header("x-ratelimit-remaining").is_some_and(|(_, left)| left.trim() == "0");
    match reply.status {
        429 => limited(reply),
        403 if used_up || retry_after(reply).is_some() => limited(reply),
        401 => Trouble::new("the token is not valid (status 401)."),
        // What a token may not see is not there, says GitHub.
        status @ (403 | 404) => Trouble {
            what: format!(
                "the token may not do it (status {status}). Give the job the permission `pull-requests: write`."
            ),
            is_about_rights: true,
        },
        status => Trouble::new(format!("the server of the API answered with status {status}.")),
    }
}

fn limited(reply: &Reply) -> Trouble {
    let when = retry_after(reply).map_or(String::new(), |after| format!(", try again in {} s", after.as_secs()));
    Trouble::new(format!("the limit of requests is reached (status {}{when}).", reply.status))
}

fn read<T: serde::de::DeserializeOwned>(reply: &Reply) -> Result<T, Trouble> {
    let unfit = || Trouble::new("the server of the API answered something else than what was asked for.");
    if reply.cut { Err(unfit()) } else { serde_json::from_str(&reply.body).map_err(|_| unfit()) }
}

/// The address of the next page, from the field `Link` (RFC 8288): `<URL>; rel="next", <URL>; rel="last"`.
fn next_page(reply: &Reply) -> Option<String> {
    let links = reply.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    links.flat_map(|(_, value)| value.split(',')).find_map(|link| {
        let (url, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = parameters.split(';').any(|p| matches!(p.trim(), "rel=\"next\"" | "rel=next"));
        is_next.then(|| url.to_owned())
    })
}

/// Whether it is an owner and a name, with nothing in it that means more in an address.
fn is_repository(text: &str) -> bool {
    let is_name = |name: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        !name.is_empty() && name != "." && name != ".." && name.bytes().all(plain)
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(value: &str) -> Option<String> {
        next_page(&Reply { headers: vec![("Link".to_owned(), value.to_owned())], ..Reply::default() })
    }

    #[test]
    fn the_next_page_is_the_one_that_is_called_so() {
        let first = r#"<https://a.example/x?page=2>; rel="next", <https://a.example/x?page=5>; rel="last""#;
        assert_eq!(linked(first).as_deref(), Some("https://a.example/x?page=2"));
        assert_eq!(linked(r#"<https://a.example/x?page=4>; rel="prev""#), None);
        assert_eq!(linked("nonsense"), None);
    }

    #[test]
    fn nothing_but_an_owner_and_a_name_gets_into_an_address() {
        assert!(is_repository("octo-org/some.repo_1"));
        for wrong in ["", "a", "a/", "/b", "a/b/c", "a/..", "a/b?c", "a/b#c", "a/b c", "a/b%2f"] {
            assert!(!is_repository(wrong), "{wrong}");
        }
    }
}
