//! Servers of all sorts, in memory.

use proptest::prelude::*;

use super::super::fake::{Fake, PASSWORD, login};
use super::super::login::Protocol;
use super::*;

const CHALLENGE: &[u8; 20] = b"abcdefgh123456789012";

fn hello(plugin: &str, abilities: u32) -> Vec<u8> {
    let [a, b, c, d] = abilities.to_le_bytes();
    let mut bytes = b"\x0a8.4.3\0\x01\0\0\0abcdefgh\0".to_vec();
    bytes.extend_from_slice(&[a, b, 45, 2, 0, c, d, 21]);
    bytes.extend_from_slice(&[0; 10]);
    bytes.extend_from_slice(b"123456789012\0");
    bytes.extend_from_slice(plugin.as_bytes());
    bytes.push(0);
    bytes
}

const USUAL: u32 = PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH;

/// Tries a login at a server of that plugin that then sends these packets.
fn told(plugin: &str, secure: bool, packets: &[&[u8]]) -> (Result<Verdict, Doubt>, Vec<u8>) {
    let mut says = Vec::new();
    send(&mut says, 0, &hello(plugin, USUAL)).unwrap();
    for (number, packet) in packets.iter().enumerate() {
        send(&mut says, 2 + 2 * number as u8, packet).unwrap();
    }
    let mut fake = Fake::new(says);
    let (number, greeting) = greet(&mut fake).unwrap();
    let verdict = authenticate(&mut fake, &login(Protocol::Mysql), &greeting, number, secure);
    (verdict, fake.told)
}

