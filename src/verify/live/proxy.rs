//! The proxy that the environment names for HTTPS: `HTTPS_PROXY`, else `ALL_PROXY`, in capitals or not, but for the hosts
//! of `NO_PROXY`.
//!
//! One that cannot be used is an error: whoever names a proxy does not want to go without. `HTTP_PROXY` is not heeded: it
//! is for HTTP without TLS, of which there is none here.

use std::env;

use ureq::Proxy;
use ureq::ProxyProtocol;

use crate::model::Failure;

/// The proxy, if there is to be one.
///
/// # Errors
/// If what is named is none, or of a kind that is not known.
pub fn from_environment() -> Result<Option<Proxy>, Failure> {
    let value = |name: &&str| env::var(name).ok().filter(|value| !value.is_empty());
    let named = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let Some((name, url)) = named.iter().find_map(|name| Some((name, value(name)?))) else { return Ok(None) };
    // What it says may hold a password.
    let unfit = || Failure::new(format!("{name} names no proxy that can be used")).hint("use http://HOST:PORT");
    let parsed = Proxy::new(&url).map_err(|_| unfit())?;
    if !matches!(parsed.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) || parsed.host().is_empty() {
        return Err(unfit());
    }
    let mut proxy = Proxy::builder(parsed.protocol()).host(parsed.host()).port(parsed.port());
    if let Some(user) = parsed.username() {
        proxy = proxy.username(user);
    }
    if let Some(password) = parsed.password() {
        proxy = proxy.password(password);
    }
    let exempt = ["NO_PROXY", "no_proxy"].iter().find_map(value).unwrap_or_default();
    let proxy = exempt.split(',').map(str::trim).fold(proxy, |proxy, host| proxy.no_proxy(host));
    proxy.build().map(Some).map_err(|_| unfit())
}
