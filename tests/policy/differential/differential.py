"""Random clusters planned by two programs: ours and another crm_simulate, compared by meaning.

usage: differential.py OURS REFERENCE FIRST_SEED COUNT [--dense] [--steps N] [--keep DIR] [--jobs N]

Each seed is a random configuration whose status the reference grows in N steps (default 3): carry out the plan, disturb,
plan again. At each step both programs plan the same CIB; scores, transition summary, graph actions with all that they say and
dependencies must be equal. With --dense the clusters are larger and more entangled (dense_cib.py), more happens (unrest.py),
time goes on, and some plans are carried out with failures, which must leave the same text in both. What differs is made
smaller (whole resources and constraints are left out as long as it still differs) and kept in DIR; the attribute `now` of its
CIB is the time of the plan. A CIB that the reference aborts at is not compared. Last line: `CIBS compared, DIFFERING differ`;
exit 1 when any differ.
"""
import argparse
import concurrent.futures
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from xml.etree import ElementTree as Xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dense_cib import DenseMaker  # noqa: E402
from random_cib import Maker, disturb  # noqa: E402
from unrest import backdated, failing, unrest  # noqa: E402

CRASHES = (-signal.SIGABRT, -signal.SIGSEGV)  # of the reference: there is nothing to compare with
TIMES = ["2026-06-01 12:00:00Z", "2026-06-01 12:00:30Z", "2026-06-01 12:05:00Z", "2026-06-01 12:30:00Z", "2026-06-02 03:00:00Z"]
NOW = TIMES[0]
FAILING = "with failures:"


def call(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60, env=dict(os.environ, LC_ALL="C"))


def facts(program, path, after=None, words=(), now=NOW):
    """Scores, summary, actions and dependencies of one plan, or how the program failed. `after`: where the status as it is when
    the plan was carried out is written to; `words`: more options."""
    with tempfile.TemporaryDirectory() as folder:
        graph = os.path.join(folder, "graph")
        done = call(program, "-x", path, "-sS", "-t", now, "-G", graph, *words, *(["-O", after] if after else []))
        if done.returncode != 0:
            return {"exit": done.returncode}
        if not os.path.exists(graph):
            return {"exit": "without a graph"}
        summary = done.stdout.split("Transition Summary:")[-1].split("Executing Cluster Transition:")[0]
        actions, waits = graph_facts(graph)
        scores = Counter(line.strip(" *") for line in done.stdout.splitlines() if " score on " in line)
        told = (" ".join(line.split()) for line in summary.splitlines())
        told = Counter(line for line in told if line and " attribute last-failure-" not in line)  # these have the time of the clock
        return {"scores": scores, "summary": told, "actions": actions, "waits": waits, "details": graph_details(graph)}


def graph_facts(path):
    names, actions, waits = {}, Counter(), Counter()
    root = Xml.parse(path).getroot()
    for action in root.iterfind("synapse/action_set/*"):
        what = (action.tag, action.get("operation_key") or action.get("operation"), action.get("on_node", ""))
        names[action.get("id")] = what
        actions[what] += 1
    for synapse in root.iterfind("synapse"):
        mine = [names[a.get("id")] for a in synapse.iterfind("action_set/*")]
        for trigger in synapse.iterfind("inputs/trigger/*"):
            for one in mine:
                waits[(one, names.get(trigger.get("id")))] += 1
    return actions, waits


def graph_details(path):
    """What the graph and each action say of themselves: numbers, priorities, attributes, parameters, nodes that go down."""
    root = Xml.parse(path).getroot()
    details = Counter([("graph", str(sorted(root.attrib.items())))])
    for synapse in root.iterfind("synapse"):
        for action in synapse.iterfind("action_set/*"):
            what = f"{action.tag} {action.get('operation_key') or action.get('operation')} {action.get('on_node', '')}"
            details[(what, "synapse", synapse.get("id"), synapse.get("priority"))] += 1
            for element in action.iter():
                for name, value in element.attrib.items():
                    details[(what, element.tag, name, value)] += 1
    return details


def differences(ours, theirs):
    if theirs.get("exit") in CRASHES:
        return []
    if "exit" in ours or "exit" in theirs:
        return [] if ours.get("exit") == theirs.get("exit") else [f"exit {ours.get('exit', 0)}, expected {theirs.get('exit', 0)}"]
    out = []
    for part in ("scores", "summary", "actions", "waits", "details"):
        right, said = theirs.get(part, Counter()), ours.get(part, Counter())
        out += [f"{part}: missing {line}" for line in (right - said).elements()]
        out += [f"{part}: extra {line}" for line in (said - right).elements()]
    return out


