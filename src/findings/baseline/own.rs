//! Our own form of a baseline.
//!
//! It is JSON with one finding a line, sorted, so that two branches merge and a diff reads well. It holds the
//! fingerprint, and for people the rule and the path; no line (it would change with every edit) and no part of a secret.
//!
//! ```json
//! {
//!   "version": 1,
//!   "findings": [
//!     {"path": "src/config.py", "rule": "pkcs12-file", "fingerprint": "pkcs12-file:8d3c…:1f0a2"}
//!   ]
//! }
//! ```

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::{Baseline, Entry, KINDS, WRITE_ANEW, invalid};
use crate::findings::fingerprint;
use crate::findings::suppress::SuppressError;
use crate::model::Fingerprint;

/// The version of the form that is written, and the only one that is read.
const VERSION: u64 = 1;

#[derive(Deserialize)]
struct Version {
    version: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[allow(dead_code, reason = "read before, as the rest depends on it")]
    version: u64,
    findings: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: String,
    rule: String,
    fingerprint: String,
}

/// Reads it.
///
/// # Errors
/// If it is not of this form, or of another version.
pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Baseline, SuppressError> {
    let damaged = |e: serde_json::Error| invalid(file, e.line(), format!("{KINDS}: {e}"), WRITE_ANEW);
    let Version { version } = serde_json::from_slice(bytes).map_err(damaged)?;
    if version != VERSION {
        let what = format!("version {version} of the baseline is not understood");
        return Err(invalid(file, 0, what, "use the version of unspill that wrote it, or write it anew"));
    }
    let document: Document = serde_json::from_slice(bytes).map_err(damaged)?;
    if let Some(row) = document.findings.iter().find(|row| !fingerprint::is_well_formed(&row.fingerprint)) {
        return Err(invalid(file, 0, format!("`{}` is not a fingerprint", row.fingerprint), WRITE_ANEW));
    }
    let entry = |row: Row| Entry { path: row.path, rule: row.rule, fingerprint: Fingerprint(row.fingerprint) };
    Ok(Baseline::new(document.findings.into_iter().map(entry).collect()))
}

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(entries: &[Entry], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\n  \"version\": {VERSION},\n  \"findings\": [")?;
    for (at, entry) in entries.iter().enumerate() {
        let Entry { path, rule, fingerprint } = entry.clone();
        out.write_all(if at == 0 { b"\n    " } else { b",\n    " })?;
        serde_json::to_writer(&mut *out, &Row { path, rule, fingerprint: fingerprint.0 })?;
    }
    out.write_all(if entries.is_empty() { b"]\n}\n" } else { b"\n  ]\n}\n" })
}
