"""What the tests of single daemons share: hosts and switches in network namespaces, daemons and local programs in them,
the daemon's report. Not the lab: no resource manager, no agents, only what a test starts itself.

A script's first argument is the folder of the build. It says `main(story, tag)`, and `story(net)` gets an empty network;
whatever happens inside, also a SIGTERM, nothing of the network, its processes and its folder is left.
"""
import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.path.abspath(sys.argv[1])
os.environ["RELEVO_BIN"] = f"{BUILD}/bin"  # labkit's programs are those of the same build
import labkit  # noqa: E402
from labkit import BIN, RELEVO, expect, run, wait_until  # noqa: E402, F401  scripts take RELEVO from here

DAEMON, PROBE = f"{BIN}/relevo-membershipd", f"{BUILD}/tests/membership_probe"
REPORT, CONTROL, ANSWER = 5, 6, 71  # frames of common/ipc/membership.hpp
ENDS_WITHIN = 10  # seconds a daemon has after a signal
checks = 0


def must(condition, what, more=""):
    """A check that counts; `more` is told beside `what` when it fails."""
    global checks
    expect(condition, what if condition or not more else f"{what} {more}")
    checks += 1


def waiter(limit, every=0.02):
    """A script's wait_for(what, condition, limit): a check that has `limit` seconds to become true."""
    def wait_for(what, condition, limit=limit):
        value = wait_until(what, condition, limit, every)
        must(True, what)
        return value
    return wait_for


class Network:
    """Namespaces of hosts around one of switches, a folder for all roots, and every process that was started."""

    def __init__(self, tag):
        self.tag, self.daemons, self.programs = f"{tag}{os.getpid()}", [], []
        self.undo = contextlib.ExitStack()  # the last made goes first, and one that cannot go keeps none of the others
        atexit.register(self.close)
        self.top = tempfile.mkdtemp(prefix=f"relevo-{tag}-")
        self.undo.callback(shutil.rmtree, self.top, ignore_errors=True)
        self.add("s")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            self.show()
        self.close()

    def close(self):
        """Takes all of it away. Twice is as good as once."""
        with labkit.undisturbed():
            atexit.unregister(self.close)
            self.undo.close()

    def add(self, name):
        self.undo.callback(self.remove, self.tag + name)  # first: a signal in between must not leave it behind
        run("ip", "netns", "add", self.tag + name)

    def remove(self, namespace):
        for pid in run("ip", "netns", "pids", namespace, check=False).stdout.split():  # what a daemon left behind
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        run("ip", "netns", "del", namespace, check=False)

    def ip(self, host, *words):
        """The program ip inside a host, or inside the switches ("s")."""
        run("ip", "-n", self.tag + host, *words)

    def inside(self, host, *words):
        """The words that run a command in a host; `ip netns exec` becomes the command, so the process is its own."""
        return ["ip", "netns", "exec", self.tag + host, *words]

    def switch(self, name):
        self.ip("s", "link", "add", name, "type", "bridge")
        self.ip("s", "link", "set", name, "up")

    def host(self, name):
        self.add(name)
        self.ip(name, "link", "set", "lo", "up")

    def plug(self, host, device, switch, address):
        """A cable from a host's new device, with that address/length, to a switch. Its end there is named host.device."""
        port = f"{host}.{device}"
        self.ip("s", "link", "add", port, "type", "veth", "peer", "name", device, "netns", self.tag + host)
        self.ip(host, "addr", "add", address, "dev", device)
        self.ip(host, "link", "set", device, "up")
        self.move(host, device, switch)

    def move(self, host, device, switch):
        """Puts the cable into that switch instead."""
        self.ip("s", "link", "set", f"{host}.{device}", "master", switch, "up")

    def show(self):
        """What a person needs to understand a failure."""
        for daemon in self.daemons:
            print(f"---- log of {daemon.host}\n" + "\n".join(daemon.said().splitlines()[-60:]), file=sys.stderr)
        for program in self.programs:
            print(f"---- program: {len(program.lines)} lines, the last:\n" + "\n".join(program.lines[-10:]), file=sys.stderr)


