"""Random clusters as CIBs: every kind of resource and constraint that schedulers disagree about. One seed, one cluster.

The configuration is made here; the status is grown by a scheduler itself (grow.py), so that histories are what a cluster
would have written. Everything is drawn from one `random.Random`: the same seed gives the same text, whatever the machine.
"""
import random
from xml.etree import ElementTree as Xml

SCORES = ["INFINITY", "-INFINITY", "100", "50", "10", "-10", "-50", "1000"]


class Drawing:
    """What every random document needs: one source of chance, ids that are used once, attribute blocks."""

    def __init__(self, rng):
        self.rng, self.ids = rng, 0

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def id(self, what):
        self.ids += 1
        return f"{what}-{self.ids}"

    def pairs(self, parent, tag, values, element_id=None):
        if not values:
            return
        block = Xml.SubElement(parent, tag, id=element_id or self.id(tag))
        for name, value in values.items():
            Xml.SubElement(block, "nvpair", id=self.id("nv"), name=name, value=str(value))


class Maker(Drawing):
    def __init__(self, seed):
        super().__init__(random.Random(seed))
        self.nodes = [f"n{i}" for i in range(1, self.rng.choice([2, 3, 3, 3, 4, 5]) + 1)]
        self.top = []        # ids of top-level resources
        self.promotable = []
        self.clones = []
        self.parts = []      # ids of group members

    # resources
    def metas(self, kind):
        values = {}
        if self.chance(10):
            values["resource-stickiness"] = self.rng.choice(["0", "1", "10", "100", "INFINITY"])
        if self.chance(6):
            values["target-role"] = self.rng.choice(["Stopped", "Started"])
        if self.chance(5):
            values["is-managed"] = "false"
        if self.chance(8):
            values["priority"] = self.rng.choice(["1", "5", "10", "-1"])
        if kind == "primitive" and self.chance(20):
            values["migration-threshold"] = self.rng.choice(["1", "2", "3"])
        if kind == "primitive" and self.chance(8):
            values["failure-timeout"] = self.rng.choice(["60s", "10min", "1000000h"])
        if kind == "primitive" and self.chance(8):
            values["allow-migrate"] = "true"
        if kind == "primitive" and self.chance(4):
            values["multiple-active"] = self.rng.choice(["stop_start", "stop_only", "block", "stop_unexpected"])
        if kind == "primitive" and self.chance(5):
            values["requires"] = self.rng.choice(["nothing", "quorum", "fencing"])
        return values

    def primitive(self, parent, name, promotable=False):
        agent = "Stateful" if promotable else "Dummy"
        rsc = Xml.SubElement(parent, "primitive", {"id": name, "class": "ocf", "provider": "pacemaker", "type": agent})
        if self.chance(40):
            self.pairs(rsc, "instance_attributes", {"fake": name, "state": f"/run/{name}"})
        if self.chance(15) and self.utilization:
            self.pairs(rsc, "utilization", {"cpu": self.rng.randint(1, 4), "memory": self.rng.choice([256, 512, 1024])})
        self.pairs(rsc, "meta_attributes", self.metas("primitive"))
        ops = []
        if promotable:
            ops += [("monitor", "10s", {"role": self.rng.choice(["Promoted", "Master"])}), ("monitor", "11s", {})]
        elif self.chance(70):
            ops.append(("monitor", self.rng.choice(["10s", "30s", "1min"]), {}))
            if self.chance(8):
                ops.append(("monitor", "17s", {"role": "Stopped"}))
        if self.chance(30):
            ops.append(("start", "0", {"timeout": "30s"}))
        if self.chance(30):
            ops.append(("stop", "0", {"timeout": "30s"}))
        if ops:
            block = Xml.SubElement(rsc, "operations")
            for task, interval, more in ops:
                if self.chance(12):
                    on_fail = ["ignore", "block", "restart"] + (["stop", "standby"] if task == "monitor" else [])
                    more = dict(more, **{"on-fail": self.rng.choice(on_fail)})
                Xml.SubElement(block, "op", dict({"id": self.id(f"{name}-{task}"), "name": task, "interval": interval}, **more))
        return rsc

    def group(self, parent, name):
        group = Xml.SubElement(parent, "group", id=name)
        self.pairs(group, "meta_attributes", self.metas("group"))
        for i in range(self.rng.randint(1, 4)):
            self.primitive(group, f"{name}-m{i}")
            self.parts.append(f"{name}-m{i}")
        return group

    def clone(self, parent, name):
        clone = Xml.SubElement(parent, "clone", id=name)
        values = self.metas("clone")
        promotable = self.chance(40)
        if promotable:
            values["promotable"] = "true"
            if self.chance(25):
                values["promoted-max"] = self.rng.choice(["1", "2"])
            self.promotable.append(name)
        for option, percent, choices in (("interleave", 50, ["true", "false"]), ("ordered", 15, ["true"]), ("notify", 25, ["true"]),
                                         ("clone-max", 25, ["1", "2", "3"]), ("globally-unique", 10, ["true"])):
            if self.chance(percent):
                values[option] = self.rng.choice(choices)
        if values.get("globally-unique") and self.chance(60):
            values["clone-node-max"] = "2"
        self.pairs(clone, "meta_attributes", values)
        if not promotable and self.chance(25):
            self.group(clone, f"{name}-g")
        else:
            self.primitive(clone, f"{name}-p", promotable)
        self.clones.append(name)
        return clone

    def resources(self, parent):
        if self.fencing:
            device = Xml.SubElement(parent, "primitive", {"id": "fence", "class": "stonith", "type": "fence_xvm"})
            block = Xml.SubElement(device, "operations")
            Xml.SubElement(block, "op", id="fence-monitor", name="monitor", interval="60s")
        for i in range(self.rng.randint(1, 7)):
            kind = self.rng.choices(["primitive", "group", "clone"], [5, 3, 4])[0]
            name = f"{kind[0]}{i}"
            getattr(self, kind)(parent, name)
            self.top.append(name)

    # constraints
    def constraints(self, parent):
        for _ in range(self.rng.randint(0, 2 + len(self.top))):
            self.rng.choice([self.location, self.location, self.colocation, self.order])(parent)
        if len(self.top) > 2 and self.chance(20):
            self.sets(parent)

    def location(self, parent):
        rsc = self.rng.choice(self.top)
        more = {"role": "Promoted"} if rsc in self.promotable and self.chance(40) else {}
        location = Xml.SubElement(parent, "rsc_location", {"id": self.id("loc"), "rsc": rsc})
        if self.chance(60):
            location.set("node", self.rng.choice(self.nodes))
            location.set("score", self.rng.choice(SCORES))
            return
        rule = Xml.SubElement(location, "rule", dict({"id": self.id("rule"), "score": self.rng.choice(SCORES)}, **more))
        if self.chance(50):
            Xml.SubElement(rule, "expression", id=self.id("expr"), attribute="#uname", operation=self.rng.choice(["eq", "ne"]),
                           value=self.rng.choice(self.nodes))
        else:
            Xml.SubElement(rule, "expression", id=self.id("expr"), attribute="colour", operation=self.rng.choice(["eq", "ne"]),
                           value=self.rng.choice(["red", "blue"]))

    def two(self):
        return self.rng.sample(self.top, 2) if len(self.top) > 1 else (None, None)

    def colocation(self, parent):
        dependent, primary = self.two()
        if dependent is None:
            return
        words = {"id": self.id("col"), "rsc": dependent, "with-rsc": primary,
                 "score": self.rng.choice(["INFINITY", "INFINITY", "INFINITY", "-INFINITY", "100", "-100", "50"])}
        if primary in self.promotable and self.chance(50):
            words["with-rsc-role"] = "Promoted"
        if dependent in self.promotable and self.chance(30):
            words["rsc-role"] = "Promoted"
        Xml.SubElement(parent, "rsc_colocation", words)

    def order(self, parent):
        first, then = self.two()
        if first is None:
            return
        words = {"id": self.id("ord"), "first": first, "then": then}
        if self.chance(70):
            words["kind"] = self.rng.choice(["Mandatory", "Optional", "Serialize"])
        if words.get("kind") != "Serialize" and self.chance(20):
            words["symmetrical"] = "false"
        if first in self.promotable and self.chance(50):
            words["first-action"] = "promote"
            words["then-action"] = "promote" if then in self.promotable and self.chance(50) else "start"
        Xml.SubElement(parent, "rsc_order", words)

    def sets(self, parent):
        tag = self.rng.choice(["rsc_order", "rsc_colocation"])
        names = self.rng.sample(self.top, 3)
        constraint = Xml.SubElement(parent, tag, id=self.id("set"))
        constraint.set("score" if tag == "rsc_colocation" else "kind", "INFINITY" if tag == "rsc_colocation" else "Mandatory")
        for members in (names[:2], names[2:]):
            block = Xml.SubElement(constraint, "resource_set", id=self.id("rset"))
            if self.chance(40):
                block.set("sequential", "false")
            for name in members:
                Xml.SubElement(block, "resource_ref", id=name)

    # the whole
    def make(self):
        self.fencing, self.utilization = self.chance(60), self.chance(15)
        cib = Xml.Element("cib", {"crm_feature_set": "3.16.1", "validate-with": "none", "epoch": "1", "num_updates": "0",
                                  "admin_epoch": "0", "have-quorum": "1", "dc-uuid": "1"})
        configuration = Xml.SubElement(cib, "configuration")
        options = {"stonith-enabled": "true" if self.fencing else "false"}
        for name, percent, choices in (("no-quorum-policy", 40, ["stop", "ignore", "freeze", "demote"]),
                                       ("symmetric-cluster", 8, ["false"]), ("start-failure-is-fatal", 20, ["false"]),
                                       ("concurrent-fencing", 30, ["true"]), ("maintenance-mode", 3, ["true"]),
                                       ("stop-all-resources", 2, ["true"]), ("startup-fencing", 8, ["false"])):
            if self.chance(percent):
                options[name] = self.rng.choice(choices)
        if self.utilization:
            options["placement-strategy"] = self.rng.choice(["utilization", "balanced", "minimal"])
        self.pairs(Xml.SubElement(configuration, "crm_config"), "cluster_property_set", options, "cib-bootstrap-options")
        nodes = Xml.SubElement(configuration, "nodes")
        for number, name in enumerate(self.nodes, 1):
            node = Xml.SubElement(nodes, "node", id=str(number), uname=name)
            values = {"colour": self.rng.choice(["red", "blue"])} if self.chance(60) else {}
            if self.chance(5):
                values["standby"] = "on"
            if self.chance(3):
                values["maintenance"] = "true"
            self.pairs(node, "instance_attributes", values)
            if self.utilization:
                self.pairs(node, "utilization", {"cpu": self.rng.randint(2, 8), "memory": self.rng.choice([1024, 2048, 4096])})
        self.resources(Xml.SubElement(configuration, "resources"))
        self.constraints(Xml.SubElement(configuration, "constraints"))
        if self.chance(30):
            self.pairs(Xml.SubElement(configuration, "rsc_defaults"), "meta_attributes",
                       {"resource-stickiness": self.rng.choice(["1", "100", "1000"])}, "rsc-defaults")
        status = Xml.SubElement(cib, "status")
        for number, name in enumerate(self.nodes, 1):
            state = Xml.SubElement(status, "node_state", {"id": str(number), "uname": name, "in_ccm": "true", "crmd": "online",
                                                          "join": "member", "expected": "member", "crm-debug-origin": "test"})
            Xml.SubElement(Xml.SubElement(state, "lrm", id=str(number)), "lrm_resources")
            scores = {f"master-{clone}-p": self.rng.choice(["5", "10", "100"]) for clone in self.promotable if self.chance(70)}
            if scores:
                self.pairs(Xml.SubElement(state, "transient_attributes", id=str(number)), "instance_attributes", scores)
        return cib


