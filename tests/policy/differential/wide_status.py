"""What happens to random clusters between two plans, wider than random_cib.disturb: changes of configuration and status.

Each function takes `(maker, cib)` and gives the words for crm_simulate that bring about what cannot be written directly.
"""
from xml.etree import ElementTree as Xml

from random_cib import disturb
from wide_constraints import options
from wide_resources import resources, set_value

TASKS = ["start", "stop", "monitor", "promote", "demote", "migrate_to", "migrate_from"]


def entries(cib, tasks):
    return [(s, r, e) for s in cib.iter("node_state") for r in s.iter("lrm_resource") for e in r if e.get("operation") in tasks]


def plain(maker, cib):
    return disturb(cib, maker.rng)


def transient(maker, cib, node, name, value):
    state = cib.find(f"status/node_state[@uname='{node}']")
    if state is None:
        return
    attributes = state.find("transient_attributes")
    if attributes is None:
        attributes = Xml.SubElement(state, "transient_attributes", id=state.get("id"))
    set_value(maker, attributes, "instance_attributes", name, value)


def shutdown(maker, cib):
    transient(maker, cib, maker.rng.choice(maker.nodes), "shutdown", "1780315000")
    return []


def terminate(maker, cib):
    transient(maker, cib, maker.rng.choice(maker.nodes + maker.inner_nodes), "terminate", "true")
    return []


def node_flag(maker, cib):
    name = maker.rng.choice(["standby", "maintenance"])
    transient(maker, cib, maker.rng.choice(maker.nodes + maker.inner_nodes), name, maker.rng.choice(["on", "true", "off"]))
    return []


def ticket(maker, cib):
    flags = [maker.rng.choice(["-g", "-r", "-b", "-e"])]
    return flags + [maker.rng.choice(["ticketA", "ticketB"])]


def remove(maker, cib):
    """A resource, a member or a node leaves the configuration; what it did stays in the status."""
    parent = resources(cib)
    groups = [g for g in parent.iter("group") if len(g.findall("primitive")) > 1]
    if groups and maker.chance(30):
        parent = maker.rng.choice(groups)
    chosen = [e for e in parent if e.tag in ("primitive", "group", "clone", "bundle") and e.get("class") != "stonith"]
    if len(chosen) < 2 and parent.tag == "resources":
        return []
    gone = maker.rng.choice(chosen)
    parent.remove(gone)
    ids = {e.get("id") for e in gone.iter() if e.get("id")}
    constraints = cib.find("configuration/constraints")
    for one in list(constraints):
        if ids & {e.get(a) for e in one.iter() for a in ("rsc", "with-rsc", "first", "then", "id")}:
            constraints.remove(one)
    for tag in cib.findall("configuration/tags/tag"):
        for one in [o for o in tag if o.get("id") in ids]:
            tag.remove(one)
    maker.top = [n for n in maker.top if n not in ids]
    maker.parts = [n for n in maker.parts if n not in ids]
    maker.refs = [n for n in maker.refs if n not in ids]
    return []


def pending(maker, cib):
    """An operation under way: what was done last is not done yet."""
    found = entries(cib, TASKS)
    if found:
        _, _, entry = maker.rng.choice(found)
        magic = entry.get("transition-key", "1:1:0:x")
        entry.attrib.update({"op-status": "-1", "rc-code": "193", "call-id": "-1", "transition-magic": f"-1:193;{magic}"})
    return []


def unseen(maker, cib):
    status = cib.find("status")
    states = status.findall("node_state")
    if len(states) > 1:
        status.remove(maker.rng.choice(states))
    return []


def half_joined(maker, cib):
    states = cib.findall("status/node_state")
    state = maker.rng.choice(states)
    name, value = maker.rng.choice([("crmd", "offline"), ("in_ccm", "false"), ("join", "pending"), ("join", "down"), ("expected", "down")])
    state.set(name, value)
    return []


