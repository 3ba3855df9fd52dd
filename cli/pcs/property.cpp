// Cluster options; see property.hpp.
#include "cli/pcs/property.hpp"

#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/pcs/property_table.hpp"
#include "cli/pcs/session.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/edit.hpp"

namespace relevo::cli::pcs {
namespace {

constexpr const char* bootstrap = "cib-bootstrap-options";

std::map<std::string, std::string> current(const cib::Document& document) {
  std::map<std::string, std::string> values;
  for (const auto& set : document.section("crm_config").children("cluster_property_set"))
    for (const auto& pair : set.children("nvpair"))
      values.emplace(xml::attribute_or(pair, "name"), xml::attribute_or(pair, "value"));
  return values;
}

Status set(const Arguments& arguments) {
  auto pairs = parse_pairs(arguments.words);
  if (!pairs) return pass(pairs.error());
  if (pairs->empty()) return fail(ErrorKind::invalid, "usage: property set NAME=VALUE...");
  for (const auto& [name, value] : *pairs) {
    if (value.empty()) continue;
    const auto ok = check_option(name, value);
    if (!ok && !arguments.force) return fail(ErrorKind::invalid, "{}, use --force to override", ok.error().message);
    if (!ok) fmt::print(stderr, "Warning: {}\n", ok.error().message);
  }
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  std::vector<cib::Operation> operations;
  for (const auto& [name, value] : *pairs) {
    auto edit = value.empty() ? cib::edit::unset_cluster_property(session->document(), name)
                              : cib::edit::set_cluster_property(session->document(), name, value);
    operations.insert(operations.end(), edit.begin(), edit.end());
  }
  if (operations.empty()) return {};
  return session->commit(std::move(operations), arguments);
}

Status unset(const Arguments& arguments) {
  if (arguments.empty()) return fail(ErrorKind::invalid, "usage: property unset NAME...");
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  const auto values = current(session->document());
  std::vector<cib::Operation> operations;
  for (const auto& name : arguments.words) {
    if (!values.contains(name) && !arguments.force)
      return fail(ErrorKind::not_found, "Cannot remove property '{}', it is not present in property set '{}', use --force to override",
                  name, bootstrap);
    auto edit = cib::edit::unset_cluster_property(session->document(), name);
    operations.insert(operations.end(), edit.begin(), edit.end());
  }
  if (operations.empty()) return {};
  return session->commit(std::move(operations), arguments);
}

Status config(const Arguments& arguments) {
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  auto values = current(session->document());
  if (arguments.all)
    for (const auto& option : cluster_options()) values.emplace(option.name, option.fallback);
  if (!arguments.words.empty())
    std::erase_if(values, [&](const auto& pair) {
      return std::find(arguments.words.begin(), arguments.words.end(), pair.first) == arguments.words.end();
    });
  if (arguments.json) {
    fmt::print("{}\n", nlohmann::json(values).dump(2));
    return {};
  }
  fmt::print("Cluster Properties:\n");
  for (const auto& [name, value] : values) fmt::print(" {}: {}\n", name, value);
  return {};
}

}  // namespace

Status property_command(Arguments arguments) {
  const auto verb = arguments.take();
  if (verb == "set") return set(arguments);
  if (verb == "unset") return unset(arguments);
  if (verb.empty() || verb == "config" || verb == "show" || verb == "list") return config(arguments);
  const auto near = did_you_mean(verb, {"set", "unset", "config"});
  return fail(ErrorKind::invalid, "unknown command 'property {}'{}", verb,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "; there are set, unset, config");
}

}  // namespace relevo::cli::pcs
