//! What could not be read: collected from all threads, and reported once and in order.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use gix::ObjectId;

use super::objects::Unread;
use super::repository::Repository;
use crate::model::Problem;
use crate::source::Worker;

/// So many objects are named one by one; of more only the number is told.
const NAMED: usize = 20;

/// Objects that could not be read, and other problems.
#[derive(Default)]
pub(super) struct Losses {
    objects: Mutex<BTreeMap<ObjectId, Unread>>,
    others: Mutex<Vec<Problem>>,
    /// Set by what may go well another time.
    unsettled: AtomicBool,
}

impl Losses {
    /// Notes an object.
    pub fn object(&self, id: ObjectId, why: Unread) {
        if why != Unread::Missing {
            self.unsettled.store(true, Relaxed);
        }
        // A lock is poisoned only if a thread panicked, and then the panic goes on.
        if let Ok(mut objects) = self.objects.lock() {
            objects.insert(id, why);
        }
    }

    /// Notes anything else.
    pub fn other(&self, place: impl Into<String>, what: impl Into<String>, hint: Option<&str>) {
        self.unsettled.store(true, Relaxed);
        self.push(place.into(), what.into(), hint);
    }

    fn push(&self, place: String, what: String, hint: Option<&str>) {
        if let Ok(mut others) = self.others.lock() {
            others.push(Problem { place, what, hint: hint.map(str::to_owned) });
        }
    }

    /// True if all losses are of objects that are not there: as long as the repository stays as it is, another run will
    /// not fare better.
    pub fn are_settled(&self) -> bool {
        !self.unsettled.load(Relaxed)
    }

    /// Notes that the history of a shallow clone is not all here.
    pub fn shallow(&self, repository: &Repository, hint: &str) {
        let what = "a shallow clone: history before it was cut off is not here";
        self.push(repository.root.display().to_string(), what.to_owned(), Some(hint));
    }

    /// True if nothing was lost.
    pub fn are_none(&self) -> bool {
        let objects = self.objects.lock().is_ok_and(|objects| objects.is_empty());
        objects && self.others.lock().is_ok_and(|others| others.is_empty())
    }

    /// Reports all that was noted.
    pub fn report(self, repository: &Repository, worker: &mut dyn Worker) {
        let mut objects = self.objects.into_inner().unwrap_or_default();
        if repository.partial {
            let all = objects.len();
            objects.retain(|_, why| *why != Unread::Missing);
            if all > objects.len() {
                worker.problem(Problem {
                    place: repository.root.display().to_string(),
                    what: format!("a partial clone: {} objects are not here", all - objects.len()),
                    hint: Some("fetch them: git fetch --refetch --no-filter".to_owned()),
                });
            }
        }
        let unnamed = objects.len().saturating_sub(NAMED);
        for (id, why) in objects.into_iter().take(NAMED) {
            let (what, hint) = match why {
                Unread::Missing => ("is missing".to_owned(), "fetch it again, or see `git fsck`"),
                Unread::Broken(how) => (format!("cannot be read: {how}"), "see `git fsck`"),
            };
            worker.problem(Problem { place: format!("object {id}"), what, hint: Some(hint.to_owned()) });
        }
        if unnamed > 0 {
            worker.problem(Problem {
                place: repository.root.display().to_string(),
                what: format!("{unnamed} more objects are missing or cannot be read"),
                hint: Some("see `git fsck`".to_owned()),
            });
        }
        for problem in self.others.into_inner().unwrap_or_default() {
            worker.problem(problem);
        }
    }
}
