// Building a primitive from the words of `resource create`; see resource_create.hpp.
#include "cli/pcs/resource_create.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/pcs/agent_catalogue.hpp"
#include "cli/pcs/lookup.hpp"
#include "cli/pcs/primitive_xml.hpp"
#include "cli/pcs/session.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::pcs {
namespace {

Status check_id(const std::string& id) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto later = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  if (!letter(id.front()))
    return fail(ErrorKind::invalid, "invalid resource name '{}', '{}' is not a valid first character for a resource name",
                id, id.front());
  for (const char c : id)
    if (!later(c))
      return fail(ErrorKind::invalid, "invalid resource name '{}', '{}' is not a valid character for a resource name", id, c);
  return {};
}

/// What the words after the agent say, section by section.
struct Sections {
  std::vector<std::string> options, meta;
  std::vector<std::vector<std::string>> operations;
};

Result<Sections> split_sections(const std::vector<std::string>& words) {
  Sections sections;
  enum class Where { options, op, meta } where = Where::options;
  for (const auto& word : words) {
    if (word == "clone" || word == "promotable" || word == "master" || word == "bundle")
      return fail(ErrorKind::unsupported, "'{}': only primitives can be created in this version", word);
    if (word == "op") {
      where = Where::op;
      sections.operations.emplace_back();
    } else if (word == "meta") {
      where = Where::meta;
    } else if (where == Where::op) {
      const bool next_action = word.find('=') == std::string::npos && !sections.operations.back().empty();
      if (next_action) sections.operations.emplace_back();
      sections.operations.back().push_back(word);
    } else {
      (where == Where::meta ? sections.meta : sections.options).push_back(word);
    }
  }
  return sections;
}

Status check_options(const Pairs& options, const AgentMetadata& metadata, bool force) {
  std::vector<std::string> known;
  for (const auto& parameter : metadata.parameters) known.push_back(parameter.name);
  std::sort(known.begin(), known.end());
  const auto warn_or_fail = [force](const std::string& text) -> Status {
    if (!force) return fail(ErrorKind::invalid, "{}, use --force to override", text);
    fmt::print(stderr, "Warning: {}\n", text);
    return {};
  };
  for (const auto& [name, value] : options) {
    if (std::binary_search(known.begin(), known.end(), name)) continue;
    const auto near = did_you_mean(name, known);
    if (auto ok = warn_or_fail(fmt::format("invalid resource option '{}'{}, allowed options are: '{}'", name,
                                           near ? fmt::format(" (did you mean '{}'?)", *near) : "", join(known, "', '")));
        !ok)
      return ok;
  }
  for (const auto& parameter : metadata.parameters) {
    const auto given = [&](const auto& pair) { return pair.first == parameter.name; };
    if (parameter.required && std::none_of(options.begin(), options.end(), given))
      if (auto ok = warn_or_fail(fmt::format("required resource option '{}' is missing", parameter.name)); !ok) return ok;
  }
  return {};
}

Status check_operation(const OperationSpec& op) {
  static const std::vector<std::string> known{"interval", "timeout", "on-fail", "enabled", "role", "start-delay",
                                              "id", "interval-origin", "record-pending", "description", "OCF_CHECK_LEVEL"};
  for (const auto& [name, value] : op.options) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto near = did_you_mean(name, known);
      return fail(ErrorKind::invalid, "invalid resource operation option '{}'{}, allowed options are: '{}'", name,
                  near ? fmt::format(" (did you mean '{}'?)", *near) : "", join(known, "', '"));
    }
    const bool is_time = name == "interval" || name == "timeout" || name == "start-delay";
    if (is_time && !parse_duration(value))
      return fail(ErrorKind::invalid, "'{}' is not a valid {} value, use time interval (e.g. 1, 2s, 3m, 4h, PT1H)", value, name);
  }
  return {};
}

Result<std::vector<OperationSpec>> read_operations(const std::vector<std::vector<std::string>>& groups) {
  std::vector<OperationSpec> operations;
  for (const auto& group : groups) {
    if (group.empty() || group.front().find('=') != std::string::npos)
      return fail(ErrorKind::invalid, "after 'op' an action is needed, as in: op monitor interval=10s");
    auto options = parse_pairs({group.begin() + 1, group.end()});
    if (!options) return pass(options.error());
    operations.push_back({group.front(), std::move(*options)});
    if (auto ok = check_operation(operations.back()); !ok) return pass(ok.error());
  }
  return operations;
}

/// The operations of the meta-data that the user did not name, as pcs adds them.
void add_default_operations(std::vector<OperationSpec>& operations, const AgentMetadata& metadata) {
  static const std::set<std::string> left_out{"meta-data", "validate-all", "status"};
  for (const auto& action : metadata.actions) {
    const auto same = [&](const OperationSpec& op) { return op.action == action.name; };
    if (left_out.contains(action.name) || std::any_of(operations.begin(), operations.end(), same)) continue;
    Pairs options{{"interval", action.interval.empty() || action.name != "monitor" ? "0s" : action.interval}};
    if (!action.timeout.empty()) options.emplace_back("timeout", action.timeout);
    operations.push_back({action.name, std::move(options)});
  }
  const auto by_name = [](const OperationSpec& a, const OperationSpec& b) { return a.action < b.action; };
  std::stable_sort(operations.begin(), operations.end(), by_name);
}

Result<PrimitiveSpec> read_primitive(const std::string& id, const std::string& typed, Arguments& arguments) {
  PrimitiveSpec spec;
  spec.id = id;
  auto agent = resolve_agent(typed);
  if (!agent) return pass(agent.error());
  if (to_string(*agent) != typed) fmt::print(stderr, "Assumed agent name '{}' (deduced from '{}')\n", to_string(*agent), typed);
  spec.agent = *agent;
  auto sections = split_sections(arguments.words);
  if (!sections) return pass(sections.error());
  auto options = parse_pairs(sections->options);
  auto meta = parse_pairs(sections->meta);
  auto operations = read_operations(sections->operations);
  if (!options) return pass(options.error());
  if (!meta) return pass(meta.error());
  if (!operations) return pass(operations.error());
  const auto metadata = agent_metadata(*agent);
  if (!metadata && !arguments.force) return fail(ErrorKind::not_found, "{}, use --force to override", metadata.error().message);
  if (metadata)
    if (auto ok = check_options(*options, *metadata, arguments.force); !ok) return pass(ok.error());
  if (metadata && !arguments.no_default_ops) add_default_operations(*operations, *metadata);
  if (arguments.disabled) meta->emplace_back("target-role", "Stopped");
  spec.options = std::move(*options);
  spec.meta = std::move(*meta);
  spec.operations = std::move(*operations);
  return spec;
}

}  // namespace

Status resource_create(Arguments arguments) {
  if (arguments.words.size() < 2) return fail(ErrorKind::invalid, "usage: resource create ID CLASS:PROVIDER:TYPE [NAME=VALUE]... [op ACTION NAME=VALUE...]... [meta NAME=VALUE...] [--disabled] [--wait[=SECONDS]]");
  if (!arguments.group.empty()) return fail(ErrorKind::unsupported, "--group: groups are not supported in this version");
  const auto id = arguments.take();
  const auto agent = arguments.take();
  if (auto ok = check_id(id); !ok) return ok;
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (id_exists(session->document(), id)) return fail(ErrorKind::exists, "'{}' already exists", id);
  auto spec = read_primitive(id, agent, arguments);
  if (!spec) return pass(spec.error());
  auto ok = session->commit({{cib::Verb::create, "resources", primitive_xml(*spec)}}, arguments);
  return ok;
}

}  // namespace relevo::cli::pcs
