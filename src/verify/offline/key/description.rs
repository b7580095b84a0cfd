//! What a private key says about itself, and how that reads in a report.

use super::public::PublicKey;

/// A private key that was read to its end.
#[derive(Clone, Debug)]
pub struct Key {
    /// The form that it is in: `PKCS #8`.
    pub form: &'static str,
    /// Algorithm and size (`2048-bit RSA`), if that is not encrypted, too.
    pub algorithm: Option<String>,
    /// Its public half, where that can be told.
    pub public: Option<PublicKey>,
    /// What it is known by; the fingerprint of its public half unless its form has a way of its own.
    pub fingerprint: Option<String>,
    /// Whether a passphrase is needed to use it.
    pub lock: Lock,
    /// More to know about it, as clauses.
    pub remarks: Vec<String>,
}

/// Whether a passphrase is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Who has the file has the key.
    Open,
    /// Encrypted; by what, in words.
    Locked(String),
    /// The secret half is elsewhere: on a card, in a security key.
    Absent(&'static str),
}

impl Key {
    /// A key that nothing protects.
    pub fn open(form: &'static str, algorithm: impl Into<String>) -> Self {
        let algorithm = Some(algorithm.into());
        Key { form, algorithm, public: None, fingerprint: None, lock: Lock::Open, remarks: Vec::new() }
    }

    /// A key of which nothing but its protection can be told.
    pub fn locked(form: &'static str, how: String) -> Self {
        let lock = Lock::Locked(how);
        Key { form, algorithm: None, public: None, fingerprint: None, lock, remarks: Vec::new() }
    }

    /// The same key, of which this is the public half.
    pub fn with_public(self, public: PublicKey) -> Self {
        Key { fingerprint: self.fingerprint.or_else(|| public.fingerprint()), public: Some(public), ..self }
    }

    /// All of it in one clause.
    pub fn words(&self) -> String {
        let mut words = String::from("a whole ");
        if let Some(algorithm) = &self.algorithm {
            words.push_str(algorithm);
            words.push(' ');
        }
        words.push_str(&format!("private key in {}, ", self.form));
        match &self.lock {
            Lock::Open => words.push_str("not encrypted"),
            Lock::Locked(how) if how.is_empty() => words.push_str("encrypted"),
            Lock::Locked(how) => words.push_str(&format!("encrypted ({how})")),
            Lock::Absent(where_it_is) => words.push_str(where_it_is),
        }
        if let Some(fingerprint) = &self.fingerprint {
            words.push_str(&format!(", fingerprint {fingerprint}"));
        }
        for remark in &self.remarks {
            words.push_str(", ");
            words.push_str(remark);
        }
        words
    }
}

/// A text out of a file as part of a clause: without control characters and quotes, and not longer than a line.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let plain: String = text.chars().filter(|c| !c.is_control() && *c != '`').take(LONGEST + 1).collect();
    match plain.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("`{}…`", &plain[..cut]),
        None => format!("`{plain}`"),
    }
}

/// The same without the quotes.
pub fn plain(text: &str) -> String {
    quoted(text).trim_matches('`').to_owned()
}
