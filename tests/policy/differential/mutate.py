"""CIBs of a folder, changed at random and planned by two programs: what real configurations lead to when they are a little other.

usage: mutate.py OURS REFERENCE FIRST_SEED COUNT --folder DIR [--match TEXT] [--keep DIR] [--minimise] [--jobs N]

Each seed takes one CIB of DIR and changes it one to five times: elements are left out or doubled, values are exchanged for
others of the same name found in any CIB there, references for other ids, results of operations for other results, or
something happens as in wide.py. Compared is what wide.py compares; what the reference cannot plan is left out.
"""
import os
import random
import sys
import tempfile
from collections import defaultdict
from xml.etree import ElementTree as Xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from differential import arguments, run_seeds  # noqa: E402
from random_cib import Drawing  # noqa: E402
from wide import compared, keep, maker_words  # noqa: E402
from wide_status import EVENTS  # noqa: E402

REFERENCES = ("rsc", "with-rsc", "first", "then", "node", "ticket")
FIXED = ("id", "uname", "name", "attribute", "crm_feature_set", "validate-with", "operation_key", "operation", "transition-key", "transition-magic",
         "op-digest", "op-force-restart", "op-restart-digest", "on_node", "admin_epoch", "epoch", "num_updates", "crm-debug-origin", "type", "class",
         "provider", "description", "interval", "call-id", "id-ref", "execution-date", "template")
PARTS = ("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket", "nvpair", "op", "lrm_rsc_op", "lrm_resource", "node_state", "transient_attributes",
         "meta_attributes", "rule", "expression", "resource_set", "resource_ref", "primitive", "node", "ticket_state", "lrm_rsc_op", "nvpair")


class Pool:
    """All values in a folder of CIBs, by where they stand."""

    def __init__(self, folder, match):
        self.paths = sorted(os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(".xml") and match in n)
        self.values = defaultdict(set)
        for path in self.paths:
            for element in Xml.parse(path).getroot().iter():
                if element.tag == "nvpair" and element.get("name") and len(element.get("value", "")) < 20:
                    self.values["nvpair", element.get("name")].add(element.get("value", ""))
                elif element.tag != "nvpair":
                    for name, value in element.attrib.items():
                        if name not in FIXED and len(value) < 30:
                            self.values[element.tag, name].add(value)
        self.values = {key: sorted(values) for key, values in self.values.items()}


