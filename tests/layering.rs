//! Who may import whom: reads every path that begins with `crate::` in `src/`, and fails on an arrow that the design
//! does not know. `lib.rs` (which declares everything) and `main.rs` (which calls `cli`) are exempt.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module, and which others it may import.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("rules", &["model"]),
    ("source", &["model"]),
    ("findings", &["model"]),
    ("report", &["model"]),
    ("engine", &["model", "rules"]),
    ("verify", &["model", "rules"]),
    ("scan", &["source", "engine", "findings", "verify", "report", "rules", "model"]),
    ("config", &["rules", "model"]),
    ("cli", &["scan", "config", "source", "engine", "findings", "verify", "report", "rules", "model"]),
];

#[test]
fn imports_follow_the_design() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut modules = BTreeSet::new();
    for file in rust_files(&src) {
        let relative = file.strip_prefix(&src).expect("files of src lie below src");
        let module = module_path(relative);
        let [top, ..] = &module[..] else { continue };
        modules.insert(top.clone());
        let text = fs::read_to_string(&file).expect("source files can be read");
        wrong.extend(
            faults(top, module.len(), &text).into_iter().map(|fault| format!("{}: {fault}", relative.display())),
        );
    }
    assert!(wrong.is_empty(), "imports that DESIGN.md does not allow:\n{}", wrong.join("\n"));
    let known: BTreeSet<String> = ALLOWED.iter().map(|(module, _)| (*module).to_owned()).collect();
    assert_eq!(modules, known, "the modules of src/ and those of the table");
}

#[test]
fn a_wrong_arrow_is_seen_in_every_form() {
    let seen = |line: &str| !faults("engine", 2, line).is_empty();
    assert!(seen("use crate::source::Source;"));
    assert!(seen("use crate::{model::Blob, findings::{group, Baseline}};"));
    assert!(seen("use crate::{\n    model::Blob,\n    report,\n};"));
    assert!(seen("    let x = crate::scan::run();"));
    assert!(seen("use super::super::report::Format;"));
    assert!(seen("pub(crate) use crate::verify;"));
    assert!(!seen("use crate::model::Blob;\nuse crate::rules::RuleSet;"));
    assert!(!seen("use crate::engine::score;\nuse super::decode;"));
    assert!(!seen("// use crate::source::Source;"));
    assert!(!seen("use crate::{model::{Blob, source}, rules};"));
}

/// The module that a file is: `["engine", "score"]` for `engine/score/mod.rs`; nothing for the exempt.
fn module_path(relative: &Path) -> Vec<String> {
    let stem = relative.with_extension("");
    let mut parts: Vec<String> = stem.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    if parts.len() == 1 && (parts[0] == "lib" || parts[0] == "main") {
        parts.clear();
    }
    parts
}

/// Arrows of a file of module `top` that are not allowed; `depth` is the number of parts of the file's module path.
fn faults(top: &str, depth: usize, text: &str) -> Vec<String> {
    let Some((_, allowed)) = ALLOWED.iter().find(|(module, _)| *module == top) else {
        return vec![format!("the module `{top}` is not in the table")];
    };
    // `super` as often as the file lies deep leads to the root of the crate, too.
    let upwards = "super::".repeat(depth);
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut targets = BTreeSet::new();
    for root in ["crate::", &upwards] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            targets.extend(first_names(&code[at + root.len()..]));
        }
    }
    targets
        .into_iter()
        .filter(|target| target != top && !allowed.contains(&target.as_str()))
        .filter(|target| ALLOWED.iter().any(|(module, _)| module == target))
        .map(|target| format!("`{top}` imports `{target}`"))
        .collect()
}

/// The first names of a path or of each branch of a group: `a` and `d` of `{a::{b, c}, d}`.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("an entry of src").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
