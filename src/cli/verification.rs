//! `--verify` and what goes with it: from arguments to verdicts in a report.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, ValueHint};

use super::errors::{self, Failure};
use super::output::count;
use super::progress::Bar;
use super::suggest::nearest;
use crate::model::{Progress, Report, Verdict};
use crate::rules::RuleSet;
use crate::scan::verified;
use crate::verify::live::ssh::Target;
use crate::verify::live::{Endpoints, Limits, Options, Stop, Verifier};

/// How long verdicts are remembered unless told otherwise.
const CACHE_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether to verify, and what to keep of it.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Verification")]
pub struct VerifyArgs {
    /// Ask the providers whether the credentials found still work; the only thing that goes on the network. With =deep
    /// also log in to databases, brokers and mail servers that connection strings name
    #[arg(long, value_name = "deep", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    #[arg(value_parser = what)]
    verify: Option<String>,
    /// Report only findings with these verdicts, as in active,unknown; all count for the exit code if left out
    #[arg(long, value_name = "VERDICT", value_delimiter = ',')]
    #[arg(value_parser = PossibleValuesParser::new(Verdict::WORDS), hide_possible_values = true)]
    only: Vec<String>,
    #[command(flatten)]
    pub how: HowArgs,
}

/// How to ask.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Verification")]
pub struct HowArgs {
    #[command(flatten)]
    servers: ServerArgs,
    /// Trust the certificates in this file (PEM), too; may be repeated
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    verify_ca: Vec<PathBuf>,
    /// Try private keys at this host with `ssh`, as in git@github.com or host:2222; may be repeated
    #[arg(long, value_name = "HOST")]
    verify_ssh: Vec<Target>,
    /// Ask servers at private, loopback and link-local addresses, too
    #[arg(long)]
    verify_allow_private: bool,
    /// How long one request may take [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = duration, hide_short_help = true)]
    verify_timeout: Option<Duration>,
    /// How long all requests together may take [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = duration, hide_short_help = true)]
    verify_deadline: Option<Duration>,
    /// Requests at a time [default: 32]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512), hide_short_help = true)]
    verify_jobs: Option<u16>,
    /// Requests at a time to one server; 0 for no limit [default: 4]
    #[arg(long, value_name = "N", hide_short_help = true)]
    verify_per_host: Option<u16>,
    /// Requests per second to one server; 0 for no limit [default: 10]
    #[arg(long, value_name = "N", value_parser = rate, hide_short_help = true)]
    verify_rate: Option<f64>,
    /// Further tries where one failed and another may help [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10), hide_short_help = true)]
    verify_retries: Option<u32>,
    /// Remember answers in this file (it holds no secret), and do not ask again while they are fresh
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    verify_cache: Option<PathBuf>,
    /// How long an answer is fresh [default: 1d]
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "verify_cache", hide_short_help = true)]
    verify_cache_age: Option<Duration>,
}

/// Which servers to ask.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Verification")]
pub struct ServerArgs {
    /// The server to ask for a provider that you run yourself, as in gitlab=https://git.example.org; may be repeated
    #[arg(long, value_name = "PROVIDER=URL", value_parser = endpoint)]
    verify_endpoint: Vec<(String, String)>,
}

/// What was asked for.
#[derive(Debug)]
pub struct Verification {
    /// How to ask; `None`: not at all.
    options: Option<Options>,
    /// The verdicts to keep; empty for all.
    only: Vec<String>,
    progress: bool,
    verbosity: i8,
}

impl VerifyArgs {
    /// Whether providers are to be asked.
    pub fn is_asked(&self) -> bool {
        self.verify.is_some()
    }

