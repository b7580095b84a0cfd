//! The path of a value's file, as evidence, and not as a blindfold: a secret in a test is still a secret.

use bstr::{BStr, ByteSlice};

use super::{Feature, Features};

/// Endings of files that hold configuration: a bare word there is a value and not a variable.
const CONFIGURATION: &str =
    ".env .ini .cfg .conf .config .properties .yml .yaml .toml .tfvars .netrc .npmrc .pypirc .tf .tfstate";
/// Endings of files that are made by programs and hold hashes rather than secrets.
const GENERATED: &str =
    ".lock package-lock.json go.sum .min.js .min.css .map .svg .po .pot .xlf .ipynb .snap .pbxproj .resx .cast";
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
    let lower = path.to_lowercase();
    let ends = |endings: &str| endings.split_ascii_whitespace().any(|e| lower.ends_with(e.as_bytes()));
    let name = lower.rsplit(|b| *b == b'/').next().unwrap_or_default();
    features.set(Feature::file_kind, KINDS.iter().position(|endings| ends(endings)).map_or(0, |kind| kind + 1));
    features.flag(Feature::file_generated, ends(GENERATED));
    features.flag(Feature::file_config, ends(CONFIGURATION) || name.starts_with(b".env"));
    let parts = || lower.split(|b| matches!(b, b'/' | b'!'));
    let any = |words: &[&[u8]]| parts().any(|part| words.contains(&part));
    let is_test = |part: &[u8]| part.starts_with(b"test_") || part.contains_str("_test.") || part.ends_with(b"-tests");
    features.flag(
        Feature::file_test,
        parts().any(is_test)
            || any(&[
                b"test",
                b"tests",
                b"spec",
                b"specs",
                b"fixtures",
                b"fixture",
                b"testdata",
                b"mock",
                b"mocks",
                b"__tests__",
                b"e2e",
                b"t",
            ]),
    );
    features.flag(
        Feature::file_example,
        any(&[b"example", b"examples", b"sample", b"samples", b"demo", b"template", b"templates"]),
    );
    features.flag(Feature::file_docs, ends(DOCUMENTS) || any(&[b"doc", b"docs", b"documentation"]));
    features.flag(Feature::file_vendor, any(&[b"vendor", b"node_modules", b"third_party", b"external"]));
    features.flag(Feature::file_source, any(&[b"src", b"lib", b"app", b"pkg", b"main"]));
}
