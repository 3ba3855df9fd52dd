// Rules of location constraints: on which nodes they hold, and with which score each.
#include <fmt/format.h>

#include "resmgr/policy/constraints/readers.hpp"
#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char x = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + 32) : a[i];
    const char y = b[i] >= 'A' && b[i] <= 'Z' ? static_cast<char>(b[i] + 32) : b[i];
    if (x != y) return false;
  }
  return true;
}

/// What the rule is worth where it holds: the same everywhere, or what a node attribute says.
struct RuleScore {
  std::string text;
  bool is_attribute = false;
};

RuleScore score_text(pugi::xml_node rule, const PatternMatch* match) {
  if (const auto score = rule.attribute("score")) return {score.value(), false};
  const auto name = text_of(rule, "score-attribute");
  return {match == nullptr ? std::string(name) : expand_groups(name, *match), true};
}

/// A resource may ask for the attributes of the host that its container runs on.
const std::string* attribute_for(const Node& node, const Resource& rsc, const std::string& name) {
  const auto* target = find(rsc.meta, "container-attribute-target");
  const bool ask_host = target != nullptr && equals_ignoring_case(*target, "host") && node.is_guest();
  if (!ask_host) return find(node.attributes, name);
  const auto& hosts = node.connection->container->running_on;
  return hosts.empty() ? nullptr : find(hosts.front()->attributes, name);
}

Score score_on(WorkingSet& set, const RuleScore& score, const Node& node, const Resource& rsc) {
  if (!score.is_attribute) return Score(score_of(set, score.text));
  const auto* value = attribute_for(node, rsc, score.text);
  return value == nullptr ? Score(-Score::infinity) : Score(score_of(set, *value));
}

bool has_group_reference(std::string_view text) {
  const auto at = text.find('%');
  return at != std::string_view::npos;
}

bool any_attribute(pugi::xml_node rule, const char* name, bool (*wanted)(std::string_view)) {
  for (auto part : rule.children()) {
    if (wanted(text_of(part, name)) || any_attribute(part, name, wanted)) return true;
  }
  return false;
}

void expand_attributes(pugi::xml_node rule, const PatternMatch& match) {
  for (auto part : rule.children()) {
    if (auto name = part.attribute("attribute")) name.set_value(expand_groups(name.value(), match).c_str());
    expand_attributes(part, match);
  }
}

/// The rule with the names of attributes that the resource's id fills in; itself when there are none.
pugi::xml_node rule_for(WorkingSet& set, pugi::xml_node rule, const PatternMatch* match) {
  if (match == nullptr || !any_attribute(rule, "attribute", has_group_reference)) return rule;
  auto copy = set.expanded.append_copy(rule);
  expand_attributes(copy, *match);
  return copy;
}

/// An "or" rule's score is added to what the node itself is worth; an "and" rule's stands alone.
Score base_score(const Node& node, bool is_or) {
  if (!is_or) return Score{};
  const bool out = node.state && !node.is_remote() && (!node.online || node.shutdown);
  return out ? Score(-Score::infinity) : node.score;
}

}  // namespace

std::string expand_groups(std::string_view text, const PatternMatch& match) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool refers = text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    const auto number = refers ? static_cast<std::size_t>(text[i + 1] - '0') : match.groups.size();
    if (number < match.groups.size() && match.groups[number].first >= 0 && match.groups[number].second > match.groups[number].first) {
      const auto [begin, end] = match.groups[number];
      out.append(match.subject, static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
      ++i;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

void read_location_rule(ConstraintReader& reader, Resource& rsc, pugi::xml_node written, std::string_view discovery,
                        const PatternMatch* match) {
  WorkingSet& set = reader.set;
  const auto rule = resolve_ref(set, written);
  if (!rule) return;
  const auto role = text_of(rule, "role");
  const Role filter = role_of(role);
  if (!role.empty() && filter == Role::unknown) {
    reader.error(fmt::format("Bad role specified for {}: {}", text_of(rule, "id"), role));
    return;
  }
  if (!rule.attribute("score") && !rule.attribute("score-attribute")) {
    reader.error(fmt::format("Rule {}: no score specified.  Assuming 0.", text_of(rule, "id")));
  }
  auto& location = make_location(set, text_of(rule, "id"), rsc, discovery, Cause::rule);
  // Who is to be promoted is unpromoted before, so what holds for that role holds for both
  if (!role.empty() && filter != Role::unpromoted) location.role = filter;

  const bool is_or = equals_ignoring_case(text_of(rule, "boolean-op"), "or");
  const RuleScore score = rule.attribute("score") || rule.attribute("score-attribute") ? score_text(rule, match) : RuleScore{"0", false};
  const auto asked = rule_for(set, rule, match);
  const bool asks_parameters = any_attribute(asked, "value-source", [](std::string_view source) { return source == "param"; });
  for (Node* node : set.nodes) {
    Asking asking;
    asking.node = node;
    const Attributes parameters = asks_parameters ? parameters_of(set, rsc, node) : Attributes{};
    if (!rule_holds(set, asked, asking, &parameters, &rsc.meta)) continue;
    location.scores.emplace_back(node, base_score(*node, is_or) + score_on(set, score, *node, rsc));
  }
}

}  // namespace relevo::policy