    /// Checks what was asked for; `rules` know the providers.
    ///
    /// # Errors
    /// If an option is of no use without another, or names a provider that there is none of.
    pub fn plan(self, rules: &RuleSet, progress: bool, verbosity: i8) -> Result<Verification, Failure> {
        if self.verify.is_none() {
            if let Some(flag) = self.how.first_given() {
                return Err(Failure::new(format!("{flag} is of no use without --verify"))
                    .hint("add --verify to ask providers about what was found"));
            }
            let live = ["active", "inactive", "unknown"];
            if !self.only.is_empty() && self.only.iter().all(|word| live.contains(&word.as_str())) {
                return Err(Failure::new(format!("--only {} leaves nothing without --verify", self.only.join(",")))
                    .hint("add --verify: without it nothing is known to be active, inactive or unknown"));
            }
        }
        let deep = self.verify.as_deref() == Some("deep");
        let options = self.verify.is_some().then(|| self.how.options(deep, rules)).transpose()?;
        Ok(Verification { options, only: self.only, progress, verbosity })
    }
}

impl HowArgs {
    /// The options, checked.
    ///
    /// # Errors
    /// If one names a provider that no rule has.
    pub fn options(&self, deep: bool, rules: &RuleSet) -> Result<Options, Failure> {
        let endpoints = self.servers.endpoints(rules)?;
        let usual = (Options::default(), Limits::default());
        let size = |given: Option<u16>, usual: usize| given.map_or(usual, usize::from);
        Ok(Options {
            endpoints,
            authorities: self.verify_ca.clone(),
            allow_private: self.verify_allow_private,
            deep,
            ssh: self.verify_ssh.clone(),
            timeout: self.verify_timeout.unwrap_or(usual.0.timeout),
            limits: Limits {
                jobs: size(self.verify_jobs, usual.1.jobs),
                per_host: size(self.verify_per_host, usual.1.per_host),
                rate: self.verify_rate.unwrap_or(usual.1.rate),
                retries: self.verify_retries.unwrap_or(usual.1.retries),
                deadline: self.verify_deadline.unwrap_or(usual.1.deadline),
            },
            cache: self.verify_cache.clone().map(|path| (path, self.verify_cache_age.unwrap_or(CACHE_AGE))),
        })
    }

    /// The first of the options that was given.
    fn first_given(&self) -> Option<&'static str> {
        let given = [
            ("--verify-endpoint", !self.servers.verify_endpoint.is_empty()),
            ("--verify-ca", !self.verify_ca.is_empty()),
            ("--verify-ssh", !self.verify_ssh.is_empty()),
            ("--verify-allow-private", self.verify_allow_private),
            ("--verify-timeout", self.verify_timeout.is_some()),
            ("--verify-deadline", self.verify_deadline.is_some()),
            ("--verify-jobs", self.verify_jobs.is_some()),
            ("--verify-per-host", self.verify_per_host.is_some()),
            ("--verify-rate", self.verify_rate.is_some()),
            ("--verify-retries", self.verify_retries.is_some()),
            ("--verify-cache", self.verify_cache.is_some()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }
}

impl ServerArgs {
    /// The servers that the user named.
    ///
    /// # Errors
    /// If one is for a provider that no rule has, or for one that has another already.
    pub fn endpoints(&self, rules: &RuleSet) -> Result<Endpoints, Failure> {
        let mut endpoints = Endpoints::new();
        for (provider, url) in &self.verify_endpoint {
            if !rules.rules().iter().any(|rule| rule.provider == *provider) {
                let near = nearest(provider, rules.rules().iter().map(|rule| &*rule.provider));
                let hint = near.map_or("`unspill rules endpoints` shows all".to_owned(), |near| {
                    format!("did you mean `{near}`? `unspill rules endpoints` shows all")
                });
                return Err(Failure::new(format!("--verify-endpoint: there is no provider `{provider}`")).hint(hint));
            }
            if endpoints.insert(provider.clone(), url.clone()).is_some() {
                return Err(Failure::new(format!("--verify-endpoint names two servers for {provider}"))
                    .hint("name the one that its credentials are for"));
            }
        }
        Ok(endpoints)
    }
}

impl Verification {
    /// None.
    pub fn none() -> Self {
        Verification { options: None, only: Vec::new(), progress: false, verbosity: 0 }
    }

