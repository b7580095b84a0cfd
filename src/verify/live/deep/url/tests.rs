//! Connection strings as people write them.

use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> Login {
    Login::parse(text).unwrap_or_else(|doubt| panic!("{text}: {doubt}"))
}

/// Protocol, user, password, host, port, database of a login.
fn parts(text: &str) -> (Protocol, String, String, String, u16, String) {
    let login = parsed(text);
    let password = String::from_utf8(login.password.expose().to_vec()).unwrap();
    let port = login.port();
    (login.protocol, login.user.unwrap_or_default(), password, login.host, port, login.database.unwrap_or_default())
}

#[test]
fn urls_of_every_kind_are_read() {
    use Protocol::*;
    for (text, protocol, user, password, host, port, database) in [
        ("postgres://app:hunter2@db.example:5433/shop", Postgres, "app", "hunter2", "db.example", 5433, "shop"),
        ("postgresql+psycopg2://app:hunter2@db/shop", Postgres, "app", "hunter2", "db", 5432, "shop"),
        ("POSTGRES://app:hunter2@db", Postgres, "app", "hunter2", "db", 5432, ""),
        (
            "postgresql://app:hunter2@h1:1111,h2:2222/shop?target_session_attrs=any",
            Postgres,
            "app",
            "hunter2",
            "h1",
            1111,
            "shop",
        ),
        ("postgresql://db/shop?user=app&password=hunter2%26w", Postgres, "app", "hunter2&w", "db", 5432, "shop"),
        ("postgresql:///shop?host=db&port=99&user=app&password=hunter2", Postgres, "app", "hunter2", "db", 99, "shop"),
        ("mysql://app:hunter2@[::1]:3307/shop?charset=utf8", Mysql, "app", "hunter2", "::1", 3307, "shop"),
        ("mysql2://app:hunter2@db/shop", Mysql, "app", "hunter2", "db", 3306, "shop"),
        ("mariadb://app:hunter2@db:", Mysql, "app", "hunter2", "db", 3306, ""),
        ("redis://:hunter2@cache:6380/0", Redis, "", "hunter2", "cache", 6380, "0"),
        ("rediss://app:hunter2@cache", Redis, "app", "hunter2", "cache", 6379, ""),
        ("mongodb://app:hunter2@m1:27018,m2,m3/shop?replicaSet=rs", Mongo, "app", "hunter2", "m1", 27018, "shop"),
        ("mongodb+srv://app:hunter2@c0.acme.example/?w=1", Mongo, "app", "hunter2", "c0.acme.example", 27017, ""),
        ("amqp://app:hunter2@mq/%2f", Amqp, "app", "hunter2", "mq", 5672, "/"),
        ("amqps://app:hunter2@mq", Amqp, "app", "hunter2", "mq", 5671, ""),
        ("smtp://me%40acme.dev:hunter2@mail", Smtp, "me@acme.dev", "hunter2", "mail", 587, ""),
        ("smtps://me:hunter2@mail", Smtp, "me", "hunter2", "mail", 465, ""),
        ("ldap://cn=admin,dc=acme:hunter2@dir", Ldap, "cn=admin,dc=acme", "hunter2", "dir", 389, ""),
        ("ldaps://cn=admin:hunter2@dir", Ldap, "cn=admin", "hunter2", "dir", 636, ""),
        (
            "jdbc:postgresql://db:5433/shop?user=app&password=hunter2+w",
            Postgres,
            "app",
            "hunter2 w",
            "db",
            5433,
            "shop",
        ),
        (
            "jdbc:mysql://db/shop?useSSL=false&amp;user=app&amp;password=hunter2",
            Mysql,
            "app",
            "hunter2",
            "db",
            3306,
            "shop",
        ),
        ("JDBC:MySQL:loadbalance://h1:1,h2:2/shop?user=app&password=hunter2", Mysql, "app", "hunter2", "h1", 1, "shop"),
        (" redis://:hunter2@cache\n", Redis, "", "hunter2", "cache", 6379, ""),
    ] {
        let wanted = (protocol, user.into(), password.into(), host.into(), port, database.into());
        assert_eq!(parts(text), wanted, "{text}");
    }
}

#[test]
fn passwords_are_decoded_and_need_not_be_encoded() {
    for (text, password) in [
        ("p%40ss%3Aw%2Frd", "p@ss:w/rd"),
        ("p%c3%bc", "pü"),
        ("100%", "100%"),
        ("100%zz%4", "100%zz%4"),
        ("%%41", "%A"),
        ("a+b", "a+b"),
        ("a:b:c", "a:b:c"),
        ("a@b", "a@b"),
        ("a@b@c", "a@b@c"),
        ("a/b", "a/b"),
        ("a?b#c", "a?b#c"),
        ("a#b@c/d", "a#b@c/d"),
    ] {
        let (_, user, read, host, port, database) = parts(&format!("postgres://app:{text}@db.example:77/shop"));
        assert_eq!((user.as_str(), read.as_str()), ("app", password), "{text}");
        assert_eq!((host.as_str(), port, database.as_str()), ("db.example", 77, "shop"), "{text}");
    }
    // An @ among the options is not that of the password.
    assert_eq!(parts("postgres://app:hunter2@db/shop?mail=a@b.example").3, "db");
}

