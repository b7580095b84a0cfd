//! Every syntax that assignments are read in, by example.

use super::*;
use proptest::prelude::*;

fn values_of<'a>(text: &'a str, word: &str) -> Vec<(&'a str, &'a str)> {
    let at = text.to_ascii_lowercase().find(word).expect("the word");
    let mut found = Vec::new();
    parse(text.as_bytes(), &(at..at + word.len()), |a| found.push((&text[a.key], &text[a.value])));
    found
}

fn value_of<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    values_of(text, word).first().copied()
}

#[test]
fn common_syntaxes_are_read() {
    for (text, key) in [
        ("password = \"hunter2!\"", "password"),
        ("DB_PASSWORD=hunter2!", "DB_PASSWORD"),
        ("  password: hunter2!\n", "password"),
        ("{\"password\": \"hunter2!\"}", "password"),
        ("'password' => 'hunter2!',", "password"),
        ("config['db.password'] = 'hunter2!';", "db.password"),
        ("let password: &str = \"hunter2!\";", "password"),
        ("setPassword(\"hunter2!\")", "setPassword"),
        ("<password>hunter2!</password>", "password"),
        ("<add key=\"password\" value=\"hunter2!\"/>", "password"),
        ("- name: PASSWORD\n  value: hunter2!\n", "PASSWORD"),
        ("- value: \"hunter2!\"\n  name: PASSWORD\n", "PASSWORD"),
        ("- name: USER\n  value: \"someone\"\n- name: PASSWORD\n  value: hunter2!\n", "PASSWORD"),
        ("env.put(\"db.password\", \"hunter2!\")", "db.password"),
        ("mysql --password hunter2! db", "password"),
        ("mysql --password=hunter2! db", "password"),
        ("{\\\"password\\\": \\\"hunter2!\\\"}", "password"),
        (r#"{\\\"password\\\":\\\"hunter2!\\\"}"#, "password"),
        (r#"'{\\\\\\\"password\\\\\\\": \\\\\\\"hunter2!\\\\\\\"}'"#, "password"),
        ("\"password\": {\n  \"value\": \"hunter2!\",\n  \"type\": \"string\"", "password"),
        ("$password = @\"hunter2!\"", "$password"),
        ("password := `hunter2!`", "password"),
        ("password = Some(\"hunter2!\")", "password"),
        ("if (password == \"hunter2!\")", "password"),
        ("String userPassword = \"hunter2!\";", "userPassword"),
        ("Server=db;Password=hunter2!;Database=x", "Password"),
        ("https://h/?password=hunter2!&page=2", "password"),
    ] {
        assert_eq!(value_of(text, "password"), Some((key, "hunter2!")), "{text}");
    }
}

#[test]
fn assignments_of_languages_are_read() {
    for text in [
        "char password[32] = \"hunter2!\";",
        "Dim password As String = \"hunter2!\"",
        "var password string = \"hunter2!\"",
        "private password?: string = 'hunter2!';",
        "password <- \"hunter2!\"",
        "password = q{hunter2!};",
        "password => %q(hunter2!),",
        ":password => 'hunter2!'",
        "{password, \"hunter2!\"}",
        "{:password \"hunter2!\"}",
        "(password \"hunter2!\")",
        "\"password\" -> \"hunter2!\"",
        "NSString *password = @\"hunter2!\";",
        "password = L\"hunter2!\";",
        "password = (char *)\"hunter2!\";",
        "password = [\"hunter2!\", \"x\"]",
        "password = \"\"\"hunter2!\"\"\"",
        "PASSWORD = hunter2!",
        "password: |\n    hunter2!\n",
        "password:\n  - hunter2!\n",
        "password = <<~EOS\n  hunter2!\nEOS",
        "password=PASSWORD('hunter2!')",
        "password = ConvertTo-SecureString(\"hunter2!\")",
        "password = SecretStr(\"hunter2!\")",
        "password = base64.b64decode(b'hunter2!')",
        "password = System.getenv(\"X\", \"hunter2!\")",
        "password = config.get('x', 'hunter2!')",
        "case \"password\": return \"hunter2!\"",
        "password = new String(\"hunter2!\")",
        "password = process.env.X || \"hunter2!\"",
        "password = os.environ[\"X\"] or 'hunter2!'",
        "password = os.getenv('X') or 'hunter2!'",
        "add_argument('--password', type=str, default='hunter2!')",
        "\"password\" to \"hunter2!\"",
        "password\u{ff1a}hunter2!",
        "username x password 7 hunter2!",
    ] {
        assert_eq!(value_of(text, "password").map(|(_, value)| value), Some("hunter2!"), "{text}");
    }
}

#[test]
fn arguments_and_comparisons_are_read() {
    for text in [
        ".password(\"hunter2!\")",
        "password(\n    'hunter2!'\n)",
        "getenv(\"PASSWORD\", \"hunter2!\")",
        "ENV.fetch( 'password', 'hunter2!')",
        "process.env.PASSWORD || 'hunter2!'",
        "env[\"password\"] ?? \"hunter2!\"",
        "environ.get('password') or 'hunter2!'",
        "${PASSWORD:-hunter2!}",
        "${db.password:hunter2!}",
        "connect(user=\"x\", password=\"hunter2!\")",
        "password.equals(\"hunter2!\")",
        "expect(password).toBe(\"hunter2!\")",
        "if (\"hunter2!\" == password)",
        "assertEquals(\"hunter2!\", password)",
        "password(user.name, 'hunter2!')",
        "Password (for admin): hunter2!",
        "[\"--password\", \"hunter2!\"]",
        "docker run -e \"X_PASSWORD=hunter2!\" x",
        "Connect -Password 'hunter2!'",
        "Connect -Password hunter2!",
        "ENV DB_PASSWORD hunter2!",
        "setx DB_PASSWORD hunter2!",
        "\\set PASSWORD hunter2!",
        "ALTER ROLE x PASSWORD 'hunter2!'",
        "SET PASSWORD FOR 'x'@'%' = 'hunter2!'",
    ] {
        assert_eq!(value_of(text, "password").map(|(_, value)| value), Some("hunter2!"), "{text}");
    }
    let login = "new PasswordAuthentication(\"ci\", \"hunter2!\".toCharArray())";
    let values: Vec<&str> = values_of(login, "password").into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["ci", "hunter2!"]);
}

#[test]
fn pairs_of_markup_and_data_are_read() {
    for text in [
        "<entry key=\"password\">hunter2!</entry>",
        "<property name=\"password\" type=\"x\" value=\"hunter2!\"/>",
        "<property value=\"hunter2!\" name=\"password\"/>",
        "<PASSWORD id='1' value='hunter2!'>",
        "<key>password</key>\n\t<string>hunter2!</string>",
        "<name>password</name><value>hunter2!</value>",
        "<password><![CDATA[hunter2!]]></password>",
        "<b>Password:</b> <code>hunter2!</code>",
        "{\"name\": \"password\", \"value\": \"hunter2!\"}",
        "{\"value\": \"hunter2!\", \"name\": \"password\"}",
        "- name: PASSWORD\n  value: hunter2!\n",
        "- value: \"hunter2!\"\n  name: PASSWORD\n",
        "- value: hunter2!\n  name: PASSWORD\n",
        "<password>\n  hunter2!\n</password>",
        "{&quot;password&quot;: &quot;hunter2!&quot;}",
        "{&#39;password&#39;: &#39;hunter2!&#39;}",
        "| password | hunter2! |",
        "| **Password** | `hunter2!` |",
        "**Password:** hunter2!",
        "**Password**: hunter2!",
        "Password: ``hunter2!``",
    ] {
        let value = value_of(text, "password").map(|(_, value)| value);
        assert_eq!(value, Some("hunter2!"), "{text}");
    }
}

#[test]
fn sentences_tell_what_is_no_word() {
    for text in [
        "// the password is hunter2x",
        "# password hunter2x",
        "(password: hunter2x)",
        "the password is \"hunter2x\".",
        "Password for admin: hunter2x",
        "password - hunter2x.",
    ] {
        assert_eq!(value_of(text, "password").map(|(_, value)| value), Some("hunter2x"), "{text}");
    }
    assert_eq!(value_of("the password is required", "password"), None);
    assert_eq!(value_of("the password - as it is", "password"), None);
}

#[test]
fn values_hold_what_keyboards_give() {
    for value in ["a b c", "§§ü", "x\\x40\\x26", "k>q"] {
        let text = format!("password = \"{value}\"");
        assert_eq!(value_of(&text, "password"), Some(("password", value)));
    }
    let long = "k9".repeat(400);
    let text = format!("password = \"{long}\"");
    assert_eq!(value_of(&text, "password").map(|(_, value)| value), Some(&long[..VALUE]));
    let lines = format!("password = '{}\n{}'", &long[..70], &long[..70]);
    assert_eq!(value_of(&lines, "password").map(|(_, value)| value), Some(&long[..70]));
}

#[test]
fn bytes_are_read_as_numbers() {
    for (open, close) in [("[]byte{", "}"), ("[8]byte{", "}"), ("bytes([", "])"), ("new byte[] { ", " }"), ("[", "]")] {
        let text = format!("secret = {open}18, 170, 22, 142, 90, 59, 0x1a, 77{close};");
        let value = value_of(&text, "secret").map(|(_, value)| value);
        assert_eq!(value, Some("18, 170, 22, 142, 90, 59, 0x1a, 77"), "{text}");
    }
    assert_eq!(value_of("secret = f(1, 2, 3)", "secret"), None);
}

#[test]
fn schemes_are_no_part_of_a_value() {
    for text in ["token: Bearer hunter2!", "token = \"Bearer hunter2!\"", "\"token\", \"Basic hunter2!\""] {
        let text = format!("({text}");
        assert_eq!(value_of(&text, "token").map(|(_, value)| value), Some("hunter2!"), "{text}");
    }
}

#[test]
fn what_is_surely_code_is_no_value() {
    for text in [
        "password = get_password()",
        "password = os.environ[\"X\"].strip(",
        "password = config.get(\"password\")",
        "password = $(cat secret)",
        "password: Option<String>,",
        "password = \"\";",
        "password->next = other;",
        "full-password <<-EOF",
        "password.https://host/",
        "password = self->password;",
        "password = |x| x",
    ] {
        assert_eq!(value_of(text, "password"), None, "{text}");
    }
}

#[test]
fn nothing_farther_than_the_reach_is_looked_at() {
    // What stands beyond must change nothing, wherever the text is cut.
    let reach = crate::rules::file::ASSIGNED_REACH as usize;
    let pad = "x ".repeat(400);
    for middle in [
        "password = \"",
        "<property name=\"password\" type=\"x\" value=\"",
        "password(",
        "password = f(g(h(\"",
        "- name: password\n    value:           ",
    ] {
        for fill in ["k", "k ", " ", "\\\"", "(", "a,", "\n"] {
            let text = format!("{pad}{middle}{}", fill.repeat(900));
            let at = text.find("password").expect("the word");
            let word = at..at + "password".len();
            let mut whole = Vec::new();
            parse(text.as_bytes(), &word, |a| whole.push(a));
            let mut changed = text.clone().into_bytes();
            changed[word.end + reach..].fill(b'"');
            changed[..at - reach].fill(b'"');
            let mut again = Vec::new();
            parse(&changed, &word, |a| again.push(a));
            assert_eq!(whole, again, "{middle}{fill}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(parts in prop::collection::vec(0..PARTS.len(), 0..40), tail in 0usize..600) {
        let text: String = parts.into_iter().map(|part| PARTS[part]).chain(std::iter::repeat_n("k", tail)).collect();
        for (at, _) in text.match_indices("password") {
            parse(text.as_bytes(), &(at..at + 8), |a| {
                assert!(!a.value.is_empty() && a.value.end <= text.len() && a.key.contains(&at), "{text}");
            });
        }
    }
}

/// What assignments are put together from.
const PARTS: &[&str] = &[
    "password",
    "name",
    "value",
    "key",
    "default",
    "set",
    "for",
    "is",
    "to",
    "or",
    "x9",
    "q",
    "get",
    "string",
    " ",
    "\t",
    "\n",
    "\r\n",
    "=",
    ":",
    ",",
    ";",
    "|",
    "-",
    ">",
    "<",
    "/",
    "\\",
    "\"",
    "'",
    "`",
    "&quot;",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "é",
    "$",
    "@",
    "*",
    "?",
    ".",
    "<![CDATA[",
    "\"@",
    "7 ",
    "]]>",
    "EOF",
    "Bearer ",
];

#[test]
fn a_word_alone_is_no_assignment() {
    for text in [
        "the password is wrong",
        "password_field",
        "fn password() -> u8 {",
        "passwordless: yes",
        "password::new",
        "[\"password\", next]",
        "if (password == other_value) {",
        "f(\"text\", password)",
        "\"user\", \"password\", \"hunter2!\"",
        "<add key=\"password\" />",
    ] {
        assert_eq!(value_of(text, "password"), None, "{text}");
    }
    assert_eq!(value_of("monkey = \"value12345\"", "key"), None);
    assert_eq!(value_of("tokenizer: \"value12345\"", "token"), None);
}

#[test]
fn the_name_of_a_password_manager_is_no_name_of_a_password() {
    assert_eq!(value_of("tokens of 1Password: hunter2", "password"), None);
    assert_eq!(value_of("PASSWORD1=hunter2!", "password"), Some(("PASSWORD1", "hunter2!")));
}
