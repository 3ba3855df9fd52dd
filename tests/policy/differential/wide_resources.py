"""Random configurations, wider: resources that random_cib.py does not draw. One function a feature: `feature(maker, cib)`.

Bundles, remote and guest nodes, templates, unfencing, fencing topology, on-fail of every kind, migration, orphans' ground.
What is drawn depends on the maker's source of chance only.
"""
from xml.etree import ElementTree as Xml


def resources(cib):
    return cib.find("configuration/resources")


def values_of(maker, element, tag):
    """The block of that tag, made in front when there is none."""
    block = element.find(tag)
    if block is None:
        block = Xml.Element(tag, id=maker.id(tag))
        element.insert(0, block)
    return block


def set_value(maker, element, tag, name, value):
    block = values_of(maker, element, tag)
    for pair in [p for p in block if p.get("name") == name]:
        block.remove(pair)
    Xml.SubElement(block, "nvpair", id=maker.id("nv"), name=name, value=str(value))


def operation(maker, rsc, task, interval="0", **more):
    block = rsc.find("operations")
    if block is None:
        block = Xml.SubElement(rsc, "operations")
    Xml.SubElement(block, "op", dict({"id": maker.id(f"{rsc.get('id')}-{task}"), "name": task, "interval": interval}, **more))


def inner(cib):
    """Primitives that are no fence devices and no connections."""
    return [p for p in cib.find("configuration/resources").iter("primitive")
            if p.get("class") != "stonith" and p.get("type") != "remote"]


def add_bundle(maker, cib):
    for number in range(maker.rng.choice([1, 1, 2])):
        name = f"b{number}"
        bundle = Xml.SubElement(resources(cib), "bundle", id=name)
        metas = {k: v for k, v in maker.metas("bundle").items() if k != "resource-stickiness" or maker.chance(50)}
        words = {"image": "registry.example/app:1"}
        with_primitive = maker.chance(75)
        if maker.chance(80):
            words["replicas"] = maker.rng.choice(["1", "2", "2", "3"])
        if maker.chance(20):
            words["replicas-per-host"] = "2"
        promotable = with_primitive and maker.chance(45)
        if promotable:
            words["promoted-max"] = maker.rng.choice(["1", "1", "2"])
        if maker.chance(15):
            words["run-command"] = "/usr/sbin/app"
        if maker.chance(15):
            words["options"] = "--log-driver=journald"
        Xml.SubElement(bundle, maker.rng.choice(["docker", "podman"]), words)
        network = {}
        has_ip = maker.chance(70)
        if has_ip:
            network["ip-range-start"] = f"192.168.{122 + number}.10"
            if maker.chance(30):
                network["host-netmask"] = "24"
            if maker.chance(30):
                network["host-interface"] = "eth0"
            if maker.chance(10):
                network["add-host"] = "false"
        if not has_ip or maker.chance(30):
            network["control-port"] = str(3121 + number)
        if network:
            net = Xml.SubElement(bundle, "network", network)
            if maker.chance(30):
                Xml.SubElement(net, "port-mapping", id=maker.id("port"), port="80")
        if maker.chance(40):
            storage = Xml.SubElement(bundle, "storage")
            Xml.SubElement(storage, "storage-mapping", {"id": maker.id("map"), "source-dir": "/srv", "target-dir": "/data", "options": "rw"})
        if with_primitive:
            maker.primitive(bundle, f"{name}-p", promotable)
        maker.pairs(bundle, "meta_attributes", metas)
        if metas:
            bundle.insert(0, bundle[-1])
            del bundle[-1]
        maker.top.append(name)
        if promotable:
            maker.promotable.append(name)


def add_remote(maker, cib):
    for number in range(maker.rng.choice([1, 1, 2])):
        name = f"r{number}"
        rsc = Xml.SubElement(resources(cib), "primitive", {"id": name, "class": "ocf", "provider": "pacemaker", "type": "remote"})
        parameters = {"server": f"{name}.example"} if maker.chance(60) else {}
        if maker.chance(30):
            parameters["reconnect_interval"] = "60s"
        maker.pairs(rsc, "instance_attributes", parameters)
        metas = {k: v for k, v in maker.metas("primitive").items() if k not in ("allow-migrate", "multiple-active", "requires")}
        maker.pairs(rsc, "meta_attributes", metas)
        operation(maker, rsc, "monitor", "60s", **({"on-fail": maker.rng.choice(["restart", "fence", "block"])} if maker.chance(20) else {}))
        maker.inner_nodes.append(name)
        maker.top.append(name)


def add_guest(maker, cib):
    chosen = [p for p in inner(cib) if p in list(resources(cib))]
    for number, rsc in enumerate(maker.rng.sample(chosen, min(len(chosen), maker.rng.choice([1, 1, 2])))):
        set_value(maker, rsc, "meta_attributes", "remote-node", f"guest{number}")
        if maker.chance(20):
            set_value(maker, rsc, "meta_attributes", "remote-addr", f"guest{number}.example")
        if maker.chance(15):
            set_value(maker, rsc, "meta_attributes", "remote-allow-migrate", maker.rng.choice(["true", "false"]))
        if maker.chance(30):
            set_value(maker, rsc, "meta_attributes", "allow-migrate", "true")
        maker.inner_nodes.append(f"guest{number}")


