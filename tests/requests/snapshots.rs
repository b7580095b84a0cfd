//! Records as files, one for each letter that ids of rules begin with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Compares records, by the ids of rules, with the files; writes the files instead if `SNAPSHOTS` is `overwrite`.
pub fn compare(records: &BTreeMap<String, String>) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/requests"));
    let mut files: BTreeMap<char, String> = BTreeMap::new();
    for (id, text) in records {
        let file = files.entry(id.chars().next().unwrap_or('_')).or_default();
        if !file.is_empty() {
            file.push('\n');
        }
        file.push_str(text);
    }
    let names: BTreeMap<String, String> = files.into_iter().map(|(c, text)| (format!("{c}.txt"), text)).collect();
    let there: BTreeSet<String> = fs::read_dir(folder)
        .expect("the folder of records")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".txt"))
        .collect();
    if std::env::var_os("SNAPSHOTS").is_some_and(|wish| wish == "overwrite") {
        there.iter().filter(|name| !names.contains_key(*name)).for_each(|name| {
            fs::remove_file(folder.join(name)).expect("a file to remove");
        });
        for (name, text) in &names {
            fs::write(folder.join(name), text).expect("a file to write");
        }
        return;
    }
    let mut report = String::new();
    for name in there.iter().chain(names.keys()).collect::<BTreeSet<_>>() {
        let known = fs::read_to_string(folder.join(name)).unwrap_or_default().replace("\r\n", "\n");
        let now = names.get(name).map(String::as_str).unwrap_or_default();
        if known != now {
            differences(name, &known, now, &mut report);
        }
    }
    assert!(report.is_empty(), "not as recorded (SNAPSHOTS=overwrite records anew):\n{report}");
}

/// Names what differs, record by record.
fn differences(file: &str, known: &str, now: &str, report: &mut String) {
    let split = |text: &str| -> BTreeMap<String, String> {
        let records = text.split("\n== ").filter(|record| !record.is_empty());
        records
            .map(|record| {
                (
                    record.lines().next().unwrap_or_default().trim_start_matches("== ").to_owned(),
                    record.trim().to_owned(),
                )
            })
            .collect()
    };
    let (known, now) = (split(known), split(now));
    for id in known.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
        let (before, after) = (known.get(id), now.get(id));
        if before != after {
            let text = |record: Option<&String>| record.map_or("nothing", String::as_str).to_owned();
            report.push_str(&format!("{file}: recorded is\n{}\nand sent was\n{}\n\n", text(before), text(after)));
        }
    }
}
