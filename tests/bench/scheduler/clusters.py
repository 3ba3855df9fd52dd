"""Synthetic clusters for timing a plan: the same arguments give the same CIB, byte for byte.

A fifth of the primitives lives in groups of five. Every second loose primitive or group likes a node, every tenth may not be
on another one; of five loose ones the second stands with the first and starts after it. Clones run everywhere, interleaved,
in stacks of five that are ordered and placed together. A cold cluster has just come up; a steady one runs everything and
remembers the probes of all nodes; an event is what happened to a steady one.
"""
import hashlib
import random

EVENTS = ("steady", "monitor", "node")  # nothing; the first primitive's monitor failed; the first node is lost
AT = 1700000000
KEY = "3:5:{}:12345678-0000-4000-8000-000000000001"


class Cluster:
    def __init__(self, nodes=16, primitives=0, clones=0, seed=1):
        rng = random.Random(seed)
        self.nodes = nodes
        groups = primitives // 25
        self.groups = {f"group{g:04}": [f"group{g:04}-part{m}" for m in range(5)] for g in range(groups)}
        self.loose = [f"single{i:05}" for i in range(primitives - 5 * groups)]
        self.clones = [f"copy{c:04}" for c in range(clones)]
        self.home = {}
        for i, name in enumerate(self.loose):
            self.home[name] = self.home[self.loose[i - 1]] if i % 5 == 1 else rng.randrange(nodes)
        for name in self.groups:
            self.home[name] = rng.randrange(nodes)
        self.banned = {name: (self.home[name] + rng.randrange(1, nodes)) % nodes
                       for i, name in enumerate(self.home) if i % 10 == 3}

    def write(self, path, event=None):
        with open(path, "w") as out:
            for line in self.lines(event):
                out.write(line + "\n")

    def lines(self, event):
        yield (f'<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.8" admin_epoch="0" epoch="1" num_updates="0" have-quorum="true" '
               f'dc-uuid="2" execution-date="{AT + 60}">')
        yield "<configuration><crm_config><cluster_property_set id=\"options\">"
        for name, value in (("stonith-enabled", "true"), ("no-quorum-policy", "ignore")):
            yield f'<nvpair id="option-{name}" name="{name}" value="{value}"/>'
        yield "</cluster_property_set></crm_config><nodes>"
        for n in range(self.nodes):
            yield f'<node id="{n + 1}" uname="host{n:02}"/>'
        yield "</nodes>"
        yield from self.resources()
        yield from self.constraints()
        yield ('<rsc_defaults><meta_attributes id="defaults"><nvpair id="defaults-stickiness" name="resource-stickiness" value="100"/>'
               '</meta_attributes></rsc_defaults></configuration>')
        yield from self.status(event)
        yield "</cib>"

    def resources(self):
        yield '<resources><primitive id="fence" class="stonith" type="fence_dummy"/>'
        for name in self.loose:
            yield from primitive(name)
        for group, members in self.groups.items():
            yield f'<group id="{group}">'
            for name in members:
                yield from primitive(name)
            yield "</group>"
        for name in self.clones:
            yield (f'<clone id="{name}-clone"><meta_attributes id="{name}-meta"><nvpair id="{name}-interleave" name="interleave" value="true"/>'
                   '</meta_attributes>')
            yield from primitive(name)
            yield "</clone>"
        yield "</resources>"

    def constraints(self):
        yield "<constraints>"
        for i, (name, home) in enumerate(self.home.items()):
            if i % 2 == 0:
                yield f'<rsc_location id="likes-{name}" rsc="{name}" node="host{home:02}" score="50"/>'
        for name, node in self.banned.items():
            yield f'<rsc_location id="not-{name}" rsc="{name}" node="host{node:02}" score="-INFINITY"/>'
        stacks = [(a, b) for i, (a, b) in enumerate(zip(self.loose, self.loose[1:])) if i % 5 == 0]
        stacks += [(f"{a}-clone", f"{b}-clone") for i, (a, b) in enumerate(zip(self.clones, self.clones[1:])) if i % 5 != 4]
        for below, above in stacks:
            yield f'<rsc_colocation id="with-{above}" rsc="{above}" with-rsc="{below}" score="INFINITY"/>'
            yield f'<rsc_order id="after-{above}" first="{below}" then="{above}" kind="Mandatory"/>'
        names = list(self.groups)
        for before, after in zip(names[::4], names[1::4]):
            yield f'<rsc_order id="after-{after}" first="{before}" then="{after}" kind="Optional"/>'
        yield "</constraints>"

    def status(self, event):
        yield "<status>"
        for n in range(self.nodes):
            lost = event == "node" and n == 0
            yield (f'<node_state id="{n + 1}" uname="host{n:02}" in_ccm="{str(not lost).lower()}" crmd="{"offline" if lost else "online"}" '
                   f'join="{"down" if lost else "member"}" expected="member">')
            yield f'<transient_attributes id="{n + 1}"><instance_attributes id="transient-{n + 1}"/></transient_attributes>'
            if event is not None:
                yield f'<lrm id="{n + 1}"><lrm_resources>'
                yield from self.history(n, event)
                yield "</lrm_resources></lrm>"
            yield "</node_state>"
        yield "</status>"

    def history(self, node, event):
        yield from entries("fence", "fence_dummy", node, active=node == 1)
        for name in self.loose:
            failed = event == "monitor" and name == self.loose[0]
            yield from entries(name, "Dummy", node, active=self.home[name] == node, failed=failed)
        for group, members in self.groups.items():
            for name in members:
                yield from entries(name, "Dummy", node, active=self.home[group] == node)
        for name in self.clones:
            yield from entries(name, "Dummy", node, active=True)


