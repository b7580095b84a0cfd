//! What a stopped commit prints fits a screen: 24 lines of 80 columns, whatever was found.

use super::work::{PROGRAM, Work, said, secret};
use unspill::rules::builtin;
use unspill::rules::examples::expand;

const FILES: [&str; 5] = ["app.py", "app.js", "deploy.json", ".env", "a/rather/long/path/to/a/page.html"];

/// Lines of a terminal of 80 columns; an address or fingerprint may go over its end.
fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(80).max(1)).sum()
}

#[test]
fn one_finding_of_many_a_rule_fits() {
    let work = Work::new();
    let mut seen = 0;
    for (number, rule) in builtin::RULES.iter().enumerate().filter(|(_, rule)| !rule.identifier) {
        let Some(text) = rule.matching.iter().find_map(|text| expand(text).ok()) else { continue };
        // One rule in eight, in all kinds of files, keeps it quick.
        if number % 8 != 0 {
            continue;
        }
        let file = FILES[(number / 8) % FILES.len()];
        work.stage(file, &format!("{text}\n"));
        let output = work.run_with(PROGRAM, &["git", "--hook", "--staged", "--rule", &rule.id], &[]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        work.git(&["rm", "-q", "-f", "--cached", file]);
        if !told.is_empty() {
            seen += 1;
            assert!(rows(&told) <= 24, "{}: {} rows\n{told}", rule.id, rows(&told));
            assert!(told.contains("git commit --no-verify"), "{told}");
        }
    }
    assert!(seen > 10, "only {seen} rules were seen");
}

#[test]
fn many_findings_fit_and_the_rest_is_counted() {
    let work = Work::new();
    for n in 0..30 {
        work.stage(&format!("app{n}.js"), &format!("token = \"{}\"\n", secret()));
    }
    let output = work.run_with(PROGRAM, &["git", "--hook", "--staged"], &[]);
    let told = said(&output);
    assert!(rows(&told) <= 24, "{told}");
    assert!(told.contains("30 secrets"), "{told}");
    assert!(told.contains("// unspill:allow(github-personal-access-token)"), "{told}");
    assert!(told.contains(" more\n"), "{told}");
    // What holds for all is said once, so that more of them fit.
    assert_eq!(told.matches("  store ").count(), 1, "{told}");
    assert!(told.matches("critical: ").count() >= 5, "{told}");
}

#[test]
fn nothing_is_counted_that_could_be_shown() {
    let work = Work::new();
    for file in ["a.py", "b.js", "c.sql", "d.lua", "e.tex"] {
        work.stage(file, &format!("token = \"{}\"\n", secret()));
        let told = said(&work.run_with(PROGRAM, &["git", "--hook", "--staged"], &[]));
        assert!(rows(&told) <= 24 && !told.contains(" more\n"), "{told}");
    }
}

#[test]
fn the_comment_is_the_languages_own_and_works() {
    for (file, line, comment) in [
        ("a.py", "token = \"@\"", "# unspill:allow("),
        ("a.ts", "const token = \"@\";", "// unspill:allow("),
        ("a.sql", "SET token = '@';", "-- unspill:allow("),
        ("a.html", "<p token=\"@\">", "<!-- unspill:allow("),
        (".env.local", "TOKEN=@", "# unspill:allow-next-line("),
        ("Dockerfile", "ENV TOKEN=@", "# unspill:allow-next-line("),
        ("Dockerfile.web", "ENV TOKEN=@", "# unspill:allow-next-line("),
        ("a.yml", "token: \"@\"", "# unspill:allow("),
        ("a.tf", "token = \"@\"", "# unspill:allow("),
        ("a.ps1", "$token = \"@\"", "# unspill:allow("),
        ("a.ini", "token = @", "# unspill:allow-next-line("),
        ("a.md", "Use `@` here.", "<!-- unspill:allow("),
        ("a.bat", "set TOKEN=@", "rem unspill:allow-next-line("),
        ("CMakeLists.txt", "set(TOKEN \"@\")", "# unspill:allow("),
        ("unit.service", "Environment=TOKEN=@", "# unspill:allow-next-line("),
    ] {
        let work = Work::new();
        let line = line.replace('@', &secret());
        work.stage(file, &format!("{line}\n"));
        let scan = || work.run_with(PROGRAM, &["git", "--hook", "--staged"], &[]);
        let told = said(&scan());
        let shown = told.lines().find(|line| line.contains(comment)).unwrap_or_else(|| panic!("{file}: {told}")).trim();
        let allowed = match comment.contains("next-line") {
            true => format!("{shown}\n{line}\n"),
            false => format!("{line} {shown}\n"),
        };
        work.stage(file, &allowed);
        assert_eq!(said(&scan()), "", "{file}");
    }
}

#[test]
fn where_no_comment_can_stand_the_fingerprint_does() {
    // No comments in JSON, and a comment in front of a key would be part of the text that the key stands in.
    let key = builtin::RULES.iter().find(|rule| rule.id == "private-key-openssh").expect("a rule");
    let key = key.matching.iter().find_map(|text| expand(text).ok()).expect("an example");
    let key = key.lines().map(|line| format!("  {line}\n")).collect::<String>();
    for (file, text) in [("a.json", format!("{{\"token\": \"{}\"}}\n", secret())), ("a.yml", format!("key: |\n{key}"))]
    {
        let work = Work::new();
        work.stage(file, &text);
        let scan = || work.run_with(PROGRAM, &["git", "--hook", "--staged"], &[]);
        let told = said(&scan());
        assert!(
            told.contains("this line in .unspillignore, and commit it:") && !told.contains("unspill:allow"),
            "{told}"
        );
        let line = told.lines().skip_while(|line| !line.ends_with("and commit it:")).nth(1).expect("a line");
        work.write(".unspillignore", line.trim());
        assert_eq!(said(&scan()), "", "{file}");
    }
}

#[test]
fn its_commands_work_where_the_user_stands() {
    let work = Work::new();
    work.unspill(&["install"]);
    let sub = work.repo().join("sub");
    for (name, quoted) in [("s.toml", "s.toml"), ("a b's\n.toml", r"a b\'s\012.toml")] {
        let path = format!("sub/{name}");
        work.stage(&path, &format!("token = \"{}\"\n", secret()));
        let above = said(&work.git(&["commit", "-m", "Secret"]));
        let below = said(&work.git_in(&sub, &["commit", "-m", "Secret"]));
        let command =
            |told: &str| told.split_once("Then: ").map(|(_, rest)| rest.lines().next().unwrap_or_default().to_owned());
        let (above, below) = (command(&above).expect("a command"), command(&below).expect("a command"));
        assert!(above.contains(quoted) && below.contains(quoted) && below.contains(":/sub/"), "{above}\n{below}");
        for (command, folder) in [(&above, &work.repo()), (&below, &sub)] {
            work.stage(&path, &format!("token = \"{}\"\n", secret()));
            work.write(&path, "nothing\n");
            let output = work.command("bash", folder).args(["-c", command]).output().expect("bash");
            assert!(output.status.success(), "{command}: {}", said(&output));
            assert!(!said(&work.git(&["diff", "--cached"])).contains("ghp_"));
        }
        work.git(&["rm", "-q", "-f", "--cached", &path]);
    }
}

#[test]
fn a_first_commit_has_no_parent_to_name() {
    let work = Work::new();
    let told = || said(&work.run_with(PROGRAM, &["git", "--hook", "--ref", "HEAD"], &[]));
    work.stage("a.py", &format!("token = \"{}\"\n", secret()));
    work.git(&["commit", "-m", "First"]);
    assert!(told().contains(": git rebase -i --root\n"), "{}", told());
    work.git(&["rm", "-q", "a.py"]);
    work.git(&["commit", "--amend", "--allow-empty", "-m", "First"]);
    work.stage("a.py", &format!("token = \"{}\"\n", secret()));
    work.git(&["commit", "-m", "Second"]);
    assert!(told().contains("^\n") && !told().contains("--root"), "{}", told());
}

#[test]
fn what_skips_the_hook_names_it() {
    let work = Work::new();
    work.stage("a.py", &format!("token = \"{}\"\n", secret()));
    let told = |args: &[&str], variables: &[(&str, &str)]| said(&work.run_with(PROGRAM, args, variables));
    assert!(told(&["git", "--hook=unspill-src", "--staged"], &[]).contains(": SKIP=unspill-src git commit …\n"));
    let by_hand = [("PRE_COMMIT", "1")];
    assert!(told(&["git", "--hook=unspill-src"], &by_hand).contains("Once: SKIP=unspill-src before"));
    assert!(told(&["git", "--hook"], &by_hand).contains("Once: SKIP=ID before the command, with the id"));
    // The hooks that are declared tell it.
    let declared = include_str!("../../.pre-commit-hooks.yaml");
    let value =
        |key: &'static str| declared.lines().filter_map(move |line| line.split_once(key).map(|(_, value)| value));
    assert!(value("- id: ").eq(value("entry: unspill git --hook=")), "{declared}");
}

#[test]
fn other_formats_are_what_they_are() {
    let work = Work::new();
    work.stage("a.py", &format!("token = \"{}\"\n", secret()));
    let json = work.run_with(PROGRAM, &["git", "--hook", "--staged", "--format", "jsonl"], &[]);
    assert!(json.stdout.starts_with(b"{"));
}
