"""A bare lab from its making to its end: isolation, power, faults, and nothing left behind."""
import json
import os
import signal
import subprocess
import time

import labkit
from labkit import RELEVO, expect, run, wait_until

PING = r"""
import socket, struct, sys, time, select
def checksum(d):
    s = sum(struct.unpack('!%dH' % (len(d) // 2), d)); s = (s >> 16) + (s & 0xffff); s += s >> 16
    return ~s & 0xffff
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
ok = 0
for n in range(int(sys.argv[2])):
    p = struct.pack('!BBHHH', 8, 0, 0, 4242, n) + b'x' * 8
    p = p[:2] + struct.pack('!H', checksum(p)) + p[4:]
    try:
        s.sendto(p, (sys.argv[1], 0))
    except OSError:
        continue
    end = time.time() + float(sys.argv[3])
    while time.time() < end and select.select([s], [], [], max(0, end - time.time()))[0]:
        d = s.recv(1500)[20:]
        if d[0] == 0 and struct.unpack('!HH', d[4:8]) == (4242, n):
            ok += 1
            break
print(ok)
"""


def answers(lab, node, address, count=1, limit=0.15):
    return int(lab.sh(node, "python3", "-c", PING, address, str(count), str(limit)))


def hears(lab, node, other, limit=3.0):
    """Within a moment: the kernel asks for a neighbour that it missed once more only after a second."""
    wait_until(f"{node} hears {other}", lambda: answers(lab, node, other), limit)
    return True


def traces(name):
    """Whatever of a lab can be seen from outside."""
    found = [n for n in os.listdir("/run/netns") if n.startswith(name + "-")] if os.path.isdir("/run/netns") else []
    with open("/proc/mounts") as f:
        found += [line for line in f if f"/relevo-lab/{name}" in line or f"/netns/{name}-" in line]
    if os.path.isdir("/run/relevo-lab"):
        found += [n for n in os.listdir("/run/relevo-lab") if n.split(".")[0] == name]
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if b"keeper" in words and name.encode() in words:
            found.append(f"process {pid}")
    return found


def isolation(lab):
    expect(lab.sh("nodo2", "hostname").strip() == "nodo2.example.com", "a host has its own name")
    for folder in ("/etc", "/var", "/run", "/tmp", "/dev/shm"):
        file = f"{folder}/relevo-lab-test-{os.getpid()}"
        lab.sh("nodo1", "sh", "-c", f"echo inside > {file}")
        expect(not os.path.exists(file), f"what is written to {folder} stays inside")
        expect(lab.sh("nodo2", "sh", "-c", f"ls {file} 2>/dev/null", check=False) == "", f"other hosts do not see {folder}")
    done = lab.lab("exec", "nodo1", "--", "touch", f"/usr/relevo-lab-test-{os.getpid()}", check=False)
    expect(done.returncode != 0, "the shared rest cannot be written")
    expect(lab.sh("nodo1", "sh", "-c", "ls -d /proc/[0-9]* | wc -l").strip() in ("3", "4"), "a host sees its own processes only")
    expect(lab.sh("nodo1", "sh", "-c", "echo x > /dev/null; ls /sys/class/net").split() == ["eth0", "lo"],
           "a host sees its own network only")
    code = lab.lab("exec", "nodo1", "--", "sh", "-c", "exit 7", check=False).returncode
    expect(code == 7, "exec gives the exit code of the command")
    expect(lab.lab("exec", "nodo1", "--", "sh", "-c", "kill -9 $$", check=False).returncode == 137,
           "exec gives 128 + the signal that ended the command")
    expect(lab.lab("exec", "nodo1", "--", "no-such-program", check=False).returncode == 127, "exec says 127 for no program")
    piped = run(RELEVO, "lab", "exec", "--name", lab.name, "nodo1", "--", "cat", input="through\n").stdout
    expect(piped == "through\n", "exec passes standard input through")


