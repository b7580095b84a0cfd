//! Asking about very many credentials: `cargo bench --bench verify`, and `-- NUMBER …` for other numbers of them.
//!
//! Fifty providers stand on loopback, HTTPS servers that take 50 ms for each answer, and the program is told of fifty
//! rules for them. A folder holds 1,000, 5,000 and then 10,000 different tokens, as many for each provider, and each of
//! them twice. The program is run on it as users run it, with its limits lifted.
//!
//! Told are its wall time, and where the system tells them (Linux) its CPU time and peak memory, beside those of a run that
//! asks nobody: findings take memory, too. The servers share the machine: on few cores, the half of the work that is
//! theirs shows in the wall time. What must hold is checked: each credential is asked about exactly once, at its own
//! provider, and nobody else is asked anything.

#[path = "../../tests/support/https/mod.rs"]
mod https;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use https::{Authority, Proxy, Reply, Request, Server};
use tempfile::TempDir;
use unspill::rules::examples::expand;

/// Providers, each with a server.
const HOSTS: usize = 50;
/// How long a server takes for an answer.
const LATENCY: Duration = Duration::from_millis(50);
/// How many credentials there are.
const NUMBERS: [usize; 3] = [1_000, 5_000, 10_000];
/// The limits, lifted: how many requests at a time in all and to one server, and no rate.
const LIMITS: [&str; 6] = ["--verify-jobs", "200", "--verify-per-host", "4", "--verify-rate", "0"];

fn main() {
    let wanted: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let numbers = if wanted.is_empty() { NUMBERS.to_vec() } else { wanted };
    println!("{HOSTS} servers, {} ms for an answer; {}\n", LATENCY.as_millis(), LIMITS.join(" "));
    println!("| credentials | requests | connections | seconds | CPU seconds | peak MiB | CPU, asking nobody | MiB |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for number in numbers {
        let done = measure(number);
        println!(
            "| {number} | {} | {} | {:.1} | {} | {} |",
            done.requests,
            done.connections,
            done.asking.wall.as_secs_f64(),
            done.asking.told(),
            done.silent.told(),
        );
    }
}

/// What a run cost.
struct Cost {
    wall: Duration,
    /// Seconds.
    cpu: Option<f64>,
    /// Bytes.
    peak: Option<u64>,
}

impl Cost {
    /// CPU time and memory, for the table.
    fn told(&self) -> String {
        let cpu = self.cpu.map_or("-".to_owned(), |seconds| format!("{seconds:.1}"));
        let peak = self.peak.map_or("-".to_owned(), |bytes| (bytes >> 20).to_string());
        format!("{cpu} | {peak}")
    }
}

/// What two runs came to.
struct Done {
    requests: usize,
    connections: usize,
    asking: Cost,
    silent: Cost,
}

/// Runs the program on a folder with so many credentials.
///
/// # Panics
/// If one of them is asked about twice, or not at all, or of somebody else.
fn measure(number: usize) -> Done {
    let authority = Authority::new();
    let servers: Vec<Server> = (0..HOSTS).map(|_| Server::start(&authority, answer)).collect();
    // Whoever else were asked would be asked through it.
    let elsewhere = Proxy::with(Some("nobody:knows"), &[]);
    let tokens: Vec<String> = (0..number).map(token).collect();
    let folder = TempDir::new().expect("a folder");
    write(folder.path(), &tokens);

    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unspill"));
        // Some token may look like an example, at random.
        command.args(["dir", "--format", "jsonl", "--min-confidence", "0"]);
        command.arg("--config").arg(folder.path().join("rules.toml")).arg(folder.path().join("work"));
        command.env("HTTPS_PROXY", elsewhere.url()).env("NO_PROXY", "localhost");
        command
    };
    let mut asking = program();
    asking.args(["--verify", "--verify-allow-private"]).args(LIMITS).arg("--verify-ca").arg(authority.file());
    for (host, server) in servers.iter().enumerate() {
        asking.arg("--verify-endpoint").arg(format!("{}={}", provider(host), server.url()));
    }
    let (silent, _) = run(&mut program());
    assert_eq!(servers.iter().map(Server::connections).sum::<usize>(), 0, "connections of a run that asks nobody");
    let (asking, output) = run(&mut asking);
    check(&servers, &elsewhere, &tokens, &output);
    Done {
        requests: servers.iter().map(Server::count).sum(),
        connections: servers.iter().map(Server::connections).sum(),
        asking,
        silent,
    }
}

