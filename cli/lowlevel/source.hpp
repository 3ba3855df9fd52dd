// Where a low-level program finds the CIB: the running cluster, or the file that CIB_file names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resmgr/cib/apply.hpp"
#include "resmgr/client/client.hpp"

namespace relevo::cli::lowlevel {

class Source {
 public:
  /// Honours CIB_file, RELEVO_ROOT and `root` (--root). Errors: not_connected; what reading the file gives.
  static Result<Source> open(const std::string& root);

  [[nodiscard]] bool is_file() const { return !file_.empty(); }
  [[nodiscard]] const cib::Document& document() const { return document_; }
  [[nodiscard]] const resmgr::Snapshot& snapshot() const { return snapshot_; }

  /// Applies the operations to the cluster, or to the file. `program` is for update-client.
  Status apply(std::vector<cib::Operation> operations, const std::string& program);
  /// A node attribute that lasts until the node leaves; an empty optional removes it. Errors: unsupported for a file.
  Status set_transient(const std::string& node, const std::string& name, const std::optional<std::string>& value);

 private:
  Source() = default;
  Status load_file();
  Status load_live(const std::string& root);

  std::string file_;
  std::optional<resmgr::Client> client_;
  resmgr::Snapshot snapshot_;
  cib::Document document_;
};

/// All of standard input. Errors: larger than a CIB may be.
Result<std::string> read_input();

}  // namespace relevo::cli::lowlevel
