//! What somebody reads whose commit or push was stopped: on one screen what was found, where, how sure that is, and the
//! three ways on. Nothing else, and nothing at all where all is well.

use std::io::{self, Write};

use bstr::ByteSlice;

use super::super::printable::printable;
use super::super::redact::Redactor;
use super::super::{ReportOptions, facts};
use super::finding::{self, confidence, place};
use super::style::{self, ALARM, FAINT, Paint, STRONG, count, wrap};
use super::{DEFAULT_WIDTH, Look, command, marker};
use crate::model::rule::Detect;
use crate::model::{Finding, Origin, Report};

/// Lines of a screen, of a terminal that nobody made larger.
const SCREEN: usize = 24;
/// Columns of the labels.
const LABEL: usize = 9;
/// Lines that a text gets at most, where there is one finding.
const MOST_LINES: usize = 2;
/// Where a credential belongs, if its rule does not say.
const STORE: &str = "an environment variable, or a secret manager";

/// What was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A commit, for what is staged.
    Commit,
    /// A commit, for its message.
    Message,
    /// A push.
    Push,
    /// A manager of hooks, run by hand or in CI.
    Run,
}

impl Stopped {
    /// The word for it, which is also git's command.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stopped::Commit | Stopped::Message => "commit",
            Stopped::Push => "push",
            Stopped::Run => "run",
        }
    }

    /// Where all of it can be seen.
    const fn details(self) -> &'static str {
        match self {
            Stopped::Commit => "unspill git --staged",
            Stopped::Message => "unspill stdin < .git/COMMIT_EDITMSG",
            // A branch that is new has no upstream to name.
            Stopped::Push => "unspill git --ref HEAD",
            Stopped::Run => "unspill dir",
        }
    }
}

/// The hook that stops it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// What it stops.
    pub stopped: Stopped,
    /// The id that pre-commit or prek know it by, where one of them runs it and that was told.
    pub id: Option<String>,
    /// Whether the commands that it offers are typed at the root of the work tree.
    pub at_root: bool,
}

impl Hook {
    /// How to go on without the check.
    pub fn skip(&self) -> String {
        match (self.stopped, &self.id) {
            // Both pre-commit and prek read it.
            (Stopped::Run, Some(id)) => format!("SKIP={id}"),
            (Stopped::Run, None) => "SKIP=ID".to_owned(),
            (stopped, Some(id)) => format!("SKIP={id} git {}", stopped.as_str()),
            (stopped, None) => format!("git {} --no-verify", stopped.as_str()),
        }
    }

    /// The same, in a sentence.
    fn once(&self) -> String {
        let skip = self.skip();
        match (self.stopped, &self.id) {
            (Stopped::Run, Some(_)) => format!("Once: {skip} before the command"),
            (Stopped::Run, None) => format!("Once: {skip} before the command, with the id of this hook"),
            (_, Some(_)) => format!("Once, this hook alone: {skip} …"),
            (_, None) => format!("Once, and all other hooks with it: {skip}"),
        }
    }
}

/// Writes what stopped a commit or push; nothing if nothing was found.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, hook: &Hook, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
    let look = Look {
        paint: Paint { color: options.color },
        width: if options.width == 0 { DEFAULT_WIDTH } else { options.width },
        verbose: false,
        redactor: &Redactor::new(report, options),
    };
    let total = count(report.findings.len() as u64, "secret");
    let headline = format!("unspill stopped this {}: {total} in it.", hook.stopped.as_str());
    let headline = look.paint.with(ALARM, headline);
    match &report.findings[..] {
        [] => Ok(()),
        [only] => {
            writeln!(out, "{headline}\n")?;
            one(only, hook, &look, out)
        }
        all => {
            writeln!(out, "{headline}\n")?;
            several(all, hook, &look, out)
        }
    }
}

/// One finding, with all that is needed to act on it.
fn one(finding: &Finding, hook: &Hook, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    finding::head(finding, look, out)?;
    let mut lines = Lines { look, lines: Vec::new() };
    lines.add("sure", &confidence(finding, false), MOST_LINES);
    lines.blank();
    let (place, command) = fix(finding, hook);
    lines.add("fix", &place, MOST_LINES);
    lines.labelled("", &command);
    let revoke = &finding.rule.revoke;
    if !revoke.is_empty() {
        lines.add("", &format!("If it was ever shared: {}", printable(revoke)), MOST_LINES);
    }
    lines.blank();
    let fingerprint = &finding.fingerprint;
    match marker::of(finding) {
        Some(marker) => {
            lines.add("allow", &format!("If it is no secret, write {}:", marker.place), 1);
            lines.whole(&marker.text);
            lines.add("", "or this line in .unspillignore, which is to be committed as well:", 1);
        }
        None => lines.add("allow", "If it is no secret, write this line in .unspillignore, and commit it:", 1),
    }
    lines.whole(&fingerprint.to_string());
    lines.blank();
    lines.add("skip", &hook.once(), 1);
    lines.write(out)
}

