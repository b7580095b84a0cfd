//! Whom TLS trusts: the certificate authorities of the machine, and those that `--verify-ca` adds.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore};

/// Trusted roots, in the two forms that are needed of them.
#[derive(Clone, Debug)]
pub struct Roots {
    /// TLS for clients with exactly these roots: versions 1.2 and 1.3, no certificate of one's own.
    pub config: Arc<ClientConfig>,
    /// The certificates, in DER.
    pub certificates: Vec<CertificateDer<'static>>,
}

/// Why there are no roots.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// A file of `--verify-ca` cannot be read.
    #[error("cannot read the certificates of {}", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// A file of `--verify-ca` is not what it should be.
    #[error("{} holds no certificate that can be used: {}", .0.display(), .1)]
    Unusable(PathBuf, String),
    /// The machine trusts nobody, and no file was given either.
    #[error("no trusted certificates were found on this machine: {0}")]
    None(String),
    /// The TLS library refuses its own defaults.
    #[error("cannot set up TLS")]
    Tls(#[from] rustls::Error),
}

impl Roots {
    /// The roots of the machine (see the crate `rustls-native-certs`; `SSL_CERT_FILE` and `SSL_CERT_DIR` point
    /// elsewhere) and every certificate of the PEM files `added`.
    pub fn load(added: &[PathBuf]) -> Result<Roots, RootsError> {
        let native = rustls_native_certs::load_native_certs();
        let mut store = RootCertStore::empty();
        // Old roots of a machine may be of a form that is not understood; the others do without them.
        let mut certificates: Vec<_> =
            native.certs.into_iter().filter(|certificate| store.add(certificate.clone()).is_ok()).collect();
        for path in added {
            certificates.extend(read(path, &mut store)?);
        }
        if certificates.is_empty() {
            let reason = native.errors.first().map_or_else(|| "there are none".to_owned(), ToString::to_string);
            return Err(RootsError::None(reason));
        }
        Ok(Roots { config: config(store)?, certificates })
    }

    /// Exactly the certificates of these PEM files, and none of the machine.
    pub fn only(paths: &[PathBuf]) -> Result<Roots, RootsError> {
        let mut store = RootCertStore::empty();
        let mut certificates = Vec::new();
        for path in paths {
            certificates.extend(read(path, &mut store)?);
        }
        Ok(Roots { config: config(store)?, certificates })
    }
}

fn config(store: RootCertStore) -> Result<Arc<ClientConfig>, rustls::Error> {
    // Named here instead of installed for the process, which belongs to whoever uses the library.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Reads a PEM file. What was named expressly must be of use in full.
fn read(path: &Path, store: &mut RootCertStore) -> Result<Vec<CertificateDer<'static>>, RootsError> {
    let unusable = |reason: String| RootsError::Unusable(path.to_owned(), reason);
    let text = std::fs::read(path).map_err(|error| RootsError::Unreadable(path.to_owned(), error))?;
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| unusable(in_words(&error)))?;
        store.add(certificate.clone()).map_err(|error| unusable(error.to_string()))?;
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        return Err(unusable("it has no line -----BEGIN CERTIFICATE-----".to_owned()));
    }
    Ok(certificates)
}

/// What is wrong with the PEM text. The library shows bytes where it quotes a line.
fn in_words(error: &pem::Error) -> String {
    match error {
        pem::Error::MissingSectionEnd { .. } => "a section of it has no end".to_owned(),
        pem::Error::IllegalSectionStart { .. } => "a section of it begins in a way that is not PEM".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn pem() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.self_signed(&key).unwrap().pem()
    }

    fn refused(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        fs::write(&path, text).unwrap();
        let error = Roots::only(&[path]).unwrap_err().to_string();
        assert!(error.contains("ca.pem"), "{error}");
        error
    }

    #[test]
    fn files_add_every_certificate_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        fs::write(&path, format!("# two of them\n{}\n{}", pem(), pem())).unwrap();
        assert_eq!(Roots::only(std::slice::from_ref(&path)).unwrap().certificates.len(), 2);
        assert!(Roots::load(&[path]).unwrap().certificates.len() >= 2);
    }

    #[test]
    fn errors_name_the_file_and_the_reason() {
        assert!(refused("").contains("BEGIN CERTIFICATE"));
        assert!(refused("certificate, please").contains("BEGIN CERTIFICATE"));
        assert!(refused("-----BEGIN CERTIFICATE-----\nMII").contains("no end"));
        assert!(refused("-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n").contains("base64"));
        refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        let missing = Roots::load(&[PathBuf::from("/nowhere/ca.pem")]).unwrap_err();
        assert!(matches!(&missing, RootsError::Unreadable(path, _) if path.ends_with("ca.pem")));
        assert!(missing.to_string().contains("/nowhere/ca.pem"));
    }
}
