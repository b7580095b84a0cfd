"""The short table of the README, taken out of the records of a RESULTS.md: per work, unspill and the fastest peer.

Of several records of one work the last one counts. A row that failed, was incomplete or was stopped is no peer's best;
the floors (they find nothing) and unspill's own variants are no peers.
"""

import pathlib
import re

# What the table stands between, in a file that it is put into.
BEGIN, END = "<!-- from benches/RESULTS.md -->", "<!-- end -->"
TITLES = {"history": "whole history of {}", "again": "the same again, with a cache: {}", "folder": "{}", "staged": "{}", "stdin": "stream: {}"}
HEADING = re.compile(r"## (\w+): (.+?)(?: \(.*\))?$")


def table(results: str, peers: list[dict], ours: str) -> str:
    """The table for the text of a RESULTS.md. Peers are those of peers.toml, `ours` is unspill's name among them."""
    rivals = {peer["name"] for peer in peers if "count" in peer and peer.get("program", peer["name"]) != ours}
    lines = [
        "| work | unspill | fastest peer | ratio |",
        "|---|---:|---:|---:|",
    ]
    for (work, name), rows in records(results).items():
        best = min((row for row in rows if row["peer"] in rivals and row["whole"]), key=lambda row: row["costs"][0],
                   default=None)
        own = next((row for row in rows if row["peer"] == ours), None)
        if own and best:
            ratios = [b / a if a else float("inf") for a, b in zip(own["numbers"], best["numbers"])]
            rest = f"{best['peer']}: {' / '.join(best['costs'])} | {' / '.join(f'{r:.1f}' for r in ratios)}"
        else:
            rest = "none | "
        if own:
            lines.append(f"| {TITLES[work].format(name)} | {' / '.join(own['costs'])} | {rest} |")
    return "\n".join([*lines, "", "Wall seconds / CPU seconds / peak MiB; the ratio is the peer's to unspill's.", ""])


def records(results: str) -> dict[tuple[str, str], list[dict]]:
    """The rows of each comparison, by kind of work and name."""
    found: dict[tuple[str, str], list[dict]] = {}
    rows: list[dict] | None = None
    for line in results.splitlines():
        if line.startswith("## "):
            heading = HEADING.match(line)
            rows = None
            if heading and heading.group(1) in TITLES:
                rows = found[heading.group(1), heading.group(2)] = []
        elif rows is not None and (row := measured(line)):
            rows.append(row)
    return found


def measured(line: str) -> dict | None:
    """A row of a comparison: its peer, and median wall, CPU and peak as written and as numbers."""
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if len(cells) != 9 or not re.match(r"\d", cells[1]):
        return None
    costs = [cells[at].split()[0] for at in (1, 3, 5)]
    whole = not re.search(r"failed|incomplete", cells[8])
    return {"peer": cells[0], "costs": costs, "numbers": [float(cost) for cost in costs], "whole": whole}


def put_into(path: pathlib.Path, text: str, only_check: bool) -> bool:
    """Puts the table between the marks of a file, or only looks whether it stands there. False if it did not."""
    before = path.read_text(encoding="utf-8")
    head, begin, rest = before.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{path}: no place for the table: it stands between `{BEGIN}` and `{END}`")
    after = f"{head}{begin}\n{text}{end}{tail}"
    if not only_check:
        path.write_text(after, encoding="utf-8")
    return after == before
