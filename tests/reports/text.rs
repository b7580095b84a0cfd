//! Text: what it says, how it is laid out, and what it never prints.

use snapbox::{assert_data_eq, str};
use unspill::model::{Cause, Doubt, Problem, Report, Scope, Severity, Stats, Verdict};
use unspill::report::{Format, ReportOptions};

use crate::sample::{Spill, clean, commit, finding, sample, secret, single};
use crate::{PLAIN, written};

fn text(report: &Report) -> String {
    written(report, Format::Text, PLAIN)
}

#[test]
fn says_all_that_is_needed() {
    assert_data_eq!(
        text(&sample()),
        str![[r#"
deploy/key.pem:1:1
high: Token of the Example service [example-key]

  1 | ----********
    | ^^^^^^^^^^^^

  lines        1 to 4
  confidence   96 (high): its form is distinctive (+60), its checksum holds
               (+30), it looks random (+10)
  history      unreachable: no ref leads to it, yet the repository still has it
  revoke       Delete it at https://example.org/settings/tokens
  store        A secret store that the program asks at run time, never a file of
               the repository
  fingerprint  example-key:0123456789abcdef:00000001

odd �[2J��/a:b.txt:3:6
critical: Token of the Example service [example-token]

  3 | key: exa_********�[0m
    |      ^^^^^^^^^^^^

  confidence   96 (high): its form is distinctive (+60), its checksum holds
               (+30), it looks random (+10)
  found        in hex within base64
  commit       555555555555 by Jane �]0;title��Doe�, 2024-02-29T13:30:00+01:00;
               no longer at HEAD, yet still in the history
  verified     active: the provider accepts it, user ada
  revoke       Delete it at https://example.org/settings/tokens
  store        A secret store that the program asks at run time, never a file of
               the repository
  fingerprint  example-token:0123456789abcdef:00000003

src/login.rs:12:7
critical: Token of the Example service [example-token]

  12 | login(exa_********, wqqM********)
     |       ^^^^^^^^^^^^

  confidence   96 (high): its form is distinctive (+60), its checksum holds
               (+30), it looks random (+10)
  with         example-key-id on lines 12 to 13
  also         on lines 14, 20, 31, 44 and 2 more
  revoke       Delete it at https://example.org/settings/tokens
  store        A secret store that the program asks at run time, never a file of
               the repository
  fingerprint  example-token:0123456789abcdef:0000000c

src/login.rs:12:49
low: Token of the Example service [example-secret]

  12 | login(exa_********, wqqM********)
     |                     ^^^^^^^^^^^^

  confidence   96 (high): its form is distinctive (+60), its checksum holds
               (+30), it looks random (+10)
  checked      well-formed: its checksum holds
  revoke       Delete it at https://example.org/settings/tokens
  store        A secret store that the program asks at run time, never a file of
               the repository
  fingerprint  example-token:0123456789abcdef:0000000c

4 findings: 2 critical, 1 high, 1 low.
Scanned 1,234 files (4.5 MB) in 0.1 s.
Skipped: 3 binary, 1 symbolic link.
Suppressed: 1 finding (-v lists them).
Below the confidence threshold of 50: 7 matches; `unspill explain FILE:LINE`
  says why.
Incomplete: 2 problems.
- broken.zip: the archive ends early
- private/�[8mnotes: permission denied
  hint: run it as a user who may read it, or leave it out with an exclude
        in the configuration
The scan is incomplete: what could not be read may hold secrets.
Note: line 3 of .unspillignore matches nothing

"#]]
    );
}

#[test]
fn lists_what_is_suppressed_when_asked() {
    let verbose = written(&sample(), Format::Text, ReportOptions { verbosity: 1, ..PLAIN });
    assert!(verbose.contains("suppressed   allowed by a comment: it is only exa_********"), "{verbose}");
    assert!(verbose.contains("the path is that of a test (-4)"), "{verbose}");
    assert!(!text(&sample()).contains("tests/data.txt"));
}

#[test]
fn is_one_line_a_finding_when_quiet() {
    let quiet = written(&sample(), Format::Text, ReportOptions { verbosity: -1, ..PLAIN });
    assert_data_eq!(
        quiet,
        str![[r#"
deploy/key.pem:1:1 example-key 96
odd �[2J��/a:b.txt:3:6 example-token 96 active
src/login.rs:12:7 example-token 96
src/login.rs:12:49 example-secret 96

"#]]
    );
}

#[test]
fn is_calm_when_nothing_is_found() {
    let report = clean();
    let stats = Stats { skipped: Default::default(), below_threshold: 0, ..report.stats.clone() };
    let report = Report { stats, ..report };
    assert_data_eq!(text(&report), "No secrets found in 1,234 files (4.5 MB) in 0.1 s.\n");
}

#[test]
fn is_not_calm_when_something_was_not_read() {
    let problem = |n| Problem { place: format!("file {n:02}"), what: "permission denied".into(), hint: None };
    let text = text(&Report { problems: (1..=23).map(problem).collect(), ..clean() });
    assert!(text.starts_with("No secrets found in what could be read"), "{text}");
    assert!(text.contains("Incomplete: 23 problems."), "{text}");
    assert!(text.contains("- file 20: permission denied\n- and 3 more\n"), "{text}");
    assert!(text.contains("The scan is incomplete"), "{text}");
}

#[test]
fn never_takes_not_checked_for_safe() {
    let mut report = single(&secret("{{base62:40}}"));
    assert!(text(&report).contains("None was checked with its provider: take each for active."));
    report.findings[0].verdict = Verdict::Unknown(Doubt::new(Cause::Timeout, "the provider did not answer"));
    assert!(text(&report).contains("verified     unknown, it may be active: the provider did not answer"));
}

#[test]
fn is_the_same_with_and_without_colour() {
    let colored = written(&sample(), Format::Text, ReportOptions { color: true, verbosity: 1, ..PLAIN });
    let plain = written(&sample(), Format::Text, ReportOptions { verbosity: 1, ..PLAIN });
    assert!(colored.contains('\x1b'));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn holds_nothing_that_steers_a_terminal() {
    for verbosity in [-1, 0, 1] {
        let text = written(&sample(), Format::Text, ReportOptions { verbosity, ..PLAIN });
        let bad = text.chars().find(|c| *c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(c)));
        assert_eq!(bad, None, "{text}");
    }
}

#[test]
fn fits_the_width() {
    let long = "x = 1; ".repeat(40);
    let value = secret("{{base62:40}}");
    let spill = Spill { path: b"a.js", line: 1_000_000, before: &long, secret: &value, after: &long };
    let mut report = sample();
    report.findings.push(finding("example-token", Severity::High, &spill));
    for width in [70, 80, 120] {
        let text = written(&report, Format::Text, ReportOptions { width, verbosity: 1, ..PLAIN });
        for line in text.lines().filter(|line| !line.contains("fingerprint") && !line.contains("https://")) {
            let columns = line.chars().count();
            assert!(columns <= width, "{columns} columns instead of {width}: {line}");
        }
    }
}

#[test]
fn of_a_history_names_commits() {
    let mut report = single(&secret("{{base62:40}}"));
    report.findings[0].occurrences[0].commit = Some(commit("Jane Doe"));
    report.findings[0].occurrences[0].at_head = Some(true);
    report.scope = Scope::Git { root: "/r".into(), part: "all".into(), head: None, remote: None, branch: None };
    report.stats.commits = 1;
    let text = text(&report);
    assert!(text.contains("555555555555 by Jane Doe, 2024-02-29T13:30:00+01:00; still at\n"), "{text}");
    assert!(text.contains("Scanned 1,234 blobs of 1 commit (4.5 MB)"), "{text}");
}

#[test]
fn shows_the_whole_secret_when_asked() {
    let value = secret("{{base62:200}}");
    let shown = written(&single(&value), Format::Text, ReportOptions { show_secrets: true, ..PLAIN });
    assert!(shown.contains(&format!("  secret       {value}\n")), "{shown}");
}
