//! The path of a value's file, as evidence, and not as a blindfold: a secret in a test is still a secret.

use bstr::BStr;

use super::super::path::{DOCS, EXAMPLES, File};
use super::{Feature, Features};

/// Endings of documentation.
const DOCUMENTS: &str = ".md .rst .txt .adoc .html .htm .mdx .asciidoc .textile .org .tex";
/// Endings by kind of file, from 1; all others are 0.
const KINDS: &[&str] = &[
    ".py .pyi",
    ".js .mjs .cjs .jsx",
    ".ts .tsx",
    ".java .kt .scala .groovy .gradle",
    ".go",
    ".rb .erb .rake",
    ".php",
    ".cs .vb",
    ".c .h .cc .cpp .hpp .m .mm .swift",
    ".rs",
    ".sh .bash .zsh .ps1 .bat .cmd .fish",
    ".yml .yaml",
    ".json .tfstate",
    ".properties .ini .cfg .conf .config .toml .env",
    ".xml .xsd .xaml .plist .csproj",
    ".html .htm .vue .jsp .ejs",
    ".md .mdx",
    ".rst .txt .adoc",
    ".sql",
    ".tf .tfvars .hcl",
    ".pl .pm .t .lua .r .ex .exs .clj .hs .erl",
    ".csv .log .lock .po .cast .svg",
];

pub(super) fn measure(path: &BStr, features: &mut Features) {
    let file = File::at(path);
    features.set(Feature::file_kind, KINDS.iter().position(|endings| file.ends(endings)).map_or(0, |kind| kind + 1));
    features.flag(Feature::file_generated, file.is_generated());
    features.flag(Feature::file_config, file.is_configuration());
    features.flag(Feature::file_test, file.is_test());
    features.flag(Feature::file_example, file.is_below(EXAMPLES) || file.is_below("demo template templates"));
    features.flag(Feature::file_docs, file.ends(DOCUMENTS) || file.is_below(DOCS));
    features.flag(Feature::file_vendor, file.is_below("vendor node_modules third_party external"));
    features.flag(Feature::file_source, file.is_below("src lib app pkg main"));
}
