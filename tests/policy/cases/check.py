"""Stored plans: the CIBs of this folder planned by crm_simulate, compared with what Pacemaker 2.1.5 answered.

usage: check.py CRM_SIMULATE            exit 1 when a plan is another one
       check.py CRM_SIMULATE --store    writes the answers of CRM_SIMULATE (the peer's) as the ones that are right

The CIBs are random clusters from tests/policy/differential: `random-...` and `wide-...` with a status that the peer grew, up to
three transitions old, `history-...` with one that was drawn; most of them once showed a bug. An answer is text: scores,
transition summary, actions of the graph and what each waits for. Where a comment in the CIB gives words for crm_simulate (the
time, what happens), it is also the lines of the dot file and the whole text in its order. At `abort-...` the peer ends with an
assertion: these answers are our own, and --store keeps what is there when the program fails.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "differential"))
sys.dont_write_bytecode = True
from differential import facts  # noqa: E402
import wide  # noqa: E402


def words_of(path):
    with open(path) as f:
        found = re.search("<!--words: (.*?)-->", f.read())
    return [word.replace("- -", "--") for word in found.group(1).split("|")] if found else None


def answer(program, path):
    words = words_of(path)
    found = facts(program, path) if words is None else wide.facts(program, path, words)
    if "exit" in found:
        return f"exit {found['exit']}\n"
    lines = []
    for part in ("scores", "summary", "actions", "waits"):
        lines.append(f"{part}:")
        lines += sorted("  " + told(one) for one in found[part].elements())
    if words is not None:
        lines += ["dot:"] + sorted("  " + line for line in found["dot"]) + ["text:"] + ["  " + line for line in found["text"]]
    return "\n".join(lines) + "\n"


def told(one):
    if isinstance(one, str):
        return one
    if isinstance(one[0], str):
        return " ".join(word for word in one if word)
    return f"{told(one[0])} < {told(one[1]) if one[1] else '?'}"


def main():
    program, store = sys.argv[1], "--store" in sys.argv
    names = sorted(n[:-4] for n in os.listdir(HERE) if n.endswith(".xml"))
    wrong = 0
    for name in names:
        path = os.path.join(HERE, f"{name}.answer")
        said = answer(program, os.path.join(HERE, f"{name}.xml"))
        if store and said.startswith("exit") and os.path.exists(path):
            continue
        if store:
            with open(path, "w") as f:
                f.write(said)
            continue
        with open(path) as f:
            right = f.read()
        if said == right:
            continue
        wrong += 1
        missing = set(right.splitlines()) - set(said.splitlines())
        extra = set(said.splitlines()) - set(right.splitlines())
        print(f"{name}: another plan\n" + "\n".join([f"  missing {line}" for line in sorted(missing)][:8] + [f"  extra {line}" for line in sorted(extra)][:8]))
    print(f"{len(names)} plans, {wrong} wrong")
    return 1 if wrong or not names else 0


if __name__ == "__main__":
    sys.exit(main())
