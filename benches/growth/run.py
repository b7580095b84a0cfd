#!/usr/bin/env python3
"""Measures how unspill's time and memory grow: with the history, rules and threads, and with inputs made to be hard.

    python3 benches/growth/run.py history REPO     1/8, 1/4, 1/2 and all of a repository's commits
    python3 benches/growth/run.py rules REPO       100 rules to 5,000
    python3 benches/growth/run.py threads REPO     1 thread and 2
    python3 benches/growth/run.py hostile          a million secrets, one line of 100 MB, a file of 2 GB: 1/4, 1/2, all

Build unspill first: cargo build --release. REPO is only read; what is made of it goes into a temporary folder (TMPDIR),
`hostile` needs 6 GB there. The method stands in ../README.md.
"""

import argparse
import datetime
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "compare"))
# Nothing is left behind in the checkout.
sys.dont_write_bytecode = True

import history
import hostile
import plot
import rules
from measure import cost, last_words, machine, mib, span, without_network

SHARES = [8, 4, 2, 1]
REPORT = ["--no-progress", "--format", "jsonl", "--output", "{out}"]
GIT = ["unspill", "git", "{repo}", *REPORT]
DIR = ["unspill", "dir", "{file}", *REPORT]


def main() -> int:
    options = arguments()
    unspill = os.path.abspath(options.unspill or ROOT / "target/release/unspill")
    if not os.access(unspill, os.X_OK):
        sys.exit(f"{unspill} is not there: cargo build --release, or --unspill PROGRAM")
    repo = pathlib.Path(options.target).resolve() if options.target else None
    if options.dimension != "hostile" and not (repo and repo.is_dir()):
        sys.exit(f"which repository? run.py {options.dimension} REPO")
    cut_off = without_network()
    with tempfile.TemporaryDirectory(prefix="unspill-growth-") as folder:
        made = pathlib.Path(folder, "made")
        made.mkdir()
        dimension = {"history": by_history, "rules": by_rules, "threads": by_threads, "hostile": by_input}
        points, tell = dimension[options.dimension](options, unspill, repo, made)
        load_before = os.getloadavg()[0]
        measure(points, unspill, options, folder)
        load = (load_before, os.getloadavg()[0])
    table, panels = tell(points)
    for panel in panels:
        panel["title"] += f": {options.name}" if repo else ""
    text = record(options, unspill, table, points, cut_off, load)
    print(text)
    if options.record:
        with open(options.record, "a", encoding="utf-8") as file:
            file.write("\n" + text)
    if options.plots:
        (pathlib.Path(options.plots) / f"{options.dimension}.svg").write_text(plot.figure(panels), encoding="utf-8")
    return 0


def arguments() -> argparse.Namespace:
    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(",")]

    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dimension", choices=["history", "rules", "threads", "hostile"], help="what grows, see above")
    parser.add_argument("target", nargs="?", metavar="REPO", help="the repository to scan")
    parser.add_argument("--rounds", type=int, default=5, help="times to measure each size, after a warm-up [5]")
    parser.add_argument("--timeout", type=float, default=600, metavar="SECONDS",
                        help="give up if a run takes longer [600]")
    parser.add_argument("--rules", type=numbers, default=[100, 500, 1_000, 0, 2_500, 5_000], metavar="A,B",
                        help="numbers of rules, 0 for all that are built in [100,500,1000,0,2500,5000]")
    parser.add_argument("--threads", type=numbers, default=[1, 2], metavar="A,B", help="numbers of threads [1,2]")
    parser.add_argument("--scale", type=float, default=1, metavar="SHARE",
                        help="hostile: this share of the full sizes, to try it out [1]")
    parser.add_argument("--unspill", metavar="PROGRAM", help="the unspill to run [target/release/unspill]")
    parser.add_argument("--name", help="what to call REPO in the record, such as git/git [its last part]")
    parser.add_argument("--note", default="", help="a sentence to add to the record")
    parser.add_argument("--record", metavar="FILE", help="append the record to this Markdown file")
    parser.add_argument("--plots", metavar="FOLDER", help="write the plot into this folder, as DIMENSION.svg")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    options.name = options.name or pathlib.Path(options.target or "").resolve().name
    return options


# -- Runs -------------------------------------------------------------------------------------------------------------


def measure(points: list[dict], unspill: str, options: argparse.Namespace, folder: str) -> None:
    """Runs all points once to warm up, and then in rounds, each in turn; what they cost goes into their `runs`."""
    out = pathlib.Path(folder, "out")
    for number in range(0 if warms(options) else 1, options.rounds + 1):
        for point in points:
            out.unlink(missing_ok=True)
            places = {"unspill": unspill, **point["places"], "{out}": str(out)}
            command = [places.get(part, part) for part in point["command"]]
            one = cost(command, folder, options.timeout)
            if "timeout" in one or one["code"] not in (0, 1, 2):
                sys.exit(f"{point['label']}: {one}\n{last_words(folder)}")
            print(f"{f'round {number}' if number else 'warm-up'}: {point['label']}: {one['wall']:.3f} s, "
                  f"{mib(one['peak'])} MiB, exit code {one['code']}", file=sys.stderr)
            # The last line is the summary.
            one["findings"] = max(0, lines(out) - 1)
            if number:
                point["runs"].append(one)


