"""Groups, clones, promotable clones, colocations and orders in a running cluster of three.

A group of two addresses stays together and in order when its host dies; a clone runs everywhere; of a promotable clone one
instance is promoted and, when its host dies, another one; what is colocated and ordered follows what it depends on. The
notifications that a clone's instances get are those of the operations that happened.
"""
import os
import re
import shutil
import stat

from labkit import BIN, Lab, expect, main, wait_until

FIRST, SECOND = "172.31.0.101", "172.31.0.102"
AGENTS = os.path.join(BIN, "..", "ocf", "resource.d", "labtest")

# Keeps its role in a file of the node, prefers nodo1 for the promotion, and writes down what it is notified of.
AGENT = """#!/bin/sh
role=/run/labtest-$OCF_RESOURCE_INSTANCE
case $1 in
meta-data) echo '<resource-agent name="Role" version="1"><version>1.1</version><parameters/><actions/></resource-agent>' ;;
start)
  echo unpromoted > $role
  case $OCF_RESKEY_CRM_meta_on_node in nodo1*) score=10 ;; *) score=5 ;; esac
  %(crm_attribute)s -p -v $score ;;
stop) rm -f $role; %(crm_attribute)s -p -D ;;
monitor)
  test -f $role || exit 7
  test "$(cat $role)" = promoted && exit 8
  exit 0 ;;
promote) echo promoted > $role ;;
demote) test ! -f $role || echo unpromoted > $role ;;
notify) echo "$OCF_RESKEY_CRM_meta_notify_type-$OCF_RESKEY_CRM_meta_notify_operation" >> /run/labtest-notified ;;
*) exit 3 ;;
esac
"""

RESOURCES = f"""<resources>
<group id="addresses">
  <primitive id="first" class="ocf" provider="heartbeat" type="IPaddr2">
    <instance_attributes id="first-i"><nvpair id="first-ip" name="ip" value="{FIRST}"/>
      <nvpair id="first-mask" name="cidr_netmask" value="16"/></instance_attributes>
    <operations><op id="first-monitor" name="monitor" interval="5s"/></operations>
  </primitive>
  <primitive id="second" class="ocf" provider="heartbeat" type="IPaddr2">
    <instance_attributes id="second-i"><nvpair id="second-ip" name="ip" value="{SECOND}"/>
      <nvpair id="second-mask" name="cidr_netmask" value="16"/></instance_attributes>
  </primitive>
</group>
<clone id="everywhere"><primitive id="each" class="ocf" provider="pacemaker" type="Dummy">
  <operations><op id="each-monitor" name="monitor" interval="5s"/></operations></primitive></clone>
<clone id="roles">
  <meta_attributes id="roles-m"><nvpair id="roles-p" name="promotable" value="true"/>
    <nvpair id="roles-n" name="notify" value="true"/></meta_attributes>
  <primitive id="role" class="ocf" provider="labtest" type="Role">
    <operations><op id="role-promoted" name="monitor" interval="5s" role="Promoted"/>
      <op id="role-unpromoted" name="monitor" interval="6s" role="Unpromoted"/></operations>
  </primitive>
</clone>
<primitive id="base" class="ocf" provider="pacemaker" type="Dummy"/>
<primitive id="follower" class="ocf" provider="pacemaker" type="Dummy"/>
</resources>"""

CONSTRAINTS = """<constraints>
<rsc_location id="l-addresses" rsc="addresses" node="nodo1.example.com" score="50"/>
<rsc_location id="l-base" rsc="base" node="nodo1.example.com" score="50"/>
<rsc_colocation id="c-follower" rsc="follower" with-rsc="base" score="INFINITY"/>
<rsc_order id="o-follower" first="base" then="follower"/>
<rsc_colocation id="c-addresses" rsc="addresses" with-rsc="roles" with-rsc-role="Promoted" score="100"/>
</constraints>"""


def install_agent():
    os.makedirs(AGENTS, exist_ok=True)
    path = os.path.join(AGENTS, "Role")
    with open(path, "w", encoding="utf-8") as out:
        out.write(AGENT % {"crm_attribute": os.path.join(os.path.abspath(BIN), "compat", "crm_attribute")})
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def shown(lab, node="nodo2"):
    return lab.sh(node, "crm_mon", "-1", "-r")


def names(text, state, clone):
    """The nodes in that state of a clone, by crm_mon's list."""
    part = re.search(rf"Clone Set: {clone} .*?(?=\n  \* |\n\n|\Z)", text, re.S)
    found = part and re.search(rf"\* {state}: \[ (.*?) \]", part.group(0))
    return [name.split(".")[0] for name in found.group(1).split()] if found else []


def place_of(text, resource):
    found = re.search(rf"\* {resource}\s.*:\t Started (\S+?)\.", text)
    return found and found.group(1)


def wait_shown(lab, what, condition, limit=30.0):
    return wait_until(what, lambda: condition(shown(lab)), limit)


