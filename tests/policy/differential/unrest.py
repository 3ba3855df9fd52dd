"""What happens to a cluster between two plans, beyond random_cib.disturb: several things at once, among them what an administrator
does: nodes come back, resources are cleaned up, removed, told other roles, constraints come and go. Status and configuration are
changed in place; what cannot be written directly is returned as crm_simulate's words.
"""
import datetime
from xml.etree import ElementTree as Xml

from random_cib import disturb


def meta(cib, rng, element, name, value):
    block = element.find("meta_attributes")
    if block is None:
        block = Xml.Element("meta_attributes", id=f"{element.get('id')}-meta-{rng.randrange(10**6)}")
        element.insert(0, block)
    pair = next((p for p in block if p.get("name") == name), None)
    if pair is None:
        pair = Xml.SubElement(block, "nvpair", id=f"{block.get('id')}-{name}", name=name)
    pair.set("value", value)


def node_back(cib, rng):
    return ["-u", rng.choice([n.get("uname") for n in cib.find("configuration/nodes")])]


def cleaned_up(cib, rng):
    histories = [(block, r) for block in cib.iter("lrm_resources") for r in block]
    if histories:
        block, one = rng.choice(histories)
        block.remove(one)
        name = one.get("id").split(":")[0]
        for attributes in cib.findall("status/node_state/transient_attributes/instance_attributes"):
            for pair in [p for p in attributes if f"-{name}#" in p.get("name", "")]:
                attributes.remove(pair)
    return []


def standby_over(cib, rng):
    for attributes in cib.findall("configuration/nodes/node/instance_attributes"):
        for pair in [p for p in attributes if p.get("name") == "standby" and rng.random() < 0.6]:
            attributes.remove(pair)
    return []


def resource_gone(cib, rng):
    parent = cib.find("configuration/resources")
    if len(parent) > 2:
        gone = rng.choice(list(parent))
        names = {e.get("id") for e in gone.iter() if e.get("id")}
        parent.remove(gone)
        for constraint in list(cib.find("configuration/constraints")):
            if names & {e.get(a) for e in constraint.iter() for a in ("rsc", "with-rsc", "first", "then", "id")}:
                cib.find("configuration/constraints").remove(constraint)
    return []


def constraint_gone(cib, rng):
    parent = cib.find("configuration/constraints")
    if len(parent):
        parent.remove(rng.choice(list(parent)))
    return []


def moved(cib, rng):
    tops = [r.get("id") for r in cib.find("configuration/resources")]
    node = rng.choice([n.get("uname") for n in cib.find("configuration/nodes")])
    Xml.SubElement(cib.find("configuration/constraints"), "rsc_location", id=f"cli-{rng.randrange(10**6)}", rsc=rng.choice(tops),
                   node=node, score=rng.choice(["INFINITY", "INFINITY", "-INFINITY"]))
    return []


def told(cib, rng):
    element = rng.choice([e for e in cib.find("configuration/resources").iter() if e.tag in ("primitive", "group", "clone")])
    name, values = rng.choice([("target-role", ["Stopped", "Started", "Unpromoted", "Promoted"]), ("is-managed", ["false", "true"]),
                               ("resource-stickiness", ["0", "INFINITY"]), ("priority", ["0", "20"]), ("maintenance", ["false", "true"]),
                               ("clone-max", ["1", "2", "3"]), ("promoted-max", ["1", "2"]), ("migration-threshold", ["1", "0"])])
    meta(cib, rng, element, name, rng.choice(values))
    return []


def promotion_score(cib, rng):
    pairs = [p for p in cib.iter("nvpair") if p.get("name", "").startswith("master-")]
    if pairs:
        rng.choice(pairs).set("value", rng.choice(["1", "50", "1000", "-1", "-INFINITY", "0"]))
    return []


EVENTS = [disturb, disturb, disturb, node_back, cleaned_up, standby_over, resource_gone, constraint_gone, moved, told, told, promotion_score]


def unrest(cib, rng):
    words = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        words += rng.choice(EVENTS)(cib, rng)
    return words


def failing(actions, rng):
    """Words that let some operations of a plan fail while it is carried out."""
    names = sorted((key, node) for tag, key, node in actions if tag == "rsc_op" and key)
    words = []
    for key, node in rng.sample(names, min(len(names), rng.choice([1, 1, 2, 3]))):
        words += ["-F", f"{key}@{node}={rng.choice([1, 1, 5, 7, 0, 8])}"]
    return words


def backdated(cib, now):
    """What crm_simulate dated by the clock happened when the plan was made."""
    when = int(datetime.datetime.fromisoformat(now).timestamp())
    for pair in cib.iter("nvpair"):
        if pair.get("name", "").startswith("last-failure-") and int(pair.get("value")) > when:
            pair.set("value", str(when))
    for entry in cib.iter("lrm_rsc_op"):
        for name in ("last-rc-change", "last-run"):
            if int(entry.get(name, "0")) > when:
                entry.set(name, str(when))
