"""Three real membership daemons in three network namespaces: a ring forms, survives kill -9, takes a node back,
lets one go that leaves, keeps order and survives bad local programs. usage: three_nodes.py BUILD_DIR"""
import json
import os
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from netkit import Node, Program, cluster_conf, main, must, waiter  # noqa: E402

ADDRESSES = {n: [f"10.77.0.{n}"] for n in (1, 2, 3)}
KEY = os.urandom(64)
wait_for = waiter(15)


class RingNode(Node):
    def __init__(self, net, number):
        super().__init__(net, number, cluster_conf(ADDRESSES, "transport: knet"), KEY, "--debug")

    def stored(self):
        with open(f"{self.root}/var/lib/relevo/ringid_{self.number}") as f:
            return int(f.read().split("reserved ")[1].split()[0])


class Told(Program):
    def ring(self):
        return self.last("regular").split(" ")[1]

    def report(self):
        self.tell("report status")
        end = time.monotonic() + 5
        while not self.last("report") and time.monotonic() < end:
            time.sleep(0.01)
        text = self.last("report") or "report {}"
        self.lines = [x for x in self.lines if not x.startswith("report")]
        return json.loads(text[len("report "):])


def all_have(probes, members):
    return lambda: all(p.members() == members for p in probes)


def test_forming(nodes, probes):
    for n in nodes:
        n.start()
    probes += [Told(n) for n in nodes]
    wait_for("three daemons form one ring of three", all_have(probes, "1,2,3"))
    must(len({p.ring() for p in probes}) == 1, "all three name the same ring")
    wait_for("the ring is quorate", lambda: all(p.last("quorum").startswith("quorum yes votes 3 of 3 needs 2") for p in probes))
    report = probes[0].report()
    must(report["node_id"] == 1 and report["name"] == "m1" and report["state"] == "operational", "the report names the node and its state")
    must([m["name"] for m in report["members"]] == ["m1", "m2", "m3"], "the report names the members")
    must(all(p["up"] and p["links"][0]["up"] for p in report["peers"]), "the report shows both links up")
    must(os.stat(nodes[0].socket).st_mode & 0o777 == 0o660, "the socket has mode 0660")


def test_order(probes):
    for p in probes:
        p.tell("join demo")
    wait_for("each sees a group of three", lambda: all(p.last("group demo").split(" members ")[1].split(" ")[0].count(":") == 3 for p in probes if p.last("group demo")) and all(p.last("group demo") for p in probes))
    for i in range(50):
        for p in probes:
            p.tell(f"{'safe' if i % 5 == 0 else 'send'} demo {i}")
    got = lambda p: [x for x in p.lines if x.startswith("message demo")]
    wait_for("each gets all 150 messages", lambda: all(len(got(p)) == 150 for p in probes))
    must(got(probes[0]) == got(probes[1]) == got(probes[2]), "all see one order")
    mine = [x for x in got(probes[1]) if x.split()[3].startswith("1:")]
    must([int(x.split()[-1]) for x in mine] == list(range(50)), "a sender's messages keep its order")
    for count, size in ((300, 100000), (25000, 201)):
        probes[2].tell(f"flood demo {count} {size}")
        wait_for(f"{count} messages of {size} bytes pass", lambda: probes[2].last("flooded"), 30)
        probes[2].lines = [x for x in probes[2].lines if not x.startswith("flooded")]
        probes[2].tell(f"send demo after {size}")
        wait_for("what was sent after the flood arrives everywhere after it",
                 lambda: all(p.last("message demo").endswith(f"agreed after {size}") for p in probes), 30)
        must(sum(f"({size} bytes)" in x for x in probes[0].lines) == count, "nothing of the flood was lost")


def test_kill(nodes, probes):
    ring = probes[0].ring()
    before = nodes[2].stored()
    nodes[2].end(signal.SIGKILL)
    killed = time.monotonic()
    two = probes[:2]
    wait_for("after kill -9 of one, two form a ring", all_have(two, "1,2"), 5)
    print(f"     in {1000 * (time.monotonic() - killed):.0f} ms", flush=True)
    wait_for("which is quorate", lambda: all(p.last("quorum").startswith("quorum yes votes 2 of 3") for p in two), 5)
    must(two[0].ring() != ring, "under a new ring number")
    wait_for("the program of the dead daemon is told", lambda: probes[2].last("lost"), 5)
    wait_for("the group is told that the node is down", lambda: any(x.startswith("group demo") and x.split(" left ")[1].startswith("3:") and x.endswith("/3") for x in two[0].lines), 5)
    nodes[2].start()
    probes[2].stop()
    probes[2] = Told(nodes[2])
    wait_for("it is taken back after its restart", all_have(probes, "1,2,3"))
    wait_for("and the ring is quorate again", lambda: all(p.last("quorum").startswith("quorum yes votes 3 of 3") for p in probes))
    must(nodes[2].stored() > before, "its ring numbers went on behind the ones it may have used")


