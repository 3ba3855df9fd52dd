// Dispatch of `resource ...` and its short verbs; see resource.hpp.
#include "cli/pcs/resource.hpp"

#include <functional>
#include <map>

#include <fmt/format.h>

#include "cli/pcs/defaults.hpp"
#include "cli/pcs/lookup.hpp"
#include "cli/pcs/resource_config.hpp"
#include "cli/pcs/resource_create.hpp"
#include "cli/pcs/resource_move.hpp"
#include "cli/pcs/session.hpp"
#include "cli/pcs/status.hpp"
#include "cli/pcs/where.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/edit.hpp"

namespace relevo::cli::pcs {
namespace {

/// Constraints that name the resource go with it: left behind they would refer to nothing.
std::vector<cib::Operation> removal_of(const cib::Document& document, const std::string& id, const char* element) {
  std::vector<cib::Operation> operations;
  const auto constraints = document.section("constraints");
  for (auto c = xml::first_element(constraints); c; c = xml::next_element(c))
    for (const auto* attribute : {"rsc", "with-rsc", "first", "then"})
      if (xml::attribute_or(c, attribute) == id) {
        const auto constraint = xml::attribute_or(c, "id");
        fmt::print(stderr, "Removing constraint: {}\n", constraint);
        operations.push_back({cib::Verb::remove, "constraints", fmt::format("<{} id=\"{}\"/>", c.name(), xml::escape(constraint))});
        break;
      }
  operations.push_back({cib::Verb::remove, "resources", fmt::format("<{} id=\"{}\"/>", element, xml::escape(id))});
  return operations;
}

/// Stops what runs before its definition goes, so that the agent can still be asked to stop it.
Status stop_first(Session& session, const std::string& id, const Arguments& arguments) {
  if (!session.live() || arguments.force || !running_on(session).contains(id)) return {};
  fmt::print(stderr, "Attempting to stop: {}... ", id);
  auto ok = session.commit(cib::edit::set_meta_attribute(session.document(), id, "target-role", "Stopped"), arguments);
  if (ok) ok = session.client().wait_idle(std::chrono::minutes(2));
  if (ok) ok = session.refresh();
  const bool stopped = ok && !running_on(session).contains(id);
  fmt::print(stderr, "{}\n", stopped ? "Stopped" : "Failed");
  if (!ok) return ok;
  if (!stopped) return fail("Unable to stop: {} before deleting (re-run with --force to force deletion)", id);
  return {};
}

Status remove(Arguments arguments) {
  if (arguments.words.size() != 1) return fail(ErrorKind::invalid, "usage: resource delete RESOURCE");
  const auto id = arguments.take();
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  auto found = find_resource(session->document(), id);
  if (!found) return pass(found.error());
  const std::string element = found->name();
  if (!arguments.plan)
    if (auto ok = stop_first(*session, id, arguments); !ok) return ok;
  return session->commit(removal_of(session->document(), id, element.c_str()), arguments);
}

/// One meta attribute on several resources; an empty value removes it.
Status set_meta(const Arguments& arguments, const std::string& name, const std::string& value) {
  if (arguments.empty()) return fail(ErrorKind::invalid, "You must specify resource(s)");
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  std::vector<cib::Operation> operations;
  for (const auto& id : arguments.words) {
    if (auto found = find_resource(session->document(), id); !found) return pass(found.error());
    auto edit = value.empty() ? cib::edit::unset_meta_attribute(session->document(), id, name)
                              : cib::edit::set_meta_attribute(session->document(), id, name, value);
    operations.insert(operations.end(), edit.begin(), edit.end());
  }
  if (operations.empty()) return {};
  return session->commit(std::move(operations), arguments);
}

Status meta(Arguments arguments) {
  const auto id = arguments.take();
  auto pairs = parse_pairs(arguments.words);
  if (!pairs) return pass(pairs.error());
  if (id.empty() || pairs->empty()) return fail(ErrorKind::invalid, "usage: resource meta RESOURCE NAME=VALUE...");
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (auto found = find_resource(session->document(), id); !found) return pass(found.error());
  // One set may have to be made by the first and filled by the rest, so each edit sees the one before it.
  for (const auto& [name, value] : *pairs) {
    auto edit = value.empty() ? cib::edit::unset_meta_attribute(session->document(), id, name)
                              : cib::edit::set_meta_attribute(session->document(), id, name, value);
    if (edit.empty()) continue;
    if (auto ok = session->commit(std::move(edit), arguments); !ok) return ok;
    if (arguments.plan) continue;
    if (auto ok = session->refresh(); session->live() && !ok) return ok;
  }
  return {};
}

Status cleanup(Arguments arguments, bool refresh) {
  if (auto ok = need_live(arguments); !ok) return ok;
  std::string id, node = arguments.node;
  for (const auto& word : arguments.words) {
    if (word.starts_with("node="))
      node = word.substr(5);
    else if (id.empty() && word.find('=') == std::string::npos)
      id = word;
    else
      return fail(ErrorKind::invalid, "usage: resource {} [RESOURCE] [node=NODE]", refresh ? "refresh" : "cleanup");
  }
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (!id.empty())
    if (auto found = find_resource(session->document(), id); !found)
      return fail(ErrorKind::not_found, "Unable to forget failed operations of resource: {}\n{}", id, found.error().message);
  if (!node.empty())
    if (auto found = find_node(session->document(), node); !found) return pass(found.error());
  auto cleaned = session->client().cleanup(id, node, refresh);
  if (!cleaned) return pass(cleaned.error());
  if (id.empty() && node.empty()) fmt::print(stderr, "Cleaned up all resources on all nodes\n");
  // Nodes without a failure have nothing to forget: they are named all the same, as people know it.
  if (!id.empty() && node.empty())
    for (const auto& name : node_names(session->document())) fmt::print(stderr, "Cleaned up {} on {}\n", id, name);
  else if (!node.empty())
    fmt::print(stderr, "Cleaned up {} on {}\n", id.empty() ? "all resources" : id, node);
  return arguments.wait ? session->client().wait_idle(*arguments.wait) : Status{};
}

Status operations(Arguments arguments) {
  const auto verb = arguments.take();
  if (verb == "defaults") return defaults_command(std::move(arguments), "op_defaults");
  return fail(ErrorKind::unsupported, "resource op {}: only 'resource op defaults' is available in this version", verb);
}

}  // namespace

Status resource_command(Arguments arguments) {
  using Command = std::function<Status(Arguments)>;
  static const std::map<std::string, Command> commands{
      {"create", resource_create},
      {"delete", remove},
      {"remove", remove},
      {"move", [](Arguments a) { return resource_move(std::move(a), false); }},
      {"move-with-constraint", [](Arguments a) { return resource_move(std::move(a), true); }},
      {"ban", resource_ban},
      {"clear", resource_clear},
      {"cleanup", [](Arguments a) { return cleanup(std::move(a), false); }},
      {"refresh", [](Arguments a) { return cleanup(std::move(a), true); }},
      {"op", operations},
      {"defaults", [](Arguments a) { return defaults_command(std::move(a), "rsc_defaults"); }},
      {"enable", [](const Arguments& a) { return set_meta(a, "target-role", ""); }},
      {"disable", [](const Arguments& a) { return set_meta(a, "target-role", "Stopped"); }},
      {"manage", [](const Arguments& a) { return set_meta(a, "is-managed", ""); }},
      {"unmanage", [](const Arguments& a) { return set_meta(a, "is-managed", "false"); }},
      {"meta", meta},
      {"update", resource_update},
      {"config", resource_config},
      {"show", resource_config},
      {"status", [](const Arguments& a) { return status_resources(a); }},
  };
  if (arguments.empty()) return status_resources(arguments);
  const auto verb = arguments.take();
  if (const auto found = commands.find(verb); found != commands.end()) return found->second(std::move(arguments));
  std::vector<std::string> names;
  for (const auto& [name, command] : commands) names.push_back(name);
  const auto near = did_you_mean(verb, names);
  return fail(ErrorKind::invalid, "unknown command 'resource {}'{}", verb,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "; there are " + join(names, ", "));
}

}  // namespace relevo::cli::pcs
