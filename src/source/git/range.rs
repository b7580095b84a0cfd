//! todo
use super::losses::Losses;
use super::options::GitOptions;
use super::repository::Repository;
use crate::source::{Sink, SourceError};
pub(super) fn scan(_: &str, _: &Repository, _: &GitOptions, _: &Losses, _: &dyn Sink) -> Result<(), SourceError> {
    Err(SourceError::new("not yet"))
}
