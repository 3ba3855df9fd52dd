"""Random clusters of every kind planned by two programs, as differential.py does it, feature by feature.

usage: wide.py OURS REFERENCE FIRST_SEED COUNT [--features A,B] [--more PERCENT] [--steps N] [--keep DIR] [--jobs N]

Each cluster has the features named (default: all of them in turn, by seed), and each other one with PERCENT (default 4).
Between two steps something happens, and time goes on. Compared are scores, graph, dot lines and the whole text in its order.
The words that both programs were called with stand in a comment of the CIB that is kept.
"""
import difflib
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from xml.etree import ElementTree as Xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from differential import arguments, call, differences, forget, graph_facts, run_seeds, write  # noqa: E402
from random_cib import Maker  # noqa: E402
from wide_constraints import CONSTRAINTS  # noqa: E402
from wide_resources import RESOURCES  # noqa: E402
from wide_rules import RULES  # noqa: E402
from wide_status import EVENTS, LIKELY  # noqa: E402

FEATURES = {**RESOURCES, **CONSTRAINTS, **RULES}
TIMES = ["2026-06-01 12:00:00Z", "2026-06-01 12:05:00Z", "2026-06-01 12:45:00Z", "2026-06-02 03:00:00Z", "2026-07-01 00:00:00Z"]
CRASH = (-6, -11, 134, 139, "too slow")


class WideMaker(Maker):
    """A random cluster with features: the configuration of Maker, then each feature adds its own."""

    def __init__(self, seed, features):
        super().__init__(seed)
        self.features, self.inner_nodes, self.refs = features, [], []
        self.utilization = False

    def make(self):
        cib = super().make()
        for name in FEATURES:  # in this order: bundles before constraints
            if name in self.features:
                FEATURES[name](self, cib)
        states = cib.find("status")
        for name in self.inner_nodes:
            if self.chance(30):
                Xml.SubElement(states, "node_state", {"id": name, "uname": name, "remote_node": "true", "in_ccm": "false", "crm-debug-origin": "test"})
        return cib


def facts(program, path, words, after=None):
    with tempfile.TemporaryDirectory() as folder:
        graph, dot = os.path.join(folder, "graph"), os.path.join(folder, "dot")
        try:
            done = call(program, "-x", path, "-sS", *words, "-G", graph, "-D", dot, *(["-O", after] if after else []))
        except subprocess.TimeoutExpired:
            return {"exit": "too slow"}
        if done.returncode != 0:
            return {"exit": done.returncode}
        if not os.path.exists(graph):
            return {"exit": "without a graph"}
        lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
        lines = [re.sub(r"to [0-9dhms.]+-interval", "to -interval", line) for line in lines]  # the reference writes the one before for 0s
        lines = [re.sub(r"(last-failure-.*)=[0-9]+ into", r"\1 into", line) for line in lines]  # told by the clock
        is_score = lambda line: " score on " in line  # noqa: E731
        actions, waits = graph_facts(graph)
        with open(dot) as f:
            dots = Counter(f.read().splitlines())
        return {"scores": Counter(line.strip(" *") for line in lines if is_score(line)), "summary": Counter(), "actions": actions, "waits": waits,
                "dot": dots, "attributes": graph_attributes(graph), "text": [line for line in lines if line and not is_score(line) and "nfencing" not in line]}


def graph_attributes(path):
    """What each action of the graph hands to the agent or the controller, beside its name."""
    found = Counter()
    for action in Xml.parse(path).getroot().iterfind("synapse/action_set/*"):
        words = {}
        for element in [action, *action.iter("primitive"), *action.iter("attributes"), *action.iter("downed")]:
            words.update({f"{element.tag}.{name}": value for name, value in element.attrib.items() if element is not action or name not in ("id",)})
        words["downed"] = sorted(node.get("id") for node in action.iterfind("downed/node"))
        words["priority"] = ""
        found[repr(sorted(words.items()))] += 1
    for synapse in Xml.parse(path).getroot().iterfind("synapse"):
        found[f"priority {synapse.get('priority')} {[a.get('operation_key') for a in synapse.iterfind('action_set/*')]}"] += 1
    return found


