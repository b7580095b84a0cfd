//! `unspill verify`: asks the provider about one credential, read from standard input or from a prompt.

use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use zeroize::Zeroizing;

use super::args::Global;
use super::errors::Failure;
use super::output::{self, Form};
use super::progress::Bar;
use super::select::no_such_rule;
use super::verification::{HowArgs, interruptible};
use super::{Outcome, settings};
use crate::model::{Progress, Rule, Secret, Verdict};
use crate::report::json::Check;
use crate::report::printable;
use crate::rules::RuleSet;
use crate::verify::live::Verifier;
use crate::verify::live::question::{self, Credential, Known};

/// No credential is longer, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Ask the provider whether a credential that you have works
///
/// The secret is read from standard input, or asked for without showing what you type; never from an argument, where
/// others could see it. Exits with 0 if the provider refuses it, 1 if it is active, 2 if there is no answer.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rule that says what it is, see `unspill rules list`
    #[arg(long, value_name = "ID")]
    rule: String,
    /// Another part of the credential, as in twilio-account-sid=AC…; =@FILE reads it from a file. May be repeated
    #[arg(long = "with", value_name = "RULE=VALUE", value_parser = part)]
    parts: Vec<(String, String)>,
    /// Also log in to the server that a connection string names
    #[arg(long)]
    deep: bool,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    how: HowArgs,
}

/// Runs it.
pub fn run(args: Args, global: &Global) -> anyhow::Result<Outcome> {
    let rules = settings::configuration(args.config.as_deref(), std::path::Path::new("."))?.rules;
    let rule = find(&rules, &args.rule)?;
    let options = args.how.options(args.deep, &rules)?;
    let parts = parts(&args.parts, &rules)?;
    let secret = secret(rule)?;
    let stop = interruptible();
    let verifier = Verifier::new(options, stop)?;
    let near = parts.iter().map(|(rule, secret)| Known { rule, secret, sure: true }).collect();
    let credential = Credential { rule, secret: &secret, parts: near };
    let progress = Arc::new(Progress::default());
    let bar = Bar::verification(&progress, global.verbosity() >= 0);
    let answers = verifier.verify(&[credential], &rules, &progress);
    drop(bar);
    let answers = answers?;
    answers.warnings.iter().for_each(|warning| super::errors::warn(warning, None));
    let verdict = answers.verdicts.into_iter().next().unwrap_or_default();
    match args.format {
        Form::Json => {
            let mut check = Check::from(&verdict);
            check.reason.iter_mut().chain(check.details.values_mut()).for_each(|text| *text = printable(text));
            let answer = json!({ "rule": rule.id, "secret_masked": secret.masked(), "verdict": check });
            output::print(&format!("{answer:#}\n"))?;
        }
        Form::Text => output::print(&text(rule, &secret, &verdict))?,
    }
    Ok(match verdict {
        Verdict::Active(_) => Outcome::Findings,
        Verdict::Inactive(_) => Outcome::Clean,
        _ => Outcome::Failed,
    })
}

fn find<'a>(rules: &'a RuleSet, id: &str) -> Result<&'a Arc<Rule>, Failure> {
    let (_, rule) = rules.find(id).ok_or_else(|| no_such_rule(rules, id, |rule| !question::is_silent(rule)))?;
    if question::is_silent(rule) {
        return Err(Failure::new(format!("no way is known to ask about what `{id}` finds"))
            .hint("`unspill rules endpoints` shows who can be asked about what"));
    }
    Ok(rule)
}

/// Reads `RULE=VALUE`.
fn part(text: &str) -> Result<(String, String), String> {
    let (rule, value) = text.split_once('=').ok_or("write RULE=VALUE")?;
    Ok((rule.to_owned(), value.to_owned()))
}

/// The other parts, read from files where so written.
fn parts(given: &[(String, String)], rules: &RuleSet) -> Result<Vec<(String, Secret)>, Failure> {
    let mut parts = Vec::new();
    for (rule, value) in given {
        if rules.find(rule).is_none() {
            let failure = no_such_rule(rules, rule, |_| true);
            return Err(Failure { what: format!("--with: {}", failure.what), ..failure });
        }
        let value = match value.strip_prefix('@') {
            None => Zeroizing::new(value.clone().into_bytes()),
            Some(path) => Zeroizing::new(
                std::fs::read(path).map_err(|error| Failure::new(format!("cannot read {path}")).cause(error))?,
            ),
        };
        parts.push((rule.clone(), Secret::new(value.trim_ascii_end())));
    }
    Ok(parts)
}

/// The secret: what is typed, or what stands on standard input.
fn secret(rule: &Rule) -> Result<Secret, Failure> {
    let failure = |error: io::Error| Failure::new("the secret could not be read").cause(error);
    let bytes = if io::stdin().is_terminal() {
        let prompt = format!("{} (it is not shown): ", rule.description);
        Zeroizing::new(rpassword::prompt_password(prompt).map_err(failure)?.into_bytes())
    } else {
        let mut bytes = Zeroizing::new(Vec::new());
        io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes).map_err(failure)?;
        bytes
    };
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::new("standard input holds more than one credential").hint("give it the secret alone"));
    }
    let secret = Secret::new(bytes.trim_ascii());
    if secret.expose().is_empty() {
        return Err(Failure::new("there is no secret on standard input").hint("pipe it in, or run this in a terminal"));
    }
    Ok(secret)
}

fn text(rule: &Rule, secret: &Secret, verdict: &Verdict) -> String {
    let mut text = Vec::new();
    let reason = verdict.reason().map(|why| format!(": {}", printable(why))).unwrap_or_default();
    let _ = writeln!(text, "{} {}: {}{reason}", rule.id, secret.masked(), verdict.as_str());
    for (name, value) in verdict.details() {
        let _ = writeln!(text, "  {name}: {}", printable(value));
    }
    match verdict {
        Verdict::Active(_) if !rule.revoke.is_empty() => {
            let _ = writeln!(text, "To revoke it: {}", rule.revoke);
        }
        Verdict::Unknown(_) => {
            let _ = writeln!(text, "It may well be active.");
        }
        _ => {}
    }
    String::from_utf8_lossy(&text).into_owned()
}
