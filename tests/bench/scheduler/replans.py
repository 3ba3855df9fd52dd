"""Planning again what is in memory: `crm_simulate --profile` plans a document that it has read, as often as it is told, and
says how much processor time that took. And the stored plans of tests/policy/cases, the small ones."""
import os
import re
import subprocess
import sys
import tempfile

from support.figures import Series

from clusters import EVENTS, Cluster
from programs import run

TURNS = int(os.environ.get("RELEVO_BENCH_TURNS", "3"))
PLANS = {"ours": 40, "peer": 3}  # of one turn; times are told in hundredths of a second
STORED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "policy", "cases")

CASES = "scheduler.cases"
NAMES = [f"scheduler.replan.{event}.1000p" for event in EVENTS] + [CASES]


def measure(programs, names):
    for event in EVENTS:
        name = f"scheduler.replan.{event}.1000p"
        if name in names:
            print(replan(name, event, programs).line(), flush=True)
    if CASES in names:
        print(stored_cases(programs).line(), flush=True)
    return True


def replan(name, event, programs):
    series = Series(name, "ms", more_is_better=False)
    with tempfile.TemporaryDirectory(prefix="relevo-bench-") as folder:
        Cluster(nodes=16, primitives=1000).write(f"{folder}/cib.xml", event)
        for _ in range(TURNS):
            for side, words in programs.items():
                series.add(side, 1000 * told_seconds([*words, "-P", folder, "-N", str(PLANS[side])]) / PLANS[side])
    return series


def told_seconds(words):
    told = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    found = re.search(r"\.\.\. ([0-9.]+) secs", told.stdout)
    if told.returncode != 0 or not found:
        raise RuntimeError(f"{' '.join(words)}: {told.stderr.strip() or 'no time told'}")
    return float(found.group(1))


def stored_cases(programs):
    """All of them once, with reading them: the whole process's time."""
    series, repeat = Series(CASES, "ms", more_is_better=False), 20
    failed = set()  # one that breaks off at one of the plans has no figure
    for _ in range(TURNS):
        for side, words in programs.items():
            if side in failed:
                continue
            try:
                _, cpu, _ = run([*words, "-P", STORED, "-N", str(repeat)])
                series.add(side, 1000 * cpu / repeat)
            except RuntimeError as error:
                if side == "ours":
                    raise
                print(f"{CASES}: {error}", file=sys.stderr, flush=True)
                failed.add(side)
    return series
