//! Addresses that are not asked: all those that are not of the public internet.
//!
//! The tables are the special-purpose registries of IANA ([RFC 6890](https://www.rfc-editor.org/rfc/rfc6890),
//! [IPv4](https://www.iana.org/assignments/iana-ipv4-special-registry/),
//! [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry/)): what they do not call globally reachable is
//! forbidden. Beyond them stand the metadata services of clouds that sit at public or shared addresses, and every form
//! in which an IPv6 address carries an IPv4 address: it is judged by what it carries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address must not be asked, in a word or two; nothing if it is one of the public internet.
pub fn forbidden(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(v4) => forbidden_v4(v4),
        IpAddr::V6(v6) => forbidden_v6(v6),
    }
}

/// True if the address is one of this machine or of the network around it, where people run servers of their own.
pub fn is_local(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => matches!(forbidden_v4(v4), Some("loopback" | "private" | "link-local")),
        IpAddr::V6(v6) => {
            !METADATA_V6.contains(&v6) && (v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local())
        }
    }
}

/// Single addresses that hand out credentials to whoever asks, or configure the machine.
///
/// [AWS](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html) (as most clouds), its
/// [task](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html) and
/// [pod](https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html) roles,
/// [Alibaba Cloud](https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata),
/// [Azure's wire server](https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16),
/// Oracle Cloud's older address.
const METADATA_V4: [Ipv4Addr; 6] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(169, 254, 170, 23),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];

/// The same for IPv6: AWS, its pod roles, Google Cloud, Scaleway.
const METADATA_V6: [Ipv6Addr; 4] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42),
];

/// A block, its length in bits, and what it is. The first that holds an address names it.
type Block<A> = (A, u32, &'static str);

const BLOCKS_V4: [Block<Ipv4Addr>; 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 32, "unspecified"),
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "carrier-grade NAT"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    // The relays of 6to4, given up by RFC 7526.
    (Ipv4Addr::new(192, 88, 99, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmark"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(255, 255, 255, 255), 32, "broadcast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

const BLOCKS_V6: [Block<Ipv6Addr>; 12] = [
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    // Translation within a network of one's own (RFC 8215).
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "local translation"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "discard"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "tunnel"),
    // Some of these are globally reachable (anycast relays, ORCHIDs); none is a provider.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "reserved"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "tunnel"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "unique local"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

fn forbidden_v4(ip: Ipv4Addr) -> Option<&'static str> {
    if METADATA_V4.contains(&ip) {
        return Some("metadata service");
    }
    let of = |ip: Ipv4Addr, length: u32| u32::from(ip) >> (32 - length);
    BLOCKS_V4.iter().find(|(block, length, _)| of(ip, *length) == of(*block, *length)).map(|(_, _, name)| *name)
}

fn forbidden_v6(ip: Ipv6Addr) -> Option<&'static str> {
    if METADATA_V6.contains(&ip) {
        return Some("metadata service");
    }
    let of = |ip: Ipv6Addr, length: u32| u128::from(ip) >> (128 - length);
    let named = BLOCKS_V6.iter().find(|(block, length, _)| of(ip, *length) == of(*block, *length));
    let named = named.map(|(_, _, name)| *name);
    // The two addresses that the form with an IPv4 address within takes in, and that mean something else.
    if ip.is_unspecified() || ip.is_loopback() {
        return named;
    }
    carried(ip).find_map(forbidden_v4).or(named).or_else(|| {
        // Only 2000::/3 is handed out; and two translations lead to addresses that have just been judged.
        let translated = ip.to_ipv4_mapped().is_some() || of(ip, 96) == of(NAT64, 96);
        (of(ip, 3) != 1 && !translated).then_some("reserved")
    })
}

/// The well-known prefix of translation ([RFC 6052](https://www.rfc-editor.org/rfc/rfc6052)).
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// Every IPv4 address that the IPv6 address carries by one of the known schemes.
fn carried(ip: Ipv6Addr) -> impl Iterator<Item = Ipv4Addr> {
    let parts = ip.segments();
    let pair = |at: usize| Ipv4Addr::from((u32::from(parts[at]) << 16) | u32::from(parts[at + 1]));
    let last = match parts {
        // Compatible (RFC 4291, 2.5.5.1), mapped (2.5.5.2), and translated (RFC 2765).
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => true,
        // NAT64 (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => true,
        // ISATAP (RFC 5214).
        [_, _, _, _, 0 | 0x200, 0x5efe, ..] => true,
        _ => false,
    };
    // 6to4 (RFC 3056), and Teredo (RFC 4380) with its server, and the client whose bits are turned over.
    let six_to_four = matches!(parts, [0x2002, ..]).then(|| pair(1));
    let teredo = matches!(parts, [0x2001, 0, ..]).then(|| [pair(2), Ipv4Addr::from(!u32::from(pair(6)))]);
    let last = last.then(|| pair(6));
    last.into_iter().chain(six_to_four).chain(teredo.into_iter().flatten())
}

#[cfg(test)]
mod tests;
