// Nodes that are resources: remote nodes by their connection, guests by the remote-node meta attribute of what they live in.
// The connection of a guest is made here, as an element in WorkingSet::expanded.
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/unpack/build.hpp"

namespace relevo::policy {

pugi::xml_node keep_in(WorkingSet& set, const char* shelf) {
  auto top = set.expanded.child("expanded");
  if (!top) top = set.expanded.append_child("expanded");
  const auto known = top.child(shelf);
  return known ? known : top.append_child(shelf);
}

bool is_remote_connection(pugi::xml_node primitive) {
  const auto is = [&](const char* name, std::string_view value) { return equals_ignoring_case(primitive.attribute(name).value(), value); };
  return std::string_view(primitive.name()) == "primitive" && is("type", "remote") && is("class", "ocf") && is("provider", "pacemaker");
}

pugi::xml_node add_pair(pugi::xml_node block, std::string_view name, std::string_view value) {
  auto pair = block.append_child("nvpair");
  xml::set_attribute(pair, "id", fmt::format("{}-{}", block.attribute("id").value(), name));
  xml::set_attribute(pair, "name", name);
  xml::set_attribute(pair, "value", value);
  return pair;
}

pugi::xml_node add_op(pugi::xml_node operations, std::string_view prefix, std::string_view name, std::string_view interval,
                      std::string_view timeout) {
  auto op = operations.append_child("op");
  xml::set_attribute(op, "id", fmt::format("{}-{}-{}", prefix, name, interval));
  xml::set_attribute(op, "interval", interval);
  xml::set_attribute(op, "name", name);
  if (!timeout.empty()) xml::set_attribute(op, "timeout", timeout);
  return op;
}

pugi::xml_node make_connection(pugi::xml_node parent, const ConnectionParts& parts) {
  auto primitive = parent.append_child("primitive");
  xml::set_attribute(primitive, "id", parts.id);
  xml::set_attribute(primitive, "class", "ocf");
  xml::set_attribute(primitive, "provider", "pacemaker");
  xml::set_attribute(primitive, "type", "remote");
  auto meta = primitive.append_child("meta_attributes");
  xml::set_attribute(meta, "id", parts.id + "-meta_attributes");
  add_pair(meta, "internal_rsc", "true");
  if (!parts.container.empty()) add_pair(meta, "container", parts.container);
  if (!parts.allow_migrate.empty()) add_pair(meta, "allow-migrate", parts.allow_migrate);
  if (!parts.is_managed.empty()) add_pair(meta, "is-managed", parts.is_managed);
  if (!parts.server.empty() || !parts.port.empty()) {
    auto block = primitive.append_child("instance_attributes");
    xml::set_attribute(block, "id", parts.id + "-instance_attributes");
    if (!parts.server.empty()) add_pair(block, "addr", parts.server);
    if (!parts.port.empty()) add_pair(block, "port", parts.port);
  }
  auto operations = primitive.append_child("operations");
  add_op(operations, parts.id, "monitor", "30s", "30s");
  if (!parts.start_timeout.empty()) add_op(operations, parts.id, "start", "0", parts.start_timeout);
  return primitive;
}

namespace {

/// What the primitive's meta attributes say about a guest in it. Its own blocks only, and whatever their rules say: the node
/// must exist before rules can be asked.
ConnectionParts guest_in(pugi::xml_node primitive, std::string& name) {
  ConnectionParts parts;
  parts.start_timeout = "60s";
  for (auto block = primitive.child("meta_attributes"); block; block = block.next_sibling("meta_attributes")) {
    for (auto pair = block.child("nvpair"); pair; pair = pair.next_sibling("nvpair")) {
      const std::string_view key = pair.attribute("name").value(), value = pair.attribute("value").value();
      if (key == "remote-node") name = value;
      if (key == "remote-addr") parts.server = value;
      if (key == "remote-port") parts.port = value;
      if (key == "remote-connect-timeout") parts.start_timeout = value;
      if (key == "remote-allow-migrate") parts.allow_migrate = value;
      if (key == "is-managed") parts.is_managed = value;
    }
  }
  return parts;
}

void add_guest(WorkingSet& set, pugi::xml_node primitive) {
  if (std::string_view(primitive.name()) != "primitive") return;
  std::string name;
  auto parts = guest_in(primitive, name);
  if (name.empty()) return;
  auto shelf = keep_in(set, "connections");
  if (xml::child(shelf, "primitive", name)) {
    return set.say(Notice::Level::error, fmt::format("More than one resource has the remote-node '{}'", name));
  }
  parts.id = name;
  parts.container = primitive.attribute("id").value();
  (void)make_connection(shelf, parts);
  set.new_node(name, name, NodeKind::remote);
}

}  // namespace

void unpack_remote_nodes(WorkingSet& set) {
  const auto section = set.cib.child("configuration").child("resources");
  for (auto at = xml::first_element(section); at; at = xml::next_element(at)) {
    const std::string_view element = at.name();
    if (is_remote_connection(at)) {
      const std::string id = at.attribute("id").value();
      if (!id.empty()) set.new_node(id, id, NodeKind::remote);
    } else if (element == "primitive") {
      add_guest(set, at);
    } else if (element == "group") {
      for (auto member = xml::first_element(at); member; member = xml::next_element(member)) add_guest(set, member);
    }
  }
}

}  // namespace relevo::policy