#[test]
fn what_is_said_of_tls_is_heard() {
    for (text, tls) in [
        ("postgres://a:hunter2@db/x", Tls::IfOffered),
        ("postgres://a:hunter2@db/x?sslmode=require", Tls::Demanded),
        ("postgres://a:hunter2@db/x?sslmode=verify-full&x=y", Tls::Demanded),
        ("postgres://a:hunter2@db/x?sslmode=prefer", Tls::IfOffered),
        ("postgres://a:hunter2@db/x?sslmode=disable", Tls::Never),
        ("jdbc:postgresql://db/x?user=a&password=hunter2&ssl=true", Tls::Demanded),
        ("mysql://a:hunter2@db/x?ssl-mode=REQUIRED", Tls::Demanded),
        ("mysql://a:hunter2@db/x?ssl-mode=DISABLED", Tls::Never),
        ("jdbc:mysql://db/x?user=a&password=hunter2&useSSL=true", Tls::Demanded),
        ("mongodb://a:hunter2@db/x?tls=true", Tls::AtOnce),
        ("mongodb://a:hunter2@db/x?ssl=true", Tls::AtOnce),
        ("mongodb://a:hunter2@db/x", Tls::IfOffered),
        ("redis://a:hunter2@db", Tls::IfOffered),
        ("rediss://a:hunter2@db?ssl=false", Tls::AtOnce),
        ("smtp://a:hunter2@db:465", Tls::AtOnce),
        ("smtp://a:hunter2@db:25", Tls::IfOffered),
        ("amqps://a:hunter2@db", Tls::AtOnce),
    ] {
        assert_eq!(parsed(text).tls, tls, "{text}");
    }
    let cluster = parsed("mongodb+srv://a:hunter2@c0.acme.example/x");
    assert!(cluster.cluster && cluster.tls == Tls::AtOnce && !parsed("mongodb://a:hunter2@db/x").cluster);
    let mongo = parsed("mongodb://a:hunter2@db/x?authSource=users&authMechanism=SCRAM-SHA-1");
    assert_eq!((mongo.auth_source.as_deref(), mongo.mechanism.as_deref()), (Some("users"), Some("SCRAM-SHA-1")));
}

#[test]
fn what_cannot_be_tried_says_why_and_not_what() {
    for (text, cause) in [
        ("hunter2", Cause::Incomplete),
        ("postgres:hunter2", Cause::Incomplete),
        ("postgres://db/shop", Cause::Incomplete),
        ("postgres://app@db/shop", Cause::Incomplete),
        ("postgres://app:@db/shop", Cause::Incomplete),
        ("postgres://app:hunter2@/shop", Cause::Incomplete),
        ("postgres://app:hunter2@db:port/shop", Cause::Incomplete),
        ("postgres://app:hunter2@db:0/shop", Cause::Incomplete),
        ("postgres://app:hunter2@db:99999/shop", Cause::Incomplete),
        ("postgres://app:hunter2@db:+5432/shop", Cause::Incomplete),
        ("postgres://app:hunter2@%2Fvar%2Frun/shop", Cause::Incomplete),
        ("postgres:///shop?host=/var/run&user=a&password=hunter2", Cause::Incomplete),
        ("mysql://app:hunter2@tcp(db:3306)/shop", Cause::Incomplete),
        ("mysql://%ff:hunter2@db/shop", Cause::Incomplete),
        ("mysqlx://app:hunter2@db/shop", Cause::NoRequest),
        ("jdbc:sqlserver://db:1433;user=a;password=hunter2", Cause::NoRequest),
        ("https://app:hunter2@db/", Cause::NoRequest),
        ("://app:hunter2@db/", Cause::NoRequest),
        ("", Cause::Incomplete),
    ] {
        let doubt = Login::parse(text).unwrap_err();
        assert_eq!(doubt.cause, cause, "{text}");
        assert!(!doubt.text.contains("hunter2"), "{}", doubt.text);
    }
}

#[test]
fn a_login_does_not_show_its_password() {
    assert!(!format!("{:?}", parsed("postgres://app:hunter2@db/shop")).contains("hunter2"));
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in ".{0,80}", tail in "[a:@/?#%\\[\\],=&é]{0,60}") {
        let _ = Login::parse(&text);
        for scheme in ["postgres", "mongodb", "jdbc:mysql"] {
            if let Ok(login) = Login::parse(&format!("{scheme}://{tail}")) {
                prop_assert!(is_name(&login.host) || literal(&login.host).is_some());
                prop_assert!(!login.password.expose().is_empty());
            }
        }
    }

    #[test]
    fn an_encoded_password_comes_back(password in prop::collection::vec(any::<u8>(), 1..40)) {
        let encoded: String = password.iter().map(|byte| format!("%{byte:02X}")).collect();
        let login = parsed(&format!("mysql://app:{encoded}@db.example:3306/shop"));
        prop_assert_eq!(login.password.expose(), &password[..]);
        prop_assert_eq!(login.host.as_str(), "db.example");
    }
}
