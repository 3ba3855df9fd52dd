// A primitive as pcs writes it into the CIB: ids made from the resource's own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/pcs/agent_catalogue.hpp"

namespace relevo::cli::pcs {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct OperationSpec {
  std::string action;
  Pairs options;
};

struct PrimitiveSpec {
  std::string id;
  AgentName agent;
  Pairs options, meta;
  std::vector<OperationSpec> operations;
};

/// `<primitive id=... class=... provider=... type=...>` with its attributes and operations.
[[nodiscard]] std::string primitive_xml(const PrimitiveSpec& spec);
/// `<TAG id=ID><nvpair .../>...</TAG>`: nvpair ids are ID-NAME.
[[nodiscard]] std::string nvset_xml(const std::string& tag, const std::string& id, const Pairs& pairs);

}  // namespace relevo::cli::pcs