class Mutant(Drawing):
    """One CIB being changed. Has what the events of wide_status ask of their maker."""

    def __init__(self, seed, pool):
        super().__init__(random.Random(seed * 6007 + 11))
        self.pool, self.path = pool, None
        self.path = self.rng.choice(pool.paths)
        self.cib = Xml.parse(self.path).getroot()
        if self.cib.get("validate-with", "").startswith("pacemaker-3"):
            self.cib.set("validate-with", "none")
        self.ids = 90000
        self.look()

    def look(self):
        cib = self.cib
        self.nodes = [n.get("uname") for n in cib.findall("configuration/nodes/node") if n.get("type") != "remote"] or ["n1"]
        self.inner_nodes = [p.get("value") for p in cib.iter("nvpair") if p.get("name") == "remote-node" and p.get("value")]
        self.inner_nodes += [p.get("id") for p in cib.iter("primitive") if p.get("type") == "remote"]
        self.top = [r.get("id") for r in cib.find("configuration/resources") if r.get("id") and r.tag != "template"]
        self.parts = [r.get("id") for g in cib.iter("group") for r in g.findall("primitive")]
        self.refs = [t.get("id") for t in cib.iter("tag")]

    def reference(self, element, name):
        choices = {"node": self.nodes + self.inner_nodes, "ticket": [t.get("id") for t in self.cib.iter("ticket_state")]}.get(name, self.top + self.parts)
        if choices:
            element.set(name, self.rng.choice(choices))

    def exchange(self):
        """Another value where one stands, or one where none stands."""
        elements = [e for e in self.cib.iter() if e.tag not in ("cib", "status", "configuration")]
        element = self.rng.choice(elements)
        names = [n for n in element.attrib if (element.tag, n) in self.pool.values or n in REFERENCES]
        if element.tag == "nvpair":
            choices = self.pool.values.get(("nvpair", element.get("name")), [])
            if choices:
                element.set("value", self.rng.choice(choices))
        elif names:
            name = self.rng.choice(names)
            if name in REFERENCES:
                self.reference(element, name)
            else:
                element.set(name, self.rng.choice(self.pool.values[element.tag, name]))

    def constrain(self):
        """The same as exchange(), but where it matters most: a constraint, or one attribute more for it."""
        found = list(self.cib.find("configuration/constraints"))
        if not found:
            return
        element = self.rng.choice(found)
        keys = [name for tag, name in self.pool.values if tag == element.tag and name not in REFERENCES]
        if self.chance(50) and keys:
            name = self.rng.choice(sorted(keys))
            element.set(name, self.rng.choice(self.pool.values[element.tag, name]))
        else:
            present = [n for n in REFERENCES if n in element.attrib]
            if present:
                self.reference(element, self.rng.choice(present))

    def add_value(self):
        """A meta attribute or option that stands elsewhere."""
        holders = [e for e in self.cib.iter() if e.tag in ("primitive", "group", "clone", "bundle")]
        if self.chance(25) or not holders:
            block = self.cib.find("configuration/crm_config/cluster_property_set")
            names = ["no-quorum-policy", "symmetric-cluster", "stop-orphan-resources", "start-failure-is-fatal", "maintenance-mode", "concurrent-fencing",
                     "stonith-enabled", "stonith-action", "startup-fencing", "placement-strategy", "shutdown-lock", "node-health-strategy"]
        else:
            block = self.rng.choice(holders).find("meta_attributes")
            names = ["target-role", "is-managed", "priority", "resource-stickiness", "migration-threshold", "failure-timeout", "multiple-active", "requires",
                     "interleave", "ordered", "notify", "globally-unique", "clone-max", "clone-node-max", "promoted-max", "clone-min", "allow-migrate"]
        names = [n for n in names if ("nvpair", n) in self.pool.values]
        if block is None or not names:
            return
        name = self.rng.choice(names)
        for old in [p for p in block if p.get("name") == name]:
            block.remove(old)
        Xml.SubElement(block, "nvpair", id=self.id("nv"), name=name, value=self.rng.choice(self.pool.values["nvpair", name]))

    def leave_out(self):
        tag = self.rng.choice(PARTS)
        found = list(self.cib.iter(tag))
        if found:
            gone = self.rng.choice(found)
            parent = next(p for p in self.cib.iter() if gone in list(p))
            if tag not in ("primitive", "resource_ref") or len(list(parent)) > 2:
                parent.remove(gone)

    def result(self):
        """An operation that came to another end."""
        found = list(self.cib.iter("lrm_rsc_op"))
        if found:
            rc, status = self.rng.choice([("0", "0"), ("7", "0"), ("1", "4"), ("1", "0"), ("5", "5"), ("8", "0"), ("193", "-1"), ("1", "2"), ("6", "4"), ("9", "0")])
            entry = self.rng.choice(found)
            entry.set("rc-code", rc)
            entry.set("op-status", status)
            if rc == "193":
                entry.set("call-id", "-1")

    def event(self):
        self.look()
        return EVENTS[self.rng.choice(sorted(EVENTS))](self, self.cib)

    def change(self):
        """Gives words for crm_simulate: what shall happen in the very run."""
        words = []
        for _ in range(self.rng.choice([1, 1, 2, 3, 5])):
            done = self.rng.choice([self.exchange, self.exchange, self.constrain, self.add_value, self.leave_out, self.result, self.event])()
            words = done or words
        return words


def one_seed(args, seed):
    mutant = Mutant(seed, args.pool)
    try:
        words = mutant.change()
        mutant.look()
    except (IndexError, AttributeError, TypeError):  # nothing there of what was to be changed
        return 0, []
    if not words and mutant.chance(20):
        words = maker_words(mutant, mutant.cib)
    if words[:1] == ["-q"]:
        mutant.cib.set("have-quorum", words[1])
        words = []
    if not mutant.cib.get("execution-date"):
        mutant.cib.set("execution-date", "1780315200")
    with tempfile.TemporaryDirectory() as folder:
        wrong = compared(args, mutant.cib, words, folder)
        name = f"{os.path.basename(mutant.path)[:-4]}.{seed}"
        if wrong and args.keep:
            keep(args, name, mutant.cib, words, folder)
    return 1, [(name, wrong)] if wrong else []


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--match", default="")
    parser.add_argument("--minimise", action="store_true")
    parsed = parser.parse_args()
    parsed.pool = Pool(parsed.folder, parsed.match)
    sys.exit(run_seeds(parsed, one_seed))
