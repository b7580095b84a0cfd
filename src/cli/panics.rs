//! Panics: a short message that cannot hold a secret.
//!
//! The usual message prints the panic's payload, and a payload like "index out of range in …" may quote the bytes that
//! were being read. So only the place in the source is shown.

use std::io::Write;
use std::panic;

/// Installs the hook.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or("an unknown place".to_owned(), |l| format!("{}:{}", l.file(), l.line()));
        let _ = writeln!(
            anstream::stderr(),
            "error: unspill has a bug and stopped at {place}\n  hint: please report this; the message holds nothing of \
             what was scanned"
        );
    }));
}
