"""Four real daemons and a real arbiter on a network of its own: even splits, a dead arbiter, a restarted one, strangers; the
arbiter taken out of the running cluster and put back.

usage: arbiter.py BUILD_DIR
"""
import json
import os
import shutil
import signal
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from netkit import BIN, Daemon, Node, cluster_conf, main, must, run, waiter  # noqa: E402

ARBITER = f"{BIN}/relevo-arbiter"
ADDRESSES = {n: [f"10.79.0.{n}"] for n in (1, 2, 3, 4)}
DEVICE = ["  device {", "    model: net", "    net {", "      host: 10.79.1.100", "      algorithm: ffsplit", "    }", "  }"]
wait_for = waiter(30, every=0.1)


class VotingNode(Node):
    def __init__(self, net, number, key, token):
        super().__init__(net, number, cluster_conf(ADDRESSES, "transport: knet", quorum=DEVICE), key, "--name", f"m{number}")
        shutil.copy(token, self.etc("arbiter.token"))
        os.chmod(self.etc("arbiter.token"), 0o600)

    def quorum(self):
        return self.status().get("quorum", {})

    def quorate(self):
        return self.quorum().get("quorate", False)

    def votes(self):
        return self.quorum().get("total_votes", 0)


class Arbiter(Daemon):
    def up(self):
        self.launch(ARBITER, "run", "--root", self.root)

    def status(self):
        done = run(ARBITER, "status", "--json", "--root", self.root, check=False, timeout=20)
        return json.loads(done.stdout)["clusters"] if done.returncode == 0 else []

    def votes(self):
        """Nodes that hold the vote, by the arbiter's word."""
        return [n["id"] for c in self.status() for n in c["nodes"] if n["vote"]]


def cables(net):
    """Two switches for the cluster (a split is a cable moved to the other), a third for the way to the arbiter."""
    for switch in ("br0", "br1", "brq"):
        net.switch(switch)
    for n, (address,) in ADDRESSES.items():
        net.host(f"n{n}")
        net.plug(f"n{n}", "eth0", "br0", f"{address}/24")
        net.plug(f"n{n}", "eth1", "brq", f"10.79.1.{n}/24")
    net.host("a")
    net.plug("a", "eth1", "brq", "10.79.1.100/24")


def split(net, switch):
    """Nodes 3 and 4 to that switch: apart from 1 and 2 on br1, together with them on br0."""
    for host in ("n3", "n4"):
        net.move(host, "eth0", switch)


def quorate(nodes):
    return [n.number for n in nodes if n.quorate()]


def splits(net, nodes, arbiter):
    wait_for("four nodes and the arbiter: all quorate with five votes",
             lambda: all(n.votes() == 5 for n in nodes) and len(arbiter.votes()) == 4)
    must(nodes[0].quorum()["expected_votes"] == 5, "the arbiter's vote is one of the expected ones")
    text = run(ARBITER, "status", "--root", arbiter.root, check=False).stdout
    must('Cluster "probe":' in text and "Vote:\t\t\tACK" in text, "relevo-arbiter status names the cluster and the votes")

    split(net, "br1")
    wait_for("split 2:2: the half with the lowest node is quorate, the other is not", lambda: quorate(nodes) == [1, 2])
    must(sorted(arbiter.votes()) == [1, 2], "the arbiter has given its vote to that half only")

    arbiter.end(signal.SIGKILL)
    wait_for("arbiter killed while split: after the lease nobody is quorate", lambda: quorate(nodes) == [])
    arbiter.up()
    seen = set()
    wait_for("arbiter back: the same half is quorate again",
             lambda: (now := tuple(quorate(nodes))) is not None and (seen.add(now) or now == (1, 2)))
    must(all(not ({1, 2} & set(s) and {3, 4} & set(s)) for s in seen), "never nodes of both halves at one time")

    split(net, "br0")
    wait_for("healed: all quorate with five votes", lambda: all(n.votes() == 5 for n in nodes))
    arbiter.end()
    wait_for("the arbiter alone away: four of five votes are enough",
             lambda: all(n.votes() == 4 for n in nodes) and quorate(nodes) == [1, 2, 3, 4])
    split(net, "br1")
    wait_for("no arbiter and split 2:2: none is quorate", lambda: quorate(nodes) == [])
    split(net, "br0")
    arbiter.up()
    wait_for("all back: all quorate", lambda: all(n.votes() == 5 for n in nodes))

    device_while_running(nodes, arbiter)
    for n in nodes[:2]:
        n.end(signal.SIGKILL)
    wait_for("two of four killed at once: the other two go on with the arbiter's vote",
             lambda: quorate(nodes[2:]) == [3, 4] and all(n.votes() == 3 for n in nodes[2:]))
    strangers(arbiter)
    unknown_names(arbiter)
    must(quorate(nodes[2:]) == [3, 4], "and nodes 3 and 4 did not lose it by that")


def device(node, *words):
    return run(f"{BIN}/relevo", "quorum", "device", *words, "--root", node.root, check=False, timeout=90)