def primitive(name):
    yield f'<primitive id="{name}" class="ocf" provider="pacemaker" type="Dummy"><instance_attributes id="{name}-params">'
    yield f'<nvpair id="{name}-state" name="state" value="/run/{name}"/></instance_attributes><operations>'
    for task, interval in (("monitor", "10s"), ("start", "0s"), ("stop", "0s")):
        yield f'<op id="{name}-{task}" name="{task}" interval="{interval}" timeout="20s"/>'
    yield "</operations></primitive>"


def digest(name, agent, interval):
    """What the cluster keeps to notice that parameters have changed."""
    values = {} if agent == "fence_dummy" else {"state": f"/run/{name}"}
    if interval:
        values["CRM_meta_timeout"] = "20000"
    text = "".join(f' {key}="{values[key]}"' for key in sorted(values))
    return hashlib.md5(f" <parameters{text}/>\n".encode()).hexdigest()


def entries(name, agent, node, active, failed=False):
    """What one node remembers of one resource: a probe that found nothing, or a start and its monitor."""
    agent_class = 'class="stonith"' if agent == "fence_dummy" else 'class="ocf" provider="pacemaker"'
    yield f'<lrm_resource id="{name}" {agent_class} type="{agent}">'
    told = [("start", 0, 0, 0)] if active else [("monitor", 0, 7, 7)]
    if active and agent != "fence_dummy":
        told.append(("monitor", 10000, 1 if failed else 0, 0))
    for call, (task, interval, result, expected) in enumerate(told, 1):
        key, entry = KEY.format(expected), f"{name}_monitor_{interval}" if interval else f"{name}_last_0"
        yield (f'<lrm_rsc_op id="{entry}" operation_key="{name}_{task}_{interval}" operation="{task}" crm_feature_set="3.16.1" '
               f'transition-key="{key}" transition-magic="0:{result};{key}" exit-reason="" on_node="host{node:02}" call-id="{call}" '
               f'rc-code="{result}" op-status="0" interval="{interval}" last-rc-change="{AT}" exec-time="10" queue-time="0" '
               f'op-digest="{digest(name, agent, interval)}"/>')
    yield "</lrm_resource>"
