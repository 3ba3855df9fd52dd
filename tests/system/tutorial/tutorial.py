"""The field's tutorial, exercises 2 and 3, with its own commands, on two hosts and a client.

The address goes to nodo1 by preference; standby moves it and the client's neighbour table shows the other MAC;
unstandby brings it back; with the preference deleted and stickiness set it stays where it is.
"""
import re

from labkit import VIP, Lab, expect, main, run, wait_until

ONE, TWO = "nodo1.example.com", "nodo2.example.com"


def neighbour_mac(lab):
    """The MAC that the client's kernel has for the address, after it talked to it."""
    lab.sh("client", "python3", "-c",
           "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('%s', 9))" % VIP)
    done = run("ip", "-n", f"{lab.name}-client", "neigh", "show", VIP, check=False)
    found = re.search(r"lladdr ([0-9a-f:]+)", done.stdout)
    return found and found.group(1)


def shows(lab, text):
    return text in lab.sh("nodo1", "crm_mon", "--one-shot", "-V")


def set_up(lab):
    for words in (["pcs", "property", "set", "stonith-enabled=false"],
                  ["pcs", "property", "set", "no-quorum-policy=ignore"],
                  ["pcs", "resource", "op", "defaults", "update", "timeout=20s"],
                  ["pcs", "resource", "create", "CLUSTER_IP", "ocf:heartbeat:IPaddr2", f"ip={VIP}", "cidr_netmask=16",
                   "op", "monitor", "interval=60s"],
                  ["pcs", "constraint", "location", "CLUSTER_IP", "prefers", f"{ONE}=INFINITY"]):
        lab.sh("nodo1", *words)


def exercise_two(lab):
    lab.wait_owner("nodo1")
    expect(True, "the address goes to nodo1 by preference")
    wait_until("status resources says so", lambda: f"Started {ONE}" in lab.sh("nodo1", "pcs", "status", "resources"))
    status = lab.sh("nodo2", "pcs", "status")
    expect(f"Online: [ {ONE} {TWO} ]" in status, "pcs status on nodo2 shows both nodes online")
    expect(lab.sh("nodo1", "crm_verify", "-L") == "", "crm_verify -L finds nothing wrong")
    expect("<primitive" in lab.sh("nodo1", "cibadmin", "-Q"), "cibadmin -Q prints the CIB")
    expect("Quorate:          Yes" in lab.sh("nodo1", "corosync-quorumtool", "-s"), "corosync-quorumtool -s: quorate")


def exercise_three(lab):
    expect(wait_until("an answer to the client's ARP", lambda: neighbour_mac(lab)) == lab.mac("nodo1"),
           "the client's neighbour table shows nodo1's MAC")
    lab.sh("nodo1", "pcs", "node", "standby")
    lab.wait_owner("nodo2")
    expect(neighbour_mac(lab) == lab.mac("nodo2"), "after standby the client's neighbour table shows nodo2's MAC")
    wait_until("crm_mon agrees", lambda: shows(lab, f"Node {ONE}: standby") and shows(lab, f"Started {TWO}"))
    lab.sh("nodo1", "pcs", "node", "unstandby")
    lab.wait_owner("nodo1")
    expect(neighbour_mac(lab) == lab.mac("nodo1"), "after unstandby it returns with the INFINITY preference")


def moves(lab):
    refused = run_move(lab, TWO)
    expect(refused.returncode != 0, "a move against the INFINITY preference is said to be impossible for good")
    lab.wait_owner("nodo1")
    lab.sh("nodo1", "pcs", "constraint", "list", "--full")
    lab.sh("nodo1", "pcs", "constraint", "delete", f"location-CLUSTER_IP-{ONE}-INFINITY")
    lab.sh("nodo1", "pcs", "resource", "defaults", "update", "resource-stickiness=100")
    lab.sh("nodo1", "pcs", "resource", "move", "CLUSTER_IP", TWO)
    lab.wait_owner("nodo2")
    expect("cli-prefer" not in lab.sh("nodo1", "pcs", "constraint", "config", "--full"), "move leaves no constraint behind")
    lab.sh("nodo1", "pcs", "resource", "move", "CLUSTER_IP", "lifetime=PT10S")
    lab.wait_owner("nodo1")
    lab.sh("nodo1", "pcs", "resource", "clear", "CLUSTER_IP")
    cleaned = run_in(lab, "nodo1", "pcs", "resource", "cleanup", "CLUSTER_IP")
    expect(cleaned.returncode == 0 and "Cleaned up CLUSTER_IP" in cleaned.stderr, "cleanup says what it cleaned")
    lab.wait_owner("nodo1")


def run_in(lab, node, *words):
    from labkit import RELEVO
    return run(RELEVO, "lab", "exec", "--name", lab.name, node, "--", *words, check=False)


def run_move(lab, node):
    return run_in(lab, "nodo1", "pcs", "resource", "move", "CLUSTER_IP", node)


def stickiness(lab):
    lab.sh("nodo1", "pcs", "node", "standby")
    lab.wait_owner("nodo2")
    lab.sh("nodo1", "pcs", "node", "unstandby")
    wait_until("nodo1 is online again", lambda: not shows(lab, "standby"))
    lab.sh("nodo1", "pcs", "resource", "cleanup", "CLUSTER_IP", "--wait=20")
    expect(lab.owners() == ["nodo2"], "without the preference, with stickiness, it stays where it runs")
    explained = lab.sh("nodo2", "relevo", "explain", "CLUSTER_IP")
    expect("stickiness" in explained and TWO in explained, "relevo explain names the stickiness")


def real_death(lab):
    lab.lab("power-off", "nodo2")
    lab.wait_owner("nodo1", limit=15)
    expect(True, "the active host is powered off: the other takes the address")
    lab.lab("power-on", "nodo2")
    wait_until("nodo2 is back", lambda: shows(lab, f"Online: [ {ONE} {TWO} ]"), limit=60)
    expect(lab.owners() == ["nodo1"], "when it returns the address does not move back")


def test():
    with Lab(nodes=2) as lab:
        set_up(lab)
        exercise_two(lab)
        exercise_three(lab)
        moves(lab)
        stickiness(lab)
        real_death(lab)


main(test)