/// Several findings, as many of them as fit.
fn several(all: &[Finding], hook: &Hook, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut closing = Lines { look, lines: Vec::new() };
    closing.add("fix", "Put each where `store` says; if it was ever shared, revoke it.", 1);
    if hook.stopped == Stopped::Push {
        closing.add("", "Change the commits that add them: git rebase -i", 1);
    }
    let allow =
        "What is no secret: the comment (next-line: above it), or fingerprints in .unspillignore; commit that, too.";
    closing.add("allow", allow, 2);
    closing.add("skip", &hook.once(), 1);
    closing.add("more", hook.stopped.details(), 1);
    // The headline, and a blank line on each side of the list.
    let room = SCREEN.saturating_sub(closing.lines.len() + 3);
    let mut shown: Vec<Vec<String>> = Vec::new();
    let mut used = 0;
    let mut before = Vec::new();
    for finding in all {
        let (mut lines, advice) = brief(finding, look);
        // What was said of the one before is not said again.
        lines.extend(advice.iter().filter(|line| !before.contains(*line)).cloned());
        before = advice;
        used += lines.len();
        shown.push(lines);
        if used > room {
            break;
        }
    }
    // Where not all fit, a line tells how many there are more, and one is left for the prompt.
    let room = if used > room { room.saturating_sub(2) } else { room };
    while used > room {
        used -= shown.pop().map_or(used, |lines| lines.len());
    }
    shown.iter().flatten().try_for_each(|line| writeln!(out, "{line}"))?;
    if shown.len() < all.len() {
        writeln!(out, "and {} more", all.len() - shown.len())?;
    }
    writeln!(out)?;
    closing.write(out)
}

/// A finding in a few lines: where and what, and what to do about it.
fn brief(finding: &Finding, look: &Look<'_>) -> (Vec<String>, Vec<String>) {
    let rule = &finding.rule;
    let severity = look.paint.with(style::severity(rule.severity), rule.severity);
    let head = cut(&place(finding.first()), look.width);
    let head = look.paint.with(STRONG, head);
    let what = format!("{}, {} ({})", printable(&rule.description), finding.confidence, finding.confidence.level());
    let room = look.width.saturating_sub(rule.severity.as_str().len() + 4);
    let what = format!("  {severity}: {}", cut(&what, room));
    let mut lines = Lines { look, lines: Vec::new() };
    lines.add("store", store(finding), 1);
    match marker::of(finding) {
        Some(marker) => lines.labelled("allow", &marker.text),
        None => lines.labelled("allow", &finding.fingerprint.to_string()),
    }
    (vec![head, what], lines.lines)
}

/// How to get rid of a finding: where it belongs, and the command that makes it so.
fn fix(finding: &Finding, hook: &Hook) -> (String, String) {
    let first = finding.first();
    let rebase = facts::commit(first).map(|commit| match commit.is_root {
        true => "git rebase -i --root".to_owned(),
        false => format!("git rebase -i {}^", commit.id.to_hex_with_len(12)),
    });
    if hook.stopped == Stopped::Message || matches!(first.origin, Origin::Message { .. }) {
        let edit = || "git commit -eF \"$(git rev-parse --git-path COMMIT_EDITMSG)\"".to_owned();
        let command = rebase.unwrap_or_else(edit);
        return ("Take it out of the message:".to_owned(), command);
    }
    // Of a member of an archive, that is the archive.
    let path = command::path(first.origin.outermost().path().as_bstr(), hook.at_root);
    let place = format!("Its place: {}.", store(finding));
    let then = match rebase {
        Some(rebase) => format!("Out of the commit that adds it: {rebase}"),
        None if matches!(finding.rule.detect, Detect::Path) => format!("Then: git rm --cached {path}"),
        None => format!("Then: git add {path}"),
    };
    (place, then)
}

fn store(finding: &Finding) -> &str {
    let store = finding.rule.store.trim_end_matches('.');
    if store.is_empty() { STORE } else { store }
}

/// Lines behind labels.
struct Lines<'a> {
    look: &'a Look<'a>,
    lines: Vec<String>,
}

impl Lines<'_> {
    /// A text in at most `most` lines.
    fn add(&mut self, label: &str, text: &str, most: usize) {
        let width = self.look.width.saturating_sub(LABEL + 2);
        let mut wrapped = wrap(&printable(text), width);
        if wrapped.len() > most {
            let rest = wrapped.split_off(most.saturating_sub(1)).join(" ");
            wrapped.push(cut(&rest, width));
        }
        for (index, line) in wrapped.iter().enumerate() {
            self.labelled(if index == 0 { label } else { "" }, line);
        }
    }

    /// Something to be copied, however long.
    fn whole(&mut self, text: &str) {
        self.labelled("", &format!("  {}", printable(text)));
    }

    fn labelled(&mut self, label: &str, text: &str) {
        self.lines.push(format!("  {}{text}", self.look.paint.with(FAINT, format_args!("{label:LABEL$}"))));
    }

    fn blank(&mut self) {
        self.lines.push(String::new());
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.lines.iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}

/// `text` in at most `room` columns.
fn cut(text: &str, room: usize) -> String {
    if style::columns(text) <= room {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|c| {
        used += style::columns_of(*c);
        used <= room
    });
    kept.chain(['…']).collect()
}