def power(lab):
    lab.sh("nodo2", "sh", "-c", "echo a > /etc/kept; echo b > /var/lib/kept; echo c > /run/lost; echo d > /tmp/lost")
    sleeper = subprocess.Popen([RELEVO, "lab", "exec", "--name", lab.name, "nodo2", "--", "sleep", "1000"])
    wait_until("the sleeper runs", lambda: lab.lab("exec", "nodo2", "--", "pgrep", "-x", "sleep", check=False).returncode == 0)
    lab.lab("power-off", "nodo2")
    expect(sleeper.wait(timeout=5) == 137, "power-off kills every process of the host")
    expect(answers(lab, "nodo1", "172.31.0.12") == 0, "a host without power answers nobody")
    expect(lab.status()["nodes"][1]["power"] == "off", "status shows that it is off")
    expect(lab.lab("exec", "nodo2", "--", "true", check=False).returncode == 1, "nothing can be run on it")
    expect(lab.lab("power-off", "nodo2", check=False).returncode == 1, "it cannot be switched off twice")
    lab.lab("power-on", "nodo2")
    expect(lab.sh("nodo2", "cat", "/etc/kept", "/var/lib/kept") == "a\nb\n", "its disk is as it was")
    expect(lab.sh("nodo2", "sh", "-c", "cat /run/lost /tmp/lost 2>/dev/null", check=False) == "", "/run and /tmp are fresh")
    expect(hears(lab, "nodo1", "172.31.0.12"), "it answers again")
    lab.lab("exec", "nodo3", "--", "python3", "-c", "import ctypes; ctypes.CDLL(None).reboot(0x4321fedc)", check=False)
    wait_until("a host that switches itself off is off", lambda: lab.status()["nodes"][2]["power"] == "off", 5)
    expect(answers(lab, "nodo1", "172.31.0.13") == 0, "and its address is gone with it")
    lab.lab("power-on", "nodo3")


def pausing(lab):
    ticker = "import time\nwhile True:\n open('/run/tick','w').write(str(time.monotonic())); time.sleep(0.01)"
    subprocess.Popen([RELEVO, "lab", "exec", "--name", lab.name, "nodo3", "--", "python3", "-c", ticker])
    wait_until("the ticker ticks", lambda: lab.sh("nodo3", "cat", "/run/tick", check=False))
    lab.lab("pause", "nodo3")
    expect(lab.status()["nodes"][2]["paused"], "status shows a paused host")
    first = lab.sh("nodo3", "cat", "/run/tick")
    time.sleep(0.1)
    expect(lab.sh("nodo3", "cat", "/run/tick") == first, "a paused host does nothing")
    expect(hears(lab, "nodo1", "172.31.0.13"), "and its kernel still answers")
    lab.lab("resume", "nodo3")
    wait_until("a resumed host goes on", lambda: lab.sh("nodo3", "cat", "/run/tick") not in ("", first), 5)


