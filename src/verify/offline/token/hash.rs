//! Hashes of passwords, as crypt(3), `/etc/shadow`, databases and web frameworks keep them: no password, yet one may be
//! guessed from it; how dear a guess is, its cost says.
//!
//! Sources: <https://man7.org/linux/man-pages/man5/crypt.5.html> for the methods of crypt; RFC 9106, section 3.1, and
//! <https://github.com/P-H-C/phc-string-format> for Argon2; U. Drepper, "Unix crypt using SHA-256 and SHA-512".

use crate::model::Verdict;

/// Rounds of SHA-crypt that is not told any.
const SHA_ROUNDS: u64 = 5000;

/// What a hash tells: the method and its cost. Only a cost that the method cannot have condemns it.
pub fn check(hash: &str) -> Verdict {
    let Some(method) = method(hash) else { return Verdict::NotChecked };
    match method {
        Ok(told) => Verdict::NotCheckable(format!("{told}, not the password itself")),
        Err(wrong) => Verdict::Malformed(wrong),
    }
}

/// The method and cost of a hash in words, or what is wrong with them; `None` if it is none that is known.
fn method(hash: &str) -> Option<Result<String, String>> {
    let mut parts = hash.strip_prefix('$').unwrap_or(hash).split('$');
    let (id, options) = (parts.next()?, parts.next()?);
    Some(match id {
        "2a" | "2b" | "2x" | "2y" | "2" => return bcrypt(options),
        "argon2d" | "argon2i" | "argon2id" => return argon2(id, options, parts.next()),
        "1" => Ok("an MD5-crypt hash, weak by today's measure".to_owned()),
        "apr1" => Ok("an MD5-crypt hash in Apache's form, weak by today's measure".to_owned()),
        "5" => return sha(256, options),
        "6" => return sha(512, options),
        "7" => Ok("an scrypt hash".to_owned()),
        "scrypt" => Ok(format!("an scrypt hash{}", parameters(options))),
        "y" => Ok("a yescrypt hash".to_owned()),
        "gy" => Ok("a gost-yescrypt hash".to_owned()),
        "sha1" => Ok("a SHA-1-crypt hash".to_owned()),
        _ => {
            let (method, options) = id.split_once(':').unwrap_or((id, options));
            return derived(method, options);
        }
    })
}

/// PBKDF2 and scrypt as web frameworks write them: `pbkdf2_sha256$600000`, `pbkdf2-sha512$25000`, `pbkdf2:sha256:600000`,
/// `scrypt:32768:8:1`.
fn derived(method: &str, options: &str) -> Option<Result<String, String>> {
    if method == "scrypt" {
        let [n, r, p] = <[&str; 3]>::try_from(options.split(':').collect::<Vec<_>>()).ok()?;
        return Some(Ok(format!("an scrypt hash{}", parameters(&format!("n={n},r={r},p={p}")))));
    }
    let digest = method.strip_prefix("pbkdf2")?.trim_start_matches(['_', '-']);
    let (digest, rounds) = options.split_once(':').unwrap_or((digest, options));
    let rounds = rounds.trim_start_matches("i=").parse::<u64>().map_or(String::new(), |n| format!(" of {n} rounds"));
    let digest = if digest.is_empty() { String::new() } else { format!(" with {}", digest.to_ascii_uppercase()) };
    Some(Ok(format!("a PBKDF2 hash{rounds}{digest}")))
}

/// bcrypt's cost is a power of two, 4 to 31.
fn bcrypt(cost: &str) -> Option<Result<String, String>> {
    let cost: u32 = cost.parse().ok()?;
    Some(match cost {
        4..=31 => Ok(format!("a bcrypt hash of cost {cost}")),
        _ => Err(format!("it says a cost of {cost}, and bcrypt has 4 to 31")),
    })
}

