//! Where results go: standard output, or files of which no half-written one is ever left standing.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;
use tempfile::NamedTempFile;

use super::errors::Failure;
use super::settings::Results;
use crate::model::Report;
pub use crate::report::count;
use crate::report::text::{self, Hook};
use crate::report::{Format, ReportOptions};

/// Columns of text that no terminal shows.
const DEFAULT_WIDTH: usize = 80;

/// How a command prints what is no report of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A value of `--report`: a file, and its format unless the name tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportTarget {
    format: Format,
    path: PathBuf,
}

impl FromStr for ReportTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((name, path)) = text.split_once('=')
            && !name.contains(['/', '\\', '.'])
        {
            let format = name.parse()?;
            if path.is_empty() {
                return Err(format!("there is no file after `{name}=`"));
            }
            return Ok(ReportTarget { format, path: path.into() });
        }
        let format = Format::of_file_name(text)
            .ok_or_else(|| format!("the name does not tell the format: write FORMAT={text}, as in json={text}"))?;
        Ok(ReportTarget { format, path: text.into() })
    }
}

/// One place that results are written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// As what.
    pub format: Format,
    /// The file; `None` for standard output.
    pub path: Option<PathBuf>,
}

/// All places that results are written to: the main one first. `format` is what the user asked for, `default_format`
/// what counts where neither the user nor the file's name says anything.
///
/// # Errors
/// If a file's format is not known, two results go to one file, or a file's folder is not there: told before the scan
/// rather than after it.
pub fn destinations(
    format: Option<Format>,
    default_format: Option<Format>,
    output: Option<PathBuf>,
    reports: Vec<ReportTarget>,
) -> Result<Vec<Destination>, Failure> {
    let output = output.filter(|path| path.as_os_str() != "-");
    let by_name = output.as_deref().and_then(|path| Format::of_file_name(&path.to_string_lossy()));
    let format = format.or(by_name).or(default_format).unwrap_or(Format::Text);
    let mut all = vec![Destination { format, path: output }];
    all.extend(reports.into_iter().map(|r| Destination { format: r.format, path: Some(r.path) }));
    for (i, destination) in all.iter().enumerate() {
        let Some(path) = &destination.path else { continue };
        if all.iter().take(i).any(|earlier| earlier.path.as_ref() == Some(path)) {
            return Err(Failure::new(format!("two results would be written to {}", path.display()))
                .hint("give each --output and --report a file of its own"));
        }
        check(path)?;
    }
    Ok(all)
}

/// Checks that a file can be made at `path`, as far as that can be told without making it.
///
/// # Errors
/// If it is a folder, or its folder is not there.
pub fn check(path: &Path) -> Result<(), Failure> {
    let failure = |what: &str| Failure::new(format!("cannot write {}: {what}", path.display()));
    if path.is_dir() {
        return Err(failure("it is a folder").hint("name a file"));
    }
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(failure(&format!("there is no folder {}", folder.display())).hint("make the folder first"));
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whom text on standard output is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// Whoever wants to know all.
    #[default]
    All,
    /// Somebody whose commit or push is stopped here.
    Stopped(Hook),
    /// Somebody whose push a server refuses.
    Refused,
}

/// Writes `report` to all places that it is to go to.
///
/// # Errors
/// If one cannot be written; those after it are tried all the same, and the first error is returned.
pub fn write_report(report: &Report, results: &Results, verbosity: i8) -> anyhow::Result<()> {
    let show_secrets = results.show_secrets;
    let plain = ReportOptions {
        show_secrets,
        color: false,
        verbosity,
        width: DEFAULT_WIDTH,
        seconds: results.seconds,
        links: Some(&results.links),
    };
    let mut result = Ok(());
    for Destination { format, path } in &results.destinations {
        let reporter = format.reporter();
        let written = match path {
            Some(path) => write_file(path, !show_secrets, |out| reporter.write(report, &plain, out)),
            // Nothing but errors: the exit code says the rest.
            None if *format == Format::Text && verbosity < -1 => Ok(()),
            None => {
                let options = ReportOptions { color: colored(), width: width(), ..plain };
                match &results.told {
                    Told::Refused if *format == Format::Text => write_stdout(|out| text::refuse(report, &plain, out)),
                    Told::Stopped(hook) if *format == Format::Text && verbosity == 0 => {
                        write_stdout(|out| text::stop(report, hook, &options, out))
                    }
                    _ => write_stdout(|out| reporter.write(report, &options, out)),
                }
            }
        };
        result = result.and(written);
    }
    result
}