def disturb(cib, rng):
    """Changes the status or the configuration a little. Returns crm_simulate's words for what cannot be written directly."""
    names = [node.get("uname") for node in cib.find("configuration/nodes")]
    kind = rng.choice(["fail-node", "stop-node", "op", "op", "standby", "score", "target-role", "quorum", "parameter", "maintenance", "none"])
    node = rng.choice(names)
    if kind == "fail-node":
        return ["-f", node]
    if kind == "stop-node":
        return ["-d", node]
    if kind == "quorum":
        return ["-q", rng.choice(["true", "false"])]
    if kind == "op":
        entries = [(s.get("uname"), e) for s in cib.iter("node_state") for e in s.iter("lrm_rsc_op") if e.get("operation") in ("monitor", "start", "promote")]
        if entries:
            where, entry = rng.choice(entries)
            key = entry.get("operation_key")
            return ["-i", f"{key}@{where}={rng.choice([1, 7, 1, 5])}"] if key else []
    if kind == "standby":
        block = cib.find(f"configuration/nodes/node[@uname='{node}']")
        attributes = block.find("instance_attributes")
        if attributes is None:
            attributes = Xml.SubElement(block, "instance_attributes", id=f"nodes-{node}")
        Xml.SubElement(attributes, "nvpair", id=f"standby-{node}-{rng.randrange(10**6)}", name="standby", value="on")
    if kind == "score":
        locations = [c for c in cib.iter("rsc_location") if c.get("score")]
        if locations:
            rng.choice(locations).set("score", rng.choice(SCORES))
    if kind in ("target-role", "maintenance", "parameter"):
        primitives = list(cib.iter("primitive"))
        chosen = rng.choice(primitives)
        tag = "instance_attributes" if kind == "parameter" else "meta_attributes"
        name, value = {"target-role": ("target-role", "Stopped"), "maintenance": ("maintenance", "true"), "parameter": ("fake", "changed")}[kind]
        block = chosen.find(tag)
        if block is None:
            block = Xml.Element(tag, id=f"{chosen.get('id')}-{tag}-{rng.randrange(10**6)}")
            chosen.insert(0, block)
        pair = next((p for p in block if p.get("name") == name), None)
        if pair is None:
            pair = Xml.SubElement(block, "nvpair", id=f"{block.get('id')}-{name}", name=name)
        pair.set("value", value)
    return []
