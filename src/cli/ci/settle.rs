//! From what a CI tells to what can be scanned: commits that are there, and a part of the repository in the terms of
//! `unspill git`.

use super::super::errors::{self, Failure};
use super::super::git::PartArgs;
use super::checkout::Checkout;
use super::detect::{Base, Known, Part};

/// What is to be scanned.
#[derive(Debug)]
pub enum Settled {
    /// This part of the repository; the commit that it leads up to, unless that is HEAD.
    Scan { part: PartArgs, head: Option<String> },
    /// Nothing, and why.
    Nothing(String),
}

/// Finds the commits of a part, and fetches what is missing.
///
/// # Errors
/// If what must be there cannot be had.
pub fn settle(part: Part, checkout: &Checkout<'_>) -> Result<Settled, Failure> {
    match part {
        Part::Nothing(why) => Ok(Settled::Nothing(why.to_owned())),
        Part::Everything => {
            checkout.complete()?;
            Ok(Settled::Scan { part: PartArgs::default(), head: None })
        }
        Part::New { to, base } => {
            let to = checkout.bring(&to.commit, to.reference.as_deref())?;
            let Some(from) = known(base, &to, checkout)? else {
                checkout.unshallow(&to)?;
                return Ok(Settled::Scan {
                    part: PartArgs { reference: Some(to.clone()), ..PartArgs::default() },
                    head: Some(to),
                });
            };
            checkout.deepen(&from, &to)?;
            let range = format!("{from}..{to}");
            Ok(Settled::Scan { part: PartArgs { range: Some(range), ..PartArgs::default() }, head: Some(to) })
        }
    }
}

/// The commit from which on nothing is known; `None` if nothing is.
fn known(base: Base, to: &str, checkout: &Checkout<'_>) -> Result<Option<String>, Failure> {
    match base {
        Base::Exactly(commit) => checkout.bring(&commit, None).map(Some),
        Base::Tip(name) => checkout.branch(&name).map(Some),
        Base::FirstOf(all) => {
            let first = all.first().cloned();
            let found = all.into_iter().find_map(|known| {
                let id = match &known {
                    Known::Commit(id) => checkout.bring(id, None),
                    Known::Branch(name) => checkout.branch(name),
                };
                id.ok().map(|id| (known, id))
            });
            if let Some(Known::Commit(id)) = first.filter(|first| found.as_ref().map(|(known, _)| known) != Some(first))
            {
                let instead = match &found {
                    Some((Known::Branch(name), _)) => format!("what {name} does not have"),
                    _ => format!("all that {to} descends from"),
                };
                errors::note(&format!("{id} is gone, as after a forced push: {instead} is scanned"));
            }
            Ok(found.map(|(_, id)| id))
        }
    }
}
