//! The comment that allows a finding, as the language of its file writes comments.

use bstr::ByteSlice;

use crate::model::Finding;
use crate::model::rule::Detect;

/// Ends of file names (or whole names, in lower case) with blanks between them, what begins a comment, what ends it, and
/// whether one may stand behind something else on a line.
const LANGUAGES: [(&str, &str, &str, bool); 9] = [
    (
        ".py .pyi .rb .rake .sh .bash .zsh .ksh .fish .yml .yaml .toml .pl .pm .r .jl .tf .tfvars .hcl .nix .ex .exs \
         .cr .nim .ps1 .psm1 .psd1 .tcl .awk .cmake .graphql .gd .coffee .bzl .star .bashrc .bash_profile .zshrc .profile \
         gemfile rakefile vagrantfile cmakelists.txt build build.bazel workspace tiltfile",
        "#",
        "",
        true,
    ),
    // These take what stands behind a value for part of it, or may do so.
    (
        ".env .envrc .properties .ini .cfg .conf .cnf .npmrc .netrc .pypirc .mk .dockerfile .gitconfig .editorconfig \
         .htaccess .service .timer .desktop justfile dockerfile containerfile makefile gnumakefile",
        "#",
        "",
        false,
    ),
    (
        ".js .mjs .cjs .jsx .ts .mts .cts .tsx .java .kt .kts .scala .sc .go .rs .c .h .cc .cpp .cxx .hpp .hh .cs \
         .swift .m .mm .dart .php .groovy .gradle .sol .proto .zig .v .d .fs .fsx .scss .less .jsonc .json5 .jsonnet \
         .libsonnet .cue .bicep .sbt jenkinsfile go.mod",
        "//",
        "",
        true,
    ),
    (".sql .lua .hs .elm .adb .ads .vhd .dhall", "--", "", true),
    (
        ".html .htm .xml .xhtml .svg .md .markdown .vue .svelte .plist .config .csproj .props .xaml .xsl",
        "<!--",
        " -->",
        true,
    ),
    (".css", "/*", " */", true),
    (".clj .cljs .edn .el .lisp .scm .rkt .asm .reg", ";", "", true),
    (".tex .sty .erl .hrl", "%", "", true),
    (".bat .cmd", "rem", "", false),
];

/// How to allow a finding of a history, in words. A comment that comes with a later commit does nothing for the one that
/// is there.
pub fn advice(finding: &Finding) -> String {
    let line = format!("If it is no secret, write this line in .unspillignore: {}", finding.fingerprint);
    match of(finding) {
        Some(Marker { text, place }) => format!("{line}\nor change the commit, and write there {place}: {text}"),
        None => line,
    }
}

/// What to write where, so that a finding is allowed.
pub(super) struct Marker {
    /// The comment.
    pub text: String,
    /// Where it goes, in words.
    pub place: &'static str,
}

/// The comment for a finding; none where its file knows no comments, or is itself what was found. Nor where the secret has
/// several lines: those mostly stand in a text that goes on before it, of which a comment would become part.
pub(super) fn of(finding: &Finding) -> Option<Marker> {
    let first = finding.first();
    if matches!(finding.rule.detect, Detect::Path) || first.place.end_line > first.place.line {
        return None;
    }
    let name = first.origin.file_name().to_ascii_lowercase();
    let is = |ending: &str| match ending.strip_prefix('.') {
        Some(_) => name.ends_with_str(ending),
        None => name == ending.as_bytes(),
    };
    // `.env.production`, `Dockerfile.web` and the like.
    let variant = name.starts_with(b".env.") || name.starts_with(b"dockerfile.");
    let known = LANGUAGES.iter().find(|(endings, ..)| variant && endings.starts_with(".env "));
    let known = known.or_else(|| LANGUAGES.iter().find(|(endings, ..)| endings.split(' ').any(is)));
    let (_, open, close, behind) = *known?;
    let (next, place) = if behind && first.chain.is_empty() {
        ("", "at the end of the line")
    } else {
        ("-next-line", "on a line of its own above")
    };
    Some(Marker { text: format!("{open} unspill:allow{next}({}){close}", finding.rule.id), place })
}
