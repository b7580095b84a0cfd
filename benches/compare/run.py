#!/usr/bin/env python3
"""Runs unspill and its peers, turn and turn about, on a repository or folder of yours, and says what each run cost.

    python3 benches/compare/run.py history PATH     every commit and object of a git repository
    python3 benches/compare/run.py folder PATH      the files below a folder
    python3 benches/compare/run.py staged PATH      what is staged in a repository
    python3 benches/compare/run.py stdin FILE       a file, given on standard input
    python3 benches/compare/run.py again PATH       a whole history once more, with what a cache remembers of it
    python3 benches/compare/run.py peers            which peers are here, and how to install those that are not
    python3 benches/compare/run.py corpora          public repositories to try it on
    python3 benches/compare/run.py table            the README's short table, out of benches/RESULTS.md

Build unspill first: cargo build --release. Nothing is installed. unspill writes nothing below PATH, but some peers do for
staged work: run that on a copy. Peers and their exact commands stand in peers.toml; what is measured, and what the
numbers do not say, in ../README.md.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

# Nothing is left behind in the checkout.
sys.dont_write_bytecode = True

import summary
from measure import cost, last_words, machine, medians, mib, span, without_network

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORKS = {"history": "repo", "again": "repo", "folder": "dir", "staged": "repo", "stdin": "file"}
OURS = "unspill"


def main() -> int:
    options = arguments()
    peers = tomllib.loads((HERE / "peers.toml").read_text())["peer"]
    if options.peers:
        unknown = set(options.peers) - {peer["name"] for peer in peers}
        if unknown:
            sys.exit(f"no such peer: {', '.join(sorted(unknown))}; see `run.py peers`")
        peers = [peer for peer in peers if peer["name"] in options.peers or peer["name"] == OURS]
    # What was named on the command line wins over this checkout's build, and both over what happens to be in PATH.
    ours = [str(ROOT / "target/release")] if not options.unspill else []
    os.environ["PATH"] = os.pathsep.join([*map(os.path.abspath, options.path), *ours, os.environ.get("PATH", "")])
    if options.unspill:
        for peer in peers:
            if peer.get("program", peer["name"]) == OURS:
                peer["program"] = os.path.abspath(options.unspill)
    if options.work == "peers":
        return list_peers(peers)
    if options.work == "corpora":
        return list_corpora()
    if options.work == "table":
        return short_table(options, peers)
    if not options.target:
        sys.exit(f"what to run on? run.py {options.work} PATH")
    target = pathlib.Path(options.target).resolve()
    if not target.exists():
        sys.exit(f"{options.target}: no such file or folder")
    cut_off = without_network()
    return compare(options, peers, target, cut_off)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", choices=[*WORKS, "peers", "corpora", "table"], help="the kind of work, see above")
    parser.add_argument("target", nargs="?", metavar="PATH", help="the repository, folder or file to run on")
    parser.add_argument("--rounds", type=int, default=5, help="times to run each peer, after a warm-up [5]")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS",
                        help="stop a run that takes longer, and leave that peer out of the other rounds [300]")
    parser.add_argument("--slow", type=float, default=30, metavar="SECONDS",
                        help="a peer whose warm-up takes longer has run enough: that run counts as its only one [30]")
    parser.add_argument("--peers", type=lambda names: [name.strip() for name in names.split(",")], metavar="A,B",
                        help="only these peers beside unspill [all that are installed]")
    parser.add_argument("--path", action="append", default=[], metavar="FOLDER",
                        help="a folder to look for peers in, before PATH; may be repeated")
    parser.add_argument("--unspill", metavar="PROGRAM", help="the unspill to run [target/release/unspill]")
    parser.add_argument("--name", help="what to call PATH in the table, such as rust-lang/cargo [its last part]")
    parser.add_argument("--note", default="", help="a sentence to add to the record")
    parser.add_argument("--record", metavar="FILE", help="append the table to this Markdown file")
    parser.add_argument("--into", metavar="FILE", help="table: put it between the marks in this file")
    parser.add_argument("--check", metavar="FILE", help="table: exit with 1 if it is not what stands in this file")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    return options


# -- Peers ------------------------------------------------------------------------------------------------------------


def program(peer: dict) -> str | None:
    """Where the program of a peer is, if it is installed."""
    return shutil.which(peer.get("program", peer["name"]))


def version(peer: dict) -> str:
    """What the version command prints: the first thing in it that looks like a version."""
    command = [program(peer), *peer["version"][1:]]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    found = re.search(r"\d+(\.\d+)+\S*", done.stdout + done.stderr)
    if found:
        return found.group()
    # Built from source without the stamp of a release: the toolchain may know the module's version.
    if shutil.which("go"):
        done = subprocess.run(["go", "version", "-m", command[0]], capture_output=True, text=True)
        found = re.search(r"^\s*mod\s+\S+\s+v(\S+)", done.stdout, re.MULTILINE)
        if found:
            return found.group(1)
    return "of unknown version"


def list_peers(peers: list[dict]) -> int:
    for peer in peers:
        works = ", ".join(work for work in WORKS if work in peer["commands"])
        here = version(peer) if program(peer) else f"missing; to install: {peer['install']}"
        print(f"{peer['name']} ({works}): {here}")
    return 0


def list_corpora() -> int:
    for corpus in tomllib.loads((HERE / "corpora.toml").read_text())["corpus"]:
        print(f"{corpus['name']} ({corpus['kind']}): {corpus['size']}\n    {corpus['get']}")
    return 0


def short_table(options: argparse.Namespace, peers: list[dict]) -> int:
    results = pathlib.Path(options.target) if options.target else ROOT / "benches/RESULTS.md"
    text = summary.table(results.read_text(encoding="utf-8"), peers, OURS)
    if options.check or options.into:
        same = summary.put_into(pathlib.Path(options.check or options.into), text, bool(options.check))
        return 1 if options.check and not same else 0
    print(text, end="")
    return 0


# -- One run ----------------------------------------------------------------------------------------------------------


def run(peer: dict, work: str, target: pathlib.Path, folder: str, timeout: float) -> dict:
    """Runs a peer once. Gives seconds of wall and CPU, peak memory in bytes, exit code and number of findings."""
    places = {"out": f"{folder}/out", WORKS[work]: str(target)}
    for name in ("out", "stdout", "stderr"):
        pathlib.Path(folder, name).unlink(missing_ok=True)
    command = [fill(part, places) for part in peer["commands"][work]]
    command[0] = program(peer)
    count = peer.get("count", {})
    # What nobody reads is not written: megabytes of it would measure the disk.
    stdout = f"{folder}/stdout" if count.get("in") == "stdout" else os.devnull
    given = str(target) if work == "stdin" else os.devnull
    one = cost(command, folder, timeout, given, stdout)
    if "timeout" in one:
        return one
    one["findings"] = findings(count, folder)
    one["accepted"] = one["code"] in peer.get("exit", [0])
    one["incomplete"] = one["code"] in peer.get("incomplete", [])
    return one


def fill(part: str, places: dict[str, str]) -> str:
    """Puts paths in place of {repo}, {dir}, {file} and {out}; other braces stay."""
    return re.sub(r"\{(repo|dir|file|out)\}", lambda name: places[name.group(1)], part)


def findings(count: dict, folder: str) -> int | None:
    """How many findings a run reported, by the peer's way of saying so. None where it has none, or said nothing."""
    path = pathlib.Path(folder, count.get("in", "out"))
    if not count:
        return None
    text = path.read_text(errors="replace") if path.exists() else ""
    if count.get("lines"):
        return sum(1 for line in text.splitlines() if line.strip())
    for document in documents(text):
        if (number := size_at(document, count["json"].split(".") if count["json"] else [])) is not None:
            return number
    return None


