//! The pages below `docs/reference` are what the program writes. `SNAPSHOTS=overwrite cargo test --test docs` writes them
//! anew; what changed in them is to be read.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::{below, root};

#[test]
fn the_reference_is_what_the_program_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    generate(folder.path());
    let written = pages(folder.path());
    assert!(written.len() > 25, "only {} pages were written", written.len());
    let committed = root().join("docs/reference");
    if env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::remove_dir_all(&committed).expect("the reference can be removed");
        generate(&committed);
    }
    let standing: BTreeMap<String, String> = below("docs/reference")
        .into_iter()
        .map(|name| (name.replacen("docs/reference/", "", 1), fs::read_to_string(root().join(&name)).expect("a page")))
        .collect();
    let all = written.keys().chain(standing.keys());
    let differ: Vec<&String> = all.filter(|name| written.get(*name) != standing.get(*name)).collect();
    assert!(differ.is_empty(), "not what the program writes (SNAPSHOTS=overwrite writes them anew): {differ:?}");
}

fn generate(folder: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unspill"));
    let output = command.args(["generate", "reference"]).arg(folder).output().expect("the program can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The files of a folder and of those in it.
fn pages(folder: &Path) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            pages.extend(self::pages(&path).into_iter().map(|(below, text)| (format!("{name}/{below}"), text)));
        } else {
            pages.insert(name, fs::read_to_string(&path).expect("a page"));
        }
    }
    pages
}
