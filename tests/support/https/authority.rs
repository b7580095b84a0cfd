//! A certificate authority that nobody but the test trusts, and the certificates that it hands out: right ones, and
//! every kind of wrong one.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tempfile::NamedTempFile;

/// What a server on loopback is called.
pub const LOOPBACK: &[&str] = &["localhost", "127.0.0.1", "::1"];

/// The authority. Its certificate lies in a file as long as it lives.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: NamedTempFile,
}

impl Authority {
    /// A new one, that has issued nothing yet.
    pub fn new() -> Authority {
        let mut params = CertificateParams::default();
        static MADE: AtomicUsize = AtomicUsize::new(1);
        let name = format!("Authority {} of the tests", MADE.fetch_add(1, Ordering::Relaxed));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, key()).expect("a certificate");
        let mut file = tempfile::Builder::new().suffix(".pem").tempfile().expect("a temporary file");
        file.write_all(issuer.pem().as_bytes()).expect("a file to write to");
        Authority { issuer, file }
    }

    /// Where its certificate lies, in PEM: for `--verify-ca`.
    pub fn file(&self) -> &Path {
        self.file.path()
    }

    /// A server that is what it says: names and addresses.
    pub fn identity(&self, names: &[&str]) -> Identity {
        self.issue(server(names))
    }

    /// A certificate that was valid once.
    pub fn expired(&self, names: &[&str]) -> Identity {
        let mut params = server(names);
        (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        self.issue(params)
    }

    /// A certificate that will be valid in a thousand years.
    pub fn early(&self, names: &[&str]) -> Identity {
        let mut params = server(names);
        params.not_before = date_time_ymd(3000, 1, 1);
        self.issue(params)
    }

    /// A certificate for something that is no server.
    pub fn for_clients(&self, names: &[&str]) -> Identity {
        let mut params = server(names);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.issue(params)
    }

    /// What a client that trusts this authority, and nobody else, goes by.
    pub fn trust(&self) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("a certificate of an authority");
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("versions that ring knows");
        Arc::new(config.with_root_certificates(roots).with_no_client_auth())
    }

    fn issue(&self, params: CertificateParams) -> Identity {
        let key = key();
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Identity::new(certificate.der().clone(), &key)
    }
}

/// A certificate and its key.
#[derive(Clone)]
pub struct Identity {
    config: Arc<ServerConfig>,
}

impl Identity {
    /// A certificate that only its owner vouches for.
    pub fn self_signed(names: &[&str]) -> Identity {
        let key = key();
        let certificate = server(names).self_signed(&key).expect("a certificate");
        Identity::new(certificate.der().clone(), &key)
    }

    fn new(certificate: CertificateDer<'static>, key: &KeyPair) -> Identity {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("versions that ring knows")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("a certificate and its key");
        Identity { config: Arc::new(config) }
    }

    /// What a server with this certificate goes by.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

fn server(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names of servers");
    params.distinguished_name.push(DnType::CommonName, "Server of the tests");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
