// The course as XML; see xml_report.hpp.
#include "cli/simulate/xml_report.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/set/resource.hpp"

namespace relevo::cli::simulate {
namespace {

void put(pugi::xml_node element, const char* name, const std::string& value) { element.append_attribute(name) = value.c_str(); }

/// A line that people read, and the element that says the same: what stands for each `{}` goes to the attribute of that place.
struct Form {
  std::string_view line;
  const char* element;
  std::array<const char*, 3> attributes;
  const char* action = nullptr;  ///< fixed value of the attribute `action`
};

constexpr std::array modification_forms{
    Form{"  * Bringing node {} online", "modify_node", {"node"}, "Online"},
    Form{"  * Taking node {} offline", "modify_node", {"node"}, "Offline"},
    Form{"  * Failing node {}", "modify_node", {"node"}, "Failing"},
    Form{"  * Granting ticket {}", "modify_ticket", {"ticket"}, "Granting"},
    Form{"  * Revoking ticket {}", "modify_ticket", {"ticket"}, "Revoking"},
    Form{"  * Making ticket {} standby", "modify_ticket", {"ticket"}, "Standby"},
    Form{"  * Activating ticket {}", "modify_ticket", {"ticket"}, "Activating"},
    Form{"  * Injecting {} into the configuration", "inject_spec", {"spec"}}};

constexpr std::array transition_forms{
    Form{"  * Resource action: {} {} on {}", "rsc_action", {"resource", "op", "node"}},
    Form{"  * Fencing {} ({})", "fencing_action", {"target", "op"}},
    Form{"  * Cluster action:  {} for {} on {}", "cluster_action", {"task", "id", "node"}},
    Form{"  * Cluster action:  {} on {}", "cluster_action", {"task", "node"}},
    Form{"  * Pseudo action:   {} on {}", "pseudo_action", {"task", "node"}},
    Form{"  * Pseudo action:   {}", "pseudo_action", {"task"}}};

/// What stands at the places of the pattern, without blanks around it; nothing when the line is another one.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view line) {
  std::vector<std::string> found;
  while (true) {
    const auto place = pattern.find("{}");
    if (!line.starts_with(pattern.substr(0, place))) return std::nullopt;
    if (place == std::string_view::npos) return line == pattern ? std::optional(found) : std::nullopt;
    line.remove_prefix(place);
    pattern.remove_prefix(place + 2);
    const auto next = pattern.substr(0, pattern.find("{}"));
    const auto end = next.empty() ? line.size() : line.find(next);
    if (end == std::string_view::npos) return std::nullopt;
    found.emplace_back(trim(line.substr(0, end)));
    line.remove_prefix(end);
    // Columns are filled up with blanks.
    while (next.starts_with(' ') && line.starts_with("  ")) line.remove_prefix(1);
  }
}

/// `Injecting attribute NAME=VALUE into PATH 'NODE'`
bool put_attribute(pugi::xml_node parent, std::string_view line) {
  const auto found = match("  * Injecting attribute {} into {} '{}'", line);
  if (!found) return false;
  const auto& pair = (*found)[0];
  const auto equals = pair.rfind('=');
  auto xml = parent.append_child("inject_attr");
  put(xml, "name", pair.substr(0, equals));
  put(xml, "value", equals == std::string::npos ? "" : pair.substr(equals + 1));
  put(xml, "node_path", (*found)[1]);
  put(xml, "cib_node", (*found)[2]);
  return true;
}

/// `monitor=10000` is a recurring operation.
void split_interval(pugi::xml_node action) {
  const std::string_view op = action.attribute("op").value();
  const auto equals = op.find('=');
  if (equals == std::string_view::npos || std::string_view(action.name()) != "rsc_action") return;
  const std::string task(op.substr(0, equals)), interval(op.substr(equals + 1));
  action.attribute("op") = task.c_str();
  put(action, "interval", interval);
}

template <class Forms>
void put_line(pugi::xml_node parent, const Forms& forms, const std::string& line) {
  if (put_attribute(parent, line)) return;
  for (const auto& form : forms) {
    const auto found = match(form.line, line);
    if (!found) continue;
    auto xml = parent.append_child(form.element);
    if (form.action != nullptr) put(xml, "action", form.action);
    for (std::size_t i = 0; i < found->size(); ++i) put(xml, form.attributes[i], (*found)[i]);
    split_interval(xml);
    return;
  }
}

void put_score(pugi::xml_node parent, const policy::ScoreLine& line) {
  const auto id = line.rsc == nullptr ? std::string("?") : line.rsc->id;
  if (line.function.empty()) {
    auto xml = parent.append_child("promotion_score");
    put(xml, "id", id);
    put(xml, "score", model::to_string(line.score));
    if (line.node != "none") put(xml, "node", line.node);
    return;
  }
  auto xml = parent.append_child("node_weight");
  put(xml, "function", line.function);
  put(xml, "node", line.node);
  put(xml, "score", model::to_string(line.score));
  put(xml, "id", id);
}

/// `cpu=2 memory=512` as elements.
void put_amounts(pugi::xml_node parent, std::string_view amounts) {
  for (const auto& pair : words(amounts)) {
    const auto equals = pair.rfind('=');
    if (equals == std::string::npos) continue;
    parent.append_child(pair.substr(0, equals).c_str()).text().set(pair.substr(equals + 1).c_str());
  }
}

void put_capacity(pugi::xml_node parent, const policy::CapacityLine& line) {
  if (const auto use = match("{}: {} utilization on {}:{}", line.text)) {
    auto xml = parent.append_child("utilization");
    put(xml, "resource", (*use)[1]);
    put(xml, "node", (*use)[2]);
    put(xml, "function", (*use)[0]);
    put_amounts(xml, (*use)[3]);
  } else if (const auto capacity = match("{}: {} capacity:{}", line.text)) {
    auto xml = parent.append_child("capacity");
    put(xml, "node", (*capacity)[1]);
    put(xml, "comment", (*capacity)[0]);
    put_amounts(xml, (*capacity)[2]);
  }
}

/// Where from and where to, and the roles where they matter, in the same cases as the text.
void put_places(pugi::xml_node xml, const policy::SummaryLine& line) {
  const bool same_host = line.from == line.to, same_role = line.role == line.next_role;
  if (line.from.empty() || line.to.empty()) {
    if (!line.has_roles) return put(xml, "node", line.from.empty() ? line.to : line.from);
    put(xml, "role", line.role);
    if (line.from.empty()) put(xml, "next-role", line.next_role);
    return put(xml, line.from.empty() ? "dest" : "node", line.from.empty() ? line.to : line.from);
  }
  if (same_role) {
    if (line.has_roles && same_host) put(xml, "role", line.role);
    put(xml, "source", line.from);
    if (!same_host) put(xml, "dest", line.to);
    if (line.has_roles && !same_host) put(xml, "role", line.role);
    return;
  }
  put(xml, "role", line.role);
  if (!same_host) put(xml, "source", line.from);
  put(xml, "next-role", line.next_role);
  put(xml, same_host ? "source" : "dest", same_host ? line.from : line.to);
}

void put_change(pugi::xml_node parent, const policy::SummaryLine& line) {
  if (line.verb == "Fence" || line.verb == "Shutdown") {
    if (line.reason.empty()) return;
    auto xml = parent.append_child("node_action");
    put(xml, "task", line.details.empty() ? line.verb : line.verb + " (" + line.details + ")");
    put(xml, "node", line.rsc.substr(0, line.rsc.find(' ')));
    return put(xml, "reason", line.reason);
  }
  auto xml = parent.append_child("rsc_action");
  put(xml, "action", to_lower(line.verb));
  put(xml, "resource", line.rsc);
  put_places(xml, line);
  if (!line.reason.empty()) put(xml, "reason", line.reason);
  if (line.blocked) put(xml, "blocked", "true");
}

}  // namespace