def device_while_running(nodes, arbiter):
    """relevo quorum device: what one node is told reaches the files and the votes of all, without a restart."""
    host = ("model", "net", "host=10.79.1.100", "algorithm=ffsplit")
    done = device(nodes[0], "status")
    must(done.returncode == 0 and "QNetd host:             10.79.1.100:5403\n" in done.stdout and "Vote:                   ACK\n" in done.stdout,
         "quorum device status: connected, with the vote")
    must("already defined" in device(nodes[0], "add", *host).stderr, "a second device is refused")
    before = nodes[0].file()
    done = device(nodes[0], "remove")
    must(done.returncode == 0 and "Nothing has to be restarted." in done.stdout, f"quorum device remove ({done.stderr.strip()})")
    wait_for("removed: four votes are expected on every node", lambda: all(n.quorum().get("expected_votes") == 4 for n in nodes))
    wait_for("removed: no node's file has a device any more", lambda: all("device" not in n.file() for n in nodes))
    must(device(nodes[1], "status").returncode == 1, "status of a device that is gone is an error")
    done = device(nodes[1], "add", *host, "tie_breaker=9")
    must(done.returncode == 1 and "tie_breaker" in done.stderr and "device" not in nodes[1].file(), "a device that cannot be is written nowhere")
    done = device(nodes[2], "add", *host)
    must(done.returncode == 0, f"quorum device add, told to another node ({done.stderr.strip()})")
    wait_for("added: all nodes and the arbiter are five votes again", lambda: all(n.votes() == 5 for n in nodes) and len(arbiter.votes()) == 4)
    wait_for("added: every node's file has the device", lambda: all("host: 10.79.1.100" in n.file() for n in nodes))
    must([line for line in nodes[0].file().split("\n") if "config_version" not in line] == [line for line in before.split("\n") if "config_version" not in line],
         "the file is that of before but for its version")


def strangers(arbiter):
    """Noise, silence and half a frame in numbers: the arbiter lives on and keeps its votes."""
    code = ("import os,socket,ssl,time\n"
            "plain=[socket.create_connection(('10.79.1.100',5403)) for _ in range(100)]\n"
            "[s.sendall(os.urandom(200)) for s in plain[::2]]\n"
            "c=ssl.create_default_context(); c.check_hostname=False; c.verify_mode=ssl.CERT_NONE\n"
            "for body in (b'\\xff'*8, b'\\x05\\x00\\x00\\x00hello', b'\\x00\\x10\\x00\\x00', b''):\n"
            "  s=c.wrap_socket(socket.create_connection(('10.79.1.100',5403))); s.sendall(body); s.close()\n"
            "old=ssl.create_default_context(); old.check_hostname=False; old.verify_mode=ssl.CERT_NONE\n"
            "old.maximum_version=ssl.TLSVersion.TLSv1_2\n"
            "try:\n  old.wrap_socket(socket.create_connection(('10.79.1.100',5403))); print('tls12 taken')\n"
            "except (ssl.SSLError, OSError): print('tls12 refused')\n"
            "time.sleep(1)\n")
    done = run(*arbiter.net.inside("n1", sys.executable, "-c", code), check=False, timeout=60)
    must(done.stdout.strip() == "tls12 refused", f"older TLS is refused ({done.stderr.strip()[-200:]})")
    must(sorted(arbiter.votes()) == [3, 4], "strangers changed nothing")


def greet(arbiter, cluster):
    """A well-formed hello with a wrong proof, from a host of the cluster."""
    name = cluster.encode()
    hello = struct.pack("<BHI", 1, 1, len(name)) + name + struct.pack("<IQBBI", 1, 7, 1, 1, 0) + bytes(32)
    code = ("import socket,ssl,sys\n"
            "c=ssl.create_default_context(); c.check_hostname=False; c.verify_mode=ssl.CERT_NONE\n"
            "s=c.wrap_socket(socket.create_connection(('10.79.1.100',5403)))\n"
            f"s.sendall(bytes.fromhex('{(struct.pack('<I', len(hello)) + hello).hex()}'))\n"
            "sys.stdout.write(repr(s.recv(4096)))\n")
    return run(*arbiter.net.inside("n1", sys.executable, "-c", code), check=False, timeout=60).stdout


def unknown_names(arbiter):
    """A name that a stranger made up is no reason to read the files again; one that has got a token since the start is."""
    known = lambda: [c["name"] for c in arbiter.status()]
    run(ARBITER, "add-cluster", "late", "--root", arbiter.root, check=False)
    must("is not known here" in greet(arbiter, "nobody"), "a name that is not known is refused")
    must(known() == ["probe"], "and the files are not read for it", known())
    must("is not known here" in greet(arbiter, "late"), "a wrong token is refused in the same words")
    must(known() == ["late", "probe"], "but that cluster is known from now on", known())


def story(net):
    cables(net)
    arbiter = Arbiter(net, "a")
    made = run(ARBITER, "add-cluster", "probe", "--root", arbiter.root, check=False)
    must(made.returncode == 0, "a token is made for the cluster", made.stderr)
    token, key = made.stdout.split("\n")[0], os.urandom(128)
    nodes = [VotingNode(net, n, key, token) for n in ADDRESSES]
    for node in nodes:
        node.start()
    arbiter.up()
    splits(net, nodes, arbiter)


main(story, "ra")
