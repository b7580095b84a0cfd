//! What `ssh -v` says, read for what it means. Its texts have stood for many versions; a text that is not known is a
//! doubt. What the host says is never passed on, but for a name that fits a greeting that is known.

use super::child::Output;
use super::target::Target;
use crate::model::{Cause, Details, Doubt, Verdict};

/// Texts by which `ssh` says why no connection came about, and what each means.
const FAILURES: &[(&str, Cause, &str)] = &[
    ("Could not resolve hostname", Cause::Dns, "the name of the host was not found"),
    ("Connection timed out", Cause::Timeout, "the host did not answer in time"),
    ("Operation timed out", Cause::Timeout, "the host did not answer in time"),
    ("Timeout, server", Cause::Timeout, "the host did not answer in time"),
    ("Connection refused", Cause::Connect, "the host refused the connection"),
    ("No route to host", Cause::Connect, "there is no way to the host"),
    ("Network is unreachable", Cause::Connect, "there is no way to the host"),
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", Cause::Tls, "the host has another key than this machine knows of it"),
    ("Host key verification failed", Cause::Tls, "the host's key could not be verified"),
    ("Unable to negotiate", Cause::Tls, "the host and `ssh` have no algorithm in common"),
    ("Too many authentication failures", Cause::UnexpectedStatus, "the host wants no more attempts"),
    ("kex_exchange_identification", Cause::Connect, "the host broke off the connection"),
    ("Connection closed by", Cause::Connect, "the host broke off the connection"),
    ("Connection reset by", Cause::Connect, "the host broke off the connection"),
];

/// The verdict on the key that was offered to `target`.
pub fn read(target: &Target, output: &Output) -> Verdict {
    let log = String::from_utf8_lossy(&output.stderr);
    let unknown = |cause, text: String| Verdict::Unknown(Doubt::new(cause, text));
    if let Some(entered) = line(&log, |line| line.starts_with("Authenticated to ")) {
        return if entered.trim_end().ends_with("using \"publickey\".") {
            active(target, greeted(output, &log), None)
        } else {
            unknown(Cause::UnexpectedBody, format!("{target} asks for no key"))
        };
    }
    if line(&log, |line| line.starts_with("Authenticated using \"publickey\" with partial success")).is_some() {
        return active(target, None, Some("accepted as one of several factors"));
    }
    let denied = line(&log, |line| line.contains("Permission denied ("));
    if denied.is_some() {
        let offered = line(&log, |line| line.starts_with("debug1: Offering public key: ")).is_some();
        let wanted = denied.is_some_and(|line| line.contains("publickey"));
        return match (wanted, offered) {
            (true, true) => Verdict::Inactive(format!("not accepted at {target}")),
            (false, _) => unknown(Cause::UnexpectedStatus, format!("{target} takes no keys")),
            (true, false) => unknown(Cause::NoRequest, format!("`ssh` did not offer a key of this kind to {target}")),
        };
    }
    for (text, cause, meaning) in FAILURES {
        if line(&log, |line| !line.starts_with("debug1: ") && line.contains(text)).is_some() {
            return unknown(*cause, format!("{target}: {meaning}"));
        }
    }
    match output.status {
        Some(status) => unknown(Cause::UnexpectedStatus, format!("{target}: `ssh` ended with status {status}")),
        None => unknown(Cause::Timeout, format!("{target} did not answer in time")),
    }
}

fn active(target: &Target, greeted: Option<String>, note: Option<&str>) -> Verdict {
    let mut details: Details = vec![("host".to_owned(), target.host().to_owned())];
    if target.port() != 22 {
        details.push(("port".to_owned(), target.port().to_string()));
    }
    details.extend(note.map(|note| ("note".to_owned(), note.to_owned())));
    details.push(("user".to_owned(), target.user().to_owned()));
    details.extend(greeted.map(|name| ("account".to_owned(), name)));
    details.sort();
    Verdict::Active(details)
}

fn line(log: &str, is: impl Fn(&str) -> bool) -> Option<&str> {
    log.lines().find(|line| is(line))
}

