"""Changes of the configuration on real daemons in network namespaces: all nodes or none, links and nodes added while
running, files on full and read-only disks. usage: reload.py BUILD_DIR"""
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
DAEMON = f"{BUILD}/bin/relevo-membershipd"
TAG = f"rl{os.getpid()}"
KEY = os.urandom(64)
ALL = (1, 2, 3, 4)
checks = 0


def must(condition, what, more=""):
    global checks
    if not condition:
        raise AssertionError(f"{what} {more}")
    checks += 1
    print(f"ok   {what}", flush=True)


def wait_for(what, condition, limit=20.0):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return must(True, what)
        time.sleep(0.05)
    raise AssertionError(f"not within {limit} s: {what}")


def run(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


class Network:
    """Two bridges in a namespace of their own and one namespace a node: nothing of the host's network is touched."""

    def __init__(self):
        self.names = []

    def __enter__(self):
        self.add(f"{TAG}s")
        for link in (0, 1):
            run("ip", "-n", f"{TAG}s", "link", "add", f"br{link}", "type", "bridge")
            run("ip", "-n", f"{TAG}s", "link", "set", f"br{link}", "up")
        for n in ALL:
            self.add(f"{TAG}n{n}")
            run("ip", "-n", f"{TAG}n{n}", "link", "set", "lo", "up")
            for link in (0, 1):
                port, device = f"p{n}l{link}", f"eth{link}"
                run("ip", "-n", f"{TAG}s", "link", "add", port, "type", "veth", "peer", "name", device, "netns", f"{TAG}n{n}")
                run("ip", "-n", f"{TAG}s", "link", "set", port, "master", f"br{link}", "up")
                run("ip", "-n", f"{TAG}n{n}", "addr", "add", f"10.7{link}.0.{n}/24", "dev", device)
                run("ip", "-n", f"{TAG}n{n}", "link", "set", device, "up")
        return self

    def add(self, name):
        run("ip", "netns", "add", name)
        self.names.append(name)

    def __exit__(self, *_):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


def config(nodes=(1, 2, 3), links=1, totem="", version=1, votes=None, more=""):
    entries = ""
    for n in nodes:
        addresses = "".join(f"    ring{link}_addr: 10.7{link}.0.{n}\n" for link in range(links))
        weight = f"    quorum_votes: {votes[n]}\n" if votes and n in votes else ""
        entries += f"  node {{\n{addresses}    name: m{n}\n    nodeid: {n}\n{weight}  }}\n"
    return (f"totem {{\n  version: 2\n  cluster_name: probe\n  config_version: {version}\n{totem}}}\n"
            f"nodelist {{\n{entries}}}\nquorum {{\n  provider: corosync_votequorum\n}}\nlogging {{\n  to_syslog: no\n}}\n{more}")


class Node:
    def __init__(self, top, number, text):
        self.number, self.root, self.daemon = number, f"{top}/{number}", None
        os.makedirs(f"{self.root}/etc/relevo")
        self.log = open(f"{self.root}/log", "ab")
        self.write(text)
        with open(os.open(f"{self.root}/etc/relevo/authkey", os.O_WRONLY | os.O_CREAT, 0o400), "wb") as f:
            f.write(KEY)

    @property
    def path(self):
        return f"{self.root}/etc/relevo/cluster.conf"

    def write(self, text):
        with open(self.path, "w") as f:
            f.write(text)

    def file(self):
        with open(self.path) as f:
            return f.read()

    def start(self):
        command = ["ip", "netns", "exec", f"{TAG}n{self.number}", DAEMON, "--root", self.root, "--name", f"m{self.number}"]
        self.daemon = subprocess.Popen(command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def stop(self, signum=signal.SIGTERM):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(signum)
            self.daemon.wait(timeout=10)

    def said(self):
        with open(f"{self.root}/log") as f:
            return f.read()

    def ask(self, kind, text):
        """One request, one answer: (yes, words)."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(15)
            s.connect(f"{self.root}/run/relevo/membership.sock")
            payload = struct.pack("<II", 7, len(text)) + text.encode()
            s.sendall(struct.pack("<IH", len(payload), kind) + payload)
            got = b""
            while True:
                while len(got) >= 6:
                    length, frame = struct.unpack("<IH", got[:6])
                    if len(got) < 6 + length:
                        break
                    body, got = got[6:6 + length], got[6 + length:]
                    if frame == 71:
                        return (True, body[9:].decode()) if body[4] else (False, body[10:].decode())
                piece = s.recv(65536)
                if not piece:
                    return False, "the connection ended"
                got += piece

    def status(self):
        try:
            yes, text = self.ask(5, "status")
        except OSError:
            return {}
        return json.loads(text) if yes else {}

    def cmap(self, key):
        value = json.loads(self.ask(5, "cmap")[1]).get(key)
        return value.get("value") if isinstance(value, dict) else value

    def reload(self):
        return self.ask(6, "reload")


def members(node):
    return [m["id"] for m in node.status().get("members", [])]


def test_timer(nodes):
    ring = nodes[0].status()["ring_id"]
    nodes[0].write(config(totem="  token: 5000\n"))
    yes, words = nodes[0].reload()
    must(yes and "in force on every node" in words, "a reload is answered when it is in force", words)
    wait_for("every node has the new token", lambda: all(str(n.cmap("runtime.config.totem.token")) == "5650" for n in nodes))
    must(all(n.status()["ring_id"] == ring for n in nodes), "and the ring is the same as before")
    wait_for("every node has the new file", lambda: all("token: 5000" in n.file() for n in nodes))
    must(all("config_version: 2" in n.file() for n in nodes), "with a version of its own")
    must(os.path.exists(nodes[1].path + ".bak"), "and what stood there is kept")
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
        nodes[0].write(text)
        yes, words = nodes[0].reload()
        must(not yes and word in words, f"refused with a clear word: {words}")
    nodes[0].write(good)
    must([n.status()["configuration"]["digest"] for n in nodes] == [b["digest"] for b in before], "and nobody changed anything")
    must(all("10.70.0.77" not in n.file() for n in nodes), "in no file either")


def test_votes(nodes):
    nodes[2].write(nodes[2].file().replace("name: m1\n", "name: m1\n    quorum_votes: 3\n"))
    yes, words = nodes[2].reload()
    must(yes, "votes change while running", words)
    wait_for("every node counts 5 votes", lambda: all(n.status()["quorum"]["total_votes"] == 5 for n in nodes))
    nodes[2].write(nodes[2].file().replace("    quorum_votes: 3\n", ""))
    must(nodes[2].reload()[0], "and back")
    wait_for("every node counts 3 votes", lambda: all(n.status()["quorum"]["total_votes"] == 3 for n in nodes))


def test_link(nodes):
    ring = nodes[0].status()["ring_id"]
    nodes[1].write(config(links=2, totem="  token: 5000\n"))
    yes, words = nodes[1].reload()
    must(yes, "a link is added while running", words)
    up = lambda n: all(len(p["links"]) == 2 and all(l["up"] for l in p["links"]) for p in n.status()["peers"])
    wait_for("both links of every pair are up", lambda: all(up(n) for n in nodes))
    must(all(n.status()["ring_id"] == ring for n in nodes), "without a change of the membership")
    for n in nodes:
        run("ip", "-n", f"{TAG}n{n.number}", "link", "set", "eth0", "down")
    time.sleep(1.5)
    must(all(n.status()["ring_id"] == ring for n in nodes), "and the new link carries the ring when the old one is gone")
    for n in nodes:
        run("ip", "-n", f"{TAG}n{n.number}", "link", "set", "eth0", "up")
    wait_for("both are up again", lambda: all(up(n) for n in nodes))


def test_absent(nodes):
    nodes[2].stop()
    wait_for("two nodes go on", lambda: members(nodes[0]) == [1, 2])
    nodes[0].write(nodes[0].file().replace("token: 5000", "token: 4000"))
    must(nodes[0].reload()[0], "a change while a node is away")
    nodes[2].start()
    wait_for("the node comes back", lambda: members(nodes[2]) == [1, 2, 3])
    wait_for("and takes over what the ring runs by", lambda: str(nodes[2].cmap("runtime.config.totem.token")) == "4650")
    wait_for("and its file says so", lambda: "token: 4000" in nodes[2].file())


def test_clash(nodes):
    nodes[2].stop()
    wait_for("two nodes go on", lambda: members(nodes[0]) == [1, 2])
    good = nodes[2].file()
    nodes[2].write(good.replace("token: 4000", "token: 4100"))
    nodes[2].start()
    wait_for("the same version with another content stays out", lambda: nodes[2].status().get("state") == "left")
    must("config_version" in " ".join(nodes[2].status()["troubles"]), "its status says why")
    wait_for("the others go on without it", lambda: members(nodes[0]) == [1, 2] and nodes[0].status()["quorum"]["quorate"])
    nodes[2].stop()
    nodes[2].write(good)
    nodes[2].start()
    wait_for("with the right file it is back", lambda: members(nodes[0]) == [1, 2, 3])


def test_nodes(top, nodes):
    text = nodes[0].file()
    entry = "  node {\n    ring0_addr: 10.70.0.4\n    ring1_addr: 10.71.0.4\n    name: m4\n    nodeid: 4\n  }\n"
    more = text.replace("}\nquorum {", entry + "}\nquorum {")
    fourth = Node(top, 4, more)
    nodes.append(fourth)
    fourth.start()
    nodes[0].write(more)
    yes, words = nodes[0].reload()
    must(yes, "a node is added while running", words)
    wait_for("it joins", lambda: all(members(n) == [1, 2, 3, 4] for n in nodes))
    wait_for("and takes over the file of the ring", lambda: fourth.file() == nodes[0].file())
    nodes[1].write(nodes[1].file().replace(entry, ""))
    yes, words = nodes[1].reload()
    must(yes, "a running node is removed", words)
    wait_for("it leaves", lambda: all(members(n) == [1, 2, 3] for n in nodes[:3]))
    wait_for("and says why", lambda: "removed from the cluster" in " ".join(fourth.status().get("troubles", [])))


def main():
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 77
    top = tempfile.mkdtemp(prefix="relevo-reload-")
    nodes = []
    failed = True
    try:
        with Network():
            try:
                nodes += [Node(top, n, config()) for n in (1, 2, 3)]
                for n in nodes:
                    n.start()
                wait_for("three nodes form a ring", lambda: all(members(n) == [1, 2, 3] and n.status()["synced"] for n in nodes))
                test_timer(nodes)
                test_refusals(nodes)
                test_votes(nodes)
                test_link(nodes)
                test_absent(nodes)
                test_clash(nodes)
                test_nodes(top, nodes)
                failed = False
            finally:
                for n in nodes:
                    n.stop(signal.SIGKILL)
    except AssertionError as error:
        print(f"FAIL {error}")
    finally:
        for n in nodes if failed else []:
            print(f"--- log of node {n.number}\n{n.said()[-4000:]}")
        shutil.rmtree(top, ignore_errors=True)
    print(f"{checks} checks, {'FAILED' if failed else 'all passed'}")
    return 1 if failed else 0


sys.exit(main())
