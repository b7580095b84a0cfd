//! Lays out the rules of `rules/*.toml` as constants, so that the program starts without parsing anything.

#[path = "build/commit.rs"]
mod commit;
#[path = "build/digest.rs"]
mod digest;
#[path = "build/layout.rs"]
mod layout;
#[path = "src/model/request.rs"]
#[allow(dead_code)]
mod request_model;
#[path = "src/rules/file.rs"]
#[allow(dead_code)]
mod rule_file;
#[path = "src/rules/head.rs"]
#[allow(dead_code)]
mod rule_head;
#[path = "src/rules/literals.rs"]
#[allow(dead_code)]
mod rule_literals;
#[path = "src/model/rule.rs"]
#[allow(dead_code)]
mod rule_model;
#[path = "src/rules/probe.rs"]
mod rule_probe;
#[path = "src/rules/request/mod.rs"]
#[allow(dead_code, unused_imports)]
mod rule_request;
#[path = "src/rules/template.rs"]
#[allow(dead_code)]
mod rule_template;
#[path = "src/model/byte_set.rs"]
#[allow(dead_code)]
mod sets;

/// The paths under which the included files name each other.
mod model {
    pub(crate) use crate::request_model as request;
    pub(crate) use crate::rule_model as rule;
    pub(crate) use crate::sets as byte_set;
}
mod rules {
    pub(crate) use crate::rule_head as head;
    pub(crate) use crate::rule_literals as literals;
    pub(crate) use crate::rule_probe as probe;
    pub(crate) use crate::rule_request as request;
    pub(crate) use crate::rule_template as template;
}

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use digest::Digest;
use rule_model::Rule;

fn main() {
    name_the_build();
    let mut rules = Vec::new();
    let mut faults = String::new();
    for path in rule_files(Path::new("rules")) {
        read(&path, &mut rules, &mut faults);
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    for pair in rules.windows(2) {
        if pair[0].id == pair[1].id {
            let _ = writeln!(faults, "two rules have the id `{}`", pair[0].id);
        }
    }
    assert!(faults.is_empty(), "the built-in rules have faults:\n{faults}");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("builtin_rules.rs");
    let constants = layout::constants(&rules);
    name_the_version(&constants, rules.len());
    fs::write(&out, constants).unwrap_or_else(|e| panic!("cannot write {}: {e}", out.display()));
}

/// Puts a digest of all that the program is made of into `UNSPILL_BUILD`: what another program remembers of a scan must
/// not be believed. Not of cryptographic strength, for nobody is kept from building what they like.
fn name_the_build() {
    let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
    for folder in ["build", "src", "rules"] {
        println!("cargo::rerun-if-changed={folder}");
        list(Path::new(folder), &mut files);
    }
    // A package may come without its lock file.
    files.retain(|file| file.exists());
    files.iter().for_each(|file| println!("cargo::rerun-if-changed={}", file.display()));
    files.sort();
    let mut digest = Digest::new();
    for file in files {
        digest.take(file.to_string_lossy().replace('\\', "/").as_bytes());
        digest.take(&fs::read(&file).unwrap_or_else(|e| panic!("cannot read {}: {e}", file.display())));
    }
    digest.take(env::var("TARGET").unwrap_or_default().as_bytes());
    println!("cargo::rustc-env=UNSPILL_BUILD={}", digest.hex());
}

/// Puts what `--version` says into `UNSPILL_VERSION`. The rules have no number that somebody would have to remember to
/// raise: their digest is their version, and how many there are tells at a glance which is more.
fn name_the_version(rules: &str, count: usize) {
    println!("cargo::rerun-if-env-changed=UNSPILL_COMMIT");
    let told = env::var("UNSPILL_COMMIT").ok();
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let (commit, watched) = commit::describe(told.as_deref(), &root, release);
    watched.iter().for_each(|file| println!("cargo::rerun-if-changed={}", file.display()));
    let mut digest = Digest::new();
    digest.take(rules.as_bytes());
    let number = env::var("CARGO_PKG_VERSION").expect("cargo sets CARGO_PKG_VERSION");
    println!("cargo::rustc-env=UNSPILL_VERSION={number} ({commit}, {count} rules {})", &digest.hex()[..12]);
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("cannot read {}: {e}", folder.display())) {
        let path = entry.expect("an entry of a folder of sources").path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("cannot read {}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder of rules").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path, rules: &mut Vec<Rule>, faults: &mut String) {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
    let file: rule_file::RuleFile = match toml::from_str(&text) {
        Ok(file) => file,
        Err(error) => {
            let _ = writeln!(faults, "{}: {error}", path.display());
            return;
        }
    };
    for raw in &file.rules {
        let line = text[..raw.span().start].matches('\n').count() + 1;
        match raw.get_ref().build(file.provider.as_deref()) {
            Ok(rule) => rules.push(rule),
            Err(found) => {
                for fault in found {
                    let _ = writeln!(
                        faults,
                        "{}:{line}: {}: {}: {}",
                        path.display(),
                        raw.get_ref().id,
                        fault.field,
                        fault.what
                    );
                }
            }
        }
    }
}
