//! What is forbidden and what is not: the edges of every block, and the law that a disguise changes nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::{forbidden, is_local};

fn why(ip: &str) -> Option<&'static str> {
    forbidden(ip.parse().expect("the tests write addresses well"))
}

#[test]
fn every_block_of_ipv4_ends_where_the_registry_says() {
    // The first and the last address of each, and the neighbours outside.
    for (first, last, name) in [
        ("0.0.0.1", "0.255.255.255", "this network"),
        ("10.0.0.0", "10.255.255.255", "private"),
        ("100.64.0.0", "100.127.255.255", "carrier-grade NAT"),
        ("127.0.0.0", "127.255.255.255", "loopback"),
        ("169.254.0.0", "169.254.255.255", "link-local"),
        ("172.16.0.0", "172.31.255.255", "private"),
        ("192.0.0.0", "192.0.0.255", "reserved"),
        ("192.0.2.0", "192.0.2.255", "documentation"),
        ("192.88.99.0", "192.88.99.255", "reserved"),
        ("192.168.0.0", "192.168.255.255", "private"),
        ("198.18.0.0", "198.19.255.255", "benchmark"),
        ("198.51.100.0", "198.51.100.255", "documentation"),
        ("203.0.113.0", "203.0.113.255", "documentation"),
        ("224.0.0.0", "239.255.255.255", "multicast"),
        ("240.0.0.0", "255.255.255.254", "reserved"),
    ] {
        assert_eq!(why(first), Some(name), "{first}");
        assert_eq!(why(last), Some(name), "{last}");
        let before = Ipv4Addr::from(u32::from(first.parse::<Ipv4Addr>().unwrap()).wrapping_sub(1));
        let after = Ipv4Addr::from(u32::from(last.parse::<Ipv4Addr>().unwrap()).wrapping_add(1));
        for neighbour in [before, after] {
            assert_ne!(forbidden(IpAddr::V4(neighbour)), Some(name), "{neighbour}");
        }
    }
    assert_eq!(why("0.0.0.0"), Some("unspecified"));
    assert_eq!(why("255.255.255.255"), Some("broadcast"));
}

#[test]
fn public_addresses_may_be_asked() {
    for ip in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "140.82.121.6",
        "168.63.129.15",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:50c0:8000::153",
        "2a00:1450:4001:830::200e",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ] {
        assert_eq!(why(ip), None, "{ip}");
    }
}

#[test]
fn services_that_hand_out_credentials_are_named() {
    for ip in [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fd00:42::42",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::168.63.129.16",
        "2002:a9fe:a9fe::1",
        "2001:0:a9fe:a9fe::1",
    ] {
        assert_eq!(why(ip), Some("metadata service"), "{ip}");
    }
}

#[test]
fn special_blocks_of_ipv6_are_named() {
    for (ip, name) in [
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::2", "this network"),
        ("::ffff:0:127.0.0.1", "loopback"),
        ("::ffff:0:8.8.8.8", "reserved"),
        ("::8.8.8.8", "reserved"),
        ("64:ff9b:1::8.8.8.8", "local translation"),
        ("64:ff9b:1:ffff:ffff:ffff:8.8.8.8", "local translation"),
        ("64:ff9b:1:a00:0:500::", "local translation"),
        ("64:ff9b::1:8.8.8.8", "reserved"),
        ("64:ff9c::8.8.8.8", "reserved"),
        ("100::1", "discard"),
        ("100:0:0:1::1", "reserved"),
        ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", "tunnel"),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffa", "private"),
        ("2001:2::1", "reserved"),
        ("2001:10::1", "reserved"),
        ("2001:1ff:ffff::1", "reserved"),
        ("2001:db8::1", "documentation"),
        ("2001:db8:ffff:ffff::1", "documentation"),
        ("2002:808:808::1", "tunnel"),
        ("2002:7f00:1::1", "loopback"),
        ("3fff::1", "documentation"),
        ("3fff:fff:ffff::1", "documentation"),
        ("2606:4700::5efe:10.0.0.5", "private"),
        ("2606:4700::200:5efe:192.168.0.1", "private"),
        ("4000::1", "reserved"),
        ("5f00::1", "reserved"),
        ("fc00::1", "unique local"),
        ("fdff:ffff::1", "unique local"),
        ("fe80::1", "link-local"),
        ("febf::1", "link-local"),
        ("fec0::1", "reserved"),
        ("ff02::1", "multicast"),
        ("ff0e::1", "multicast"),
        ("1fff::1", "reserved"),
    ] {
        assert_eq!(why(ip), Some(name), "{ip}");
    }
    assert_eq!(why("3fff:1000::1"), None);
}

