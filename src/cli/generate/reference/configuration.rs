//! The reference of the configuration, out of the schema of its types: their doc comments are its text.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use clap::{Arg, Command};
use serde_json::Value;

use super::markdown::{code, codes};
use crate::cli::generate::whole;
use crate::config;

const INTRO: &str = "\
# Configuration

Every key of `unspill.toml`. The file, or `.unspill.toml`, is looked for beside what is scanned and above it, up to the root of
the repository; `--config` or the variable `UNSPILL_CONFIG` name another one. A flag wins over its environment variable, that over the
file, and that over the default. A key that is not known is an error. `unspill generate config-schema` prints the JSON schema
that this page is made of, for editors.

A file that is merely found beside what is scanned was written by whoever wrote that. What it could do harm with (`output`,
`report`, `show_secrets`, `verify` of rules) counts only in a file that is named.
";

/// Settings whose flag is not called like them.
const RENAMED: [(&str, &str); 3] =
    [("only_rule", "rule"), ("allow_comments", "ignore-allow-comments"), ("allow_files", "ignore-allow-files")];

/// The page.
pub fn page() -> String {
    let schema = config::schema();
    let mut writer = Writer { schema: &schema, command: whole(), page: INTRO.to_owned(), tables: BTreeMap::new() };
    writer.page.push_str("\n## Settings\n");
    let (tables, settings): (Vec<_>, Vec<_>) =
        properties(&schema).into_iter().partition(|(_, value)| writer.table(value).is_some());
    for (key, value) in settings {
        writer.key(key, key, value);
    }
    let mut waiting = VecDeque::new();
    for (key, value) in tables {
        waiting.extend(writer.announce(key, value));
    }
    while let Some(table) = waiting.pop_front() {
        let _ = write!(writer.page, "\n## Table {}\n\n{}\n", code(&table.heading), description(table.definition));
        for (key, value) in properties(table.definition) {
            let path = format!("{}.{key}", table.path);
            waiting.extend(writer.announce(&path, value));
            writer.key(key, &path, value);
        }
    }
    writer.page
}

struct Writer<'s> {
    schema: &'s Value,
    /// The program, for its flags.
    command: Command,
    page: String,
    /// Tables that have a section or will have one, by the name of their definition: how it is headed.
    tables: BTreeMap<&'s str, String>,
}

/// A table that is to get a section.
struct Table<'s> {
    /// Its name from the root: `rule.verify`.
    path: String,
    /// The same as a file has it: `[[rule.verify]]`.
    heading: String,
    definition: &'s Value,
}