def different(ours, theirs):
    if theirs.get("exit") in CRASH:
        return []
    out = differences(ours, theirs)
    if "exit" in ours or "exit" in theirs:
        return out if theirs.get("exit", 0) in (0, 1) else []
    if not out and ours["dot"] != theirs["dot"]:
        out += [f"dot: missing {line}" for line in (theirs["dot"] - ours["dot"])] + [f"dot: extra {line}" for line in (ours["dot"] - theirs["dot"])]
    if not out and ours["attributes"] != theirs["attributes"]:
        missing, extra = (theirs["attributes"] - ours["attributes"]), (ours["attributes"] - theirs["attributes"])
        out += [f"attributes: missing {line}" for line in missing] + [f"attributes: extra {line}" for line in extra]
    changed = [line for line in difflib.unified_diff(theirs["text"], ours["text"], lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    return out + [f"text: {line}" for line in changed]


def compared(args, cib, words, folder, after=None):
    path = write(cib, os.path.join(folder, "case.xml"))
    theirs = facts(args.reference, path, words, after)
    return different(facts(args.ours, path, words), theirs)


def is_whole(cib):
    """No group, clone or set is left empty: the schema would not take it."""
    inside = {"group": ("primitive",), "clone": ("primitive", "group"), "resource_set": ("resource_ref",)}
    return all(any(e.find(child) is not None for child in inside[tag]) for tag in inside for e in cib.iter(tag))


def minimised(args, cib, words, folder):
    """Leaves out whatever is not needed for one of the first lines that differ."""
    text, progress = Xml.tostring(cib), True
    wanted = set(compared(args, cib, words, folder)[:3])
    while progress:
        progress = False
        for tag in ("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket", "primitive", "group", "clone", "bundle", "template", "tag", "node_state",
                    "lrm_resource", "lrm_rsc_op", "op", "meta_attributes", "instance_attributes", "utilization", "nvpair", "resource_set", "resource_ref",
                    "rule", "expression", "date_expression", "transient_attributes", "fencing-level", "node", "ticket_state", "network", "storage"):
            for place in reversed(range(len(list(Xml.fromstring(text).iter(tag))))):
                smaller = Xml.fromstring(text)
                gone = list(smaller.iter(tag))
                if place >= len(gone):
                    continue
                gone = gone[place]
                next(parent for parent in smaller.iter() if gone in list(parent)).remove(gone)
                if tag in ("primitive", "group", "clone", "bundle", "template", "tag"):
                    forget(smaller, {e.get("id") for e in gone.iter() if e.get("id")})
                if is_whole(smaller) and wanted & set(compared(args, smaller, words, folder)):
                    text, progress = Xml.tostring(smaller), True
    return Xml.fromstring(text)


def keep(args, name, cib, words, folder):
    write(cib, os.path.join(args.keep, f"{name}-whole.xml"))
    small = minimised(args, cib, words, folder) if args.minimise else cib
    small.insert(0, Xml.Comment("words: " + "|".join(words).replace("--", "- -")))
    write(small, os.path.join(args.keep, f"{name}.xml"))


def plan_words(maker, cib, time):
    """What both programs are called with: the time, and events to come about in this very run."""
    words = ["-t", time]
    if maker.chance(25):
        words += maker_words(maker, cib)
    return words


def maker_words(maker, cib):
    rng = maker.rng
    keys = sorted({e.get("operation_key") for e in cib.iter("lrm_rsc_op") if e.get("operation_key")})
    names = maker.nodes + maker.inner_nodes
    kind = rng.choice(["-u", "-d", "-f", "-F", "-F"])
    if kind != "-F":
        return [kind, rng.choice(maker.nodes)]
    if not keys:
        return []
    key = rng.choice(keys)
    rsc, _, _ = key.rpartition("_monitor_") if "_monitor_" in key else key.rsplit("_", 1)[0].rpartition("_")
    task = rng.choice(["start_0", "stop_0", "monitor_0", "promote_0", "demote_0", "migrate_to_0", "migrate_from_0"])
    return ["-F", f"{rsc}_{task}@{rng.choice(names)}={rng.choice([1, 1, 5, 7])}"]


def one_seed(args, seed):
    rng = random.Random(seed * 7907 + 3)
    named = args.features.split(",") if args.features else [sorted(FEATURES)[seed % len(FEATURES)]]
    features = set(named) | {f for f in sorted(FEATURES) if rng.random() * 100 < args.more}
    maker = WideMaker(seed, features)
    cib, found, count = maker.make(), [], 0
    kept = None
    with tempfile.TemporaryDirectory() as folder:
        for step in range(args.steps):
            after = os.path.join(folder, "after.xml")
            words = plan_words(maker, cib, TIMES[min(step, len(TIMES) - 1)] if maker.chance(70) else TIMES[0])
            wrong = compared(args, cib, words, folder, after)
            count += 1
            if wrong:
                found.append((f"{seed}.{step}", wrong))
                kept = kept or (f"{seed}.{step}", cib, words)
            if not os.path.exists(after):
                break
            cib = happened(args, maker, Xml.parse(after).getroot(), folder)
            os.remove(after)
        if kept and args.keep:
            keep(args, *kept, folder)
    return count, found


def happened(args, maker, cib, folder):
    """The status after the plan was carried out, and then one or two things happened."""
    likely = [e for f in sorted(maker.features) for e in LIKELY.get(f, [])]
    for _ in range(maker.rng.choice([1, 1, 2])):
        name = maker.rng.choice(likely) if likely and maker.chance(45) else maker.rng.choice(sorted(EVENTS) + ["plain"] * 6)
        words = EVENTS[name](maker, cib)
        if words[:1] == ["-q"]:  # alone it changes nothing in the reference
            cib.set("have-quorum", words[1])
        elif words:
            before, after = os.path.join(folder, "quiet.xml"), os.path.join(folder, "disturbed.xml")
            write(cib, before)
            done = call(args.reference, "-x", before, *words, "-Q", "-t", TIMES[0], "-O", after)
            cib = Xml.parse(after).getroot() if done.returncode == 0 else cib
    return cib


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--features", default="")
    parser.add_argument("--more", type=float, default=4)
    parser.add_argument("--minimise", action="store_true")
    sys.exit(run_seeds(parser.parse_args(), one_seed))
