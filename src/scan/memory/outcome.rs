//! The outcome of a run, as far as it may be written down: counts, and which objects to look at again.
//!
//! No secret is in it, and no line about one. A finding is remembered by its witnesses (see `findings::witness`): in
//! which object, found by which rule at which place, both only as a digest. The paths under which they stand, and the
//! words about what could not be read, are texts of the repository: whoever writes an outcome makes sure that they hold no
//! secret.

use bstr::BString;
use gix::ObjectId;

use super::code::{Decoder, Encoder};
use crate::findings::RawFinding;
use crate::model::rule::Detect;
use crate::model::{Origin, Problem, SkipReason, Stats};
use crate::source::Tally;
use crate::source::git::Counted;

use super::file::{Hash, hash};

/// All that a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Counts; what is below the threshold, all in all.
    pub stats: Stats,
    /// Remarks.
    pub notes: Vec<String>,
    /// What could not be read, other than what the troubled objects tell themselves.
    pub problems: Vec<Problem>,
    /// Objects that come with problems.
    pub troubled: Vec<ObjectId>,
    /// Where objects with witnesses stand.
    pub places: Vec<Sighted>,
    /// What makes up the findings.
    pub witnesses: Vec<Testimony>,
    /// Digest of the fingerprints of all findings.
    pub fingerprints: Hash,
}

/// A sighting; its commit only by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sighted {
    pub path: BString,
    pub commit: Option<ObjectId>,
    pub at_head: bool,
    pub unreachable: bool,
}

/// A witness.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Testimony {
    /// The object.
    pub object: ObjectId,
    /// Which of the raw findings in it.
    pub identity: Identity,
    /// Number of the place; `None` for what needs no place.
    pub place: Option<u64>,
    /// Whether HEAD has the secret.
    pub at_head: Option<bool>,
}

/// Half of a digest of rule and place.
pub type Identity = [u8; 16];

/// The object that a raw finding is in, and what tells it from others there: rule, member of an archive, place and
/// encodings; the path where it is that which tells. Of a raw finding that was not attributed yet.
pub fn identity(raw: &RawFinding) -> Option<(ObjectId, Identity)> {
    let object = match &raw.occurrence.origin {
        Origin::Message { commit } => commit.id,
        origin => origin.object()?,
    };
    let text =
        format!("{}\n{}\n{:?}", raw.rule.id, raw.occurrence.origin, (raw.occurrence.place, &raw.occurrence.chain));
    let path = if raw.rule.detect == Detect::Path { raw.secret.expose() } else { b"" };
    let whole = hash(&[text.as_bytes(), path]);
    Some((object, *whole.first_chunk()?))
}

/// Reasons why something is passed over, by their number in the file.
const REASONS: [SkipReason; 5] =
    [SkipReason::Binary, SkipReason::TooLarge, SkipReason::Symlink, SkipReason::Submodule, SkipReason::Special];

impl Outcome {
    /// Writes it.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::default();
        let Stats { items, bytes, commits, skipped, below_threshold, malformed, .. } = &self.stats;
        [items, bytes, commits, below_threshold, malformed].into_iter().for_each(|n| out.number(*n));
        for reason in REASONS {
            out.number(skipped.get(&reason).copied().unwrap_or(0));
        }
        out.list(&self.notes, |out, note| out.bytes(note.as_bytes()));
        out.list(&self.problems, |out, problem| {
            out.bytes(problem.place.as_bytes());
            out.bytes(problem.what.as_bytes());
            out.option(problem.hint.as_ref(), |out, hint| out.bytes(hint.as_bytes()));
        });
        out.list(&self.troubled, |out, id| out.raw(id.as_bytes()));
        out.list(&self.places, |out, place| {
            out.bytes(&place.path);
            out.option(place.commit.as_ref(), |out, id| out.raw(id.as_bytes()));
            out.number(u64::from(place.at_head));
            out.number(u64::from(place.unreachable));
        });
        out.list(&self.witnesses, |out, witness| {
            out.raw(witness.object.as_bytes());
            out.raw(&witness.identity);
            out.option(witness.place.as_ref(), |out, place| out.number(*place));
            out.option(witness.at_head.as_ref(), |out, at_head| out.number(u64::from(*at_head)));
        });
        out.raw(&self.fingerprints);
        out.0
    }

    /// Reads it; `None` if it is not well-formed.
    pub fn decode(bytes: &[u8], hash: gix::hash::Kind) -> Option<Outcome> {
        let mut from = Decoder::new(bytes, hash);
        let mut outcome = Outcome::default();
        let stats = &mut outcome.stats;
        let Stats { items, bytes, commits, below_threshold, malformed, .. } = stats;
        for count in [items, bytes, commits, below_threshold, malformed] {
            *count = from.number().filter(|n| *n <= MOST_OF_ALL)?;
        }
        for reason in REASONS {
            match from.number().filter(|n| *n <= MOST_OF_ALL)? {
                0 => {}
                count => _ = stats.skipped.insert(reason, count),
            }
        }
        outcome.notes = from.list(Decoder::text)?;
        outcome.problems = from.list(|from| {
            Some(Problem { place: from.text()?, what: from.text()?, hint: from.option(Decoder::text)? })
        })?;
        outcome.troubled = from.list(Decoder::object)?;
        outcome.places = from.list(|from| {
            Some(Sighted {
                path: from.bytes()?.into(),
                commit: from.option(Decoder::object)?,
                at_head: from.flag()?,
                unreachable: from.flag()?,
            })
        })?;
        outcome.witnesses = from.list(|from| {
            Some(Testimony {
                object: from.object()?,
                identity: from.array()?,
                place: from.option(Decoder::number)?,
                at_head: from.option(Decoder::flag)?,
            })
        })?;
        outcome.fingerprints = from.array()?;
        from.end().map(|()| outcome)
    }
}

/// More than this is believed of no run.
const MOST_OF_ALL: u64 = 1 << 60;

/// Writes what scanning objects came to, sorted by id.
pub fn encode_objects(objects: &[Counted]) -> Vec<u8> {
    let mut out = Encoder::default();
    out.list(objects, |out, object| {
        out.raw(object.id.as_bytes());
        let tally = object.tally();
        [tally.bytes, tally.items, tally.below_threshold, tally.binary].into_iter().for_each(|n| out.number(n));
    });
    out.0
}

/// Reads what scanning objects came to; `None` if it is not well-formed.
pub fn decode_objects(bytes: &[u8], hash: gix::hash::Kind) -> Option<Vec<Counted>> {
    let mut from = Decoder::new(bytes, hash);
    let objects = from.list(|from| {
        let id = from.object()?;
        let (bytes, items) = (from.number()?, from.number()?);
        let (below_threshold, binary) = (from.number()?, from.number()?);
        Counted::new(id, &Tally { bytes, items, below_threshold, binary, ..Tally::default() })
    })?;
    from.end()?;
    objects.is_sorted_by(|a, b| a.id < b.id).then_some(objects)
}
