// The list of resources that may be running here, for the next start of this process on the same boot.
// Not durable: after a power cut nothing runs anyway.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "resmgr/executor/operation.hpp"

namespace relevo::resmgr {

struct Actives {
  std::string node;  ///< the name it had
  std::vector<executor::Operation> operations;
};

/// Replaces the file at once. Errors: I/O, naming the path.
Status save_actives(const std::string& path, const Actives& actives);
/// No file gives an empty list. Errors: unreadable content.
Result<Actives> load_actives(const std::string& path);

}  // namespace relevo::resmgr
