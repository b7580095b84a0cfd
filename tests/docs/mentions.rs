//! Commands of ours that are mentioned and not run (in a sentence, a script, a workflow) at least exist, with the options
//! that they are mentioned with.

use clap::{Command, CommandFactory};
use pulldown_cmark::{Event, Options, Parser};
use unspill::cli::args::Cli;

use crate::{all, blocks};

/// Languages of blocks that hold commands among other things.
const SCRIPTS: [&str; 5] = ["sh", "bash", "yaml", "dockerfile", "groovy"];

#[test]
fn every_command_that_is_mentioned_exists() {
    let mut program = Cli::command();
    program.build();
    let (mut seen, mut wrong) = (0, Vec::new());
    for page in all() {
        for mention in mentions(&page.text) {
            seen += 1;
            wrong.extend(fault(&program, &mention).map(|what| format!("{}: `unspill {mention}`: {what}", page.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "only {seen} mentions were found");
}

/// What follows the program's name, wherever a page has it in code.
fn mentions(page: &str) -> Vec<String> {
    let spans = Parser::new_ext(page, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Code(code) => Some(code.to_string()),
        _ => None,
    });
    let scripts = blocks(page).into_iter().filter(|block| SCRIPTS.contains(&&*block.language));
    let lines = scripts.flat_map(|block| {
        let joined = block.text.replace("\\\n", " ");
        joined.lines().filter(|line| !line.trim_start().starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    });
    spans.chain(lines).flat_map(|code| after_name(&code)).collect()
}

/// The arguments of every call of the program in a line.
fn after_name(code: &str) -> Vec<String> {
    let calls = code.split(['|', ';', '&', '(', '\'', '"', '`']).filter_map(|call| {
        let at = call.find("unspill ").filter(|at| *at == 0 || call[..*at].ends_with([' ', '/']))?;
        // Packages and images are called like the program.
        let is_command =
            ["install ", "run ", "-t ", "OWNER/"].iter().all(|other| !call[..at].ends_with(other)) || at == 0;
        is_command.then(|| call[at + "unspill ".len()..].split(['>', '#', '<', '…']).next().unwrap_or_default().trim())
    });
    calls.filter(|arguments| !arguments.is_empty()).map(str::to_owned).collect()
}

/// What is wrong with arguments.
fn fault(program: &Command, arguments: &str) -> Option<String> {
    let mut command = program;
    for (at, word) in arguments.split_whitespace().enumerate() {
        if let Some(long) = word.strip_prefix("--").and_then(|long| long.split(['=', '[']).next()) {
            let known = command.get_arguments().any(|arg| arg.get_long() == Some(long));
            if !known && !long.is_empty() {
                return Some(format!("{} has no option --{long}", command.get_name()));
            }
        } else if let Some(sub) = command.find_subcommand(word) {
            command = sub;
        } else if at == 0 && word != "COMMAND" && !word.starts_with('-') {
            return Some(format!("there is no command {word}"));
        }
    }
    None
}

#[test]
fn a_wrong_mention_is_noticed() {
    let mut program = Cli::command();
    program.build();
    let faults = |page: &str| mentions(page).iter().filter_map(|mention| fault(&program, mention)).collect::<Vec<_>>();
    assert_eq!(
        faults("`unspill scan`, `unspill dir --stagd`"),
        ["there is no command scan", "dir has no option --stagd"]
    );
    assert_eq!(faults("```yaml\nrun: unspill git --hook --staged\n```\n`unspill rules show ID --json`"), [""; 0]);
    assert_eq!(faults("```sh\ncat a | unspill stdn && unspill ci\n```\n"), ["there is no command stdn"]);
}
