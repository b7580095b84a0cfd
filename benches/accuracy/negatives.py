#!/usr/bin/env python3
"""Takes lines that hold no credential out of well-kept public source: the easy kind of negative example.

    python3 benches/accuracy/negatives.py --judged JUDGED.jsonl --out NEGATIVES.jsonl FOLDER...

Every FOLDER is the tree of one repository. Lines are taken that assign something to a name with password, secret,
token, key, auth or the like in it. In such trees these are code, references and settings, and hardly ever a
credential; the few that are a person has found first (README.md tells how): JUDGED.jsonl has a line for each finding,
with `repo` (the folder's name), `file`, `line`, `line_end`, `judged` (`right` or `wrong`) and, if the person was of two
minds, `doubt`. A line within `AROUND` of a right or doubtful one is not taken.

Below a scanner's threshold there still stand made-up passwords of tests. Nobody can say of `password = "bosco"` that it
is none, so literals that might be one are left out (`might_be_one`), unless they were judged wrong.

What comes out is one record a line: `id`, `repo`, `name` (the file's path), `text` (the line with five about it) and
`labels`, each `line`, `line_end` (from 1, in the text), `truth` (always `F`), `category`, `value`. The draw is the same
each time; no value is taken more than three times from one repository, and lines judged wrong come first.
"""

import argparse
import collections
import json
import random
import re
from pathlib import Path

from language import HUMP, LARGEST_FILE, LONGEST_LINE, TRANSLATED, UNWRITTEN

AROUND = 5
CATEGORIES = {"password": "Password", "passwd": "Password", "pwd": "Password", "pass": "Password", "secret": "Secret",
              "token": "Token", "key": "Key", "auth": "Auth", "credential": "Credential"}
WORD = "|".join(CATEGORIES)
# Tried first: the pattern below is slow on lines without.
MAYBE = re.compile(rf"""(?:{WORD})[A-Za-z0-9_-]*["'`)\]]{{0,3}}\s*[=:(]""", re.IGNORECASE)
ASSIGNMENT = re.compile(
    rf"""(?P<key>["'`]?[A-Za-z0-9_.$@-]*(?:{WORD})[A-Za-z0-9_-]*["'`\])]{{0,3}})\s*(?P<sign>=>|:=|===?|[=:]|\()\s*"""
    r"""(?P<value>"[^"\n]{1,200}"|'[^'\n]{1,200}'|`[^`\n]{1,200}`|[^\s,;(){}<>\[\]"'`]+)""",
    re.IGNORECASE,
)
# In these files a value without quotes is a literal, too.
SETTINGS = set("adoc cfg conf env ini j2 json md properties rst sh tf tfvars toml txt xml yaml yml".split())
NO_VALUE = re.compile(
    "always|array|bool|boolean|false|int|never|nil|no|none|null|number|object|off|on|on_create|optional|required|self|"
    "str|string|text|this|true|undefined|yes", re.IGNORECASE,
)
THE_SECRET_ITSELF = re.compile(r"(password|passwd|pwd|pass|passphrase|secret|credentials?)[\d_]*$", re.IGNORECASE)


def assignments(line):
    """Category, value, name, and whether the value is in quotes, of each assignment of a line."""
    if len(line) > LONGEST_LINE or not MAYBE.search(line):
        return
    for match in ASSIGNMENT.finditer(line):
        key, value = match["key"].strip("\"'`)]"), match["value"]
        quoted = value[0] in "\"'`" and len(value) > 1
        value = value[1:-1] if quoted else value.rstrip(".:")
        if len(value) < 3 or not quoted and (match["sign"] == "(" or value[0] in ":=>|&+*/\\"):
            continue
        yield CATEGORIES[re.findall(WORD, key, re.IGNORECASE)[-1].lower()], value, key, quoted