def migration(maker, cib):
    """A resource that moves: half way, or failed at either end."""
    moved = entries(cib, ["migrate_to", "migrate_from"])
    if moved and maker.chance(60):
        _, rsc, entry = maker.rng.choice(moved)
        kind = maker.rng.choice(["fail", "pending", "forget"])
        if kind == "forget":
            rsc.remove(entry)
        elif kind == "pending":
            entry.attrib.update({"op-status": "-1", "rc-code": "193", "call-id": "-1"})
        else:
            entry.attrib.update({"op-status": "4", "rc-code": "1"})
        return []
    for constraint in cib.findall("configuration/constraints/rsc_location"):
        if constraint.get("node"):
            constraint.set("node", maker.rng.choice(maker.nodes))
    return []


def move(maker, cib):
    chosen = maker.rng.choice(maker.top) if maker.top else None
    if chosen:
        Xml.SubElement(cib.find("configuration/constraints"), "rsc_location", id=maker.id("move"), rsc=chosen, node=maker.rng.choice(maker.nodes + maker.inner_nodes),
                       score=maker.rng.choice(["INFINITY", "-INFINITY", "1000"]))
    return []


def inject(maker, cib):
    found = entries(cib, TASKS)
    if not found:
        return []
    state, _, entry = maker.rng.choice(found)
    return ["-i", f"{entry.get('operation_key')}@{state.get('uname')}={maker.rng.choice([1, 1, 2, 3, 5, 6, 7, 8, 9])}"]


def option(maker, cib):
    name, value = maker.rng.choice([("stop-all-resources", "true"), ("maintenance-mode", "true"), ("maintenance-mode", "false"), ("stop-orphan-resources", "false"),
                                    ("stop-orphan-actions", "false"), ("enable-startup-probes", "false"), ("no-quorum-policy", "suicide"),
                                    ("no-quorum-policy", "freeze"), ("remove-after-stop", "true"), ("stonith-enabled", "true")])
    options(maker, cib, {name: value})
    return []


def parameters(maker, cib):
    """Parameters, operations and classes change under what is running."""
    primitives = list(resources(cib).iter("primitive"))
    rsc = maker.rng.choice(primitives)
    kind = maker.rng.choice(["fake", "interval", "class", "op"])
    if kind == "class" and rsc.get("type") == "Dummy":
        rsc.set("provider", "heartbeat")
    elif kind == "interval" and rsc.find("operations/op") is not None:
        op = maker.rng.choice(rsc.findall("operations/op"))
        if op.get("name") == "monitor":
            op.set("interval", "43s")
    elif kind == "op" and rsc.find("operations/op") is not None:
        rsc.find("operations").remove(rsc.findall("operations/op")[-1])
    else:
        set_value(maker, rsc, "instance_attributes", "fake", "other")
    return []


def come_back(maker, cib):
    return ["-u", maker.rng.choice(maker.nodes)]


def duplicate(maker, cib):
    """The same resource active on a second node."""
    found = [(s, r) for s in cib.iter("node_state") for r in s.iter("lrm_resource") if r.find("lrm_rsc_op[@operation='start']") is not None]
    others = [s for s in cib.iter("node_state") if s.find("lrm/lrm_resources") is not None]
    if found and len(others) > 1:
        state, rsc = maker.rng.choice(found)
        other = maker.rng.choice([s for s in others if s is not state])
        place = other.find("lrm/lrm_resources")
        for old in [r for r in place if r.get("id") == rsc.get("id")]:
            place.remove(old)
        copy = Xml.fromstring(Xml.tostring(rsc))
        for entry in copy:
            entry.set("on_node", other.get("uname"))
        place.append(copy)
    return []


EVENTS = {"plain": plain, "shutdown": shutdown, "terminate": terminate, "node-flag": node_flag, "ticket": ticket, "remove": remove, "pending": pending,
          "unseen": unseen, "half-joined": half_joined, "migration": migration, "move": move, "inject": inject, "option": option,
          "parameters": parameters, "come-back": come_back, "duplicate": duplicate}

# What is likely beside a feature; all else happens too, but more seldom.
LIKELY = {"tickets": ["ticket", "ticket"], "locks": ["shutdown", "shutdown", "come-back"], "migration": ["migration", "migration", "move", "move", "inject"],
          "on-fail": ["inject", "inject"], "remotes": ["inject", "move", "plain"], "guests": ["inject", "move", "plain"], "bundles": ["inject", "plain"],
          "unfencing": ["parameters", "plain", "come-back"], "notify": ["plain", "inject"]}