def write(cib, path):
    Xml.ElementTree(cib).write(path)
    return path


def compared(args, cib, folder, after=None, now=NOW, rng=None):
    """What differs between the plans; with `rng`, now and then also when some of the plan's operations fail."""
    path = write(cib, os.path.join(folder, "case.xml"))
    theirs = facts(args.reference, path, after, now=now)
    wrong = differences(facts(args.ours, path, now=now), theirs)
    if rng and theirs.get("actions") and rng.random() < 0.4:
        words = failing(theirs["actions"], rng)
        failed = facts(args.reference, path, after, words, now)
        wrong += [f"{FAILING} {w}" for w in differences(facts(args.ours, path, words=words, now=now), failed)]
    return wrong


def minimised(args, cib, folder, now=NOW):
    """Leaves out what is not needed for a difference: constraints, resources with all that names them, then metas."""
    text = Xml.tostring(cib)
    progress = True
    while progress:
        progress = False
        for path in ("configuration/constraints", "configuration/resources", "configuration/rsc_defaults"):
            for place in reversed(range(len(Xml.fromstring(text).find(path) or []))):
                smaller = Xml.fromstring(text)
                parent = smaller.find(path)
                if place >= len(parent):  # went with something else
                    continue
                gone = parent[place]
                parent.remove(gone)
                forget(smaller, {e.get("id") for e in gone.iter() if e.get("id")})
                if compared(args, smaller, folder, now=now):
                    text, progress = Xml.tostring(smaller), True
    return Xml.fromstring(text)


def forget(cib, ids):
    for constraint in list(cib.find("configuration/constraints")):
        named = {e.get(a) for e in constraint.iter() for a in ("rsc", "with-rsc", "first", "then", "id")}
        if named & ids:
            cib.find("configuration/constraints").remove(constraint)
    for resources in cib.iter("lrm_resources"):
        for resource in list(resources):
            if resource.get("id", "").split(":")[0] in ids:
                resources.remove(resource)


def one_seed(args, seed):
    rng = random.Random(seed * 7919 + 1)
    cib, found, count = (DenseMaker if args.dense else Maker)(seed).make(), [], 0
    with tempfile.TemporaryDirectory() as folder:
        for step in range(args.steps):
            after = os.path.join(folder, "after.xml")
            now = TIMES[min(step, len(TIMES) - 1)] if args.dense else NOW
            wrong = compared(args, cib, folder, after, now, rng if args.dense else None)
            count += 1
            if wrong:
                found.append((f"{seed}.{step}", wrong, cib, now))
            if not os.path.exists(after):
                break
            cib = disturbed(args, Xml.parse(after).getroot(), rng, folder)
            if args.dense:
                backdated(cib, now)
        if found and args.keep:
            keep(args, folder, *found[0])
    return count, [(name, wrong) for name, wrong, _, _ in found]


def keep(args, folder, name, wrong, cib, now):
    if not all(w.startswith(FAILING) for w in wrong):
        cib = minimised(args, cib, folder, now)
    cib.set("now", now)
    write(cib, os.path.join(args.keep, f"{name}.xml"))


def disturbed(args, cib, rng, folder):
    """What was carried out, and then something happened."""
    words = unrest(cib, rng) if args.dense else disturb(cib, rng)
    if not words:
        return cib
    before, after = os.path.join(folder, "quiet.xml"), os.path.join(folder, "disturbed.xml")
    write(cib, before)
    # Injected without -S: the event stands in the status, nothing is carried out yet.
    done = call(args.reference, "-x", before, *words, "-Q", "-t", NOW, "-O", after)
    return Xml.parse(after).getroot() if done.returncode == 0 else cib


def arguments(doc):
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours")
    parser.add_argument("reference")
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--keep")
    parser.add_argument("--jobs", type=int, default=1)
    return parser


def run_seeds(args, one):
    """`one(args, seed)` gives how many CIBs were compared and what differs, by name; the exit code."""
    if args.keep:
        os.makedirs(args.keep, exist_ok=True)
    cibs, differing = 0, 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for count, found in pool.map(lambda seed: one(args, seed), range(args.first, args.first + args.count)):
            cibs += count
            differing += len(found)
            for name, wrong in found:
                print(f"DIFFERS {name}: {len(wrong)} lines\n  " + "\n  ".join(str(w) for w in wrong[:5]), flush=True)
    print(f"{cibs} compared, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--dense", action="store_true")
    sys.exit(run_seeds(parser.parse_args(), one_seed))
