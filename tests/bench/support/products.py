"""The two membership layers under test, as a benchmark sees them: configure, start on a host, formed, load program."""
import json
import os
import shutil
import subprocess

from support.hosts import wait_for

KEY = os.urandom(256)
SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))


def block(title, entries, inner=""):
    return f"{title} {{\n" + "".join(f"  {k}: {v}\n" for k, v in entries.items()) + inner + "}\n"


def node_list(hosts):
    return "nodelist {\n" + "".join(
        block("node", {"ring0_addr": h.address, "name": f"bench{h.number}", "nodeid": h.number}) for h in hosts) + "}\n"


def write(path, content, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        os.unlink(path)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, mode), "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())


class Product:
    """On all hosts of one lab. `totem` adds to or replaces options of the totem section."""
    name = daemon = log = "?"

    def __init__(self, hosts, totem=None):
        self.hosts, self.totem = hosts, totem or {}
        self.children = {}

    def up(self):
        for host in self.hosts:
            self.configure(host)
            self.start(host)
        try:
            wait_for(f"{self.name}: a ring of {len(self.hosts)} on every host",
                     lambda: all(self.formed(h, len(self.hosts)) for h in self.hosts), 30)
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{''.join(self.last_words(h) for h in self.hosts)}") from None

    def last_words(self, host):
        """The end of what the daemon has written: the host's folder will be gone."""
        try:
            with open(f"{host.root}/{self.log}", errors="replace") as f:
                return f"  host {host.number}: " + "".join(f.readlines()[-3:])
        except OSError:
            return ""

    def load(self, host, **plan):
        words = [x for k, v in plan.items() for x in (f"--{k.replace('_', '-')}", str(v))]
        return host.spawn([*self.load_command(host), "--self", str(host.number), *words])

    def pid(self, host):
        return host.pids(self.daemon)[0]


class Relevo(Product):
    name, daemon, log = "relevo", "relevo-membershipd", "relevo.log"

    def __init__(self, hosts, build, totem=None):
        super().__init__(hosts, totem)
        self.build = os.path.abspath(build)

    def configure(self, host):
        totem = {"version": 2, "cluster_name": "bench", "transport": "knet", **self.totem}
        text = block("totem", totem) + node_list(self.hosts)
        text += block("quorum", {"provider": "corosync_votequorum"}) + block("logging", {"to_stderr": "yes"})
        write(f"{host.root}/etc/relevo/cluster.conf", text)
        write(f"{host.root}/etc/relevo/authkey", KEY, 0o400)

    def socket(self, host):
        return f"{host.root}/run/relevo/membership.sock"

    def start(self, host):
        host.spawn([f"{self.build}/bin/relevo-membershipd", "--root", host.root, "--name", f"bench{host.number}"],
                   out="relevo.log")

    def formed(self, host, count):
        return host.ask(*self.load_command(host), "--mode", "members").strip().endswith(f" {count}")

    def load_command(self, host):
        return [f"{self.build}/bench/bench_load_relevo", "--socket", self.socket(host)]


class Corosync(Product):
    """Encrypted as its manual recommends; everything else as it comes."""
    name, daemon, log = "corosync", "corosync", "var/log/corosync.log"

    def __init__(self, hosts, build, totem=None, link=None):
        super().__init__(hosts, totem)
        self.program, self.link = os.path.abspath(f"{build}/bench/bench_load_corosync"), link

    @staticmethod
    def missing(build):
        """Why the peer cannot be measured, or nothing. Builds its load program."""
        if not shutil.which("corosync"):
            return "corosync is not installed"
        program, source = f"{build}/bench/bench_load_corosync", f"{SOURCE}/tests/bench/membership/load_corosync.cpp"
        os.makedirs(f"{build}/bench", exist_ok=True)
        sources = (source, f"{SOURCE}/tests/bench/membership/traffic.hpp")
        if os.path.exists(program) and all(os.path.getmtime(s) < os.path.getmtime(program) for s in sources):
            return ""
        made = subprocess.run(["c++", "-std=c++20", "-O2", f"-I{SOURCE}", source, "-lcpg", "-o", program],
                              capture_output=True, text=True)
        return "its load program cannot be built (libcpg-dev installed?)" if made.returncode else ""

    def configure(self, host):
        totem = {"version": 2, "cluster_name": "bench", "transport": "knet", "crypto_cipher": "aes256",
                 "crypto_hash": "sha256", **self.totem}
        # Both products run on the same hosts at once, so one of them moves away from the port that both use.
        inner = block("interface", {"linknumber": 0, "mcastport": 5415, **(self.link or {})})
        text = block("totem", totem, inner) + node_list(self.hosts)
        text += block("quorum", {"provider": "corosync_votequorum"})
        text += block("logging", {"to_stderr": "no", "to_syslog": "no", "to_logfile": "yes",
                                  "logfile": "/var/log/corosync.log"})
        write(f"{host.root}/etc/corosync/corosync.conf", text)
        write(f"{host.root}/etc/corosync/authkey", KEY, 0o400)

    def start(self, host):
        host.spawn(["corosync", "-f"], out="corosync.out")

    def formed(self, host, count):
        return f"Nodes:            {count}\n" in host.ask("corosync-quorumtool", "-s")

    def load_command(self, host):
        return [self.program]


def result_of(text):
    """The load program's line, or an error with what it said instead."""
    lines = [line for line in text.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"a load program ended without a result: {text.strip()[-300:]}")
    return json.loads(lines[-1])
