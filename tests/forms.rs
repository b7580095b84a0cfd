//! The forms that tools write secrets down in, end to end: every file of `tests/forms/` is one of a tool's, with made-up
//! secrets, and all of them must be found, each on its line. Nearly all must have the confidence that counts by default, too:
//! made-up letters may read as words by chance, and then only the form speaks for them.
//!
//! | written | becomes |
//! | --- | --- |
//! | `«{{base62:16}}»` | a secret: what the template of `rules::examples` makes, and it must be found |
//! | `«b64\|…»`, `«hex\|…»`, `«url\|…»` | the same in base64, hexadecimal digits or percent encoding, to be found in either form |

use std::path::Path;
use std::process::Command;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use unspill::model::Level;
use unspill::rules::examples::expand;

/// A secret as it is, as it stands in the file, and on which line.
struct Wanted {
    plain: String,
    written: String,
    line: u64,
}

/// Fills a form in.
fn fill(form: &str) -> (String, Vec<Wanted>) {
    let filled = expand(form).unwrap_or_else(|what| panic!("{what}"));
    let (mut text, mut wanted) = (String::new(), Vec::new());
    let mut rest = &filled[..];
    while let Some((before, behind)) = rest.split_once('«') {
        let (marked, behind) = behind.split_once('»').expect("a mark that is closed");
        text.push_str(before);
        let percent = |plain: &str| plain.bytes().map(|b| format!("%{b:02X}")).collect();
        let (plain, written) = match marked.split_once('|') {
            Some(("b64", plain)) => (plain, BASE64.encode(plain.as_bytes())),
            Some(("hex", plain)) => (plain, HEXLOWER.encode(plain.as_bytes())),
            Some(("url", plain)) => (plain, percent(plain)),
            _ => (marked, marked.to_owned()),
        };
        let line = text.matches('\n').count() as u64 + 1;
        text.push_str(&written);
        wanted.push(Wanted { plain: plain.to_owned(), written, line });
        rest = behind;
    }
    (text + rest, wanted)
}

/// The findings in a folder, also those that are not sure.
fn findings(folder: &Path) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_unspill"))
        .args([
            "dir",
            "--format",
            "jsonl",
            "--show-secrets",
            "--min-confidence",
            "low",
            "--exit-zero",
            "--no-ignore",
            ".",
        ])
        .current_dir(folder)
        .output()
        .expect("it runs");
    let lines = String::from_utf8(output.stdout).expect("text");
    let records = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    records.filter(|record| record["type"] == "finding").collect()
}

/// Whether a finding is of that secret, with or without what stands about it.
fn is_of(finding: &Value, file: &str, wanted: &Wanted) -> bool {
    let secret = finding["secret"].as_str().unwrap_or_default();
    let holds = secret.contains(&wanted.plain) || secret.contains(&wanted.written);
    // Of a connection string or a login, the password is enough.
    let is_held = secret.len() >= 12 && (wanted.plain.contains(secret) || wanted.written.contains(secret));
    let lines = finding["line"].as_u64().unwrap_or(0)..=finding["end_line"].as_u64().unwrap_or(0);
    finding["file"] == file && lines.contains(&wanted.line) && (holds || is_held)
}

#[test]
fn every_secret_is_found_in_the_files_of_tools() {
    let folder = tempfile::tempdir().expect("a folder");
    let forms = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(forms).expect("the forms") {
        let path = entry.expect("a form").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let (text, wanted) = fill(&std::fs::read_to_string(&path).expect("a text"));
        std::fs::write(folder.path().join(&name), text).expect("a file");
        all.push((name, wanted));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    let findings = findings(folder.path());
    let (mut missed, mut unsure, mut count) = (String::new(), String::new(), 0);
    for (name, one) in all.iter().flat_map(|(name, wanted)| wanted.iter().map(move |one| (name, one))) {
        let best = findings.iter().filter(|f| is_of(f, name, one)).filter_map(|f| f["confidence"].as_u64()).max();
        let line = format!("{name}:{}: {} {best:?}\n", one.line, one.plain);
        match best {
            None => missed.push_str(&line),
            Some(best) if best < u64::from(Level::Medium.threshold().get()) => unsure.push_str(&line),
            Some(_) => {}
        }
        count += 1;
    }
    assert!(missed.is_empty(), "not found:\n{missed}");
    assert!(unsure.lines().count() <= count / 20, "found, and not sure of them:\n{unsure}");
    assert!(count > 200, "the forms are there");
}
