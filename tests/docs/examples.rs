//! Every example of a file is read: TOML, YAML and JSON by a parser, configurations and rules by the program, workflows by
//! actionlint where it is there.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use unspill::config;
use yaml_rust2::YamlLoader;

use crate::home::Home;
use crate::{Page, all, blocks};

/// The TOML files that a page shows: their name stands in a comment on the first line.
pub fn named(page: &str) -> Vec<(String, String)> {
    let toml = blocks(page).into_iter().filter(|block| block.language == "toml");
    let named = toml.filter_map(|block| {
        let name = block.text.lines().next()?.strip_prefix("# ")?.to_owned();
        (name.ends_with(".toml") && !name.contains([' ', '/'])).then_some((name, block.text))
    });
    named.collect()
}

#[test]
fn every_toml_can_be_used() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for page in all() {
        for block in blocks(&page.text).iter().filter(|block| block.language == "toml") {
            if let Err(error) = block.text.parse::<toml::Table>() {
                wrong.push(format!("{}: {error}\n{}", page.name, block.text));
            }
        }
        for (name, text) in named(&page.text) {
            seen += 1;
            wrong.extend(refused(&name, &text).map(|what| format!("{}: {name}: {what}\n{text}", page.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 20, "only {seen} files were found");
}

/// Why the program would not have a file.
fn refused(name: &str, text: &str) -> Option<String> {
    let is_configuration = name.ends_with("unspill.toml") || name.contains("gitleaks");
    if is_configuration {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file can be written");
        return config::load(Some(&path)).err().map(|error| error.to_string());
    }
    if !text.contains("[[rule]]") {
        return None;
    }
    let home = Home::new(&format!("```toml\n{text}```\n"));
    let output = home.run(&format!("unspill rules lint {name} && unspill rules test {name}"));
    (!output.status.success()).then(|| String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn a_wrong_file_is_noticed() {
    assert!(refused("unspill.toml", "no_such_key = 1\n").is_some());
    assert!(refused("acme.toml", "# acme.toml\n[[rule]]\nid = \"acme\"\n").is_some());
    assert!(refused("unspill.toml", "jobs = 2\n").is_none());
}

#[test]
fn every_json_can_be_read() {
    each("json", |text| serde_json::from_str::<serde_json::Value>(text).err().map(|error| error.to_string()));
}

#[test]
fn every_yaml_can_be_read() {
    each("yaml", |text| YamlLoader::load_from_str(text).err().map(|error| error.to_string()));
    each("yml", |_| Some("is called yaml here".to_owned()));
}

#[test]
fn every_workflow_passes_the_linter() {
    if Command::new("actionlint").arg("-version").output().is_err() {
        eprintln!("not tried: workflows (there is no actionlint)");
        return;
    }
    each("yaml", |text| {
        let is_workflow = text.lines().any(|line| line == "jobs:")
            && text.lines().any(|line| line == "on:" || line.starts_with("on: "));
        is_workflow.then(|| lint(text)).flatten()
    });
}

/// What actionlint says.
fn lint(workflow: &str) -> Option<String> {
    let mut command = Command::new("actionlint");
    command.args(["-no-color", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("actionlint can be run");
    child.stdin.take().expect("a pipe").write_all(workflow.as_bytes()).expect("actionlint reads");
    let output = child.wait_with_output().expect("actionlint ends");
    (!output.status.success()).then(|| String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Holds every block of a language to a check.
fn each(language: &str, fault: impl Fn(&str) -> Option<String>) {
    let mut wrong = Vec::new();
    for Page { name, text } in all() {
        for block in blocks(&text).iter().filter(|block| block.language == language) {
            wrong.extend(fault(&block.text).map(|what| format!("{name}: {what}\n{}", block.text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
