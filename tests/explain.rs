//! Explanations, held to what they explain: `unspill explain` says of every value what `unspill dir` does with it, with
//! the same numbers, and the points of whatever it shows add up.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use unspill::rules::examples::expand;

/// A tree with something of each kind.
fn tree() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let token = "ghp_{{base62:30}}{{checksum:github}}";
    let files = [
        ("app.py", format!("token = \"{token}\"\nname = \"joe\"\n")),
        ("allowed.py", format!("token = \"{token}\"  # unspill:allow\n")),
        ("settings.py", "PASSWORD = 'k9!{{base62:14}}'\nPASSWORD_FIELD = 'password'\n".to_owned()),
        ("again.env", "DB_PASSWORD=q7x{{base62:15}}\nOTHER_PASSWORD=q7x{{base62:15}}\nX={{base62:4}}\n".to_owned()),
        ("aws.ini", "aws_access_key_id = AKIA{{base32:16}}\naws_secret_access_key = {{base64:40}}\n".to_owned()),
        ("weak.yml", "password: changeme\nsecret: \"{{base62:3}}\"\napi_key: your-api-key-here\n".to_owned()),
        ("tests/fixtures/x.js", "const secret = 'a{{base62:20}}';\nlet password = getPassword();\n".to_owned()),
        ("url.txt", "postgres://admin:{{base62:18}}@db.internal:5432/app\n".to_owned()),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        // Doubled braces of references are no templates.
        fs::write(&path, expand(&text).expect("templates")).expect("a file");
    }
    fs::write(folder.path().join("template.yml"), "secret: \"{{ vault_secret }}\"\npassword: ${DB_PASSWORD}\n")
        .expect("a file");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unspill"));
    command.env_remove("UNSPILL_CONFIG").env_remove("UNSPILL_BASELINE").env_remove("UNSPILL_MIN_CONFIDENCE");
    let output = command.args(arguments).current_dir(folder).output().expect("the program runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn explained(folder: &Path, threshold: &str) -> Vec<Value> {
    let text = run(folder, &["explain", ".", "-f", "jsonl", "--min-confidence", threshold]);
    text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

fn reported(folder: &Path, threshold: &str) -> Vec<Value> {
    let text = run(folder, &["dir", ".", "-f", "json", "--min-confidence", threshold]);
    let document: Value = serde_json::from_str(&text).expect("a document");
    document["findings"].as_array().expect("findings").clone()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn what_is_reported_is_explained_with_the_same_confidence() {
    let folder = tree();
    for threshold in ["low", "medium", "high", "35"] {
        let (explained, reported) = (explained(folder.path(), threshold), reported(folder.path(), threshold));
        assert!(!reported.is_empty(), "nothing is reported at {threshold}");
        for finding in &reported {
            let same = explained
                .iter()
                .find(|one| one["fingerprint"] == finding["fingerprint"] && one["line"] == finding["line"]);
            let same = same.unwrap_or_else(|| panic!("not explained: {finding}"));
            assert_eq!(same["confidence"], finding["confidence"], "{same}\n{finding}");
            assert_eq!(same["outcome"], "reported", "{same}");
        }
        let told: Vec<&Value> = explained.iter().filter(|one| one["outcome"] == "reported").collect();
        for one in told {
            assert!(reported.iter().any(|finding| finding["fingerprint"] == one["fingerprint"]), "not reported: {one}");
        }
    }
}

#[test]
fn points_add_up_to_the_confidence_of_whatever_is_explained() {
    let folder = tree();
    let explained = explained(folder.path(), "medium");
    let mut outcomes = std::collections::BTreeSet::new();
    for one in &explained {
        let sum: i64 = one["reasons"].as_array().expect("reasons").iter().map(|reason| number(&reason[2])).sum();
        assert_eq!(sum, number(&one["confidence"]), "{one}");
        outcomes.insert(one["outcome"].as_str().expect("a word").to_owned());
        if one["outcome"] == "below-threshold" {
            assert!(number(&one["confidence"]) < 50, "{one}");
        }
    }
    for outcome in ["reported", "below-threshold", "never", "suppressed", "displaced"] {
        assert!(outcomes.contains(outcome), "nothing is {outcome}: {outcomes:?}");
    }
}

#[test]
fn points_add_up_to_the_confidence_of_whatever_is_reported() {
    let folder = tree();
    for finding in reported(folder.path(), "low") {
        let reasons = finding["reasons"].as_array().expect("reasons");
        let sum: i64 = reasons.iter().map(|reason| number(&reason["points"])).sum();
        assert_eq!(sum, number(&finding["confidence"]), "{finding}");
    }
}

#[test]
fn the_hint_to_a_lower_threshold_holds() {
    let folder = tree();
    let below: Vec<Value> = explained(folder.path(), "high");
    let below = below.iter().filter(|one| one["outcome"] == "below-threshold" && number(&one["confidence"]) >= 20);
    let mut tried = 0;
    for one in below {
        let reported = reported(folder.path(), &one["confidence"].to_string());
        assert!(reported.iter().any(|finding| finding["fingerprint"] == one["fingerprint"]), "{one}");
        tried += 1;
    }
    assert!(tried > 0, "nothing between low and high");
}

#[test]
fn every_contribution_is_in_the_text() {
    let folder = tree();
    let text = run(folder.path(), &["explain", "settings.py:1", "-v"]);
    let one = &explained(folder.path(), "medium");
    let one = one.iter().find(|one| one["file"] == "settings.py" && one["line"] == 1 && one["outcome"] != "displaced");
    let one = one.expect("a password");
    for reason in one["reasons"].as_array().expect("reasons") {
        let (name, points) = (reason[0].as_str().expect("a name"), format!("{:+}", number(&reason[2])));
        let shown = text.lines().any(|line| {
            let words: Vec<&str> = line.split_whitespace().filter(|word| *word != "evidence").collect();
            words.first() == Some(&points.as_str()) && words.get(2) == Some(&name)
        });
        assert!(shown, "{name} {points} is not in\n{text}");
    }
    for feature in one["features"].as_object().expect("features").keys() {
        assert!(text.contains(&format!("{feature}=")), "{feature} is not in\n{text}");
    }
}
