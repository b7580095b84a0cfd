//! Spellings of addresses: those that pass for one somewhere, and those that do nowhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::{is_name, literal};

#[test]
fn loopback_is_seen_in_every_spelling() {
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "127.1.",
        "2130706433",
        "2130706433.",
        "0x7f000001",
        "0X7F000001",
        "0x7f.1",
        "0x7f.0x1",
        "0x7f.0.0.0x1",
        "0x7F.0x00.0x00.0x01",
        "0177.0.0.1",
        "0177.1",
        "0177.0x0.00.1",
        "017700000001",
        "00000177.0.0.00001",
        "0000000000017700000001",
        "0x000000007f000001",
        "127.0x.0x.1",
        "127.0.0x1",
    ] {
        assert_eq!(literal(host), Some(IpAddr::V4(Ipv4Addr::LOCALHOST)), "{host}");
    }
    for host in ["::1", "[::1]", "0:0:0:0:0:0:0:1", "[0000:0000::0001]", "::1%lo", "[::1%25lo]", "[::1%1]", "::0.0.0.1"]
    {
        assert_eq!(literal(host), Some(IpAddr::V6(Ipv6Addr::LOCALHOST)), "{host}");
    }
}

#[test]
fn other_private_addresses_are_seen_too() {
    for (host, address) in [
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
        ("00", "0.0.0.0"),
        ("0.0.0.0", "0.0.0.0"),
        ("10.5", "10.0.0.5"),
        ("012.0.0.5", "10.0.0.5"),
        ("0xa.0.0.5", "10.0.0.5"),
        ("167772165", "10.0.0.5"),
        ("0xa9fea9fe", "169.254.169.254"),
        ("0xa9.0xfe.0xa9.0xfe", "169.254.169.254"),
        ("2852039166", "169.254.169.254"),
        ("0251.0376.0251.0376", "169.254.169.254"),
        ("169.254.43518", "169.254.169.254"),
        ("169.16689662", "169.254.169.254"),
        ("192.168.1", "192.168.0.1"),
        ("0xC0A80001", "192.168.0.1"),
        ("172.1048577", "172.16.0.1"),
        ("4294967295", "255.255.255.255"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("[::ffff:7f00:1]", "::ffff:127.0.0.1"),
        ("[::FFFF:127.0.0.1]", "::ffff:127.0.0.1"),
        ("[fe80::1%25eth0]", "fe80::1"),
        ("[fd00:ec2::254]", "fd00:ec2::254"),
        ("[64:ff9b::10.0.0.5]", "64:ff9b::10.0.0.5"),
    ] {
        assert_eq!(literal(host), Some(address.parse().unwrap()), "{host}");
    }
}

#[test]
fn names_are_no_addresses() {
    for host in [
        "",
        ".",
        "..",
        "localhost",
        "db.example",
        "1.2.3.4.5",
        "1.2.3.4..",
        "1..2",
        ".1",
        "256.1.1.1",
        "1.2.3.256",
        "1.2.65536",
        "1.16777216",
        "4294967296",
        "0x100000000",
        "99999999999999999999",
        "08.0.0.1",
        "127.0.0.09",
        "0x7g.1",
        "0x-1",
        "+1",
        "-1",
        "+127.0.0.1",
        "127.0.0.1 ",
        " 127.0.0.1",
        "1e3",
        "127.0.0.1.nip.io",
        "１２７.0.0.1",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "[127.0.0.1]",
        "[::1",
        "::1]",
        "[[::1]]",
        "[]",
        ":",
        "::1::",
        ":::1",
        "1:2:3:4:5:6:7:8:9",
        "127.0.0.1:80",
        "[::1]:80",
        "%31%32%37.0.0.1",
    ] {
        assert_eq!(literal(host), None, "{host}");
    }
}

#[test]
fn names_of_hosts_are_plain() {
    for host in ["db.example", "db", "a-b.c_d.e", "xn--bcher-kva.example", "db.example.", "127.0.0.1", "0x7f.1"] {
        assert!(is_name(host), "{host}");
    }
    let long = "a".repeat(64);
    let longer = "a.".repeat(128);
    for host in [
        "",
        ".",
        "a..b",
        ".a",
        "a b",
        "a/b",
        "a@b",
        "a:b",
        "[::1]",
        "::1",
        "bücher.example",
        "１２７.0.0.1",
        "127。0。0。1",
        "a%2eb",
        "a\0b",
        "a\nb",
        "a?b",
        "a#b",
        "a\\b",
        &long,
        &longer,
    ] {
        assert!(!is_name(host), "{host}");
    }
}

/// One of the ways to write a number.
fn spelled(number: u32, way: u8) -> String {
    match way % 5 {
        0 => format!("{number}"),
        1 => format!("0x{number:x}"),
        2 => format!("0X{number:08X}"),
        3 => format!("0{number:o}"),
        _ => format!("000{number:o}"),
    }
}

proptest! {
    #[test]
    fn every_spelling_leads_to_the_address(bits in any::<u32>(), ways in any::<[u8; 4]>(), parts in 1_usize..=4, dot in any::<bool>()) {
        let octets = bits.to_be_bytes().map(u32::from);
        let last = bits.checked_shl(8 * (parts as u32 - 1)).unwrap_or(0).checked_shr(8 * (parts as u32 - 1)).unwrap_or(0);
        let mut words: Vec<String> = octets[..parts - 1].iter().zip(ways).map(|(octet, way)| spelled(*octet, way)).collect();
        words.push(spelled(last, ways[3]));
        let host = words.join(".") + if dot { "." } else { "" };
        prop_assert_eq!(literal(&host), Some(IpAddr::V4(Ipv4Addr::from(bits))), "{}", host);
    }

    #[test]
    fn what_the_standard_library_reads_is_read_the_same(bits in any::<u128>()) {
        let ip = Ipv6Addr::from(bits);
        prop_assert_eq!(literal(&ip.to_string()), Some(IpAddr::V6(ip)));
        prop_assert_eq!(literal(&format!("[{ip}]")), Some(IpAddr::V6(ip)));
        prop_assert_eq!(literal(&format!("[{ip}%25eth0]")), Some(IpAddr::V6(ip)));
    }

    #[test]
    fn any_text_is_read_without_harm(host in ".{0,40}", digits in "[0-9a-fxX.:%\\[\\]]{0,40}") {
        for text in [host, digits] {
            let address = literal(&text);
            prop_assert!(address.is_none() || text.is_ascii() || text.contains('%'));
        }
    }
}
