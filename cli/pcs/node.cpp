// Node switches; see node.hpp.
#include "cli/pcs/node.hpp"

#include <fmt/format.h>

#include "cli/pcs/lookup.hpp"
#include "cli/pcs/session.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/edit.hpp"

namespace relevo::cli::pcs {
namespace {

Result<std::vector<std::string>> chosen_nodes(const Session& session, const Arguments& arguments) {
  if (arguments.all && !arguments.words.empty()) return fail(ErrorKind::invalid, "Cannot specify both --all and a list of nodes.");
  if (arguments.all) return node_names(session.document());
  if (!arguments.words.empty()) return arguments.words;
  if (!session.live()) return fail(ErrorKind::invalid, "Node(s) must be specified if -f is used");
  return std::vector<std::string>{session.snapshot().local_node};
}

Status set_attribute(const Arguments& arguments, const std::string& attribute, bool on) {
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  auto names = chosen_nodes(*session, arguments);
  if (!names) return pass(names.error());
  std::vector<cib::Operation> operations;
  for (const auto& name : *names) {
    auto node = find_node(session->document(), name);
    if (!node) return pass(node.error());
    const std::string id(xml::attribute_or(*node, "id"));
    auto edit = on ? cib::edit::set_node_attribute(session->document(), id, attribute, "on")
                   : cib::edit::unset_node_attribute(session->document(), id, attribute);
    operations.insert(operations.end(), edit.begin(), edit.end());
  }
  if (operations.empty()) return {};
  return session->commit(std::move(operations), arguments);
}

}  // namespace

Status node_command(Arguments arguments) {
  const auto verb = arguments.take();
  if (verb == "standby" || verb == "unstandby") return set_attribute(arguments, "standby", verb == "standby");
  if (verb == "maintenance" || verb == "unmaintenance") return set_attribute(arguments, "maintenance", verb == "maintenance");
  const auto near = did_you_mean(verb, {"standby", "unstandby", "maintenance", "unmaintenance"});
  return fail(ErrorKind::invalid, "unknown command 'node {}'{}", verb,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "; there are standby, unstandby, maintenance, unmaintenance");
}

}  // namespace relevo::cli::pcs
