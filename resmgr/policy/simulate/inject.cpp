// Events put into a CIB's status before a plan is made, see simulate.hpp: in a fixed order, each told with a line.
#include <fmt/format.h>

#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/set/actions.hpp"
#include "resmgr/policy/simulate/history.hpp"
#include "resmgr/policy/simulate/simulate.hpp"

namespace relevo::policy {
namespace {

constexpr const char* origin = "crm_simulate";

/// `RSC_TASK_INTERVAL@NODE=RC`
struct OperationSpec {
  KeyParts key;
  std::string node;
  int rc = 0;
};

class Injection {
 public:
  Injection(pugi::xml_node cib, const WorkingSet& set, const Injections& wanted) : status_(cib, wanted), set_(set), wanted_(wanted) {}
  void run();
  std::vector<std::string> lines;

 private:
  void say(std::string what) { lines.push_back("  * " + std::move(what)); }
  void complain(std::string what) { lines.push_back(std::move(what)); }
  void set_watchdog();
  void move_nodes();
  void set_tickets(const std::vector<std::string>& names, const char* told, const char* attribute, bool value);
  void operation(const std::string& text);
  std::optional<OperationSpec> read(const std::string& text);

  StatusWriter status_;
  const WorkingSet& set_;
  const Injections& wanted_;
};

pugi::xml_node find_or_add(pugi::xml_node parent, const char* name, const char* id) {
  auto found = parent.find_child_by_attribute(name, "id", id);
  if (found) return found;
  found = parent.append_child(name);
  found.append_attribute("id") = id;
  return found;
}

pugi::xml_node child_or_new(pugi::xml_node parent, const char* name) {
  const auto found = parent.child(name);
  return found ? found : parent.append_child(name);
}

/// The first one of that name, or that the history knows by that name (an instance of an anonymous clone).
const Resource* find_known(const std::vector<Resource*>& resources, std::string_view name) {
  for (const auto* rsc : resources) {
    if (rsc->id == name || rsc->history_name == name) return rsc;
    if (const auto* inside = find_known(rsc->children, name)) return inside;
  }
  return nullptr;
}

void Injection::set_watchdog() {
  say("Setting watchdog: " + wanted_.watchdog);
  auto config = child_or_new(child_or_new(status_.cib(), "configuration"), "crm_config");
  pugi::xml_node option;
  for (auto block : config.children("cluster_property_set"))
    for (auto pair : block.children("nvpair"))
      if (!option && pair.attribute("name").as_string() == std::string_view("have-watchdog")) option = pair;
  if (!option) {
    option = find_or_add(find_or_add(config, "cluster_property_set", "cib-bootstrap-options"), "nvpair", "cib-bootstrap-options-have-watchdog");
    xml::set_attribute(option, "name", "have-watchdog");
  }
  xml::set_attribute(option, "value", wanted_.watchdog);
  status_.count_configuration();
}

void Injection::move_nodes() {
  for (const auto& node : wanted_.node_up) {
    say(fmt::format("Bringing node {} online", node));
    status_.set_node_state(node, true, origin);
  }
  for (const auto& node : wanted_.node_down) {
    say(fmt::format("Taking node {} offline", node));
    status_.forget(status_.set_node_state(node, false, origin));
  }
  for (const auto& node : wanted_.node_fail) {
    say(fmt::format("Failing node {}", node));
    auto state = status_.set_node_state(node, true, origin);
    xml::set_attribute(state, "in_ccm", "false");
  }
}

void Injection::set_tickets(const std::vector<std::string>& names, const char* told, const char* attribute, bool value) {
  for (const auto& name : names) {
    say(fmt::format(fmt::runtime(told), name));
    auto ticket = find_or_add(child_or_new(child_or_new(status_.cib(), "status"), "tickets"), "ticket_state", name.c_str());
    xml::set_attribute(ticket, attribute, value ? "true" : "false");
    status_.count();
  }
}

std::optional<OperationSpec> Injection::read(const std::string& text) {
  const auto at = text.find('@');
  const auto equals = at == std::string::npos ? at : text.find('=', at);
  const auto rc = equals == std::string::npos ? std::nullopt : parse_int(std::string_view(text).substr(equals + 1));
  if (!rc || at == 0 || equals == at + 1) {
    complain(fmt::format("Invalid operation spec: {}.  Only found {} fields", text, at == std::string::npos || at == 0 ? 1 : 2));
    return std::nullopt;
  }
  auto key = parse_key(std::string_view(text).substr(0, at));
  if (!key) {
    complain(fmt::format("Invalid operation spec: {}.  Only found 1 fields", text));
    return std::nullopt;
  }
  return OperationSpec{std::move(*key), text.substr(at + 1, equals - at - 1), static_cast<int>(*rc)};
}

void Injection::operation(const std::string& text) {
  say(fmt::format("Injecting {} into the configuration", text));
  const auto spec = read(text);
  if (!spec) return;
  const auto* rsc = find_known(set_.resources, spec->key.rsc);
  if (rsc == nullptr || rsc->variant != Variant::primitive) return complain("Invalid resource name: " + spec->key.rsc);
  auto state = status_.node_state(spec->node, {});
  const auto history = status_.history(state, {spec->key.rsc, spec->key.rsc, rsc->klass, rsc->provider, rsc->type});
  for (auto& line : status_.count_failure(state, spec->key.rsc, spec->key.task, spec->key.interval, spec->rc)) lines.push_back(std::move(line));
  if (!history) return complain(history.error().message);
  OperationResult result{spec->key.rsc, spec->key.task, spec->key.interval, spec->rc, 0, "Simulated action result", {}};
  write_result(*history, std::move(result), wanted_);
  status_.count();
}

void Injection::run() {
  if (!wanted_.quorum.empty()) {
    say("Setting quorum: " + wanted_.quorum);
    xml::set_attribute(status_.cib(), "have-quorum", wanted_.quorum);
    status_.count_configuration();
  }
  if (!wanted_.watchdog.empty()) set_watchdog();
  move_nodes();
  set_tickets(wanted_.ticket_grant, "Granting ticket {}", "granted", true);
  set_tickets(wanted_.ticket_revoke, "Revoking ticket {}", "granted", false);
  set_tickets(wanted_.ticket_standby, "Making ticket {} standby", "standby", true);
  set_tickets(wanted_.ticket_activate, "Activating ticket {}", "standby", false);
  for (const auto& text : wanted_.op_inject) operation(text);
}

}  // namespace

Result<std::vector<std::string>> inject(pugi::xml_document& cib, WorkingSet& set, const Injections& injections) {
  const auto root = cib.child("cib");
  if (!root) return fail(ErrorKind::invalid, "the document is no CIB");
  Injection injection(root, set, injections);
  injection.run();
  return std::move(injection.lines);
}

}  // namespace relevo::policy
