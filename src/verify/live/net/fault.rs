//! What went wrong on the way, as a reason for which there is no answer.

use std::io::{self, ErrorKind};

use rustls::CertificateError;

use crate::model::{Cause, Doubt};

/// What this side does not put up with, carried in an [`io::Error`].
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("the server sent more than {0} bytes")]
    TooMuch(u64),
}

/// Reading and writing end in one of these, so that `?` leads from either to a verdict.
impl From<io::Error> for Doubt {
    fn from(error: io::Error) -> Doubt {
        let inner = error.get_ref();
        if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return Doubt::new(Cause::Tls, tls(error));
        }
        if let Some(fault) = inner.and_then(|inner| inner.downcast_ref::<Fault>()) {
            return Doubt::new(Cause::UnexpectedBody, fault.to_string());
        }
        match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Doubt::new(Cause::Timeout, "no answer came in time"),
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => Doubt::new(Cause::Connect, "the server closed the connection"),
            ErrorKind::ConnectionRefused => Doubt::new(Cause::Connect, "the connection was refused"),
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
                Doubt::new(Cause::Connect, "there is no way to the server")
            }
            kind => Doubt::new(Cause::Connect, format!("the connection failed: {kind}")),
        }
    }
}

/// A failed handshake in words: what is wrong with the certificate most of all, and what helps.
pub fn tls(error: &rustls::Error) -> String {
    let certificate = match error {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        rustls::Error::InvalidMessage(_) => return "the server does not speak TLS".to_owned(),
        other => return format!("no secure connection: {other}"),
    };
    let what = match certificate {
        CertificateError::UnknownIssuer => {
            return "the server's certificate is not signed by a trusted authority (--verify-ca adds one)".to_owned();
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "is for another name",
        CertificateError::Revoked => "was revoked",
        CertificateError::BadSignature => "has a wrong signature",
        other => return format!("the server's certificate is not accepted: {other}"),
    };
    format!("the server's certificate {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_apart() {
        let of = |kind: ErrorKind| Doubt::from(io::Error::from(kind)).cause;
        assert_eq!(of(ErrorKind::TimedOut), Cause::Timeout);
        assert_eq!(of(ErrorKind::WouldBlock), Cause::Timeout);
        assert_eq!(of(ErrorKind::ConnectionRefused), Cause::Connect);
        assert_eq!(of(ErrorKind::UnexpectedEof), Cause::Connect);
        assert_eq!(of(ErrorKind::PermissionDenied), Cause::Connect);
        assert_eq!(Doubt::from(io::Error::other(Fault::TooMuch(9))).cause, Cause::UnexpectedBody);
        let expired = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let doubt = Doubt::from(io::Error::new(ErrorKind::InvalidData, expired));
        assert_eq!(doubt, Doubt::new(Cause::Tls, "the server's certificate has expired"));
    }
}
