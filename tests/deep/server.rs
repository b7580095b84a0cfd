//! Servers of the tests, and the means to reach them.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

use tempfile::TempDir;
use unspill::model::{Cause, Secret, Verdict};
use unspill::verify::live::deep::{Login, Protocol, Tls};
use unspill::verify::live::net::{Dialer, Roots};

/// A server that is ended when this is dropped.
pub struct Server(Child);

impl Server {
    /// Starts one, and waits until it listens at all of these ports.
    pub fn start(command: &mut Command, ports: &[u16]) -> Self {
        let mut server = Server(command.spawn().expect("a server that is installed starts"));
        let patience = Instant::now() + Duration::from_secs(60);
        for port in ports {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_err() {
                let ended = server.0.try_wait().expect("a child can be waited for");
                assert!(ended.is_none(), "{command:?} ended: {ended:?}");
                assert!(Instant::now() < patience, "{command:?} does not listen at {port}");
                thread::sleep(Duration::from_millis(20));
            }
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The path of a program, here or where only root looks; says so if there is none, and panics where `CI` is set.
pub fn installed(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        missing(name);
    }
    found
}

/// Says what is missing.
pub fn missing(name: &str) {
    assert!(env::var_os("CI").is_none(), "{name} is not installed");
    eprintln!("not tested: {name} is not installed");
}

/// True if the tests run as root, whom some servers do not serve.
#[cfg(unix)]
pub fn is_root() -> bool {
    id(&["-u"]) == 0
}

/// What `id` says of a user.
#[cfg(unix)]
pub fn id(arguments: &[&str]) -> u32 {
    let output = Command::new("id").args(arguments).output().expect("there is a program `id`").stdout;
    String::from_utf8_lossy(&output).trim().parse().expect("it prints a number")
}

/// Ports that are free now.
pub fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}

/// A folder with a certificate for `localhost`, its key, and the certificate of who signed it.
pub struct Certificates {
    pub folder: TempDir,
}

impl Certificates {
    pub fn new() -> Self {
        let authority_key = rcgen::KeyPair::generate().unwrap();
        let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = authority.self_signed(&authority_key).unwrap();
        let issuer = rcgen::Issuer::new(authority, authority_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), root.pem()).unwrap();
        fs::write(folder.path().join("cert.pem"), certificate.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        Certificates { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A dialer that trusts who signed it, and may ask this machine.
    pub fn dialer(&self) -> Dialer {
        let roots = Roots::only(&[self.path().join("ca.pem")]).unwrap();
        Dialer { allow_private: true, ..Dialer::new(roots.config) }
    }
}

/// A login at this machine, with TLS from the first byte on or as the server has it.
pub fn login(protocol: Protocol, port: u16, tls: bool, user: &str, password: &[u8]) -> Login {
    Login {
        protocol,
        host: "localhost".to_owned(),
        port: Some(port),
        user: Some(user.to_owned()),
        password: Secret::new(password),
        database: None,
        tls: if tls { Tls::AtOnce } else { Tls::IfOffered },
        cluster: false,
        auth_source: None,
        mechanism: None,
    }
}

/// Why there is no answer.
pub fn cause(verdict: &Verdict) -> Cause {
    match verdict {
        Verdict::Unknown(doubt) => doubt.cause,
        other => panic!("{other:?}"),
    }
}