impl<'s> Writer<'s> {
    fn definition(&self, name: &str) -> Option<&'s Value> {
        self.schema.get("$defs")?.get(name)
    }

    /// The definition that a value is a table of, and whether it may be repeated.
    fn table(&self, value: &'s Value) -> Option<(&'s str, bool)> {
        if let Some(items) = value.get("items") {
            return self.table(items).map(|(name, _)| (name, true));
        }
        if let Some(name) = reference(value) {
            let definition = self.definition(name)?;
            return match definition.get("properties") {
                Some(_) => Some((name, false)),
                None => self.table(definition),
            };
        }
        let variants = variants(value);
        let (name, repeated) = variants.iter().find_map(|variant| self.table(variant))?;
        Some((name, repeated || variants.iter().any(|variant| variant.get("items").is_some())))
    }

    /// Takes in what a key holds, if that is a table that has no section yet.
    fn announce(&mut self, path: &str, value: &'s Value) -> Option<Table<'s>> {
        let (name, repeated) = self.table(value)?;
        let definition = self.definition(name).filter(|_| !self.tables.contains_key(name))?;
        let heading = if repeated { format!("[[{path}]]") } else { format!("[{path}]") };
        self.tables.insert(name, heading.clone());
        Some(Table { path: path.to_owned(), heading, definition })
    }

    fn key(&mut self, key: &str, path: &str, value: &'s Value) {
        let mut text = format!("\n### {}\n\n{}\n\n- **Type:** {}", code(path), description(value), self.kind(value));
        if let Some(default) = value.get("default").filter(|default| !is_nothing(default)) {
            let _ = write!(text, "\n- **Default:** {}", code(&toml(default)));
        }
        if let Some(arg) = Some(key).filter(|_| key == path).and_then(|key| self.flag(key)) {
            let long = arg.get_long().unwrap_or_default();
            // Flags that take something away are called otherwise than the key: `--no-messages`.
            let is_opposite = long != key.replace('_', "-") && value.get("default") == Some(&Value::Bool(true));
            let opposite = if is_opposite { " for `false`" } else { "" };
            let _ = write!(text, "\n- **Flag:** {}{opposite}", code(&format!("--{long}")));
            if let Some(variable) = arg.get_env() {
                let _ = write!(text, "\n- **Environment variable:** {}", code(&variable.to_string_lossy()));
            }
        }
        let examples: Vec<String> =
            value.get("examples").and_then(Value::as_array).into_iter().flatten().map(toml).collect();
        match &examples[..] {
            [] => text.push('\n'),
            [example, ..] if key == path => {
                let _ = write!(text, "\n\n```toml\n# unspill.toml\n{key} = {example}\n```\n");
            }
            _ => {
                let all = examples.iter().map(|example| format!("{key} = {example}")).collect::<Vec<_>>();
                let _ = writeln!(text, "\n- **Example:** {}", codes(all.iter().map(String::as_str)));
            }
        }
        self.page.push_str(&text);
    }

    /// What may be written, in words.
    fn kind(&self, value: &'s Value) -> String {
        let table = self.table(value).and_then(|(name, repeated)| Some((self.tables.get(name)?, repeated)));
        let Some((heading, repeated)) = table else { return self.words(value, false) };
        let slug: String = heading.chars().filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
        let what = if repeated { "tables" } else { "table" };
        format!("{what}, see [{}](#table-{slug})", code(heading))
    }

    fn words(&self, value: &'s Value, many: bool) -> String {
        if let Some(definition) = reference(value).and_then(|name| self.definition(name)) {
            return self.words(definition, many);
        }
        if let Some(choices) = value.get("enum").and_then(Value::as_array) {
            let choices: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
            return format!("text, one of {}", codes(choices));
        }
        let variants = variants(value);
        if let [one, list] = &variants[..]
            && list.get("items") == Some(*one)
        {
            return format!("{}, or a list of them", self.words(one, many));
        }
        if !variants.is_empty() {
            return variants.iter().map(|variant| self.words(variant, many)).collect::<Vec<_>>().join(" or ");
        }
        let kinds = types(value).into_iter().map(|kind| match kind {
            "string" if many => "texts".to_owned(),
            "string" => "text".to_owned(),
            "integer" if many => "whole numbers".to_owned(),
            "integer" => format!("whole number{}", range(value)),
            "number" => format!("number{}", range(value)),
            "boolean" => "`true` or `false`".to_owned(),
            "array" => {
                format!("list of {}", value.get("items").map(|items| self.words(items, true)).unwrap_or_default())
            }
            _ => {
                let values = value.get("additionalProperties").map(|value| self.words(value, true));
                format!("table of {}", values.unwrap_or_default())
            }
        });
        kinds.collect::<Vec<_>>().join(" or ")
    }

    /// The flag that a setting stands for.
    fn flag(&self, key: &str) -> Option<&Arg> {
        let kebab = key.replace('_', "-");
        let renamed = RENAMED.iter().find(|(name, _)| *name == key).map(|(_, flag)| (*flag).to_owned());
        let names = renamed.map(|name| vec![name]).unwrap_or_else(|| vec![kebab.clone(), format!("no-{kebab}")]);
        names.iter().find_map(|name| option(&self.command, name))
    }
}

/// The option of this name, of the program or the first of its commands that has it.
fn option<'c>(command: &'c Command, long: &str) -> Option<&'c Arg> {
    let own = command.get_arguments().find(|arg| arg.get_long() == Some(long));
    own.or_else(|| command.get_subcommands().find_map(|sub| option(sub, long)))
}

