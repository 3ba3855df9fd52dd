"""Random configurations, wider: constraints, rules, options and node attributes that random_cib.py does not draw.

One function a feature: `feature(maker, cib)`. Tickets, tags, sets of every kind, rules with dates, roles and types, discovery,
health, utilization, notifications.
"""
from xml.etree import ElementTree as Xml

from wide_resources import inner, resources, set_value

ROLES = ["Started", "Stopped", "Promoted", "Unpromoted", "Master", "Slave"]


def constraints(cib):
    return cib.find("configuration/constraints")


def options(maker, cib, values):
    block = cib.find("configuration/crm_config/cluster_property_set")
    for name, value in values.items():
        for pair in [p for p in block if p.get("name") == name]:
            block.remove(pair)
        Xml.SubElement(block, "nvpair", id=maker.id("nv"), name=name, value=str(value))


def node_values(maker, cib, percent, draw):
    for node in cib.find("configuration/nodes"):
        if maker.chance(percent):
            for name, value in draw().items():
                set_value(maker, node, "instance_attributes", name, value)


def any_ref(maker):
    return maker.rng.choice(maker.top + maker.refs * 2)


def all_refs(maker):
    """All that constraints may name: also members, primitives in clones, templates, tags, sometimes what is not there."""
    return maker.top + maker.refs + maker.parts + [f"{c}-p" for c in maker.clones] + (["missing"] if maker.chance(3) else [])


def resource_sets(maker, parent, how_many, roles=False, score=False, actions=False, kinds=True):
    names = maker.top + maker.refs + maker.parts
    for _ in range(how_many):
        block = Xml.SubElement(parent, "resource_set", id=maker.id("rset"))
        if kinds and maker.chance(40):
            block.set("sequential", maker.rng.choice(["false", "true"]))
        if actions and maker.chance(25):
            block.set("require-all", "false")
        if actions and maker.chance(25):
            block.set("action", maker.rng.choice(["start", "stop", "promote", "demote"]))
        if roles and maker.chance(30):
            block.set("role", maker.rng.choice(ROLES))
        if score and maker.chance(30):
            block.set("score", maker.rng.choice(["INFINITY", "-INFINITY", "10", "-10"]))
        if score == "kind" and maker.chance(15):
            block.set("kind", maker.rng.choice(["Optional", "Serialize", "Mandatory"]))
        for name in maker.rng.sample(names, min(len(names), maker.rng.randint(1, 3))):
            Xml.SubElement(block, "resource_ref", id=name)


def add_sets(maker, cib):
    parent = constraints(cib)
    for _ in range(maker.rng.randint(1, 3)):
        kind = maker.rng.choice(["rsc_order", "rsc_order", "rsc_colocation", "rsc_colocation", "rsc_location"])
        words = {"id": maker.id("set")}
        if kind == "rsc_location":
            words.update(node=maker.rng.choice(maker.nodes), score=maker.rng.choice(["100", "-INFINITY", "INFINITY", "-5"]))
        if kind == "rsc_colocation" and maker.chance(85):
            words["score"] = maker.rng.choice(["INFINITY", "-INFINITY", "100", "-100"])
        if kind == "rsc_colocation" and maker.chance(10):
            words["influence"] = maker.rng.choice(["true", "false"])
        if kind == "rsc_order":
            if maker.chance(70):
                words["kind"] = maker.rng.choice(["Mandatory", "Optional", "Serialize"])
            if maker.chance(20):
                words["symmetrical"] = maker.rng.choice(["true", "false"])
        element = Xml.SubElement(parent, kind, words)
        resource_sets(maker, element, maker.rng.choice([1, 2, 2, 3]), roles=kind != "rsc_order", score=kind == "rsc_colocation",
                      actions=kind == "rsc_order", kinds=kind != "rsc_location")


def add_pairs(maker, cib):
    """Plain constraints with every attribute they may have, between all kinds of ends."""
    parent, names = constraints(cib), all_refs(maker)
    for _ in range(maker.rng.randint(1, 4)):
        if len(names) < 2:
            return
        a, b = maker.rng.sample(names, 2)
        if maker.chance(50):
            words = {"id": maker.id("col"), "rsc": a, "with-rsc": b, "score": maker.rng.choice(["INFINITY", "-INFINITY", "500", "-500"])}
            for name, percent, choices in (("rsc-role", 25, ROLES), ("with-rsc-role", 25, ROLES), ("influence", 15, ["true", "false"]),
                                           ("node-attribute", 15, ["colour"])):
                if maker.chance(percent):
                    words[name] = maker.rng.choice(choices)
            Xml.SubElement(parent, "rsc_colocation", words)
        else:
            words = {"id": maker.id("ord"), "first": a, "then": b}
            for name, percent, choices in (("kind", 60, ["Mandatory", "Optional", "Serialize"]), ("symmetrical", 25, ["true", "false"]),
                                           ("first-action", 35, ["start", "stop", "promote", "demote"]), ("require-all", 15, ["false"]),
                                           ("then-action", 35, ["start", "stop", "promote", "demote"])):
                if maker.chance(percent):
                    words[name] = maker.rng.choice(choices)
            Xml.SubElement(parent, "rsc_order", words)


