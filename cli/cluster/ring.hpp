// What the membership daemon says of its ring, asked over its local socket.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/io/root.hpp"
#include "membership/client/client.hpp"

namespace relevo::cli::cluster {

using Answered = std::function<void(Result<std::string>)>;
/// Connects to the daemon, lets `ask` send one request, and waits until that has called back.
/// Errors: not_connected; timeout, in the words of `late`; what the daemon answers.
Result<std::string> converse(const io::Root& root, Duration limit, const char* late,
                             const std::function<void(membership::Client&, const Answered&)>& ask);
/// What is said of a report that is none.
constexpr const char unreadable_report[] = "the membership daemon's report cannot be read";

/// The daemon's own report, as it gives it to tools. Errors: not_connected, timeout.
Result<nlohmann::json> ask_ring(const io::Root& root, Duration limit);

/// The part of it that people ask for first.
struct RingSummary {
  std::string cluster;
  std::string node;   ///< this node's name
  std::string ring;   ///< rep.seq
  std::string state;  ///< operational, gather ...
  bool quorate = false;
  std::string quorum_reason;
  std::vector<std::string> members;  ///< names
  std::vector<std::string> missing;  ///< configured and not in the ring
};
[[nodiscard]] RingSummary summarize(const nlohmann::json& report);

/// The resource manager answers connections.
[[nodiscard]] bool resmgr_answers(const io::Root& root);

}  // namespace relevo::cli::cluster
