//! The npm packages: made out of the archives of a release, installed into an empty project, and run in hooks.
//!
//! The program for this system is the built one; those for others are made up, and must not be looked at here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use super::managers::{run, stops_and_lets_through, tool};
use super::work::{PROGRAM, Work, said, secret};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// A release's names for systems, and npm's.
const SYSTEMS: [(&str, &str); 5] = [
    ("x86_64-unknown-linux-musl", "linux-x64"),
    ("aarch64-unknown-linux-musl", "linux-arm64"),
    ("x86_64-apple-darwin", "darwin-x64"),
    ("aarch64-apple-darwin", "darwin-arm64"),
    ("x86_64-pc-windows-msvc", "win32-x64"),
];

/// npm's name for this system; `None` if there is no package for it.
fn system() -> Option<&'static str> {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let cpu = if cfg!(target_arch = "x86_64") { "x64" } else { "arm64" };
    SYSTEMS.iter().map(|(_, name)| *name).find(|name| cfg!(unix) && *name == format!("{os}-{cpu}"))
}

/// Runs a program that must succeed.
fn done(mut command: Command) -> String {
    let output = command.output().expect("a program that runs");
    assert!(output.status.success(), "{command:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// `tar` or `python3` in a folder.
fn made(program: &str, args: &[&str], folder: &Path) {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder);
    done(command);
}

/// The archives of a release, as its workflow names them.
fn archives(folder: &Path) {
    for (target, name) in SYSTEMS {
        let stem = format!("unspill-{VERSION}-{target}");
        let inside = folder.join(&stem);
        fs::create_dir_all(&inside).expect("a folder");
        if name.starts_with("win32") {
            fs::write(inside.join("unspill.exe"), "no program").expect("a file");
            made("python3", &["-m", "zipfile", "-c", &format!("{stem}.zip"), &stem], folder);
            continue;
        }
        let program = inside.join("unspill");
        if Some(name) == system() {
            // Without what debuggers read, packing it takes a second.
            made("strip", &["-o", &program.to_string_lossy(), PROGRAM], folder);
        } else {
            fs::write(&program, "no program").expect("a file");
        }
        made("tar", &["-czf", &format!("{stem}.tar.gz"), &stem], folder);
    }
}

/// The packages, made once for all tests.
fn packages() -> &'static Path {
    static PACKAGES: OnceLock<PathBuf> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("npm");
        let _ = fs::remove_dir_all(&folder);
        let (from, to) = (folder.join("archives"), folder.join("packages"));
        archives(&from);
        let packed = pack(&Work::new(), &[VERSION, &from.to_string_lossy(), &to.to_string_lossy()]);
        assert!(packed.status.success(), "{}", said(&packed));
        assert_eq!(fs::read_dir(&to).expect("a folder").count(), SYSTEMS.len() + 1);
        to
    })
}

fn pack(work: &Work, args: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/npm/pack");
    let mut command = work.command(script, &work.repo());
    command.args(args).env("GITHUB_REPOSITORY_OWNER", "Somebody").output().expect("pack runs")
}

