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
        ("postgres://app:pw1@db.example:5433/shop", Postgres, "app", "pw1", "db.example", 5433, "shop"),
        ("postgresql+psycopg2://app:pw1@db/shop", Postgres, "app", "pw1", "db", 5432, "shop"),
        ("POSTGRES://app:pw1@db", Postgres, "app", "pw1", "db", 5432, ""),
        (
            "postgresql://app:pw1@h1:1111,h2:2222/shop?target_session_attrs=any",
            Postgres,
            "app",
            "pw1",
            "h1",
            1111,
            "shop",
        ),
        ("postgresql://db/shop?user=app&password=p%26w", Postgres, "app", "p&w", "db", 5432, "shop"),
        ("postgresql:///shop?host=db&port=99&user=app&password=pw1", Postgres, "app", "pw1", "db", 99, "shop"),
        ("mysql://app:pw1@[::1]:3307/shop?charset=utf8", Mysql, "app", "pw1", "::1", 3307, "shop"),
        ("mysql2://app:pw1@db/shop", Mysql, "app", "pw1", "db", 3306, "shop"),
        ("mariadb://app:pw1@db:", Mysql, "app", "pw1", "db", 3306, ""),
        ("redis://:pw1@cache:6380/0", Redis, "", "pw1", "cache", 6380, "0"),
        ("rediss://app:pw1@cache", Redis, "app", "pw1", "cache", 6379, ""),
        ("mongodb://app:pw1@m1:27018,m2,m3/shop?replicaSet=rs", Mongo, "app", "pw1", "m1", 27018, "shop"),
        ("mongodb+srv://app:pw1@c0.acme.example/?w=1", Mongo, "app", "pw1", "c0.acme.example", 27017, ""),
        ("amqp://app:pw1@mq/%2f", Amqp, "app", "pw1", "mq", 5672, "/"),
        ("amqps://app:pw1@mq", Amqp, "app", "pw1", "mq", 5671, ""),
        ("smtp://me%40acme.dev:pw1@mail", Smtp, "me@acme.dev", "pw1", "mail", 587, ""),
        ("smtps://me:pw1@mail", Smtp, "me", "pw1", "mail", 465, ""),
        ("ldap://cn=admin,dc=acme:pw1@dir", Ldap, "cn=admin,dc=acme", "pw1", "dir", 389, ""),
        ("ldaps://cn=admin:pw1@dir", Ldap, "cn=admin", "pw1", "dir", 636, ""),
        ("jdbc:postgresql://db:5433/shop?user=app&password=p+w", Postgres, "app", "p w", "db", 5433, "shop"),
        ("jdbc:mysql://db/shop?useSSL=false&amp;user=app&amp;password=pw1", Mysql, "app", "pw1", "db", 3306, "shop"),
        ("JDBC:MySQL:loadbalance://h1:1,h2:2/shop?user=app&password=pw1", Mysql, "app", "pw1", "h1", 1, "shop"),
        (" redis://:pw1@cache\n", Redis, "", "pw1", "cache", 6379, ""),
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
    assert_eq!(parts("postgres://app:pw1@db/shop?mail=a@b.example").3, "db");
}

#[test]
fn what_is_said_of_tls_is_heard() {
    for (text, tls) in [
        ("postgres://a:pw@db/x", Tls::IfOffered),
        ("postgres://a:pw@db/x?sslmode=require", Tls::Demanded),
        ("postgres://a:pw@db/x?sslmode=verify-full&x=y", Tls::Demanded),
        ("postgres://a:pw@db/x?sslmode=prefer", Tls::IfOffered),
        ("postgres://a:pw@db/x?sslmode=disable", Tls::Never),
        ("jdbc:postgresql://db/x?user=a&password=pw&ssl=true", Tls::Demanded),
        ("mysql://a:pw@db/x?ssl-mode=REQUIRED", Tls::Demanded),
        ("mysql://a:pw@db/x?ssl-mode=DISABLED", Tls::Never),
        ("jdbc:mysql://db/x?user=a&password=pw&useSSL=true", Tls::Demanded),
        ("mongodb://a:pw@db/x?tls=true", Tls::AtOnce),
        ("mongodb://a:pw@db/x?ssl=true", Tls::AtOnce),
        ("mongodb://a:pw@db/x", Tls::IfOffered),
        ("redis://a:pw@db", Tls::IfOffered),
        ("rediss://a:pw@db?ssl=false", Tls::AtOnce),
        ("smtp://a:pw@db:465", Tls::AtOnce),
        ("smtp://a:pw@db:25", Tls::IfOffered),
        ("amqps://a:pw@db", Tls::AtOnce),
    ] {
        assert_eq!(parsed(text).tls, tls, "{text}");
    }
    let cluster = parsed("mongodb+srv://a:pw@c0.acme.example/x");
    assert!(cluster.cluster && cluster.tls == Tls::AtOnce && !parsed("mongodb://a:pw@db/x").cluster);
    let mongo = parsed("mongodb://a:pw@db/x?authSource=users&authMechanism=SCRAM-SHA-1");
    assert_eq!((mongo.auth_source.as_deref(), mongo.mechanism.as_deref()), (Some("users"), Some("SCRAM-SHA-1")));
}

#[test]
fn what_cannot_be_tried_says_why_and_not_what() {
    for (text, cause) in [
        ("hunter2pass", Cause::Incomplete),
        ("postgres:hunter2pass", Cause::Incomplete),
        ("postgres://db/shop", Cause::Incomplete),
        ("postgres://app@db/shop", Cause::Incomplete),
        ("postgres://app:@db/shop", Cause::Incomplete),
        ("postgres://app:hunter2pass@/shop", Cause::Incomplete),
        ("postgres://app:hunter2pass@db:port/shop", Cause::Incomplete),
        ("postgres://app:hunter2pass@db:0/shop", Cause::Incomplete),
        ("postgres://app:hunter2pass@db:99999/shop", Cause::Incomplete),
        ("postgres://app:hunter2pass@db:+5432/shop", Cause::Incomplete),
        ("postgres://app:hunter2pass@%2Fvar%2Frun/shop", Cause::Incomplete),
        ("postgres:///shop?host=/var/run&user=a&password=hunter2pass", Cause::Incomplete),
        ("mysql://app:hunter2pass@tcp(db:3306)/shop", Cause::Incomplete),
        ("mysql://%ff:hunter2pass@db/shop", Cause::Incomplete),
        ("mysqlx://app:hunter2pass@db/shop", Cause::NoRequest),
        ("jdbc:sqlserver://db:1433;user=a;password=hunter2pass", Cause::NoRequest),
        ("https://app:hunter2pass@db/", Cause::NoRequest),
        ("://app:hunter2pass@db/", Cause::NoRequest),
        ("", Cause::Incomplete),
    ] {
        let doubt = Login::parse(text).unwrap_err();
        assert_eq!(doubt.cause, cause, "{text}");
        assert!(!doubt.text.contains("hunter2"), "{}", doubt.text);
    }
}

#[test]
fn a_login_does_not_show_its_password() {
    assert!(!format!("{:?}", parsed("postgres://app:hunter2pass@db/shop")).contains("hunter2"));
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