def set_up(lab):
    lab.sh("nodo1", "pcs", "property", "set", "stonith-enabled=false")
    lab.sh("nodo1", "cibadmin", "-R", "-o", "constraints", "-X", "<constraints/>")
    lab.sh("nodo1", "cibadmin", "-R", "-o", "resources", "-X", RESOURCES)
    lab.sh("nodo1", "cibadmin", "-R", "-o", "constraints", "-X", CONSTRAINTS)


def everything_runs(lab):
    wait_shown(lab, "a promoted instance on nodo1", lambda t: names(t, "Promoted", "roles") == ["nodo1"])
    wait_shown(lab, "the others unpromoted", lambda t: names(t, "Unpromoted", "roles") == ["nodo2", "nodo3"])
    expect(True, "of the promotable clone one instance is promoted, where the agent's score is highest")
    wait_shown(lab, "three instances", lambda t: names(t, "Started", "everywhere") == ["nodo1", "nodo2", "nodo3"])
    expect(True, "the clone runs on all three nodes")
    lab.wait_owner("nodo1", address=FIRST)
    lab.wait_owner("nodo1", address=SECOND)
    text = shown(lab)
    expect(re.search(r"\* Resource Group: addresses:\n    \* first\t.*Started nodo1.*\n    \* second\t.*Started nodo1", text),
           "crm_mon shows the group with both addresses on one node")
    wait_shown(lab, "both together", lambda t: place_of(t, "base") == place_of(t, "follower") == "nodo1")
    expect(True, "what is colocated runs beside what it depends on")
    notified = lab.sh("nodo2", "cat", "/run/labtest-notified").split()
    expect("post-start" in notified and "pre-promote" in notified and "post-promote" in notified,
           f"the instances were told of starts and of the promotion: {' '.join(sorted(set(notified)))}")


def started_in_order(lab, node, former, latter):
    """The calls of one node's executor count up: was the former started before the latter?"""
    cib = lab.sh("nodo2", "cibadmin", "-Q")
    state = re.search(rf'<node_state [^>]*uname="{node}\.[^>]*>.*?</node_state>', cib, re.S).group(0)

    def call(resource):
        entry = re.search(rf'<lrm_rsc_op [^>]*id="{resource}_last_0"[^>]*>', state).group(0)
        assert 'operation="start"' in entry, f"{resource}: the last operation on {node} is not its start: {entry}"
        return int(re.search(r'call-id="(\d+)"', entry).group(1))
    return call(former) < call(latter)


def host_dies(lab):
    lab.lab("power-off", "nodo1")
    promoted = wait_shown(lab, "another promoted instance", lambda t: [n for n in names(t, "Promoted", "roles") if n != "nodo1"])
    expect(len(promoted) == 1, f"the promoted instance's host died: {promoted[0]} is promoted")
    owner = lab.wait_one_owner(among=["nodo2", "nodo3"], address=FIRST)
    lab.wait_owner(owner, address=SECOND)
    expect(True, f"the group went to {owner} as a whole")
    expect(owner == promoted[0], "with the promoted instance, as the colocation wishes")
    place = wait_shown(lab, "base and follower together",
                       lambda t: place_of(t, "base") in ("nodo2", "nodo3") and place_of(t, "base") == place_of(t, "follower")
                       and place_of(t, "base"))
    expect(True, f"base and follower went to {place} together")
    expect(started_in_order(lab, owner, "first", "second"), "the group's members were started one after the other")
    expect(started_in_order(lab, place, "base", "follower"), "what is ordered was started after what it depends on")


def host_returns(lab):
    lab.lab("power-on", "nodo1")
    wait_shown(lab, "three instances again", lambda t: names(t, "Started", "everywhere") == ["nodo1", "nodo2", "nodo3"], limit=60)
    expect(True, "the clone runs on the host that came back")
    # The promotion goes back to where the agent's score is highest: for a moment there is none.
    wait_shown(lab, "three roles again", lambda t: len(names(t, "Promoted", "roles")) == 1 and len(names(t, "Unpromoted", "roles")) == 2)
    expect(True, "and one instance is promoted")


def stop_of_one_takes_the_rest(lab):
    lab.sh("nodo2", "pcs", "resource", "disable", "base")
    wait_shown(lab, "both stopped", lambda t: not place_of(t, "base") and not place_of(t, "follower"))
    expect(True, "what depends on a resource that is disabled stops with it")
    lab.sh("nodo2", "pcs", "resource", "enable", "base")
    wait_shown(lab, "both back", lambda t: place_of(t, "base") and place_of(t, "base") == place_of(t, "follower"))
    lab.sh("nodo2", "pcs", "resource", "disable", "first")
    wait_until("no address of the group", lambda: not lab.owners(FIRST) and not lab.owners(SECOND))
    expect(True, "a member that may not run keeps those behind it from running")


def test():
    install_agent()
    try:
        with Lab(nodes=3) as lab:
            set_up(lab)
            everything_runs(lab)
            host_dies(lab)
            host_returns(lab)
            stop_of_one_takes_the_rest(lab)
    finally:
        shutil.rmtree(AGENTS, ignore_errors=True)


main(test)