def warms(options: argparse.Namespace) -> bool:
    """Whether a warm-up is needed: not for files that were written a moment ago."""
    return options.dimension != "hostile"


def lines(path: pathlib.Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def point(label: str, x: float, command: list[str], places: dict[str, str], **more) -> dict:
    """One size of what grows: what to call it, how large it is, and the command with what stands in for its places."""
    return {"label": label, "x": x, "command": command, "places": places, "runs": [], **more}


def middle(point: dict, key: str) -> float:
    return statistics.median(one[key] for one in point["runs"])


def exponent(points: list[dict], key: str, x=lambda point: point["x"]) -> float:
    """The slope of cost over size, both as logarithms, by least squares: 1 is linear, 2 quadratic."""
    xs = [math.log(x(point)) for point in points]
    ys = [math.log(max(middle(point, key), 1e-9)) for point in points]
    mean_x, mean_y = statistics.fmean(xs), statistics.fmean(ys)
    spread = sum((a - mean_x) ** 2 for a in xs)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(xs, ys)) / spread if spread else 0.0


# -- What grows -------------------------------------------------------------------------------------------------------


def by_history(options, unspill, repo, made):
    commits = history.commits(repo)
    points = []
    for share in SHARES:
        part = commits[: max(1, len(commits) // share)]
        print(f"making 1/{share}: {len(part):,} commits", file=sys.stderr)
        sizes = history.cut(repo, part, made / f"part-{share}")
        label = "all" if share == 1 else f"1/{share}"
        points.append(point(label, len(part), GIT, {"{repo}": str(made / f"part-{share}")}, **sizes))
    return points, tell_history


def slope(what: str, points: list[dict], key: str) -> str:
    return f"growth exponent of {what}: {exponent(points, key):.2f} (1 is linear)"


def tell_history(points):
    table = head("part", "commits", "objects", "blobs, MB", "pack, MiB")
    for one in points:
        table.append(row([one["label"], f"{one['x']:,}", f"{one['objects']:,}", f"{one['blobs'] / 1e6:,.0f}",
                          mib(one["pack"])], one))
    over = {"commits": "x", "objects": "objects", "bytes of blobs": "blobs", "bytes of the pack": "pack"}
    grown = [f"{exponent(points, 'cpu', lambda point: point[key]):.2f} over {what}" for what, key in over.items()]
    table += ["", f"Growth exponents of CPU time (1 is linear): {', '.join(grown)}. "
                  f"Of peak memory: {exponent(points, 'peak'):.2f} over commits."]
    return table, panels("A whole history", "commits", points, slope("CPU time", points, "cpu"),
                         slope("memory", points, "peak"))


def by_rules(options, unspill, repo, made):
    built_in = rules.builtin(unspill)
    empty = made / "empty"
    empty.touch()
    points = []
    for count in sorted(number or len(built_in) for number in options.rules):
        config = made / f"rules-{count}.toml"
        generic = rules.write(config, built_in, count)
        # All that are built in need no configuration: that is how they are used.
        given = [] if count == len(built_in) else ["--config", "{config}"]
        label = f"{count:,}" + (" (all built in)" if not given else "")
        places = {"{repo}": str(repo), "{file}": str(empty), "{config}": str(config)}
        points.append(point(label, count, [*GIT, *given], places, generic=generic, kind="scan"))
        points.append(point(f"{label}, start", count, [*DIR, *given], places, kind="start"))
    return points, tell_rules


def tell_rules(points):
    scans = [point for point in points if point["kind"] == "scan"]
    starts = [point for point in points if point["kind"] == "start"]
    table = head("rules", "of them generic")
    table[0] += " start, CPU s |"
    table[1] += "---:|"
    for scan, start in zip(scans, starts):
        table.append(row([scan["label"], str(scan["generic"])], scan) + f" {middle(start, 'cpu'):.3f} |")
    table += ["", f"Growth exponents over rules (0 is none, 1 is linear): CPU time {exponent(scans, 'cpu'):.2f}, peak "
                  f"memory {exponent(scans, 'peak'):.2f}. Start is a run on an empty file with the same rules: those "
                  "that are built in are constants of the program, a configuration must be read."]
    shown = panels("A whole history", "rules", scans, slope("CPU time", scans, "cpu"), slope("memory", scans, "peak"),
                   even=False)
    shown[0]["lines"].append(("start, CPU", curve(starts, "cpu")))
    return table, shown


def by_threads(options, unspill, repo, made):
    places = {"{repo}": str(repo)}
    return [point(str(count), count, [*GIT, "--jobs", str(count)], places) for count in options.threads], tell_threads


def tell_threads(points):
    table = head("threads")
    table[0] += " times as fast |"
    table[1] += "---:|"
    first, last = points[0], points[-1]
    for one in points:
        table.append(row([one["label"]], one) + f" {middle(first, 'wall') / middle(one, 'wall'):.2f} |")
    faster, dearer = middle(first, "wall") / middle(last, "wall"), middle(last, "cpu") / middle(first, "cpu")
    note = f"{last['label']} threads: {faster:.2f} times as fast, {dearer:.2f} times the CPU time"
    return table, panels("A whole history", "threads", points, note,
                         f"{middle(last, 'peak') / middle(first, 'peak'):.2f} times the memory", even=False)


def by_input(options, unspill, repo, made):
    points = []
    for name, make, full, unit in hostile.INPUTS:
        for share in (4, 2, 1):
            size = max(1, round(full * options.scale / share))
            path = made / f"{make.__name__}-{share}"
            print(f"making {name}: {size:,} {unit}", file=sys.stderr)
            make(path, size)
            label = f"{size:,} {name}" if unit != "bytes" else f"{name}, {size / 1e6:,g} MB"
            places = {"{file}": str(path)}
            points.append(point(label, size, DIR, places, kind=name, unit=unit, size=path.stat().st_size))
    return points, tell_inputs


def tell_inputs(points):
    table = head("input", "MB")
    table[0] += " MB/s |"
    table[1] += "---:|"
    for one in points:
        speed = one["size"] / 1e6 / middle(one, "wall")
        table.append(row([one["label"], f"{one['size'] / 1e6:,.1f}"], one) + f" {speed:,.1f} |")
    shown, grown = [], []
    for name in dict.fromkeys(one["kind"] for one in points):
        some = [one for one in points if one["kind"] == name]
        grown.append(f"{name}: {exponent(some, 'cpu'):.2f}")
        x = "thousand secrets" if some[0]["unit"] == "secrets" else "MB"
        scale = 1e3 if some[0]["unit"] == "secrets" else 1e6
        shown += panels(name.capitalize(), x, some, slope("CPU time", some, "cpu"), "", scale=scale)
    table += ["", f"Growth exponents of CPU time (1 is linear): {'; '.join(grown)}."]
    return table, shown


# -- Telling ----------------------------------------------------------------------------------------------------------


def head(*columns: str) -> list[str]:
    """The first two lines of a table: what is measured stands behind what it is measured of."""
    measured = ["wall s (min–max)", "CPU s (min–max)", "peak MiB", "findings"]
    return [f"| {' | '.join([*columns, *measured])} |", "|---|" + "---:|" * (len(columns) + len(measured) - 1)]


def row(cells: list[str], point: dict) -> str:
    runs = point["runs"]
    incomplete = " (incomplete)" if any(one["code"] == 2 for one in runs) else ""
    cells = [cells[0] + incomplete, *cells[1:], span(runs, "wall"), span(runs, "cpu"), mib(middle(point, "peak")),
             f"{round(middle(point, 'findings')):,}"]
    return f"| {' | '.join(cells)} |"


def curve(points: list[dict], key: str, scale: float = 1, unit: float = 1) -> list[tuple]:
    """Points of a line: size, then median, minimum and maximum of a cost."""
    def values(one: dict) -> list[float]:
        return [run[key] / unit for run in one["runs"]]

    return [(one["x"] / scale, statistics.median(values(one)), min(values(one)), max(values(one))) for one in points]


def panels(title, x, points, note, memory_note, even=True, scale=1) -> list[dict]:
    """Two panels: time and peak memory over size, which is shown in units of `scale`."""
    times = [("CPU", curve(points, "cpu", scale)), ("wall", curve(points, "wall", scale))]
    memory = [("peak", curve(points, "peak", scale, 2**20))]
    return [
        {"title": title, "x": x, "y": "seconds", "lines": times, "note": note, "even": even},
        {"title": title, "x": x, "y": "peak memory, MiB", "lines": memory, "note": memory_note},
    ]


def record(options, unspill, table, points, cut_off, load) -> str:
    """The table and all one needs to know to run it again, in Markdown."""
    version = subprocess.run([unspill, "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    of = f" of {options.name}" if options.dimension != "hostile" else ""
    commands = dict.fromkeys(" ".join(one["command"]) for one in points)
    lines = [
        f"## growth: {options.dimension}{of}", "",
        f"{datetime.date.today()} · {machine()} · load {load[0]:.1f} before, {load[1]:.1f} after · "
        f"{options.rounds} rounds{' after a warm-up' if warms(options) else ''}, interleaved · "
        f"{'no network' if cut_off else 'network NOT cut off'}", "",
    ]
    if options.note:
        lines += [options.note, ""]
    lines += [*table, ""]
    if options.plots:
        lines += [f"![{options.dimension}](growth/{options.dimension}.svg)", ""]
    return "\n".join([*lines, "```text", *(f"{version}: {command}" for command in commands), "```", ""])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read this has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