#[test]
fn local_is_what_one_runs_at_home() {
    for ip in ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.20.0.1", "::1", "fd12::1", "fe80::1", "::ffff:127.0.0.1"] {
        assert!(is_local(ip.parse().unwrap()), "{ip}");
    }
    for ip in ["8.8.8.8", "169.254.169.254", "100.64.0.1", "0.0.0.0", "64:ff9b::127.0.0.1", "2002:7f00:1::1"] {
        assert!(!is_local(ip.parse().unwrap()), "{ip}");
    }
}

/// Any IPv4 address, half of the time one of the forbidden blocks.
fn any_v4() -> impl Strategy<Value = Ipv4Addr> {
    let special = prop::sample::select(vec![
        [0, 0, 0, 0],
        [10, 0, 0, 0],
        [100, 100, 100, 200],
        [127, 0, 0, 1],
        [168, 63, 129, 16],
        [169, 254, 169, 254],
        [172, 16, 0, 1],
        [192, 168, 0, 1],
        [224, 0, 0, 1],
        [255, 255, 255, 255],
    ]);
    prop_oneof![any::<u32>().prop_map(Ipv4Addr::from), special.prop_map(Ipv4Addr::from)]
}

/// The IPv6 address whose last 32 bits are `v4`, below a prefix.
fn below(prefix: [u16; 6], v4: Ipv4Addr) -> Ipv6Addr {
    let [a, b, c, d] = v4.octets().map(u16::from);
    let [p, q, r, s, t, u] = prefix;
    Ipv6Addr::new(p, q, r, s, t, u, (a << 8) | b, (c << 8) | d)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_forbidden_stays_so_in_every_disguise(v4 in any_v4(), more in any::<u16>(), last in any::<u32>()) {
        let [a, b, c, d] = v4.octets().map(u16::from);
        let (high, low) = ((a << 8) | b, (c << 8) | d);
        let forms = [
            below([0, 0, 0, 0, 0, 0xffff], v4),
            below([0, 0, 0, 0, 0, 0], v4),
            below([0, 0, 0, 0, 0xffff, 0], v4),
            below([0x64, 0xff9b, 0, 0, 0, 0], v4),
            below([0x64, 0xff9b, 1, more, 0, 0], v4),
            below([0x2606, 0x4700, more, 0, 0, 0x5efe], v4),
            Ipv6Addr::new(0x64, 0xff9b, 1, high, c, d << 8, 0, more),
            Ipv6Addr::new(0x2002, high, low, more, 0, 0, more, 1),
            Ipv6Addr::new(0x2001, 0, high, low, more, 0, (last >> 16) as u16, last as u16),
            Ipv6Addr::new(0x2001, 0, (last >> 16) as u16, last as u16, 0, more, !high, !low),
        ];
        if forbidden(IpAddr::V4(v4)).is_some() {
            for form in forms {
                prop_assert!(forbidden(IpAddr::V6(form)).is_some(), "{} as {}", v4, form);
            }
        }
    }

    #[test]
    fn only_two_disguises_let_a_public_address_through(v4 in any_v4()) {
        let free = forbidden(IpAddr::V4(v4)).is_none();
        prop_assert_eq!(forbidden(IpAddr::V6(v4.to_ipv6_mapped())).is_none(), free);
        prop_assert_eq!(forbidden(IpAddr::V6(below([0x64, 0xff9b, 0, 0, 0, 0], v4))).is_none(), free);
        prop_assert!(forbidden(IpAddr::V6(below([0; 6], v4))).is_some());
        prop_assert!(forbidden(IpAddr::V6(below([0, 0, 0, 0, 0xffff, 0], v4))).is_some());
    }

    #[test]
    fn nothing_outside_of_global_unicast_is_asked(bits in any::<u128>()) {
        let ip = Ipv6Addr::from(bits);
        if forbidden(IpAddr::V6(ip)).is_none() {
            let [first, second, ..] = ip.segments();
            prop_assert!((0x2000..0x4000).contains(&first) || (first, second) == (0x64, 0xff9b) || first == 0);
        }
    }

    #[test]
    fn the_local_are_all_forbidden(bits in any::<u128>(), v4 in any_v4()) {
        for ip in [IpAddr::V6(Ipv6Addr::from(bits)), IpAddr::V4(v4)] {
            prop_assert!(!is_local(ip) || forbidden(ip).is_some());
        }
    }
}
