"""Four real daemons and a real arbiter on a network of its own: even splits, a dead arbiter, a restarted one, strangers.

usage: arbiter.py BUILD_DIR
"""
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

BUILD = sys.argv[1]
DAEMON, ARBITER = f"{BUILD}/bin/relevo-membershipd", f"{BUILD}/bin/relevo-arbiter"
TAG = f"ra{os.getpid()}"
NODES = (1, 2, 3, 4)
checks = 0


def must(condition, what):
    global checks
    if not condition:
        raise AssertionError(what)
    checks += 1
    print(f"ok   {what}", flush=True)


def wait_for(what, condition, limit=30.0):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return must(True, what)
        time.sleep(0.1)
    raise AssertionError(f"not within {limit} s: {what}")


def run(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


class Network:
    """Two switches for the cluster (a split is a cable moved to the other), a third for the way to the arbiter."""

    def __init__(self):
        self.names = []

    def __enter__(self):
        self.add(f"{TAG}s")
        for bridge in ("br0", "br1", "brq"):
            run("ip", "-n", f"{TAG}s", "link", "add", bridge, "type", "bridge")
            run("ip", "-n", f"{TAG}s", "link", "set", bridge, "up")
        for n in NODES:
            self.host(f"n{n}")
            self.plug(f"n{n}", f"c{n}", "br0", f"10.79.0.{n}/24")
            self.plug(f"n{n}", f"q{n}", "brq", f"10.79.1.{n}/24")
        self.host("a")
        self.plug("a", "qa", "brq", "10.79.1.100/24")
        return self

    def add(self, name):
        run("ip", "netns", "add", name)
        self.names.append(name)

    def host(self, name):
        self.add(f"{TAG}{name}")
        run("ip", "-n", f"{TAG}{name}", "link", "set", "lo", "up")

    def plug(self, host, port, bridge, address):
        run("ip", "-n", f"{TAG}s", "link", "add", port, "type", "veth", "peer", "name", port, "netns", f"{TAG}{host}")
        run("ip", "-n", f"{TAG}s", "link", "set", port, "master", bridge, "up")
        run("ip", "-n", f"{TAG}{host}", "addr", "add", address, "dev", port)
        run("ip", "-n", f"{TAG}{host}", "link", "set", port, "up")

    def move(self, nodes, bridge):
        for n in nodes:
            run("ip", "-n", f"{TAG}s", "link", "set", f"c{n}", "master", bridge)

    def __exit__(self, *_):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


class Process:
    """A daemon in a namespace, under a root of its own."""

    def __init__(self, top, host):
        self.host, self.root, self.process = host, f"{top}/{host}", None
        os.makedirs(f"{self.root}/etc/relevo")
        self.log = open(f"{self.root}/log", "ab")

    def start(self, *words):
        self.process = subprocess.Popen(["ip", "netns", "exec", f"{TAG}{self.host}", *words, "--root", self.root],
                                        stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def end(self, signum=signal.SIGTERM):
        if self.process is None:
            return
        self.process.send_signal(signum)
        self.process.wait(timeout=20)
        self.process = None

    def said(self):
        with open(f"{self.root}/log") as f:
            return f.read()


class Node(Process):
    def __init__(self, top, number):
        super().__init__(top, f"n{number}")
        self.number = number
        nodes = "".join(f"  node {{\n    ring0_addr: 10.79.0.{n}\n    name: m{n}\n    nodeid: {n}\n  }}\n" for n in NODES)
        with open(f"{self.root}/etc/relevo/cluster.conf", "w") as f:
            f.write("totem {\n  version: 2\n  cluster_name: probe\n  transport: knet\n}\nnodelist {\n" + nodes +
                    "}\nquorum {\n  provider: corosync_votequorum\n  device {\n    model: net\n    net {\n"
                    "      host: 10.79.1.100\n      algorithm: ffsplit\n    }\n  }\n}\nlogging {\n  to_stderr: yes\n}\n")

    def quorum(self):
        """The quorum part of the daemon's own report; {} while it does not answer."""
        request = struct.pack("<II", 1, 6) + b"status"
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(10)
                s.connect(f"{self.root}/run/relevo/membership.sock")
                s.sendall(struct.pack("<IH", len(request), 5) + request)
                stream = s.makefile("rb")
                while len(head := stream.read(6)) == 6:
                    length, kind = struct.unpack("<IH", head)
                    body = stream.read(length)
                    if kind == 71:
                        return json.loads(body[9:])["quorum"]
        except OSError:
            pass
        return {}

    def quorate(self):
        return self.quorum().get("quorate", False)

    def votes(self):
        return self.quorum().get("total_votes", 0)


class Arbiter(Process):
    def up(self):
        self.start(ARBITER, "run")

    def status(self):
        done = subprocess.run([ARBITER, "status", "--json", "--root", self.root], capture_output=True, text=True, timeout=20)
        return json.loads(done.stdout)["clusters"] if done.returncode == 0 else []

    def votes(self):
        """Nodes that hold the vote, by the arbiter's word."""
        return [n["id"] for c in self.status() for n in c["nodes"] if n["vote"]]


def quorate(nodes):
    return [n.number for n in nodes if n.quorate()]


def story(net, nodes, arbiter):
    wait_for("four nodes and the arbiter: all quorate with five votes",
             lambda: all(n.votes() == 5 for n in nodes) and len(arbiter.votes()) == 4)
    must(nodes[0].quorum()["expected_votes"] == 5, "the arbiter's vote is one of the expected ones")
    text = subprocess.run([ARBITER, "status", "--root", arbiter.root], capture_output=True, text=True).stdout
    must('Cluster "probe":' in text and "Vote:\t\t\tACK" in text, "relevo-arbiter status names the cluster and the votes")

    net.move((3, 4), "br1")
    wait_for("split 2:2: the half with the lowest node is quorate, the other is not", lambda: quorate(nodes) == [1, 2])
    must(sorted(arbiter.votes()) == [1, 2], "the arbiter has given its vote to that half only")

    arbiter.end(signal.SIGKILL)
    wait_for("arbiter killed while split: after the lease nobody is quorate", lambda: quorate(nodes) == [])
    arbiter.up()
    seen = set()
    wait_for("arbiter back: the same half is quorate again",
             lambda: (now := tuple(quorate(nodes))) is not None and (seen.add(now) or now == (1, 2)))
    must(all(not ({1, 2} & set(s) and {3, 4} & set(s)) for s in seen), "never nodes of both halves at one time")

    net.move((3, 4), "br0")
    wait_for("healed: all quorate with five votes", lambda: all(n.votes() == 5 for n in nodes))
    arbiter.end()
    wait_for("the arbiter alone away: four of five votes are enough",
             lambda: all(n.votes() == 4 for n in nodes) and quorate(nodes) == [1, 2, 3, 4])
    net.move((3, 4), "br1")
    wait_for("no arbiter and split 2:2: none is quorate", lambda: quorate(nodes) == [])
    net.move((3, 4), "br0")
    arbiter.up()
    wait_for("all back: all quorate", lambda: all(n.votes() == 5 for n in nodes))

    for n in nodes[:2]:
        n.end(signal.SIGKILL)
    wait_for("two of four killed at once: the other two go on with the arbiter's vote",
             lambda: quorate(nodes[2:]) == [3, 4] and all(n.votes() == 3 for n in nodes[2:]))
    strangers(arbiter)
    must(quorate(nodes[2:]) == [3, 4], "and nodes 3 and 4 did not lose it by that")


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
    done = subprocess.run(["ip", "netns", "exec", f"{TAG}n1", sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    must(done.stdout.strip() == "tls12 refused", f"older TLS is refused ({done.stderr.strip()[-200:]})")
    must(sorted(arbiter.votes()) == [3, 4], "strangers changed nothing")


def main():
    if os.geteuid() != 0 or not shutil.which("ip"):
        print("skipped: needs root and the program 'ip'")
        sys.exit(77)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    top = tempfile.mkdtemp(prefix="relevo-arbiter-")
    nodes, arbiter = [], None
    try:
        with Network() as net:
            try:
                arbiter = Arbiter(top, "a")
                made = subprocess.run([ARBITER, "add-cluster", "probe", "--root", arbiter.root], capture_output=True, text=True)
                must(made.returncode == 0, "a token is made for the cluster")
                token = made.stdout.split("\n")[0]
                key = os.urandom(128)
                nodes = [Node(top, n) for n in NODES]
                for node in nodes:
                    shutil.copy(token, f"{node.root}/etc/relevo/arbiter.token")
                    os.chmod(f"{node.root}/etc/relevo/arbiter.token", 0o600)
                    with open(f"{node.root}/etc/relevo/authkey", "wb", opener=lambda p, f: os.open(p, f, 0o400)) as f:
                        f.write(key)
                    node.start(DAEMON, "--name", f"m{node.number}")
                arbiter.up()
                story(net, nodes, arbiter)
            except BaseException:
                for p in [*nodes, arbiter]:
                    print(f"--- {p.host}\n{p.said()[-3000:]}", file=sys.stderr)
                raise
            finally:
                for p in [*nodes, arbiter]:
                    p.end(signal.SIGKILL)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f"{checks} checks")


main()
