//! Where a test plays: a folder to scan, rules of a made-up provider, an authority, and the program.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use serde_json::Value;
use tempfile::TempDir;
use unspill::rules::examples::expand;

use crate::https::Authority;

/// The provider `acme`, which answers as GitHub does, and a second one, `orbit`, which wants basic authentication.
const RULES: &str = r#"
[rules]
builtin = false

[[rule]]
id = "acme-token"
provider = "acme"
description = "ACME token"
severity = "high"
pattern = '''\b(?<secret>acme_[0-9A-Za-z]{32})\b'''

[[rule.verify]]
docs = "https://acme.example/docs"
url = "https://api.acme.example/user"
headers = { Authorization = "Bearer {{secret}}" }
active = { status = 200, json = { login = "*" } }
inactive = { status = 401 }
show = { user = "json login", email = "json email", scopes = "header x-oauth-scopes" }
answers = [
    { is = "active", status = 200, body = '{"login":"octocat"}', show = { user = "octocat" } },
    { is = "inactive", status = 401 },
]

[[rule]]
id = "orbit-key"
provider = "orbit"
description = "Orbit key"
severity = "high"
pattern = '''\b(?<secret>orbit_[0-9A-Za-z]{32})\b'''

[[rule.verify]]
docs = "https://orbit.example/docs"
url = "https://api.orbit.example/v1/whoami?key={{secret}}"
basic = "api:{{secret}}"
json = '{"key":"{{secret}}"}'
active = { status = 200, json = { login = "*" } }
inactive = { status = 401, body = "Bad credentials" }
show = { user = "json login", scopes = "header x-oauth-scopes" }
answers = [
    { is = "active", status = 200, body = '{"login":"octocat"}', show = { user = "octocat" } },
    { is = "inactive", status = 401, body = "Bad credentials" },
]
"#;

/// The provider `duo`, whose credentials are pairs, each half a finding of its own.
pub const PAIRS: &str = r#"
[[rule]]
id = "duo-id"
provider = "duo"
description = "Duo id"
severity = "high"
pattern = '''\b(?<secret>duoid_[0-9A-Za-z]{24})\b'''
companions = [{ rule = "duo-secret" }]
verify_like = "duo-secret"

[[rule]]
id = "duo-secret"
provider = "duo"
description = "Duo secret"
severity = "high"
pattern = '''\b(?<secret>duosec_[0-9A-Za-z]{32})\b'''
companions = [{ rule = "duo-id" }]

[[rule.verify]]
docs = "https://duo.example/docs"
url = "https://api.duo.example/me"
basic = "{{duo-id}}:{{secret}}"
active = { status = 200, json = { login = "*" } }
inactive = { status = 401 }
show = { user = "json login" }
answers = [
    { is = "active", status = 200, body = '{"login":"octocat"}', show = { user = "octocat" } },
    { is = "inactive", status = 401 },
]
"#;

/// The provider `relay`, which wants to be asked for a token first.
pub const STEPS: &str = r#"
[[rule]]
id = "relay-key"
provider = "relay"
description = "Relay key"
severity = "high"
pattern = '''\b(?<secret>relay_[0-9A-Za-z]{32})\b'''

[[rule.verify]]
docs = "https://relay.example/docs"
url = "https://api.relay.example/token"
form = { grant_type = "client_credentials", key = "{{secret}}" }
next = { status = 200, json = { access_token = "*" } }
take = { access = "json access_token" }
inactive = { status = 400, json = { error = "invalid_client" } }
answers = [
    { is = "next", status = 200, body = '{"access_token":"abc"}' },
    { is = "inactive", status = 400, body = '{"error":"invalid_client"}' },
]

[[rule.verify]]
docs = "https://relay.example/docs"
url = "https://api.relay.example/me"
headers = { Authorization = "Bearer {{access}}" }
active = { status = 200, json = { login = "*" } }
inactive = { status = 401 }
show = { user = "json login" }
answers = [
    { is = "active", status = 200, body = '{"login":"octocat"}', show = { user = "octocat" } },
    { is = "inactive", status = 401 },
]
"#;

