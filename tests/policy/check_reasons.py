"""Reasons: every score is the sum of what is told of it, and every action has a reason.

usage: check_reasons.py CRM_SIMULATE FOLDER [--names FILE]... [--arguments FILE] [--jobs N]

FOLDER holds CIBs (*.xml); with --names only those in the files' lists. --arguments: a table `NAME<tab>options` of options
that a case is run with. Exit 1 when a score has no contribution, when contributions do not add up to it, when one has no
cause, when a line of `crm_simulate -s` is missing among the data, or when an action has no reason.
How scores add up is written in docs/internals/policy.md, "Reasons".
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

INFINITY = 1000000
LINE = re.compile(r"^(?:(\S+): )?(\S+) (?:allocation|promotion) score on (\S+): (\S+)$")


def number(text):
    if text in ("INFINITY", "-INFINITY"):
        return -INFINITY if text[0] == "-" else INFINITY
    return int(text)


def add(a, b):
    """-INFINITY beats everything, then INFINITY sticks, else the sum within both."""
    if -INFINITY in (a, b):
        return -INFINITY
    if INFINITY in (a, b):
        return INFINITY
    return max(-INFINITY, min(INFINITY, a + b))


def fault_of(score, because):
    """What is wrong with the contributions of one score, or nothing."""
    if not because:
        return "nothing is told of it"
    if not because[0]["sets"]:
        return "it begins nowhere"
    total = 0
    for one in because:
        if one["cause"] in ("", "other"):
            return "a contribution without a cause"
        total = number(one["score"]) if one["sets"] else add(total, number(one["score"]))
    return None if total == number(score) else f"its contributions make {total}"


def score_faults(where, entry):
    fault = fault_of(entry["score"], entry["because"])
    if fault:
        yield f"{where} on {entry['node']}: {entry['score']}, but {fault}"


def action_faults(action):
    name = f"action {action['key']} on {action['node']}"
    if not action["reasons"]:
        yield f"{name}: no reason"
    for reason in action["reasons"]:
        if not reason["text"] or reason["cause"] in ("", "other"):
            yield f"{name}: a reason that says nothing"
    if not action["optional"] and all(reason["cause"] in ("blocked", "not needed") for reason in action["reasons"]):
        yield f"{name}: required, and nothing says by what"


def printed(text):
    """The lines of `-s`, as a multiset of resource, node and score."""
    return Counter(match.group(2, 3, 4) for match in map(LINE.match, text.splitlines()) if match)


def run(program, path, options):
    return subprocess.run([program, "-x", path, "-sS", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)


def check(program, path, options):
    """Faults, and how many scores and actions there were. Input that is no CIB has neither."""
    result = run(program, path, [*options, "--json"])
    if result.returncode not in (0, 1):
        return [] if result.returncode == 65 else [f"exit {result.returncode}"], 0, 0
    data = json.loads(result.stdout)
    faults = []
    lines = data.get("scores", [])
    told = Counter((line["resource"], line["node"], line["score"]) for line in lines)
    if told != printed(run(program, path, options).stdout):
        faults.append("the lines of -s are others than those with reasons")
    for line in lines:
        faults += score_faults(f"{line['step'] or 'promotion'}: {line['resource']}", line)
    count = len(lines)
    for placement in data["plan"]["placements"]:
        count += len(placement["scores"])
        for entry in placement["scores"]:
            faults += score_faults(placement["resource"], entry)
    for action in data["plan"]["actions"]:
        faults += action_faults(action)
    return faults, count, len(data["plan"]["actions"])


def names_in(arguments):
    if not arguments.names:
        return sorted(name[:-4] for name in os.listdir(arguments.folder) if name.endswith(".xml"))
    return [name for path in arguments.names for name in open(path, encoding="utf-8").read().split()]


def options_in(path):
    if not path:
        return {}
    rows = (line.rstrip("\n").split("\t", 1) for line in open(path, encoding="utf-8") if "\t" in line)
    return {row[0]: shlex.split(row[1]) for row in rows}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--names", action="append", default=[])
    parser.add_argument("--arguments")
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    names, options = names_in(arguments), options_in(arguments.arguments)
    scores = actions = wrong = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        paths = [os.path.join(arguments.folder, f"{name}.xml") for name in names]
        results = pool.map(lambda name, path: check(arguments.program, path, options.get(name, [])), names, paths)
        for name, (faults, some_scores, some_actions) in zip(names, results):
            scores, actions, wrong = scores + some_scores, actions + some_actions, wrong + bool(faults)
            for fault in faults[:5]:
                print(f"{name}: {fault}")
            if len(faults) > 5:
                print(f"{name}: and {len(faults) - 5} more")
    print(f"{len(names)} cases, {scores} scores, {actions} actions: {wrong} cases with something unexplained")
    return 1 if wrong or not scores or not actions else 0


if __name__ == "__main__":
    sys.exit(main())
