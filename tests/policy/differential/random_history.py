"""Random statuses planned by two programs: histories as they may be, not as a scheduler would have grown them.

usage: random_history.py OURS REFERENCE FIRST_SEED COUNT [--keep DIR] [--jobs N]

Each seed is a small configuration (what can migrate, clones, a remote node, a guest, a bundle, every on-fail) and a status
drawn at random: node states, results of all kinds, pending operations, half migrations, fail counts, removed resources,
shutdown locks. The plans are compared as in differential.py, but not carried out; what the reference cannot plan is left
out. What differs is made smaller entry by entry and kept in DIR.
"""
import os
import random
import sys
import tempfile
from collections import Counter
from xml.etree import ElementTree as Xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dense_cib import DenseMaker  # noqa: E402
from differential import arguments, call, differences, forget, graph_details, graph_facts, run_seeds, write  # noqa: E402
from random_cib import Drawing  # noqa: E402

NOW = 1780315200
CLOCK = "2026-06-01 12:00:00Z"
UUIDS = ["11111111-1111-1111-1111-111111111111"] * 4 + ["22222222-2222-2222-2222-222222222222"]


class Status(Drawing):
    def __init__(self, seed):
        super().__init__(random.Random(seed * 104729 + 7))
        self.nodes = [f"n{i}" for i in range(1, self.rng.choice([2, 3, 3, 4]) + 1)]
        self.remotes, self.histories = [], []  # (id in history, kind)
        self.call = 1

    # configuration
    def metas(self):
        values = {}
        for name, percent, choices in (("failure-timeout", 25, ["60s", "10min", "1000000h"]), ("migration-threshold", 20, ["1", "2", "3"]),
                                       ("multiple-active", 15, ["stop_start", "stop_only", "block", "stop_unexpected"]),
                                       ("requires", 15, ["nothing", "quorum", "fencing"]), ("is-managed", 6, ["false"]),
                                       ("target-role", 8, ["Stopped", "Started"]), ("priority", 10, ["1", "5"]),
                                       ("resource-stickiness", 15, ["1", "100"]), ("maintenance", 3, ["true"])):
            if self.chance(percent):
                values[name] = self.rng.choice(choices)
        return values

    def operations(self, rsc, name, promotable):
        block = Xml.SubElement(rsc, "operations")
        monitors = [("10s", {"role": "Promoted"}), ("11s", {"role": "Unpromoted"})] if promotable else [("10s", {})]
        wanted = [("monitor", i, m) for i, m in monitors] + [("start", "0", {}), ("stop", "0", {})]
        if promotable:
            wanted += [("promote", "0", {}), ("demote", "0", {})]
        for task, interval, more in wanted:
            if task != "monitor" and self.chance(60):
                continue
            choices = ["ignore", "block", "restart", "fence"] + (["stop", "standby"] if task not in ("stop", "demote") else [])
            if task == "promote" or more.get("role") == "Promoted":
                choices.append("demote")
            if self.chance(35):
                more = dict(more, **{"on-fail": self.rng.choice(choices)})
            if task == "monitor" and self.chance(5):
                more["enabled"] = "false"
            Xml.SubElement(block, "op", dict({"id": self.id(f"{name}-{task}"), "name": task, "interval": interval}, **more))

    def primitive(self, parent, name, kind="plain", metas=None):
        promotable = kind == "promotable"
        words = {"id": name, "class": "ocf", "provider": "pacemaker", "type": "Stateful" if promotable else "Dummy"}
        rsc = Xml.SubElement(parent, "primitive", words)
        self.pairs(rsc, "meta_attributes", dict(self.metas(), **(metas or {})))
        if self.chance(85):
            self.operations(rsc, name, promotable)
        self.histories.append((name, kind))
        return rsc

    def clone(self, parent, name, unique=False, promotable=False, group=False):
        clone = Xml.SubElement(parent, "clone", id=name)
        values = {k: v for k, v in self.metas().items() if k in ("is-managed", "target-role", "priority")}
        if unique:
            values["globally-unique"] = "true"
            values["clone-max"] = "2"
        elif self.chance(40):
            values["clone-max"] = self.rng.choice(["0", "1", "2", "3"])
        if promotable:
            values["promotable"] = "true"
        self.pairs(clone, "meta_attributes", values)
        inner = Xml.SubElement(clone, "group", id=f"{name}-g") if group else clone
        for number in range(2 if group else 1):
            self.primitive(inner, f"{name}-p{number}", "promotable" if promotable else "unique" if unique else "instance")

    def remote(self, parent):
        rsc = Xml.SubElement(parent, "primitive", {"id": "r1", "class": "ocf", "provider": "pacemaker", "type": "remote"})
        self.pairs(rsc, "instance_attributes", dict({"server": "r1.example"}, **({"reconnect_interval": "60s"} if self.chance(40) else {})))
        self.pairs(rsc, "meta_attributes", {k: v for k, v in self.metas().items() if k in ("target-role", "failure-timeout", "is-managed")})
        self.operations(rsc, "r1", False)
        self.histories.append(("r1", "plain"))
        self.remotes.append("r1")

    def bundle(self, parent):
        bundle = Xml.SubElement(parent, "bundle", id="b")
        Xml.SubElement(bundle, "docker", {"image": "img", "replicas": "2"})
        Xml.SubElement(bundle, "network", {"ip-range-start": "192.168.122.131", "control-port": "3121"})
        self.primitive(bundle, "b-p", "inside")
        self.histories.pop()
        for number in range(2):
            self.histories += [(f"b-docker-{number}", "plain"), (f"b-ip-192.168.122.13{number + 1}", "plain"), (f"b-{number}", "plain")]
            self.remotes.append(f"b-{number}")

    def resources(self, parent):
        if self.fencing:
            device = Xml.SubElement(parent, "primitive", {"id": "fence", "class": "stonith", "type": "fence_xvm"})
            Xml.SubElement(Xml.SubElement(device, "operations"), "op", id="fence-monitor", name="monitor", interval="60s")
        for number in range(self.rng.randint(1, 3)):
            self.primitive(parent, f"p{number}", "migratable" if self.chance(40) else "plain")
            if self.histories[-1][1] == "migratable":
                rsc = parent[-1]
                block = rsc.find("meta_attributes")
                if block is None:
                    block = Xml.Element("meta_attributes", id=self.id("meta"))
                    rsc.insert(0, block)
                Xml.SubElement(block, "nvpair", id=self.id("nv"), name="allow-migrate", value="true")
        if self.chance(35):
            group = Xml.SubElement(parent, "group", id="g")
            self.pairs(group, "meta_attributes", {k: v for k, v in self.metas().items() if k in ("multiple-active", "is-managed")})
            for number in range(2):
                self.primitive(group, f"g-m{number}")
        for name, percent, words in (("c", 30, {}), ("u", 15, {"unique": True}), ("m", 30, {"promotable": True}), ("cg", 20, {"group": True})):
            if self.chance(percent):
                self.clone(parent, name, **words)
        if self.chance(25):
            self.remote(parent)
        if self.chance(20):
            self.primitive(parent, "vm", metas={"remote-node": "guest"})
            self.histories.append(("guest", "plain"))
            self.remotes.append("guest")
        if self.chance(12):
            self.bundle(parent)

    def constraints(self, parent, resources):
        """More than half of the clusters have constraints, as many as dense_cib.py gives."""
        if not self.chance(60):
            return
        tangle = DenseMaker(self.rng.randrange(10**6))
        tangle.nodes, tangle.top = self.nodes, [r.get("id") for r in resources]
        tangle.parts = [r.get("id") for r in resources.iter("primitive") if "-" in r.get("id")]
        tangle.clones = [clone.get("id") for clone in resources.iter("clone")]
        tangle.promotable = [name for name in tangle.clones if name == "m"]
        if len(tangle.top) > 1:
            tangle.constraints(parent)

    # status
    def entry(self, parent, rsc, task, rc, status, interval=0, expected=None, name="last_0", pending=False, more=None):
        expected = {"monitor": 7 if interval == 0 else 0}.get(task, 0) if expected is None else expected
        when = NOW - self.rng.choice([5, 30, 59, 60, 61, 300, 599, 601, 5000, 100000])
        key = f"{rsc}_{task}_{interval}"
        number = self.rng.choice([-1] + list(range(1, 12))) if self.chance(15) else self.call
        transition = f"{self.rng.randint(1, 30)}:{number}:{expected}:{self.rng.choice(UUIDS)}"
        self.call += self.rng.choice([0, 1, 1, 1, 1, 2])
        call = -1 if pending else self.call if self.chance(93) else max(1, self.call - 4)
        words = {"id": f"{rsc}_{name}", "operation_key": key, "operation": task, "crm_feature_set": "3.16.1", "transition-key": transition,
                 "transition-magic": f"{status}:{rc};{transition}", "call-id": str(call), "rc-code": str(rc), "op-status": str(status),
                 "interval": str(interval), "last-rc-change": str(when), "exec-time": "10", "queue-time": "0"}
        if self.chance(90):  # of agents without parameters; a recurring operation's has its timeout
            words["op-digest"] = "4811cef7f7f94e3a35a70be7916cb2fd" if interval else "f2317cad3d54cec5d7d7aa7d0bf35cf8"
        if self.chance(80):
            words["on_node"] = self.node
        words.update(more or {})
        Xml.SubElement(parent, "lrm_rsc_op", words)

    def failure(self):
        """rc and op-status."""
        return self.rng.choice([(1, 4), (1, 4), (7, 4), (5, 0), (5, 4), (2, 0), (3, 4), (4, 4), (6, 4), (9, 4), (1, 2), (198, 2), (5, 7), (8, 0),
                                (0, 0), (190, 0), (191, 0), (1, 8), (1, 3), (1, 5), (1, 6), (189, 4), (77, 0)])

    def active(self, parent, rsc, kind):
        self.entry(parent, rsc, "start", 0, 0)
        role = "10000"
        if kind == "promotable":
            role = "11000"
            if self.chance(40):
                parent.remove(parent[-1])
                self.entry(parent, rsc, "promote", 0, 0)
                role = "10000"
            elif self.chance(20):
                parent.remove(parent[-1])
                self.entry(parent, rsc, "demote", 0, 0)
        if self.chance(80):
            rc = 8 if kind == "promotable" and role == "10000" else 0
            self.entry(parent, rsc, "monitor", rc, 0, int(role), rc, f"monitor_{role}")

    def failed(self, parent, rsc, kind):
        tasks = ["monitor", "monitor", "monitor", "start", "stop"] + (["promote", "demote"] if kind == "promotable" else [])
        task = self.rng.choice(tasks)
        interval = self.rng.choice([0, 10000, 10000]) if task == "monitor" else 0
        if task == "monitor" and interval == 10000 and kind == "promotable" and self.chance(50):
            interval = 11000
        rc, status = self.failure()
        if self.chance(70):
            self.active(parent, rsc, kind)
        self.entry(parent, rsc, task, rc, status, interval, None, "last_failure_0" if self.chance(75) else f"{task}_{interval}")
        if self.chance(20):
            self.entry(parent, rsc, self.rng.choice(["stop", "start"]), 0, 0, 0, 0, "last_0")
            duplicates = [e for e in parent if e.get("id") == f"{rsc}_last_0"]
            if len(duplicates) > 1:
                parent.remove(duplicates[0])
        self.failures.append((rsc, task, interval))

    def migrated(self, parent, rsc):
        source, target = self.rng.sample(self.nodes, 2)
        if self.chance(85):
            source, target = (self.node, target) if target != self.node else (self.node, source)
        ends = {"migrate_source": source, "migrate_target": target}
        if self.chance(40):
            ends = {"migrate_source": target, "migrate_target": source}
            rc, status = self.rng.choice([(0, 0), (0, 0), (1, 4), (193, -1)])
            self.entry(parent, rsc, "migrate_from", rc, status, 0, 0, self.rng.choice(["last_0", "last_0", "migrate_from_0"]), rc == 193, ends)
        else:
            rc, status = self.rng.choice([(0, 0), (0, 0), (0, 0), (1, 4), (193, -1)])
            name = self.rng.choice(["last_0", "migrate_to_0", "last_failure_0" if rc == 1 else "last_0"])
            self.entry(parent, rsc, "migrate_to", rc, status, 0, 0, name, rc == 193, ends)
            if name != "last_0" and self.chance(70):
                self.entry(parent, rsc, self.rng.choice(["stop", "stop", "start"]), 0, 0, 0, 0, "last_0")
        if self.chance(35):
            self.entry(parent, rsc, "monitor", 0, 0, 10000, 0, "monitor_10000")
        if self.chance(15):
            self.entry(parent, rsc, "monitor", 7, 0, 0, 7, "monitor_0")

    def history(self, resources, rsc, kind):
        if self.chance(22):
            return
        names = {"instance": [rsc, rsc, rsc, rsc + ":0", rsc + ":1", rsc + ":7"], "promotable": [rsc, rsc, rsc, rsc + ":0"],
                 "unique": [rsc + ":0", rsc + ":1", rsc + ":2", rsc]}.get(kind, [rsc])
        rsc = self.rng.choice(names)
        agent = "Stateful" if kind == "promotable" else "remote" if rsc in ("r1", "guest") or (rsc in self.remotes) else "Dummy"
        parent = Xml.SubElement(resources, "lrm_resource", {"id": rsc, "class": "ocf", "provider": "pacemaker", "type": agent})
        if self.lock and self.chance(25):
            parent.set("shutdown-lock", str(NOW - self.rng.choice([10, 1000, 100000])))
        if kind == "migratable" and self.chance(55):
            self.migrated(parent, rsc)
            return
        what = self.rng.choices(["probe", "active", "stopped", "failed", "pending", "empty"], [30, 30, 12, 22, 6, 1])[0]
        if what == "probe":
            self.entry(parent, rsc, "monitor", self.rng.choice([7, 7, 7, 7, 7, 7, 0, 8, 5, 2, 1, 190]), self.rng.choice([0, 0, 0, 0, 4, 7]))
        elif what == "active":
            self.active(parent, rsc, kind)
        elif what == "stopped":
            self.entry(parent, rsc, "stop", 0, 0)
            if self.chance(30):
                self.entry(parent, rsc, "monitor", 0, 0, 10000, 0, "monitor_10000")
        elif what == "failed":
            self.failed(parent, rsc, kind)
        elif what == "pending":
            if self.chance(50):
                self.active(parent, rsc, kind)
            task = self.rng.choice(["start", "stop", "monitor", "monitor", "promote" if kind == "promotable" else "start"])
            interval = self.rng.choice([0, 10000]) if task == "monitor" else 0
            self.entry(parent, rsc, task, 193, -1, interval, None, f"{task}_{interval}", pending=self.chance(85))

    def state_words(self):
        words = {"in_ccm": "true", "crmd": "online", "join": "member", "expected": "member"}
        if self.chance(70):
            return words
        for name, choices in (("in_ccm", ["true", "false"]), ("crmd", ["online", "offline"]), ("expected", ["member", "down"]),
                              ("join", ["member", "member", "down", "pending", "banned"])):
            words[name] = self.rng.choice(choices)
        if self.chance(10):
            words.pop(self.rng.choice(list(words)))
        return words

    def node_state(self, status, name, number, remote):
        words = {"id": number, "uname": name, "crm-debug-origin": "test"}
        if remote:
            words.update({"remote_node": "true", "node_fenced": self.rng.choice(["0", "0", "1"])})
            if self.chance(60):
                words["in_ccm"] = "true"
        else:
            words.update(self.state_words())
        state = Xml.SubElement(status, "node_state", words)
        self.node, self.failures = name, []
        resources = Xml.SubElement(Xml.SubElement(state, "lrm", id=number), "lrm_resources")
        inside = [("b-p", "plain")] if name.startswith("b-") else [h for h in self.histories if self.chance(45)] if remote else self.histories
        for rsc, kind in inside:
            self.history(resources, rsc, kind)
        if self.chance(12):
            self.history(resources, self.rng.choice(["gone", "c:5", "g", "b-docker-2"]), "plain")
        values = {}
        for rsc, task, interval in self.failures:
            if self.chance(75):
                values[f"fail-count-{rsc}#{task}_{interval}"] = self.rng.choice(["1", "2", "3", "INFINITY"])
                values[f"last-failure-{rsc}#{task}_{interval}"] = str(NOW - self.rng.choice([5, 59, 60, 61, 601, 100000]))
        for name, percent, choices in (("shutdown", 7, ["0", str(NOW - 50)]), ("standby", 4, ["on", "off"]), ("maintenance", 4, ["true"]),
                                       ("terminate", 3, ["true", str(NOW), "false"]), ("master-m-p0", 30, ["5", "10"])):
            if self.chance(percent):
                values[name] = self.rng.choice(choices)
        self.pairs(Xml.SubElement(state, "transient_attributes", id=number), "instance_attributes", values)

    def make(self):
        self.fencing, self.lock = self.chance(60), self.chance(12)
        cib = Xml.Element("cib", {"crm_feature_set": "3.16.1", "validate-with": "none", "epoch": "1", "num_updates": "0",
                                  "admin_epoch": "0", "have-quorum": "0" if self.chance(12) else "1", "dc-uuid": "1"})
        configuration = Xml.SubElement(cib, "configuration")
        options = {"stonith-enabled": "true" if self.fencing else "false"}
        for name, percent, choices in (("no-quorum-policy", 40, ["stop", "ignore", "freeze", "demote", "suicide"]),
                                       ("symmetric-cluster", 6, ["false"]), ("start-failure-is-fatal", 20, ["false"]),
                                       ("concurrent-fencing", 30, ["true"]), ("maintenance-mode", 3, ["true"]), ("startup-fencing", 8, ["false"]),
                                       ("stop-orphan-resources", 12, ["false"]), ("priority-fencing-delay", 8, ["15s"])):
            if self.chance(percent):
                options[name] = self.rng.choice(choices)
        if self.lock:
            options["shutdown-lock"] = "true"
            options["shutdown-lock-limit"] = self.rng.choice(["0", "500"])
        self.pairs(Xml.SubElement(configuration, "crm_config"), "cluster_property_set", options, "cib-bootstrap-options")
        nodes = Xml.SubElement(configuration, "nodes")
        for number, name in enumerate(self.nodes, 1):
            Xml.SubElement(nodes, "node", id=str(number), uname=name)
        self.resources(Xml.SubElement(configuration, "resources"))
        self.constraints(Xml.SubElement(configuration, "constraints"), configuration.find("resources"))
        status = Xml.SubElement(cib, "status")
        for number, name in enumerate(self.nodes, 1):
            if self.chance(95):
                self.node_state(status, name, str(number), False)
        for name in self.remotes:
            if self.chance(80):
                self.node_state(status, name, name, True)
        return cib