/// A project into which npm has installed the packages.
fn project() -> Option<Work> {
    tool("npm")?;
    let system = system()?;
    let (work, out) = (Work::new(), packages());
    work.write("package.json", r#"{ "name": "project", "private": true }"#);
    let mut npm = work.command("npm", &work.repo());
    npm.args(["install", "--offline", "--no-audit", "--no-fund", "--save-dev"]);
    done({
        npm.arg(out.join(format!("unspill-{VERSION}.tgz")));
        npm.arg(out.join(format!("somebody-unspill-{system}-{VERSION}.tgz")));
        npm
    });
    Some(work)
}

fn npx(work: &Work, args: &[&str]) -> Output {
    let mut npx = work.command("npx", &work.repo());
    npx.args(["--no-install", "unspill"]).args(args).output().expect("npx runs")
}

#[test]
fn an_installed_package_runs_the_program_and_hands_on_what_it_says() {
    let Some(work) = project() else { return };
    assert!(said(&npx(&work, &["--version"])).starts_with(&format!("unspill {VERSION} ")));
    work.write("a.py", "token = read()\n");
    assert_eq!(npx(&work, &["dir", "a.py"]).status.code(), Some(0));
    work.write("a.py", &format!("token = \"{}\"\n", secret()));
    let found = npx(&work, &["dir", "a.py"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&found.stdout).contains("github-personal-access-token"), "{}", said(&found));
    assert_eq!(npx(&work, &["dir", "is-not-there"]).status.code(), Some(2));

    let mut stdin = work.command(work.repo().join("node_modules/.bin/unspill"), &work.repo());
    stdin.args(["stdin", "-q"]).stdin(fs::File::open(work.repo().join("a.py")).expect("a file"));
    assert_eq!(stdin.output().expect("it runs").status.code(), Some(1));

    // The package for this system, and no other.
    let scope = fs::read_dir(work.repo().join("node_modules/@somebody")).expect("a folder");
    let names: Vec<String> = scope.map(|entry| entry.expect("an entry").file_name().into_string().unwrap()).collect();
    assert_eq!(names, [format!("unspill-{}", system().unwrap())]);
    fs::remove_dir_all(work.repo().join("node_modules/@somebody")).expect("a folder");
    let lacking = npx(&work, &["--version"]);
    assert_eq!(lacking.status.code(), Some(2));
    assert!(said(&lacking).contains("npm install --include=optional"), "{}", said(&lacking));
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_reaches_the_program_and_comes_back() {
    use std::os::unix::process::ExitStatusExt;
    let Some(work) = project() else { return };
    let mut command = work.command(work.repo().join("node_modules/.bin/unspill"), &work.repo());
    let mut child = command.arg("stdin").stdin(Stdio::piped()).spawn().expect("it runs");
    // Waiting would end what is still held by the child.
    let input = child.stdin.take();
    // It reads until its input ends, which it does not; until node has started it, there is nothing to hand signals to.
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    while Path::new(&children).exists() && fs::read_to_string(&children).is_ok_and(|ids| ids.trim().is_empty()) {
        std::thread::yield_now();
    }
    done({
        let mut kill = Command::new("kill");
        kill.args(["-TERM", &child.id().to_string()]);
        kill
    });
    assert_eq!(child.wait().expect("an end").signal(), Some(15));
    drop(input);
}

#[test]
fn a_release_that_lacks_a_system_is_not_packed_unasked() {
    if tool("npm").is_none() {
        return;
    }
    let work = Work::new();
    let (archives, out) = (work.beside("archives"), work.beside("out"));
    fs::create_dir_all(archives.join("x")).expect("a folder");
    fs::write(archives.join("x/unspill"), "no program").expect("a file");
    made("tar", &["-czf", &format!("unspill-{VERSION}-x86_64-apple-darwin.tar.gz"), "x"], &archives);
    let folders = [&archives.to_string_lossy(), &*out.to_string_lossy()];
    let whole = pack(&work, &[VERSION, folders[0], folders[1]]);
    assert_eq!(whole.status.code(), Some(2));
    assert!(said(&whole).contains("is not there"), "{}", said(&whole));
    let some = pack(&work, &["--some", VERSION, folders[0], folders[1]]);
    assert!(some.status.success(), "{}", said(&some));
    assert!(out.join(format!("somebody-unspill-darwin-x64-{VERSION}.tgz")).is_file());
    assert_eq!(pack(&work, &["one", folders[0], folders[1]]).status.code(), Some(2));
}

#[test]
fn husky_runs_the_package() {
    if tool("husky").is_none() {
        return;
    }
    let Some(work) = project() else { return };
    let husky = tool("husky").expect("it was there");
    done(work.command(husky.join("husky"), &work.repo()));
    // The line of the package's own page.
    work.stage(".husky/pre-commit", "unspill git --hook --staged\n");
    stops_and_lets_through(&work);
}

#[test]
fn lefthook_runs_the_package() {
    let Some(folder) = tool("lefthook") else { return };
    let Some(mut work) = project() else { return };
    work.tools = vec![folder];
    let page = include_str!("../../packaging/npm/unspill/README.md");
    let config = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a configuration");
    work.stage("lefthook.yml", config);
    run(&work, "lefthook", &["install"]);
    stops_and_lets_through(&work);
}
