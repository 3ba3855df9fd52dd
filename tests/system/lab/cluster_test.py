"""relevo cluster start, stop and status on real nodes: refusals that say why, a supervisor that brings back what died."""
import json
import os
import signal
import time

import labkit
from labkit import expect, wait_until

CONF, KEY = "/etc/relevo/cluster.conf", "/etc/relevo/authkey"


def status(lab, node):
    """What `cluster status` says, running or not."""
    return json.loads(lab.sh(node, "relevo", "cluster", "status", "--json", check=False))


def start(lab, node, *words):
    return lab.lab("exec", node, "--", "relevo", "cluster", "start", *words, check=False)


def stop_and_start(lab):
    again = start(lab, "nodo1")
    expect(again.returncode == 1 and "already" in again.stderr, "a cluster that runs is not started twice")
    before = status(lab, "nodo1")
    expect(before["members_online"] == 3 and before["quorate"] and before["state"] == "operational",
           "status shows the ring and the quorum")
    began = time.monotonic()
    lab.sh("nodo1", "relevo", "cluster", "stop")
    expect(time.monotonic() - began < 15, "stop ends in a reasonable time")
    wait_until("the others have the address", lambda: lab.wait_one_owner(among=["nodo2", "nodo3"]))
    after = status(lab, "nodo1")
    expect(not after["running"] and after["supervisor_pid"] is None, "after stop nothing runs")
    expect(lab.pid_of("nodo1", "relevo-membershipd") is None and lab.pid_of("nodo1", "relevo-resmgrd") is None,
           "by the kernel's word too")
    expect(lab.lab("exec", "nodo1", "--", "relevo", "cluster", "stop", check=False).returncode == 4,
           "what does not run cannot be stopped: exit code 4")
    wait_until("the ring is two", lambda: status(lab, "nodo2")["members_online"] == 2)


def refusals(lab):
    """nodo1 is stopped. Each wrong thing is named, and nothing is started."""
    cases = (("the key is missing", f"mv {KEY} /var/key", f"mv /var/key {KEY}", "relevo keygen"),
             ("the key can be read by others", f"chmod 644 {KEY}", f"chmod 400 {KEY}", "chmod 400"),
             ("the key is too short", f"cp -p {KEY} /var/key; chmod 600 {KEY}; echo x > {KEY}", f"mv /var/key {KEY}; chmod 400 {KEY}", "bytes"),
             ("the configuration has a mistyped key", f"cp {CONF} /var/conf; sed -i s/cluster_name/cluster_nam/ {CONF}",
              f"mv /var/conf {CONF}", "cluster_name"),
             ("the configuration is missing", f"mv {CONF} /var/conf; rm -rf /etc/corosync", f"mv /var/conf {CONF}", "cluster setup"))
    for what, spoil, mend, word in cases:
        lab.sh("nodo1", "sh", "-c", spoil)
        refused = start(lab, "nodo1")
        expect(refused.returncode == 1 and word in refused.stderr, f"start is refused when {what}, and says so")
        expect(lab.pid_of("nodo1", "relevo-membershipd") is None, "nothing was started")
        lab.sh("nodo1", "sh", "-c", mend)
    remote = start(lab, "nodo1", "--all")
    expect(remote.returncode == 3, "--all says that it is not available yet")
    expect(start(lab, "nodo1").returncode == 0, "mended, it starts")
    expect(status(lab, "nodo1")["state"] == "operational", "and is up when the command ends")
    wait_until("the ring is three again", lambda: status(lab, "nodo2")["members_online"] == 3)


def supervision(lab):
    for daemon in ("relevo-membershipd", "relevo-resmgrd"):
        victim = lab.pid_of("nodo2", daemon)
        os.kill(victim, signal.SIGKILL)
        wait_until(f"{daemon} runs again", lambda: lab.pid_of("nodo2", daemon) not in (None, victim), 5)
        wait_until("status counts the restart", lambda: status(lab, "nodo2")["daemons"][daemon]["restarts"] == 1, 5)
        wait_until("the node is whole", lambda: status(lab, "nodo2")["members_online"] == 3
                   and status(lab, "nodo2")["resource_manager"], 20)
    # The supervisor itself is killed: the daemons go on, and can be stopped.
    inner = status(lab, "nodo3")["supervisor_pid"]
    lab.sh("nodo3", "kill", "-9", str(inner))
    expect(status(lab, "nodo3")["running"], "the daemons survive their supervisor")
    expect(start(lab, "nodo3").returncode == 1, "and are not started a second time")
    lab.sh("nodo3", "relevo", "cluster", "stop")
    expect(not status(lab, "nodo3")["running"], "stop works without the supervisor")
    expect(start(lab, "nodo3").returncode == 0, "and start after it")


def test():
    with labkit.Lab(nodes=3, vip="172.31.0.100/16") as lab:
        for part in (stop_and_start, refusals, supervision):
            part(lab)


labkit.main(test)
