//! The parts that a provider can play: right answers, late ones, broken ones, and those that want to do harm.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::message::{Answer, Reply, Request};

/// What a provider does about any request.
pub type Part = fn() -> Answer;

/// Answers the first request with the first of these, the second with the second, and so on; the last one stays.
pub fn in_turn(replies: Vec<Reply>) -> impl Fn(&Request) -> Answer {
    let next = AtomicUsize::new(0);
    move |_| {
        let turn = next.fetch_add(1, Ordering::SeqCst).min(replies.len().saturating_sub(1));
        replies.get(turn).cloned().unwrap_or(Reply::new(500)).into()
    }
}

/// Holds requests back until `number` of them are there at a time, or half a minute is over, and then a moment more.
pub fn together(number: usize, reply: Reply) -> impl Fn(&Request) -> Answer {
    let (inside, change) = (Mutex::new(0), Condvar::new());
    let reply = reply.after(Duration::from_millis(20));
    move |_| {
        let mut count = inside.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        change.notify_all();
        let few = |count: &mut usize| *count < number;
        // Those that were there together stay counted, so that the last few need not be as many.
        drop(change.wait_timeout_while(count, Duration::from_secs(30), few));
        reply.clone().into()
    }
}

/// What GitHub says of a token that works (`GET /user`, with made-up values).
pub fn active() -> Reply {
    Reply::new(200).header("X-OAuth-Scopes", "repo, gist").json(r#"{"login":"octocat","id":1}"#)
}

/// What GitHub says of one that does not.
pub fn inactive() -> Reply {
    Reply::new(401).json(r#"{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest"}"#)
}

/// Wants fewer requests; `after` is the value of `Retry-After`: seconds, or a [date](http_date).
pub fn rate_limited(after: &str) -> Reply {
    Reply::new(429).header("Retry-After", after).json(r#"{"message":"API rate limit exceeded"}"#)
}

/// Is not to be had just now.
pub fn unavailable() -> Reply {
    Reply::new(503).body("upstream connect error")
}

/// Sends elsewhere.
pub fn redirect(status: u16, location: &str) -> Reply {
    Reply::new(status).header("Location", location)
}

/// Answers byte by byte, with a pause behind each.
pub fn drip(pause: Duration, reply: Reply) -> Answer {
    let bytes = reply.header("Connection", "close").encode("GET");
    Answer::raw(move |wire| {
        bytes.iter().try_for_each(|byte| {
            wire.send([*byte])?;
            wire.pause(pause)
        })
    })
}

/// Never answers, and does not hang up.
pub fn silence() -> Answer {
    Answer::raw(|wire| {
        loop {
            wire.pause(Duration::from_secs(60))?;
        }
    })
}

/// Breaks off within the headers.
pub fn cut_in_head() -> Answer {
    Answer::raw(|wire| {
        wire.send("HTTP/1.1 200 OK\r\nContent-Type: applic")?;
        wire.cut()
    })
}

/// Breaks off within the body, behind what would read as a whole answer.
pub fn cut_in_body() -> Answer {
    Answer::raw(|wire| {
        wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")?;
        wire.send(active().body)?;
        wire.cut()
    })
}

/// Breaks off within a chunk.
pub fn cut_in_chunk() -> Answer {
    Answer::raw(|wire| {
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n")?;
        wire.send(active().body)?;
        wire.cut()
    })
}

/// Closes without a word.
pub fn hang_up() -> Answer {
    Answer::raw(|wire| wire.cut())
}

/// Something that is no HTTP.
pub fn garbage() -> Answer {
    Answer::raw(|wire| wire.send(b"\x00\x01\xfe\xff220 mail.example.com ESMTP\r\n\x1b]0;owned\x07\r\n\r\n"))
}

/// A body without an end and without a length.
pub fn endless_body() -> Answer {
    Answer::raw(|wire| {
        wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"login\":\"")?;
        wire.send_forever(&[b'a'; 16 * 1024])
    })
}

/// A body in chunks that do not end.
pub fn endless_chunks() -> Answer {
    Answer::raw(|wire| {
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        wire.send_forever(&[b"1000\r\n", &[b'a'; 4096][..], b"\r\n"].concat())
    })
}

/// A body that says how long it is: 100 MB.
pub fn large_body() -> Answer {
    Answer::raw(|wire| {
        let start: &[u8] = br#"{"login":"octocat","id":1,"more":""#;
        wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n")?;
        wire.send(start)?;
        let left = 100_000_000 - start.len() - 2;
        let block = [b'a'; 16 * 1024];
        (0..left / block.len()).try_for_each(|_| wire.send(block))?;
        wire.send(&block[..left % block.len()])?;
        wire.send("\"}")
    })
}

/// Headers without an end.
pub fn endless_head() -> Answer {
    Answer::raw(|wire| {
        wire.send("HTTP/1.1 200 OK\r\n")?;
        wire.send_forever(format!("X-More: {}\r\n", "a".repeat(1000)).as_bytes())
    })
}

/// One header without an end.
pub fn endless_header() -> Answer {
    Answer::raw(|wire| {
        wire.send("HTTP/1.1 200 OK\r\nX-More: ")?;
        wire.send_forever(&[b'a'; 4096])
    })
}

/// A thousand times "there is more to come".
pub fn endless_continue() -> Answer {
    Answer::raw(|wire| wire.send_forever(b"HTTP/1.1 100 Continue\r\n\r\n"))
}

/// A small body that unpacks to 256 MB.
pub fn gzip_bomb() -> Reply {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let block = [b' '; 1 << 16];
    packer.write_all(&active().body).expect("memory to write to");
    (0..256 << 4).for_each(|_| packer.write_all(&block).expect("memory to write to"));
    let packed = packer.finish().expect("memory to write to");
    Reply::new(200).header("Content-Encoding", "gzip").json(packed)
}

/// Accepts whatever comes, and gives every byte of it back: in headers, and in values of the body.
pub fn echo(request: &Request) -> Reply {
    let said: String = request.headers.iter().map(|(name, value)| format!("{name}={value};")).collect();
    let all = format!("{} {said} {}", request.target, request.text());
    let quoted = all.replace('\\', "\\\\").replace('"', "\\\"");
    let bare = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    Reply::new(200)
        .header("X-OAuth-Scopes", all.replace(|c| bare(c) != c, "?"))
        .json(format!(r#"{{"login":"{quoted}","id":1,"email":"{quoted}","message":"{quoted}"}}"#))
}

/// What a terminal would obey: escapes, control characters, marks that turn writing round, and bytes that are no text.
pub const ESCAPES: &str = "\x1b[31mred\x1b]0;title\x07\x1b[2J\r\x08\x00\u{202e}right\u{9b}31m\u{feff}\n::error::x";

/// Values that want to be shown, with [`ESCAPES`] in them.
pub fn escapes(status: u16) -> Reply {
    let inner: String = ESCAPES.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    Reply::new(status)
        .header("X-OAuth-Scopes", "repo\u{9b}31m\u{202e}, \tgist")
        .json(format!(r#"{{"login":"octocat{inner}","id":1,"message":"{inner}"}}"#))
}

/// Escapes in a header, where HTTP does not allow them.
pub fn header_escapes(status: u16) -> Reply {
    active().header("X-More", "\x1b[31mred\x07\u{9b}").header("X-Null", "a\0b").status(status)
}

/// Escapes as they are, in a body that is no JSON for it.
pub fn raw_escapes(status: u16) -> Reply {
    Reply::new(status).body([b"{\"login\":\"", ESCAPES.as_bytes(), b"\xff\xfe\xc3\x28\"}"].concat())
}

/// Lists in lists, ten thousand of them.
pub fn deep_json() -> Reply {
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    Reply::new(200).json(format!(r#"{{"login":{open}{close}}}"#))
}

/// A body that is no text in any encoding.
pub fn no_text() -> Reply {
    Reply::new(200).json(b"{\"login\":\"\xff\xfe\x00\xc3\x28\"}")
}

/// A date as HTTP writes it (RFC 9110, section 5.6.7).
pub fn http_date(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days to a date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12;
    let year = era * 400 + year_of_era + u64::from(month < 2);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month as usize];
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT")
}