fn properties(table: &Value) -> Vec<(&str, &Value)> {
    let all = table.get("properties").and_then(Value::as_object);
    all.into_iter().flatten().map(|(key, value)| (key.as_str(), value)).collect()
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

/// The alternatives, without the one that says that it may be left out.
fn variants(value: &Value) -> Vec<&Value> {
    let all = value.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    all.filter(|variant| variant.get("type").and_then(Value::as_str) != Some("null")).collect()
}

fn types(value: &Value) -> Vec<&str> {
    match value.get("type") {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        kind => kind.and_then(Value::as_str).into_iter().collect(),
    }
}

fn range(value: &Value) -> String {
    let bound = |key| value.get(key).filter(|bound: &&Value| !bound.is_null());
    match (bound("minimum"), bound("maximum")) {
        // The bounds of the type tell nobody anything.
        (Some(_), Some(max)) if max.as_u64() == Some(u16::MAX.into()) => String::new(),
        (Some(min), Some(max)) => format!(", {min} to {max}"),
        (Some(min), None) => format!(", {min} or more"),
        _ => String::new(),
    }
}

fn description(value: &Value) -> &str {
    value.get("description").and_then(Value::as_str).unwrap_or_default()
}

/// Nothing that a reader would call a default.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.values().all(is_nothing),
        _ => false,
    }
}

/// As it is written in TOML.
fn toml(value: &Value) -> String {
    toml::Value::try_from(value).map_or_else(|_| value.to_string(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Global;
    use crate::cli::common::{ResultArgs, ScanArgs};
    use crate::cli::settings::{Plan, Results};
    use crate::report::Format;

    /// Keys that are for the file alone.
    const WITHOUT_FLAG: [&str; 2] = ["disabled_rules", "provider"];

    #[test]
    fn every_setting_has_its_flag() {
        let schema = config::schema();
        let writer = Writer { schema: &schema, command: whole(), page: String::new(), tables: BTreeMap::new() };
        let settings = properties(&schema).into_iter().filter(|(_, value)| writer.table(value).is_none());
        let without: Vec<&str> = settings.map(|(key, _)| key).filter(|key| writer.flag(key).is_none()).collect();
        assert_eq!(without, WITHOUT_FLAG);
    }

    #[test]
    fn every_key_is_described_and_has_an_example() {
        let schema = config::schema();
        let definitions = schema["$defs"].as_object().unwrap().values();
        let writer = Writer { schema: &schema, command: whole(), page: String::new(), tables: BTreeMap::new() };
        for (key, value) in definitions.chain([&schema]).flat_map(properties) {
            assert!(!description(value).is_empty(), "{key} is not described");
            assert!(value.get("examples").is_some() || writer.table(value).is_some(), "{key} has no example");
        }
    }

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        scan: ScanArgs,
        #[command(flatten)]
        results: ResultArgs,
        #[command(flatten)]
        global: Global,
    }

    /// What a run would go by, as far as settings tell.
    fn settled(arguments: &[&str]) -> String {
        let line = <Line as clap::Parser>::parse_from(arguments);
        let plan = Plan::new(&line.scan, &line.global, None).unwrap();
        let results = Results::new(line.results, &plan).unwrap();
        let Plan { min_confidence, strict_checksums, jobs, max_file_size, archive_depth, no_ignore, .. } = &plan;
        let scan = (min_confidence, strict_checksums, jobs, max_file_size, archive_depth, no_ignore);
        let allow = (plan.allow_comments, plan.allow_files);
        format!("{scan:?} {allow:?} {:?} {results:?}", (plan.partial, plan.narrowed, plan.progress))
    }

    #[test]
    fn what_is_called_a_default_is_one() {
        let schema = config::schema();
        let defaults = properties(&schema).into_iter().filter_map(|(key, value)| Some((key, value.get("default")?)));
        let lines: Vec<String> = defaults.map(|(key, default)| format!("{key} = {}\n", toml(default))).collect();
        assert!(lines.len() > 10, "{lines:?}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("unspill.toml");
        std::fs::write(&path, lines.concat()).unwrap();
        assert_eq!(settled(&["unspill", "--config", path.to_str().unwrap()]), settled(&["unspill"]));
        std::fs::write(&path, "archive_depth = 2").unwrap();
        assert_ne!(settled(&["unspill", "--config", path.to_str().unwrap()]), settled(&["unspill"]));
    }

    #[test]
    fn the_formats_are_those_there_are() {
        let schema = config::schema();
        let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(schema["properties"]["format"]["enum"], serde_json::json!(names));
    }
}
