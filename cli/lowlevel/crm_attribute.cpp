// crm_attribute: one attribute of a node, the cluster's options or the defaults; see lowlevel.hpp.
#include <cstdlib>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/exit.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "cli/lowlevel/source.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/edit.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr const char* usage =
    "Usage: crm_attribute -n NAME [-t TYPE] [-N NODE] [-G | -v VALUE | -D]\n"
    "  -n, --name NAME        the attribute\n"
    "  -t, --type TYPE        crm_config, nodes, rsc_defaults or op_defaults (default: nodes with -N, else crm_config)\n"
    "  -N, --node NODE        the node (default: this one)\n"
    "  -l, --lifetime TIME    forever, or reboot: until the node leaves the cluster (type status means the same)\n"
    "  -p, --promotion        for agents: the promotion score of the resource that OCF_RESOURCE_INSTANCE names\n"
    "  -G, --query            print the value\n"
    "  -v, --update VALUE     set it\n"
    "  -D, --delete           remove it\n"
    "  -d, --default VALUE    with -G: print this when it is not set\n"
    "  -q, --quiet            with -G: only the value\n"
    "      --root DIR         the cluster whose files are below DIR\n"
    "  -h, --help\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{
      {'n', "name", true}, {'t', "type", true}, {'N', "node", true}, {'G', "query"}, {'v', "update", true}, {'D', "delete"},
      {'d', "default", true}, {'q', "quiet"}, {'Q', "quiet"}, {'l', "lifetime", true}, {'p', "promotion"}, {'V', "verbose"}, {'!', "inhibit-policy-engine"},
      {0, "root", true}, {'h', "help"}, {'?', "help"}};
  return all;
}

struct Place {
  std::string type;
  std::string node_id;  ///< for `nodes`; for `status` the node's name
  pugi::xml_node owner;  ///< the element whose blocks hold the attribute; may be empty
};

bool is_transient(const Arguments& arguments) {
  const auto lifetime = arguments.value("lifetime", arguments.has("promotion") ? "reboot" : "forever");
  return arguments.value("type") == "status" || lifetime == "reboot";
}

/// An agent is told its resource and its node; people name them.
std::string from_cluster(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string name_of(const Arguments& arguments) {
  if (!arguments.has("promotion")) return arguments.value("name");
  const auto resource = from_cluster("OCF_RESOURCE_INSTANCE");
  return resource.empty() ? "" : "master-" + resource;
}

Result<Place> find_transient(const Source& source, const Arguments& arguments) {
  const auto node = arguments.value("node", source.snapshot().local_node);
  for (const auto& state : source.document().section("status").children("node_state"))
    if (xml::attribute_or(state, "uname") == node) return Place{"status", node, state.child("transient_attributes")};
  return fail(ErrorKind::not_found, "the cluster has no node '{}'", node);
}

Result<Place> find_place(const Source& source, const Arguments& arguments) {
  Place place{arguments.value("type", arguments.has("node") ? "nodes" : "crm_config"), "", {}};
  if (is_transient(arguments)) return find_transient(source, arguments);
  if (place.type == "crm_config" || place.type == "rsc_defaults" || place.type == "op_defaults") {
    place.owner = source.document().section(place.type);
    return place;
  }
  if (place.type != "nodes")
    return fail(ErrorKind::invalid, "unknown type '{}'; there are crm_config, nodes, rsc_defaults, op_defaults", place.type);
  const auto name = arguments.value("node", source.snapshot().local_node);
  const auto nodes = source.document().section("nodes");
  for (auto node = xml::first_element(nodes); node; node = xml::next_element(node))
    if (xml::attribute_or(node, "uname") == name) place.owner = node;
  if (!place.owner) return fail(ErrorKind::not_found, "the CIB has no node '{}'", name);
  place.node_id = xml::attribute_or(place.owner, "id");
  return place;
}

std::optional<std::string> value_of(const Place& place, const std::string& name) {
  for (auto block = xml::first_element(place.owner); block; block = xml::next_element(block))
    for (auto pair = xml::child(block, "nvpair"); pair; pair = pair.next_sibling("nvpair"))
      if (std::string_view(block.name()) != "utilization" && xml::attribute_or(pair, "name") == name)
        return std::string(xml::attribute_or(pair, "value"));
  return std::nullopt;
}

int query(const Place& place, const Arguments& arguments) {
  const auto name = name_of(arguments);
  auto value = value_of(place, name);
  if (!value && arguments.has("default")) value = arguments.value("default");
  if (!value) {
    fmt::print(stderr, "crm_attribute: Error performing operation: No such device or address\n");
    return exit_no_such_object;
  }
  if (arguments.has("quiet"))
    fmt::print("{}\n", *value);
  else
    fmt::print("scope={}  name={} value={}\n", place.type, name, *value);
  return exit_ok;
}

std::vector<cib::Operation> change(const cib::Document& document, const Place& place, const Arguments& arguments) {
  const auto name = name_of(arguments), value = arguments.value("update");
  const bool removes = arguments.has("delete");
  if (place.type == "crm_config")
    return removes ? cib::edit::unset_cluster_property(document, name) : cib::edit::set_cluster_property(document, name, value);
  if (place.type == "nodes")
    return removes ? cib::edit::unset_node_attribute(document, place.node_id, name)
                   : cib::edit::set_node_attribute(document, place.node_id, name, value);
  return removes ? cib::edit::unset_default(document, place.type, name)
                 : cib::edit::set_default(document, place.type, name, value);
}

}  // namespace

int crm_attribute(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = CommandLine{"crm_attribute", usage, options, exit_usage}.begin(args, arguments)) return *ended;
  if (name_of(arguments).empty() || arguments.has("update") + arguments.has("delete") + arguments.has("query") > 1) {
    fmt::print(stderr, "crm_attribute: -n and at most one of -G, -v, -D are needed\n{}", usage);
    return exit_usage;
  }
  auto source = Source::open(arguments.value("root"));
  if (!source) return report("crm_attribute", source.error());
  const auto place = find_place(*source, arguments);
  if (!place) return report("crm_attribute", place.error());
  if (!arguments.has("update") && !arguments.has("delete")) return query(*place, arguments);
  if (place->type == "status") {
    const auto value = arguments.has("update") ? std::optional(arguments.value("update")) : std::nullopt;
    const auto done = source->set_transient(place->node_id, name_of(arguments), value);
    return done ? exit_ok : report("crm_attribute", done.error());
  }
  auto operations = change(source->document(), *place, arguments);
  if (operations.empty()) return exit_ok;
  const auto ok = source->apply(std::move(operations), "crm_attribute");
  return ok ? exit_ok : report("crm_attribute", ok.error());
}

}  // namespace relevo::cli::lowlevel
