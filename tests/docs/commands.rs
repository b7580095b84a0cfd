//! Every command of the `console` blocks of README and book is run, in order, in a repository that has something to find,
//! and what they show as output is compared. A page's commands have a repository of their own.
//!
//! `unspill` and `cargo run --release --` are the program that was just built. `cargo test` is left out by name: it is
//! what is running. What is not ours to run (other scanners, package managers) stands in blocks of another language.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::home::Home;
use crate::{Page, blocks, book};

/// Stands for the program where the README does not have it installed yet.
const CARGO_RUN: &str = "cargo run --release -- ";
/// Pages that are there for their commands, and how many they have at least.
const LEAST: [(&str, usize); 3] = [("README.md", 12), ("docs/verification.md", 6), ("docs/hooks.md", 3)];

/// A command, and the lines that the page shows below it.
struct Step {
    command: String,
    shown: String,
}

#[test]
fn every_command_runs() {
    let pages: Vec<Page> = [Page::read("README.md")].into_iter().chain(book()).collect();
    let next = AtomicUsize::new(0);
    // As one test, for pages are found by listing; two at a time, as the pages do not know of each other.
    let wrong: Vec<String> = thread::scope(|scope| {
        let work = || -> Vec<String> {
            let mine = std::iter::from_fn(|| pages.get(next.fetch_add(1, Ordering::Relaxed)));
            mine.flat_map(run_all).collect()
        };
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Runs every command of a page; what went otherwise than it says.
fn run_all(page: &Page) -> Vec<String> {
    let steps = steps(&page.text);
    let least = LEAST.iter().find(|(name, _)| *name == page.name).map_or(0, |(_, least)| *least);
    if steps.len() < least {
        return vec![format!("{}: only {} commands were found", page.name, steps.len())];
    }
    if steps.is_empty() {
        return Vec::new();
    }
    let home = Home::new(&page.text);
    steps.iter().filter_map(|step| run(&home, step).map(|what| format!("{}: {what}", page.name))).collect()
}

/// Runs a command; what was wrong.
fn run(home: &Home, step: &Step) -> Option<String> {
    let command = &step.command;
    if command == "cargo test" || (command.starts_with("unshare ") && !home.can_unshare()) {
        eprintln!("left out: {command}");
        return None;
    }
    let output = home.run(&command.replace(CARGO_RUN, "unspill "));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // Without a network there is no answer.
    let is_silent = command.contains("unspill verify ") && output.status.code() == Some(2);
    if !is_silent && !matches!(output.status.code(), Some(0 | 1)) {
        return Some(format!("`{command}` gave {}\n{stdout}{stderr}", output.status));
    }
    let (shown, printed) = (timeless(&step.shown), timeless(&stdout));
    (!shown.is_empty() && shown != printed).then(|| format!("`{command}` prints\n{printed}\nand not\n{shown}"))
}

#[test]
fn both_first_commands_are_there() {
    let commands: Vec<String> = steps(&Page::read("README.md").text).into_iter().map(|step| step.command).collect();
    assert_eq!(&commands[..2], ["cargo run --release -- dir .", "cargo test"]);
}

#[test]
fn what_goes_wrong_is_noticed() {
    let wrong = |text: &str| run_all(&Page { name: "page".to_owned(), text: text.to_owned() }).len();
    assert_eq!(wrong("```console\n$ unspill no-such-command\n$ echo a\na\n$ echo a\nb\n```\n"), 2);
    assert_eq!(wrong("```sh\nno-such-command\n```\n"), 0);
}

/// The commands of all `console` blocks. One that ends in a backslash goes on in the next line.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in blocks(text).iter().filter(|block| block.language == "console") {
        let mut goes_on = false;
        for line in block.text.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (_, Some(step)) if goes_on => step.command.push_str(&format!("\n{line}")),
                (Some(command), _) => steps.push(Step { command: command.to_owned(), shown: String::new() }),
                (None, Some(step)) => step.shown.push_str(&format!("{line}\n")),
                (None, None) => panic!("output stands below a command: {line}"),
            }
            goes_on = line.ends_with('\\') && (goes_on || line.starts_with("$ "));
        }
    }
    steps
}

/// `text` without what differs from run to run: how long it took.
fn timeless(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        lines.push(match line.rsplit_once(" in ") {
            Some((before, after)) if after.ends_with(" s.") => format!("{before} in a moment"),
            _ => line.to_owned(),
        });
    }
    lines.join("\n")
}