class Daemon:
    """A program in a host, under a root folder of its own, with all that it says in one file."""

    def __init__(self, net, host):
        self.net, self.host, self.root, self.process = net, host, tempfile.mkdtemp(prefix=f"{host}-", dir=net.top), None
        os.makedirs(f"{self.root}/etc/relevo")
        self.log = open(f"{self.root}/log", "ab")
        net.daemons.append(self)
        net.undo.callback(self.log.close)
        net.undo.callback(self.end, signal.SIGKILL)

    def etc(self, name):
        return f"{self.root}/etc/relevo/{name}"

    def write(self, name, content, mode=0o644):
        """A file of /etc/relevo from text or bytes; what stood there, with whatever rights, is replaced."""
        if os.path.exists(self.etc(name)):
            os.unlink(self.etc(name))
        with open(os.open(self.etc(name), os.O_WRONLY | os.O_CREAT, mode), "wb") as f:
            f.write(content.encode() if isinstance(content, str) else content)

    def read(self, name):
        with open(self.etc(name)) as f:
            return f.read()

    def launch(self, *words):
        self.process = subprocess.Popen(self.net.inside(self.host, *words), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def end(self, signum=signal.SIGTERM):
        """Its exit code; None when it was not started."""
        if self.process is None:
            return None
        self.process.send_signal(signum)
        code = self.process.wait(timeout=ENDS_WITHIN)
        self.process = None
        return code

    def said(self):
        with open(f"{self.root}/log") as f:
            return f.read()


class Node(Daemon):
    """A membership daemon in the host n<number>. `words` are its options beside the root."""

    def __init__(self, net, number, conf, key, *words):
        super().__init__(net, f"n{number}")
        self.number, self.words = number, words
        self.write("cluster.conf", conf)
        if key is not None:
            self.write("authkey", key, 0o400)

    @property
    def socket(self):
        return f"{self.root}/run/relevo/membership.sock"

    def file(self):
        return self.read("cluster.conf")

    def options(self):
        return [DAEMON, "--root", self.root, *self.words]

    def start(self):
        """Starts it and waits until programs can connect; what keeps it from that, its log says."""
        self.launch(*self.options())
        end = time.monotonic() + 10
        while not self.answers() and self.process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)

    def once(self):
        """The same command beside, for starts that must fail."""
        return run(*self.net.inside(self.host, *self.options()), check=False, timeout=10)

    def answers(self):
        with socket.socket(socket.AF_UNIX) as s:
            return s.connect_ex(self.socket) == 0  # a daemon that was killed leaves its socket file behind

    def ask(self, kind, text, timeout=10):
        """One request, one answer: (yes, words)."""
        request = struct.pack("<II", 7, len(text)) + text.encode()
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(timeout)
            s.connect(self.socket)
            s.sendall(struct.pack("<IH", len(request), kind) + request)
            with s.makefile("rb") as stream:
                while len(head := stream.read(6)) == 6:
                    length, frame = struct.unpack("<IH", head)
                    body = stream.read(length)
                    if frame == ANSWER:
                        return (True, body[9:].decode()) if body[4] else (False, body[10:].decode())
        return False, "the connection ended"

    def status(self):
        """The daemon's report; {} while it does not answer."""
        try:
            yes, text = self.ask(REPORT, "status")
        except OSError:
            return {}
        return json.loads(text) if yes else {}


class Program:
    """A local program (membership_probe) at a node's socket; what it prints is kept."""

    def __init__(self, node):
        self.lines = []
        self.process = subprocess.Popen([PROBE, node.socket], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        node.net.programs.append(self)
        node.net.undo.callback(self.stop)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.take(line.rstrip("\n"))

    def take(self, line):
        self.lines.append(line)

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def last(self, start):
        """The latest line that begins so, or nothing."""
        return next((x for x in reversed(self.lines) if x.startswith(start)), "")

    def members(self):
        """"1,2,3": who is in the latest regular configuration."""
        return self.last("regular").rpartition(" members ")[2]

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def cluster_conf(addresses, *totem, quorum=(), log="to_stderr: yes"):
    """The text of a cluster.conf. addresses: {node id: [address of each link]}; totem, quorum: more lines of these sections."""
    lines = ["totem {", "  version: 2", "  cluster_name: probe", *(f"  {x}" for x in totem), "}", "nodelist {"]
    for n, links in addresses.items():
        lines += ["  node {", *(f"    ring{i}_addr: {address}" for i, address in enumerate(links)), f"    name: m{n}", f"    nodeid: {n}", "  }"]
    lines += ["}", "quorum {", "  provider: corosync_votequorum", *quorum, "}", "logging {", f"  {log}", "}"]
    return "\n".join(lines) + "\n"


def main(story, tag):
    """Runs `story(net)` as a program: 0 passed, 1 failed, 77 skipped. tag: two letters that no other script has."""
    def test():
        with Network(tag) as net:
            story(net)
        print(f"{checks} checks passed")
    labkit.main(test)
