//! The cache of verdicts: what providers said lately, in a file of the user's choice.
//!
//! It holds no secret. An entry is known by a keyed hash of its question; the key is random, made anew with each file, and
//! stands in the file's first line, so hashes of two files cannot be compared. As whoever reads the file could still
//! try guesses of weak secrets, a file that others may read is not used. Only answers are kept, never doubts.
//!
//! The form: JSON, one object a line. First `{"unspill_verdicts":1,"key":"…"}`, then entries.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use data_encoding::HEXLOWER;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::question::Key;
use crate::model::{Failure, Verdict, is_exposed};

/// Version of the form.
const VERSION: u32 = 1;
/// No cache is larger than this, in bytes.
const LARGEST: u64 = 64 << 20;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    unspill_verdicts: u32,
    key: String,
}

/// An answer.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    question: String,
    /// Seconds since 1970.
    asked: u64,
    active: bool,
    /// What the provider told of an active one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    details: BTreeMap<String, String>,
    /// How it refused an inactive one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
}

/// Answers of earlier runs.
pub struct Cache {
    path: PathBuf,
    key: [u8; 32],
    /// Seconds that an answer is believed for.
    age: u64,
    entries: BTreeMap<String, Entry>,
    /// Why what was there was not used.
    pub warning: Option<String>,
}

impl Cache {
    /// Opens the file, or begins an empty one; answers older than `age` are forgotten.
    ///
    /// # Errors
    /// If it is another kind of file, or cannot be read.
    pub fn open(path: &Path, age: Duration) -> Result<Cache, Failure> {
        let mut key = [0; 32];
        let random = SystemRandom::new().fill(&mut key);
        random.map_err(|_| Failure::new("this machine gives no random numbers"))?;
        let mut cache =
            Cache { path: path.to_owned(), key, age: age.as_secs(), entries: BTreeMap::new(), warning: None };
        let failure = |error: io::Error| Failure::new(format!("cannot read {}", path.display())).cause(error);
        let about = match fs::metadata(path) {
            Ok(about) => about,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(cache),
            Err(error) => return Err(failure(error)),
        };
        let foreign = || {
            Failure::new(format!("{} is no cache of verdicts", path.display()))
                .hint("give --verify-cache a file that is not there yet")
        };
        if !about.is_file() || about.len() > LARGEST {
            return Err(foreign());
        }
        let text = fs::read_to_string(path).map_err(failure)?;
        let mut lines = text.lines();
        let head = lines.next().and_then(|line| serde_json::from_str::<Head>(line).ok()).ok_or_else(foreign)?;
        if is_exposed(&about) {
            let what = format!("{} may be read or written by others: it is made anew", path.display());
            cache.warning = Some(what);
            return Ok(cache);
        }
        let known = HEXLOWER.decode(head.key.as_bytes()).ok().and_then(|key| key.try_into().ok());
        let (VERSION, Some(key)) = (head.unspill_verdicts, known) else {
            cache.warning = Some(format!("{} is of another version: it is made anew", path.display()));
            return Ok(cache);
        };
        cache.key = key;
        let now = Moment::now().unix();
        let fresh = |entry: &Entry| entry.asked <= now && now - entry.asked < cache.age;
        let entries = lines.filter_map(|line| serde_json::from_str::<Entry>(line).ok()).filter(fresh);
        cache.entries = entries.map(|entry| (entry.question.clone(), entry)).collect();
        Ok(cache)
    }

    /// What was answered lately.
    pub fn get(&self, question: Key) -> Option<Verdict> {
        self.entries.get(&self.name(question)).map(|entry| {
            if entry.active {
                Verdict::Active(entry.details.clone().into_iter().collect())
            } else {
                Verdict::Inactive(entry.reason.clone())
            }
        })
    }

    /// Takes note of an answer; nothing, if it is none.
    pub fn put(&mut self, question: Key, verdict: &Verdict) {
        let (active, details, reason) = match verdict {
            Verdict::Active(details) => (true, details.iter().cloned().collect(), String::new()),
            Verdict::Inactive(reason) => (false, BTreeMap::new(), reason.clone()),
            _ => return,
        };
        let question = self.name(question);
        let entry = Entry { question: question.clone(), asked: Moment::now().unix(), active, details, reason };
        self.entries.insert(question, entry);
    }

    /// Writes the file, all of it or nothing.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self) -> Result<(), Failure> {
        self.write().map_err(|error| Failure::new(format!("cannot write {}", self.path.display())).cause(error))
    }

    fn write(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Made for its owner alone.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut line = |value: String| writeln!(file, "{value}");
        line(serde_json::to_string(&Head { unspill_verdicts: VERSION, key: HEXLOWER.encode(&self.key) })?)?;
        self.entries.values().try_for_each(|entry| line(serde_json::to_string(entry)?))?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }

    fn name(&self, question: Key) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.key);
        HEXLOWER.encode(hmac::sign(&key, &question.0).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);
    const QUESTION: Key = Key([7; 32]);

    #[test]
    fn answers_are_kept_and_doubts_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("verdicts");
        let mut cache = Cache::open(&path, DAY).expect("a cache");
        let active = Verdict::Active(vec![("user".to_owned(), "ada".to_owned())]);
        cache.put(QUESTION, &active);
        cache.put(Key([8; 32]), &Verdict::Inactive("refused".to_owned()));
        cache.put(Key([9; 32]), &Verdict::NotChecked);
        cache.save().expect("written");
        let again = Cache::open(&path, DAY).expect("a cache");
        assert_eq!(again.get(QUESTION), Some(active));
        assert_eq!(again.get(Key([8; 32])), Some(Verdict::Inactive("refused".to_owned())));
        assert_eq!(again.get(Key([9; 32])), None);
        let text = fs::read_to_string(&path).expect("the file");
        assert!(!text.contains(&HEXLOWER.encode(&QUESTION.0)), "what is asked does not show");
    }

    #[test]
    fn old_answers_are_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("verdicts");
        let mut cache = Cache::open(&path, DAY).expect("a cache");
        cache.put(QUESTION, &Verdict::Inactive("refused".to_owned()));
        cache.save().expect("written");
        assert_eq!(Cache::open(&path, Duration::ZERO).expect("a cache").get(QUESTION), None);
    }

    #[test]
    fn other_files_are_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notes.txt");
        fs::write(&path, "not yours").expect("written");
        let Err(failure) = Cache::open(&path, DAY) else { panic!("taken for a cache") };
        assert!(failure.what.contains("notes.txt"), "{failure}");
    }

    #[cfg(unix)]
    #[test]
    fn what_others_may_read_is_made_anew() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("verdicts");
        let mut cache = Cache::open(&path, DAY).expect("a cache");
        cache.put(QUESTION, &Verdict::Inactive("refused".to_owned()));
        cache.save().expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("changed");
        let again = Cache::open(&path, DAY).expect("a cache");
        assert!(again.warning.is_some() && again.get(QUESTION).is_none());
    }
}
