"""What the system tests share: a lab of their own, commands in its nodes, who owned the address when.

A test makes `with Lab(nodes=3, vip="172.31.0.100/16") as lab:`; whatever happens inside, the lab is taken down.
"""
import atexit
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

BIN = os.environ.get("RELEVO_BIN") or sys.exit("RELEVO_BIN must name the folder of the built programs")
RELEVO = os.path.join(BIN, "relevo")
VIP = "172.31.0.100"


def need_root():
    """A test without the rights to make namespaces says so and counts as skipped (ctest: SKIP_RETURN_CODE 77)."""
    if os.geteuid() != 0:
        print("skipped: needs root to make network namespaces")
        sys.exit(77)
    if not shutil.which("ip"):
        print("skipped: the program 'ip' is missing (package iproute2)")
        sys.exit(77)


def run(*words, check=True, timeout=120, **more):
    """Runs a command, gives its CompletedProcess; a failure shows what it said."""
    done = subprocess.run([str(w) for w in words], text=True, capture_output=True, timeout=timeout, **more)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def wait_until(what, condition, limit=30.0, every=0.05):
    """Waits until `condition()` is truthy and gives its value; fails with `what` after `limit` seconds."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit} s: {what}")
        time.sleep(every)


def expect(condition, what):
    """A check that counts: prints the sentence, fails with it."""
    print(("ok   " if condition else "FAIL ") + what, flush=True)
    if not condition:
        raise AssertionError(what)


def exit_on_signals():
    """A signal that ends the test ends it as a failure does, so that what it made is taken down."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))


@contextlib.contextmanager
def undisturbed():
    """A block that no second signal interrupts: taking things down."""
    former = [(number, signal.signal(number, signal.SIG_IGN)) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    try:
        yield
    finally:
        for number, handler in former:
            signal.signal(number, handler)


class Lab:
    """One lab with a name of its own. Nodes are nodo1.., their full names nodo1.example.com.."""

    def __init__(self, nodes=3, vip=None, bare=False, dns=False, links=1):
        self.name = f"t{os.getpid()}"
        self.count, self.vip, self.bare, self.dns, self.links = nodes, vip, bare, dns, links

    def __enter__(self):
        words = ["lab", "up", "--name", self.name, "--nodes", self.count, "--links", self.links]
        words += ["--vip", self.vip] if self.vip else []
        words += ["--bare"] if self.bare else []
        words += ["--dns"] if self.dns else []
        atexit.register(self.down)
        exit_on_signals()  # also for those that do not come by main()
        try:
            run(RELEVO, *words, timeout=180)
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            self.show_state()
        self.down()

    def down(self):
        with undisturbed():
            atexit.unregister(self.down)
            run(RELEVO, "lab", "down", "--name", self.name, check=False)

    def show_state(self):
        """What a person would look at when a test failed."""
        for node in self.nodes():
            for words in (["crm_mon", "-1", "-r", "-f"], ["sh", "-c", "tail -n 40 /var/log/relevo/*.log"]):
                done = run(RELEVO, "lab", "exec", "--name", self.name, node, "--", *words, check=False, timeout=30)
                print(f"--- {node}: {' '.join(words)}\n{done.stdout}{done.stderr}", file=sys.stderr)

    def nodes(self):
        return [f"nodo{n}" for n in range(1, self.count + 1)]

    def lab(self, *words, check=True):
        """A verb of the lab: lab.lab("power-off", "nodo1")."""
        return run(RELEVO, "lab", words[0], "--name", self.name, *words[1:], check=check)

    def sh(self, node, *words, check=True, timeout=120):
        """Runs a command as on that host; gives its standard output."""
        return run(RELEVO, "lab", "exec", "--name", self.name, node, "--", *words, check=check, timeout=timeout).stdout

    def status(self):
        return json.loads(self.lab("status", "--json").stdout)

    def addresses(self, node):
        """IPv4 addresses in the node's namespace, by the kernel's word."""
        done = run("ip", "-n", f"{self.name}-{node}", "-o", "-4", "addr", "show", check=False)
        return re.findall(r"inet ([0-9.]+)/", done.stdout)

    def owners(self, address=VIP):
        return [node for node in self.nodes() if address in self.addresses(node)]

    def wait_owner(self, node, limit=30.0, address=VIP):
        wait_until(f"{address} only on {node} (now on {self.owners(address)})",
                   lambda: self.owners(address) == [node], limit)

    def wait_one_owner(self, limit=30.0, among=None, address=VIP):
        return wait_until(f"{address} on exactly one of {among or 'the nodes'}",
                          lambda: len(o := self.owners(address)) == 1 and (among is None or o[0] in among) and o, limit)[0]

    def mac(self, node):
        """The MAC of the node's first link."""
        done = run("ip", "-n", f"{self.name}-{node}", "-o", "link", "show")
        return [m for m in re.findall(r"link/ether ([0-9a-f:]+)", done.stdout)][0]

    def pid_of(self, node, program, argument=None):
        """The process id of a daemon in a node, as this machine counts; with an argument, of the one that has it."""
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as f:
                    command = f.read().decode().split("\0")
                wanted = os.path.basename(command[0]) == program and (argument is None or argument in command)
                if wanted and self.in_namespace(entry, node):
                    return int(entry)
            except OSError:
                continue
        return None

    def in_namespace(self, pid, node):
        named = os.stat(f"/run/netns/{self.name}-{node}")
        own = os.stat(f"/proc/{pid}/ns/net")
        return (named.st_dev, named.st_ino) == (own.st_dev, own.st_ino)


class Ownership:
    """Records by netlink when each node gained and lost an address."""

    def __init__(self, lab, address=VIP):
        self.lab, self.address, self.events, self.lock = lab, address, [], threading.Lock()
        self.watchers = []

    def __enter__(self):
        for node in self.lab.nodes():
            watcher = subprocess.Popen(["ip", "-n", f"{self.lab.name}-{node}", "-o", "monitor", "address"],
                                       stdout=subprocess.PIPE, text=True, bufsize=1)
            threading.Thread(target=self.read, args=(node, watcher), daemon=True).start()
            self.watchers.append(watcher)
        time.sleep(0.2)
        with self.lock:
            now = time.monotonic()
            self.events += [(now, node, True) for node in self.lab.owners(self.address)]
        return self

    def read(self, node, watcher):
        for line in watcher.stdout:
            if f"inet {self.address}/" in line:
                with self.lock:
                    self.events.append((time.monotonic(), node, not line.startswith("Deleted")))

    def __exit__(self, *_):
        for watcher in self.watchers:
            watcher.terminate()
            watcher.wait()

    def longest_overlap(self, since=0.0):
        """Seconds of the longest time with two owners; an overlap that still lasts counts up to now."""
        owners, started, longest = set(), None, 0.0
        with self.lock:
            events = sorted(self.events)
        for at, node, gained in events + [(time.monotonic(), None, False)]:
            if started is not None and at >= since:
                longest = max(longest, at - max(started, since))
            if node is not None:
                (owners.add if gained else owners.discard)(node)
            started = None if len(owners) < 2 else (started or at)
        return longest


def main(test):
    """Runs a test function as a program: 0 passed, 1 failed, 77 skipped."""
    need_root()
    exit_on_signals()
    started = time.monotonic()
    try:
        test()
    except AssertionError as error:
        print(f"FAILED: {error}")
        sys.exit(1)
    print(f"passed in {time.monotonic() - started:.1f} s")
