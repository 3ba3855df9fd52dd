// The text of corosync-cfgtool. Its users' scripts cut columns, so every tab and blank counts.
#include "cli/lowlevel/cfg_text.hpp"

#include <nlohmann/json.hpp>

#include "common/base/text.hpp"

namespace relevo::cli::lowlevel {
namespace {

using Json = nlohmann::json;

std::uint64_t id_of(const Json& node) { return node.at("id").get<std::uint64_t>(); }

std::string headline(const Json& report) {
  return fmt::format("Local node ID {}, transport knet\n", report.at("node_id").get<std::uint64_t>());
}

/// What is known of the link to a peer; null when the report does not have it.
const Json* find_link(const Json& report, std::uint64_t node, std::size_t link) {
  for (const auto& peer : report.at("peers")) {
    if (id_of(peer) != node) continue;
    for (const auto& l : peer.at("links"))
      if (l.at("link").get<std::size_t>() == link) return &l;
  }
  return nullptr;
}

bool is_up(const Json* link) { return link != nullptr && link->at("up").get<bool>(); }

const Json& local_node(const Json& report) {
  for (const auto& node : report.at("nodes"))
    if (node.at("local").get<bool>()) return node;
  return report.at("nodes").at(0);
}

std::string link_text(const Json& report, std::size_t link, const std::string& address, bool brief) {
  std::string out = fmt::format("LINK ID {} udp\n\taddr\t= {}\n", link, address);
  out += brief ? "\tstatus\t= " : "\tstatus:\n";
  for (const auto& node : report.at("nodes")) {
    const bool local = node.at("local").get<bool>();
    const bool up = is_up(find_link(report, id_of(node), link));
    if (brief)
      out += local ? "n" : up ? "3" : "1";
    else
      out += fmt::format("\t\tnodeid: {:>10}:\t{}\n", id_of(node), local ? "localhost" : up ? "connected" : "disconnected");
  }
  return brief ? out + "\n" : out;
}

template <class F>
Result<std::string> reading(const F& text) {
  try {
    return text();
  } catch (const Json::exception& e) {
    return fail(ErrorKind::invalid, "the report of relevo-membershipd cannot be read: {}", e.what());
  }
}

}  // namespace

Result<std::string> cfg_links(const Json& report, bool brief, const std::string& only) {
  return reading([&]() -> Result<std::string> {
    std::string out = headline(report);
    bool any = false;
    const auto addresses = local_node(report).at("addresses").get<std::vector<std::string>>();
    for (std::size_t link = 0; link < addresses.size(); ++link) {
      if (!only.empty() && only != addresses[link] && only != std::to_string(link)) continue;
      out += link_text(report, link, addresses[link], brief);
      any = true;
    }
    if (!any) return fail(ErrorKind::not_found, "this node has no link with the number or address '{}'", only);
    return out;
  });
}

Result<std::string> cfg_nodes(const Json& report) {
  return reading([&]() -> Result<std::string> {
    std::string out = headline(report);
    for (const auto& peer : report.at("peers")) {
      if (!peer.at("up").get<bool>()) continue;
      out += fmt::format("nodeid: {} reachable\n", id_of(peer));
      for (const auto& link : peer.at("links"))
        out += fmt::format("   LINK: {} udp ({}->{}) enabled{} mtu: {}\n", link.at("link").get<std::uint64_t>(),
                           link.at("local").get<std::string>(), link.at("remote").get<std::string>(),
                           is_up(&link) ? " connected" : "", link.value("mtu", 0U));
      out += "\n";
    }
    return out;
  });
}

Result<std::string> cfg_addresses(const Json& report, std::uint32_t node) {
  return reading([&]() -> Result<std::string> {
    for (const auto& entry : report.at("nodes"))
      if (id_of(entry) == node) return join(entry.at("addresses").get<std::vector<std::string>>(), " ") + "\n";
    return fail(ErrorKind::not_found, "Could not get node address for nodeid {}", node);
  });
}

}  // namespace relevo::cli::lowlevel