def might_be_one(value, key, quoted, file, words):
    """Whether a literal might be a credential, for all that one can see: then nobody should learn that it is none."""
    if re.search(r"\$\w{1,8}\$\S{20,}", value):
        return True  # the hash of a password
    reference = re.search(r"[\s{}<>()\[\]|*]|^\$[A-Za-z_]|^[%@/.&#:!~-]|://", value)
    if reference or not value.isascii() or NO_VALUE.fullmatch(value):
        return False
    if re.search(r"_[a-z]{2}(_[A-Z]{2})?\.properties$", file):
        return False
    code = re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", value) or file.rpartition(".")[2].lower() not in SETTINGS
    if code and not quoted:
        return False
    if re.search(r"(Identifier(Key)?|KeyId|PrimaryRemote\w*)$", key) and re.fullmatch(r"[0-9A-Fa-f-]{20,}", value):
        return False
    if THE_SECRET_ITSELF.search(key):
        return not (quoted and len(value) > 40 and reads_as_words(value, words))
    if reads_as_words(value, words):
        return False
    if re.search(r"[0-9+=]", value):
        version = re.fullmatch(r"[\d.]+(-?[A-Za-z]+[.\d]*)?|v?\d+(\.\d+)+.*|0x[0-9a-f]{1,8}", value)
        return len(value) >= 6 and bool(re.search("[A-Za-z]", value)) and not version
    return len(value) >= 12 and bool(re.search("[a-z][A-Z]", value))


def reads_as_words(value, words):
    humps = [hump.lower() for hump in HUMP.findall(value)]
    letters = sum(map(len, humps))
    known = sum(len(hump) for hump in humps if hump in words or len(hump) < 3)
    return letters > 0 and known * 4 >= letters * 3 and sum(c.isdigit() for c in value) <= max(2, letters // 4)


def texts(folder):
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder).as_posix()
        if UNWRITTEN.search(file) or TRANSLATED.search(file) and not file.endswith(".properties"):
            continue
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_FILE:
            continue
        try:
            yield file, path.read_bytes().decode().split("\n")
        except UnicodeDecodeError:
            continue


def records(folder, right, wrong, words, most, draw):
    """At most `most` lines of a tree, in records that do not overlap."""
    candidates = []
    for file, lines in texts(folder):
        found = {}
        for at, line in enumerate(lines):
            place = (folder.name, file, at + 1)
            for category, value, key, quoted in assignments(line):
                if place in wrong or place not in right and not might_be_one(value, key, quoted, file, words):
                    found.setdefault(at, []).append((category, value, key))
        candidates += [(file, at, lines, found) for at in found]
    draw.shuffle(candidates)
    candidates.sort(key=lambda candidate: (folder.name, candidate[0], candidate[1] + 1) not in wrong)
    taken, times, count = collections.defaultdict(list), collections.Counter(), 0
    for file, at, lines, found in candidates:
        first, last = max(0, at - AROUND), min(len(lines), at + AROUND + 1)
        same = found[at][0][1:]
        if count >= most or times[same] == 3 or any(abs(at - other) <= 2 * AROUND for other in taken[file]):
            continue
        window = range(first, last)
        if any((folder.name, file, n + 1) in right or len(lines[n]) > LONGEST_LINE for n in window):
            continue
        times[same] += 1
        taken[file].append(at)
        labels = [{"line": n - first + 1, "line_end": n - first + 1, "truth": "F", "category": category, "info": False,
                   "value": value} for n in window for category, value, _ in found.get(n, ())]
        count += len({label["line"] for label in labels})
        text = "\n".join(lines[first:last]) + "\n"
        yield {"id": "", "repo": folder.name, "name": file, "text": text, "labels": labels}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--judged", type=Path, required=True, help="what a person says of the findings in the folders")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=700, help="lines of one folder")
    given = parser.parse_args()

    right, wrong = set(), set()
    for judged in map(json.loads, given.judged.read_text().splitlines()):
        places = right if judged["judged"] == "right" or judged.get("doubt") else wrong
        places.update((judged["repo"], judged["file"], n) for n in range(judged["line"], judged["line_end"] + 1))
    list_of_words = Path(__file__).resolve().parents[2] / "src" / "engine" / "score" / "words.txt"
    words = {word for line in list_of_words.read_text().splitlines() if line[0] != "#" for word in line.split()}

    draw, all_records = random.Random(5), []
    for folder in given.folders:
        those = list(records(folder, right, wrong, words, given.most, draw))
        lines = sum(len({label["line"] for label in record["labels"]}) for record in those)
        print(f"{folder.name}: {len(those)} records, {lines} lines")
        all_records += those
    draw.shuffle(all_records)
    with given.out.open("w", encoding="utf-8") as out:
        for number, record in enumerate(all_records, 1):
            record["id"] = f"neg-{number:05}"
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(f"{len(all_records)} records, {sum(len(record['labels']) for record in all_records)} labels")


if __name__ == "__main__":
    main()
