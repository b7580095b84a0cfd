"""Measuring one run of a command, and saying on what machine: what the comparison and the growth have in common."""

import json
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys

LAUNCH = pathlib.Path(__file__).resolve().parent / "launch.py"
# Set in the copy of a program that has no network.
CUT_OFF = "UNSPILL_COMPARE_CUT_OFF"


def cost(command: list[str], folder: str, timeout: float, stdin: str = os.devnull, stdout: str = os.devnull) -> dict:
    """Runs a command in a folder of scratch files, where its standard error stays as `stderr`.

    Gives seconds of wall and CPU, peak memory in bytes and the exit code; nothing but `timeout` where it was stopped.
    """
    launch = [sys.executable, "-I", "-S", str(LAUNCH), f"{folder}/cost"]
    with open(stdin, "rb") as given, open(stdout, "wb") as out, open(f"{folder}/stderr", "wb") as err:
        # A session of its own, so that a run that takes too long is stopped with all its children.
        process = subprocess.Popen(
            [*launch, *command], stdin=given, stdout=out, stderr=err, cwd=folder, start_new_session=True
        )
        try:
            process.wait(timeout)
        except BaseException as stop:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if not isinstance(stop, subprocess.TimeoutExpired):
                raise
            return {"timeout": timeout}
    return json.loads(pathlib.Path(folder, "cost").read_text())


def last_words(folder: str) -> str:
    """The end of what the last run said on standard error, indented."""
    lines = pathlib.Path(folder, "stderr").read_text(errors="replace").strip().splitlines()[-3:]
    return "\n".join(f"    {line}" for line in lines)


def without_network() -> bool:
    """Starts this program again in a network namespace of its own, where the system has such a thing.

    Done once and inherited by all runs, so that no run pays for it.
    """
    if os.environ.get(CUT_OFF):
        return True
    cut = ["unshare", "--map-root-user", "--net", "--"]
    if not shutil.which(cut[0]) or subprocess.run([*cut, "true"], capture_output=True).returncode != 0:
        return False
    os.environ[CUT_OFF] = "1"
    sys.stdout.flush()
    os.execvp(cut[0], [*cut, sys.executable, *sys.argv])


def medians(runs: list[dict]) -> dict | None:
    """The median of every cost; None where a run was stopped, or there was none."""
    if not runs or any("timeout" in one for one in runs):
        return None
    return {key: statistics.median(one[key] for one in runs) for key in ("wall", "cpu", "peak")}


def span(runs: list[dict], key: str) -> str:
    """Median, minimum and maximum of seconds."""
    values = [one[key] for one in runs]
    if len(values) == 1:
        return f"{values[0]:.3f} (one run)"
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


def mib(size: float) -> str:
    return f"{size / 2**20:.0f}"


def machine() -> str:
    """The kind of machine: processor, cores, memory and kernel, and nothing that tells which one it is."""
    def found(path: str, pattern: str) -> str | None:
        try:
            match = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
        except OSError:
            return None
        return match and match.group(1)

    processor = found("/proc/cpuinfo", r"^model name\s*: (.+)$") or platform.processor() or platform.machine()
    memory = found("/proc/meminfo", r"^MemTotal:\s+(\d+) kB$")
    kernel = re.match(r"[\d.]+", platform.release())
    parts = [processor, f"{os.cpu_count()} cores"]
    if memory:
        parts.append(f"{int(memory) / 2**20:.0f} GiB")
    parts.append(f"{platform.system()} {kernel.group().rstrip('.') if kernel else ''}".strip())
    return ", ".join(parts)
