"""A daemon whose state folder is full, read-only, torn or deleted: it runs on or refuses with a clear word.
usage: disks.py BUILD_DIR"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from netkit import DAEMON, Daemon, main, must, run, wait_until  # noqa: E402

CONFIG = """totem {
  version: 2
  cluster_name: disks
}
nodelist {
  node {
    nodeid: 1
    name: a
    ring0_addr: 127.0.0.1
  }
}
logging {
  to_syslog: no
}
"""


class Run(Daemon):
    """One daemon with a small file system of its own as state folder, prepared by `before` in its own namespaces."""

    def __init__(self, net, before):
        super().__init__(net, "a")
        self.write("cluster.conf", CONFIG)
        self.write("authkey", os.urandom(64), 0o400)
        self.state = f"{self.root}/var/lib/relevo"
        os.makedirs(self.state)
        self.launch("sh", "-c", f"cd {self.state} && mount -t tmpfs -o size=32k none {self.state} && cd {self.state} && {before} && "
                                f"exec {DAEMON} --root {self.root} --name a")

    def runs(self):
        return self.process.poll() is None

    def wait_for_ring(self):
        wait_until(f"a ring or an end:\n{self.said()}", lambda: "installed" in self.said() or not self.runs(), 15)
        assert "installed" in self.said(), self.said()

    def damage(self, command):
        run("nsenter", "-t", self.process.pid, "-m", "sh", "-c", f"cd {self.state} && {command}")


def refuses(net, before, word):
    daemon = Run(net, before)
    code = daemon.process.wait(timeout=15)
    must(code in (1, 69) and word in daemon.said(), f"{word}: refused with a clear word", f"(exit {code})")


def runs_on(net, command, what):
    daemon = Run(net, "true")
    daemon.wait_for_ring()
    daemon.damage(command)
    time.sleep(0.5)
    still = daemon.runs()
    code = daemon.end()
    must(still and code == 0, f"{what} while it runs: it runs on and ends well", f"(exit {code})")


def starts(net, before, word):
    daemon = Run(net, before)
    daemon.wait_for_ring()
    said = word in daemon.said()
    code = daemon.end()
    must(said and code == 0, f"{word}: it starts, and says so", f"(exit {code})")


def story(net):
    net.host("a")
    fill = "dd if=/dev/zero of=fill bs=1k 2>/dev/null; true"
    refuses(net, fill, "No space left")
    refuses(net, "mount -o remount,ro $PWD", "Read-only")
    runs_on(net, fill, "a full disk")
    runs_on(net, "mount -o remount,ro $PWD", "a read-only disk")
    runs_on(net, "rm -f *", "deleted files")
    starts(net, "echo torn > ringid_1", "ringid_1: not a ring number file")
    starts(net, "head -c 40 /dev/urandom > ringid_1 && cp ringid_1 ringid_1.bak", "no ring number on disk")
    starts(net, "echo x > ringid_1 && chmod 000 ringid_1 && chown 1234 ringid_1", "ringid_1")


main(story, "dk")
