"""Keys changed under traffic on three real daemons: nothing lost, no membership change; who was away catches up, who
has only a retired key is told so on both sides. usage: rotation.py BUILD_DIR [ROTATIONS, default 5]"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BUILD = sys.argv[1]
ROTATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
DAEMON, RELEVO, PROBE = f"{BUILD}/bin/relevo-membershipd", f"{BUILD}/bin/relevo", f"{BUILD}/tests/membership_probe"
TAG = f"rk{os.getpid()}"
NODES = (1, 2, 3)
RATE = 1000
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
        time.sleep(0.02)
    raise AssertionError(f"not within {limit} s: {what}")


def run(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


class Network:
    """A bridge and three hosts in namespaces of their own; nothing of this host's network is touched."""

    def __init__(self):
        self.names = []

    def __enter__(self):
        self.add(f"{TAG}s")
        run("ip", "-n", f"{TAG}s", "link", "add", "br0", "type", "bridge")
        run("ip", "-n", f"{TAG}s", "link", "set", "br0", "up")
        for n in NODES:
            self.add(f"{TAG}n{n}")
            run("ip", "-n", f"{TAG}s", "link", "add", f"p{n}", "type", "veth", "peer", "name", "eth0", "netns", f"{TAG}n{n}")
            run("ip", "-n", f"{TAG}s", "link", "set", f"p{n}", "master", "br0", "up")
            run("ip", "-n", f"{TAG}n{n}", "addr", "add", f"10.78.0.{n}/24", "dev", "eth0")
            run("ip", "-n", f"{TAG}n{n}", "link", "set", "eth0", "up")
            run("ip", "-n", f"{TAG}n{n}", "link", "set", "lo", "up")
        return self

    def add(self, name):
        run("ip", "netns", "add", name)
        self.names.append(name)

    def __exit__(self, *_):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


class Node:
    def __init__(self, top, number):
        self.number, self.root, self.daemon = number, f"{top}/{number}", None
        os.makedirs(f"{self.root}/etc/relevo")
        self.log = open(f"{self.root}/log", "ab")
        nodes = "".join(f"  node {{\n    ring0_addr: 10.78.0.{n}\n    name: m{n}\n    nodeid: {n}\n  }}\n" for n in NODES)
        with open(f"{self.root}/etc/relevo/cluster.conf", "w") as f:
            f.write("totem {\n  version: 2\n  cluster_name: probe\n  transport: knet\n}\nnodelist {\n" + nodes +
                    "}\nquorum {\n  provider: corosync_votequorum\n}\nlogging {\n  to_stderr: yes\n}\n")

    @property
    def key(self):
        return f"{self.root}/etc/relevo/authkey"

    @property
    def socket(self):
        return f"{self.root}/run/relevo/membership.sock"

    def key_states(self):
        """{id: state} of the key file."""
        with open(self.key) as f:
            return {int(words[1]): words[2] for words in (line.split() for line in f) if words and words[0] == "key"}

    def start(self):
        words = ["ip", "netns", "exec", f"{TAG}n{self.number}", DAEMON, "--root", self.root, "--debug"]
        self.daemon = subprocess.Popen(words, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with socket.socket(socket.AF_UNIX) as s:
                if s.connect_ex(self.socket) == 0:
                    return
            time.sleep(0.01)

    def end(self, signum=signal.SIGTERM):
        self.daemon.send_signal(signum)
        self.daemon.wait(timeout=10)
        self.daemon = None

    def cluster_key(self, *words):
        return subprocess.run([RELEVO, "cluster", "key", *words, "--root", self.root], capture_output=True, text=True, timeout=90)

    def report(self):
        return json.loads(self.cluster_key("list", "--json").stdout)

    def said(self):
        with open(f"{self.root}/log") as f:
            return f.read()


class Probe:
    """A local program; messages and configurations it was told are kept."""

    def __init__(self, node):
        self.lines, self.paced, self.rings = [], [], 0
        self.process = subprocess.Popen([PROBE, node.socket], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            if line.startswith("message demo"):
                self.paced.append(int(line.rsplit(" ", 1)[1]))
                continue
            self.rings += line.startswith(("regular", "transitional"))
            self.lines.append(line.rstrip("\n"))

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def last(self, start):
        return next((x for x in reversed(self.lines) if x.startswith(start)), "")

    def members(self):
        return self.last("regular").rpartition(" members ")[2]

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


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
    must(all(os.stat(n.key).st_mode & 0o777 == 0o400 for n in nodes), "and their mode is 0400")


def again(node, probes):
    node.start()
    probes[node.number - 1].stop()
    probes[node.number - 1] = Probe(node)


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
    os.unlink(nodes[2].key)
    shutil.copy(nodes[0].key, nodes[2].key)
    again(nodes[2], probes)
    wait_for("with a copy of the key file it joins", lambda: probes[2].members() == "1,2,3")
    report = nodes[0].report()
    active = next(k for k in report["keys"] if k["state"] == "active")
    must("secret" not in json.dumps(report), "the list shows no secret")
    wait_for("and the list says that all three have the active key",
             lambda: next(k for k in nodes[0].report()["keys"] if k["id"] == active["id"])["holders"] == [1, 2, 3])


def main():
    if os.geteuid() != 0 or not shutil.which("ip"):
        print("skipped: network namespaces need root and the program 'ip' (package iproute2)")
        return 77
    top = tempfile.mkdtemp(prefix="relevo-rotation-")
    nodes, probes = [], []
    try:
        with Network():
            try:
                nodes += [Node(top, n) for n in NODES]
                run(RELEVO, "keygen", nodes[0].key)
                for n in nodes[1:]:
                    shutil.copy(nodes[0].key, n.key)
                for n in nodes:
                    n.start()
                probes += [Probe(n) for n in nodes]
                wait_for("three daemons form one ring", lambda: all(p.members() == "1,2,3" for p in probes))
                test_rotations(nodes, probes)
                test_latecomer(nodes, probes)
                test_retired(nodes, probes)
            except AssertionError:
                for n in nodes:
                    print(f"---- log of node {n.number}\n" + "\n".join(n.said().splitlines()[-60:]))
                raise
            finally:
                for p in probes:
                    p.stop()
                for n in nodes:
                    if n.daemon and n.daemon.poll() is None:
                        n.end(signal.SIGKILL)
    except (AssertionError, subprocess.SubprocessError) as e:
        print(f"FAIL {e}")
        return 1
    finally:
        for n in nodes:
            n.log.close()
        shutil.rmtree(top, ignore_errors=True)
    print(f"{checks} checks passed")
    return 0


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cleanup runs
sys.exit(main())