def add_tags(maker, cib):
    tags = Xml.SubElement(cib.find("configuration"), "tags")
    names = maker.top + maker.parts
    for number in range(maker.rng.choice([1, 2])):
        tag = Xml.SubElement(tags, "tag", id=f"tag{number}")
        for name in maker.rng.sample(names, min(len(names), maker.rng.randint(1, 3))):
            Xml.SubElement(tag, "obj_ref", id=name)
        maker.refs.append(f"tag{number}")
    add_references(maker, cib)


def add_references(maker, cib):
    """Constraints on tags and templates."""
    parent = constraints(cib)
    for _ in range(maker.rng.randint(1, 3)):
        kind = maker.rng.choice(["location", "order", "colocation", "set"])
        a, b = any_ref(maker), any_ref(maker)
        if kind == "location":
            Xml.SubElement(parent, "rsc_location", id=maker.id("loc"), rsc=a, node=maker.rng.choice(maker.nodes), score=maker.rng.choice(["20", "-INFINITY"]))
        elif kind == "set":
            element = Xml.SubElement(parent, maker.rng.choice(["rsc_order", "rsc_colocation"]), id=maker.id("set"))
            element.set(*(("kind", "Mandatory") if element.tag == "rsc_order" else ("score", "INFINITY")))
            resource_sets(maker, element, 2)
        elif a != b and kind == "order":
            Xml.SubElement(parent, "rsc_order", id=maker.id("ord"), first=a, then=b, kind=maker.rng.choice(["Mandatory", "Optional"]))
        elif a != b:
            Xml.SubElement(parent, "rsc_colocation", {"id": maker.id("col"), "rsc": a, "with-rsc": b, "score": maker.rng.choice(["INFINITY", "-20"])})


def add_tickets(maker, cib):
    parent = constraints(cib)
    for _ in range(maker.rng.randint(1, 3)):
        words = {"id": maker.id("tic"), "ticket": maker.rng.choice(["ticketA", "ticketA", "ticketB"])}
        if maker.chance(75):
            words["loss-policy"] = maker.rng.choice(["stop", "demote", "fence", "freeze"])
        element = Xml.SubElement(parent, "rsc_ticket", words)
        if maker.chance(25):
            resource_sets(maker, element, maker.rng.choice([1, 2]), roles=True, kinds=False)
        else:
            element.set("rsc", maker.rng.choice(all_refs(maker)))
            if maker.chance(40):
                element.set("rsc-role", maker.rng.choice(ROLES))
    status = cib.find("status")
    tickets = Xml.SubElement(status, "tickets")
    for name in ("ticketA", "ticketB"):
        if maker.chance(70):
            state = {"id": name, "granted": maker.rng.choice(["true", "true", "false"])}
            if maker.chance(40):
                state["last-granted"] = "1780315000"
            if maker.chance(25):
                state["standby"] = maker.rng.choice(["true", "false"])
            Xml.SubElement(tickets, "ticket_state", state)


def add_discovery(maker, cib):
    for _ in range(maker.rng.randint(1, 3)):
        Xml.SubElement(constraints(cib), "rsc_location",
                       {"id": maker.id("loc"), "rsc": any_ref(maker), "node": maker.rng.choice(maker.nodes + maker.inner_nodes),
                        "score": maker.rng.choice(["0", "100", "-INFINITY", "INFINITY"]),
                        "resource-discovery": maker.rng.choice(["always", "never", "exclusive"])})
    node_values(maker, cib, 15, lambda: {"resource-discovery-enabled": "false"})


def add_patterns(maker, cib):
    for _ in range(maker.rng.randint(1, 2)):
        words = {"id": maker.id("loc"), "rsc-pattern": maker.rng.choice(["^p", "!^p", "^(.)([0-9])$", ".*-m[01]", "c.*", "(", "g"])}
        element = Xml.SubElement(constraints(cib), "rsc_location", words)
        if maker.chance(50):
            element.set("node", maker.rng.choice(maker.nodes))
            element.set("score", maker.rng.choice(["11", "-INFINITY"]))
            if maker.chance(30):
                element.set("role", maker.rng.choice(ROLES))
        else:
            rule = Xml.SubElement(element, "rule", {"id": maker.id("rule"), "score-attribute" if maker.chance(40) else "score": maker.rng.choice(["17", "%1", "weight"])})
            if "score" in rule.attrib:
                rule.set("score", "17")
            Xml.SubElement(rule, "expression", id=maker.id("expr"), attribute=maker.rng.choice(["colour", "is-%1", "%1%2"]), operation="defined")
    node_values(maker, cib, 60, lambda: {maker.rng.choice(["is-p", "p1", "c1", "weight", "p"]): maker.rng.choice(["5", "-3", "x"])})


