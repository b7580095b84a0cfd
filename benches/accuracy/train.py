#!/usr/bin/env python3
"""Trains the model that weighs values without a form of their own, and says how good it is on what it was not trained on.

    python3 benches/accuracy/train.py --labelled dev.jsonl --clean TREE... [--judged judged.jsonl] [--write]

Needs `lightgbm`, `numpy` and `scikit-learn`, and a built `unspill` (`--unspill`, by default target/release/unspill).
`candidates.py` says what the inputs look like.

Two groups of boosted trees, in one sum of log-odds on top of the rule's own confidence: *local* ones, of the features that
the bytes about a value tell, and *place* ones, of the features of its path and a few traits of the value, trained on
what the local ones leave. All numbers that are printed are of cross-validation over repositories: every candidate was
weighed by trees that saw none of its repository. The final model is trained on all.

`--write` writes `src/engine/score/model.txt`: a line of feature names, then a tree on each line, nodes in the order that they
are reached, left before right. `feature<threshold` asks (the number of a name), `weight*count` is a leaf: thousandths of
log-odds, and how much of the training data it was made from.
"""

import argparse
import collections
import sys
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.model_selection import GroupKFold

import candidates as data

MODEL = Path(__file__).resolve().parents[2] / "src/engine/score/model.txt"
WORDS = MODEL.with_name("words.txt")
# Features of the path, and the traits of the value that trees of place may ask (`TRAITS` in features/mod.rs).
PLACE = "file_kind file_test file_example file_docs file_vendor file_config file_generated file_source".split()
TRAITS = "local rule_kind name_word quote words_cost words_known code length".split()
LOCAL_TREES = dict(rounds=250, num_leaves=10, learning_rate=0.06, min_data_in_leaf=12, lambda_l2=3.0)
PLACE_TREES = dict(rounds=15, num_leaves=6, learning_rate=0.06, min_data_in_leaf=40, lambda_l2=10.0)
# Kinds of evidence by the beginnings of their features' names, for the ablation.
KINDS = {
    "name": ("name_", "name:"),
    "words": ("words_", "letters_longest", "vowels", "prose"),
    "randomness": ("entropy", "bits", "distinct", "classes", "switches", "runs_share", "half_balance"),
    "placeholder": ("stand_", "keyboard", "repeats_name", "says_", "monotonous", "common_password", "encodes_words"),
    "syntax": ("rule_kind", "quote", "operator", "spaced", "before_name", "after_value", "first_on_line", "indentation",
               "comment", "line_", "markup", "neighbour_", "escaped_text", "distance", "url_"),
    "place": tuple(PLACE),
}


class Table:
    """Candidates as numbers."""

    def __init__(self, candidates):
        self.rows = [c for c in candidates if c.features and not c.void]
        names = sorted({name for c in self.rows for name in c.features} - {"local"})
        self.local = [name for name in names if name not in PLACE]
        self.place = PLACE + TRAITS
        local = {name: i for i, name in enumerate(self.local)}
        place = {name: len(local) + i for i, name in enumerate(self.place)}
        self.x = np.zeros((len(self.rows), len(local) + len(place)), dtype=np.float32)
        for i, candidate in enumerate(self.rows):
            for name, value in candidate.features.items():
                for column in (local, place):
                    if name in column:
                        self.x[i, column[name]] = value
        self.y = np.array([c.truth for c in self.rows])
        self.w = np.array([c.weight for c in self.rows])
        self.prior = np.array([c.prior for c in self.rows])
        self.groups = np.array([c.repo for c in self.rows])

    def folds(self, n):
        return list(GroupKFold(n, shuffle=True, random_state=7).split(self.x, self.y, self.groups))


def boost(x, y, w, init, shape, seed=1):
    shape = dict(shape)
    rounds = shape.pop("rounds")
    params = dict(objective="binary", verbose=-1, seed=seed, deterministic=True, force_row_wise=True, num_threads=2,
                  feature_fraction=0.5, bagging_fraction=0.8, bagging_freq=1, **shape)
    return lightgbm.train(params, lightgbm.Dataset(x, y, weight=w, init_score=init), rounds)


