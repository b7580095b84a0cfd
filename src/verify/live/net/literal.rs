//! Host names that are addresses, in any spelling that a libc or a browser takes for one.
//!
//! `2130706433`, `0x7f.1` and `0177.0.0.1` all are 127.0.0.1: `inet_aton` of the C library reads them so
//! ([inet_aton(3)](https://man7.org/linux/man-pages/man3/inet_addr.3.html)), and so does the
//! [URL standard](https://url.spec.whatwg.org/#concept-ipv4-parser). A name that is an address is never looked up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that a host name spells, if it spells one: IPv4 of one to four parts, decimal, octal or hexadecimal, with
/// or without a dot at the end; IPv6 with or without brackets and zone.
///
/// Digits of other scripts, which a browser folds into ASCII, spell no address; [`is_name`] refuses them.
pub fn literal(host: &str) -> Option<IpAddr> {
    if host.contains(':') {
        let inner = host.strip_prefix('[').map_or(Some(host), |rest| rest.strip_suffix(']'))?;
        // The zone says through which interface, and nothing of the address.
        let address = inner.split_once('%').map_or(inner, |(address, _)| address);
        return address.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    v4(host).map(IpAddr::V4)
}

/// True if the text may be the name of a host, or an address without brackets: ASCII letters, digits, `-`, `_` and dots,
/// at most 253 characters, and no part of it empty or longer than 63
/// ([RFC 1035](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
pub fn is_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name.len() <= 253
        && name.split('.').all(|part| {
            (1..=63).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

fn v4(host: &str) -> Option<Ipv4Addr> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let mut numbers = [0_u32; 4];
    let mut count = 0;
    for part in host.split('.') {
        *numbers.get_mut(count)? = number(part)?;
        count += 1;
    }
    let (last, first) = numbers.get(..count)?.split_last()?;
    if first.iter().any(|number| *number > 255) {
        return None;
    }
    // The last part fills all bytes that are left.
    let left = 8 * (4 - first.len() as u32);
    if u64::from(*last) >= 1 << left {
        return None;
    }
    let high = first.iter().zip([24, 16, 8]).map(|(number, shift)| number << shift).sum::<u32>();
    Some(Ipv4Addr::from(high | last))
}

/// A part as `strtoul` reads it with base 0.
fn number(part: &str) -> Option<u32> {
    let (digits, radix) = match part.as_bytes() {
        // The URL standard takes a bare prefix for a zero.
        [b'0', b'x' | b'X'] => ("0", 10),
        [b'0', b'x' | b'X', ..] => (part.get(2..)?, 16),
        [b'0', _, ..] => (part.get(1..)?, 8),
        _ => (part, 10),
    };
    // `from_str_radix` would take a sign, too.
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, radix).ok())?
}

#[cfg(test)]
mod tests;
