"""relevo demo as a newcomer runs it: it moves the address, prints a gap, and leaves nothing, also when interrupted."""
import os
import re
import signal
import subprocess
import time

import labkit
from labkit import RELEVO, expect, wait_until


def traces(pid):
    name = f"demo-{pid}"
    found = [n for n in os.listdir("/run/netns") if n.startswith(name)] if os.path.isdir("/run/netns") else []
    if os.path.isdir("/run/relevo-lab"):
        found += [n for n in os.listdir("/run/relevo-lab") if n.startswith(name)]
    with open("/proc/mounts") as f:
        found += [line for line in f if name in line]
    return found


def whole():
    began = time.monotonic()
    demo = subprocess.Popen([RELEVO, "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = demo.communicate(timeout=60)
    expect(demo.returncode == 0, f"the demonstration ends well\n{out}{err}")
    gap = re.search(r"^Gap after power-off: (\d+) ms$", out, re.M)
    expect(gap and int(gap.group(1)) <= 1000, f"the gap after a power failure is at most a second ({gap and gap.group(1)} ms)")
    for what in ("power-on", "standby", "unstandby"):
        expect(re.search(rf"^Gap after {what}: \d+ ms$", out, re.M), f"the gap after {what} is told")
    expect(time.monotonic() - began < 60, "it takes less than a minute")
    wait_until(f"nothing is left {traces(demo.pid)}", lambda: not traces(demo.pid), 5)


def interrupted():
    for signal_number, delay in ((signal.SIGINT, 0.1), (signal.SIGTERM, 0.7), (signal.SIGINT, 1.5)):
        demo = subprocess.Popen([RELEVO, "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(delay)
        demo.send_signal(signal_number)
        _, err = demo.communicate(timeout=20)
        expect(demo.returncode == 1 and "interrupted" in err, f"signal {signal_number} after {delay} s ends it with an error")
        expect(not traces(demo.pid), "and nothing is left")


def killed():
    demo = subprocess.Popen([RELEVO, "demo"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.0)
    demo.kill()
    demo.wait()
    expect(traces(demo.pid), "kill -9 leaves the lab standing")
    subprocess.run([RELEVO, "lab", "down", "--name", f"other{os.getpid()}"], check=True, capture_output=True)
    expect(not traces(demo.pid), "and the next lab command removes it")


def test():
    for part in (whole, interrupted, killed):
        part()


labkit.main(test)
