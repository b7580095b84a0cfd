//! The model: boosted trees that weigh values which have no form of their own.
//!
//! Each tree asks a few features, one after the other, and ends in a weight; the weights add up to log-odds. There are two
//! groups of trees: one for local features, asked as soon as a value stands, and one for the features of its place, asked
//! of what is left. `model.txt` is written by `benches/accuracy/train.py`; how it was trained, and on what, is told there.
//!
//! A contribution is told for each kind of evidence: every step down a tree moves its expected weight, and the move
//! belongs to the feature that was asked (after Saabas, "Interpreting random forests", 2014). Together with the expected
//! weight at the roots the moves are the whole.

use std::sync::LazyLock;

use super::features::{COUNT, Features, Kind, index, kind};
use crate::model::LogOdds;

/// The trees of one group.
#[derive(Debug, Default)]
pub struct Forest {
    nodes: Vec<Node>,
    roots: Vec<usize>,
    base: i32,
    most: i32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The feature that is asked; [`LEAF`] for none.
    feature: u16,
    /// Values up to this one go on with the next node, greater ones with the other.
    threshold: i16,
    /// Where to go on with greater values.
    other: u32,
    /// The expected weight here, in thousandths.
    weight: i32,
}

const LEAF: u16 = u16::MAX;

/// The model that the program carries.
pub struct Model {
    /// Trees that ask local features.
    pub local: Forest,
    /// Trees that ask where a value stands.
    pub place: Forest,
}

/// The built-in model, read when it is first asked.
pub static MODEL: LazyLock<Model> = LazyLock::new(|| read(include_str!("model.txt")));

/// The number of kinds of evidence.
const KINDS: usize = Kind::ALL.len();

/// What each kind of evidence weighs, and what stands before any evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weights {
    /// Before any evidence.
    pub base: LogOdds,
    /// By kind of evidence.
    pub of: [LogOdds; KINDS],
}

impl Forest {
    /// What all evidence comes to: the same as the sum of [`Forest::weigh`], for less.
    pub fn sum(&self, features: &Features) -> LogOdds {
        let values: &[i16; COUNT] = features.values();
        let leaf = |root: &usize| {
            let mut node = &self.nodes[*root];
            let mut at = *root;
            while node.feature != LEAF {
                at = if values[usize::from(node.feature)] <= node.threshold { at + 1 } else { node.other as usize };
                node = &self.nodes[at];
            }
            node.weight
        };
        LogOdds(self.roots.iter().map(leaf).sum())
    }

    /// Weighs.
    pub fn weigh(&self, features: &Features) -> Weights {
        let values: &[i16; COUNT] = features.values();
        let mut weights = Weights { base: LogOdds(self.base), of: [LogOdds(0); KINDS] };
        for root in &self.roots {
            let mut at = *root;
            loop {
                let node = self.nodes[at];
                if node.feature == LEAF {
                    break;
                }
                let feature = usize::from(node.feature);
                at = if values[feature] <= node.threshold { at + 1 } else { node.other as usize };
                let moved = self.nodes[at].weight - node.weight;
                weights.of[kind(feature) as usize].0 += moved;
            }
        }
        weights
    }

    /// The most that the trees can add up to.
    pub fn most(&self) -> LogOdds {
        LogOdds(self.most)
    }

    /// Reads a tree: its nodes in the order that they are reached, left before right. `feature<threshold` asks,
    /// `weight*count` is a leaf with the number of values that it was made from.
    fn tree(&mut self, line: &str, names: &[usize]) -> Option<()> {
        let mut tokens = line.split_ascii_whitespace();
        let root = self.nodes.len();
        self.roots.push(root);
        self.node(&mut tokens, names)?;
        self.base += self.nodes[root].weight;
        self.most += self.nodes[root..].iter().filter(|n| n.feature == LEAF).map(|n| n.weight).max().unwrap_or(0);
        tokens.next().is_none().then_some(())
    }

    /// Reads a node and all below; answers with the number of values that it was made from.
    fn node<'a>(&mut self, tokens: &mut impl Iterator<Item = &'a str>, names: &[usize]) -> Option<i64> {
        let token = tokens.next()?;
        let at = self.nodes.len();
        if let Some((weight, count)) = token.split_once('*') {
            self.nodes.push(Node { feature: LEAF, threshold: 0, other: 0, weight: weight.parse().ok()? });
            return count.parse().ok();
        }
        let (feature, threshold) = token.split_once('<')?;
        let feature = *names.get(feature.parse::<usize>().ok()?)?;
        self.nodes.push(Node { feature: feature as u16, threshold: threshold.parse().ok()?, other: 0, weight: 0 });
        let left = self.node(tokens, names)?;
        let other = self.nodes.len();
        let right = self.node(tokens, names)?;
        let mean = i64::from(self.nodes[at + 1].weight) * left + i64::from(self.nodes[other].weight) * right;
        self.nodes[at].other = other as u32;
        self.nodes[at].weight = (mean / (left + right).max(1)) as i32;
        Some(left + right)
    }
}

/// Reads a model: `features` and the names that trees refer to by number, then `local` or `place` and a tree on each line.
///
/// # Panics
/// If the text is no model: it is a part of the program, and a test reads it.
fn read(text: &str) -> Model {
    let mut names = Vec::new();
    let mut model = Model { local: Forest::default(), place: Forest::default() };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
        let done = match what {
            "features" => rest.split_ascii_whitespace().map(index).collect::<Option<_>>().map(|read| names = read),
            "local" => model.local.tree(rest, &names),
            "place" => model.place.tree(rest, &names),
            _ => None,
        };
        assert!(done.is_some(), "no line of a model: {line}");
    }
    model
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_model_can_be_read() {
        assert!(!MODEL.local.roots.is_empty() && !MODEL.place.roots.is_empty());
    }

    #[test]
    fn contributions_add_up_to_the_leaves() {
        let model = read("# x\nfeatures length digits\nlocal 0<5 -100*30 1<0 200*10 300*20\nlocal 1<3 0*1 50*1\n");
        let mut features = Features::of_traits(&[0; 8]);
        let sum = |features: &Features| {
            let weights = model.local.weigh(features);
            let told = weights.base.0 + weights.of.iter().map(|w| w.0).sum::<i32>();
            assert_eq!(model.local.sum(features), LogOdds(told));
            told
        };
        assert_eq!(sum(&features), -100);
        features.set_for_test("length", 9);
        assert_eq!(sum(&features), 200);
        features.set_for_test("digits", 4);
        assert_eq!(sum(&features), 350);
        assert_eq!(model.local.most(), LogOdds(350));
    }
}