def cross(table, columns, folds, init, shape):
    """Log-odds of every candidate, from trees that saw none of its repository."""
    out = np.zeros(len(table.y))
    for train, test in folds:
        model = boost(table.x[np.ix_(train, columns)], table.y[train], table.w[train], init[train], shape)
        out[test] = init[test] + model.predict(table.x[np.ix_(test, columns)], raw_score=True)
    return out


class Weighed:
    """Cross-validated log-odds, of local evidence and of all; `without`: beginnings of features to leave out."""

    def __init__(self, table, folds, without=()):
        keep = [not without or not name.startswith(tuple(without)) for name in table.local + table.place]
        columns = [i for i in range(len(table.local)) if keep[i]]
        trees = cross(table, columns, folds, table.prior, LOCAL_TREES) - table.prior
        self.slope, self.shift = calibrate(table, table.prior, trees)
        self.local = table.prior + self.slope * trees + self.shift
        table.x[:, len(table.local) + table.place.index("local")] = np.clip(self.local * 1000, -12000, 12000)
        places = [i for i in range(len(table.local), len(keep)) if keep[i]]
        trees = cross(table, places, folds, self.local, PLACE_TREES) - self.local
        _, self.place_shift = calibrate(table, self.local, trees, slope=1.0)
        self.score = self.local + trees + self.place_shift


def calibrate(table, base, trees, slope=None):
    """Slope and shift of the trees' part, on top of `base`, that make the log-odds true (Platt scaling by Newton's method), for
    the labelled snippets: how rare credentials are in well-kept trees is no property of a candidate. With a slope that is
    given, the shift alone."""
    weight = np.array([c.weight if c.case and c.weight >= 0.7 else 0.0 for c in table.rows])
    a, b = slope or 1.0, 0.0
    for _ in range(30):
        p = 1 / (1 + np.exp(-(base + a * trees + b)))
        g, h = weight * (p - table.y), weight * p * (1 - p) + 1e-9
        if slope:
            b -= g.sum() / h.sum()
            continue
        hessian = np.array([[(h * trees**2).sum(), (h * trees).sum()], [(h * trees).sum(), h.sum()]])
        a, b = np.array([a, b]) - np.linalg.solve(hessian, np.array([(g * trees).sum(), g.sum()]))
    return a, b


def evaluate(cases, others, table, score, threshold):
    """Recall, precision, F1 over labelled lines as the scorer of the data counts them, and the counts by category."""
    found = collections.defaultdict(list)
    for candidate in others:
        if candidate.case and candidate.confidence >= 50:
            found[candidate.case].append(candidate)
    for candidate, s in zip(table.rows, score):
        if candidate.case and s >= threshold:
            found[candidate.case].append(candidate)
    tp = fn = fp = 0
    by_category = collections.defaultdict(lambda: [0, 0, 0, 0])
    for case in cases.values():
        ranges = data.items(case)
        for (first, last), label in ranges.items():
            if not data.counts(label):
                continue
            over = [c for c in found[case["id"]] if c.overlaps(first, last)]
            if label["truth"] == "T":
                tp, fn = tp + bool(over), fn + (not over)
                column = 0
                hit = bool(over)
            else:
                true_too = any(c.overlaps(a, b) for c in over for (a, b), l in ranges.items() if l["truth"] == "T")
                hit = bool(over) and not true_too
                fp += hit
                column = 2
            for category in set(label["category"].split(":")):
                by_category[category][column] += 1
                by_category[category][column + 1] += hit
    recall, precision = tp / max(tp + fn, 1), tp / max(tp + fp, 1)
    return recall, precision, 2 * recall * precision / max(recall + precision, 1e-9), by_category


def show(name, result):
    recall, precision, f1, _ = result
    print(f"{name:24} recall {100 * recall:5.1f}  precision {100 * precision:5.1f}  F1 {100 * f1:5.1f}")


def reliability(table, score):
    print("\nreliability: confidence, candidates of labelled snippets, share that is real")
    chance = 100 / (1 + np.exp(-score))
    is_labelled = np.array([c.case is not None for c in table.rows]) & (table.w >= 0.7)
    for low in range(0, 100, 10):
        inside = is_labelled & (chance >= low) & (chance < low + 10 + (low == 90))
        if inside.any():
            print(f"  {low:3}-{low + 10:<4} {inside.sum():6}  {100 * table.y[inside].mean():5.1f} %")


