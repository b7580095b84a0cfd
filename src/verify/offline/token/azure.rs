//! Microsoft's keys: of which service a key is, and when it was made, beside its checksum.
//!
//! Source: <https://github.com/microsoft/security-utilities> (`IdentifiableMetadata`, `IdentifiableSecrets`,
//! `CommonAnnotatedKey`, `LegacyCaskProviderSignatures`).

use super::{summed, telling};
use crate::model::Verdict;
use crate::rules::checksum;

/// The signatures of identifiable keys.
const SERVICES: &[(&str, &str)] = &[
    ("+ABa", "Batch"),
    ("+ACR", "Container Registry"),
    ("+AEh", "Event Hubs"),
    ("+ARm", "Relay"),
    ("+ASb", "Service Bus"),
    ("+ASt", "Storage"),
    ("ACDb", "Cosmos DB"),
    ("AIoT", "IoT"),
    ("APIM", "API Management"),
    ("AzCa", "Cache for Redis"),
    ("AzFu", "Functions"),
    ("AzSe", "AI Search"),
];

/// The signatures of those who issue annotated keys.
const PROVIDERS: &[(&str, &str)] = &[
    ("ACOG", "Azure AI services"),
    ("AZAC", "Azure App Configuration"),
    ("AZCS", "Azure Communication Services"),
    ("AZDO", "Azure DevOps"),
    ("AZEG", "Azure Event Grid"),
    ("AZFR", "Azure Fluid Relay"),
    ("AZMP", "Azure Maps"),
    ("AZMR", "Azure Mixed Reality"),
    ("MSQL", "Azure SQL"),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The verdict on an identifiable key: 32 bytes or more, a signature, and a Marvin checksum.
pub fn identifiable(key: &str) -> Verdict {
    let Some(signature) = checksum::start("azure-identifiable", key).and_then(|at| key.get(at.checked_sub(4)?..at))
    else {
        return Verdict::NotCheckable("it has not the length of a key with a checksum".to_owned());
    };
    let service = SERVICES.iter().find(|(known, _)| *known == signature).map(|(_, service)| *service);
    match summed("azure-identifiable", key) {
        // The cache replaces characters in some of its keys, the checksum's included.
        Verdict::Malformed(_) if signature == "AzCa" => {
            Verdict::NotCheckable("a key of Azure Cache for Redis; some of them carry another checksum".to_owned())
        }
        verdict => telling(verdict, service.map(|service| format!("a key of Azure {service}"))),
    }
}

/// The verdict on a common annotated security key (CASK): 52 random characters, `JQQJ9`, kind, time, reserved ones,
/// the issuer's signature, and a Marvin checksum.
pub fn annotated(key: &str) -> Verdict {
    telling(summed("azure-annotated", key), annotations(key))
}

/// Who issued an annotated key and when, in words.
fn annotations(key: &str) -> Option<String> {
    let (year, month) = (key.as_bytes().get(58)?, key.as_bytes().get(59)?);
    let year = 2024 + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".find(char::from(*year))?;
    let month = MONTHS.get(usize::from(month.checked_sub(b'A')?))?;
    let kind = match key.as_bytes().get(57)? {
        b'D' => "derived key",
        b'H' => "hash under a key",
        _ => "key",
    };
    let signature = key.get(76..80)?.to_ascii_uppercase();
    let issuer = PROVIDERS.iter().find(|(known, _)| *known == signature);
    let issuer = issuer.map_or_else(|| format!("the issuer {signature}"), |(_, name)| (*name).to_owned());
    Some(format!("a {kind} of {issuer}, made in {month} {year}"))
}

/// The verdict on a personal access token of Azure DevOps in the older form: 52 characters of base 32 with a CRC-32
/// spread in them. A wrong one proves nothing: other issuers' masks may be in use.
pub fn devops(token: &str) -> Verdict {
    match checksum::verify("azure-devops", token) {
        Some(true) => Verdict::WellFormed("the checksum spread in it is right".to_owned()),
        _ => Verdict::NotCheckable("no checksum that is known of Azure DevOps is in it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: &str = "q3JmTz8wLkV0bHd5q3JmTz8wLkV0bHd5q3JmTz8wLkV0bHd5q3JmTz8wLkV0bHd5q3JmTz8wLkV0bHd5";

    fn complete(name: &str, start: String) -> String {
        let tail = checksum::complete(name, &start).unwrap();
        start + &tail
    }

    #[test]
    fn an_annotated_key_tells_issuer_and_month() {
        let start = |middle: &str| format!("{}{middle}", &RANDOM[..52]);
        let devops = complete("azure-annotated", start("JQQJ99BCACAAAAAAAAAAAAASAZDO"));
        let told = "its built-in checksum is right; a key of Azure DevOps, made in March 2025";
        assert_eq!(annotated(&devops), Verdict::WellFormed(told.to_owned()));
        let derived = complete("azure-annotated", start("JQQJ9DAAACAAAAAAAAAAAAASzzzz"));
        let told = "its built-in checksum is right; a derived key of the issuer ZZZZ, made in January 2024";
        assert_eq!(annotated(&derived), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(annotated(&devops.replacen('q', "r", 1)), Verdict::Malformed(_)));
    }

    #[test]
    fn an_identifiable_key_tells_its_service() {
        let key = complete("azure-identifiable", format!("{}+ASt", &RANDOM[..76]));
        let told = "its built-in checksum is right; a key of Azure Storage";
        assert_eq!(identifiable(&key), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(identifiable(&key.replacen('q', "r", 1)), Verdict::Malformed(_)));
    }

    #[test]
    fn a_key_of_redis_is_never_condemned() {
        let key = complete("azure-identifiable", format!("{}AzCa", &RANDOM[..33]));
        assert!(matches!(identifiable(&key), Verdict::WellFormed(_)));
        assert!(matches!(identifiable(&key.replacen('q', "r", 1)), Verdict::NotCheckable(_)));
    }
}
