//! Who else may read or write a file: what the program remembers for itself it believes only if nobody could touch it.

use std::fs::Metadata;

/// Whether others than its owner may read or write a file; false where the system does not tell.
#[cfg(unix)]
pub fn is_exposed(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o077 != 0
}

/// Whether others than its owner may read or write a file; false where the system does not tell.
#[cfg(not(unix))]
pub fn is_exposed(_: &Metadata) -> bool {
    false
}
