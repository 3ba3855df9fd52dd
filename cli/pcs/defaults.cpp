// Defaults of resources and operations; see defaults.hpp.
#include "cli/pcs/defaults.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/pcs/session.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/edit.hpp"

namespace relevo::cli::pcs {
namespace {

const std::vector<std::string>& known_names(const std::string& section) {
  static const std::vector<std::string> resource{
      "allow-migrate", "allow-unhealthy-nodes", "critical", "failure-timeout", "is-managed", "maintenance",
      "migration-threshold", "multiple-active", "priority", "requires", "resource-stickiness", "target-role"};
  static const std::vector<std::string> operation{"enabled", "interval", "interval-origin", "on-fail", "record-pending",
                                                  "role", "start-delay", "timeout"};
  return section == "rsc_defaults" ? resource : operation;
}

Status check(const std::string& section, const std::string& name, const std::string& value, bool force) {
  const auto& known = known_names(section);
  if (std::find(known.begin(), known.end(), name) == known.end() && !force) {
    const auto near = did_you_mean(name, known);
    return fail(ErrorKind::invalid, "invalid option '{}'{}, allowed options are: '{}', use --force to override", name,
                near ? fmt::format(" (did you mean '{}'?)", *near) : "", join(known, "', '"));
  }
  const bool is_time = name == "timeout" || name == "interval" || name == "failure-timeout" || name == "start-delay";
  if (is_time && !value.empty() && !parse_duration(value))
    return fail(ErrorKind::invalid, "'{}' is not a valid {} value, use time interval (e.g. 1, 2s, 3m, 4h, PT1H)", value, name);
  return {};
}

Status update(const Arguments& arguments, const std::string& section) {
  auto pairs = parse_pairs(arguments.words);
  if (!pairs) return pass(pairs.error());
  if (pairs->empty()) return fail(ErrorKind::invalid, "usage: defaults update NAME=VALUE...");
  for (const auto& [name, value] : *pairs)
    if (auto ok = check(section, name, value, arguments.force); !ok) return ok;
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  std::vector<cib::Operation> operations;
  for (const auto& [name, value] : *pairs) {
    auto edit = value.empty() ? cib::edit::unset_default(session->document(), section, name)
                              : cib::edit::set_default(session->document(), section, name, value);
    operations.insert(operations.end(), edit.begin(), edit.end());
  }
  if (operations.empty()) return {};
  fmt::print(stderr, "Warning: Defaults do not apply to resources which override them with their own defined values\n");
  return session->commit(std::move(operations), arguments);
}

Status show(const Arguments& arguments, const std::string& section) {
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  nlohmann::json out = nlohmann::json::array();
  for (const auto& set : session->document().section(section).children("meta_attributes")) {
    std::map<std::string, std::string> values;
    for (const auto& pair : set.children("nvpair"))
      values.emplace(xml::attribute_or(pair, "name"), xml::attribute_or(pair, "value"));
    out.push_back({{"id", std::string(xml::attribute_or(set, "id"))}, {"values", values}});
    if (arguments.json) continue;
    fmt::print("Meta Attrs: {}\n", xml::attribute_or(set, "id"));
    for (const auto& [name, value] : values) fmt::print("  {}={}\n", name, value);
  }
  if (arguments.json) fmt::print("{}\n", out.dump(2));
  if (!arguments.json && out.empty()) fmt::print("No defaults set\n");
  return {};
}

}  // namespace

Status defaults_command(Arguments arguments, const std::string& section) {
  if (arguments.empty() || arguments.words.front() == "config" || arguments.words.front() == "show")
    return show(arguments, section);
  if (arguments.words.front() == "update") arguments.take();
  if (!arguments.empty() && arguments.words.front().find('=') == std::string::npos)
    return fail(ErrorKind::invalid, "'{}' is neither 'config' nor 'update' nor NAME=VALUE", arguments.words.front());
  return update(arguments, section);
}

}  // namespace relevo::cli::pcs