def lines_of(model, names, numbers, scale, kind):
    """The trees of a model as lines of text."""
    for tree in model.dump_model()["tree_info"]:
        yield kind + " " + " ".join(nodes(tree["tree_structure"], names, numbers, scale))


def nodes(node, names, numbers, scale):
    if "leaf_value" in node:
        return [f"{round(node['leaf_value'] * scale * 1000)}*{max(1, node.get('leaf_count', 1))}"]
    number = numbers.setdefault(names[node["split_feature"]], len(numbers))
    left, right = nodes(node["left_child"], names, numbers, scale), nodes(node["right_child"], names, numbers, scale)
    return [f"{number}<{int(np.floor(node['threshold']))}", *left, *right]


def write(table, weighed):
    """Trains on everything and writes the model."""
    columns = list(range(len(table.local)))
    local = boost(table.x[:, columns], table.y, table.w, table.prior, LOCAL_TREES)
    places = [len(table.local) + i for i in range(len(table.place))]
    # The trees of place see the local log-odds as they will be, calibrated, and learn from those that were held back.
    place = boost(table.x[:, places], table.y, table.w, weighed.local, PLACE_TREES)
    numbers, lines = {}, []
    lines.append(f"local {round(weighed.shift * 1000)}*1")
    lines.extend(lines_of(local, table.local, numbers, weighed.slope, "local"))
    lines.append(f"place {round(weighed.place_shift * 1000)}*1")
    lines.extend(lines_of(place, table.place, numbers, 1.0, "place"))
    head = ["# The model of src/engine/score/forest.rs, written by benches/accuracy/train.py, which describes it.",
            "features " + " ".join(sorted(numbers, key=numbers.get))]
    MODEL.write_text("\n".join(head + lines) + "\n")
    print(f"\n{MODEL}: {len(lines)} trees, {len(numbers)} features, {MODEL.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unspill", default="target/release/unspill")
    parser.add_argument("--labelled", nargs="+", required=True)
    parser.add_argument("--clean", nargs="*", default=[])
    parser.add_argument("--judged")
    parser.add_argument("--clean-weight", type=float, default=0.2)
    parser.add_argument("--worded-weight", type=float, default=0.3)
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--ablation", action="store_true", help="try each kind of evidence away, too")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    unspill = str(Path(args.unspill).resolve())
    cases, found = data.labelled(unspill, args.labelled)
    found += data.clean(unspill, args.clean, args.judged, args.clean_weight)
    if args.worded_weight > 0:
        words = [word for line in WORDS.read_text().splitlines() if not line.startswith("#") for word in line.split()]
        words = [word for word in words if 4 <= len(word) <= 9]
        found += data.learnt_only(unspill, cases, words, args.worded_weight)
    others = [c for c in found if not c.features]
    table = Table(found)
    print(f"{len(table.rows)} candidates, {int(table.y.sum())} real; {len(set(table.groups))} repositories")
    folds = table.folds(args.folds)
    weighed = Weighed(table, folds)
    score = weighed.score
    print(f"slope {weighed.slope:.3f}, shifts {weighed.shift:.3f} and {weighed.place_shift:.3f}")
    for chance in (20, 35, 50, 65, 80):
        show(f"at {chance} or more", evaluate(cases, others, table, score, np.log(chance / (100 - chance))))
    show("ceiling", evaluate(cases, others, table, np.full(len(score), 9.0), 0))
    clean_rows = np.array([c.case is None for c in table.rows])
    for repo in sorted(set(table.groups[clean_rows])):
        inside = clean_rows & (table.groups == repo)
        print(f"  {repo:26} {inside.sum():6} candidates, {(score[inside] >= 0).sum():4} at 50 or more")
    reliability(table, score)
    result = evaluate(cases, others, table, score, 0.0)
    print(f"\n{'category':34}{'true':>6}{'recall':>8}{'other':>7}{'wrong':>7}")
    for category, (true, hit, other, wrong) in sorted(result[3].items(), key=lambda item: -item[1][0]):
        print(f"{category:34}{true:6}{100 * hit / true if true else 100:8.1f}{other:7}{wrong:7}")
    if args.ablation:
        print("\nwithout")
        for kind, beginnings in KINDS.items():
            show(kind, evaluate(cases, others, table, Weighed(table, folds, beginnings).score, 0.0))
    if args.write:
        write(table, weighed)


if __name__ == "__main__":
    sys.exit(main())