/// Prints text to standard output.
///
/// # Errors
/// As [`write_stdout`].
pub fn print(text: &str) -> anyhow::Result<()> {
    write_stdout(|out| out.write_all(text.as_bytes()))
}

/// Writes to standard output. A reader that went away (`| head`) is no error.
///
/// # Errors
/// If it cannot be written for any other reason.
pub fn write_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new("cannot write to standard output").cause(error).into())
        }
        _ => {
            // What a reader that went away did not take must not be tried again.
            let _ = out.into_parts();
            Ok(())
        }
    }
}

/// Writes a file aside and then moves it into place, so that it is there as a whole or not at all. `public` files are
/// as readable as the user's other files, others are the user's alone.
///
/// # Errors
/// If it cannot be written; the file is then as it was.
pub fn write_file(
    path: &Path,
    public: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let written = match fs::metadata(path) {
        // A device or pipe must be written to, not replaced.
        Ok(found) if !found.is_file() => File::options().write(true).open(path).and_then(|file| {
            let mut out = BufWriter::new(file);
            write(&mut out)?;
            out.flush()
        }),
        Ok(_) => fs::canonicalize(path).and_then(|real| replace(&real, public, write)),
        Err(_) => replace(path, public, write),
    };
    written.map_err(|error| unwritable(path, &error).into())
}

/// The error of a file that cannot be written. An error about the file that was written aside names that one, which is
/// none of the user's business: then only its kind is told.
fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let plain = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
    Failure::new(format!("cannot write {}", path.display())).cause(plain)
}

fn replace(path: &Path, public: bool, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(aside(folder_of(path), public)?);
    write(&mut out)?;
    let file = out.into_inner()?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn aside(folder: &Path, public: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unspill-");
    #[cfg(unix)]
    if public {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask takes away from this, as from any new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = public;
    builder.tempfile_in(folder)
}

/// Whether to style what goes to standard output.
pub fn colored() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Columns of the terminal, if there is one.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_targets() {
        let target = |text: &str| text.parse::<ReportTarget>();
        let sarif = ReportTarget { format: Format::Sarif, path: "out.json".into() };
        assert_eq!(target("sarif=out.json"), Ok(sarif));
        assert_eq!(target("a/b=c.json").unwrap().path, PathBuf::from("a/b=c.json"));
        assert_eq!(target("x.sarif").unwrap().format, Format::Sarif);
        assert!(target("jsn=x").unwrap_err().contains("jsn"));
        assert!(target("json=").is_err());
        assert!(target("report").unwrap_err().contains("FORMAT=report"));
    }

    #[test]
    fn the_format_is_the_flags_then_the_names_then_the_configurations() {
        let format = |flag, default, name: &str| {
            destinations(flag, default, Some(name.into()), vec![]).unwrap().first().map(|d| d.format).unwrap()
        };
        assert_eq!(format(Some(Format::Jsonl), Some(Format::Gitleaks), "x.sarif"), Format::Jsonl);
        assert_eq!(format(None, Some(Format::Gitleaks), "x.sarif"), Format::Sarif);
        assert_eq!(format(None, Some(Format::Gitleaks), "x"), Format::Gitleaks);
        assert_eq!(format(None, None, "-"), Format::Text);
    }

    #[test]
    fn a_file_that_cannot_be_finished_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let broken = |out: &mut dyn Write| {
            out.write_all(b"half")?;
            Err(io::Error::from(ErrorKind::StorageFull))
        };
        assert!(write_file(&path, true, broken).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        write_file(&path, true, |out| out.write_all(b"whole")).unwrap();
        assert!(write_file(&path, true, broken).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_secrets_stay_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_file(&link, false, |out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o077, 0);
    }
}
