//! gitleaks' own rules, by what they are called here.
//!
//! Files of gitleaks name its rules: to leave them out, to change them, to allow something for them. Each row has an id of
//! its default configuration (8.30.1) and those of our built-in rules that find **the same kind of credential, and no
//! other kind**: whoever switches `github-pat` off means the tokens, and no more than these. So an id has no row where our
//! rule is for more than that one kind (`shopify-access-token`, one of four that are `shopify-token` here), or where there
//! is none. Ids that are the same here have a row as well; some are not what they seem (`heroku-api-key`).

use super::rule::kebab;
use crate::model::Rule;
use crate::rules::builtin;

/// What gitleaks calls anything with a telling name: its entries may be for any rule of ours.
const GENERIC: &str = "generic-api-key";

/// Ids of gitleaks, sorted, and ours.
#[rustfmt::skip]
const IDS: &[(&str, &[&str])] = &[
    ("1password-secret-key", &["1password-secret-key"]),
    ("1password-service-account-token", &["1password-service-account-token"]),
    ("adafruit-api-key", &["adafruit-io-key", "adafruit-io-key-legacy"]),
    ("adobe-client-secret", &["adobe-client-secret"]),
    ("age-secret-key", &["age-secret-key"]),
    ("airtable-api-key", &["airtable-api-key-legacy"]),
    ("airtable-personnal-access-token", &["airtable-personal-access-token"]),
    ("algolia-api-key", &["algolia-admin-api-key"]),
    ("alibaba-access-key-id", &["alibaba-access-key-id"]),
    ("anthropic-admin-api-key", &["anthropic-admin-api-key"]),
    ("anthropic-api-key", &["anthropic-api-key"]),
    ("artifactory-api-key", &["artifactory-api-key"]),
    ("artifactory-reference-token", &["artifactory-reference-token"]),
    ("asana-client-id", &["asana-client-id"]),
    ("asana-client-secret", &["asana-client-secret"]),
    ("atlassian-api-token", &["atlassian-api-token", "atlassian-api-token-2"]),
    ("authress-service-client-access-key", &["authress-service-client-access-key"]),
    ("aws-access-token", &["aws-access-key-id", "aws-temporary-access-key-id"]),
    ("aws-amazon-bedrock-api-key-long-lived", &["aws-bedrock-api-key"]),
    ("aws-amazon-bedrock-api-key-short-lived", &["aws-bedrock-short-term-api-key"]),
    ("azure-ad-client-secret", &["azure-client-secret"]),
    ("beamer-api-token", &["beamer-api-token"]),
    ("bitbucket-client-id", &["bitbucket-client-id"]),
    ("bitbucket-client-secret", &["bitbucket-client-secret"]),
    ("cisco-meraki-api-key", &["cisco-meraki-api-key"]),
    ("clickhouse-cloud-api-secret-key", &["clickhouse-cloud-api-secret-key"]),
    ("clojars-api-token", &["clojars-deploy-token"]),
    ("cloudflare-api-key", &["cloudflare-api-token"]),
    ("cloudflare-global-api-key", &["cloudflare-global-api-key"]),
    ("cloudflare-origin-ca-key", &["cloudflare-origin-ca-key"]),
    ("codecov-access-token", &["codecov-access-token"]),
    ("cohere-api-token", &["cohere-api-key"]),
    ("coinbase-access-token", &["coinbase-access-token"]),
    ("confluent-access-token", &["confluent-api-key"]),
    ("confluent-secret-key", &["confluent-api-secret"]),
    ("contentful-delivery-api-token", &["contentful-delivery-api-token"]),
    ("curl-auth-user", &["curl-user-password", "curl-user-token"]),
    ("databricks-api-token", &["databricks-token"]),
    ("datadog-access-token", &["datadog-application-key"]),
    ("defined-networking-api-token", &["defined-networking-api-token"]),
    ("digitalocean-access-token", &["digitalocean-oauth-token"]),
    ("digitalocean-pat", &["digitalocean-personal-access-token"]),
    ("digitalocean-refresh-token", &["digitalocean-refresh-token"]),
    ("discord-api-token", &["discord-api-token"]),
    ("discord-client-id", &["discord-client-id"]),
    ("discord-client-secret", &["discord-client-secret"]),
    ("doppler-api-token", &["doppler-personal-token"]),
    ("droneci-access-token", &["droneci-access-token"]),
    ("dropbox-api-token", &["dropbox-app-secret"]),
    ("dropbox-long-lived-api-token", &["dropbox-long-lived-api-token"]),
    ("dropbox-short-lived-api-token", &["dropbox-access-token"]),
    ("duffel-api-token", &["duffel-api-token"]),
    ("dynatrace-api-token", &["dynatrace-api-token"]),
    ("easypost-api-token", &["easypost-api-key"]),
    ("easypost-test-api-token", &["easypost-test-api-key"]),
    ("etsy-access-token", &["etsy-access-token"]),
    ("facebook-access-token", &["facebook-app-access-token"]),
    ("facebook-page-access-token", &["facebook-access-token"]),
    ("facebook-secret", &["facebook-app-secret"]),
    ("fastly-api-token", &["fastly-api-token"]),
    ("finicity-api-token", &["finicity-api-token"]),
    ("finicity-client-secret", &["finicity-client-secret"]),
    ("finnhub-access-token", &["finnhub-access-token"]),
    ("flickr-access-token", &["flickr-access-token"]),
    ("flutterwave-public-key", &["flutterwave-public-key"]),
    ("flutterwave-secret-key", &["flutterwave-secret-key"]),
    ("flyio-access-token", &["flyio-access-token"]),
    ("frameio-api-token", &["frameio-api-token"]),
    ("freemius-secret-key", &["freemius-secret-key"]),
    ("freshbooks-access-token", &["freshbooks-access-token"]),
    ("gcp-api-key", &["google-api-key"]),
    ("generic-api-key", &["generic-api-key", "generic-password", "generic-secret", "generic-token"]),
    ("github-app-token", &["github-app-installation-token", "github-app-user-token"]),
    ("github-fine-grained-pat", &["github-fine-grained-token"]),
    ("github-oauth", &["github-oauth-token"]),
    ("github-pat", &["github-personal-access-token"]),
    ("github-refresh-token", &["github-refresh-token"]),
    ("gitlab-cicd-job-token", &["gitlab-ci-job-token"]),
    ("gitlab-deploy-token", &["gitlab-deploy-token"]),
    ("gitlab-feature-flag-client-token", &["gitlab-feature-flag-token"]),
    ("gitlab-feed-token", &["gitlab-feed-token"]),
    ("gitlab-incoming-mail-token", &["gitlab-incoming-mail-token"]),
    ("gitlab-kubernetes-agent-token", &["gitlab-agent-token"]),
    ("gitlab-oauth-app-secret", &["gitlab-oauth-app-secret"]),
    ("gitlab-pat", &["gitlab-personal-access-token"]),
    ("gitlab-ptt", &["gitlab-trigger-token"]),
    ("gitlab-rrt", &["gitlab-runner-registration-token"]),
    ("gitlab-runner-authentication-token", &["gitlab-runner-token"]),
    ("gitlab-scim-token", &["gitlab-scim-token"]),
    ("gitlab-session-cookie", &["gitlab-session-cookie"]),
    ("gitter-access-token", &["gitter-access-token"]),
    ("gocardless-api-token", &["gocardless-access-token"]),
    ("grafana-api-key", &["grafana-api-key-legacy"]),
    ("grafana-cloud-api-token", &["grafana-cloud-token"]),
    ("grafana-service-account-token", &["grafana-service-account-token"]),
    ("harness-api-key", &["harness-api-key"]),
    ("hashicorp-tf-api-token", &["terraform-cloud-token"]),
    ("heroku-api-key", &["heroku-api-key-legacy"]),
    ("heroku-api-key-v2", &["heroku-api-key"]),
    ("hubspot-api-key", &["hubspot-api-key"]),
    ("huggingface-access-token", &["huggingface-access-token"]),
    ("huggingface-organization-api-token", &["huggingface-org-token"]),
    ("infracost-api-token", &["infracost-api-token"]),
    ("intercom-api-key", &["intercom-api-key", "intercom-api-token"]),
    ("intra42-client-secret", &["intra42-client-secret"]),
    ("jfrog-api-key", &["jfrog-api-key"]),
    ("jfrog-identity-token", &["jfrog-identity-token"]),
    ("jwt", &["jwt", "jwt-unsigned"]),
    ("jwt-base64", &["jwt-base64"]),
    ("kraken-access-token", &["kraken-access-token"]),
    ("kubernetes-secret-yaml", &["kubernetes-secret", "kubernetes-secret-data-first"]),
    ("kucoin-access-token", &["kucoin-access-token"]),
    ("kucoin-secret-key", &["kucoin-secret-key"]),
    ("launchdarkly-access-token", &["launchdarkly-access-token", "launchdarkly-api-token"]),
    ("linear-api-key", &["linear-api-key"]),
    ("linear-client-secret", &["linear-client-secret"]),
    ("linkedin-client-id", &["linkedin-client-id"]),
    ("linkedin-client-secret", &["linkedin-client-secret"]),
    ("lob-api-key", &["lob-api-key", "lob-api-key-2"]),
    ("lob-pub-api-key", &["lob-pub-api-key"]),
    ("looker-client-secret", &["looker-client-secret"]),
    ("mailchimp-api-key", &["mailchimp-api-key"]),
    ("mailgun-private-api-token", &["mailgun-api-key"]),
    ("mailgun-pub-key", &["mailgun-pub-key"]),
    ("mattermost-access-token", &["mattermost-access-token"]),
    ("maxmind-license-key", &["maxmind-license-key"]),
    ("messagebird-api-token", &["messagebird-api-token"]),
    ("messagebird-client-id", &["messagebird-client-id"]),
    ("microsoft-teams-webhook", &["microsoft-teams-webhook"]),
    ("netlify-access-token", &["netlify-access-token", "netlify-api-key-2"]),
    ("new-relic-browser-api-token", &["new-relic-browser-api-token"]),
    ("new-relic-user-api-id", &["new-relic-user-api-id"]),
    ("new-relic-user-api-key", &["newrelic-user-api-key"]),
    ("notion-api-token", &["notion-token"]),
    ("npm-access-token", &["npm-access-token"]),
    ("nuget-config-password", &["nuget-config-password"]),
    ("nytimes-access-token", &["nytimes-access-token"]),
    ("octopus-deploy-api-key", &["octopus-deploy-api-key"]),
    ("okta-access-token", &["okta-api-token"]),
    ("openai-api-key", &["openai-api-key", "openai-api-key-legacy"]),
    ("openshift-user-token", &["openshift-user-token"]),
    ("perplexity-api-key", &["perplexity-api-key"]),
    ("pkcs12-file", &["pkcs12-file"]),
    ("plaid-api-token", &["plaid-access-token"]),
    ("plaid-client-id", &["plaid-client-id"]),
    ("plaid-secret-key", &["plaid-secret"]),
    ("planetscale-password", &["planetscale-password"]),
    ("postman-api-token", &["postman-api-key"]),
    ("prefect-api-token", &["prefect-api-key"]),
    ("private-key", &["private-key-openssh", "private-key-pem", "private-key-pgp"]),
    ("privateai-api-token", &["privateai-api-token"]),
    ("pulumi-api-token", &["pulumi-access-token"]),
    ("pypi-upload-token", &["pypi-upload-token"]),
    ("rapidapi-access-token", &["rapidapi-access-token", "rapidapi-access-token-2"]),
    ("readme-api-token", &["readme-api-key"]),
    ("rubygems-api-token", &["rubygems-api-key"]),
    ("scalingo-api-token", &["scalingo-api-token"]),
    ("sendbird-access-id", &["sendbird-access-id"]),
    ("sendbird-access-token", &["sendbird-access-token"]),
    ("sendgrid-api-token", &["sendgrid-api-key"]),
    ("sendinblue-api-token", &["brevo-api-key"]),
    ("sentry-access-token", &["sentry-access-token"]),
    ("sentry-org-token", &["sentry-org-token"]),
    ("sentry-user-token", &["sentry-user-token"]),
    ("shippo-api-token", &["shippo-api-token"]),
    ("slack-app-token", &["slack-app-token"]),
    ("slack-bot-token", &["slack-bot-token"]),
    ("slack-user-token", &["slack-user-token"]),
    ("slack-webhook-url", &["slack-webhook"]),
    ("snyk-api-token", &["snyk-api-token"]),
    ("sonar-api-token", &["sonar-token", "sonarqube-token"]),
    ("sourcegraph-access-token", &["sourcegraph-access-token"]),
    ("square-access-token", &["square-access-token"]),
    ("squarespace-access-token", &["squarespace-access-token"]),
    ("stripe-access-token", &["stripe-restricted-key", "stripe-secret-key", "stripe-test-key"]),
    ("sumologic-access-id", &["sumologic-access-id"]),
    ("sumologic-access-token", &["sumologic-access-key"]),
    ("telegram-bot-api-token", &["telegram-bot-api-token", "telegram-bot-token"]),
    ("travisci-access-token", &["travis-api-token"]),
    ("twilio-api-key", &["twilio-api-key"]),
    ("twitch-api-token", &["twitch-api-token"]),
    ("twitter-access-secret", &["twitter-access-secret"]),
    ("twitter-access-token", &["twitter-access-token"]),
    ("twitter-api-key", &["twitter-api-key"]),
    ("twitter-api-secret", &["twitter-api-secret"]),
    ("twitter-bearer-token", &["twitter-bearer-token"]),
    ("typeform-api-token", &["typeform-api-token"]),
    ("vault-batch-token", &["vault-batch-token"]),
    ("vault-service-token", &["vault-service-token", "vault-service-token-legacy"]),
    ("yandex-access-token", &["yandex-iam-token"]),
    ("yandex-api-key", &["yandex-api-key"]),
    ("yandex-aws-access-token", &["yandex-aws-access-token"]),
    ("zendesk-secret-key", &["zendesk-secret-key"]),
];