/// The options of Argon2 are `v=19` (left out before version 1.3), then memory in KiB, passes and lanes.
fn argon2(id: &str, first: &str, second: Option<&str>) -> Option<Result<String, String>> {
    let options = if first.starts_with("v=") { second? } else { first };
    let option = |key: &str| -> Option<u64> {
        options.split(',').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
    };
    let (memory, passes, lanes) = (option("m")?, option("t")?, option("p")?);
    let name = id.replace("argon", "Argon");
    Some(match (memory, passes, lanes) {
        (m, 1.., 1..=0xff_ffff) if m >= 8 * lanes => {
            Ok(format!("an {name} hash of {memory} KiB, {passes} passes and {lanes} lanes"))
        }
        _ => Err(format!("it says {memory} KiB, {passes} passes and {lanes} lanes, which Argon2 cannot have")),
    })
}

/// SHA-crypt's rounds are 1000 to 999,999,999, or left out.
fn sha(bits: u32, options: &str) -> Option<Result<String, String>> {
    let rounds = match options.strip_prefix("rounds=") {
        Some(rounds) => rounds.parse::<u64>().ok()?,
        None => SHA_ROUNDS,
    };
    Some(match rounds {
        1000..=999_999_999 => Ok(format!("a SHA-{bits}-crypt hash of {rounds} rounds")),
        _ => Err(format!("it says {rounds} rounds, and SHA-crypt has 1000 to 999999999")),
    })
}

/// ` (ln=17, r=8, p=1)`, if these are parameters.
fn parameters(options: &str) -> String {
    let fine = options.len() <= 40
        && options.split(',').all(|pair| {
            pair.split_once('=').is_some_and(|(key, value)| {
                key.bytes().all(|b| b.is_ascii_lowercase()) && value.bytes().all(|b| b.is_ascii_digit())
            })
        });
    if fine { format!(" ({})", options.replace(',', ", ")) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(hash: &str) -> String {
        match check(hash) {
            Verdict::NotCheckable(why) => why,
            other => panic!("{hash}: {other:?}"),
        }
    }

    /// Samples of the sources; for bcrypt of the test suite of jBCrypt.
    #[test]
    fn published_hashes_are_typed_with_their_cost() {
        assert_eq!(
            reason("$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkY8jIucDrjc8deX1s."),
            "a bcrypt hash of cost 6, not the password itself"
        );
        assert_eq!(
            reason("$5$rounds=10000$saltstringsaltst$3xv.VbSCBX41eDL9L3voZredW15O2LIYL5EHCWjg1i1"),
            "a SHA-256-crypt hash of 10000 rounds, not the password itself"
        );
        assert!(reason("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO").contains("SHA-512-crypt hash of 5000"));
        assert_eq!(
            reason("$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b1dWRWJTmaaJObG"),
            "an Argon2i hash of 65536 KiB, 2 passes and 4 lanes, not the password itself"
        );
    }

    #[test]
    fn other_methods_are_known() {
        assert!(
            reason("$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4C")
                .contains("(ln=16, r=8, p=1)")
        );
        assert!(reason("pbkdf2_sha256$260000$salt$hash").contains("260000 rounds with SHA256"));
        assert!(reason("$pbkdf2-sha512$25000$salt$hash").contains("25000 rounds with SHA512"));
        assert!(reason("pbkdf2:sha256:600000$salt$hash").contains("600000 rounds with SHA256"));
        assert!(reason("scrypt:32768:8:1$salt$hash").contains("(n=32768, r=8, p=1)"));
        assert!(reason("$y$j9T$salt$hash").starts_with("a yescrypt hash"));
        assert!(reason("$1$salt$hash").contains("weak"));
        assert_eq!(check("password"), Verdict::NotChecked);
        assert_eq!(check("$9$x"), Verdict::NotChecked);
    }

    #[test]
    fn an_impossible_cost_is_malformed() {
        for wrong in ["$2b$99$x", "$2b$03$x", "$5$rounds=10$s$h", "$argon2id$v=19$m=1,t=1,p=4$s$h"] {
            assert!(matches!(check(wrong), Verdict::Malformed(_)), "{wrong}");
        }
    }
}
