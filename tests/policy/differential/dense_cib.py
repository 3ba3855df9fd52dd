"""Random clusters that are larger and more entangled: more nodes and resources, constraints on members and in chains, several
things that happen at once. Of the kinds of random_cib.py, with more of what each can be told; rarer kinds are elsewhere.
"""
import random
from xml.etree import ElementTree as Xml

from random_cib import SCORES, Maker

ROLES = ["Started", "Promoted", "Unpromoted", "Master", "Slave", "Stopped"]
ACTIONS = ["start", "stop", "promote", "demote"]


class DenseMaker(Maker):
    def __init__(self, seed):
        super().__init__(seed)
        self.rng = random.Random(seed * 31 + 5)
        self.nodes = [f"n{i}" for i in range(1, self.rng.choice([2, 3, 4, 5, 6, 7, 9, 12]) + 1)]

    def metas(self, kind):
        values = super().metas(kind)
        for name, percent, choices in (("resource-stickiness", 15, ["1", "-5", "50", "INFINITY"]), ("critical", 6, ["false"]),
                                       ("maintenance", 2, ["true"])):
            if self.chance(percent):
                values[name] = self.rng.choice(choices)
        if kind == "clone":
            for name, choices in (("clone-min", ["1", "2"]), ("clone-max", ["1", "2", "4", "0"]), ("clone-node-max", ["2"]),
                                  ("promoted-max", ["2", "3", "0"]), ("promoted-node-max", ["2"])):
                if self.chance(10):
                    values[name] = self.rng.choice(choices)
        return values

    def part_of(self, name):
        inner = [p for p in self.parts + [f"{c}-p" for c in self.clones] if p.startswith(name + "-")]
        return self.rng.choice(inner or [name])

    def ends(self):
        """What a constraint may name; mostly what stands by itself."""
        name = self.rng.choice(self.top)
        return name if self.chance(70) else self.part_of(name)

    def two(self):
        first, then = self.ends(), self.ends()
        # An order between a clone and what is in it makes the reference abort.
        return (first, then) if first.split("-")[0] != then.split("-")[0] else (None, None)

    def resources(self, parent):
        super().resources(parent)
        for i in range(10, 10 + self.rng.randint(0, 6)):
            kind = self.rng.choices(["primitive", "group", "clone"], [4, 3, 4])[0]
            name = f"{kind[0]}{i}"
            getattr(self, kind)(parent, name)
            self.top.append(name)

    def constraints(self, parent):
        for _ in range(self.rng.randint(2, 2 + 2 * len(self.top))):
            self.rng.choice([self.location, self.colocation, self.colocation, self.order])(parent)
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            self.sets(parent)

    def location(self, parent):
        before = len(parent)
        super().location(parent)
        added = parent[before]
        if self.chance(25) and added.get("node"):
            added.set("role", self.rng.choice(ROLES))
        if self.chance(20):
            added.set("rsc", self.ends())

    def colocation(self, parent):
        before = len(parent)
        super().colocation(parent)
        for added in parent[before:]:
            for name, percent, choices in (("score", 40, SCORES), ("rsc-role", 12, ROLES), ("with-rsc-role", 12, ROLES),
                                           ("influence", 12, ["false", "true"]), ("node-attribute", 12, ["colour"])):
                if self.chance(percent):
                    added.set(name, self.rng.choice(choices))

    def order(self, parent):
        before = len(parent)
        super().order(parent)
        for added in parent[before:]:
            for name, percent, choices in (("first-action", 12, ACTIONS), ("then-action", 12, ACTIONS), ("require-all", 8, ["false"])):
                if self.chance(percent):
                    added.set(name, self.rng.choice(choices))

    def sets(self, parent):
        tag = self.rng.choice(["rsc_order", "rsc_colocation", "rsc_location"])
        constraint = Xml.SubElement(parent, tag, id=self.id("set"))
        left = set(self.top)
        if tag == "rsc_location":
            constraint.set("node", self.rng.choice(self.nodes))
        if tag == "rsc_order":
            constraint.set("kind", self.rng.choice(["Mandatory", "Mandatory", "Optional", "Serialize"]))
            if self.chance(20):
                constraint.set("symmetrical", "false")
        else:
            constraint.set("score", self.rng.choice(SCORES))
        for _ in range(self.rng.randint(1, 3)):
            block = Xml.SubElement(constraint, "resource_set", id=self.id("rset"))
            if self.chance(40):
                block.set("sequential", self.rng.choice(["false", "true"]))
            if tag == "rsc_order" and self.chance(25):
                block.set("require-all", "false")
            if tag == "rsc_order" and self.chance(15):
                block.set("action", self.rng.choice(ACTIONS))
            if tag != "rsc_order" and self.chance(15):
                block.set("role", self.rng.choice(ROLES))
            if tag == "rsc_colocation" and self.chance(15):
                block.set("score", self.rng.choice(SCORES))
            for _ in range(self.rng.randint(1, 3)):
                if outer := sorted(left - {self.rng.choice(self.top)}):
                    name = self.rng.choice(outer)
                    left.discard(name)
                    Xml.SubElement(block, "resource_ref", id=self.rng.choice([name, name, self.part_of(name)]))

    # the whole
    def make(self):
        cib = super().make()
        block = cib.find("configuration/crm_config/cluster_property_set")
        for name, percent, choices in (("stop-orphan-resources", 8, ["false"]), ("stop-orphan-actions", 8, ["false"]), ("no-quorum-policy", 8, ["suicide"]),
                                       ("enable-startup-probes", 5, ["false"]), ("stonith-action", 10, ["off", "poweroff"]),
                                       ("priority-fencing-delay", 8, ["15s"]), ("have-watchdog", 5, ["true"]), ("remove-after-stop", 3, ["true"]),
                                       ("maintenance-mode", 1, ["true"]), ("no-quorum-policy", 5, ["demote"])):
            if self.chance(percent) and all(p.get("name") != name for p in block):
                Xml.SubElement(block, "nvpair", id=self.id("nv"), name=name, value=self.rng.choice(choices))
        for op in cib.iter("op"):
            choices = ["fence", "block", "ignore", "stop", "standby", "restart", "demote"]
            if self.chance(8):
                op.set("on-fail", self.rng.choice(choices))
            if self.chance(3):
                op.set("enabled", "false")
        for node in cib.findall("status/node_state"):
            for name, percent, choices in (("in_ccm", 3, ["false"]), ("crmd", 3, ["offline"]), ("join", 3, ["down", "pending"]), ("expected", 3, ["down"])):
                if self.chance(percent):
                    node.set(name, self.rng.choice(choices))
        if self.chance(15):
            self.pairs(Xml.SubElement(cib.find("configuration"), "op_defaults"), "meta_attributes",
                       {"timeout": "33s", **({"on-fail": self.rng.choice(["fence", "block"])} if self.chance(50) else {})}, "op-defaults")
        return cib
