//! `mongodb+srv`: the servers of a cluster, and the database that knows its users, stand in DNS.
//!
//! Source: <https://github.com/mongodb/specifications/blob/master/source/initial-dns-seedlist-discovery/initial-dns-seedlist-discovery.md>.
//! DNS can be forged, so the servers must be of the cluster's own domain, and are asked over TLS alone.

use std::io::{Error, ErrorKind};

use super::super::super::net::Dialer;
use super::super::login::Login;
use crate::model::{Cause, Doubt};

/// The same login at the first server of the cluster.
///
/// # Errors
///
/// [`Cause::Dns`] if DNS names none, or one of another domain.
pub fn server(login: &Login, dialer: &Dialer) -> Result<Login, Doubt> {
    let name = login.host.trim_end_matches('.');
    let failed = |error: Error| match error.kind() {
        ErrorKind::Unsupported => Doubt::new(Cause::NoRequest, "this machine does not say which DNS server to ask"),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => {
            Doubt::new(Cause::Dns, format!("looking up {name} took too long"))
        }
        _ => Doubt::new(Cause::Dns, format!("the servers of {name} were not found")),
    };
    let services = dialer.resolver.services(&format!("_mongodb._tcp.{name}")).map_err(failed)?;
    let Some((host, port)) = services.into_iter().next() else {
        return Err(Doubt::new(Cause::Dns, format!("the cluster {name} has no servers")));
    };
    if !is_of(&host, name) {
        return Err(Doubt::new(Cause::Blocked, format!("the servers of {name} are of another domain")));
    }
    let mut login = Login { host, port: Some(port), cluster: false, ..login.clone() };
    if login.auth_source.is_none() {
        let texts = dialer.resolver.texts(name).map_err(failed)?;
        login.auth_source = texts.iter().find_map(|text| auth_source(text));
    }
    Ok(login)
}

/// True if a server is of the domain of the cluster: the same but for the cluster's first label, or below the cluster
/// where that has no more than two.
fn is_of(server: &str, cluster: &str) -> bool {
    let domain = match cluster.split_once('.') {
        Some((_, domain)) if domain.contains('.') => domain,
        _ => cluster,
    };
    let (server, domain) = (server.to_ascii_lowercase(), domain.to_ascii_lowercase());
    server.strip_suffix(&domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// The option of that name in a text such as `authSource=admin&replicaSet=rs`.
fn auth_source(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let options = text.split('&').filter_map(|option| option.split_once('='));
    let mut found = options.filter(|(name, value)| name.eq_ignore_ascii_case("authSource") && !value.is_empty());
    found.next().map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Result;
    use std::net::SocketAddr;
    use std::sync::Arc;

    use super::super::super::super::net::Resolve;
    use super::super::super::super::net::loopback::{Authority, dialer};
    use super::super::super::check;
    use super::super::super::fake::login;
    use super::super::super::login::Protocol;
    use super::*;
    use crate::model::Verdict;

    #[derive(Debug)]
    struct Names(Vec<(&'static str, u16)>, Vec<&'static str>);

    impl Resolve for Names {
        fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>> {
            assert_eq!(host, "s1.acme.example");
            Ok(vec![SocketAddr::new([127, 0, 0, 1].into(), port)])
        }

        fn services(&self, name: &str) -> Result<Vec<(String, u16)>> {
            assert_eq!(name, "_mongodb._tcp.c0.acme.example");
            Ok(self.0.iter().map(|(host, port)| ((*host).to_owned(), *port)).collect())
        }

        fn texts(&self, name: &str) -> Result<Vec<Vec<u8>>> {
            assert_eq!(name, "c0.acme.example");
            Ok(self.1.iter().map(|text| text.as_bytes().to_vec()).collect())
        }
    }

    fn found(names: Names) -> std::result::Result<Login, Doubt> {
        let dialer = Dialer { resolver: Arc::new(names), ..dialer(Authority::new(&["db.example"]).client) };
        let host = "c0.acme.example".to_owned();
        server(&Login { host, cluster: true, ..login(Protocol::Mongo) }, &dialer)
    }

    #[test]
    fn the_first_server_is_taken() {
        let names = || vec![("s1.acme.example", 27016), ("s2.acme.example", 27017)];
        let login = found(Names(names(), vec!["replicaSet=rs&authSource=admin"])).unwrap();
        assert_eq!((login.host.as_str(), login.port, login.cluster), ("s1.acme.example", Some(27016), false));
        assert_eq!(login.auth_source.as_deref(), Some("admin"));
        assert_eq!(found(Names(names(), vec!["authSource=", "x"])).unwrap().auth_source, None);
        assert_eq!(found(Names(vec![], vec![])).unwrap_err().cause, Cause::Dns);
        assert_eq!(found(Names(vec![("s1.evil.example", 1)], vec![])).unwrap_err().cause, Cause::Blocked);
    }

    #[test]
    fn servers_are_of_the_domain_of_the_cluster() {
        for (server, cluster) in [
            ("s1.acme.example", "c0.acme.example"),
            ("a.b.acme.example", "c0.acme.example"),
            ("S1.Acme.example", "c0.acme.EXAMPLE"),
            ("s1.acme.example", "acme.example"),
        ] {
            assert!(is_of(server, cluster), "{server} {cluster}");
        }
        for (server, cluster) in [
            ("s1.evil.example", "c0.acme.example"),
            ("s1.evilacme.example", "c0.acme.example"),
            ("acme.example", "c0.acme.example"),
            (".acme.example", "c0.acme.example"),
            ("s1.example", "acme.example"),
            ("acme.example", "acme.example"),
        ] {
            assert!(!is_of(server, cluster), "{server} {cluster}");
        }
    }

    #[test]
    fn without_dns_nothing_is_known() {
        let login = Login { cluster: true, ..login(Protocol::Mongo) };
        let verdict = check(&login, &dialer(Authority::new(&["db.example"]).client));
        assert!(matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == Cause::NoRequest), "{verdict:?}");
    }
}
