#!/usr/bin/env python3
"""Makes the repository for the staged work: `staged.py FOLDER`, which must not exist yet.

10,000 files of 60 lines in one commit; in 10 of them a line is added and staged, one of those a made-up credential.
"""

import pathlib
import random
import subprocess
import sys

WORDS = "alpha beta gamma delta token value index result buffer length offset return while import struct match".split()
FILES = 10_000
CHANGED = range(1, FILES, 1_000)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1])
    root.mkdir(parents=True)
    random.seed(1)
    git(root, "init", "--quiet")
    for number in range(FILES):
        path = name(root, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(" ".join(random.choices(WORDS, k=9)) + "\n" for _ in range(60)))
    git(root, "add", "--all")
    git(root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message", "first")
    key = "AKIA" + "".join(random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
    for number in CHANGED:
        with name(root, number).open("a") as file:
            file.write(f'let key = "{key}";\n' if number == CHANGED[1] else "let changed = 5;\n")
    git(root, "add", "--all")


def name(root: pathlib.Path, number: int) -> pathlib.Path:
    return root / f"src/m{number // 100:03}/f{number:05}.rs"


def git(root: pathlib.Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True)


if __name__ == "__main__":
    main()
