"""Inputs that are made to be hard, at any size: each is a shape that some scanner's time is not linear in.

No credential stands here: tokens are made of random letters and the checksum that their issuer would put behind them.
"""

import json
import pathlib
import random
import string
import zlib

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
WORDS = ("alpha beta gamma delta token value index result buffer length offset return while import struct match key "
         "password secret auth config client server request response header parse write read name type user").split()
PLAIN = ("buffer length offset width height index count item list node left right first last begin end state "
         "event window line column symbol branch commit object tree file folder path reader writer input error").split()
CODE = [
    "    let {0}_{1} = self.{2}.{3}({number});\n",
    "    if {0}.{1}() > {number} {{ return Err({2}::{3}); }}\n",
    "// The {0} of a {1} is the {2} of its {3}.\n",
    "fn {0}_{1}({2}: &mut {3}) -> usize {{\n",
    "    for {0} in {1}.{2}() {{ {3} += {number}; }}\n",
    "}}\n\n",
]


def token(chance: random.Random) -> str:
    """A token in the form of GitHub's, its last six characters the CRC-32 of the others."""
    body = "".join(chance.choices(DIGITS, k=30))
    rest, sum_text = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        sum_text = DIGITS[digit] + sum_text
    return "ghp" + "_" + body + sum_text


def secrets(path: pathlib.Path, count: int) -> None:
    """A file of so many lines, with another token in each."""
    chance = random.Random(1)
    with path.open("w") as file:
        for _ in range(count):
            file.write(f'token = "{token(chance)}"\n')


def one_secret(path: pathlib.Path, count: int) -> None:
    """A file of so many lines, with the same token in each."""
    line = f'token = "{token(random.Random(1))}"\n'
    with path.open("w") as file:
        for _ in range(count):
            file.write(line)


def one_line(path: pathlib.Path, size: int) -> None:
    """A single line: JSON such as programs write, with a token every 100 kB."""
    chance = random.Random(2)
    with path.open("w") as file:
        file.write("[")
        written, due = 1, 0
        while written < size:
            entry = {word: f"{chance.choice(WORDS)} {chance.getrandbits(40):x}" for word in chance.sample(WORDS, 8)}
            if written >= due:
                entry["token"] = token(chance)
                due += 100_000
            piece = json.dumps(entry, separators=(",", ":")) + ","
            file.write(piece)
            written += len(piece)
        file.write("0]")


def one_file(path: pathlib.Path, size: int) -> None:
    """A long file of source code: 16 MB of it, and those again and again, with a token every 16 MB."""
    chance = random.Random(3)
    lines, length = [], 0
    while length < 16_000_000:
        # Words of credentials stand in source code about as often: some two or three in each kB.
        words = (chance.choice(WORDS if chance.random() < 0.05 else PLAIN) for _ in range(4))
        line = chance.choice(CODE).format(*words, number=chance.getrandbits(20))
        lines.append(line)
        length += len(line)
    block = "".join(lines).encode()
    with path.open("wb") as out:
        for number in range(-(-size // len(block))):
            last = size - number * len(block)
            out.write(block[:last])
            out.write(f'\ntoken = "{token(chance)}"\n'.encode())


# What it is called, how it is made, its full size, and what that counts.
INPUTS = [
    ("secrets, each another", secrets, 1_000_000, "secrets"),
    ("secrets, all the same", one_secret, 1_000_000, "secrets"),
    ("one line", one_line, 100_000_000, "bytes"),
    ("one file", one_file, 2_000_000_000, "bytes"),
]
