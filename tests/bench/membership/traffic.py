"""Throughput and latency of ordered multicast: 1 to 3 nodes, both products up in the same namespaces, in turns."""
import os
import sys
import time

from support.figures import Series
from support.hosts import Hosts
from support.processes import cpu_seconds
from support.products import Corosync, Relevo, result_of

NODES = (1, 2, 3)
SIZES = {"64B": 64, "1KiB": 1024, "8KiB": 8192, "64KiB": 65536}
RUN_MS = int(os.environ.get("RELEVO_BENCH_RUN_MS", "1500"))    # of one measurement
TURNS = int(os.environ.get("RELEVO_BENCH_TURNS", "3"))         # measurements of each side, interleaved; medians count
IDLE_SAMPLES = 8


def senders_of(nodes):
    return (1,) if nodes == 1 else (1, nodes)


def rate_name(size, nodes, senders):
    return f"membership.throughput.{size}.{nodes}n.{senders}s"


# Each figure: what one measurement runs, and how its figure comes from the results of all nodes.
RATES = {rate_name(size, n, s): (size, n, s) for n in NODES for s in senders_of(n) for size in SIZES}
LOOPS = {f"membership.latency.{what}.{n}n": (what, n) for n in NODES for what in ("p50", "p99")}
IDLES = {f"membership.latency.idle.{n}n": n for n in NODES}
COSTS = {name.replace("throughput", "cost"): name for name in RATES}  # CPU time of the daemons a message, all nodes
NAMES = [*RATES, *COSTS, *LOOPS, *IDLES]


class Runner:
    """Runs load programs on all hosts of a product at once and checks what they saw."""

    def __init__(self, hosts):
        self.hosts, self.count = hosts, 0

    def run(self, product, mode, size, senders, **plan):
        self.count += 1
        programs = [(h, product.load(h, group=f"bench{self.count}", mode=mode, size=size, members=len(self.hosts),
                                     senders=senders, sends=int(h.number <= senders), **plan))
                    for h in self.hosts]
        wait_for_all([p for _, p in programs], plan["run_ms"] / 1000 + 45)
        results = [result_of(h.finish(p, 5)) for h, p in programs if p.poll() is not None]
        for host, program in programs:
            if program.poll() is None:  # it waits for one that has failed
                program.kill()
                host.finish(program, 5)
        for result in results:
            if result["error"]:
                raise RuntimeError(f"{product.name}: a load program failed: {result['error']}")
        if len(results) < len(programs):
            raise RuntimeError(f"{product.name}: {mode} of {size} bytes has not ended")
        if len({(r["hash"], r["messages"]) for r in results}) != 1:
            raise RuntimeError(f"{product.name}: the nodes do not agree on the order: {results}")
        return results


def wait_for_all(programs, limit):
    """Until all have ended, or 3 s after the first that failed, or the limit."""
    end = time.monotonic() + limit
    while time.monotonic() < end and any(p.poll() is None for p in programs):
        if any(p.poll() not in (None, 0) for p in programs):
            end = min(end, time.monotonic() + 3)
        time.sleep(0.01)


def rate(results, size):
    """Of the slowest node, from its first message to its last: messages a second, from 8 KiB on MB a second."""
    slowest = min(r["messages"] / (r["ns"] / 1e9) for r in results)
    return slowest if size < 8192 else slowest * size / 1e6


def measure(build, names, has_peer):
    good = True
    for nodes in NODES:
        # A rate and its cost come from the same measurement.
        rates = [n for n in RATES if RATES[n][1] == nodes and (n in names or n.replace("throughput", "cost") in names)]
        loops = [n for n in names if n in LOOPS and LOOPS[n][1] == nodes]
        idles = [n for n in names if n in IDLES and IDLES[n] == nodes]
        if not rates and not loops and not idles:
            continue
        try:
            with Hosts(nodes) as lab:
                sides = {"ours": Relevo(lab.hosts, build)}
                if has_peer:
                    sides["peer"] = Corosync(lab.hosts, build)
                for product in sides.values():
                    product.up()
                good &= measure_in(Runner(lab.hosts), sides, rates, loops, idles, names)
        except RuntimeError as error:
            print(f"{nodes} nodes: {error}", file=sys.stderr, flush=True)
            good = False
    return good


def measure_in(runner, sides, rates, loops, idles, names):
    good = True
    for name in rates:
        good &= attempt(name, names, lambda: measure_rate(runner, sides, name))
    if loops:
        good &= attempt(loops[0], names, lambda: measure_loop(runner, sides, loops))
    for name in idles:
        good &= attempt(name, names, lambda: measure_idle(runner, sides, name))
    return good


def attempt(name, names, action):
    try:
        for series in action():
            if series.name in names:
                print(series.line(), flush=True)
        return True
    except RuntimeError as error:
        print(f"{name}: {error}", file=sys.stderr, flush=True)
        return False


def measure_rate(runner, sides, name):
    size_name, _, senders = RATES[name]
    size = SIZES[size_name]
    series = Series(name, "msg/s" if size < 8192 else "MB/s", more_is_better=True)
    cost = Series(name.replace("throughput", "cost"), "us/msg", more_is_better=False)
    pids = {side: [product.pid(h) for h in runner.hosts] for side, product in sides.items()}
    for _ in range(TURNS):
        for side, product in sides.items():
            before = sum(cpu_seconds(p) for p in pids[side])
            results = runner.run(product, "flood", size, senders, run_ms=RUN_MS)
            used = sum(cpu_seconds(p) for p in pids[side]) - before
            series.add(side, rate(results, size))
            cost.add(side, 1e6 * used / results[0]["messages"])
    return [series, cost]


def measure_loop(runner, sides, names):
    """One sender, its next message when the last one came back to it."""
    series = {n: Series(n, "us", more_is_better=False) for n in names}
    for _ in range(TURNS):
        for side, product in sides.items():
            first = runner.run(product, "loop", 100, 1, run_ms=RUN_MS)[0]
            for name in names:
                series[name].add(side, first[LOOPS[name][0]] / 1000)
    return list(series.values())


def measure_idle(runner, sides, name):
    """One message on a ring that holds its token, half a second after the one before."""
    series = Series(name, "us", more_is_better=False)
    for _ in range(2):
        for side, product in sides.items():
            results = runner.run(product, "idle", 100, 1, run_ms=500 * IDLE_SAMPLES, pause_ms=500)
            series.add(side, results[0]["p50"] / 1000)
    return [series]
