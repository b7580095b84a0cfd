//! Histories that nobody would think of: after each of many random changes, an audit with a cache that has seen them all.

use unspill::scan::memory::Reuse;

use crate::audits::{Setup, audit, password, repository, token};
use crate::support::repo::Repo;

/// Knuth's linear congruential generator for MMIX: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

fn change(repo: &Repo, random: &mut Random) {
    let number = random.below(6);
    let path = ["a", "b/c", "b/d", "long.txt", "copies/allowed.py", "keys/own.p12"][random.below(6)];
    let comment = ["", "  # unspill:allow", "  # unspill:allow -- made up"][random.below(3)];
    let token = token(['a', 'b', 'c'][random.below(3)]);
    let text = match random.below(4) {
        0 => "nothing\n".repeat(number + 1),
        1 => password(number),
        2 => format!("{}key = \"{token}\"{comment}\n", "line\n".repeat(number)),
        _ => format!("{}{}", password(number), password(number + 1)),
    };
    match random.below(13) {
        0..=3 => drop(repo.commit_file(path, text)),
        4 => drop(repo.commit(&format!("Talk of {token}"))),
        5 => {
            repo.stage(path, text);
            repo.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "Once more"]);
        }
        6 => drop(repo.git(&["update-ref", &format!("refs/heads/side{number}"), "HEAD"])),
        7 => drop(repo.try_git(repo.path(), &["branch", "-D", &format!("side{number}")])),
        8 => drop(repo.try_git(repo.path(), &["reset", "-q", "--hard", &format!("HEAD~{}", number % 3)])),
        9 => drop(repo.git(&["repack", "-q", "-d"])),
        10 => {
            repo.git(&["reflog", "expire", "--expire=now", "--all"]);
            repo.git(&["gc", "-q", "--prune=now"]);
        }
        11 => drop(repo.git(&["tag", "-f", "-a", "-m", &format!("Tag with {token}"), &format!("tag{number}")])),
        _ => {
            repo.try_git(repo.path(), &["checkout", "-q", "-f", "--detach", &format!("HEAD~{}", number % 4)]);
            repo.git(&["checkout", "-q", "-f", "-B", &format!("branch{number}")]);
        }
    }
}

#[test]
fn a_cache_that_has_seen_everything() {
    for seed in 0..2 {
        let repo = repository();
        let mut random = Random(seed);
        let mut recalled = 0;
        for step in 0..14 {
            change(&repo, &mut random);
            let seen = audit(&repo, &Setup::default());
            recalled += seen.recalled();
            assert!(seen.warnings.is_empty(), "seed {seed}, step {step}: {:?}", seen.warnings);
            if random.below(3) == 0 {
                let again = audit(&repo, &Setup::default());
                assert_eq!(again.reuse, Reuse::Outcome, "seed {seed}, step {step}");
            }
        }
        assert!(recalled > 50, "seed {seed}: {recalled} recalled");
    }
}