def add_symmetry(maker, cib):
    options(maker, cib, {"symmetric-cluster": "false"})
    for name in maker.top:
        for node in maker.nodes + maker.inner_nodes:
            if maker.chance(60):
                Xml.SubElement(constraints(cib), "rsc_location", id=maker.id("loc"), rsc=name, node=node, score=maker.rng.choice(["0", "10", "100"]))


def add_health(maker, cib):
    values = {"node-health-strategy": maker.rng.choice(["none", "migrate-on-red", "only-green", "progressive", "custom"])}
    for name, choices in (("node-health-base", ["10", "0"]), ("node-health-green", ["5", "0"]), ("node-health-yellow", ["-5", "-100"]),
                          ("node-health-red", ["-INFINITY", "-50", "-INFINITY"])):
        if maker.chance(50):
            values[name] = maker.rng.choice(choices)
    options(maker, cib, values)
    node_values(maker, cib, 80, lambda: {maker.rng.choice(["#health-cpu", "#health_smart", "#health"]):
                                         maker.rng.choice(["red", "green", "yellow", "10", "-20", "x"])})
    for rsc in inner(cib):
        if maker.chance(15):
            set_value(maker, rsc, "meta_attributes", "allow-unhealthy-nodes", "true")


def add_utilization(maker, cib):
    options(maker, cib, {"placement-strategy": maker.rng.choice(["default", "utilization", "balanced", "minimal"])})
    for node in cib.find("configuration/nodes"):
        if maker.chance(90):
            maker.pairs(node, "utilization", {"cpu": maker.rng.randint(1, 8), "memory": maker.rng.choice([512, 1024, 2048])})
    for rsc in inner(cib):
        if maker.chance(75) and rsc.find("utilization") is None:
            maker.pairs(rsc, "utilization", {maker.rng.choice(["cpu", "cpu", "disk"]): maker.rng.randint(1, 3), "memory": maker.rng.choice([128, 256, 512])})


def add_notify(maker, cib):
    for clone in resources(cib).iter("clone"):
        set_value(maker, clone, "meta_attributes", "notify", "true")


def add_clone_options(maker, cib):
    for clone in resources(cib).iter("clone"):
        for name, choices in (("clone-min", ["1", "2"]), ("clone-max", ["0", "1", "2", "4"]), ("clone-node-max", ["1", "2"]), ("ordered", ["true"]),
                              ("promoted-max", ["0", "1", "2", "3"]), ("promoted-node-max", ["1", "2"]), ("globally-unique", ["true", "false"]),
                              ("interleave", ["true", "false"])):
            if maker.chance(18):
                set_value(maker, clone, "meta_attributes", name, maker.rng.choice(choices))


def add_shutdown_lock(maker, cib):
    options(maker, cib, {"shutdown-lock": "true", "shutdown-lock-limit": maker.rng.choice(["0", "0", "30min", "10h"])})


def add_fencing_options(maker, cib):
    values = {}
    for name, percent, choices in (("stonith-action", 50, ["off", "reboot", "poweroff"]), ("priority-fencing-delay", 50, ["15s", "1min"]),
                                   ("concurrent-fencing", 40, ["true"]), ("startup-fencing", 20, ["false"]), ("have-watchdog", 20, ["true"]),
                                   ("stonith-watchdog-timeout", 20, ["10s"]), ("stonith-timeout", 20, ["90s"]),
                                   ("no-quorum-policy", 40, ["suicide", "stop", "freeze", "demote", "ignore"])):
        if maker.chance(percent):
            values[name] = maker.rng.choice(choices)
    options(maker, cib, values)


def add_unmanaged(maker, cib):
    for element in resources(cib).iter():
        if element.tag in ("primitive", "group", "clone", "bundle") and element.get("class") != "stonith" and maker.chance(30):
            set_value(maker, element, "meta_attributes", maker.rng.choice(["is-managed", "is-managed", "maintenance"]), maker.rng.choice(["false", "true"]))


CONSTRAINTS = {"sets": add_sets, "pairs": add_pairs, "tags": add_tags, "tickets": add_tickets, "discovery": add_discovery,
               "patterns": add_patterns, "asymmetric": add_symmetry, "health": add_health, "utilization": add_utilization,
               "notify": add_notify, "clone-options": add_clone_options, "locks": add_shutdown_lock,
               "fencing-options": add_fencing_options, "unmanaged": add_unmanaged}