def documents(text: str):
    """The JSON documents of a text that holds one after the other."""
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            document, at = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield document


def size_at(value, path: list[str]) -> int | None:
    """The length of the list at a path of keys; `*` adds up all values there. A number counts as itself."""
    if not path:
        if value is None:
            return 0
        return len(value) if isinstance(value, list) else value if isinstance(value, int) else None
    if not isinstance(value, dict):
        return None
    if path[0] == "*":
        return sum(size_at(each, path[1:]) or 0 for each in value.values())
    return size_at(value[path[0]], path[1:]) if path[0] in value else None


# -- All runs ---------------------------------------------------------------------------------------------------------


def compare(options: argparse.Namespace, peers: list[dict], target: pathlib.Path, cut_off: bool) -> int:
    able = [peer for peer in peers if options.work in peer["commands"]]
    missing = [peer for peer in able if not program(peer)]
    runners = [peer for peer in able if program(peer)]
    if not any(peer["name"] == OURS for peer in runners):
        sys.exit("unspill is not there: cargo build --release, or --unspill PROGRAM")
    runs: dict[str, list[dict]] = {peer["name"]: [] for peer in runners}
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="unspill-compare-") as folder:
        floor = run({"name": "true", "commands": {options.work: ["true"]}}, options.work, target, folder, 60)["peak"]
        # Round 0 warms the page cache and the caches that peers keep. It is thrown away, but for peers that take long.
        done = set()
        for number in range(options.rounds + 1):
            for peer in runners:
                name = peer["name"]
                if name in done:
                    continue
                one = run(peer, options.work, target, folder, options.timeout)
                tell(number, name, one, folder)
                if "timeout" in one or (number == 0 and one["wall"] > options.slow and name != OURS):
                    done.add(name)
                if number > 0 or name in done:
                    runs[name].append(one)
    text = report(options, target, runners, missing, runs, cut_off, floor, (load_before, os.getloadavg()[0]))
    print(text)
    if options.record:
        with open(options.record, "a", encoding="utf-8") as file:
            file.write("\n" + text)
    return 0


