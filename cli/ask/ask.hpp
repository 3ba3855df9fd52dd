// Questions to relevo-membershipd, one after the other, each with a time limit: what every tool of the membership layer
// begins with. It prints nothing.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/io/loop.hpp"
#include "membership/client/client.hpp"

namespace relevo::cli {

/// One connection to the daemon of the cluster whose files are below a root.
class RingDaemon {
 public:
  /// `root` as the option --root gave it; empty = RELEVO_ROOT, else the machine's own.
  /// Errors: not_connected (nobody listens, or no access), permission.
  static Result<std::unique_ptr<RingDaemon>> connect(const std::string& root, Duration limit = std::chrono::seconds(10));

  /// A report as JSON. Errors: not_connected, timeout, invalid (not one of ours), what the daemon says. So below.
  Result<nlohmann::json> report(const std::string& what);
  /// A command. Its text is what the daemon says to it, often nothing.
  Result<std::string> command(const std::string& what);
  Result<std::vector<membership::GroupInfo>> groups();
  /// What the daemon says of itself and of the node list.
  Result<membership::Welcome> welcome();
  /// Waits until quorum or ring are other than at the last call, at most so long (true: they are), or until a signal
  /// that ends programs (then an error of kind failed with the message "interrupted").
  Result<bool> wait_for_change(Duration limit);

 private:
  explicit RingDaemon(Duration limit) : limit_(limit) {}
  template <class T, class Send>
  Result<T> answer_to(Send send, const char* what);
  Status run_until(const bool& done, Duration limit, const char* what);

  Duration limit_;
  io::Loop loop_;
  std::string lost_;
  bool is_lost_ = false, changed_ = false, interrupted_ = false, watching_signals_ = false;
  std::unique_ptr<membership::Client> client_;
};

}  // namespace relevo::cli
