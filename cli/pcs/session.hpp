// Where a command reads the CIB from and sends its changes to: the running cluster, or a file (-f).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/pcs/arguments.hpp"
#include "common/io/root.hpp"
#include "resmgr/cib/apply.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/client/client.hpp"

namespace relevo::cli::pcs {

/// One command's view of the cluster.
class Session {
 public:
  /// Reads the CIB. Errors: not_connected (the cluster does not run here), an unreadable or invalid file.
  static Result<Session> open(const Arguments& arguments);

  [[nodiscard]] const cib::Document& document() const { return document_; }
  [[nodiscard]] const resmgr::Snapshot& snapshot() const { return snapshot_; }
  [[nodiscard]] bool live() const { return client_.has_value(); }
  /// The connection; only when live().
  [[nodiscard]] resmgr::Client& client() { return *client_; }

  /// Applies all operations or none: to the cluster (returns when acknowledged by every node), or to the file.
  /// With --plan only says what would happen.
  Status commit(std::vector<cib::Operation> operations, const Arguments& arguments);
  /// Reads the CIB again after a change.
  Status refresh();

 private:
  Session() = default;
  Status show_plan(const cib::Change& change);

  std::optional<resmgr::Client> client_;
  std::string file_;
  resmgr::Snapshot snapshot_;
  cib::Document document_;
};

/// Refuses -f for commands that need the running cluster.
Status need_live(const Arguments& arguments);

}  // namespace relevo::cli::pcs