def faults(lab):
    lab.lab("partition", "1:2,3")
    seen = [answers(lab, a, b) for a, b in (("nodo1", "172.31.0.12"), ("nodo3", "172.31.0.11"), ("nodo2", "172.31.0.13"),
                                            ("client", "172.31.0.11"))]
    expect(seen == [0, 0, 1, 1], "a partition cuts between its sides and nowhere else")
    lab.lab("power-off", "nodo1")
    lab.lab("power-on", "nodo1")
    expect(hears(lab, "client", "172.31.0.11"), "the host is back after a power cycle")
    expect(answers(lab, "nodo1", "172.31.0.12") == 0, "and the partition outlived it")
    lab.lab("heal")
    expect(hears(lab, "nodo1", "172.31.0.12"), "heal ends a partition")
    expect(lab.status()["faults"] == [], "and status shows no fault")

    capture = "import socket;s=socket.socket(17,3,socket.htons(3));s.settimeout(0.4)\nn=0\ntry:\n while n<9:\n  n+=s.recv(99)[6:12]==bytes.fromhex('%s')\nexcept OSError: pass\nprint(n)"
    lab.lab("one-way", "1:2")
    expect(answers(lab, "nodo2", "172.31.0.11") == 0, "one-way: no answer comes when one direction is lost")
    listener = subprocess.Popen([RELEVO, "lab", "exec", "--name", lab.name, "nodo1", "--", "python3", "-c",
                                 capture % "0200ac1f000c"], stdout=subprocess.PIPE, text=True)
    time.sleep(0.2)
    answers(lab, "nodo2", "172.31.0.11", 2)
    expect(int(listener.communicate(timeout=10)[0]) > 0, "one-way: the other direction still passes")
    lab.lab("heal")

    lab.lab("loss", "nodo2", "50%")
    got = answers(lab, "nodo1", "172.31.0.12", 60, 0.02)
    expect(1 <= got <= 35, f"half of the packets lost each way leaves about a quarter of the echoes ({got} of 60)")
    lab.lab("heal")

    lab.lab("link-down", "nodo3")
    expect(answers(lab, "nodo1", "172.31.0.13") == 0, "a host without its cable answers nobody")
    expect("NO-CARRIER" in run("ip", "-n", f"{lab.name}-nodo3", "link", "show", "eth0").stdout, "and it sees no carrier")
    lab.lab("link-up", "nodo3")
    expect(hears(lab, "nodo1", "172.31.0.13"), "link-up plugs it in again")

    delayed = lab.lab("delay", "nodo2", "5ms", check=False)
    if delayed.returncode == 0:
        lab.lab("heal")
    else:
        expect("sch_netem" in delayed.stderr and delayed.returncode == 3, "a kernel without netem is named as the reason")
        expect(lab.status()["faults"] == [], "and the refused delay is not listed")
    for words in (("partition", "1"), ("partition", "1:9"), ("loss", "nodo1", "x"), ("link-down", "nodo1", "4"), ("delay", "1", "x")):
        expect(lab.lab(*words, check=False).returncode == 1, f"'{' '.join(words)}' is refused")


def names(lab):
    expect("172.31.0.100" in lab.sh("client", "getent", "ahosts", "www.example.com"), "the client resolves www by the DNS host")
    expect(lab.lab("exec", "client", "--", "getent", "ahosts", "nix.example.com", check=False).returncode != 0,
           "a name that does not exist is not found")


def finished(name):
    try:
        with open(f"/run/relevo-lab/{name}/lab.json") as f:
            return json.load(f)["ready"]
    except OSError:
        return False


def killed_up(lab):
    """A command that is killed in the middle is cleaned up by the next one, and a lab's owner takes it along."""
    name = lab.name + "k"
    for delay in (0.005, 0.02, 0.04, 0.08):
        child = subprocess.Popen([RELEVO, "lab", "up", "--bare", "--name", name], stdout=subprocess.DEVNULL)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        if finished(name):  # the signal came too late on this machine
            run(RELEVO, "lab", "down", "--name", name)
    done = run(RELEVO, "lab", "up", "--bare", "--name", name)
    expect("is up" in done.stdout, "a lab whose up was killed can be made anew")
    expect(lab.sh("nodo1", "true") == "", "and the other lab was not touched")
    run(RELEVO, "lab", "down", "--name", name)
    wait_until(f"nothing is left of it: {traces(name)}", lambda: not traces(name), 5)


def test():
    with labkit.Lab(nodes=3, bare=True, dns=True) as lab:
        expect(run(RELEVO, "lab", "up", "--bare", "--name", lab.name, check=False).returncode == 1, "a lab is made once")
        for part in (isolation, names, power, pausing, faults, killed_up):
            part(lab)
    wait_until(f"down leaves nothing: {traces(lab.name)}", lambda: not traces(lab.name), 5)
    wrong = run(RELEVO, "lab", "powr-off", "nodo1", check=False)
    expect(wrong.returncode == 2 and "power-off" in wrong.stderr, "a mistyped verb suggests the near one")
    expect(run(RELEVO, "lab", "status", "--name", lab.name, check=False).returncode == 1, "a lab that is gone has no status")


labkit.main(test)
