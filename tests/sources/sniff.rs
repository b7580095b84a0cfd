//! What bytes are taken for.

use unspill::model::Text;
use unspill::source::archive;
use unspill::source::sniff::{Kind, sniff};

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn text_is_text_whatever_its_encoding() {
    for bytes in [&b""[..], b"a", b"key = value\n", b"\xEF\xBB\xBFkey", b"caf\xE9 \x80\x81", b"MZ text", b"%PDF-1.4\n"]
    {
        assert_eq!(sniff(bytes), Kind::Text(Text::Ascii), "{bytes:?}");
    }
}

#[test]
fn a_nul_among_the_first_8000_bytes_means_binary() {
    assert_eq!(sniff(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0"), Kind::Binary);
    let mut bytes = vec![b'a'; 9000];
    bytes[7999] = 0;
    assert_eq!(sniff(&bytes), Kind::Binary);
    bytes.swap(7999, 8000);
    assert_eq!(sniff(&bytes), Kind::Text(Text::Ascii));
}

#[test]
fn utf16_is_told_with_and_without_its_mark() {
    for text in ["password = hunter2\r\n", "# naïve Привет 秘密 😀\nkey = \"value\"\n"] {
        assert_eq!(sniff(&utf16(text, false)), Kind::Text(Text::Utf16Le), "{text}");
        assert_eq!(sniff(&utf16(text, true)), Kind::Text(Text::Utf16Be), "{text}");
        let marked = format!("\u{FEFF}{text}");
        assert_eq!(sniff(&utf16(&marked, false)), Kind::Text(Text::Utf16Le), "{text}");
        assert_eq!(sniff(&utf16(&marked, true)), Kind::Text(Text::Utf16Be), "{text}");
    }
    // With a mark, no ASCII is needed.
    assert_eq!(sniff(&utf16("\u{FEFF}秘密", true)), Kind::Text(Text::Utf16Be));
    // A pair that the end of the head cuts in two does no harm.
    let long = format!("ab{}", "😀a".repeat(5000));
    assert_eq!(sniff(&utf16(&long, false)), Kind::Text(Text::Utf16Le));
}

#[test]
fn numbers_in_two_bytes_are_no_utf16() {
    let small: Vec<u8> = (0..500u16).flat_map(u16::to_le_bytes).collect();
    assert_eq!(sniff(&small), Kind::Binary);
    let utf32: Vec<u8> = [0xFEFF, 0x61, 0x62].into_iter().flat_map(u32::to_le_bytes).collect();
    assert_eq!(sniff(&utf32), Kind::Binary);
    // A half of a pair without the other.
    let lone: Vec<u8> = [0x61u16, 0xDC00, 0x62, 0x63].into_iter().flat_map(u16::to_le_bytes).collect();
    assert_eq!(sniff(&lone), Kind::Binary);
}

#[test]
fn archives_are_told_by_their_magic() {
    for (head, kind) in [
        (&b"PK\x03\x04rest"[..], archive::Kind::Zip),
        (b"PK\x05\x06", archive::Kind::Zip),
        (b"\x1f\x8b\x08\0", archive::Kind::Gzip),
        (b"BZh91AY&SY", archive::Kind::Bzip2),
        (b"\xfd7zXZ\0", archive::Kind::Xz),
        (b"\x28\xb5\x2f\xfd", archive::Kind::Zstd),
    ] {
        assert_eq!(sniff(head), Kind::Archive(kind));
    }
    assert_eq!(sniff(b"BZh9 is how bzip2 begins"), Kind::Text(Text::Ascii));
    assert_eq!(sniff(b"PKI for beginners"), Kind::Text(Text::Ascii));
}

#[test]
fn plain_text_behind_a_byte_order_mark_is_plain_text() {
    for mark in [[0xFF, 0xFE], [0xFE, 0xFF]] {
        let text = [&mark[..], b"=1\nexport TOKEN=\"a\"\n"].concat();
        assert_eq!(sniff(&text), Kind::Text(Text::Ascii));
    }
    for (text, big) in [("你好，世界。口令是：绝密\n", false), ("パスワード\n", true), ("пароль: k=1\n", false)]
    {
        let mark: &[u8] = if big { &[0xFE, 0xFF] } else { &[0xFF, 0xFE] };
        let expected = if big { Text::Utf16Be } else { Text::Utf16Le };
        assert_eq!(sniff(&[mark, &utf16(text, big)].concat()), Kind::Text(expected), "{text}");
    }
}