fn failure(code: u16) -> Vec<u8> {
    [&[0xff], &code.to_le_bytes()[..], b"#28000Access denied for pa ss"].concat()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

const OK: &[u8] = &[0, 0, 0, 2, 0, 0, 0];

#[test]
fn the_greeting_is_read() {
    let greeting = Greeting::read(&hello("caching_sha2_password", USUAL | SSL)).unwrap();
    assert_eq!(greeting.version, "8.4.3");
    assert_eq!(greeting.challenge, CHALLENGE);
    assert_eq!(greeting.plugin, "caching_sha2_password");
    assert_eq!(greeting.abilities, USUAL | SSL);
    for end in 0..hello("", USUAL).len() - 15 {
        assert_eq!(Greeting::read(&hello("", USUAL)[..end]), None, "{end}");
    }
}

#[test]
fn native_passwords() {
    // SHA1(password) XOR SHA1(challenge, SHA1(SHA1(password))), worked out with Python's hashlib.
    let proof = Plugin::Native.answer(b"secret", CHALLENGE, false).unwrap();
    assert_eq!(data_encoding::HEXLOWER.encode(&proof), "4bc7ed29bc4aed79190c51d35389a963f386a7ce");
    let (verdict, heard) = told("mysql_native_password", false, &[OK]);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(verdict.unwrap(), Verdict::Active(vec![pair("server", "MySQL 8.4.3"), pair("user", "app")]));
    let proof = Plugin::Native.answer(PASSWORD, CHALLENGE, false).unwrap();
    assert!(contains(&heard, &[b"app\0\x14", &proof[..], b"mysql_native_password\0"].concat()));
    assert_eq!(&heard[heard.len() - 5..], [1, 0, 0, 0, 1], "it says goodbye");
    let (verdict, _) = told("mysql_native_password", false, &[&failure(1045)]);
    assert!(matches!(verdict, Ok(Verdict::Inactive(_))));
}

#[test]
fn caching_sha2_passwords() {
    let proof = Plugin::CachingSha2.answer(b"secret", CHALLENGE, false).unwrap();
    // SHA256(password) XOR SHA256(SHA256(SHA256(password)), challenge), worked out likewise.
    let wanted = "648ae089129a00b26362eb7df5cc2e7c846bdd105afd9de1f0650bd4238f2ece";
    assert_eq!(data_encoding::HEXLOWER.encode(&proof), wanted);
    // Remembered by the server.
    let (verdict, heard) = told("caching_sha2_password", false, &[&[1, 3], OK]);
    assert!(matches!(verdict, Ok(Verdict::Active(_))));
    assert!(!contains(&heard, PASSWORD));
    // Not remembered: the password itself, and only over TLS.
    let (verdict, heard) = told("caching_sha2_password", true, &[&[1, 4], OK]);
    assert!(matches!(verdict, Ok(Verdict::Active(_))));
    assert!(contains(&heard, &[PASSWORD, b"\0"].concat()));
    let (verdict, heard) = told("caching_sha2_password", false, &[&[1, 4], OK]);
    assert_eq!(verdict.unwrap_err().cause, Cause::Tls);
    assert!(!contains(&heard, PASSWORD));
    let (verdict, _) = told("caching_sha2_password", true, &[&[1, 4], &failure(1045)]);
    assert!(matches!(verdict, Ok(Verdict::Inactive(_))));
    assert_eq!(told("mysql_native_password", true, &[&[1, 4], OK]).0.unwrap_err().cause, Cause::UnexpectedBody);
}

#[test]
fn the_server_may_want_another_plugin_once() {
    let switch = |name: &str| [b"\xfe", name.as_bytes(), b"\0zyxwvutsrqponmlkjihg\0"].concat();
    let (verdict, heard) = told("caching_sha2_password", false, &[&switch("mysql_native_password"), OK]);
    assert!(matches!(verdict, Ok(Verdict::Active(_))));
    let proof = Plugin::Native.answer(PASSWORD, b"zyxwvutsrqponmlkjihg", false).unwrap();
    assert!(contains(&heard, &[&[20, 0, 0, 3], &proof[..]].concat()), "in the packet that comes next");
    // A plugin of the server that is not known here need not be that of the user.
    let (verdict, _) = told("client_ed25519", false, &[&switch("mysql_native_password"), OK]);
    assert!(matches!(verdict, Ok(Verdict::Active(_))));
    for name in ["client_ed25519", "dialog", "made_up"] {
        let (verdict, heard) = told("mysql_native_password", true, &[&switch(name), OK]);
        let doubt = verdict.unwrap_err();
        assert_eq!(doubt.cause, Cause::NoRequest);
        assert!(!doubt.text.contains("made_up") && !contains(&heard, PASSWORD));
    }
    // In clear only over TLS.
    for name in ["mysql_clear_password", "sha256_password"] {
        let (verdict, heard) = told("mysql_native_password", false, &[&switch(name), OK]);
        assert_eq!(verdict.unwrap_err().cause, Cause::Tls);
        assert!(!contains(&heard, PASSWORD));
        let (verdict, heard) = told("mysql_native_password", true, &[&switch(name), OK]);
        assert!(matches!(verdict, Ok(Verdict::Active(_))));
        assert!(contains(&heard, PASSWORD));
        let (verdict, heard) = told(name, false, &[&failure(1045)]);
        assert!(verdict.is_ok() && !contains(&heard, PASSWORD), "not on the word of a greeting in clear");
    }
    let twice = [switch("mysql_native_password"), switch("mysql_native_password")];
    let (verdict, _) = told("caching_sha2_password", false, &[&twice[0], &twice[1], OK]);
    assert_eq!(verdict.unwrap_err().cause, Cause::UnexpectedBody);
    assert_eq!(told("mysql_native_password", true, &[&[0xfe]]).0.unwrap_err().cause, Cause::NoRequest);
}

#[test]
fn errors_are_told_apart() {
    for code in [1044, 1049, 1820, 1862] {
        assert!(matches!(told("mysql_native_password", false, &[&failure(code)]).0, Ok(Verdict::Active(_))), "{code}");
    }
    for code in [3118, 4151] {
        assert!(
            matches!(told("mysql_native_password", false, &[&failure(code)]).0, Ok(Verdict::Inactive(_))),
            "{code}"
        );
    }
    for (code, cause) in [
        (1040, Cause::ServerError),
        (1130, Cause::UnexpectedStatus),
        (1698, Cause::UnexpectedStatus),
        (3159, Cause::Tls),
        (9999, Cause::UnexpectedStatus),
    ] {
        let doubt = told("mysql_native_password", false, &[&failure(code)]).0.unwrap_err();
        assert_eq!(doubt.cause, cause, "{code}");
        assert!(doubt.text.contains(&code.to_string()) && !doubt.text.contains("pa ss"), "{}", doubt.text);
    }
    // Instead of a greeting, too.
    let mut says = Vec::new();
    send(&mut says, 0, &failure(1130)).unwrap();
    assert_eq!(greet(&mut Fake::new(says)).unwrap_err().cause, Cause::UnexpectedStatus);
}

#[test]
fn odd_servers_are_unknown() {
    for packets in [&[b"".as_slice()][..], &[&[1, 3, 3]], &[&[1]], &[&[7, 7]], &[&[1, 3], &[1, 3], &[2]]] {
        let (verdict, _) = told("caching_sha2_password", true, packets);
        assert_eq!(verdict.unwrap_err().cause, Cause::UnexpectedBody, "{packets:?}");
    }
    let forever = vec![[1_u8, 3].as_slice(); 100];
    assert_eq!(told("caching_sha2_password", true, &forever).0.unwrap_err().cause, Cause::UnexpectedBody);
    let mut says = Vec::new();
    send(&mut says, 0, &hello("mysql_native_password", PROTOCOL_41)).unwrap();
    assert_eq!(greet(&mut Fake::new(says)).unwrap_err().cause, Cause::NoRequest);
    assert_eq!(greet(&mut Fake::new(b"HTTP/1.1 400 Bad Request\r\n")).unwrap_err().cause, Cause::UnexpectedBody);
    assert_eq!(greet(&mut Fake::new(b"SSH-")).unwrap_err().cause, Cause::UnexpectedBody);
    assert_eq!(greet(&mut Fake::new([5, 0, 0, 0, 10])).unwrap_err().cause, Cause::Connect);
}

#[test]
fn mariadb_is_known_by_its_version() {
    let greeting = Greeting {
        version: "5.5.5-10.11.6-MariaDB".to_owned(),
        ..Greeting::read(&hello("mysql_native_password", USUAL)).unwrap()
    };
    let verdict = active(&login(Protocol::Mysql), &greeting, None);
    assert_eq!(verdict.details()[0].1, "MariaDB 10.11.6-MariaDB");
}

proptest! {
    #[test]
    fn no_server_does_harm(packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6), secure in any::<bool>()) {
        let packets: Vec<&[u8]> = packets.iter().map(Vec::as_slice).collect();
        let (_, heard) = told("caching_sha2_password", secure, &packets);
        prop_assert!(secure || !contains(&heard, PASSWORD));
    }

    #[test]
    fn no_greeting_does_harm(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let _ = Greeting::read(&bytes);
        let _ = Greeting::read(&[b"\x0a8\0", &bytes[..]].concat());
        let _ = greet(&mut Fake::new(bytes.as_slice()));
    }
}
