"""A daemon whose state folder is full, read-only, torn or deleted: it runs on or refuses with a clear word.
usage: disks.py BUILD_DIR"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

DAEMON = f"{sys.argv[1]}/bin/relevo-membershipd"
TAG = f"dk{os.getpid()}"
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


class Run:
    """One daemon with a small file system of its own as state folder, prepared by `before` in its own namespaces."""

    def __init__(self, top, before):
        self.root = tempfile.mkdtemp(dir=top)
        for folder in ("etc/relevo", "var/lib/relevo"):
            os.makedirs(f"{self.root}/{folder}")
        with open(f"{self.root}/etc/relevo/cluster.conf", "w") as f:
            f.write(CONFIG)
        with open(os.open(f"{self.root}/etc/relevo/authkey", os.O_WRONLY | os.O_CREAT, 0o400), "wb") as f:
            f.write(os.urandom(64))
        state = f"{self.root}/var/lib/relevo"
        script = f"cd {state} && mount -t tmpfs -o size=32k none {state} && cd {state} && {before} && exec {DAEMON} --root {self.root} --name a"
        self.log = open(f"{self.root}/log", "wb")
        self.process = subprocess.Popen(["ip", "netns", "exec", TAG, "sh", "-c", script], stdout=self.log, stderr=self.log)

    def said(self):
        with open(f"{self.root}/log") as f:
            return f.read()

    def wait_for(self, words, limit=15):
        end = time.monotonic() + limit
        while words not in self.said():
            assert time.monotonic() < end and (self.process.poll() is None or words in self.said()), \
                f"'{words}' was not said:\n{self.said()}"
            time.sleep(0.05)

    def inside(self, command):
        subprocess.run(["nsenter", "-t", str(self.process.pid), "-m", "sh", "-c", f"cd {self.root}/var/lib/relevo && {command}"], check=True)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)


def refuses(top, before, word):
    run = Run(top, before)
    code = run.process.wait(timeout=15)
    assert code in (1, 69), code
    assert word in run.said(), run.said()
    print(f"ok   {word}: refused with a clear word", flush=True)


def runs_on(top, command, what):
    run = Run(top, "true")
    try:
        run.wait_for("installed")
        run.inside(command)
        time.sleep(0.5)
        assert run.process.poll() is None, run.said()
    finally:
        code = run.end()
    assert code == 0, run.said()
    print(f"ok   {what} while it runs: it runs on and ends well", flush=True)


def starts(top, before, word):
    run = Run(top, before)
    try:
        run.wait_for("installed")
        assert word in run.said(), run.said()
    finally:
        code = run.end()
    assert code == 0, run.said()
    print(f"ok   {word}: it starts, and says so", flush=True)


def main():
    if os.geteuid() != 0:
        print("skipped: needs root")
        return 77
    top = tempfile.mkdtemp(prefix="relevo-disks-")
    fill = "dd if=/dev/zero of=fill bs=1k 2>/dev/null; true"
    try:
        subprocess.run(["ip", "netns", "add", TAG], check=True)
        subprocess.run(["ip", "-n", TAG, "link", "set", "lo", "up"], check=True)
        refuses(top, fill, "No space left")
        refuses(top, "mount -o remount,ro $PWD", "Read-only")
        runs_on(top, fill, "a full disk")
        runs_on(top, "mount -o remount,ro $PWD", "a read-only disk")
        runs_on(top, "rm -f *", "deleted files")
        starts(top, "echo torn > ringid_1", "ringid_1: not a ring number file")
        starts(top, "head -c 40 /dev/urandom > ringid_1 && cp ringid_1 ringid_1.bak", "no ring number on disk")
        starts(top, "echo x > ringid_1 && chmod 000 ringid_1 && chown 1234 ringid_1", "ringid_1")
    finally:
        subprocess.run(["ip", "netns", "del", TAG], capture_output=True)
        shutil.rmtree(top, ignore_errors=True)
    return 0


sys.exit(main())
