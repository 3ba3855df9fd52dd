// The plan as a picture, in Graphviz's language. Internal names of people: `KEY NODE`, what waits for what as arrows.
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "resmgr/policy/graph/element.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/set/actions.hpp"

namespace relevo::policy {
namespace {

std::string_view meta_of(const Action& action, std::string_view name) {
  const auto at = action.meta.find(name);
  return at == action.meta.end() ? std::string_view("(null)") : std::string_view(at->second);
}

std::string_view host_of(const Action& action) {
  if (action.node != nullptr) return action.node->name;
  return action.pseudo ? "" : "<none>";
}

/// The key under which the history knows it. A notification goes by what it is told of, not by the operation it is part
/// of.
std::string instance_key(const Action& action) {
  if (action.task != "notify" && action.task != "notified") return public_key(action);
  return notify_key(action.rsc->history_name, meta_of(action, "notify_key_type"),
                    meta_of(action, "notify_key_operation"));
}

std::string text_of(const Action& action) {
  const std::string_view host = host_of(action);
  const std::string_view prefix = action.task == "cancel" ? "Cancel " : "";
  if (action.rsc != nullptr && !action.rsc->history_name.empty()) {
    const std::string key = instance_key(action);
    return host.empty() ? fmt::format("{}{}", prefix, key) : fmt::format("{}{} {}", prefix, key, host);
  }
  if (action.task == "stonith") {
    return fmt::format("{}{} '{}' {}", prefix, action.task, meta_of(action, "stonith_action"),
                       host.empty() ? "(null)" : host);
  }
  if (host.empty()) return action.key;
  return fmt::format("{}{} {}", prefix, action.rsc != nullptr ? action.key : action.task, host);
}

struct Look {
  std::string_view style = "dashed", color = "black";
  bool shown = true;
};

Look look_of(const Action& action, bool all) {
  if (action.dumped) return {"bold", "green", true};
  if (action.rsc != nullptr && !action.rsc->managed) return {"dashed", "red", all};
  if (action.optional) return {"dashed", "blue", all};
  return {"dashed", "red", true};
}

std::string_view font_of(const Action& action) {
  if (!action.dumped && action.rsc != nullptr && !action.rsc->managed) return "purple";
  return action.pseudo ? "orange" : "black";
}

/// Is the arrow there only for completeness?
bool is_optional(const Dependency& input, bool both_shown) {
  return input.state != Link::dumped && (!both_shown || input.type == order::load);
}

}  // namespace

std::string make_dot(const WorkingSet& set, bool all) {
  std::string out = " digraph \"g\" {\n";
  std::vector<bool> shown(set.actions.size() + 1);
  std::vector<std::string> names(set.actions.size() + 1);
  const auto name = [&](const Action& action) -> const std::string& {
    std::string& text = names[action.id];
    if (text.empty()) text = text_of(action);
    return text;
  };
  for (std::size_t i = set.actions.size(); i-- > 0;) {
    const Action& action = *set.actions[i];
    const Look look = look_of(action, all);
    if (!look.shown) continue;
    shown[action.id] = true;
    fmt::format_to(std::back_inserter(out), "\"{}\" [ style={} color=\"{}\" fontcolor=\"{}\"]\n", name(action),
                   look.style, look.color, font_of(action));
  }
  for (std::size_t i = set.actions.size(); i-- > 0;) {
    const Action& then = *set.actions[i];
    for (const Dependency& input : then.before) {
      if (input.state != Link::dumped && input.type == order::none) continue;
      if (!all && is_optional(input, shown[then.id] && shown[input.action->id])) continue;
      fmt::format_to(std::back_inserter(out), "\"{}\" -> \"{}\" [ style = {}]\n", name(*input.action), name(then),
                     input.state == Link::dumped ? "bold" : "dashed");
    }
  }
  return out + "}\n";
}

}  // namespace relevo::policy
