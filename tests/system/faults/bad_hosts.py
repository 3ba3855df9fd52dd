"""Hosts and agents that are wrong: another key, a readable key, no key, a broken file, agents that are missing or hang.

A host with another key never joins and never disturbs, and both sides say so rarely. The daemon refuses to start with a
bad key or file and says how to mend it. A bad agent is a failed operation with its reason, never a stuck
cluster; agents that crash or print garbage are in tests/system/agents.
"""
import re
import time

from labkit import RELEVO, Lab, expect, main, run, wait_until


def run_in(lab, node, *words, timeout=60):
    done = run(RELEVO, "lab", "exec", "--name", lab.name, node, "--", *words, check=False, timeout=timeout)
    return done.returncode, done.stdout + done.stderr


def ring_of(lab, node):
    found = re.search(r"Ring ID:\s+(\S+)", run_in(lab, node, "corosync-quorumtool", "-s")[1])
    return found and found.group(1)


def complaints(lab, node):
    log = run_in(lab, node, "sh", "-c", "cat /var/log/relevo/membershipd.log")[1]
    return len([line for line in log.split("\n") if "authenticate" in line])


def another_key(lab):
    run_in(lab, "nodo3", "relevo", "cluster", "stop")
    wait_until("a ring of two", lambda: "Nodes:            2" in run_in(lab, "nodo1", "corosync-quorumtool", "-s")[1])
    expect(run_in(lab, "nodo3", "relevo", "keygen", "--force")[0] == 0, "nodo3 gets another key")
    before = ring_of(lab, "nodo1")
    lab.sh("nodo3", "sh", "-c", "relevo cluster start >/tmp/start.txt 2>&1 </dev/null &")
    wait_until("both sides complain", lambda: complaints(lab, "nodo1") and complaints(lab, "nodo3"))
    time.sleep(8)
    expect(ring_of(lab, "nodo1") == before, "the ring of the others never changed")
    for node in ("nodo1", "nodo3"):
        expect(complaints(lab, node) <= 4, f"{node} says it rarely ({complaints(lab, node)} lines for two peers in 8 s)")
    run_in(lab, "nodo3", "relevo", "cluster", "stop")


def refuses(lab, what, command, words):
    lab.sh("nodo3", "sh", "-c", command)
    code, said = run_in(lab, "nodo3", "relevo", "cluster", "start")
    expect(code != 0 and all(word in said for word in words), f"{what}: refused with {' '.join(said.split())!r}")


def bad_keys_and_files(lab):
    lab.sh("nodo3", "sh", "-c", "cp /etc/relevo/cluster.conf /etc/relevo/cluster.conf.good")
    refuses(lab, "a key that others may read", "chmod 644 /etc/relevo/authkey", ["authkey", "chmod 400"])
    refuses(lab, "a short key", "chmod 600 /etc/relevo/authkey; echo x > /etc/relevo/authkey; chmod 400 /etc/relevo/authkey", ["authkey"])
    refuses(lab, "no key", "rm -f /etc/relevo/authkey", ["authkey", "keygen"])
    run_in(lab, "nodo3", "relevo", "keygen")
    refuses(lab, "a typo in cluster.conf", "sed 's/cluster_name/cluster_nmae/' /etc/relevo/cluster.conf.good > /etc/relevo/cluster.conf",
            ["cluster.conf", "line", "cluster_nmae", "did you mean 'cluster_name'"])


def failed_action(lab, resource):
    text = lab.sh("nodo1", "crm_mon", "-1", "-r", "-f")
    found = re.search(rf"\* {resource} .* returned .*", text)
    return found and found.group(0)


def missing_agent(lab):
    missing = run_in(lab, "nodo1", "pcs", "resource", "create", "gone", "ocf:heartbeat:NoSuchAgent", "--force")
    expect(missing[0] == 0, "a missing agent can be configured by force")
    stopped = lambda: re.search(r"\* gone\s.*", lab.sh("nodo1", "crm_mon", "-1", "-r")).group(0)
    wait_until("it is shown where the resource stands", lambda: "Stopped (not installed)" in stopped())
    expect(True, f"a missing agent is told where its resource stands: {' '.join(stopped().split())}")
    lab.sh("nodo1", "pcs", "resource", "create", "other", "ocf:pacemaker:Dummy")
    wait_until("the cluster goes on", lambda: "Started nodo" in lab.sh("nodo1", "pcs", "status", "resources"))
    expect(True, "an unrelated resource starts all the same")


def hanging_agent(lab):
    """The agent sleeps far beyond its time-out on every node; what has nothing to do with it must not wait."""
    lab.sh("nodo1", "pcs", "resource", "create", "slow", "ocf:pacemaker:Dummy", "op_sleep=30", "op", "start", "timeout=3s",
           "stop", "timeout=3s", "monitor", "interval=10s", "timeout=3s")
    lab.sh("nodo1", "pcs", "resource", "create", "brisk", "ocf:pacemaker:Dummy")
    started = lambda: re.search(r"\* brisk\s.*Started nodo", lab.sh("nodo1", "pcs", "status", "resources"))
    wait_until("an unrelated start", started)
    expect(not failed_action(lab, "slow"), "an unrelated resource starts while the other still hangs")
    reason = wait_until("the time-out is shown", lambda: failed_action(lab, "slow"))
    expect("timeout" in reason, f"a hanging agent is a failed operation: {reason}")


def test():
    with Lab(nodes=3) as lab:
        lab.sh("nodo1", "pcs", "property", "set", "stonith-enabled=false")
        another_key(lab)
        bad_keys_and_files(lab)
        missing_agent(lab)
        hanging_agent(lab)


main(test)
