//! The command line as users meet it: every case of `tests/cmd/` is a session in a folder of its own.
//!
//! No credential stands in the cases. They find made-up ones in their environment and write them where they need them:
//! `SECRET` and `SECRET2`, `WRONG` with a wrong checksum, and what comes behind a hash's cost and an algorithm's name. `TRYCMD=overwrite cargo test --test cli` takes what the program says now as right.

use std::env;
use std::path::{Path, PathBuf};

use unspill::rules::examples::expand;

#[test]
fn sessions() {
    let program = Path::new(env!("CARGO_BIN_EXE_unspill"));
    let folder = program.parent().expect("the program lies in a folder").to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([folder].into_iter().chain(env::split_paths(&path))).expect("a search path");
    let secret = |template: &str| expand(template).expect("a template");
    let cases = trycmd::TestCases::new();
    cases
        .case("tests/cmd/*.trycmd")
        .register_bin("sh", found("sh"))
        .register_bin("git", found("git"))
        .env("PATH", path.to_string_lossy())
        .env("SECRET", secret("ghp_{{base62:30}}{{checksum:github}}"))
        .env("SECRET2", secret("ghp_A{{base62:29}}{{checksum:github}}"))
        .env("WRONG", secret("ghp_{{base62:30}}{{checksum:github}}").replacen("ghp_", "ghp_0", 1)[..40].to_owned())
        .env("HASH", secret("{{base62:53}}"))
        .env("INTEGRITY", secret("{{base64:64}}"))
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "")
        .env("CLICOLOR_FORCE", "");
    for (name, value) in GIT {
        cases.env(*name, *value);
    }
    cases.run();
}

/// A program of the system.
fn found(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let place = env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    place.unwrap_or_else(|| panic!("the sessions need `{name}`"))
}

/// Makes git give the same commits everywhere, whatever its user has configured.
const GIT: &[(&str, &str)] = &[
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_AUTHOR_NAME", "Ada"),
    ("GIT_AUTHOR_EMAIL", "ada@example.org"),
    ("GIT_AUTHOR_DATE", "2024-05-06T07:08:09+00:00"),
    ("GIT_COMMITTER_NAME", "Ada"),
    ("GIT_COMMITTER_EMAIL", "ada@example.org"),
    ("GIT_COMMITTER_DATE", "2024-05-06T07:08:09+00:00"),
];
