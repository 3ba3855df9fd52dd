"""Detection time: from the power cut of a host to the new configuration at each survivor, three nodes."""
import os
import random
import sys
import threading
import time

from support.figures import Series
from support.hosts import Hosts, wait_for
from support.products import Corosync, Relevo

KILLS = int(os.environ.get("RELEVO_BENCH_KILLS", "5"))
PEER_KILLS = int(os.environ.get("RELEVO_BENCH_PEER_KILLS", "2"))  # each takes 8 s and more
# The least token that stays stable here when nothing is wrong, with the interval that knet's own pace asks for.
TUNED = {"token": 300, "token_coefficient": 0}
TUNED_LINK = {"knet_ping_interval": 200, "knet_ping_timeout": 1000}
PROFILES = {"default": ({}, {}, None), "fast": ({"profile": "fast"}, TUNED, TUNED_LINK)}
NAMES = [f"membership.detection.{p}.{what}" for p in PROFILES for what in ("median", "max")]


class Watcher:
    """A load program that prints each configuration with its time; read on a thread."""

    def __init__(self, product, host):
        self.seen = []  # (time in seconds, members)
        self.child = product.load(host, mode="watch", group="watch")
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.child.stdout:
            words = line.split()
            if len(words) == 2 and words[0].isdigit():
                self.seen.append((int(words[0]) / 1e9, int(words[1])))

    def members(self):
        return self.seen[-1][1] if self.seen else 0

    def first_after(self, moment, members):
        return next((t for t, m in self.seen if t > moment and m == members), None)


def measure(build, names, has_peer):
    good = True
    for profile, (ours, peer, link) in PROFILES.items():
        mine = [n for n in names if f".{profile}." in n]
        if not mine:
            continue
        try:
            times = {"ours": kills(lambda hosts: Relevo(hosts, build, ours), KILLS)}
            if has_peer:
                times["peer"] = kills(lambda hosts: Corosync(hosts, build, peer, link), PEER_KILLS)
        except RuntimeError as error:
            print(f"{mine[0]}: {error}", file=sys.stderr, flush=True)
            good = False
            continue
        for name in mine:
            series = Series(name, "ms", more_is_better=False)
            for side, all_times in times.items():
                for t in [max(all_times)] if name.endswith(".max") else all_times:
                    series.add(side, t)
            print(series.line(), flush=True)
    return good


def kills(make, count):
    """Milliseconds until the later survivor had the new configuration, one for each power cut."""
    with Hosts(3) as lab:
        product = make(lab.hosts)
        product.up()
        return [one_kill(product, lab.hosts, lab.hosts[i % 3]) for i in range(count)]


def one_kill(product, hosts, victim):
    survivors = [h for h in hosts if h is not victim]
    watchers = [Watcher(product, h) for h in survivors]
    wait_for(f"{product.name}: the watchers see a ring of 3", lambda: all(w.members() == 3 for w in watchers), 30)
    time.sleep(0.5 + random.random() / 5)  # no fixed phase to any timer
    moment = victim.cut_power()
    wait_for(f"{product.name}: the survivors' configuration",
             lambda: all(w.first_after(moment, 2) for w in watchers), 60)
    taken = max(w.first_after(moment, 2) for w in watchers) - moment
    for watcher, host in zip(watchers, survivors):
        watcher.child.kill()
        watcher.child.wait()
        host.children.remove(watcher.child)
    victim.boot()
    product.start(victim)
    wait_for(f"{product.name}: the host is back", lambda: all(product.formed(h, 3) for h in hosts), 60)
    return taken * 1000
