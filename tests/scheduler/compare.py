#!/usr/bin/env python3
"""Compares plans with those of another scheduler.

usage: compare.py PLAN_OF CIB...                ask crm_simulate about each CIB
       compare.py PLAN_OF --corpus DIR NAME...  stored answers: DIR/xml, DIR/scores, DIR/exp

Prints one line for each CIB and its differences in scores and in actions; exit 1 when any differ.
"""
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def graph_actions(path):
    """(key, node) of what the graph does to resources and nodes; its bookkeeping is left out."""
    found = Counter()
    for action in ElementTree.parse(path).getroot().findall("synapse/action_set/*"):
        key, node = action.get("operation_key"), action.get("on_node", "")
        if action.tag == "rsc_op":
            prefix = "cancel " if action.get("operation") == "cancel" else ""
            found[(prefix + key, node)] += 1
        elif action.tag == "crm_event" and action.get("operation") == "do_shutdown":
            found[("do_shutdown", node)] += 1
        elif action.tag == "crm_event" and action.get("operation") == "stonith":
            found[("stonith", node)] += 1
    return found


def score_lines(text):
    lines = set()
    for line in text.splitlines():
        match = re.search(r"(\S+) allocation score on (\S+): (\S+)$", line)
        if match:
            lines.add(match.groups())
    return lines


def verdicts(text):
    """`Move r ( a -> b )` of each line of a transition summary, without reasons and blanks."""
    found = set()
    for line in text.splitlines():
        match = re.match(r"\s*\*\s+([A-Z][a-z]+)\s+(\S+)\s+\(\s*(.*?)\s*\)", line)
        if match:
            found.add(match.groups())
    return found


def reference(cib):
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph.xml"
        run = subprocess.run(["crm_simulate", "-x", cib, "-sSQ", "-G", graph], capture_output=True, text=True)
        told = subprocess.run(["crm_simulate", "-x", cib, "-S"], capture_output=True, text=True).stdout
        summary = told.split("Transition Summary:")[1].split("Executing")[0]
        return score_lines(run.stdout), graph_actions(graph), verdicts(summary)


def stored(corpus, name):
    summary = (corpus / "summary" / f"{name}.summary").read_text().split("Transition Summary:")[1].split("Executing")[0]
    return (score_lines((corpus / "scores" / f"{name}.scores").read_text()), graph_actions(corpus / "exp" / f"{name}.exp"),
            verdicts(summary))


def ours(plan_of, cib):
    text = subprocess.run([plan_of, cib], capture_output=True, text=True, check=True).stdout
    actions = Counter()
    for line in text.split("Actions:\n")[1].split("Why:\n")[0].splitlines():
        match = re.match(r"\d+ (cancel )?(\S+) on (\S+?)(?=:|$| )", line)
        if match and " cannot be done" not in line:
            actions[((match[1] or "") + match[2], match[3])] += 1
    return score_lines(text), actions, verdicts(text.split("Summary:")[1].split("Scores:")[0])


def main():
    plan_of, rest = sys.argv[1], sys.argv[2:]
    corpus = Path(rest[1]) if rest[0] == "--corpus" else None
    differing = 0
    for name in rest[2:] if corpus else rest:
        cib = str(corpus / "xml" / f"{name}.xml") if corpus else name
        want_scores, want_actions, want_verdicts = stored(corpus, name) if corpus else reference(cib)
        scores, actions, verdict = ours(plan_of, cib)
        # Nodes that are closed in an opt-in cluster, and removed resources, are not told about by the other.
        told = {(resource, node) for resource, node, _ in want_scores}
        scores = {s for s in scores if s[:2] in told}
        want_actions = Counter({a: n for a, n in want_actions.items() if not a[0].endswith("_delete_0")})
        wrong = [f"  score missing {s}" for s in sorted(want_scores - scores)]
        wrong += [f"  score extra   {s}" for s in sorted(scores - want_scores)]
        wrong += [f"  action missing {a}" for a in sorted((want_actions - actions).elements())]
        wrong += [f"  action extra   {a}" for a in sorted((actions - want_actions).elements())]
        wrong += [f"  verdict missing {v}" for v in sorted(want_verdicts - verdict)]
        wrong += [f"  verdict extra   {v}" for v in sorted(verdict - want_verdicts)]
        differing += bool(wrong)
        print(f"{'DIFFERS' if wrong else 'same   '} {name}")
        print("\n".join(wrong), end="\n" if wrong else "")
    print(f"{differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
