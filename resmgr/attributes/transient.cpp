// Transient attributes: `node_state/transient_attributes/instance_attributes/nvpair`, with the ids Pacemaker gives them.
#include "resmgr/attributes/transient.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/model/score.hpp"

namespace relevo::attributes {
namespace {

pugi::xml_node find_set(const cib::Document& cib, std::string_view node_id) {
  return node_state(cib, node_id).child("transient_attributes").child("instance_attributes");
}

pugi::xml_node make_set(pugi::xml_node state, std::string_view node_id) {
  auto all = state.child("transient_attributes");
  if (!all) {
    all = state.append_child("transient_attributes");
    xml::set_attribute(all, "id", node_id);
  }
  auto set = all.child("instance_attributes");
  if (!set) {
    set = all.append_child("instance_attributes");
    xml::set_attribute(set, "id", fmt::format("status-{}", node_id));
  }
  return set;
}

pugi::xml_node find_pair(const pugi::xml_node& set, std::string_view name) {
  for (auto pair : set.children("nvpair"))
    if (xml::attribute_or(pair, "name") == name) return pair;
  return {};
}

std::string add(std::string_view old, std::int64_t step) {
  const auto score = model::parse_score(old);
  if (!score) return model::to_string(model::Score(static_cast<int>(std::clamp<std::int64_t>(step, -1000000, 1000000))));
  const auto bounded = static_cast<int>(std::clamp<std::int64_t>(step, -model::Score::infinity, model::Score::infinity));
  return model::to_string(*score + model::Score(bounded));
}

}  // namespace

std::string id_part(std::string_view name) {
  std::string id(name);
  for (char& c : id) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || c == '.';
    if (!fine) c = '.';
  }
  return id;
}

std::string resolve(std::string_view old, std::string_view text) {
  const auto plus = text.find('+');
  if (plus == std::string_view::npos || plus == 0) return std::string(text);
  const auto rest = text.substr(plus);
  if (rest == "++") return add(old, 1);
  if (rest.starts_with("+=")) {
    if (const auto step = parse_int(rest.substr(2))) return add(old, *step);
  }
  return std::string(text);
}

pugi::xml_node node_state(const cib::Document& cib, std::string_view node_id) {
  for (auto state : cib.section("status").children("node_state"))
    if (xml::attribute_or(state, "id") == node_id) return state;
  return {};
}

std::optional<std::string> transient(const cib::Document& cib, std::string_view node_id, std::string_view name) {
  const auto pair = find_pair(find_set(cib, node_id), name);
  if (!pair) return std::nullopt;
  return std::string(xml::attribute_or(pair, "value"));
}

bool set_transient(cib::Document& cib, std::string_view node_id, std::string_view name, std::string_view value) {
  const auto state = node_state(cib, node_id);
  if (!state) return false;
  auto set = make_set(state, node_id);
  auto pair = find_pair(set, name);
  if (!pair) {
    pair = set.append_child("nvpair");
    xml::set_attribute(pair, "id", fmt::format("status-{}-{}", node_id, id_part(name)));
    xml::set_attribute(pair, "name", name);
    xml::set_attribute(pair, "value", resolve("", value));
    return true;
  }
  return xml::set_attribute(pair, "value", resolve(xml::attribute_or(pair, "value"), value));
}

bool remove_transient(cib::Document& cib, std::string_view node_id, std::string_view name) {
  auto set = find_set(cib, node_id);
  const auto pair = find_pair(set, name);
  return pair && set.remove_child(pair);
}

std::vector<std::string> transient_names(const cib::Document& cib, std::string_view node_id, std::string_view prefix) {
  std::vector<std::string> names;
  for (auto pair : find_set(cib, node_id).children("nvpair")) {
    const auto name = xml::attribute_or(pair, "name");
    if (name.starts_with(prefix)) names.emplace_back(name);
  }
  return names;
}

bool clear_transient(cib::Document& cib, std::string_view node_id) {
  auto state = node_state(cib, node_id);
  const auto all = state.child("transient_attributes");
  return all && state.remove_child(all);
}

}  // namespace relevo::attributes
