//! Reports of a run that was made up, in every format.

mod csv;
mod gitlab;
mod gitleaks;
mod json;
mod junit;
mod markdown;
mod redaction;
mod sample;
mod sarif;
mod text;

use std::io::{self, Write};
use std::time::Duration;

use sample::sample;
use serde_json::Value;
use unspill::model::Report;
use unspill::report::{Format, ReportOptions};

const PLAIN: ReportOptions =
    ReportOptions { show_secrets: false, color: false, verbosity: 0, width: 80, seconds: 0, links: None };

fn written(report: &Report, format: Format, options: ReportOptions) -> String {
    let mut out = Vec::new();
    format.reporter().write(report, &options, &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn value(report: &Report, format: Format) -> Value {
    serde_json::from_str(&written(report, format, PLAIN)).expect("valid JSON")
}

fn faults(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).expect("a valid schema");
    validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

const MACHINE: [Format; 8] = [
    Format::Json,
    Format::Jsonl,
    Format::Sarif,
    Format::Gitleaks,
    Format::Gitlab,
    Format::Junit,
    Format::Csv,
    Format::Markdown,
];

#[test]
fn the_time_that_it_took_is_in_no_machine_format() {
    let mut slow = sample();
    slow.stats.elapsed = Duration::from_secs(99);
    for format in MACHINE {
        assert_eq!(written(&sample(), format, PLAIN), written(&slow, format, PLAIN), "{format:?}");
    }
}

#[test]
fn machine_formats_hold_nothing_that_steers_a_terminal() {
    for format in MACHINE {
        // The line ends of CSV.
        let text = written(&sample(), format, PLAIN).replace("\r\n", "\n");
        let bad = text.chars().find(|c| *c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(c)));
        assert_eq!(bad, None, "{format:?}");
    }
}

#[test]
fn an_error_of_the_output_is_passed_on() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for (_, format) in Format::ALL {
        let result = format.reporter().write(&sample(), &PLAIN, &mut Closed);
        assert_eq!(result.map_err(|e| e.kind()), Err(io::ErrorKind::BrokenPipe), "{format:?}");
    }
}

#[test]
fn every_format_but_those_of_gitleaks_says_that_something_could_not_be_read() {
    for (name, format) in Format::ALL.into_iter().filter(|(_, format)| *format != Format::Gitleaks) {
        let text = written(&sample(), format, PLAIN);
        assert!(text.contains("broken.zip") && text.contains("the archive ends early"), "{name}: {text}");
    }
}

#[test]
fn names_of_files_suggest_formats() {
    for (name, format) in [
        ("out/gl-secret-detection-report.json", Format::Gitlab),
        ("a.gitlab.json", Format::Gitlab),
        ("a.gitleaks.json", Format::Gitleaks),
        ("a.json", Format::Json),
        ("junit.xml", Format::Junit),
        ("TEST-unspill.XML", Format::Junit),
        ("a.csv", Format::Csv),
        ("summary.md", Format::Markdown),
    ] {
        assert_eq!(Format::of_file_name(name), Some(format), "{name}");
    }
}