def add_templates(maker, cib):
    names = []
    for number in range(maker.rng.choice([1, 2])):
        template = Xml.Element("template", {"id": f"t{number}", "class": "ocf", "provider": "pacemaker", "type": "Dummy"})
        resources(cib).insert(0, template)
        maker.pairs(template, "meta_attributes", maker.metas("primitive"))
        if maker.chance(50):
            maker.pairs(template, "instance_attributes", {"fake": "of-template", "passwd": "x"})
        if maker.chance(30) and maker.utilization:
            maker.pairs(template, "utilization", {"cpu": "1"})
        operation(maker, template, "monitor", maker.rng.choice(["10s", "20s"]))
        if maker.chance(50):
            operation(maker, template, "start", "0", timeout="45s")
        if maker.chance(30):
            operation(maker, template, "monitor", "33s", role="Stopped")
        names.append(f"t{number}")
    for rsc in inner(cib):
        if rsc.get("type") == "Dummy" and maker.chance(60):
            for word in ("class", "provider", "type"):
                rsc.attrib.pop(word)
            rsc.set("template", maker.rng.choice(names))
    used = [n for n in names if any(p.get("template") == n for p in resources(cib).iter("primitive"))]
    maker.refs += used


def add_on_fail(maker, cib):
    """Every kind of on-fail on every kind of operation."""
    for rsc in inner(cib):
        block = rsc.find("operations")
        tasks = [("start", "0"), ("stop", "0"), ("monitor", "13s")] + ([("promote", "0"), ("demote", "0")] if rsc.get("type") == "Stateful" else [])
        for task, interval in tasks:
            if block is not None:
                for op in [o for o in block if o.get("name") == task and task != "monitor"]:
                    block.remove(op)
            if maker.chance(60):
                kinds = ["ignore", "block", "restart", "stop", "standby", "fence", "demote", "restart-container"]
                operation(maker, rsc, task, interval, **{"on-fail": maker.rng.choice(kinds)})
        for op in rsc.findall("operations/op"):
            if op.get("role") in ("Promoted", "Master") and maker.chance(60):
                op.set("on-fail", maker.rng.choice(["demote", "fence", "block", "stop"]))


def add_migration(maker, cib):
    for rsc in inner(cib):
        if rsc.get("type") == "Dummy" and maker.chance(70):
            set_value(maker, rsc, "meta_attributes", "allow-migrate", "true")


def add_unfencing(maker, cib):
    maker.fencing = True
    for pair in cib.iter("nvpair"):
        if pair.get("name") == "stonith-enabled":
            pair.set("value", "true")
    device = Xml.Element("primitive", {"id": "unfence", "class": "stonith", "type": "fence_scsi"})
    resources(cib).insert(0, device)
    maker.pairs(device, "instance_attributes", {"devices": "/dev/sdb", "pcmk_host_list": " ".join(maker.nodes)})
    maker.pairs(device, "meta_attributes", {"provides": "unfencing"})
    if maker.chance(40):
        operation(maker, device, "monitor", "60s")
    for rsc in inner(cib):
        if maker.chance(25):
            set_value(maker, rsc, "meta_attributes", "requires", maker.rng.choice(["unfencing", "fencing", "quorum", "nothing"]))


def add_topology(maker, cib):
    device = Xml.Element("primitive", {"id": "fence2", "class": "stonith", "type": "fence_ipmilan"})
    resources(cib).insert(0, device)
    topology = Xml.SubElement(cib.find("configuration"), "fencing-topology")
    for name in maker.nodes:
        if maker.chance(70):
            Xml.SubElement(topology, "fencing-level", id=maker.id("level"), target=name, index="1", devices=maker.rng.choice(["fence2", "fence,fence2"]))


def add_group_options(maker, cib):
    """Deprecated options of groups, critical members, containers."""
    for group in resources(cib).iter("group"):
        for name in ("ordered", "collocated"):
            if maker.chance(20):
                set_value(maker, group, "meta_attributes", name, "false")
    for rsc in inner(cib):
        if maker.chance(15):
            set_value(maker, rsc, "meta_attributes", "critical", "false")
        if maker.chance(6) and maker.top:
            set_value(maker, rsc, "meta_attributes", "container", maker.rng.choice(maker.top))
        if maker.chance(6):
            set_value(maker, rsc, "meta_attributes", "allow-unhealthy-nodes", "true")
        if maker.chance(6):
            set_value(maker, rsc, "meta_attributes", "maintenance", "true")


RESOURCES = {"bundles": add_bundle, "remotes": add_remote, "guests": add_guest, "templates": add_templates, "on-fail": add_on_fail,
             "migration": add_migration, "unfencing": add_unfencing, "topology": add_topology, "groups": add_group_options}
