//! Turns: a rule may look for a list, and mean each of its entries.
//!
//! Of a group that is repeated, a regex keeps the last turn only. So where a pattern has a group `list` about a repetition
//! with the group `secret` in it, the pattern finds where the list stands, and its entries are then matched one turn at a
//! time: every turn that has a `secret` is a match of its own. Turns without one (comments, other values) are passed over.

use regex_syntax::hir::{Hir, HirKind};

/// What is repeated in the group `list` of a regex, if it has one that holds the group `secret`.
pub fn turn(hir: &Hir) -> Option<&Hir> {
    let HirKind::Repetition(list) = group(hir, "list")?.kind() else { return None };
    group(&list.sub, "secret").map(|_| &*list.sub)
}

/// What stands in the group of that name.
fn group<'a>(hir: &'a Hir, name: &str) -> Option<&'a Hir> {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some(name) => Some(&capture.sub),
        HirKind::Capture(capture) => group(&capture.sub, name),
        HirKind::Repetition(repetition) => group(&repetition.sub, name),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(|part| group(part, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::literals;

    #[test]
    fn only_a_repetition_with_secrets_in_it_has_turns() {
        for (regex, has) in [
            ("data:(?<list>(?:(?<secret>[a-z]+);)+)end", true),
            ("data:(?<list>(?:#[^;]*;|(?<secret>[a-z]+);)*)", true),
            ("data:(?<list>[a-z]+;)(?<secret>[a-z]+)", false),
            ("data:(?<list>(?<secret>[a-z]+);)", false),
            ("data:(?<secret>[a-z]+)", false),
        ] {
            assert_eq!(turn(&literals::parse(regex).unwrap()).is_some(), has, "{regex}");
        }
    }
}
