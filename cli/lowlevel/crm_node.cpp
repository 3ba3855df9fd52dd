// crm_node: names and ids of nodes, and the quorum; see lowlevel.hpp.
#include <algorithm>

#include "cli/lowlevel/command_line.hpp"
#include "cli/lowlevel/exit.hpp"
#include "cli/lowlevel/lowlevel.hpp"
#include "cli/lowlevel/source.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"

namespace relevo::cli::lowlevel {
namespace {

constexpr const char* usage =
    "Usage: crm_node -n | -i | -l | -p | -q\n"
    "  -n, --name             this node's name\n"
    "  -i, --cluster-id       this node's id\n"
    "  -l, --list             all nodes: id, name, member or lost\n"
    "  -p, --partition        the names of the members of this partition\n"
    "  -q, --quorum           1 when this partition has quorum, else 0\n"
    "      --root DIR         the cluster whose files are below DIR\n"
    "  -h, --help\n";

const std::vector<Option>& options() {
  static const std::vector<Option> all{{'n', "name"}, {'i', "cluster-id"}, {'l', "list"}, {'p', "partition"}, {'q', "quorum"},
                                       {'N', "name-for-id", true}, {'R', "remove", true}, {'f', "force"}, {'Q', "quiet"},
                                       {'V', "verbose"}, {0, "root", true}, {'h', "help"}, {'?', "help"}};
  return all;
}

bool is_member(const cib::Document& document, std::string_view id) {
  const auto state = xml::child(document.section("status"), "node_state", id);
  const auto value = xml::attribute_or(state, "in_ccm", "false");
  return parse_bool(value).value_or(parse_uint(value).value_or(0) > 0);  // a time since 2.1.7, before it true or false
}

struct Node {
  std::string id, name;
  bool member = false;
};

std::vector<Node> nodes_of(const cib::Document& document) {
  std::vector<Node> nodes;
  const auto section = document.section("nodes");
  for (auto node = xml::first_element(section); node; node = xml::next_element(node)) {
    if (xml::attribute_or(node, "type") == "remote") continue;
    const auto id = xml::attribute_or(node, "id");
    nodes.push_back({std::string(id), std::string(xml::attribute_or(node, "uname")), is_member(document, id)});
  }
  return nodes;
}

int print_id(const std::vector<Node>& nodes, const std::string& name) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.name == name; });
  if (found == nodes.end()) return report("crm_node", {fmt::format("the CIB has no node '{}'", name), ErrorKind::not_found});
  fmt::print("{}\n", found->id);
  return exit_ok;
}

int print_name_of(const std::vector<Node>& nodes, const std::string& id) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; });
  if (found == nodes.end()) return report("crm_node", {fmt::format("the CIB has no node with the id '{}'", id), ErrorKind::not_found});
  fmt::print("{}\n", found->name);
  return exit_ok;
}

int print_list(const std::vector<Node>& nodes) {
  for (const auto& node : nodes) fmt::print("{} {} {}\n", node.id, node.name, node.member ? "member" : "lost");
  return exit_ok;
}

int print_partition(const std::vector<Node>& nodes) {
  std::vector<std::string> names;
  for (const auto& node : nodes)
    if (node.member) names.push_back(node.name);
  std::sort(names.begin(), names.end());
  fmt::print("{}\n", join(names, " "));
  return exit_ok;
}

int run(const Source& source, const Arguments& arguments) {
  const auto& snapshot = source.snapshot();
  if (source.is_file() && (arguments.has("name") || arguments.has("cluster-id") || arguments.has("quorum")))
    return report("crm_node", {"a CIB file does not know this node: unset CIB_file", ErrorKind::unsupported});
  const auto nodes = nodes_of(source.document());
  if (arguments.has("name")) fmt::print("{}\n", snapshot.local_node);
  if (arguments.has("quorum")) fmt::print("{}\n", snapshot.quorate ? 1 : 0);
  if (arguments.has("name-for-id")) return print_name_of(nodes, arguments.value("name-for-id"));
  if (arguments.has("cluster-id")) return print_id(nodes, snapshot.local_node);
  if (arguments.has("list")) return print_list(nodes);
  if (arguments.has("partition")) return print_partition(nodes);
  return exit_ok;
}

}  // namespace

int crm_node(const std::vector<std::string>& args) {
  Arguments arguments;
  if (const auto ended = CommandLine{"crm_node", usage, options, exit_usage}.begin(args, arguments)) return *ended;
  if (arguments.has("remove"))
    return report("crm_node", {"--remove is not available yet in this version", ErrorKind::unsupported});
  const int commands = arguments.has("name") + arguments.has("cluster-id") + arguments.has("list") + arguments.has("partition") +
                       arguments.has("quorum") + arguments.has("name-for-id");
  if (commands != 1) {
    fmt::print(stderr, "crm_node: name exactly one of -n, -i, -l, -p, -q, -N\n{}", usage);
    return exit_usage;
  }
  const auto source = Source::open(arguments.value("root"));
  if (!source) return report("crm_node", source.error());
  return run(*source, arguments);
}

}  // namespace relevo::cli::lowlevel