/// Environment that would lead elsewhere.
const PROXIES: [&str; 8] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];

/// The folder, the rules and the authority.
pub struct Stage {
    folder: TempDir,
    pub authority: Authority,
}

impl Stage {
    /// An empty folder.
    pub fn new() -> Stage {
        let folder = TempDir::new().expect("a temporary folder");
        fs::create_dir(folder.path().join("work")).expect("a folder");
        fs::write(folder.path().join("rules.toml"), RULES).expect("a file");
        Stage { folder, authority: Authority::new() }
    }

    /// A folder with a file that holds this token.
    pub fn with(token: &str) -> Stage {
        let stage = Stage::new();
        stage.write("config.env", &format!("TOKEN={token}\n"));
        stage
    }

    /// A folder with a file that holds the first so many tokens.
    pub fn with_tokens(number: usize) -> Stage {
        let stage = Stage::new();
        let lines: String = (0..number).map(|n| format!("TOKEN_{n}={}\n", token(n))).collect();
        stage.write("config.env", &lines);
        stage
    }

    /// Adds rules.
    pub fn rules(&self, rules: &str) {
        let path = self.beside("rules.toml");
        let known = fs::read_to_string(&path).expect("the rules");
        fs::write(path, format!("{known}\n{rules}")).expect("a file");
    }

    /// The folder to scan.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// A path beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the folder to scan.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.work().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// The program, in the folder to scan, with no environment that leads elsewhere.
    pub fn bare(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unspill"));
        command.current_dir(self.work()).stdin(Stdio::null()).env("NO_COLOR", "1").env("RUST_LOG", "trace");
        for name in PROXIES {
            command.env_remove(name);
        }
        command
    }

    /// The program with a subcommand, and the rules of this stage.
    pub fn offline(&self, subcommand: &str) -> Command {
        self.formatted(subcommand, "jsonl")
    }

    fn formatted(&self, subcommand: &str, format: &str) -> Command {
        let mut command = self.bare();
        command.arg(subcommand).arg("--config").arg(self.beside("rules.toml"));
        command.args(["--format", if subcommand == "verify" { "json" } else { format }]);
        command
    }

    /// The same with verification that trusts the authority and hurries, and whatever else is to be given.
    pub fn cautious(&self, subcommand: &str) -> Command {
        let mut command = self.offline(subcommand);
        self.verifying(&mut command, subcommand);
        command
    }

    fn verifying(&self, command: &mut Command, subcommand: &str) {
        if subcommand != "verify" {
            command.arg("--verify");
        }
        command.arg("--verify-ca").arg(self.authority.file()).args(["--verify-rate", "0"]);
    }

    /// The same, and it may ask servers on loopback.
    pub fn command(&self, subcommand: &str) -> Command {
        let mut command = self.cautious(subcommand);
        command.arg("--verify-allow-private");
        command
    }

    /// Scans the folder, says all that there is to say, in this format.
    pub fn verbose(&self, format: &str) -> Command {
        let mut command = self.formatted("dir", format);
        self.verifying(&mut command, "dir");
        command.args(["--verify-allow-private", "-vv"]);
        command
    }

    /// Scans the folder, with `acme` at this URL.
    pub fn dir(&self, url: &str) -> Run {
        self.dir_with(url, &[])
    }

    /// The same with more arguments.
    pub fn dir_with(&self, url: &str, arguments: &[&str]) -> Run {
        Run::of(self.command("dir").args(at("acme", url)).args(arguments))
    }
}

/// The option by which a provider is asked elsewhere.
pub fn at(provider: &str, url: &str) -> [String; 2] {
    ["--verify-endpoint".to_owned(), format!("{provider}={url}")]
}

