"""Rule sets of any size, as configurations: some of the built-in rules, or all of them and made-up ones.

Fewer are taken evenly from the list by id, so each kind stays in proportion. Made-up ones are like the built-in ones:
two of three look for a value near a service's name, put together from halves of real names; the others for a prefix.
"""

import json
import pathlib
import random
import subprocess


def builtin(unspill: str) -> list[dict]:
    """The built-in rules, as `unspill rules list` tells them, by id."""
    done = subprocess.run([unspill, "rules", "list", "--format", "json"], stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def generic(rules: list[dict]) -> int:
    """How many look for what nobody in particular issues. Their words stand everywhere, so they cost the most."""
    return sum("generic" in rule["tags"] for rule in rules)


def some(rules: list[dict], count: int) -> list[dict]:
    """So many rules, evenly taken."""
    return [rules[number * len(rules) // count] for number in range(count)]


def write(path: pathlib.Path, rules: list[dict], count: int) -> int:
    """Writes the configuration for `count` rules. Gives how many of those are generic."""
    if count <= len(rules):
        chosen = some(rules, count)
        path.write_text(f"only_rule = {json.dumps([rule['id'] for rule in chosen])}\n")
        return generic(chosen)
    names = sorted({rule["provider"] for rule in rules if len(rule["provider"]) >= 4})
    path.write_text("\n".join(made_up(names, number) for number in range(count - len(rules))))
    return generic(rules)


def made_up(names: list[str], number: int) -> str:
    """A rule like one that a provider's would be; a number makes always the same one."""
    chance = random.Random(number)
    front, back = chance.choice(names), chance.choice(names)
    name = front[: len(front) // 2 + 1] + back[len(back) // 2 - 1 :]
    length = chance.choice([24, 32, 40, 64])
    kind = chance.choice(["0-9a-f", "0-9A-Za-z", "0-9A-Za-z_-"])
    if number % 3:
        detect = f"near = [{json.dumps(name)}]\nvalue = '''[{kind}]{{{length}}}'''\nentropy = 3.0"
    else:
        detect = f"pattern = '''\\b(?<secret>{name[:4]}{number % 97}_[{kind}]{{{length}}})\\b'''\nentropy = 3.0"
    return (f'[[rule]]\nid = "made-up-{number}"\nprovider = {json.dumps(name)}\n'
            f'description = "Made-up key {number}"\nseverity = "low"\n{detect}\n')
