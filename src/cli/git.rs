//! `unspill git`: scans a repository.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::Global;
use super::common::{ResultArgs, ScanArgs};
use super::errors::Failure;
use super::output::Told;
use super::settings::{Plan, Results};
use super::verification::VerifyArgs;
use super::{Outcome, errors, hook, job, output, push, suggest};
use crate::report::text::{Hook, Stopped};
use crate::source::git::Mode;

/// The path of a message, as in a history, so that the fingerprint is the same.
const MESSAGE: &str = "commit-message";

/// Scan a git repository: its history, a range of commits, a push, or what is staged
///
/// Unless told which part, everything that any ref reaches is scanned, and the objects that none reaches.
/// Nothing of the repository is run: no hook, filter or alias.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The repository: its work tree, a folder in it, or a bare repository [default: the one that GIT_DIR names, else
    /// the one about the current folder]
    #[arg(value_name = "REPO")]
    repo: Option<PathBuf>,
    #[command(flatten)]
    part: PartArgs,
    /// Remember in this file which objects were scanned, and scan next time only what is new
    ///
    /// The report is the same as without it. The file holds no secret: it names objects of the repository by their ids,
    /// where findings stand, and what was found by its place. It is made if it is not there, and made anew if rules,
    /// settings or program have changed. Keep it where nobody else can write.
    #[arg(long, value_name = "FILE", help_heading = "Scanning")]
    cache: Option<PathBuf>,
    /// As a hook: say nothing if all is well, and else on one screen what stops the commit or push, and the ways on
    ///
    /// Without any flag for a part of the repository, the range that pre-commit or prek name is scanned, or else what is
    /// staged. ID is the one that they know the hook by: with it, the advice on how to skip it names it.
    #[arg(long, value_name = "ID", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    #[arg(help_heading = "What to scan")]
    hook: Option<String>,
    #[command(flatten)]
    scan: ScanArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    results: ResultArgs,
}

/// Which part of a repository.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "What to scan")]
pub struct PartArgs {
    /// What is staged: the lines that the next commit adds
    #[arg(long, conflicts_with_all = ["range", "reference", "since", "first_parent", "no_unreachable", "no_messages"])]
    pub staged: bool,
    /// Every file of the index, if nothing is staged: what a manager of hooks means that is run by hand.
    #[arg(skip)]
    pub or_all: bool,
    /// The message of a commit that is being made, for a commit-msg hook
    #[arg(long, value_name = "FILE", conflicts_with_all = ["staged", "range", "reference", "since", "first_parent", "no_unreachable", "no_messages", "cache"])]
    pub commit_msg: Option<PathBuf>,
    /// The commits of a range: A..B or A...B
    #[arg(long, value_name = "A..B", conflicts_with_all = ["reference", "since"])]
    pub range: Option<String>,
    /// What a push adds, for git's pre-push hook: `unspill git --pre-push "$@"`
    ///
    /// Git's lines are read from standard input: `<local ref> <local id> <remote ref> <remote id>`. What the remote has
    /// already is left out: what its refs that are pushed to reach, and what the remote-tracking refs of REMOTE do. Every
    /// commit counts, also with what a later one takes out again.
    #[arg(long, num_args = 0..=2, value_names = ["REMOTE", "URL"])]
    #[arg(conflicts_with_all = ["staged", "range", "reference", "since", "first_parent", "no_unreachable", "pre_receive"])]
    pub pre_push: Option<Vec<String>>,
    /// What a push adds, for a server's pre-receive hook: `unspill git --pre-receive`
    ///
    /// Git's lines are read from standard input: `<old id> <new id> <ref>`. What any ref of the repository reaches is left
    /// out. Whoever pushes reads a short text; -v makes it the full one. No configuration or ignore file is looked for:
    /// name one with --config. Comments on the line of a secret allow it here as well, unless --ignore-allow-comments.
    #[arg(long)]
    #[arg(conflicts_with_all = ["staged", "range", "reference", "since", "first_parent", "no_unreachable"])]
    pub pre_receive: bool,
    /// What this ref reaches: a branch, tag or commit
    #[arg(long = "ref", value_name = "REF")]
    pub reference: Option<String>,
    /// Commits since this date, as in 2025-12-31 or "2 weeks ago"
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Follow only the first parent of merges
    #[arg(long)]
    pub first_parent: bool,
    /// Leave out objects that no ref reaches
    #[arg(long)]
    pub no_unreachable: bool,
    /// Leave out the messages of commits and tags
    #[arg(long)]
    pub no_messages: bool,
}

impl PartArgs {
    /// Whether this is less than the whole history.
    pub(super) fn is_partial(&self) -> bool {
        self.staged
            || self.commit_msg.is_some()
            || self.range.is_some()
            || self.reference.is_some()
            || self.since.is_some()
            || self.is_push()
    }

    fn is_push(&self) -> bool {
        self.pre_push.is_some() || self.pre_receive
    }

