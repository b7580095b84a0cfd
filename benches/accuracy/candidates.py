"""Candidates with their features and labels: what `train.py` learns from.

Two kinds of text:

- *labelled* snippets, JSON lines. Each has an `id`, a `repo` (nothing is trained and tried on the same one), a `name` (a
  path), a `text`, and `labels`: `line` and `line_end` (from 1), `truth` (`T` a credential, anything else is none),
  `category`, `value`.
- *clean* trees: checked-out repositories that are well kept, so that next to nothing in them is a credential. What stands on
  lines that a list names (`--judged`, JSON lines with `repo`, `file`, `line`, `judged`) is left out.

`unspill explain --format jsonl` tells all candidates, however unlikely, with the features that the program itself
computed: nothing is computed twice, in two languages.
"""

import collections
import json
import math
import os
import random
import subprocess
import tempfile

# Identifier-like kinds count neither way.
SOFT = {"UUID", "AWS S3 Bucket", "Firebase Domain", "Tencent WeChat API App ID", "Salt", "Nonce", "Other"}
# What no other evidence makes up for, in thousandths of log-odds: such candidates are never asked of the model.
NEVER = -50_000


class Candidate:
    """One candidate; `truth` is 1 or 0, `weight` how much that is to be believed."""

    def __init__(self, record, repo, case=None):
        self.repo, self.case = repo, case
        self.lines = (record["line"], record["end_line"])
        self.file, self.rule, self.secret = record["file"], record["rule"], record["secret"]
        self.confidence = record["confidence"]
        self.features = record["features"]
        prior = min(max(record["prior"] / 100, 0.01), 0.99)
        self.prior = math.log(prior / (1 - prior))
        self.void = any(weight <= NEVER for _, weight, _ in record["reasons"])
        self.truth, self.weight = 0, 0.0

    def overlaps(self, first, last):
        return self.lines[0] <= last and first <= self.lines[1]


def explain(unspill, folder):
    """All candidates below a folder, as the program tells them."""
    command = [unspill, "explain", "--no-ignore", "--show-secrets", "--format", "jsonl", "."]
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    for line in run.stdout.decode("utf-8", "replace").splitlines():
        record = json.loads(line)
        record["file"] = record["file"].removeprefix("./")
        yield record


def in_folder(unspill, cases):
    """The candidates of snippets, each written to a folder of its id."""
    with tempfile.TemporaryDirectory() as root:
        for case in cases.values():
            path = os.path.join(root, case["id"], case["name"])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as out:
                out.write(case["text"])
        return list(explain(unspill, root))


def labelled(unspill, files):
    """The snippets by id, and their candidates."""
    cases = {}
    for file in files:
        for line in open(file, encoding="utf-8"):
            case = json.loads(line)
            cases[case["id"]] = case
    candidates = []
    for record in in_folder(unspill, cases):
        case = cases[record["file"].split("/")[0]]
        candidate = Candidate(record, case["repo"], case["id"])
        judge(candidate, case)
        candidates.append(candidate)
    return cases, candidates


def learnt_only(unspill, cases, words, weight):
    """The candidates of [`worded`] snippets: to learn from, never to be tried on."""
    made = {case["id"]: case for case in worded(cases, words)}
    for record in in_folder(unspill, made):
        case = made[record["file"].split("/")[0]]
        candidate = Candidate(record, case["repo"])
        judge(candidate, case)
        if candidate.truth == 1 and candidate.weight == 1.0:
            candidate.weight = weight
            yield candidate


def worded(cases, words, seed=11):
    """Snippets with a true password put in other words. In some labelled data true values were replaced by random ones, so
    that no password there is a word; people's passwords are. For each second short password a made-up one: a word with
    digits, two words, a word in disguise."""
    random_ = random.Random(seed)
    for case in cases.values():
        for label in case["labels"]:
            value = label["value"] or ""
            fits = label["truth"] == "T" and "Password" in label["category"] and 4 <= len(value) <= 24 and value.isascii()
            if not fits or " " in value or case["text"].count(value) != 1 or random_.random() < 0.5:
                continue
            first, second = random_.choice(words), random_.choice(words)
            disguise = first.translate(str.maketrans("aeios", random_.choice(["@3!0$", "4310$", "ae10s"])))
            digits = str(random_.randrange(10, 10 ** random_.randrange(2, 5)))
            made_up = random_.choice([
                first + digits, first.capitalize() + digits, first + second, first.capitalize() + second.capitalize() + digits,
                disguise, disguise + digits, first + "!" + digits, f"{first}-{second}", first + "_" + digits,
            ])
            yield dict(case, id=f"worded-{case['id']}-{label['line']}", text=case["text"].replace(value, made_up),
                       labels=[dict(label, value=made_up)])


def judge(candidate, case):
    """Truth by the labels of its lines: a label of the same value tells it best."""
    same, others = set(), set()
    for label in case["labels"]:
        if candidate.overlaps(label["line"], label["line_end"]):
            value, secret = label["value"] or "", candidate.secret
            is_same = value and (value in secret or secret in value)
            (same if is_same else others).add(label["truth"] == "T")
    if same:
        candidate.truth, candidate.weight = int(True in same), 1.0
    elif others:
        # A true one on the line makes the report right, whichever value it names; but this one is hardly it.
        candidate.truth, candidate.weight = int(True in others), 0.3 if True in others else 0.7
    else:
        candidate.truth, candidate.weight = 0, 0.3


def clean(unspill, folders, judged, weight):
    """The candidates of well-kept trees: none is a credential, except on the lines that are judged to hold one."""
    real = collections.defaultdict(set)
    for line in open(judged, encoding="utf-8") if judged else ():
        record = json.loads(line)
        if record["judged"] == "right":
            real[record["repo"], record["file"].removeprefix("./")].add(record["line"])
    candidates = []
    for folder in folders:
        repo = os.path.basename(os.path.normpath(folder))
        for record in explain(unspill, folder):
            candidate = Candidate(record, repo)
            if not any(candidate.overlaps(line, line) for line in real[repo, candidate.file]):
                candidate.weight = weight
                candidates.append(candidate)
    return candidates


def items(case):
    """The labelled ranges of a snippet that count, by range."""
    ranges = {}
    for label in case["labels"]:
        key = (label["line"], label["line_end"])
        if key not in ranges or (label["truth"] == "T" and ranges[key]["truth"] != "T"):
            ranges[key] = label
    return ranges


def counts(label):
    return not (set(label["category"].split(":")) <= SOFT or (label["truth"] == "T" and label.get("info")))
