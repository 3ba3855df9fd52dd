// Texts of the arbiter's state; see device_text.hpp.
#include "cli/quorum/device_text.hpp"

#include <nlohmann/json.hpp>

#include "common/base/text.hpp"

namespace relevo::cli::quorum {
namespace {

std::string numbers(const std::vector<std::uint64_t>& values) {
  std::vector<std::string> texts;
  for (const auto value : values) texts.push_back(std::to_string(value));
  return join(texts, ", ");
}

std::string algorithm_text(const std::string& name) {
  if (name == "ffsplit") return "Fifty-Fifty split";
  return name == "lms" ? "LMS" : name;
}

std::string tie_breaker_text(const std::string& word) {
  if (word == "lowest" || word == "highest") return fmt::format("Node with {} node ID", word);
  return "Node with ID " + word;
}

const char* vote_text(const DeviceFacts& facts) {
  if (facts.voting) return "ACK";
  return facts.pending ? "Wait for reply" : facts.alive ? "NACK" : "No arbiter";
}

}  // namespace

Result<DeviceFacts> device_facts(const nlohmann::json& report, const std::string& host, const std::string& port, const std::string& algorithm,
                                 const std::string& tie_breaker) {
  DeviceFacts out{"", host, port, algorithm, tie_breaker, 0, {}, {}, 0, false, false, false};
  try {
    const auto& quorum = report.at("quorum");
    if (!quorum.value("device_configured", false))
      return fail(ErrorKind::not_found, "no quorum device is in force in this cluster: 'relevo quorum device add model net host=HOST' adds one");
    out.cluster = report.value("cluster_name", std::string());
    out.node = report.at("node_id").get<std::uint64_t>();
    for (const auto& node : report.at("nodes")) {
      const auto id = node.at("id").get<std::uint64_t>();
      out.nodes.push_back(id);
      if (node.value("member", false)) out.members.push_back(id);
    }
    out.votes = quorum.value("device_votes", std::uint64_t{0});
    out.alive = quorum.value("device_alive", false);
    out.voting = quorum.value("device_vote", false);
    out.pending = quorum.value("device_pending", false);
  } catch (const nlohmann::json::exception& e) {
    return fail(ErrorKind::invalid, "the report of relevo-membershipd cannot be read: {}", e.what());
  }
  return out;
}

std::string device_text(const DeviceFacts& facts) {
  std::string out = "Qdevice information\n-------------------\n";
  out += fmt::format("{:<24}Net\n{:<24}{}\nConfigured node list:\n", "Model:", "Node ID:", facts.node);
  for (std::size_t i = 0; i < facts.nodes.size(); ++i) out += fmt::format("    {}   Node ID = {}\n", i, facts.nodes[i]);
  out += fmt::format("{:<24}{}\n\n", "Membership node list:", numbers(facts.members));
  out += "Qdevice-net information\n----------------------\n";
  out += fmt::format("{:<24}{}\n{:<24}{}:{}\n", "Cluster name:", facts.cluster, "QNetd host:", facts.host, facts.port);
  out += fmt::format("{:<24}{}\n{:<24}{}\n", "Algorithm:", algorithm_text(facts.algorithm), "Tie-breaker:", tie_breaker_text(facts.tie_breaker));
  out += fmt::format("{:<24}{}\n", "State:", facts.alive ? "Connected" : "Connect failed");
  out += fmt::format("{:<24}{}\n{:<24}{}\n", "Vote:", vote_text(facts), "Votes:", facts.votes);
  return out;
}

nlohmann::json device_json(const DeviceFacts& facts) {
  return {{"model", "net"},
          {"node_id", facts.node},
          {"nodes", facts.nodes},
          {"members", facts.members},
          {"cluster_name", facts.cluster},
          {"host", facts.host},
          {"port", facts.port},
          {"algorithm", facts.algorithm},
          {"tie_breaker", facts.tie_breaker},
          {"connected", facts.alive},
          {"vote", facts.voting},
          {"pending", facts.pending},
          {"votes", facts.votes}};
}

}  // namespace relevo::cli::quorum
