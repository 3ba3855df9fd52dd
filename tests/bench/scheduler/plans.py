"""Whole plans, the CIB's file in to the graph's file out, as `crm_simulate -x FILE -R -G GRAPH` makes them."""
import math
import os
import tempfile

from support.figures import Series

from clusters import Cluster
from programs import run

TURNS = int(os.environ.get("RELEVO_BENCH_TURNS", "3"))
LONG = bool(os.environ.get("RELEVO_BENCH_LONG"))
PATIENCE = 20.0  # seconds; a side that takes longer is measured once

SIZES = (100, 1000, 2000, 5000)
CLUSTERS = {**{f"{n}p": {"nodes": 16, "primitives": n} for n in SIZES}, "100c": {"nodes": 32, "clones": 100}}
WITHOUT_PEER = () if LONG else ("5000p",)  # ten minutes there
FIGURES = {"wall": "ms", "cpu": "ms", "memory": "MB"}
GROWTH = "scheduler.growth"
NAMES = [f"scheduler.{what}.{c}" for c in CLUSTERS for what in FIGURES] + [GROWTH]


def measure(programs, names):
    """`programs`: the words of each side. Prints a line for each of `names`."""
    spent = {}
    for cluster in CLUSTERS:
        wanted = [n for n in names if n.endswith("." + cluster)]
        if not wanted and not (GROWTH in names and cluster in ("1000p", "5000p")):
            continue
        sides = {s: w for s, w in programs.items() if s == "ours" or (wanted and cluster not in WITHOUT_PEER)}
        series = one_cluster(cluster, sides)
        spent[cluster] = {side: series["cpu"].median(side) for side in ("ours", "peer")}
        for one in series.values():
            if one.name in wanted:
                print(one.line(), flush=True)
    if GROWTH in names:
        print(growth(spent).line(), flush=True)
    return True


def one_cluster(cluster, programs):
    series = {what: Series(f"scheduler.{what}.{cluster}", unit, more_is_better=False) for what, unit in FIGURES.items()}
    with tempfile.TemporaryDirectory(prefix="relevo-bench-") as folder:
        Cluster(**CLUSTERS[cluster]).write(f"{folder}/cib.xml")
        slow = set()
        for _ in range(TURNS):
            for side, words in programs.items():
                if side in slow:
                    continue
                wall, cpu, memory = run([*words, "-x", f"{folder}/cib.xml", "-R", "-G", f"{folder}/{side}.graph"])
                for what, value in (("wall", 1000 * wall), ("cpu", 1000 * cpu), ("memory", memory)):
                    series[what].add(side, value)
                if wall > PATIENCE:
                    slow.add(side)
    return series


def growth(spent):
    """The exponent k in `time ~ primitives^k`; n log n is 1.13 here. The peer between the largest two that it was given."""
    series = Series(GROWTH, "exponent", more_is_better=False)
    for side in ("ours", "peer"):
        known = [(n, spent[f"{n}p"][side]) for n in SIZES if n >= 1000 and spent.get(f"{n}p", {}).get(side)]
        if len(known) > 1:
            (small, fast), (large, slow) = known[0], known[-1]
            series.add(side, math.log(slow / fast) / math.log(large / small))
    return series
