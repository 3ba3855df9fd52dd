"""Every tool of the membership layer with every option, against three real nodes with two links; wrong words; a node that
goes; no daemon. And the example of the client library. usage: RELEVO_BIN=... tools.py EXAMPLE_PROGRAM"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from labkit import RELEVO, Lab, expect, main, run, wait_until  # noqa: E402

EXAMPLE = os.path.abspath(sys.argv[1])
GUIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "docs", "guide")


class Tools:
    def __init__(self, lab):
        self.lab = lab

    def __call__(self, node, *words, code=0, stdin=None):
        """Runs a tool in a node, checks its exit code, gives (stdout, stderr)."""
        done = run(RELEVO, "lab", "exec", "--name", self.lab.name, node, "--", *words, check=False, timeout=60, input=stdin)
        shown = " ".join(words)
        expect(done.returncode == code, f"{shown}: exit {done.returncode}, {code} is right\n{done.stdout[-600:]}{done.stderr[-600:]}"
               if done.returncode != code else f"{shown}: exit {code}")
        return done.stdout, done.stderr

    def json(self, node, *words):
        return json.loads(self(node, *words)[0])


def cfgtool(tool):
    out, _ = tool("nodo1", "corosync-cfgtool", "-s")
    expect(out.startswith("Local node ID 1, transport knet\nLINK ID 0 udp\n\taddr\t= 172.31.0.11\n\tstatus:\n"), "-s begins as the original's")
    expect(out.count("connected\n") == 4 and out.count("localhost\n") == 2, "-s: both links to both others are connected")
    out, _ = tool("nodo1", "corosync-cfgtool", "-s", "-b")
    expect(out.count("\tstatus\t= n33\n") == 2, "-s -b: n33 on both links")
    out, _ = tool("nodo1", "corosync-cfgtool", "-s", "-b", "-i", "1")
    expect("LINK ID 1" in out and "LINK ID 0" not in out, "-i: one link only")
    tool("nodo1", "corosync-cfgtool", "-s", "-i", "9.9.9.9", code=1)
    out, _ = tool("nodo2", "corosync-cfgtool", "-n")
    expect(len(re.findall(r"^nodeid: [13] reachable$", out, re.M)) == 2, "-n: the two others are reachable")
    expect(len(re.findall(r"^   LINK: [01] udp \([0-9.]+->[0-9.]+\) enabled connected mtu: [1-9][0-9]+$", out, re.M)) == 4, "-n: four links with an MTU")
    out, _ = tool("nodo1", "corosync-cfgtool", "-a", "2")
    expect(re.fullmatch(r"172\.31\.\d+\.\d+ 172\.31\.\d+\.\d+\n", out), "-a: the addresses of a node")
    _, err = tool("nodo1", "corosync-cfgtool", "-a", "9", code=1)
    expect("Could not get node address for nodeid 9" in err, "-a: an unknown node in the original's words")
    tool("nodo1", "corosync-cfgtool", "-L")
    out, _ = tool("nodo1", "corosync-cfgtool", "-h")
    expect("-R" in out and "-k NODEID" in out, "-h names the options")
    tool("nodo1", "corosync-cfgtool", "-V")
    for words in (["-a", "x"], ["-k", "0"], ["-Z"], ["-s", "-n"], ["--forse"]):
        tool("nodo1", "corosync-cfgtool", *words, code=1)
    _, err = tool("nodo1", "corosync-cfgtool", "-k", "77", code=1)
    expect("node 77 is not in the ring" in err, "-k: a node that is not there is refused with a word")


def reload(tool):
    out, _ = tool("nodo1", "corosync-cfgtool", "-R")
    expect(out == "Reloading corosync.conf...\nDone\n", "-R says what it does")
    tool("nodo1", "relevo", "membership", "reload")


def cmapctl(tool):
    out, _ = tool("nodo1", "corosync-cmapctl")
    for line in ("nodelist.node.0.nodeid (u32) = 1", "nodelist.local_node_pos (u32) = 0", "runtime.votequorum.this_node_id (u32) = 1",
                 "runtime.members.2.status (str) = joined", "totem.version (u32) = 2"):
        expect(line + "\n" in out, f"the map has: {line}")
    expect(all(re.fullmatch(r"[^ ]+ \((u8|u16|u32|u64|i32|str|flt|dbl)\) = .*", line) for line in out.splitlines()), "every line is KEY (TYPE) = VALUE")
    out, _ = tool("nodo2", "corosync-cmapctl", "-g", "runtime.votequorum.this_node_id")
    expect(out == "runtime.votequorum.this_node_id (u32) = 2\n", "-g as pcsd reads it")
    out, _ = tool("nodo2", "corosync-cmapctl", "-q", "-g", "runtime.votequorum.this_node_id")
    expect(out == "2\n", "-q: the value alone")
    _, err = tool("nodo1", "corosync-cmapctl", "-g", "no.key", code=1)
    expect(err == "Can't get key no.key. Error CS_ERR_NOT_EXIST\n", "-g of a key that is not there")
    tool("nodo1", "corosync-cmapctl", "nothing.begins.so", code=1)
    out, _ = tool("nodo1", "corosync-cmapctl", "-b", "runtime.config.totem.")
    expect("runtime.config.totem.token (u32) = " in out, "a prefix lists what begins so")
    out, _ = tool("nodo1", "corosync-cmapctl", "-m", "stats")
    for key in ("stats.srp.orf_token_rx", "stats.srp.operational_entered", "stats.knet.node2.link1.connected", "stats.knet.node3.link0.latency_ave",
                "stats.knet.node2.link0.mtu", "stats.knet.node2.link0.tx_total_packets", "stats.ipcs.global.active"):
        value = re.search(rf"^{re.escape(key)} \(u\d+\) = (\d+)$", out, re.M)
        expect(value and int(value.group(1)) > 0, f"statistics: {key} is there and not zero")
    expect("procname (str) = relevo-resmgrd" in out, "statistics: the local programs by name")
    tool("nodo1", "corosync-cmapctl", "-C", "knet")
    before = int(re.search(r"stats.srp.operational_entered \(u64\) = (\d+)", out).group(1))
    out, _ = tool("nodo1", "corosync-cmapctl", "-m", "stats", "-q", "-g", "stats.srp.operational_entered")
    expect(int(out) == before, "-C knet leaves the ring's counters")
    tool("nodo1", "corosync-cmapctl", "-C", "all")
    out, _ = tool("nodo1", "corosync-cmapctl", "-m", "stats", "-q", "-g", "stats.srp.operational_entered")
    expect(int(out) == 0, "-C all: counted anew")


def cmapctl_sets(tool):
    _, err = tool("nodo1", "corosync-cmapctl", "-s", "totem.token", "u32", "5000", code=1)
    expect("CS_ERR_ACCESS" in err and "corosync-cfgtool -R" in err, "-s of an option says what to do instead")
    for words, word in ((["-s", "a", "u99", "1"], "Unknown type u99"), (["-s", "a", "u8", "700"], "700 is not valid u8 integer"),
                        (["-s", "a"], "At least 3 parameters"), (["-m", "x"], "invalid map name"), (["-C", "x"], "argument to -C"),
                        (["-g"], "a key is missing"), (["-d", "no.key"], "CS_ERR_NOT_EXIST"), (["-d", "totem.version"], "CS_ERR_ACCESS"),
                        (["-g", "a", "-d", "b"], "at a time"), (["-p", "/nonexistent"], "/nonexistent"),
                        (["-m", "stats", "-s", "stats.srp.mcast_tx", "u64", "1"], "CS_ERR_ACCESS"),
                        (["-s", "quorum.cancel_wait_for_all", "u8", "1"], "waiting")):
        _, err = tool("nodo1", "corosync-cmapctl", *words, code=1)
        expect(word in err, f"{' '.join(words)}: the error says '{word}'")
    tool("nodo1", "corosync-cmapctl", "-D", "nothing.begins.so")
    tool("nodo1", "corosync-cmapctl", "-s", "quorum.expected_votes", "u32", "3")
    tool("nodo1", "sh", "-c", "printf '# note\\nquorum.expected_votes u32 3\\n' > /tmp/keys && corosync-cmapctl -p /tmp/keys")
    out, _ = tool("nodo1", "sh", "-c", "(sleep 1; printf q) | corosync-cmapctl -m stats -T stats.srp.")
    expect(out.startswith('Type "q" to finish\n') and "modify> stats.srp." in out, "-T shows what changes, and q ends it")
    tool("nodo1", "sh", "-c", "corosync-cmapctl -t totem.token < /dev/null")


def quorumtool(tool):
    out, _ = tool("nodo1", "corosync-quorumtool")
    expect("Nodes:            3\n" in out and "Quorate:          Yes\n" in out and "Quorum:           2  \n" in out, "the status is the original's")
    for words in (["-s"], ["-l"], ["-p"], ["-p", "-s"], ["-i"], ["-a"], ["-i", "-a"], ["-H"], ["-o", "a"], ["-o", "n"], ["-o", "i"], ["-n", "2"], ["-V"], ["-h"]):
        tool("nodo1", "corosync-quorumtool", *words)
    out, _ = tool("nodo1", "corosync-quorumtool", "-p", "-s")
    expect("    Nodeid      Votes    Qdevice Name\n" in out and "        NR " in out, "-p: the Qdevice column")
    out, _ = tool("nodo1", "corosync-quorumtool", "-H")
    expect("0x00000001" in out, "-H: ids in hexadecimal")
    tool("nodo1", "corosync-quorumtool", "-e", "3")
    tool("nodo1", "corosync-quorumtool", "-W", "q")
    out, _ = tool("nodo1", "timeout", "1", "corosync-quorumtool", "-m", code=tool.monitor_code)
    expect("Quorum information" in out, "-m shows the state at once")
    for words, word in ((["-e", "0"], "New expected votes value"), (["-e", "x"], "New expected votes value"), (["-e", "65000"], "Unable to set expected votes"),
                        (["-v", "x"], "New votes value"), (["-v", "2", "-n", "1"], "configuration file"), (["-f"], "configuration file"),
                        (["-o", "z"], "-o"), (["-W", "z"], "-W"), (["-Z"], "unknown option"), (["surplus"], "no argument")):
        _, err = tool("nodo1", "corosync-quorumtool", *words, code=1)
        expect(word in err, f"quorumtool {' '.join(words)}: the error says '{word}'")


def cpgtool(tool):
    out, _ = tool("nodo1", "corosync-cpgtool")
    expect(out.startswith("Group Name\t       PID\t   Node ID\n"), "cpgtool begins as the original")
    members = re.findall(r"^\t\t +(\d+)\t +([123]) \(172\.31\.\d+\.\d+\)$", out, re.M)
    expect(sorted(node for _, node in members) == ["1", "2", "3"] and all(int(pid) > 0 for pid, _ in members), "the resource managers of all nodes with their process ids")
    names, _ = tool("nodo1", "corosync-cpgtool", "-n")
    expect(len(names.splitlines()) >= 1, "-n: names only")
    out, _ = tool("nodo1", "corosync-cpgtool", "-d", ",")
    expect(out.startswith("GRP_NAME,PID,NODEID\n") and re.search(rf"^{re.escape(names.splitlines()[0])},\d+,1$", out, re.M), "-d: one line a member")
    tool("nodo1", "corosync-cpgtool", "-e")
    tool("nodo1", "corosync-cpgtool", "-h")
    tool("nodo1", "corosync-cpgtool", "-x", code=1)


def membership(tool):
    out, _ = tool("nodo1", "relevo", "membership", "status")
    for word in ("Ring ", "3 of 3 nodes", "Quorum    yes", "Links     4 of 4 up", "Timers    profile", "is out of the ring after about", "relevo-resmgrd ("):
        expect(word in out, f"membership status says '{word.strip()}'")
    report = tool.json("nodo1", "relevo", "membership", "status", "--json")
    expect(report["quorum"]["quorate"] and 0 < report["expected_detection_ms"] < 10_000 and isinstance(report["advice"], list), "status --json")
    out, _ = tool("nodo1", "relevo", "membership", "links")
    expect(out.startswith("NODE") and len(out.splitlines()) == 5, "membership links: a headline and four links")
    links = tool.json("nodo1", "relevo", "membership", "links", "--json")["links"]
    expect(len(links) == 4 and all(link["up"] and link["mtu"] > 500 and link["latency_us"] > 0 for link in links), "links --json: all up, with MTU and latency")
    out, _ = tool("nodo1", "relevo", "membership", "top", "--once", "--interval", "300")
    expect("Rotation" in out and len(out.splitlines()) >= 7, "membership top --once")
    top = tool.json("nodo1", "relevo", "membership", "top", "--json", "--interval", "300", "--sort", "loss")
    expect("rotation_us" in top["ring"] and len(top["links"]) == 4, "top --json")
    for words, word in ((["statu"], "did you mean"), (["links", "--jsn"], "--json"), (["top", "--sort", "size"], "--sort"), (["status", "surplus"], "")):
        _, err = tool("nodo1", "relevo", "membership", *words, code=2)
        expect(word in err, f"membership {' '.join(words)}: the error helps")


def example(tool):
    text = open(os.path.join(GUIDE, "client-library.md")).read()
    expect(open(os.path.join(GUIDE, "client_example.cpp")).read() in text, "the program in the guide is the one that is built")
    out, _ = tool("nodo2", EXAMPLE, "/run/relevo/membership.sock", "greeting", "200")
    expect(len(re.findall(r"^2:\d+ says line \d+ of 200$", out, re.M)) == 200, "the example hears its 200 lines")
    _, err = tool("nodo2", EXAMPLE, "/run/nothing.sock", "g", "1", code=1)
    expect("/run/nothing.sock" in err, "the example without a daemon says what it did not find")


def a_node_leaves(tool):
    out, _ = tool("nodo1", "corosync-cfgtool", "-k", "3")
    expect(out == "Killing node 3\n", "-k says what it does")
    wait_until("node 3's daemon ended because it was asked to", lambda: "asked to by node 1" in tool.lab.sh(
        "nodo3", "sh", "-c", "cat /var/log/relevo/membershipd.log"), 20)


def no_daemon(tool):
    tool.lab.sh("nodo2", "relevo", "cluster", "stop")
    for words, word in ((["corosync-cfgtool", "-s"], "Could not initialize corosync configuration API error 2"),
                        (["corosync-cmapctl"], "Failed to initialize the cmap API. Error CS_ERR_LIBRARY"),
                        (["corosync-cpgtool"], "Could not initialize corosync cpg API error 2"),
                        (["corosync-quorumtool", "-s"], "Cannot initialize CMAP service")):
        _, err = tool("nodo2", *words, code=1)
        expect(err.startswith(word + "\n") and "membership.sock" in err, f"{words[0]} without a daemon: the original's words, then which socket")
    for verb in ("status", "links", "top"):
        _, err = tool("nodo2", "relevo", "membership", verb, code=4)
        expect("relevo cluster start" in err, f"membership {verb} without a daemon says how to start one")


def story():
    with Lab(nodes=3, links=2) as lab:
        tool = Tools(lab)
        tool.monitor_code = 124
        wait_until("all links are up", lambda: all(link["up"] and link["mtu"] > 500 for link in json.loads(
            lab.sh("nodo1", "relevo", "membership", "links", "--json"))["links"]), 30)
        wait_until("all resource managers are in their group", lambda: lab.sh("nodo1", "corosync-cpgtool", "-d", ",").count(",") >= 8, 60)
        for part in (cfgtool, cmapctl, cmapctl_sets, quorumtool, cpgtool, membership, example, reload, a_node_leaves, no_daemon):
            part(tool)


main(story)
