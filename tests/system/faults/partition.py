"""Three nodes, 1 cut off from 2 and 3: the side without quorum stops the address, the other runs it; then all is one."""
import re

from labkit import RELEVO, VIP, Lab, Ownership, expect, main, run, wait_until


def version(lab, node):
    """What must be the same on all nodes of one cluster: the CIB's version and its configuration."""
    cib = lab.sh(node, "cibadmin", "-Q")
    head = re.search(r"<cib [^>]*>", cib).group(0)
    numbers = tuple(re.search(rf' {name}="(\d+)"', head).group(1) for name in ("admin_epoch", "epoch", "num_updates"))
    return numbers, re.search(r"<configuration>.*</configuration>", cib, re.S).group(0)


def ring(lab, node):
    found = re.search(r"Ring ID:\s+(\S+)", lab.sh(node, "corosync-quorumtool", "-s", check=False))
    return found and found.group(1)


def quorate(lab, node):
    return "Quorate:          Yes" in lab.sh(node, "corosync-quorumtool", "-s", check=False)


def test():
    with Lab(nodes=3, vip=f"{VIP}/16") as lab, Ownership(lab) as ownership:
        lab.sh("nodo1", "pcs", "constraint", "location", "VIP", "prefers", "nodo1.example.com=100")
        lab.wait_owner("nodo1")
        lab.lab("partition", "1:2,3")
        owner = lab.wait_one_owner(among=["nodo2", "nodo3"])
        expect(True, f"the majority runs the address (on {owner}), the lone node has stopped it")
        expect(not quorate(lab, "nodo1") and quorate(lab, "nodo2"), "quorum is with the majority alone")
        refused = run(RELEVO, "lab", "exec", "--name", lab.name, "nodo1", "--", "pcs", "property", "set", "batch-limit=7", check=False)
        expect(refused.returncode == 1 and "quorum" in refused.stderr, f"the lone node refuses changes: {refused.stderr.strip()}")
        expect("batch-limit" not in lab.sh("nodo1", "cibadmin", "-Q"), "and its CIB is as it was")
        lab.sh("nodo2", "pcs", "property", "set", "batch-limit=9")
        lab.lab("heal")
        wait_until("one ring", lambda: len({ring(lab, n) for n in lab.nodes()}) == 1 and all(quorate(lab, n) for n in lab.nodes()))
        expect(True, "after heal: one ring")
        wait_until("one CIB", lambda: len({version(lab, n) for n in lab.nodes()}) == 1)
        expect('name="batch-limit" value="9"' in lab.sh("nodo1", "cibadmin", "-Q"), "after heal: one CIB, with the majority's change")
        lab.wait_owner("nodo1")
        expect(ownership.longest_overlap() == 0.0, "one address, never on two hosts")


main(test)
