"""What a daemon costs while nothing happens: CPU time and resident memory, three nodes, both products side by side."""
import os
import sys
import time

from support.figures import Series
from support.hosts import Hosts
from support.processes import cpu_seconds, resident_mb, switches
from support.products import Corosync, Relevo

SECONDS = int(os.environ.get("RELEVO_BENCH_IDLE_S", "20"))
NAMES = ["membership.idle.cpu", "membership.idle.rss", "membership.idle.wakeups"]


def measure(build, names, has_peer):
    try:
        with Hosts(3) as lab:
            sides = {"ours": Relevo(lab.hosts, build)}
            if has_peer:
                sides["peer"] = Corosync(lab.hosts, build)
            for product in sides.values():
                product.up()
            time.sleep(3)
            series = watch({side: [p.pid(h) for h in lab.hosts] for side, p in sides.items()})
    except RuntimeError as error:
        print(f"{names[0]}: {error}", file=sys.stderr, flush=True)
        return False
    for one in series:
        if one.name in names:
            print(one.line(), flush=True)
    return True


def watch(pids):
    """The mean of the three daemons of each side over the same seconds."""
    cpu, rss, wakes = (Series(n, u, more_is_better=False)
                       for n, u in zip(NAMES, ("%core", "MB", "switches/s")))
    before = {pid: (cpu_seconds(pid), switches(pid)) for side in pids.values() for pid in side}
    began = time.monotonic()
    time.sleep(SECONDS)
    took = time.monotonic() - began
    for side, mine in pids.items():
        cpu.add(side, 100 * sum(cpu_seconds(p) - before[p][0] for p in mine) / took / len(mine))
        wakes.add(side, sum(switches(p) - before[p][1] for p in mine) / took / len(mine))
        rss.add(side, sum(resident_mb(p) for p in mine) / len(mine))
    return [cpu, rss, wakes]
