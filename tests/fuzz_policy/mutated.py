"""CIBs with random damage through crm_simulate: an answer or an error, never a crash and never without end.

usage: mutated.py CRM_SIMULATE FOLDER FIRST_SEED COUNT      FOLDER: CIBs (*.xml), damaged one after the other

Each seed takes one CIB and damages it in a few places: attributes and elements go, come twice, move, or get values from
elsewhere in the document or from a list of awkward ones. It is planned, carried out and written back. Meant for a build with
sanitizers. A run that crashes (a signal, or the exit code 70 of what should not happen), or takes more than a minute, is
kept beside the current folder as mutated-SEED.xml. Last line: `COUNT damaged, BAD bad`; exit 1 when any is bad.
"""
import os
import random
import subprocess
import sys
import tempfile
from xml.etree import ElementTree as Xml

AWKWARD = ["", "0", "-1", "1", "7", "1000000", "-1000001", "2147483648", "99999999999999999999", "INFINITY", "-INFINITY", "true", "false",
           "1ms", "P1Y2M", "Promoted", "Stopped", "start", "stop", "promote", "migrate_to", "monitor", "block", "fence", "standby", "#uname",
           "never", "exclusive", "Serialize", "Optional", "a b", "%1", "(", "\u00e9"]
FINE = {0, 1, 64, 65, 66}


def damage(root, rng):
    elements = list(root.iter())
    parents = {child: parent for parent in elements for child in parent}
    values = [value for element in elements for value in element.attrib.values()]
    for _ in range(rng.choice([1, 1, 2, 3, 5, 10])):
        element = rng.choice(elements)
        parent = parents.get(element)
        kind = rng.randrange(7)
        name = rng.choice(list(element.attrib)) if element.attrib else None
        if kind == 0 and name:
            element.attrib.pop(name)
        elif kind in (1, 2, 3) and name:
            element.set(name, rng.choice(AWKWARD if kind == 1 else values or AWKWARD))
        elif parent is not None and element in list(parent):
            if kind == 4:
                parent.remove(element)
            elif kind == 5:
                parent.insert(rng.randrange(len(parent) + 1), element)
            else:
                target = rng.choice(elements)
                inside = set(element.iter())
                if target not in inside:
                    target.append(element)


def run(program, document, folder):
    path = os.path.join(folder, "damaged.xml")
    Xml.ElementTree(document).write(path)
    words = [program, "-x", path, "-sSU", "-A", "-c", "-G", os.path.join(folder, "graph"), "-D", os.path.join(folder, "dot"), "-O",
             os.path.join(folder, "after")]
    try:
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=60)
    except subprocess.TimeoutExpired:
        return "takes more than a minute"
    if done.returncode in FINE and "ERROR: " not in done.stderr and "runtime error" not in done.stderr:
        return None
    told = [line for line in done.stderr.splitlines() if "ERROR: " in line or "runtime error" in line]
    return f"exit {done.returncode} {' '.join(told)[:200]}"


def main():
    program, source, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    names = sorted(name for name in os.listdir(source) if name.endswith(".xml"))
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            rng = random.Random(seed)
            name = rng.choice(names)
            document = Xml.parse(os.path.join(source, name)).getroot()
            damage(document, rng)
            what = run(program, document, folder)
            if what is None:
                continue
            bad += 1
            print(f"{seed} ({name}): {what}", flush=True)
            Xml.ElementTree(document).write(f"mutated-{seed}.xml")
    print(f"{count} damaged, {bad} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