def tell(number: int, name: str, one: dict, folder: str) -> None:
    """One line about one run, on standard error, and the peer's own last words where it failed."""
    what = f"round {number}" if number else "warm-up"
    if "timeout" in one:
        print(f"{what}: {name}: stopped after {one['timeout']:g} s", file=sys.stderr)
        return
    print(f"{what}: {name}: {one['wall']:.3f} s, exit code {one['code']}", file=sys.stderr)
    if not one["accepted"]:
        print(last_words(folder), file=sys.stderr)


def report(options, target, runners, missing, runs, cut_off, floor, load) -> str:
    """The table and all one needs to know to run it again, in Markdown."""
    name = options.name or target.name
    ours = medians(runs[OURS])
    lines = [
        f"## {options.work}: {name}", "",
        f"{datetime.date.today()} · {machine()} · load {load[0]:.1f} before, {load[1]:.1f} after · "
        f"{options.rounds} rounds after a warm-up, interleaved · "
        f"{'no network' if cut_off else 'network NOT cut off'}", "",
    ]
    if options.note:
        lines += [options.note, ""]
    lines += [
        "| peer | wall s (min–max) | × | CPU s (min–max) | × | peak MiB | × | findings | exit |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for peer in runners:
        lines.append(row(peer["name"], runs[peer["name"]], ours))
    lines += ["", f"Ratios are to unspill's median. Least peak that can be read here: {mib(floor)} MiB.", ""]
    for peer in missing:
        lines += [f"Missing, so not compared: {peer['name']} (`{peer['install']}`).", ""]
    lines += ["```text"]
    lines += [f"{peer['name']} {version(peer)}: {' '.join(peer['commands'][options.work])}" for peer in runners]
    return "\n".join([*lines, "```", ""])


def row(name: str, runs: list[dict], ours: dict | None) -> str:
    stopped = [one["timeout"] for one in runs if "timeout" in one]
    if stopped:
        at_least = f">{stopped[0] / ours['wall']:.1f}" if ours else ""
        return f"| {name} | stopped at {stopped[0]:g} | {at_least} | | | | | | |"
    middle = medians(runs)

    def ratio(key: str) -> str:
        return f"{middle[key] / ours[key]:.2f}" if ours and ours[key] else ""

    def all_of(key: str) -> str:
        return " or ".join(sorted({"–" if one[key] is None else str(one[key]) for one in runs}))

    if all(one["accepted"] for one in runs):
        failed = ""
    elif all(one["accepted"] or one["incomplete"] for one in runs):
        failed = " (incomplete)"
    else:
        failed = " (failed)"
    return (f"| {name} | {span(runs, 'wall')} | {ratio('wall')} | {span(runs, 'cpu')} | {ratio('cpu')} | "
            f"{mib(middle['peak'])} | {ratio('peak')} | {all_of('findings')} | {all_of('code')}{failed} |")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read this has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