/// Runs the program; what that cost, and what it printed.
fn run(command: &mut Command) -> (Cost, String) {
    let (before, start) = (cpu_of_children(), Instant::now());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program runs");
    let watching = watch(&child);
    let output = read(&mut child);
    let wall = start.elapsed();
    let cpu = cpu_of_children().zip(before).map(|(after, before)| after - before);
    (Cost { wall, cpu, peak: watching.join().expect("no panic") }, output)
}

fn answer(_: &Request) -> Reply {
    Reply::new(200).json(r#"{"user":"octocat"}"#).after(LATENCY)
}

fn provider(host: usize) -> String {
    format!("p{host:02}")
}

/// The token of this number, of the provider whose turn it is.
fn token(number: usize) -> String {
    let text = expand(&format!("{number} {}_{{{{base62:32}}}}", provider(number % HOSTS))).expect("a template");
    text.split_once(' ').expect("a number").1.to_owned()
}

/// Writes a rule for each provider, and all tokens into files, twice.
fn write(folder: &Path, tokens: &[String]) {
    let mut rules = "[rules]\nbuiltin = false\n".to_owned();
    for host in 0..HOSTS {
        let name = provider(host);
        rules.push_str(&format!(
            r#"
[[rule]]
id = "{name}-token"
provider = "{name}"
description = "Token"
severity = "high"
pattern = '''\b(?<secret>{name}_[0-9A-Za-z]{{32}})\b'''

[[rule.verify]]
docs = "https://{name}.example/docs"
url = "https://api.{name}.example/user"
headers = {{ Authorization = "Bearer {{{{secret}}}}" }}
active = {{ status = 200, json = {{ user = "*" }} }}
inactive = {{ status = 401 }}
show = {{ user = "json user" }}
answers = [
    {{ is = "active", status = 200, body = '{{"user":"octocat"}}', show = {{ user = "octocat" }} }},
    {{ is = "inactive", status = 401 }},
]
"#
        ));
    }
    fs::write(folder.join("rules.toml"), rules).expect("a file");
    for (number, tokens) in tokens.chunks(100).enumerate() {
        let text: String = tokens.iter().map(|token| format!("TOKEN={token}\n")).collect();
        for copy in ["a", "b"] {
            let place = folder.join("work").join(copy);
            fs::create_dir_all(&place).expect("a folder");
            fs::write(place.join(format!("{number}.env")), &text).expect("a file");
        }
    }
}

/// All that the program prints, once it has ended.
fn read(child: &mut Child) -> String {
    let mut output = child.stdout.take().expect("its output");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut output, &mut text).expect("text");
    child.wait().expect("it ends");
    text
}

fn check(servers: &[Server], elsewhere: &Proxy, tokens: &[String], output: &str) {
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for (host, server) in servers.iter().enumerate() {
        for request in server.requests() {
            let given = request.header("Authorization").unwrap_or_default().to_owned();
            let token = given.strip_prefix("Bearer ").unwrap_or_default();
            assert!(token.starts_with(&provider(host)), "a token of another provider at {}", provider(host));
            *asked.entry(token.to_owned()).or_default() += 1;
        }
    }
    let missed = tokens.iter().filter(|token| !asked.contains_key(*token)).count();
    assert_eq!(missed, 0, "credentials that nobody was asked about, of {}", tokens.len());
    for token in tokens {
        assert_eq!(asked.remove(token), Some(1), "requests for one of the credentials");
    }
    assert!(asked.is_empty(), "{} credentials that nobody wrote down", asked.len());
    assert_eq!(elsewhere.connections(), 0, "somebody else was asked: {:?}", elsewhere.targets());
    let active = output.lines().filter(|line| line.contains(r#""status":"active""#)).count();
    assert_eq!(active, 2 * tokens.len(), "findings that are told to be active");
}

/// CPU time of all processes that were waited for, in seconds, where the system tells it in `/proc/self/stat`: see
/// proc(5). It counts in hundredths there.
fn cpu_of_children() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in brackets, may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some((ticks(16)? + ticks(17)?) / 100.0)
}

/// Looks at the peak memory of a process until it ends.
fn watch(child: &Child) -> JoinHandle<Option<u64>> {
    let status = format!("/proc/{}/status", child.id());
    thread::spawn(move || {
        let mut peak = None;
        loop {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let Some(size) = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()) else {
                return peak;
            };
            peak = Some(size * 1024);
            thread::sleep(Duration::from_millis(5));
        }
    })
}