    /// The same for the source. What is pushed is read from standard input.
    ///
    /// # Errors
    /// If git does not say there what is pushed.
    pub fn mode(self) -> Result<Mode, Failure> {
        Ok(match self {
            PartArgs { staged: true, or_all: false, .. } => Mode::Staged,
            PartArgs { staged: true, or_all: true, .. } => Mode::StagedOrAll,
            PartArgs { range: Some(range), .. } => Mode::Range(range),
            PartArgs { pre_push: Some(arguments), .. } => push::pushed(arguments)?,
            PartArgs { pre_receive: true, .. } => push::received()?,
            PartArgs { reference, since, .. } => Mode::History { reference, since },
        })
    }
}

/// Runs it.
pub fn run(mut args: Args, global: &Global) -> anyhow::Result<Outcome> {
    let Some(id) = args.hook.take() else { return scan(args, global, None) };
    let stopped = if args.part.commit_msg.is_some() {
        Stopped::Message
    } else {
        let (part, stopped) = hook::part(args.part);
        args.part = part;
        stopped
    };
    let hook = hook::hook(stopped, id);
    let outcome = scan(args, global, Some(hook.clone())).unwrap_or_else(|error| {
        errors::print(&error);
        Outcome::Failed
    });
    if outcome == Outcome::Failed {
        let what = format!(
            "this {} is stopped, for not all could be checked; once without: {}",
            stopped.as_str(),
            hook.skip()
        );
        errors::note(&what);
    }
    Ok(outcome)
}

/// Checks that the repository is there; a range, a ref and an address are no paths.
fn check_repo(repo: &Path) -> Result<(), Failure> {
    if repo.exists() {
        return Ok(());
    }
    let text = repo.display().to_string();
    let is_ref = || !text.is_empty() && !text.starts_with(['.', '/', '~', '-']) && !text.contains(['\\', ' ', ':']);
    let hint = match suggest::for_address(&text) {
        Some(hint) => hint,
        None if is_ref() && text.contains("..") => format!("to scan a range of commits: unspill git --range {text}"),
        None if is_ref() => format!("name a repository; to scan what a ref reaches: unspill git --ref {text}"),
        None => "name a repository, or scan plain files with `unspill dir`".to_owned(),
    };
    Err(Failure::new(format!("{text}: no such file or folder")).hint(hint))
}

fn scan(args: Args, global: &Global, hook: Option<Hook>) -> anyhow::Result<Outcome> {
    args.repo.as_deref().map_or(Ok(()), check_repo)?;
    let start = args.repo.clone().unwrap_or_else(|| PathBuf::from("."));
    // What is looked for in a repository that receives would come from those who push to it.
    let start = (!args.part.pre_receive).then_some(start.as_path());
    let mut plan = Plan::new(&args.scan, global, start)?.verifying(args.verify)?;
    plan.partial |= args.part.is_partial();
    if hook.is_some() || args.part.is_push() || args.part.commit_msg.is_some() {
        plan.heed_findings(args.results.exit_zero);
    }
    if hook.is_some() {
        // A hook talks to whoever commits, whatever reports of this repository look like elsewhere.
        (plan.config.settings.format, plan.config.settings.output) = (None, None);
    }
    let told = match hook {
        Some(hook) => Told::Stopped(hook),
        None if args.part.pre_receive && plan.verbosity == 0 => Told::Refused,
        None => Told::All,
    };
    let results = Results { told, ..Results::new(args.results, &plan)? };
    if let Some(file) = &args.part.commit_msg {
        let content = fs::read(file).map_err(|e| Failure::new(format!("cannot read {}", file.display())).cause(e))?;
        let source = job::bytes(MESSAGE, hook::message(&content).to_vec(), &plan);
        return job::run(source.as_ref(), &plan, &results);
    }
    if let Some(cache) = &args.cache {
        check_cache(cache, &args.part, &results)?;
    }
    let git = job::repository(args.repo, args.part, &plan)?;
    match args.cache {
        Some(cache) => job::run_again(&git, &cache, &plan, &results),
        None => job::run(&git, &plan, &results),
    }
}

/// Checks that a cache is of use for this part of a repository, and can be made.
fn check_cache(cache: &Path, part: &PartArgs, results: &Results) -> Result<(), Failure> {
    let other = [
        (part.staged, "--staged"),
        (part.range.is_some(), "--range"),
        (part.since.is_some(), "--since"),
        (part.pre_push.is_some(), "--pre-push"),
        (part.pre_receive, "--pre-receive"),
    ];
    if let Some((_, flag)) = other.into_iter().find(|(given, _)| *given) {
        return Err(Failure::new(format!("--cache is for whole histories, not for {flag}"))
            .hint(format!("leave out one of the two: {flag} reads little, and does so anew each time")));
    }
    if results.files().iter().any(|file| file == cache) {
        return Err(Failure::new(format!("results and cache would both be written to {}", cache.display()))
            .hint("give each a file of its own"));
    }
    output::check(cache)
}
