// Attribute blocks and single values; see values.hpp.
#include "resmgr/policy/set/values.hpp"

#include <algorithm>
#include <charconv>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/set/rule_check.hpp"

namespace relevo::policy {
namespace {

constexpr std::string_view unset = "#default";

/// Every element with an id, by element and id; the first one of an id counts.
void fill_index(WorkingSet& set) {
  auto top = set.cib.child("configuration");
  if (!top) top = set.cib;
  auto at = top.first_child();
  while (at && at != top) {
    if (const auto id = at.attribute("id")) set.by_xml_id.emplace(fmt::format("{}:{}", at.name(), id.value()), at);
    if (at.first_child()) {
      at = at.first_child();
      continue;
    }
    while (at && at != top && !at.next_sibling()) at = at.parent();
    if (at && at != top) at = at.next_sibling();
  }
}

struct Block {
  pugi::xml_node node;
  bool first = false;
  int score = 0;
};

/// The special block, then the highest score; of equal ones the last in the document.
std::vector<Block> blocks_in_order(WorkingSet& set, pugi::xml_node parent, std::string_view name, std::string_view always_first) {
  std::vector<Block> blocks;
  for (auto at = parent.last_child(); at; at = at.previous_sibling()) {
    if (name != at.name()) continue;
    const auto meant = resolve_ref(set, at);
    if (!meant) continue;
    const bool first = !always_first.empty() && equals_ignoring_case(meant.attribute("id").value(), always_first);
    blocks.push_back({meant, first, score_of(set, meant.attribute("score").value())});
  }
  std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
    return a.first != b.first ? a.first : a.score > b.score;
  });
  return blocks;
}

bool block_counts(WorkingSet& set, pugi::xml_node block, const Asking& asking) {
  const RuleCheck check(set, asking, nullptr, nullptr, false);
  bool without_rules = true;
  for (auto rule = block.child("rule"); rule; rule = rule.next_sibling("rule")) {
    if (check.rule(rule)) return true;
    without_rules = false;
  }
  return without_rules;
}

void read_pair(WorkingSet& set, pugi::xml_node pair, Attributes& out, bool overwrite) {
  auto name = pair.attribute("name"), value = pair.attribute("value");
  if (!name || !value) {
    const auto meant = resolve_ref(set, pair);
    if (!name) name = meant.attribute("name");
    if (!value) value = meant.attribute("value");
  }
  if (!name || !value) return;
  const auto known = out.find(std::string_view(name.value()));
  if (value.value() == unset) {
    if (known != out.end()) out.erase(known);
  } else if (known == out.end()) {
    out.emplace(name.value(), value.value());
  } else if (overwrite) {
    known->second = value.value();
  }
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return equals_ignoring_case(text, word); });
}

void add_parameters(WorkingSet& set, const Resource& rsc, const Asking& asking, Attributes& out) {
  for (const auto* at = &rsc; at != nullptr; at = at->parent) read_blocks(set, at->xml, "instance_attributes", asking, out);
}

}  // namespace

pugi::xml_node find_element(WorkingSet& set, std::string_view element, std::string_view id) {
  if (set.by_xml_id.empty()) fill_index(set);
  const auto found = set.by_xml_id.find(fmt::format("{}:{}", element, id));
  return found == set.by_xml_id.end() ? pugi::xml_node() : found->second;
}

pugi::xml_node resolve_ref(WorkingSet& set, pugi::xml_node element) {
  const auto ref = element.attribute("id-ref");
  if (!ref) return element;
  if (const auto found = find_element(set, element.name(), ref.value())) return found;
  set.say_once(Notice::Level::error, fmt::format("{}: there is no <{}> with the id '{}'", xml::path_of(element), element.name(), ref.value()));
  return {};
}

void read_blocks(WorkingSet& set, pugi::xml_node parent, std::string_view block, const Asking& asking, Attributes& out,
                 std::string_view always_first, bool overwrite) {
  if (!parent) return;
  for (const auto& each : blocks_in_order(set, parent, block, always_first)) {
    if (!block_counts(set, each.node, asking)) continue;
    // Very old documents have the pairs one level deeper.
    const auto inner = each.node.child("attributes");
    for (auto pair = (inner ? inner : each.node).child("nvpair"); pair; pair = pair.next_sibling("nvpair"))
      read_pair(set, pair, out, overwrite);
  }
}

Attributes parameters_of(WorkingSet& set, const Resource& rsc, const Node* node) {
  Attributes out;
  Asking asking;
  asking.node = node;
  add_parameters(set, rsc, asking, out);
  read_blocks(set, set.cib.child("configuration").child("rsc_defaults"), "instance_attributes", asking, out);
  return out;
}

bool parameters_have_rules(WorkingSet& set, const Resource& rsc) {
  const auto have_rules = [&](pugi::xml_node parent) {
    for (auto block = parent.child("instance_attributes"); block; block = block.next_sibling("instance_attributes")) {
      if (resolve_ref(set, block).child("rule")) return true;
    }
    return false;
  };
  for (const auto* at = &rsc; at != nullptr; at = at->parent) {
    if (have_rules(at->xml)) return true;
  }
  return have_rules(set.cib.child("configuration").child("rsc_defaults"));
}

bool rule_holds(WorkingSet& set, pugi::xml_node rule, const Asking& asking, const Attributes* parameters, const Attributes* meta) {
  const bool matched = parameters != nullptr || meta != nullptr;
  return RuleCheck(set, asking, parameters, meta, matched).rule(rule);
}

bool is_true(std::string_view text) { return is_any_of(text, {"true", "on", "yes", "y", "1"}); }
bool is_false(std::string_view text) { return is_any_of(text, {"false", "off", "no", "n", "0"}); }

bool bool_of(const Attributes& from, std::string_view name, bool otherwise) {
  const auto* text = find(from, name);
  return text == nullptr ? otherwise : is_true(*text);
}

int score_of(const WorkingSet& set, std::string_view text) {
  text = trim(text);
  if (text.empty()) return 0;
  if (text == "-INFINITY") return -Score::infinity;
  if (text == "INFINITY" || text == "+INFINITY") return Score::infinity;
  if (equals_ignoring_case(text, "red")) return set.options.health_red.value;
  if (equals_ignoring_case(text, "yellow")) return set.options.health_yellow.value;
  if (equals_ignoring_case(text, "green")) return set.options.health_green.value;
  constexpr std::int64_t most = Score::infinity;
  return static_cast<int>(std::clamp(leading_int(text).value_or(0), -most, most));
}

std::optional<std::int64_t> leading_int(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

const std::string* find(const Attributes& from, std::string_view name) {
  const auto found = from.find(name);
  return found == from.end() ? nullptr : &found->second;
}

Role role_of(std::string_view text) {
  if (is_any_of(text, {"Started"})) return Role::started;
  if (is_any_of(text, {"Stopped"})) return Role::stopped;
  if (is_any_of(text, {"Promoted", "Master"})) return Role::promoted;
  if (is_any_of(text, {"Unpromoted", "Slave"})) return Role::unpromoted;
  return Role::unknown;
}

}  // namespace relevo::policy
