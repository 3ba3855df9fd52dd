// The text of corosync-quorumtool. Its users' scripts cut columns, so every blank counts, also those at line ends.
#include "cli/lowlevel/quorum_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "common/base/text.hpp"

namespace relevo::cli::lowlevel {
namespace {

using Json = nlohmann::json;
using Style = QuorumTextStyle;

std::string id_text(std::uint64_t id, bool hexadecimal) {
  return hexadecimal ? fmt::format("0x{:08x}", id) : std::to_string(id);
}

std::string flags(const Json& quorum) {
  std::string out;
  const auto add = [&](const char* key, const char* word) {
    if (quorum.value(key, false)) out += std::string(word) + " ";
  };
  add("two_node", "2Node");
  add("quorate", "Quorate");
  add("wait_for_all", "WaitForAll");
  add("last_man_standing", "LastManStanding");
  add("auto_tie_breaker", "AutoTieBreaker");
  add("allow_downscale", "AllowDownscale");
  add("device_configured", "Qdevice");
  return out;
}

std::string status_text(const Json& report, std::string_view date, const Style& style) {
  const auto& quorum = report.at("quorum");
  const bool quorate = quorum.at("quorate").get<bool>();
  std::string out = "Quorum information\n------------------\n";
  out += fmt::format("Date:             {}\n", date);
  out += fmt::format("Quorum provider:  {}\n", quorum.at("provider").get<std::string>());
  out += fmt::format("Nodes:            {}\n", report.at("members").size());
  out += fmt::format("Node ID:          {}\n", id_text(report.at("node_id").get<std::uint64_t>(), style.hexadecimal));
  out += fmt::format("Ring ID:          {}\n", report.at("ring_id").get<std::string>());
  out += fmt::format("Quorate:          {}\n\n", quorate ? "Yes" : "No");
  out += "Votequorum information\n----------------------\n";
  out += fmt::format("Expected votes:   {}\n", quorum.at("expected_votes").get<std::uint64_t>());
  out += fmt::format("Highest expected: {}\n", quorum.at("highest_expected").get<std::uint64_t>());
  out += fmt::format("Total votes:      {}\n", quorum.at("total_votes").get<std::uint64_t>());
  out += fmt::format("Quorum:           {} {}\n", quorum.at("quorum").get<std::uint64_t>(), quorate ? " " : "Activity blocked");
  out += fmt::format("Flags:            {}\n", flags(quorum));
  return out;
}

struct Row {
  std::uint64_t id = 0, votes = 0;
  std::string name, address;
  std::vector<std::string> addresses;
  bool local = false;
};

std::vector<Row> rows_of(const Json& report, Style::Order order) {
  std::vector<Row> rows;
  for (const auto& member : report.at("members")) {
    Row row;
    row.id = member.at("id").get<std::uint64_t>();
    row.votes = member.at("votes").get<std::uint64_t>();
    row.name = member.at("name").get<std::string>();
    row.local = member.at("local").get<bool>();
    for (const auto& node : report.at("nodes")) {
      if (node.at("id").get<std::uint64_t>() == row.id) row.addresses = node.at("addresses").get<std::vector<std::string>>();
    }
    row.address = row.addresses.empty() ? "" : row.addresses.front();
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [order](const Row& a, const Row& b) {
    if (order == Style::Order::name) return a.name < b.name;
    if (order == Style::Order::address) return a.address < b.address;
    return a.id < b.id;
  });
  return rows;
}

/// The column of votequorum's letters: Alive or not, Vote or not. What the others have with the device only they know;
/// all members of a ring count its vote alike.
std::string device_state(const Json& quorum, bool configured, bool local) {
  if (!configured) return "NR";
  const bool vote = quorum.value("device_vote", false);
  const bool alive = local ? quorum.value("device_alive", false) : vote || quorum.value("device_alive", false);
  return fmt::format("{},{},NMW", alive ? "A" : "NA", vote ? "V" : "NV");
}

std::string members_text(const Json& report, const Style& style) {
  std::string out = "\nMembership information\n----------------------\n";
  const auto& quorum = report.at("quorum");
  const bool device = quorum.value("device_configured", false);
  const bool column = style.qdevice_column || device;
  out += fmt::format("{:>10} {:>10} {}Name\n", "Nodeid", "Votes", column ? "   Qdevice " : "");
  for (const auto& row : rows_of(report, style.order)) {
    std::string name = style.addresses ? row.address : row.name;
    if (style.all_addresses) name = style.addresses ? join(row.addresses, ", ") : row.name + ", " + join(row.addresses, ", ");
    out += fmt::format("{:>10} {:>10} {}{}{}\n", id_text(row.id, style.hexadecimal), row.votes,
                       column ? fmt::format("{:>10} ", device_state(quorum, device, row.local)) : "", name, row.local ? " (local)" : "");
  }
  if (device) out += fmt::format("{:>10} {:>10} {:>10} Qdevice\n", 0, quorum.value("device_votes", 0U), "");
  return out;
}

}  // namespace

Result<QuorumText> quorum_text(std::string_view text, std::string_view date, const QuorumTextStyle& style) {
  try {
    const auto report = Json::parse(text);
    return QuorumText{status_text(report, date, style), members_text(report, style),
                      report.at("quorum").at("quorate").get<bool>()};
  } catch (const Json::exception& e) {
    return fail(ErrorKind::invalid, "the report of relevo-membershipd cannot be read: {}", e.what());
  }
}

}  // namespace relevo::cli::lowlevel
