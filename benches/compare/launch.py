"""Runs one command and writes what it cost to a file, as JSON: `python3 -I -S launch.py FILE COMMAND...`.

A process starts its life with the memory of the one that forked it, and its peak (`ru_maxrss`) remembers that. So this
file imports next to nothing: its own size is the least peak one can read.
"""

import os
import sys
import time

results, *command = sys.argv[1:]
start = time.perf_counter()
child = os.fork()
if child == 0:
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    os._exit(127)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
code = os.waitstatus_to_exitcode(status)
# Linux counts ru_maxrss in KiB, macOS in bytes.
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
cpu = usage.ru_utime + usage.ru_stime
with open(results, "w") as file:
    file.write(f'{{"wall": {wall!r}, "cpu": {cpu!r}, "peak": {peak}, "code": {code}}}\n')