def facts(program, path):
    """Scores, summary, actions and dependencies of a plan that is not carried out; or how the program failed."""
    with tempfile.TemporaryDirectory() as folder:
        graph = os.path.join(folder, "graph")
        done = call(program, "-x", path, "-sRQ", "-t", CLOCK, "-G", graph)
        if done.returncode != 0:
            return {"exit": done.returncode}
        told = call(program, "-x", path, "-R", "-t", CLOCK).stdout
        current, _, summary = told.partition("Transition Summary:")
        actions, waits = graph_facts(graph)
        lines = lambda text: Counter(" ".join(line.split()) for line in text.splitlines() if line.strip())  # noqa: E731
        scores = Counter(line.strip() for line in done.stdout.splitlines() if " score on " in line)
        return {"scores": scores, "summary": lines(summary) + lines(current), "actions": actions, "waits": waits,
                "details": graph_details(graph)}


def compared(args, cib, folder):
    path = write(cib, os.path.join(folder, "case.xml"))
    theirs = facts(args.reference, path)
    return [] if "exit" in theirs else differences(facts(args.ours, path), theirs)


def minimised(args, cib, folder):
    """Leaves out resources, entries, histories and attributes that are not needed for a difference."""
    text, progress = Xml.tostring(cib), True
    while progress:
        progress = False
        for tag in ("primitive", "group", "clone", "bundle", "lrm_resource", "node_state", "lrm_rsc_op", "nvpair", "op", "node"):
            for place in reversed(range(len(list(Xml.fromstring(text).iter(tag))))):
                smaller = Xml.fromstring(text)
                gone = list(smaller.iter(tag))[place]
                next(parent for parent in smaller.iter() if gone in list(parent)).remove(gone)
                if tag in ("primitive", "group", "clone", "bundle"):
                    forget(smaller, {e.get("id") for e in gone.iter() if e.get("id")})
                if compared(args, smaller, folder):
                    text, progress = Xml.tostring(smaller), True
    return Xml.fromstring(text)


def one_seed(args, seed):
    cib = Status(seed).make()
    with tempfile.TemporaryDirectory() as folder:
        wrong = compared(args, cib, folder)
        if wrong and args.keep:
            write(cib, os.path.join(args.keep, f"{seed}-whole.xml"))
            small = minimised(args, cib, folder)
            write(small, os.path.join(args.keep, f"{seed}.xml"))
            wrong = compared(args, small, folder)
    return 1, [(str(seed), wrong)] if wrong else []


if __name__ == "__main__":
    sys.exit(run_seeds(arguments(__doc__).parse_args(), one_seed))
