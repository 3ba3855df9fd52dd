// Node entries and node_state, spelled as Pacemaker 2.1 spells them.
#include "resmgr/controller/status.hpp"

#include <fmt/core.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/attributes/transient.hpp"

namespace relevo::controller {
namespace {

struct Spelling {
  std::string_view in_ccm, crmd, join, expected;
};

constexpr Spelling spelling(Standing standing) {
  switch (standing) {
    case Standing::member: return {"true", "online", "member", "member"};
    case Standing::process_gone: return {"true", "offline", "down", "member"};
    case Standing::left: return {"false", "offline", "down", "down"};
    case Standing::lost: break;
  }
  return {"false", "offline", "down", "member"};
}

std::uint64_t counter(const pugi::xml_node& root, const char* name) {
  return parse_uint(xml::attribute_or(root, name, "0")).value_or(0);
}

}  // namespace

void count_update(cib::Document& cib) {
  auto root = cib.root();
  xml::set_attribute(root, "num_updates", fmt::format("{}", counter(root, "num_updates") + 1));
}

void count_configuration(cib::Document& cib) {
  auto root = cib.root();
  xml::set_attribute(root, "epoch", fmt::format("{}", counter(root, "epoch") + 1));
  xml::set_attribute(root, "num_updates", "0");
}

bool set_cib_attribute(cib::Document& cib, std::string_view name, std::string_view value) {
  return xml::set_attribute(cib.root(), name, value);
}

std::string node_uuid(const cib::Document& cib, NodeId id, std::string_view name) {
  for (auto node : cib.section("nodes").children("node"))
    if (xml::attribute_or(node, "uname") == name) return std::string(xml::attribute_or(node, "id"));
  return fmt::format("{}", id.value);
}

bool ensure_node(cib::Document& cib, NodeId id, std::string_view name) {
  auto nodes = cib.section("nodes");
  const auto number = fmt::format("{}", id.value);
  for (auto node : nodes.children("node")) {
    if (xml::attribute_or(node, "uname") == name) return false;
    if (xml::attribute_or(node, "id") == number) return xml::set_attribute(node, "uname", name);
  }
  auto node = nodes.append_child("node");
  xml::set_attribute(node, "id", number);
  xml::set_attribute(node, "uname", name);
  return true;
}

bool set_standing(cib::Document& cib, std::string_view uuid, std::string_view name, Standing standing) {
  auto state = attributes::node_state(cib, uuid);
  bool changed = !state;
  if (!state) {
    state = cib.section("status").append_child("node_state");
    xml::set_attribute(state, "id", uuid);
  }
  const auto word = spelling(standing);
  changed = xml::set_attribute(state, "uname", name) || changed;
  changed = xml::set_attribute(state, "in_ccm", word.in_ccm) || changed;
  changed = xml::set_attribute(state, "crmd", word.crmd) || changed;
  changed = xml::set_attribute(state, "crm-debug-origin", "controller") || changed;
  changed = xml::set_attribute(state, "join", word.join) || changed;
  changed = xml::set_attribute(state, "expected", word.expected) || changed;
  return changed;
}

bool has_standing(const cib::Document& cib, std::string_view uuid) { return !attributes::node_state(cib, uuid).empty(); }

Standing standing(const cib::Document& cib, std::string_view uuid) {
  const auto state = attributes::node_state(cib, uuid);
  const bool member = xml::attribute_or(state, "in_ccm") == "true";
  const bool online = xml::attribute_or(state, "crmd") == "online";
  if (member && online) return Standing::member;
  if (member) return Standing::process_gone;
  return xml::attribute_or(state, "expected") == "member" ? Standing::lost : Standing::left;
}

}  // namespace relevo::controller