/// The ids of our rules for the kind that gitleaks calls `theirs`; none where there is no such kind.
pub(super) fn ours(theirs: &str) -> &'static [&'static str] {
    let at = IDS.binary_search_by(|(id, _)| (*id).cmp(theirs));
    at.ok().and_then(|at| IDS.get(at)).map_or(&[], |(_, ours)| *ours)
}

/// Whether an entry of a `.gitleaksignore` for the rule `theirs` may be for what our rule `ours` finds at its place. Not
/// if gitleaks has another name for that: then it is another finding on the same line.
pub fn gitleaks_means(theirs: &str, ours: &Rule) -> bool {
    let theirs = kebab(theirs);
    let same = self::ours(&theirs);
    let is_known = theirs != GENERIC && !same.is_empty();
    // A rule of the user's own may have any id.
    let is_builtin = builtin::RULES.iter().any(|rule| rule.id == ours.id && rule.detect == ours.detect);
    if !is_known || !is_builtin {
        return !is_known || theirs == ours.id;
    }
    let has_a_name = IDS.iter().any(|(_, all)| all.contains(&&*ours.id));
    same.contains(&&*ours.id) || !has_a_name
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::rule::Detect;

    #[test]
    fn rows_are_sorted_and_name_rules_that_there_are() {
        assert!(IDS.is_sorted_by(|(a, _), (b, _)| a < b));
        for (theirs, ours) in IDS {
            assert!(!ours.is_empty(), "{theirs}");
            for id in *ours {
                assert!(builtin::RULES.iter().any(|rule| rule.id == *id), "{theirs}: there is no rule `{id}`");
            }
        }
    }

    #[test]
    fn no_rule_is_two_kinds_of_theirs() {
        let mut seen = BTreeSet::new();
        for id in IDS.iter().flat_map(|(_, ours)| *ours) {
            assert!(seen.insert(id), "{id}");
        }
    }

    #[test]
    fn an_entry_is_for_its_own_kind_and_for_what_gitleaks_has_no_name_for() {
        let rule = |id: &str| builtin::RULES.iter().find(|rule| rule.id == id).unwrap();
        let means = |theirs: &str, ours: &str| gitleaks_means(theirs, rule(ours));
        assert!(means("github-pat", "github-personal-access-token"));
        assert!(!means("github-pat", "slack-bot-token"));
        assert!(means("private-key", "google-service-account-key"));
        assert!(means("generic-api-key", "slack-bot-token"));
        assert!(means("own-rule", "slack-bot-token"));
        assert!(!means("heroku-api-key", "heroku-api-key"), "another kind");
    }

    #[test]
    fn an_own_rule_is_called_what_it_is() {
        let rule = |id: &'static str| Rule { id: id.into(), detect: Detect::Path, ..builtin::RULES[0].clone() };
        assert!(gitleaks_means("heroku-api-key", &rule("heroku-api-key")));
        assert!(!gitleaks_means("github-pat", &rule("own-rule")));
        assert!(gitleaks_means("own-rule", &rule("own-rule")));
    }
}
