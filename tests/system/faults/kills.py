"""kill -9 of either daemon and of both on the active node, again and again.

The address answers again every time; it is never on two hosts when one daemon was killed, and for at most 3 s when both
were; no acknowledged configuration change is ever missing.

usage: kills.py [ROUNDS]    10 rounds of each kind by default
"""
import json
import os
import signal
import subprocess
import sys
import time

from labkit import RELEVO, VIP, Lab, Ownership, expect, main, wait_until

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support")
BOTH_LIMIT = 3.0


def answers(lab):
    """One short look from the client: does the address answer?"""
    done = json.loads(lab.sh("client", "python3", os.path.join(SUPPORT, "probe.py"), VIP, "0.1"))
    return done["answered"] > 0


def all_online(lab):
    """Every node's own view: all nodes online, one DC, the resource started once."""
    for node in lab.nodes():
        done = subprocess.run([RELEVO, "lab", "exec", "--name", lab.name, node, "--", "crm_mon", "-1"], text=True,
                              capture_output=True)
        online = [line for line in done.stdout.split("\n") if "Online: [" in line]
        if done.returncode != 0 or not online or online[0].count("nodo") != lab.count:
            return False
    return True


class Kills:
    def __init__(self, lab, ownership):
        self.lab, self.ownership, self.marks = lab, ownership, []

    def acknowledge_change(self):
        """A change that the cluster acknowledged: it must be there for ever."""
        mark = f"mark-{len(self.marks)}"
        self.lab.sh("nodo1", "pcs", "resource", "defaults", "update", f"priority={len(self.marks)}")
        self.lab.sh("nodo2", "crm_attribute", "-t", "nodes", "-N", "nodo3.example.com", "-n", mark, "-v", "1")
        self.marks.append(mark)

    def check_changes(self):
        for node in self.lab.nodes():
            cib = self.lab.sh(node, "cibadmin", "-Q")
            missing = [mark for mark in self.marks if f'name="{mark}"' not in cib]
            expect(not missing, f"{node} has every acknowledged change ({len(self.marks)})")

    def everything_for_good(self):
        """All of it dead, the supervisor too, while the kernel lives on: it drops the address when the lease ends."""
        owner = self.lab.wait_one_owner()
        others = [node for node in self.lab.nodes() if node != owner]
        started = time.monotonic()
        for program, argument in (("relevo", "supervise"), ("relevo-resmgrd", None), ("relevo-membershipd", None)):
            pid = self.lab.pid_of(owner, program, argument)
            assert pid, f"{program} not found on {owner}"
            os.kill(pid, signal.SIGKILL)
        self.lab.wait_one_owner(among=others)
        overlap = self.ownership.longest_overlap(started)
        print(f"     every daemon of {owner} dead for good: two owners for {overlap * 1000:.0f} ms", flush=True)
        expect(answers(self.lab) and overlap <= BOTH_LIMIT, f"with nobody left the kernel drops the address within {BOTH_LIMIT} s")

    def stays(self):
        """Nothing is left half done: after a whole lease and more the address is still served by one node."""
        owner = self.lab.wait_one_owner()
        time.sleep(BOTH_LIMIT + 1)
        expect(self.lab.owners() == [owner] and answers(self.lab), f"{BOTH_LIMIT + 1} s later {owner} still has the address")

    def round(self, programs, limit):
        owner = self.lab.wait_one_owner()
        self.acknowledge_change()
        pids = [self.lab.pid_of(owner, program) for program in programs]
        assert all(pids), f"daemons not found on {owner}: {pids}"
        started = time.monotonic()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        wait_until("the address answers again", lambda: answers(self.lab), limit=30)
        wait_until("all nodes are back", lambda: all_online(self.lab), limit=60)
        self.lab.wait_one_owner()
        overlap = self.ownership.longest_overlap(started)
        print(f"     kill of {' and '.join(programs)} on {owner}: back in {time.monotonic() - started:.1f} s, "
              f"two owners for {overlap * 1000:.0f} ms", flush=True)
        assert overlap <= limit, f"two owners for {overlap:.3f} s after the kill of {programs}"


def test():
    with Lab(nodes=3, vip=f"{VIP}/16") as lab, Ownership(lab) as ownership:
        lab.wait_one_owner()
        kills = Kills(lab, ownership)
        for programs, limit in ((["relevo-membershipd"], 0.0), (["relevo-resmgrd"], 0.0),
                                (["relevo-membershipd", "relevo-resmgrd"], BOTH_LIMIT)):
            for _ in range(ROUNDS):
                kills.round(programs, limit)
            kills.stays()
            expect(True, f"{ROUNDS} kills of {' and '.join(programs)}: answered every time, two owners for at most {limit} s")
        kills.check_changes()
        kills.everything_for_good()


main(test)
