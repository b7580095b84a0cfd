//! What servers say of themselves, made fit to be shown.

/// Printable ASCII of bearable length, and nothing else: what a server says may end up in a terminal.
pub fn shown(bytes: &[u8]) -> Option<String> {
    const LONGEST: usize = 100;
    let fine = (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_graphic() || *b == b' ');
    fine.then(|| String::from_utf8_lossy(bytes).into_owned())
}
