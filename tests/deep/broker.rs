//! RabbitMQ, with a name service of its own for Erlang's nodes, which would stay behind otherwise.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use unspill::model::{Cause, Verdict};
use unspill::verify::live::deep::{Protocol, check};

use crate::server::{Certificates, Server, cause, free_ports, installed, login, missing};

const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
const PASSWORD: &[u8] = b"pass phrase";

#[test]
fn a_broker_tells_right_from_wrong() {
    let Some(epmd) = installed("epmd") else { return };
    if !Path::new(SERVER).is_file() {
        return missing("rabbitmq-server");
    }
    let certificates = Certificates::new();
    let folder = certificates.path();
    let [clear, tls, names, nodes] = free_ports();
    let shown = folder.display();
    let conf = format!(
        "listeners.tcp.1 = 127.0.0.1:{clear}\nlisteners.ssl.1 = 127.0.0.1:{tls}\n\
         ssl_options.cacertfile = {shown}/ca.pem\nssl_options.certfile = {shown}/cert.pem\n\
         ssl_options.keyfile = {shown}/key.pem\nssl_options.verify = verify_none\n\
         default_user = app\ndefault_pass = {}\n",
        String::from_utf8_lossy(PASSWORD)
    );
    fs::write(folder.join("rabbitmq.conf"), conf).unwrap();
    fs::write(folder.join("plugins"), "[].").unwrap();
    let mut command = Command::new(epmd);
    command.args(["-address", "127.0.0.1", "-port", &names.to_string()]).stderr(Stdio::null());
    let _names = Server::start(&mut command, &[names]);
    let mut command = Command::new(SERVER);
    command
        .env("HOME", folder)
        // Then the script gives way to the broker itself, which can be ended.
        .env("RUNNING_UNDER_SYSTEMD", "1")
        .env("ERL_EPMD_PORT", names.to_string())
        .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
        .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq.conf"))
        .env("RABBITMQ_DIST_PORT", nodes.to_string())
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"))
        .env("RABBITMQ_LOG_BASE", folder.join("log"))
        .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
        .env("RABBITMQ_NODENAME", "unspill@localhost")
        .env("RABBITMQ_PID_FILE", folder.join("pid"));
    let server = Server::start(command.stdin(Stdio::null()).stdout(Stdio::null()), &[clear, tls]);

    let dialer = certificates.dialer();
    let account = |port, tls, user: &str, password: &[u8]| login(Protocol::Amqp, port, tls, user, password);
    for (port, tls) in [(clear, false), (tls, true)] {
        let active = check(&account(port, tls, "app", PASSWORD), &dialer);
        let [(first, product), (second, user)] = active.details() else { panic!("{active:?}") };
        assert_eq!([first.as_str(), second, user], ["server", "user", "app"]);
        assert!(product.starts_with("RabbitMQ "), "{product}");
        let refused = Verdict::Inactive("the broker refused it (403 ACCESS_REFUSED)".to_owned());
        assert_eq!(check(&account(port, tls, "app", b"pass"), &dialer), refused);
        assert_eq!(check(&account(port, tls, "nobody", PASSWORD), &dialer), refused);
    }

    drop(server);
    assert_eq!(cause(&check(&account(clear, false, "app", PASSWORD), &dialer)), Cause::Connect);
}