XmlReport::XmlReport(const std::string& request) : root_(document_.append_child("pacemaker-result")) {
  put(root_, "api-version", "2.25");
  put(root_, "request", request);
}

void XmlReport::status(const char* name, policy::WorkingSet& set, const policy::StatusXml& what) {
  policy::put_status_xml(root_.append_child(name), set, what);
}

void XmlReport::modifications(const std::vector<std::string>& lines) {
  auto list = root_.append_child("modifications");
  for (const auto& line : lines) {
    if (const auto quorum = match("  * Setting quorum: {}", line)) put(list, "quorum", quorum->front());
    else if (const auto watchdog = match("  * Setting watchdog: {}", line)) put(list, "watchdog", watchdog->front());
    else put_line(list, modification_forms, line);
  }
}

void XmlReport::scores(const policy::AssignmentLog& log, bool scores, bool utilization) {
  auto list = root_.append_child(!utilization ? "allocations" : !scores ? "utilizations" : "allocations_utilizations");
  std::size_t told = 0;
  const auto scores_until = [&](std::size_t end) {
    for (; scores && told < end; ++told) put_score(list, log.scores[told]);
  };
  for (const auto& line : log.utilization) {
    if (!utilization) break;
    scores_until(line.scores_before);
    put_capacity(list, line);
  }
  scores_until(log.scores.size());
}

void XmlReport::actions(const std::vector<policy::SummaryLine>& lines) {
  auto list = root_.append_child("actions");
  for (const auto& line : lines) put_change(list, line);
}

void XmlReport::transition(const std::vector<std::string>& lines) {
  auto list = root_.append_child("transition");
  for (const auto& line : lines) put_line(list, transition_forms, line);
}

std::string XmlReport::text(int code, const std::string& message) {
  auto status = root_.append_child("status");
  put(status, "code", std::to_string(code));
  put(status, "message", message);
  return xml::print(root_);
}

}  // namespace relevo::cli::simulate
