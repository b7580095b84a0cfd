//! Keys of Grafana that are base64 of JSON: tokens of access policies in Grafana Cloud, and the older API keys.
//!
//! Sources: `pkg/components/apikeygen` of <https://github.com/grafana/grafana> for API keys (`k` key, `n` name, `id`
//! organisation); for Grafana Cloud published samples (`o` organisation, `n` name, `k` key, `m` with the region `r`).

use serde_json::{Map, Value};

use super::embedded::Embedded;
use super::shown;
use crate::model::Verdict;

/// The verdict on a key, with organisation and region.
pub fn check(key: &str) -> Verdict {
    Embedded::read(key.strip_prefix("glc_").unwrap_or(key)).judge(fields)
}

fn fields(payload: &Map<String, Value>) -> Verdict {
    if !payload.get("k").is_some_and(Value::is_string) {
        return Verdict::Malformed("the JSON in it holds no key".to_owned());
    }
    let number = |value: &Value| {
        value.as_str().and_then(shown).map(str::to_owned).or_else(|| value.as_u64().map(|n| n.to_string()))
    };
    let mut told = "the JSON in it is whole".to_owned();
    if let Some(organisation) = payload.get("o").or_else(|| payload.get("id")).and_then(number) {
        told.push_str(&format!("; of the organisation {organisation}"));
    }
    if let Some(region) = payload.get("m").and_then(|m| m.get("r")).and_then(Value::as_str).and_then(shown) {
        told.push_str(&format!(" in the region {region}"));
    }
    Verdict::WellFormed(told)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    #[test]
    fn organisation_and_region_are_told() {
        let cloud = BASE64.encode(br#"{"o":"652992","n":"stack-hl-read","k":"HIDDEN","m":{"r":"prod-us-east-0"}}"#);
        let told = "the JSON in it is whole; of the organisation 652992 in the region prod-us-east-0";
        assert_eq!(check(&format!("glc_{cloud}")), Verdict::WellFormed(told.to_owned()));
        let older = BASE64.encode(br#"{"k":"HIDDEN","n":"ci","id":1}"#);
        let told = "the JSON in it is whole; of the organisation 1";
        assert_eq!(check(older.trim_end_matches('=')), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(check(&BASE64.encode(br#"{"k":1}"#)), Verdict::Malformed(_)));
    }
}