    /// Asks about a report's findings, if that was asked for, and leaves out those that are not wanted. `rules` are those
    /// of the run.
    ///
    /// # Errors
    /// If certificates or the cache cannot be used.
    pub fn apply(&self, report: &mut Report, rules: &RuleSet) -> anyhow::Result<()> {
        if let Some(options) = &self.options {
            let stop = interruptible();
            let verifier = Verifier::new(options.clone(), stop.clone())?;
            // A rule may be asked about like one that this run leaves out.
            let mut all = RuleSet::builtin();
            all.extend(rules.rules().iter().map(|rule| rule.as_ref().clone()));
            let progress = Arc::new(Progress::default());
            let bar = Bar::verification(&progress, self.progress);
            let answers = verified::verify(report, &verifier, &all, &progress);
            drop(bar);
            let answers = answers?;
            answers.warnings.iter().for_each(|warning| errors::warn(warning, None));
            if stop.is_set() {
                errors::warn("verification was broken off: what was not asked about counts as unknown", None);
            }
            if self.verbosity > 0 {
                let (asked, sent) = (answers.questions as usize, answers.requests as usize);
                let remembered = match answers.remembered {
                    0 => String::new(),
                    n => format!(", {n} of them known from the cache"),
                };
                let (asked, sent) = (count(asked, "different credential"), count(sent, "request"));
                errors::note(&format!("asked about {asked}{remembered}: {sent}"));
            }
        }
        if !self.only.is_empty() {
            verified::keep_only(report, &self.only);
        }
        Ok(())
    }
}

/// Set by Ctrl-C; a second one ends the program at once.
pub fn interruptible() -> Stop {
    let stop = Stop::default();
    let handle = stop.clone();
    // Without a handler Ctrl-C ends the program, as ever.
    let _ = ctrlc::set_handler(move || {
        if handle.set() {
            std::process::exit(130);
        }
        errors::note("ending verification; Ctrl-C again ends the program");
    });
    stop
}

/// Reads what `--verify` is given: nothing, or `deep`.
fn what(text: &str) -> Result<String, String> {
    match text {
        "" | "deep" => Ok(text.to_owned()),
        _ => Err("it is `--verify` alone, or `--verify=deep`".to_owned()),
    }
}

/// Reads `PROVIDER=URL`.
fn endpoint(text: &str) -> Result<(String, String), String> {
    let (provider, url) = text.split_once('=').ok_or("write PROVIDER=URL, as in gitlab=https://git.example.org")?;
    crate::verify::live::render::Server::parse(url)?;
    Ok((provider.to_owned(), url.to_owned()))
}

/// Reads a time: `90`, `90s`, `10m`, `1h`, `2d`; without a unit it is seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "use a time such as 90s, 10m, 1h or 2d".to_owned();
    let units = BTreeMap::from([("", 1), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]);
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds = units.get(unit.trim()).ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(*seconds).filter(|seconds| (1..=366 * 86_400).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "use a time from a second to a year".to_owned())
}

/// Reads a number of requests per second.
fn rate(text: &str) -> Result<f64, String> {
    let rate =
        text.parse::<f64>().ok().filter(|rate| (0.0..=10_000.0).contains(rate) && (*rate == 0.0 || *rate >= 0.01));
    rate.ok_or_else(|| "use a number of requests per second, 0.01 to 10000, or 0 for no limit".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("10m"), Ok(Duration::from_secs(600)));
        assert_eq!(duration("2d"), Ok(Duration::from_secs(172_800)));
        for wrong in ["", "m", "0", "1w", "-1s", "99999999999999999999s", "1000d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rates() {
        assert_eq!(rate("2.5"), Ok(2.5));
        assert_eq!(rate("0"), Ok(0.0));
        for wrong in ["", "-1", "NaN", "inf", "0.000001"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn servers_of_ones_own() {
        assert!(endpoint("gitlab=https://git.example.org/api").is_ok());
        for wrong in ["gitlab", "gitlab=http://git.example.org", "gitlab=https://a@b", "gitlab=https://x?y"] {
            assert!(endpoint(wrong).is_err(), "{wrong}");
        }
    }
}
