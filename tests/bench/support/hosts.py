"""Hosts for benchmarks: network namespaces on one bridge, and in each a machine (mount, PID and UTS namespaces) whose
PID 1 can be killed, which is a power loss. Knows nothing of any cluster product."""
import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time

TAG = f"rb{os.getpid()}"


def now():
    return time.monotonic()


def run(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def wait_for(what, condition, limit):
    end = now() + limit
    while now() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise RuntimeError(f"not within {limit:.0f} s: {what}")


class Host:
    """One machine. What lies in `root` outlives a power cut; /run, /dev/shm and /var/run do not."""
    KEPT = ("/etc/corosync", "/var/lib/corosync", "/var/log")
    VOLATILE = ("/run", "/dev/shm")

    def __init__(self, number, top, network):
        self.number, self.ns, self.port, self.switch = number, f"{TAG}n{number}", f"p{number}", network
        self.address, self.root = f"10.78.0.{number}", f"{top}/{number}"
        self.shell = self.init = None
        self.children = []

    def boot(self):
        lines = ["set -e", f"hostname bench{self.number}", "mount --make-rprivate /"]
        for kept in self.KEPT:
            os.makedirs(self.root + kept, exist_ok=True)
            lines += [f"mkdir -p {kept}", f"mount --bind {self.root}{kept} {kept}"]
        lines += [f"mkdir -p {v} && mount -t tmpfs tmpfs {v}" for v in self.VOLATILE]
        # Corosync may write to it when it crashes; nothing of ours or theirs may reach the real one.
        lines += ["[ ! -e /proc/sysrq-trigger ] || mount --bind /dev/null /proc/sysrq-trigger"]
        lines += ["echo ready", "exec >/dev/null", "set +e", "while :; do sleep 3600 & wait; done"]
        self.shell = subprocess.Popen(
            ["ip", "netns", "exec", self.ns, "unshare", "-m", "-p", "-u", "--fork", "--kill-child=SIGKILL",
             "--mount-proc", "bash", "-c", "\n".join(lines)],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        if self.shell.stdout.readline().strip() != "ready":
            raise RuntimeError(f"host {self.number} did not boot")
        with open(f"/proc/{self.shell.pid}/task/{self.shell.pid}/children") as f:
            self.init = int(f.read().split()[0])
        run("ip", "-n", self.switch, "link", "set", self.port, "up")

    def cut_power(self):
        """The link is gone, then every process, as fast as two calls can be. Gives the moment before the first."""
        at = now()
        run("ip", "-n", self.switch, "link", "set", self.port, "down")
        self.halt()
        return at

    def halt(self):
        if self.init is not None:
            os.kill(self.init, signal.SIGKILL)
            self.shell.wait()
            self.shell.stdout.close()
            self.shell = self.init = None
        for child in self.children:
            child.kill()  # the `nsenter` in front of a process that is dead already
            child.wait()
            if child.stdout:
                child.stdout.close()
        self.children = []

    def spawn(self, words, out=None):
        """Starts a program in the host. `out`: a file name in the host's folder, else a pipe to read from."""
        command = ["nsenter", "-t", str(self.init), "-m", "-p", "-u", "-n", "--", *words]
        if out is None:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, text=True)
        else:
            with open(f"{self.root}/{out}", "ab") as file:
                child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        self.children.append(child)
        return child

    def finish(self, child, limit):
        """What the program printed; it must end by itself."""
        try:
            text, _ = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            self.children.remove(child)
            raise RuntimeError(f"host {self.number}: no end within {limit:.0f} s: {' '.join(child.args[9:])}") from None
        self.children.remove(child)
        return text

    def ask(self, *words):
        done = subprocess.run(["nsenter", "-t", str(self.init), "-m", "-p", "-u", "-n", "--", *words],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30)
        return done.stdout

    def pids(self, name):
        """Processes of this host with that name (as the kernel cuts it), as pids of the outside."""
        found, mine = [], os.readlink(f"/proc/{self.init}/ns/pid") if self.init else ""
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/comm") as f:
                    same = f.read().strip() == name[:15]
                if same and os.readlink(f"/proc/{entry}/ns/pid") == mine:
                    found.append(int(entry))
            except OSError:
                continue
        return found


class Hosts:
    """`count` hosts that are on. Whatever happens, nothing of them is left behind."""

    def __init__(self, count):
        self.count, self.names, self.hosts, self.top = count, [], [], None

    def __enter__(self):
        atexit.register(self.close)
        try:
            self._make()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def _namespace(self, name):
        run("ip", "netns", "add", name)
        self.names.append(name)

    def _make(self):
        self.top = tempfile.mkdtemp(prefix="relevo-bench-")
        switch = f"{TAG}s"
        self._namespace(switch)
        run("ip", "-n", switch, "link", "add", "br0", "type", "bridge")
        run("ip", "-n", switch, "link", "set", "br0", "up")
        for n in range(1, self.count + 1):
            host = Host(n, self.top, switch)
            os.makedirs(host.root)
            self._namespace(host.ns)
            run("ip", "-n", switch, "link", "add", host.port, "mtu", "1500", "type", "veth", "peer", "name", "eth0",
                "mtu", "1500", "netns", host.ns)
            run("ip", "-n", switch, "link", "set", host.port, "master", "br0", "up")
            run("ip", "-n", host.ns, "addr", "add", f"{host.address}/24", "dev", "eth0")
            run("ip", "-n", host.ns, "link", "set", "eth0", "up")
            run("ip", "-n", host.ns, "link", "set", "lo", "up")
            self.hosts.append(host)
            host.boot()

    def close(self):
        atexit.unregister(self.close)
        for host in self.hosts:
            host.halt()
        self.hosts = []
        for name in reversed(self.names):
            run("ip", "netns", "del", name, check=False)
        self.names = []
        if self.top:
            shutil.rmtree(self.top, ignore_errors=True)
            self.top = None
