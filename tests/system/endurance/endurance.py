"""What must not disturb a ring, and how little of what does: a real cluster under steady load and faults.

usage: endurance.py one-way SECONDS        one direction between two of three nodes is cut
       endurance.py pulled-link TIMES      one of two links is pulled and put back under load
       endurance.py pauses TIMES [BUSY]    every node is stopped in turn for 100 ms, BUSY loops use the processor
       endurance.py power-off TIMES [PROFILE]   how long until the survivors have their new configuration
"""
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time

from labkit import RELEVO, Lab, expect, main, wait_until

STEADY = os.path.join(os.environ["RELEVO_TESTS"], "steady_load")
RATE = 1000


def now_ms():
    return time.monotonic() * 1000


class Loads:
    """One steady_load in each node; its account after stop()."""

    def __init__(self, lab, rate=RATE, nodes=None):
        self.lab, self.running = lab, {}
        for node in nodes or lab.nodes():
            self.start(node, rate)

    def start(self, node, rate=RATE):
        words = [RELEVO, "lab", "exec", "--name", self.lab.name, node, "--", STEADY, "/run/relevo/membership.sock", str(rate)]
        self.running[node] = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    def stop(self):
        for node in self.running:
            os.kill(wait_until(f"steady_load on {node}", lambda n=node: self.lab.pid_of(n, "steady_load"), 5), signal.SIGTERM)
        return {node: json.loads(load.communicate(timeout=30)[0]) for node, load in self.running.items()}


def wait_ring(lab, size):
    def formed():
        done = lab.sh("nodo1", "relevo", "membership", "status", "--json", check=False)
        try:
            return len(json.loads(done)["members"]) == size
        except (ValueError, KeyError):
            return False
    wait_until(f"a ring of {size}", formed, 20)


def regular(account, since=0.0):
    return [c for c in account["configurations"] if c["kind"] == "regular" and c["at"] > since]


def nothing_lost(accounts):
    for node, account in accounts.items():
        bad = {who: a for who, a in account["senders"].items() if a["gaps"] or a["doubles"]}
        expect(not bad, f"{node}: no message is missing or came twice ({account['received']} came) {bad or ''}")
    sent = sum(a["sent"] for a in accounts.values())
    own = sum(max((s["count"] for who, s in a["senders"].items() if who.startswith(node[4:] + ":")), default=0)
              for node, a in accounts.items())
    expect(own == sent, f"every message that was taken was delivered to its sender ({own} of {sent})")


def one_way(seconds):
    with Lab(nodes=3) as lab:
        wait_ring(lab, 3)
        loads = Loads(lab)
        time.sleep(2)
        cut = now_ms()
        lab.lab("one-way", "nodo2:nodo3")
        time.sleep(float(seconds))
        # The tail counts: traffic still flows in the ring that was chosen.
        accounts = loads.stop()
        rings = {node: regular(a, cut) for node, a in accounts.items()}
        for node, list_of in rings.items():
            print(f"     {node}: {[(c['ring'], c['members'], round(c['at'] - cut)) for c in list_of]}", flush=True)
            expect(len(list_of) <= 2, f"{node}: at most 2 configurations after the cut ({len(list_of)})")
        largest = max((c for r in rings.values() for c in r[-1:]), key=lambda c: len(c["members"]))
        expect(len(largest["members"]) == 2, "two nodes that hear each other form the ring")
        chosen = [f"nodo{n}" for n in largest["members"]]
        for node in chosen:
            late = [w for w, s in accounts[node]["senders"].items() if w.split(":")[0] in map(str, largest["members"])
                    and s["count"] > RATE * 0.7 * float(seconds)]
            expect(len(late) == 2, f"{node}: traffic of both members flows in the chosen ring")


def pulled_link(times):
    with Lab(nodes=3, links=2) as lab:
        wait_ring(lab, 3)
        loads = Loads(lab)
        time.sleep(2)
        start = now_ms()
        for turn in range(int(times)):
            node, link = random.Random(turn).choice(lab.nodes()), str(turn % 2)
            lab.lab("link-down", node, link)
            time.sleep(0.8)
            lab.lab("link-up", node, link)
            time.sleep(1.5)
        accounts = loads.stop()
        for node, account in accounts.items():
            expect(not regular(account, start), f"{node}: no membership change while a link was pulled {times} times "
                                                f"(longest silence {account['longest_silence_ms']} ms)")
        nothing_lost(accounts)


def stop_for(pid, seconds):
    """Stops a process for so long and no longer, however busy the machine is; gives the true length."""
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(50))
    began = time.monotonic()
    try:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
    finally:
        os.kill(pid, signal.SIGCONT)
        took = time.monotonic() - began
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    return took


def pauses(times, busy="4"):
    burners = []
    try:
        for _ in range(int(busy)):
            burners.append(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
        with Lab(nodes=3) as lab:
            wait_ring(lab, 3)
            loads = Loads(lab, rate=50)
            time.sleep(3)
            start = now_ms()
            span = float(os.environ.get("SPAN_SECONDS", "0"))  # the faults are spread over so long
            rounds = int(times)
            lengths = []
            for turn in range(rounds):
                for node in lab.nodes():
                    pid = lab.pid_of(node, "relevo-membershipd")
                    lengths.append(stop_for(pid, 0.1))
                    time.sleep(0.3)
                behind = start / 1000 + span * (turn + 1) / rounds - time.monotonic()
                if behind > 0:
                    time.sleep(behind)
            print(f"     pauses were {min(lengths) * 1000:.0f} to {max(lengths) * 1000:.0f} ms long", flush=True)
            accounts = loads.stop()
            for node, account in accounts.items():
                expect(not regular(account, start), f"{node}: no membership change with {busy} busy loops and {times} pauses "
                                                    f"of 100 ms for each node {regular(account, start) or ''}")
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def set_profile(lab, profile):
    for node in lab.nodes():
        lab.sh(node, "sed", "-i", f"/^totem {{/a\\    profile: {profile}", "/etc/relevo/cluster.conf")


def power_off(times, profile="default"):
    gaps = []
    with Lab(nodes=3) as lab:
        if profile != "default":
            for node in lab.nodes():
                lab.sh(node, "relevo", "cluster", "stop")
            set_profile(lab, profile)
            for node in lab.nodes():
                lab.sh(node, "relevo", "cluster", "start")
        wait_ring(lab, 3)
        for turn in range(int(times)):
            victim = lab.nodes()[turn % 3]
            rest = [n for n in lab.nodes() if n != victim]
            loads = Loads(lab, rate=50, nodes=rest)
            time.sleep(1 + random.Random(turn).random() / 5)
            cut = now_ms()
            lab.lab("power-off", victim)
            time.sleep(1.0)
            accounts = loads.stop()
            for node, account in accounts.items():
                formed = [c for c in regular(account, cut) if len(c["members"]) == 2]
                expect(bool(formed), f"{node}: a configuration without {victim}")
                gaps.append(formed[0]["at"] - cut)
            lab.lab("power-on", victim)
            wait_ring(lab, 3)
    gaps.sort()
    print(f"power-off, profile {profile}: {times} times, ms until the survivors' configuration: median "
          f"{statistics.median(gaps):.0f}, least {gaps[0]:.0f}, most {gaps[-1]:.0f}")


VERBS = {"one-way": one_way, "pulled-link": pulled_link, "pauses": pauses, "power-off": power_off}
if len(sys.argv) < 3 or sys.argv[1] not in VERBS:
    sys.exit(__doc__)
main(lambda: VERBS[sys.argv[1]](*sys.argv[2:]))
