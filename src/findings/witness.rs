//! Witnesses: of the raw findings that make up a finding, those few without which it would be another one.
//!
//! A secret may stand in ten thousand versions of a file, and yet only a handful of them shows: the best evidence, the
//! places of the earliest commit, each other part of the credential where it comes first, the comment that counts.
//! Grouping these alone gives the same finding; only whether HEAD still has it is known of all, and is told along.

use std::collections::HashMap;

use bstr::BString;

use crate::model::rule::Str;
use crate::model::{Finding, Secret};

use super::RawFinding;
use super::group::{by_evidence, by_place, reason};

/// A raw finding that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its place in the list that it is from.
    pub index: usize,
    /// Whether HEAD has the secret at the path, by all raw findings of its group.
    pub at_head: Option<bool>,
}

/// What tells groups from each other: rule, path and secret.
type Key = (Str, BString, Secret);

/// The witnesses of `findings`, which are from grouping `raw`; in the order of `raw`.
pub fn witnesses<'a>(raw: &[RawFinding], findings: impl Iterator<Item = &'a Finding>) -> Vec<Witness> {
    let key = |finding: &Finding| -> Option<Key> {
        let path = finding.occurrences.first()?.origin.path();
        Some((finding.rule.id.clone(), path, finding.secret.clone()))
    };
    let mut groups: HashMap<Key, Vec<usize>> = findings.filter_map(key).map(|key| (key, Vec::new())).collect();
    let ids: std::collections::HashSet<Str> = groups.keys().map(|(rule, ..)| rule.clone()).collect();
    for (index, one) in raw.iter().enumerate().filter(|(_, one)| ids.contains(&one.rule.id)) {
        let key = (one.rule.id.clone(), one.occurrence.origin.path(), one.secret.clone());
        if let Some(group) = groups.get_mut(&key) {
            group.push(index);
        }
    }
    let mut all: Vec<Witness> = groups.into_values().flat_map(|group| of_group(raw, group)).collect();
    all.sort_unstable_by_key(|witness| witness.index);
    all
}

fn of_group(raw: &[RawFinding], group: Vec<usize>) -> Vec<Witness> {
    let mut members: Vec<(usize, &RawFinding)> = group.into_iter().filter_map(|i| Some((i, raw.get(i)?))).collect();
    // Where only some places are allowed by a comment, only the others count.
    if members.iter().any(|(_, one)| one.comment.is_none()) {
        members.retain(|(_, one)| one.comment.is_none());
    }
    let mut kept = Vec::new();
    kept.extend(members.iter().min_by(|(_, a), (_, b)| by_evidence(a, b)).map(|(i, _)| *i));
    let first = members.iter().min_by(|(_, a), (_, b)| {
        by_place(&a.occurrence, &b.occurrence).then_with(|| reason(&a.comment).cmp(&reason(&b.comment)))
    });
    kept.extend(first.map(|(i, _)| *i));
    kept.extend(companions(&members));
    kept.extend(places(&members));
    kept.sort_unstable();
    kept.dedup();
    let at_head = members.iter().filter_map(|(_, one)| one.occurrence.at_head).reduce(|a, b| a || b);
    kept.into_iter().map(|index| Witness { index, at_head }).collect()
}

/// Those in which another part of the credential stands on the lowest line.
fn companions(members: &[(usize, &RawFinding)]) -> Vec<usize> {
    let each = members.iter().flat_map(|(i, one)| one.companions.iter().map(|part| (part, *i)));
    let mut all: Vec<_> = each.map(|(part, i)| (&part.rule, &part.secret, part.line, i)).collect();
    all.sort();
    all.dedup_by(|later, first| (later.0, later.1) == (first.0, first.1));
    all.into_iter().map(|(.., i)| i).collect()
}

/// Those whose places are kept.
fn places(members: &[(usize, &RawFinding)]) -> Vec<usize> {
    let mut all: Vec<_> = members.iter().map(|(i, one)| (&one.occurrence, *i)).collect();
    if all.iter().any(|(place, _)| !place.unreachable) {
        all.retain(|(place, _)| !place.unreachable);
    }
    if let Some(earliest) = all.iter().filter_map(|(place, _)| place.commit.as_ref()).min() {
        let earliest = earliest.clone();
        all.retain(|(place, _)| place.commit.as_ref() == Some(&earliest));
    }
    all.sort_by(|(a, _), (b, _)| by_place(a, b));
    all.dedup_by(|(later, _), (first, _)| later.origin == first.origin && later.place == first.place);
    all.into_iter().map(|(_, i)| i).collect()
}
