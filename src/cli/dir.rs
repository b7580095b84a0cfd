//! `unspill dir`: scans files and folders.

use std::path::{Path, PathBuf};

use super::args::Global;
use super::common::{ResultArgs, ScanArgs};
use super::errors::Failure;
use super::settings::{Plan, Results};
use super::verification::VerifyArgs;
use super::{Outcome, job, suggest};
use crate::config;

/// Scan files and folders
///
/// All files that git would not ignore are scanned, hidden ones such as .env included; archives are opened, other binary
/// files are passed over.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders to scan
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Follow symbolic links
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    scan: ScanArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    results: ResultArgs,
}

/// Points at what else was meant by a path that is none.
fn check_path(path: &Path) -> Result<(), Failure> {
    let text = path.display().to_string();
    let hint = match &*text {
        "-" => Some("to scan standard input: unspill stdin".to_owned()),
        text => suggest::for_address(text),
    };
    match hint.filter(|_| !path.exists()) {
        Some(hint) => Err(Failure::new(format!("{text}: no such file or folder")).hint(hint)),
        None => Ok(()),
    }
}

/// Runs it.
pub fn run(args: Args, global: &Global) -> anyhow::Result<Outcome> {
    args.paths.iter().try_for_each(|path| check_path(path))?;
    let start = start(&args.paths);
    let mut plan = Plan::new(&args.scan, global, start.as_path())?.verifying(args.verify)?;
    plan.partial |= start.is_file() || args.paths.len() > 1 || config::folders(&start).len() > 1;
    let results = Results::new(args.results, &plan)?;
    check_inputs(&args.paths, &results)?;
    let source = job::folders(args.paths, args.follow, results.files(), &plan);
    job::run(source.as_ref(), &plan, &results)
}

/// Checks that no file that is to be scanned would be written over.
fn check_inputs(paths: &[PathBuf], results: &Results) -> Result<(), Failure> {
    let inputs: Vec<PathBuf> =
        paths.iter().filter(|path| path.is_file()).filter_map(|path| path.canonicalize().ok()).collect();
    let written = results.files();
    let taken = written.iter().find(|file| file.canonicalize().is_ok_and(|file| inputs.contains(&file)));
    taken.map_or(Ok(()), |file| {
        Err(Failure::new(format!("results would be written over {}, which is to be scanned", file.display()))
            .hint("give --output and --report a file of their own"))
    })
}

/// Where to look for the configuration of what is below `paths`: the one path, or else the folder that holds them all.
pub fn start(paths: &[PathBuf]) -> PathBuf {
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let Some((first, rest)) = paths.split_first() else { return PathBuf::from(".") };
    rest.iter().map(absolute).fold(absolute(first), |common, path| common_folder(&common, &path))
}

fn common_folder(a: &Path, b: &Path) -> PathBuf {
    a.components().zip(b.components()).take_while(|(x, y)| x == y).map(|(x, _)| x).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_the_folder_that_holds_all_paths() {
        let start = |paths: &[&str]| start(&paths.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(start(&["/a/b/c"]), PathBuf::from("/a/b/c"));
        assert_eq!(start(&["/a/b/c", "/a/b/d/e"]), PathBuf::from("/a/b"));
        assert_eq!(start(&["/a", "/b"]), PathBuf::from("/"));
    }
}
