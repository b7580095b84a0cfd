"""The first commits of a history, as a repository of their own, packed as git would pack it.

Commits are taken by date, no parent after its child (`git rev-list --date-order --reverse`), so what is taken is a
history: all that its commits need comes before them. `git pack-objects` with git's own window and depth puts what they
reach into one pack, and takes over the deltas of the source wherever both their ends are in it.
"""

import os
import pathlib
import subprocess

# What git packs with where nobody says otherwise; said here, so that no configuration says otherwise.
PACKING = ["--window=10", "--depth=50", "--delta-base-offset", "--threads=0", "--quiet"]


def commits(repo: pathlib.Path) -> list[tuple[str, list[str]]]:
    """All commits that refs reach, oldest first, each with its parents."""
    lines = git(repo, "rev-list", "--date-order", "--reverse", "--parents", "--all").splitlines()
    return [(ids[0], ids[1:]) for ids in map(str.split, lines)]


def cut(repo: pathlib.Path, part: list[tuple[str, list[str]]], target: pathlib.Path) -> dict:
    """Makes a bare repository of those commits and what they reach.

    Gives the number of objects, the bytes of its blobs unpacked, and those of its pack.
    """
    inner = {parent for _, parents in part for parent in parents}
    tips = [commit for commit, _ in part if commit not in inner]
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(target)], check=True, env=clean())
    packs = target / "objects/pack"
    git(repo, "pack-objects", "--revs", *PACKING, str(packs / "pack"), given="\n".join([*tips, ""]))
    refs = "".join(f"create refs/heads/tip-{number:06} {tip}\n" for number, tip in enumerate(tips))
    git(target, "update-ref", "--stdin", given=refs)
    git(target, "pack-refs", "--all")
    # The newest commit is a tip: nothing comes after it.
    git(target, "symbolic-ref", "HEAD", f"refs/heads/tip-{len(tips) - 1:06}")
    listed = git(target, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectsize)")
    kinds = [line.split() for line in listed.splitlines()]
    return {
        "objects": len(kinds),
        "blobs": sum(int(size) for kind, size in kinds if kind == "blob"),
        "pack": sum(path.stat().st_size for path in packs.glob("*.pack")),
    }


def git(repo: pathlib.Path, *arguments: str, given: str = "") -> str:
    done = subprocess.run(["git", "-C", str(repo), *arguments], input=given, stdout=subprocess.PIPE, text=True,
                          env=clean())
    if done.returncode != 0:
        raise SystemExit(f"git {arguments[0]} failed in {repo}")
    return done.stdout


def clean() -> dict[str, str]:
    """The environment without what would change how git works."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_NO_REPLACE_OBJECTS": "1"}
