// A bundle: replicas of a container, each with an address, a connection and an instance of the bundle's primitive inside.
#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/unpack/bundle_parts.hpp"

namespace relevo::policy {
namespace {

using Level = Notice::Level;

int number_of(pugi::xml_attribute attribute, int least, int otherwise) {
  if (!attribute) return otherwise;
  constexpr std::int64_t most = 10'000;
  return static_cast<int>(std::clamp<std::int64_t>(parse_int(trim(attribute.value())).value_or(least), least, most));
}

/// Each replica is a node of its own. No cluster has as many; more would only take all time and memory.
constexpr int most_replicas = 200;

void limit_replicas(WorkingSet& set, Resource& rsc) {
  auto& bundle = *rsc.bundle;
  int made = 0;
  for (const auto& other : set.all_resources)
    if (&other != &rsc && other.bundle) made += other.bundle->replicas;
  const int left = std::max(1, most_replicas - made);
  if (bundle.replicas > left) {
    set.say(Level::error, fmt::format("{}: {} replicas are more than any cluster can run, using {}", rsc.id, bundle.replicas, left));
    bundle.replicas = left;
  }
}

void read_container(WorkingSet& set, Resource& rsc, pugi::xml_node xml, BundleParts& parts) {
  auto& bundle = *rsc.bundle;
  auto promoted = xml.attribute("promoted-max");
  if (!promoted) promoted = xml.attribute("masters");
  bundle.promoted_max = number_of(promoted, 0, 0);
  bundle.replicas = number_of(xml.attribute("replicas"), 1, std::max(1, bundle.promoted_max));
  limit_replicas(set, rsc);
  bundle.replicas_per_host = number_of(xml.attribute("replicas-per-host"), 1, 1);
  if (bundle.replicas_per_host == 1) rsc.unique = false;
  bundle.run_command = xml.attribute("run-command").value();
  bundle.image = xml.attribute("image").value();
  bundle.options = parts.options = xml.attribute("options").value();
  parts.has_options = bool(xml.attribute("options"));
  bundle.network = parts.network = xml.attribute("network").value();
}

void read_network(WorkingSet& set, Resource& rsc, pugi::xml_node xml, BundleParts& parts) {
  auto& bundle = *rsc.bundle;
  bundle.first_address = xml.attribute("ip-range-start").value();
  bundle.host_interface = xml.attribute("host-interface").value();
  parts.has_netmask = bool(xml.attribute("host-netmask"));
  parts.netmask = xml.attribute("host-netmask").value();
  bundle.netmask = number_of(xml.attribute("host-netmask"), 0, 32);
  parts.control_port = xml.attribute("control-port").value();
  bundle.control_port = number_of(xml.attribute("control-port"), 1, 3121);
  const auto add_host = xml.attribute("add-host");
  bundle.add_host = !add_host || is_true(add_host.value());
  for (auto mapping = xml::first_element(xml); mapping; mapping = xml::next_element(mapping)) {
    const auto port = mapping.attribute("port");
    const std::string outside = port ? port.value() : mapping.attribute("range").value();
    const std::string inside = port ? mapping.attribute("internal-port").value() : "";
    if (outside.empty()) {
      set.say(Level::error, fmt::format("{}: the port mapping '{}' has no port", rsc.id, mapping.attribute("id").value()));
    } else {
      parts.ports.push_back({outside, inside.empty() ? outside : inside});
    }
  }
}

void read_storage(WorkingSet& set, const Resource& rsc, pugi::xml_node xml, BundleParts& parts) {
  for (auto mapping = xml::first_element(xml); mapping; mapping = xml::next_element(mapping)) {
    const auto folder = mapping.attribute("source-dir"), root = mapping.attribute("source-dir-root"), target = mapping.attribute("target-dir");
    if ((!folder && !root) || !target) {
      set.say(Level::error, fmt::format("{}: the storage mapping '{}' is not complete", rsc.id, mapping.attribute("id").value()));
      continue;
    }
    parts.mounts.push_back({folder ? folder.value() : root.value(), target.value(), mapping.attribute("options").value(), !folder});
  }
}

/// What everything inside needs to be reached: the key, a place for logs, the port of the connection.
void add_own_parts(BundleParts& parts) {
  constexpr const char* key = "/etc/pacemaker/authkey";
  constexpr const char* logs = "/var/log";
  const bool has_logs = std::any_of(parts.mounts.begin(), parts.mounts.end(), [&](const Mount& mount) { return mount.target == logs; });
  parts.mounts.push_back({key, key, "", false});
  if (!has_logs) parts.mounts.push_back({"/var/log/pacemaker/bundles", logs, "", true});
  const std::string port = parts.control_port.empty() ? "3121" : parts.control_port;
  parts.ports.push_back({port, port});
}

/// The inside can be reached: by an address of its own, or by a port that is its own on the host.
bool has_valid_network(WorkingSet& set, Resource& rsc, const BundleParts& parts) {
  auto& bundle = *rsc.bundle;
  if (!bundle.first_address.empty()) return true;
  if (parts.control_port.empty()) return false;
  if (bundle.replicas_per_host > 1) {
    set.say(Level::error, fmt::format("{}: control-port needs replicas-per-host=1", rsc.id));
    bundle.replicas_per_host = 1;
  }
  return true;
}

void add_replica(Resource& rsc, BundleParts& parts, Resource* child) {
  auto& bundle = *rsc.bundle;
  Replica replica;
  replica.offset = static_cast<int>(bundle.replica.size());
  replica.child = child;
  if (!bundle.first_address.empty()) {
    replica.address = bundle.replica.empty() ? bundle.first_address : next_address(bundle.replica.back().address);
    const auto host = fmt::format("{}-{}", bundle.prefix, replica.offset);
    if (bundle.add_host) parts.host_options += fmt::format(" --add-host={}:{}", host, replica.address);
    else parts.host_options += fmt::format(" --hosts-entry={}={}", replica.address, host);
  }
  bundle.replica.push_back(std::move(replica));
}

/// What was told about it before it was known to be the inside of a bundle.
void forbid_node(WorkingSet& set, Resource& rsc, const Node& node) {
  if (auto* entry = rsc.allowed.find(node)) {
    set.set_score(rsc.allowed, node, Score(-Score::infinity), Cause::container, node.name);
    entry->discovery = Discovery::never;
  }
  for (auto* child : rsc.children) forbid_node(set, *child, node);
}

/// The node inside: only the replica's own instance may run there.
Node& make_inner_node(WorkingSet& set, Replica& replica, const std::string& id) {
  auto& node = set.new_node(id, id, NodeKind::remote);
  node.score = Score(-Score::infinity);
  node.discovery = Discovery::never;
  for (auto* rsc : set.resources) forbid_node(set, *rsc, node);
  auto& child = *replica.child;
  child.allowed = NodeTable();
  child.allowed.allow(node).discovery = Discovery::exclusive;
  set.set_score(child.allowed, node, Score(500), Cause::container, node.name);
  child.parent->allowed.allow(node).discovery = Discovery::exclusive;
  set.set_score(child.parent->allowed, node, Score(-Score::infinity), Cause::container, node.name);
  replica.node = &node;
  return node;
}

bool add_part(WorkingSet& set, Resource& rsc, pugi::xml_node xml, Resource*& part) {
  part = unpack_resource(set, xml, &rsc);
  if (part != nullptr) rsc.children.push_back(part);
  return part != nullptr;
}

bool add_connection(WorkingSet& set, Resource& rsc, const BundleParts& parts, Replica& replica) {
  ConnectionParts connection;
  connection.id = fmt::format("{}-{}", rsc.bundle->prefix, replica.offset);
  if (set.find_resource(connection.id) != nullptr)
    connection.id = fmt::format("pcmk-internal-{}-remote-{}", replica.child->id, replica.offset);
  connection.container = replica.container->id;
  // Without an address it is reached by the name of the host on which the container runs.
  connection.server = replica.address.empty() ? std::string_view("#uname") : std::string_view(replica.address);
  connection.port = parts.control_port.empty() ? std::string_view("3121") : std::string_view(parts.control_port);
  const auto xml = make_connection(keep_in(set, "bundles"), connection);
  auto& node = make_inner_node(set, replica, connection.id);
  if (!add_part(set, rsc, xml, replica.remote)) return false;
  for (const auto* other : set.nodes)
    if (other->is_remote()) set.set_score(replica.remote->allowed, *other, Score(-Score::infinity), Cause::remote_connection, rsc.id);
  node.connection = replica.remote;
  replica.remote->container = replica.container;
  replica.remote->may_leave_container = true;
  node.attributes.insert_or_assign("#kind", "container");
  return true;
}

bool build_replica(WorkingSet& set, Resource& rsc, const BundleParts& parts, Replica& replica) {
  if (!rsc.bundle->first_address.empty() && replica.address.empty()) {
    set.say(Level::error, fmt::format("{}: there are not enough addresses from {} on", rsc.id, rsc.bundle->first_address));
    return false;
  }
  if (!add_part(set, rsc, make_bundle_container(set, rsc, parts, replica), replica.container)) return false;
  if (!rsc.bundle->first_address.empty() && !add_part(set, rsc, make_bundle_address(set, rsc, parts, replica), replica.ip)) return false;
  if (replica.child == nullptr) return true;
  if (!add_connection(set, rsc, parts, replica)) return false;
  if (!replica.address.empty()) replica.child->meta.try_emplace("external-ip", replica.address);
  // What the inside is said to need, the container needs.
  std::swap(replica.container->utilization, replica.child->utilization);
  return true;
}

/// The implicit clone with one instance for each replica.
bool build_inside(WorkingSet& set, Resource& rsc, pugi::xml_node primitive, BundleParts& parts) {
  auto& bundle = *rsc.bundle;
  bundle.child = unpack_resource(set, make_bundle_clone(set, rsc, primitive), &rsc);
  if (bundle.child == nullptr) return false;
  add_own_parts(parts);
  for (auto* child : bundle.child->children) {
    child->exclusive_discovery = true;
    if (child->notify) bundle.child->notify = true;
    add_replica(rsc, parts, child);
    if (const auto* target = find(child->meta, "container-attribute-target")) {
      rsc.meta.insert_or_assign("container-attribute-target", *target);
      bundle.child->meta.insert_or_assign("container-attribute-target", *target);
    }
  }
  return true;
}

}  // namespace

bool build_bundle(WorkingSet& set, Resource& rsc) {
  auto& bundle = rsc.bundle.emplace();
  bundle.prefix = rsc.id;
  pugi::xml_node container;
  for (const char* type : {"docker", "podman"}) {
    if (container || !rsc.xml.child(type)) continue;
    container = rsc.xml.child(type);
    bundle.type = type;
  }
  if (!container) {
    set.say(Level::error, fmt::format("{}: a bundle needs <docker> or <podman>", rsc.id));
    return false;
  }
  BundleParts parts;
  read_container(set, rsc, container, parts);
  read_network(set, rsc, rsc.xml.child("network"), parts);
  read_storage(set, rsc, rsc.xml.child("storage"), parts);
  const auto primitive = rsc.xml.child("primitive");
  if (primitive && !has_valid_network(set, rsc, parts)) {
    set.say(Level::error, fmt::format("{}: '{}' cannot be controlled without ip-range-start or control-port", rsc.id,
                                      primitive.attribute("id").value()));
    return false;
  }
  if (primitive && !build_inside(set, rsc, primitive, parts)) return false;
  if (!primitive)
    for (int i = 0; i < bundle.replicas; ++i) add_replica(rsc, parts, nullptr);
  for (auto& replica : bundle.replica)
    if (!build_replica(set, rsc, parts, replica)) return false;
  if (bundle.child != nullptr) rsc.children.push_back(bundle.child);
  return true;
}

}  // namespace relevo::policy
