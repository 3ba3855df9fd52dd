"""Random configurations, wider: rules of every kind wherever rules may stand. One function a feature: `feature(maker, cib)`."""
from xml.etree import ElementTree as Xml

from wide_constraints import constraints, node_values, options
from wide_resources import inner, resources, set_value  # noqa: F401

DAYS = ["2026-05-30", "2026-06-01", "2026-06-01T11:59:59Z", "2026-06-01T12:00:00Z", "2026-06-01 12:30:00Z", "2026-06-02", "2026-W23-1", "2026-152"]


def date(maker, parent):
    operation = maker.rng.choice(["gt", "lt", "in_range", "in_range", "date_spec", "date_spec"])
    element = Xml.SubElement(parent, "date_expression", id=maker.id("date"), operation=operation)
    if operation == "gt":
        element.set("start", maker.rng.choice(DAYS))
    elif operation == "lt":
        element.set("end", maker.rng.choice(DAYS))
    elif operation == "in_range":
        if maker.chance(80):
            element.set("start", maker.rng.choice(DAYS[:5]))
        if maker.chance(50) or "start" not in element.attrib:
            element.set("end", maker.rng.choice(DAYS[3:]))
        elif maker.chance(90):
            Xml.SubElement(element, "duration", {"id": maker.id("dur"), maker.rng.choice(["hours", "days", "minutes", "months", "weeks", "seconds"]): maker.rng.choice(["1", "5", "30"])})
    else:
        field, choices = maker.rng.choice([("hours", ["9-17", "12", "0-11", "13-", "-12"]), ("weekdays", ["1", "1-5", "6-7"]), ("monthdays", ["1", "2-31"]),
                                           ("months", ["6", "1-5"]), ("years", ["2026", "2027-"]), ("minutes", ["0", "1-59"]), ("weeks", ["23", "1-22"]),
                                           ("yeardays", ["152", "1-100"]), ("weekyears", ["2026"]), ("moon", ["0-3", "4"])])
        spec = Xml.SubElement(element, "date_spec", {"id": maker.id("spec"), field: maker.rng.choice(choices)})
        if maker.chance(30):
            spec.set("seconds", maker.rng.choice(["0", "0-30"]))


def attribute(maker, parent):
    operation = maker.rng.choice(["lt", "gt", "lte", "gte", "eq", "ne", "defined", "not_defined"])
    words = {"id": maker.id("expr"), "operation": operation,
             "attribute": maker.rng.choice(["colour", "size", "size", "#uname", "#kind", "#id", "#is_dc", "none", "#role", "version", "site-name"])}
    if operation not in ("defined", "not_defined"):
        words["value"] = maker.rng.choice(["red", "5", "5.5", "10", "n1", "n2", "cluster", "remote", "container", "true", "1.2.3", "Promoted", "Started", "big"])
        if maker.chance(40):
            words["type"] = maker.rng.choice(["string", "integer", "number", "version"])
        if maker.chance(15):
            words["value-source"] = maker.rng.choice(["literal", "param", "meta"])
            if words["value-source"] != "literal":
                words["value"] = maker.rng.choice(["fake", "priority", "target-role"])
    Xml.SubElement(parent, "expression", words)


def expressions(maker, rule, kinds, depth=0):
    for _ in range(maker.rng.choice([1, 1, 2, 3])):
        kind = maker.rng.choice(kinds)
        if kind == "rule" and depth < 2:
            nested = Xml.SubElement(rule, "rule", id=maker.id("rule"))
            if maker.chance(60):
                nested.set("boolean-op", maker.rng.choice(["and", "or"]))
            expressions(maker, nested, kinds, depth + 1)
        elif kind == "date":
            date(maker, rule)
        elif kind == "rsc":
            words = {"id": maker.id("rexpr")}
            for name, choices in (("class", ["ocf", "stonith"]), ("provider", ["pacemaker", "heartbeat"]), ("type", ["Dummy", "Stateful"])):
                if maker.chance(50):
                    words[name] = maker.rng.choice(choices)
            Xml.SubElement(rule, "rsc_expression", words)
        elif kind == "op":
            words = {"id": maker.id("oexpr"), "name": maker.rng.choice(["monitor", "start", "stop"])}
            if maker.chance(40):
                words["interval"] = maker.rng.choice(["10s", "30s", "0"])
            Xml.SubElement(rule, "op_expression", words)
        else:
            attribute(maker, rule)


