//! For tests: servers on loopback that do as they are told, and dialers that trust them.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::{Dialer, Resolve};

/// Answers every look-up with the next of some lists of addresses, and counts how often it was asked.
#[derive(Debug)]
pub struct Scripted {
    /// The addresses of each answer; the last one is repeated.
    pub answers: Vec<Vec<&'static str>>,
    /// How often it was asked.
    pub asked: AtomicUsize,
}

impl Scripted {
    /// A resolver that gives these addresses every time.
    pub fn always(addresses: &[&'static str]) -> Arc<Self> {
        Arc::new(Scripted { answers: vec![addresses.to_vec()], asked: AtomicUsize::new(0) })
    }
}

impl Resolve for Scripted {
    fn resolve(&self, _host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        Ok(self.answers[turn].iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect())
    }
}

/// A dialer that may ask loopback, and resolves every name to 127.0.0.1.
pub fn dialer(tls: Arc<ClientConfig>) -> Dialer {
    Dialer { allow_private: true, resolver: Scripted::always(&["127.0.0.1"]), ..Dialer::new(tls) }
}

/// Serves every connection in turn, in a thread that ends with the process; gives the port.
pub fn serve(mut answer: impl FnMut(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            answer(stream);
        }
    });
    port
}

/// A connection to a port of loopback that believes to lead to a public address.
#[cfg(feature = "deep")]
pub fn public_wire(tls: Arc<ClientConfig>, port: u16) -> super::Wire {
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    super::Wire::new(socket, SocketAddr::new([8, 8, 8, 8].into(), port), tls, deadline, 1 << 20).unwrap()
}

/// A port at which nobody listens.
pub fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A certificate authority of the tests' own, and a server certificate for some names that it signed.
pub struct Authority {
    /// TLS for a client that trusts the authority, and nobody else.
    pub client: Arc<ClientConfig>,
    /// TLS for a server with that certificate.
    pub server: Arc<ServerConfig>,
}

impl Authority {
    /// For a server of these names.
    pub fn new(names: &[&str]) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        // Of one name, two authorities would be taken for each other.
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("Authority {}", MADE.fetch_add(1, Ordering::SeqCst));
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap();
        let issuer = rcgen::Issuer::new(params, key);
        let server_key = rcgen::KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let certificate =
            rcgen::CertificateParams::new(names).unwrap().signed_by(&server_key, &issuer).unwrap().der().clone();
        let mut store = RootCertStore::empty();
        store.add(CertificateDer::from(root.der().to_vec())).unwrap();
        let client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(store)
            .with_no_client_auth();
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(server_key.serialize_der().into()))
            .unwrap();
        Authority { client: Arc::new(client), server: Arc::new(server) }
    }

    /// The server's side of TLS over a connection.
    pub fn accept(server: &Arc<ServerConfig>, stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
        StreamOwned::new(ServerConnection::new(Arc::clone(server)).unwrap(), stream)
    }
}