/// Whom a host of repositories greets: an account, or the repository that a key was made for.
///
/// GitHub: "Hi NAME! You've successfully authenticated, but GitHub does not provide shell access."
/// (<https://docs.github.com/en/authentication/connecting-to-github-with-ssh/testing-your-ssh-connection>); GitLab:
/// "Welcome to GitLab, @NAME!" (<https://docs.gitlab.com/user/ssh/#verify-that-you-can-connect>); Gitea and Forgejo: "Hi
/// there, NAME! You've successfully authenticated …".
fn greeted(output: &Output, log: &str) -> Option<String> {
    const GREETINGS: [&str; 3] = ["Hi there, ", "Welcome to GitLab, @", "Hi "];
    const LONGEST: usize = 140;
    let said = String::from_utf8_lossy(&output.stdout);
    // Before it, a banner may say anything.
    let after = log.split_once("Authenticated to ").map_or("", |(_, after)| after);
    said.lines().chain(after.lines()).find_map(|line| {
        let rest = GREETINGS.iter().find_map(|greeting| line.strip_prefix(greeting))?;
        let (name, _) = rest.split_once('!')?;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
        ((1..=LONGEST).contains(&name.len()) && name.bytes().all(fits)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OFFERED: &str = "debug1: Offering public key:  ED25519 SHA256:abc agent\n";
    const IN: &str = "Authenticated to github.com ([192.0.2.1]:22) using \"publickey\".\n";

    fn verdict(status: impl Into<Option<i32>>, stdout: &str, stderr: &str) -> Verdict {
        let target = "git@github.com".parse().unwrap();
        let output = Output { status: status.into(), stdout: stdout.into(), stderr: stderr.into() };
        super::read(&target, &output)
    }

    fn doubt(status: impl Into<Option<i32>>, stderr: &str) -> (Cause, String) {
        match verdict(status, "", stderr) {
            Verdict::Unknown(doubt) => (doubt.cause, doubt.text),
            other => panic!("{other:?}"),
        }
    }

    fn account(stdout: &str, stderr: &str) -> Option<String> {
        let verdict = verdict(1, stdout, stderr);
        assert_eq!(verdict.as_str(), "active");
        verdict.details().iter().find(|(name, _)| name == "account").map(|(_, value)| value.clone())
    }

    #[test]
    fn whom_a_host_greets_is_told() {
        let hi = "Hi octo-cat! You've successfully authenticated, but GitHub does not provide shell access.\n";
        assert_eq!(account("", &format!("{IN}{hi}")).as_deref(), Some("octo-cat"));
        assert_eq!(account("", &format!("{IN}Hi acme/site! You've …\n")).as_deref(), Some("acme/site"));
        assert_eq!(account("Welcome to GitLab, @jane.doe!\n", IN).as_deref(), Some("jane.doe"));
        assert_eq!(account("Hi there, jane! You've successfully …\n", IN).as_deref(), Some("jane"));
        assert_eq!(account("authenticated via ssh key.\n", IN), None);
        assert_eq!(account("", &format!("Hi banner!\n{IN}")), None, "a banner is no greeting");
        assert_eq!(account("Hi \u{1b}[31mred!\n", IN), None, "nothing raw is passed on");
    }

    #[test]
    fn the_host_and_the_user_are_told() {
        let pairs = [("host", "github.com"), ("user", "git")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        assert_eq!(verdict(0, "", IN), Verdict::Active(pairs.to_vec()));
        let partial = verdict(
            255,
            "",
            "Authenticated using \"publickey\" with partial success.\ngit@h: Permission denied (keyboard-interactive).\n",
        );
        assert!(partial.details().contains(&("note".to_owned(), "accepted as one of several factors".to_owned())));
    }

    #[test]
    fn refused_is_only_what_was_offered_and_denied() {
        let denied = "git@github.com: Permission denied (publickey).\r\n";
        let refused = Verdict::Inactive("not accepted at git@github.com".to_owned());
        assert_eq!(verdict(255, "", &format!("{OFFERED}{denied}")), refused);
        assert_eq!(verdict(255, "", &format!("{OFFERED}x: Permission denied (publickey,password).\n")), refused);
        assert_eq!(doubt(255, denied).0, Cause::NoRequest);
        let password = format!("{OFFERED}x: Permission denied (password).\n");
        assert_eq!(doubt(255, &password), (Cause::UnexpectedStatus, "git@github.com takes no keys".to_owned()));
    }

    #[test]
    fn where_anybody_may_enter_a_key_proves_nothing() {
        let open = "Authenticated to h ([192.0.2.1]:22) using \"none\".\n";
        assert_eq!(doubt(0, open), (Cause::UnexpectedBody, "git@github.com asks for no key".to_owned()));
    }

    #[test]
    fn failures_have_their_causes() {
        let cause = |text: &str| doubt(255, text).0;
        assert_eq!(cause("ssh: Could not resolve hostname x: Name or service not known\r\n"), Cause::Dns);
        assert_eq!(cause("ssh: connect to host x port 22: Connection timed out\r\n"), Cause::Timeout);
        assert_eq!(cause("ssh: connect to host x port 22: Connection refused\r\n"), Cause::Connect);
        assert_eq!(cause("Connection closed by 192.0.2.1 port 22\r\n"), Cause::Connect);
        assert_eq!(cause("Host key verification failed.\r\n"), Cause::Tls);
        assert_eq!(cause("Unable to negotiate with 192.0.2.1 port 22: no matching host key type\r\n"), Cause::Tls);
        assert_eq!(doubt(255, "something new").1, "git@github.com: `ssh` ended with status 255");
        assert_eq!(doubt(None, "").0, Cause::Timeout);
    }

    proptest! {
        #[test]
        fn whatever_the_host_says_nothing_raw_comes_out(
            stdout in any::<Vec<u8>>(), stderr in any::<Vec<u8>>(), status in any::<Option<i32>>(),
        ) {
            let target = "git@github.com".parse().unwrap();
            let verdict = super::read(&target, &Output { status, stdout, stderr });
            prop_assert!(matches!(verdict, Verdict::Unknown(_)));
        }
    }
}