def rule(maker, parent, kinds, **words):
    element = Xml.SubElement(parent, "rule", dict({"id": maker.id("rule")}, **words))
    if maker.chance(60):
        element.set("boolean-op", maker.rng.choice(["and", "or"]))
    expressions(maker, element, kinds)
    return element


def location_rules(maker, cib, kinds):
    for _ in range(maker.rng.randint(1, 3)):
        location = Xml.SubElement(constraints(cib), "rsc_location", id=maker.id("loc"), rsc=maker.rng.choice(maker.top + maker.refs + maker.parts))
        words = {"score-attribute": maker.rng.choice(["size", "colour", "none"])} if maker.chance(20) else \
            {"score": maker.rng.choice(["INFINITY", "-INFINITY", "33", "-33"])}
        if maker.chance(30):
            words["role"] = maker.rng.choice(["Promoted", "Started", "Unpromoted", "Master", "Stopped"])
        rule(maker, location, kinds, **words)


def sizes(maker, cib):
    node_values(maker, cib, 70, lambda: {"size": maker.rng.choice(["5", "5.0", "10", "x", "-4", "INFINITY"])})
    node_values(maker, cib, 40, lambda: {"version": maker.rng.choice(["1.2.3", "1.10", "1.2"])})


def add_dates(maker, cib):
    location_rules(maker, cib, ["date", "date", "attribute", "rule"])
    if maker.chance(40):
        block = Xml.SubElement(cib.find("configuration/crm_config"), "cluster_property_set", id=maker.id("dated"), score="10")
        rule(maker, block, ["date"], score="0")
        Xml.SubElement(block, "nvpair", id=maker.id("nv"), name=maker.rng.choice(["no-quorum-policy", "symmetric-cluster", "maintenance-mode"]),
                       value=maker.rng.choice(["ignore", "true", "false"]))


def add_rules(maker, cib):
    sizes(maker, cib)
    location_rules(maker, cib, ["attribute", "attribute", "rule"])


def guarded_block(maker, parent, tag, kinds, name, value):
    block = Xml.Element(tag, {"id": maker.id(tag), "score": maker.rng.choice(["1", "5", "-1", "INFINITY"])})
    parent.insert(0, block)
    rule(maker, block, kinds, **({"score": "0"} if maker.chance(60) else {}))
    Xml.SubElement(block, "nvpair", id=maker.id("nv"), name=name, value=value)


def add_block_rules(maker, cib):
    """Rules in instance attributes, meta attributes, utilization, defaults of resources and operations."""
    sizes(maker, cib)
    for rsc in inner(cib):
        if maker.chance(40):
            guarded_block(maker, rsc, "instance_attributes", ["attribute", "date", "rule"], "fake", maker.rng.choice(["one", "two"]))
        if maker.chance(30):
            guarded_block(maker, rsc, "meta_attributes", ["date", "date", "attribute", "rsc"], maker.rng.choice(["resource-stickiness", "priority", "migration-threshold"]), "2")
        if maker.utilization and maker.chance(30):
            guarded_block(maker, rsc, "utilization", ["attribute", "date"], "cpu", "2")
        for op in rsc.iter("op"):
            if maker.chance(15):
                guarded_block(maker, op, maker.rng.choice(["meta_attributes", "instance_attributes"]), ["date", "attribute", "op", "rsc"], maker.rng.choice(["timeout", "on-fail", "OCF_CHECK_LEVEL"]), maker.rng.choice(["7s", "block", "10"]))
    for section, kinds, names in (("rsc_defaults", ["rsc", "date", "rule"], ["resource-stickiness", "migration-threshold", "failure-timeout", "is-managed"]),
                                  ("op_defaults", ["op", "rsc", "date", "rule"], ["timeout", "on-fail", "enabled", "record-pending"])):
        parent = cib.find(f"configuration/{section}")
        if parent is None:
            parent = Xml.SubElement(cib.find("configuration"), section)
        if maker.chance(70):
            chosen = maker.rng.choice(names)
            guarded_block(maker, parent, "meta_attributes", kinds, chosen, {"is-managed": "false", "timeout": "77s", "on-fail": "block", "enabled": "false", "record-pending": "true"}.get(chosen, "3"))
    if maker.chance(30):
        options(maker, cib, {"start-failure-is-fatal": "false"})


RULES = {"dates": add_dates, "rules": add_rules, "block-rules": add_block_rules}