def test_leave(nodes, probes):
    started = time.monotonic()
    must(nodes[1].end(signal.SIGTERM) == 0, "SIGTERM ends the daemon with exit code 0")
    wait_for("the others form a ring at once", all_have([probes[0], probes[2]], "1,3"), 2)
    print(f"     in {1000 * (time.monotonic() - started):.0f} ms", flush=True)
    must(not os.path.exists(nodes[1].socket), "its socket is gone")
    nodes[1].start()
    probes[1].stop()
    probes[1] = Told(nodes[1])
    wait_for("and take it back", all_have(probes, "1,2,3"))


def raw(node, data):
    """A broken local program: what it sends is no request. The daemon must close the connection and live."""
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(5)
    s.connect(node.socket)
    try:
        s.sendall(data)
        while s.recv(65536):
            pass
    except (ConnectionError, socket.timeout) as e:
        if isinstance(e, socket.timeout):
            return False
    finally:
        s.close()
    return True


def test_bad_programs(nodes, probes):
    frame = lambda kind, body: struct.pack("<IH", len(body), kind) + body
    must(raw(nodes[0], frame(999, b"x")), "a program that sends an unknown frame is disconnected")
    must(raw(nodes[0], frame(3, b"\xff" * 40)), "so is one that sends a malformed multicast")
    must(raw(nodes[0], struct.pack("<IH", 0xFFFFFFFF, 1)), "and one that announces 4 GB")
    probes[0].tell("control expected-votes 0")
    wait_for("a senseless control command is refused with words", lambda: "1 to 65535" in probes[0].last("control error"))
    probes[0].tell("report nonsense")
    wait_for("so is an unknown report", lambda: "use status, groups" in probes[0].last("report error"))
    probes[0].tell("ping")
    wait_for("and the daemon still answers", lambda: probes[0].last("pong"))


def test_reload(nodes, probes):
    text = nodes[0].read("cluster.conf")
    nodes[0].write("cluster.conf", text.replace("cluster_name: probe", "cluster_name: probe\n  token: 5000"))
    nodes[0].process.send_signal(signal.SIGHUP)
    in_force = "in force on every node of the ring"
    wait_for("a reload takes effect on every node", lambda: nodes[0].said().count(in_force) == 1)
    must("token: 5000" in nodes[1].read("cluster.conf"), "and stands in the file of the others")
    nodes[0].write("cluster.conf", text.replace("cluster_name", "clustr_name"))
    nodes[0].process.send_signal(signal.SIGHUP)
    wait_for("a reload of a wrong file changes nothing and says why", lambda: "nothing was changed" in nodes[0].said())
    nodes[0].write("cluster.conf", text)
    nodes[0].process.send_signal(signal.SIGHUP)
    wait_for("and back again", lambda: nodes[0].said().count(in_force) == 2)


def test_keys(nodes, probes):
    nodes[2].end(signal.SIGTERM)
    nodes[2].write("authkey", os.urandom(64), 0o400)
    nodes[2].start()
    other = Told(nodes[2])
    wait_for("a node with another key stays alone", lambda: other.members() == "3" and other.last("quorum no"))
    time.sleep(1.5)
    must(probes[0].members() == "1,2" and other.members() == "3", "and never joins")
    probes[0].tell("ping")
    other.stop()
    nodes[2].end(signal.SIGTERM)
    path = nodes[2].etc("authkey")
    for name, spoil, words in (("readable by others", lambda: os.chmod(path, 0o444), "chmod"),
                               ("too short", lambda: nodes[2].write("authkey", b"short", 0o400), "keygen"),
                               ("missing", lambda: os.unlink(path), "keygen")):
        spoil()
        done = nodes[2].once()
        must(done.returncode == 1 and path in done.stderr and words in done.stderr, f"a key that is {name}: refused, with the way to mend it")
    nodes[2].write("authkey", KEY, 0o400)


def test_second_daemon(nodes):
    done = nodes[0].once()
    must(done.returncode == 1 and "another process listens" in done.stderr, "a second daemon of the same root refuses to start")


def test_damaged_state(nodes, probes):
    path = f"{nodes[2].root}/var/lib/relevo/ringid_3"
    before = nodes[2].stored()
    with open(path, "w") as f:
        f.write("relevo ring")
    nodes[2].start()
    probes[2].stop()
    probes[2] = Told(nodes[2])
    wait_for("a node with a damaged ring number file comes back", all_have(probes, "1,2,3"))
    must("not a ring number file" in nodes[2].said(), "says what is damaged")
    must(nodes[2].stored() > before, "and goes on behind its old numbers")


def story(net):
    net.switch("br0")
    for n, (address,) in ADDRESSES.items():
        net.host(f"n{n}")
        net.plug(f"n{n}", "eth0", "br0", f"{address}/24")
    nodes, probes = [RingNode(net, n) for n in ADDRESSES], []
    test_forming(nodes, probes)
    test_order(probes)
    test_kill(nodes, probes)
    test_leave(nodes, probes)
    test_bad_programs(nodes, probes)
    test_reload(nodes, probes)
    test_second_daemon(nodes)
    test_keys(nodes, probes)
    test_damaged_state(nodes, probes)


main(story, "rm")
