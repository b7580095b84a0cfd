//! Trials: a rule's recorded answers, judged by its conditions as live ones would be.

use super::question::steps;
use super::reply::{Judgement, Reply, judge};
use super::variables::Variables;
use crate::model::Rule;
use crate::model::request::Meaning;

/// One recorded answer, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The step that it is for, from 1.
    pub step: usize,
    /// Its position among the step's answers, from 1.
    pub answer: usize,
    /// What is wrong, in words; nothing, if it came out as recorded.
    pub fault: Option<String>,
}

/// Tries all recorded answers of a rule.
pub fn trials(rule: &Rule) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (at, step) in (1..).zip(steps(rule)) {
        for (position, answer) in (1..).zip(step.answers.iter()) {
            let judgement = judge(step, &Reply::from(answer), &Variables::default());
            let fault = if judgement.meaning() != answer.means {
                Some(format!("is {} and not {}", word(judgement.meaning()), word(answer.means)))
            } else if let Judgement::Active(told) = &judgement {
                let mut wanted: Vec<(String, String)> =
                    answer.show.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
                wanted.sort();
                (*told != wanted).then(|| format!("tells {told:?} and not {wanted:?}"))
            } else {
                None
            };
            trials.push(Trial { step: at, answer: position, fault });
        }
    }
    trials
}

fn word(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Active => "active",
        Meaning::Inactive => "inactive",
        Meaning::Next => "a case for the next step",
        Meaning::Unknown => "unknown",
    }
}
