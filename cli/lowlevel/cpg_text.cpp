// The text of corosync-cpgtool, column by column.
#include "cli/lowlevel/cpg_text.hpp"

#include <fmt/format.h>

#include <cctype>

namespace relevo::cli::lowlevel {
namespace {

std::string printable(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x80 && std::isprint(byte) != 0 && c != '\\' ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  return out;
}

std::string address_of(const std::vector<membership::NodeInfo>& nodes, NodeId id) {
  for (const auto& node : nodes)
    if (node.id == id && !node.addresses.empty()) return node.addresses.front();
  return "?";
}

std::string headline(const CpgStyle& style) {
  if (style.names_only) return "";
  if (style.delimiter.empty()) return fmt::format("{}\t{:>10}\t{:>10}\n", "Group Name", "PID", "Node ID");
  return fmt::format("GRP_NAME{0}PID{0}NODEID\n", style.delimiter);
}

}  // namespace

std::string cpg_text(const std::vector<membership::GroupInfo>& groups, const std::vector<membership::NodeInfo>& nodes,
                     const CpgStyle& style) {
  std::string out = headline(style);
  for (const auto& group : groups) {
    const auto name = style.raw ? group.name : printable(group.name);
    if (style.names_only || style.delimiter.empty()) out += name + "\n";
    if (style.names_only) continue;
    for (const auto& m : group.members) {
      if (style.delimiter.empty())
        out += fmt::format("\t\t{:>10}\t{:>10} ({})\n", m.pid, m.member.node.value, address_of(nodes, m.member.node));
      else
        out += fmt::format("{0}{1}{2}{1}{3}\n", name, style.delimiter, m.pid, m.member.node.value);
    }
  }
  return out;
}

}  // namespace relevo::cli::lowlevel
