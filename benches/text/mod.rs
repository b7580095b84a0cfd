//! Source text for benchmarks, made up: as dense with common words and with the words of credentials as real code is
//! (two or three of the latter in each KB), of any length, the same on every machine.

#![allow(dead_code, reason = "not every benchmark needs all of it")]

/// What most identifiers are made of.
const PLAIN: &[&str] = &[
    "buffer", "length", "offset", "width", "height", "index", "count", "item", "list", "node", "left", "right",
    "first", "last", "begin", "end", "state", "event", "window", "line", "column", "symbol", "branch", "commit",
    "object", "tree", "file", "folder", "path", "reader", "writer", "input", "output", "error", "handle", "frame",
    "cache", "queue", "thread", "worker", "render", "layout", "parse", "format", "visit", "source", "target", "module",
    "config", "option", "default", "result", "value", "entry", "range", "slice", "stream", "filter", "merge", "split",
];
/// What stands in rules as well: the words that cost.
const TELLING: &[&str] = &["token", "key", "password", "secret", "auth", "credential", "pass", "access_key", "bearer"];
/// Lines of code; `#` is a word, `%` a number.
const LINES: &[&str] = &[
    "    let #_# = self.#.#(%);\n",
    "    if #.#() > % { return Err(#::#); }\n",
    "// The # of a # is the # of its #; see #_#.\n",
    "fn #_#(#: &mut #, #: usize) -> Option<#> {\n",
    "    for # in #.#() { # += %; }\n",
    "import { #, # } from \"./#/#\";\n",
    "  const # = await #.#(`/#/${#.id}`, { #: % });\n",
    "        self.#_# = # if # is not None else \"#\"\n",
    "static const int #_#[] = { %, %, % };\n",
    "\tif (!# || #->#_# != #) return -%;\n",
    "  \"#_#\": { \"#\": \"#\", \"#\": % },\n",
    "}\n\n",
];

/// So many bytes of source text.
pub fn source(length: usize) -> Vec<u8> {
    let mut chance = Chance(1);
    let mut text = Vec::with_capacity(length + 128);
    while text.len() < length {
        line(&mut chance, &mut text);
    }
    text.truncate(length);
    text
}

/// One more line of source text.
pub fn line(chance: &mut Chance, text: &mut Vec<u8>) {
    for byte in chance.pick(LINES).bytes() {
        match byte {
            b'#' => {
                let words = if chance.below(40) == 0 { TELLING } else { PLAIN };
                text.extend_from_slice(chance.pick(words).as_bytes());
            }
            b'%' => text.extend(chance.below(10_000).to_string().bytes()),
            _ => text.push(byte),
        }
    }
}

/// Chance that is the same in every run: SplitMix64 (Steele, Lea and Flood 2014).
pub struct Chance(pub u64);

impl Chance {
    /// A number under `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    /// One of some.
    pub fn pick<'a>(&mut self, some: &[&'a str]) -> &'a str {
        some[self.below(some.len())]
    }
}
