"""Keys changed under traffic on three real daemons: nothing lost, no membership change; who was away catches up, who
has only a retired key is told so on both sides. usage: rotation.py BUILD_DIR [ROTATIONS, default 5 [SECONDS
over which they are spread, default 0]]"""
import json
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from netkit import RELEVO, Node, Program, cluster_conf, main, must, run, waiter  # noqa: E402

ROTATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
SPAN = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
ADDRESSES = {n: [f"10.78.0.{n}"] for n in (1, 2, 3)}
RATE = 1000
wait_for = waiter(30)


class KeyNode(Node):
    def __init__(self, net, number):
        super().__init__(net, number, cluster_conf(ADDRESSES, "transport: knet"), None, "--debug")

    def key_states(self):
        """{id: state} of the key file."""
        lines = (line.split() for line in self.read("authkey").splitlines())
        return {int(words[1]): words[2] for words in lines if words and words[0] == "key"}

    def cluster_key(self, *words):
        return run(RELEVO, "cluster", "key", *words, "--root", self.root, check=False, timeout=90)

    def report(self):
        return json.loads(self.cluster_key("list", "--json").stdout)


class Paced(Program):
    """Counts the configurations it is told and keeps the numbers of the messages instead of their lines."""

    def __init__(self, node):
        self.paced, self.rings = [], 0
        super().__init__(node)

    def take(self, line):
        if line.startswith("message demo"):
            self.paced.append(int(line.rsplit(" ", 1)[1]))
            return
        self.rings += line.startswith(("regular", "transitional"))
        super().take(line)


def test_rotations(nodes, probes):
    for p in probes:
        p.tell("join demo")
    wait_for("a group of three", lambda: all(p.last("group demo").split(" joined ")[0].count(":") == 3 for p in probes))
    rings = [p.rings for p in probes]
    probes[0].tell(f"pace demo 100000000 {RATE}")
    wait_for("messages flow", lambda: len(probes[2].paced) > 100)
    took = []
    for i in range(ROTATIONS):
        started = time.monotonic()
        done = nodes[i % 3].cluster_key("rotate")
        took.append(time.monotonic() - started)
        time.sleep(max(0.0, SPAN / ROTATIONS - took[-1]))
        if done.returncode != 0:
            raise AssertionError(f"rotation {i + 1}: {done.stderr}")
    must(True, f"{ROTATIONS} rotations under traffic, {1000 * sum(took) / len(took):.0f} ms each at the mean, {1000 * max(took):.0f} ms at the most")
    time.sleep(0.5)
    probes[0].tell("pace demo 0 1")
    wait_for("the traffic ends", lambda: probes[0].last("paced"))
    sent = len(probes[0].paced)
    wait_for("every message arrived everywhere", lambda: len({len(p.paced) for p in probes}) == 1 and len(probes[0].paced) >= sent, 10)
    for p in probes:
        must(p.paced == list(range(len(p.paced))), f"{len(p.paced)} messages in their order, none lost, none twice")
    must([p.rings for p in probes] == rings, "no membership change")
    must(len({json.dumps(n.key_states()) for n in nodes}) == 1, "all key files say the same")
    must(list(nodes[0].key_states().values()).count("active") == 1, "one key is active")
    must(all(os.stat(n.etc("authkey")).st_mode & 0o777 == 0o400 for n in nodes), "and their mode is 0400")


def again(node, probes):
    node.start()
    probes[node.number - 1].stop()
    probes[node.number - 1] = Paced(node)


def test_latecomer(nodes, probes):
    nodes[2].end()
    wait_for("one node is off", lambda: probes[0].members() == "1,2")
    refused = nodes[0].cluster_key("rotate")
    must(refused.returncode != 0 and "node 3" in refused.stderr and "--force" in refused.stderr, "a rotation without it is refused by name")
    done = nodes[0].cluster_key("rotate", "--force")
    must(done.returncode == 0, "and done with --force")
    again(nodes[2], probes)
    wait_for("the latecomer joins with the former key", lambda: probes[2].members() == "1,2,3")
    wait_for("and is brought up to date", lambda: nodes[2].key_states() == nodes[0].key_states())


def test_retired(nodes, probes):
    nodes[2].end()
    wait_for("one node is off", lambda: probes[0].members() == "1,2")
    must(nodes[1].cluster_key("rotate", "--force").returncode == 0, "a rotation without it")
    for id, state in nodes[0].key_states().items():
        if state == "accept":
            must(nodes[0].cluster_key("retire", str(id), "--force").returncode == 0, f"key {id} is retired by force")
    again(nodes[2], probes)
    wait_for("the node with only a retired key is named by the others", lambda: all(
        "node 3 (10.78.0.3) still uses key" in n.said() and "which is retired: copy the key file of another node to it" in n.said() for n in nodes[:2]))
    wait_for("and is told itself", lambda: "copy the key file of one of them here" in nodes[2].said())
    must(probes[2].members() == "3" and probes[0].members() == "1,2", "it never joins")
    nodes[2].end()
    os.unlink(nodes[2].etc("authkey"))
    shutil.copy(nodes[0].etc("authkey"), nodes[2].etc("authkey"))
    again(nodes[2], probes)
    wait_for("with a copy of the key file it joins", lambda: probes[2].members() == "1,2,3")
    report = nodes[0].report()
    active = next(k for k in report["keys"] if k["state"] == "active")
    must("secret" not in json.dumps(report), "the list shows no secret")
    wait_for("and the list says that all three have the active key",
             lambda: next(k for k in nodes[0].report()["keys"] if k["id"] == active["id"])["holders"] == [1, 2, 3])


def story(net):
    net.switch("br0")
    for n, (address,) in ADDRESSES.items():
        net.host(f"n{n}")
        net.plug(f"n{n}", "eth0", "br0", f"{address}/24")
    nodes = [KeyNode(net, n) for n in ADDRESSES]
    run(RELEVO, "keygen", nodes[0].etc("authkey"))
    for n in nodes[1:]:
        shutil.copy(nodes[0].etc("authkey"), n.etc("authkey"))
    for n in nodes:
        n.start()
    probes = [Paced(n) for n in nodes]
    wait_for("three daemons form one ring", lambda: all(p.members() == "1,2,3" for p in probes))
    test_rotations(nodes, probes)
    test_latecomer(nodes, probes)
    test_retired(nodes, probes)


main(story, "rk")
