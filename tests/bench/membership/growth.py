"""Larger clusters than a machine can hold: whole stacks of 2 to 64 nodes under the simulator's virtual time. There is no
peer for this: Corosync cannot be run that way."""
import os
import subprocess
import sys

from support.figures import Series

NODES = (8, 16, 32, 64)
# Column of the simulator's table, unit, whether more is better.
COLUMNS = {"formation": ("first_ring_ms", "ms", False), "crash": ("after_crash_ms", "ms", False),
           "rotation": ("rotation_us", "us", False), "throughput": ("messages_per_s", "msg/s", True)}
NAMES = [f"membership.growth.{what}.{n}n" for what in COLUMNS for n in NODES]


def measure(build, names, has_peer):
    del has_peer
    program = f"{build}/tests/relevo-sim-stack"
    if not os.path.exists(program):
        print(f"membership.growth: {program} is not built", file=sys.stderr)
        return False
    done = subprocess.run([program, "--growth"], capture_output=True, text=True)
    lines = [line.split() for line in done.stdout.splitlines() if line and not line.startswith("#")]
    if done.returncode or not lines:
        print(f"membership.growth: {program} --growth: {done.stderr.strip() or 'no table'}", file=sys.stderr)
        return False
    rows = {row["nodes"]: row for row in (dict(zip(lines[0], words)) for words in lines[1:])}
    for name in names:
        what, nodes = name.split(".")[2], name.split(".")[3].rstrip("n")
        column, unit, more_is_better = COLUMNS[what]
        series = Series(name, unit, more_is_better)
        if column in rows.get(nodes, {}):
            series.add("ours", float(rows[nodes][column]))
        print(series.line(), flush=True)
    return True