/// The well-formed token of this number.
pub fn token(number: usize) -> String {
    numbered(number, "acme_{{base62:32}}")
}

/// The key of this number of the provider that wants basic authentication.
pub fn key(number: usize) -> String {
    numbered(number, "orbit_{{base62:32}}")
}

/// A template filled in, in as many ways as there are numbers.
pub fn numbered(number: usize, template: &str) -> String {
    let text = expand(&format!("{number} {template}")).expect("a template");
    text.split_once(' ').expect("a number").1.to_owned()
}

/// What the program did.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// What it says of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Said {
    pub status: String,
    pub cause: String,
    pub reason: String,
}

impl Run {
    /// Runs the program to its end.
    pub fn of(command: &mut Command) -> Run {
        Run::from(command.output().expect("the program runs"))
    }

    /// The same with something on its standard input.
    pub fn fed(command: &mut Command, input: &str) -> Run {
        let mut child = start(command.stdin(Stdio::piped()));
        child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("it reads");
        Run::from(child.wait_with_output().expect("it ends"))
    }

    /// All findings.
    pub fn findings(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{e} in {self:#?}"));
        self.stdout.lines().map(read).filter(|record| record["type"] == "finding").collect()
    }

    /// What is said of the only finding.
    pub fn said(&self) -> Said {
        let findings = self.findings();
        let [finding] = &findings[..] else { panic!("not one finding: {self:#?}") };
        said(finding)
    }

    /// The status of each finding.
    pub fn statuses(&self) -> Vec<String> {
        self.findings().iter().map(|finding| said(finding).status).collect()
    }

    /// Fails if the finding is not unknown for this cause.
    pub fn is_unknown(&self, cause: &str) {
        let said = self.said();
        assert_eq!((said.status.as_str(), said.cause.as_str()), ("unknown", cause), "{self:#?}");
    }

    /// Fails if anything printed holds a secret, as it is or in a form that it had on its way.
    pub fn hides(&self, secret: &str) {
        hidden(&self.stdout, secret);
        hidden(&self.stderr, secret);
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Run { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// What a record says of a finding.
pub fn said(finding: &Value) -> Said {
    let part = |name: &str| finding["verdict"][name].as_str().unwrap_or_default().to_owned();
    Said { status: part("status"), cause: part("cause"), reason: part("reason") }
}

/// Fails if a text holds a secret, as it is, encoded, or most of it.
pub fn hidden(text: &str, secret: &str) {
    let bytes = secret.as_bytes();
    let whole = bytes.len() - bytes.len() % 3;
    for form in [
        secret.to_owned(),
        secret[secret.len() / 3..].to_owned(),
        BASE64.encode(bytes),
        // As a part of something longer, wherever it begins.
        BASE64_NOPAD.encode(&bytes[..whole]),
        BASE64_NOPAD.encode(&bytes[1..whole - 2]),
        BASE64_NOPAD.encode(&bytes[2..whole - 1]),
        HEXLOWER.encode(bytes),
    ] {
        assert!(!text.contains(&form), "the secret shows, as `{form}`, in\n{text}");
    }
}

/// Starts the program, to be looked at while it runs.
pub fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs")
}

/// Runs the program, and tells the most memory that it took, in bytes, as far as that was seen.
#[cfg(target_os = "linux")]
pub fn peak(command: &mut Command) -> (Run, u64) {
    let child = start(command);
    let status = Path::new("/proc").join(child.id().to_string()).join("status");
    let watching = std::thread::spawn(move || {
        let mut most = 0;
        while let Ok(text) = fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            // A process that has ended and is not waited for yet has none.
            let Some(size) = line.and_then(|line| line.trim().strip_suffix("kB")) else { break };
            most = most.max(size.trim().parse::<u64>().expect("a number") * 1024);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        most
    });
    let output = child.wait_with_output().expect("it ends");
    (Run::from(output), watching.join().expect("no panic"))
}
