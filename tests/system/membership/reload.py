"""Changes of the configuration on real daemons in network namespaces: all nodes or none, links and nodes added while
running, files on full and read-only disks. usage: reload.py BUILD_DIR"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from netkit import CONTROL, REPORT, Node, cluster_conf, main, must, waiter  # noqa: E402

KEY = os.urandom(64)
wait_for = waiter(20, every=0.05)


def config(nodes=(1, 2, 3), links=1, totem=()):
    addresses = {n: [f"10.7{link}.0.{n}" for link in range(links)] for n in nodes}
    return cluster_conf(addresses, "config_version: 1", *totem, log="to_syslog: no")


class ReloadNode(Node):
    def __init__(self, net, number, text):
        super().__init__(net, number, text, KEY, "--name", f"m{number}")

    def change(self, text):
        self.write("cluster.conf", text)

    def cmap(self, key):
        value = json.loads(self.ask(REPORT, "cmap")[1]).get(key)
        return value.get("value") if isinstance(value, dict) else value

    def reload(self):
        return self.ask(CONTROL, "reload", timeout=15)


def members(node):
    return [m["id"] for m in node.status().get("members", [])]


def test_timer(nodes):
    ring = nodes[0].status()["ring_id"]
    nodes[0].change(config(totem=["token: 5000"]))
    yes, words = nodes[0].reload()
    must(yes and "in force on every node" in words, "a reload is answered when it is in force", words)
    wait_for("every node has the new token", lambda: all(str(n.cmap("runtime.config.totem.token")) == "5650" for n in nodes))
    must(all(n.status()["ring_id"] == ring for n in nodes), "and the ring is the same as before")
    wait_for("every node has the new file", lambda: all("token: 5000" in n.file() for n in nodes))
    must(all("config_version: 2" in n.file() for n in nodes), "with a version of its own")
    must(os.path.exists(nodes[1].etc("cluster.conf.bak")), "and what stood there is kept")
    yes, words = nodes[1].reload()
    must(yes and "nothing to change" in words, "a reload without a change changes nothing")


def test_refusals(nodes):
    before = [n.status()["configuration"] for n in nodes]
    good = nodes[0].file()
    for text, word in ((good.replace("token: 5000", "token: soon"), "milliseconds"),
                       (good.replace("cluster_name: probe", "cluster_name: other"), "cannot change"),
                       (good.replace("10.70.0.2", "10.70.0.77"), "node 2 refused: ring0_addr of this node, 10.70.0.77"),
                       (good.replace("10.70.0.3", "nowhere.invalid"), "does not resolve"),
                       (good.replace("nodeid: 3", "nodeid: 9"), "an id cannot change")):
        nodes[0].change(text)
        yes, words = nodes[0].reload()
        must(not yes and word in words, f"refused with a clear word: {words}")
    nodes[0].change(good)
    must([n.status()["configuration"]["digest"] for n in nodes] == [b["digest"] for b in before], "and nobody changed anything")
    must(all("10.70.0.77" not in n.file() for n in nodes), "in no file either")


def test_votes(nodes):
    nodes[2].change(nodes[2].file().replace("name: m1\n", "name: m1\n    quorum_votes: 3\n"))
    yes, words = nodes[2].reload()
    must(yes, "votes change while running", words)
    wait_for("every node counts 5 votes", lambda: all(n.status()["quorum"]["total_votes"] == 5 for n in nodes))
    nodes[2].change(nodes[2].file().replace("    quorum_votes: 3\n", ""))
    must(nodes[2].reload()[0], "and back")
    wait_for("every node counts 3 votes", lambda: all(n.status()["quorum"]["total_votes"] == 3 for n in nodes))


def test_link(net, nodes):
    ring = nodes[0].status()["ring_id"]
    nodes[1].change(config(links=2, totem=["token: 5000"]))
    yes, words = nodes[1].reload()
    must(yes, "a link is added while running", words)
    up = lambda n: all(len(p["links"]) == 2 and all(l["up"] for l in p["links"]) for p in n.status()["peers"])
    wait_for("both links of every pair are up", lambda: all(up(n) for n in nodes))
    must(all(n.status()["ring_id"] == ring for n in nodes), "without a change of the membership")
    for n in nodes:
        net.ip(n.host, "link", "set", "eth0", "down")
    time.sleep(1.5)
    must(all(n.status()["ring_id"] == ring for n in nodes), "and the new link carries the ring when the old one is gone")
    for n in nodes:
        net.ip(n.host, "link", "set", "eth0", "up")
    wait_for("both are up again", lambda: all(up(n) for n in nodes))


def test_absent(nodes):
    nodes[2].end()
    wait_for("two nodes go on", lambda: members(nodes[0]) == [1, 2])
    nodes[0].change(nodes[0].file().replace("token: 5000", "token: 4000"))
    must(nodes[0].reload()[0], "a change while a node is away")
    nodes[2].start()
    wait_for("the node comes back", lambda: members(nodes[2]) == [1, 2, 3])
    wait_for("and takes over what the ring runs by", lambda: str(nodes[2].cmap("runtime.config.totem.token")) == "4650")
    wait_for("and its file says so", lambda: "token: 4000" in nodes[2].file())


def test_clash(nodes):
    nodes[2].end()
    wait_for("two nodes go on", lambda: members(nodes[0]) == [1, 2])
    good = nodes[2].file()
    nodes[2].change(good.replace("token: 4000", "token: 4100"))
    nodes[2].start()
    wait_for("the same version with another content stays out", lambda: nodes[2].status().get("state") == "left")
    must("config_version" in " ".join(nodes[2].status()["troubles"]), "its status says why")
    for command in ("expected-votes 3", "key-rotate", "reload", "leave-node 1"):
        yes, words = nodes[2].ask(CONTROL, command, timeout=5)
        must(not yes and "not in the cluster" in words, f"{command} is refused there with the reason", words)
    wait_for("the others go on without it", lambda: members(nodes[0]) == [1, 2] and nodes[0].status()["quorum"]["quorate"])
    nodes[2].end()
    nodes[2].change(good)
    nodes[2].start()
    wait_for("with the right file it is back", lambda: members(nodes[0]) == [1, 2, 3])


def test_nodes(net, nodes):
    text = nodes[0].file()
    entry = "  node {\n    ring0_addr: 10.70.0.4\n    ring1_addr: 10.71.0.4\n    name: m4\n    nodeid: 4\n  }\n"
    more = text.replace("}\nquorum {", entry + "}\nquorum {")
    fourth = ReloadNode(net, 4, more)
    nodes.append(fourth)
    fourth.start()
    nodes[0].change(more)
    yes, words = nodes[0].reload()
    must(yes, "a node is added while running", words)
    wait_for("it joins", lambda: all(members(n) == [1, 2, 3, 4] for n in nodes))
    wait_for("and takes over the file of the ring", lambda: fourth.file() == nodes[0].file())
    nodes[1].change(nodes[1].file().replace(entry, ""))
    yes, words = nodes[1].reload()
    must(yes, "a running node is removed", words)
    wait_for("it leaves", lambda: all(members(n) == [1, 2, 3] for n in nodes[:3]))
    wait_for("and says why", lambda: "removed from the cluster" in " ".join(fourth.status().get("troubles", [])))


def story(net):
    for link in (0, 1):
        net.switch(f"br{link}")
    for n in (1, 2, 3, 4):
        net.host(f"n{n}")
        for link in (0, 1):
            net.plug(f"n{n}", f"eth{link}", f"br{link}", f"10.7{link}.0.{n}/24")
    nodes = [ReloadNode(net, n, config()) for n in (1, 2, 3)]
    for n in nodes:
        n.start()
    wait_for("three nodes form a ring", lambda: all(members(n) == [1, 2, 3] and n.status()["synced"] for n in nodes))
    test_timer(nodes)
    test_refusals(nodes)
    test_votes(nodes)
    test_link(net, nodes)
    test_absent(nodes)
    test_clash(nodes)
    test_nodes(net, nodes)


main(story, "rl")
