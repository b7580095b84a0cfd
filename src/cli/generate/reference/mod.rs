//! `unspill generate reference`: the pages of the book that the program can write by itself, so that they never say
//! anything else than it does.

mod command_line;
mod configuration;
mod markdown;
mod rules;

use std::path::Path;

use crate::cli::errors::Failure;
use crate::cli::output;

/// A page, by the name of its file.
type Page = (String, String);

/// What stands first on every page.
const NOTE: &str = "<!-- Written by `unspill generate reference`; what is changed here by hand gets lost. -->\n\n";

/// Writes all pages.
///
/// # Errors
/// If a folder or file cannot be written.
pub fn write(folder: &Path) -> anyhow::Result<()> {
    for (name, text) in pages() {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .map_err(|error| Failure::new(format!("cannot make the folder {}", parent.display())).cause(error))?;
        output::write_file(&path, true, |out| out.write_all(format!("{NOTE}{text}").as_bytes()))?;
    }
    Ok(())
}

fn pages() -> Vec<Page> {
    let mut pages = vec![
        ("command-line.md".to_owned(), command_line::page()),
        ("configuration.md".to_owned(), configuration::page()),
    ];
    pages.extend(rules::pages());
    pages
}
