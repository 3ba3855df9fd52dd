"""crm_mon in a terminal of 80x24: a standby, a death and a return are on the screen soon after they happen.

The times are printed; the test fails only when something never shows, when a resize breaks the picture, or when the
terminal is not given back as it was found. With `--strict` a change that shows later than 200 ms fails, too: measured
from the moment at which the surviving node's own CIB says it.
"""
import shutil
import subprocess
import sys
import time

from labkit import RELEVO, VIP, Lab, expect, main, wait_until

STRICT = "--strict" in sys.argv
SOCKET = None


def tmux(*words):
    return subprocess.run(["tmux", "-L", SOCKET, *words], text=True, capture_output=True).stdout


def screen():
    return tmux("capture-pane", "-p", "-t", "mon")


def delay_after(text, happened, cause, limit=20.0):
    """Seconds from `happened()` becoming true to `text` being on the screen, and from before the cause to there."""
    started = time.monotonic()
    cause()
    when = shown = None
    end = time.monotonic() + limit
    while shown is None or when is None:
        if time.monotonic() > end:
            raise AssertionError(f"never on the screen: {text!r}\n{screen()}")
        if when is None and happened():
            when = time.monotonic()
        if shown is None and text in screen():
            shown = time.monotonic()
    return shown - when, shown - started


def cib_says(lab, node, text):
    return lambda: text in lab.sh(node, "crm_mon", "-1", check=False)


def report(what, times):
    seconds, from_cause = times
    print(f"     {what}: on the screen {seconds * 1000:.0f} ms after the node's own state had it, "
          f"{from_cause * 1000:.0f} ms after its cause began", flush=True)
    expect(seconds < 0.2 or not STRICT, f"{what} shows within 200 ms")


def watch_changes(lab):
    standby, offline = "Node nodo3.example.com: standby", "OFFLINE: [ nodo3.example.com ]"
    online = "Online: [ nodo1.example.com nodo2.example.com nodo3.example.com ]"
    report("standby", delay_after(standby, cib_says(lab, "nodo1", standby),
                                  lambda: lab.sh("nodo1", "pcs", "node", "standby", "nodo3.example.com")))
    lab.sh("nodo1", "pcs", "node", "unstandby", "nodo3.example.com")
    wait_until("unstandby on the screen", lambda: "standby" not in screen())
    report("a node's death", delay_after(offline, cib_says(lab, "nodo1", offline), lambda: lab.lab("power-off", "nodo3")))
    report("a return", delay_after(online, cib_says(lab, "nodo1", online), lambda: lab.lab("power-on", "nodo3")))


def resize():
    tmux("resize-window", "-t", "mon", "-x", "60", "-y", "12")
    wait_until("the smaller picture", lambda: "Cluster Summary" in screen() and len(screen().rstrip("\n").split("\n")) <= 12)
    tmux("resize-window", "-t", "mon", "-x", "80", "-y", "24")
    wait_until("the whole picture again", lambda: "Node List" in screen() and "quit" in screen())
    expect(True, "a resize is survived")


def test():
    global SOCKET
    if not shutil.which("tmux"):
        print("skipped: tmux is missing (make deps)")
        sys.exit(77)
    with Lab(nodes=3, vip=f"{VIP}/16") as lab:
        SOCKET = lab.name
        try:
            tmux("-f", "/dev/null", "new-session", "-d", "-s", "mon", "-x", "80", "-y", "24", "sh")
            tmux("send-keys", "-t", "mon", "stty -g > /tmp/relevo-tty-$$.before; echo BEFORE-THE-VIEW", "Enter")
            wait_until("the shell's prompt", lambda: "BEFORE-THE-VIEW" in screen())
            tmux("send-keys", "-t", "mon", f"{RELEVO} lab exec --name {lab.name} nodo1 -- crm_mon", "Enter")
            wait_until("crm_mon's first picture", lambda: "Started nodo" in screen())
            expect("Cluster Summary:" in screen(), "crm_mon draws the cluster on 80x24")
            watch_changes(lab)
            resize()
            tmux("send-keys", "-t", "mon", "q")
            wait_until("the shell's screen again", lambda: "BEFORE-THE-VIEW" in screen() and "Cluster Summary" not in screen())
            tmux("send-keys", "-t", "mon", "stty -g | cmp - /tmp/relevo-tty-$$.before && echo SAME-AS-BEFORE; rm -f /tmp/relevo-tty-$$.before", "Enter")
            wait_until("the terminal's settings as before", lambda: screen().count("SAME-AS-BEFORE") >= 2)
            expect(True, "the terminal is left as it was found")
        finally:
            tmux("kill-server")


main(test)
