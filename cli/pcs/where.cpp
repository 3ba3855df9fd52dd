// Places of resources; see where.hpp.
#include "cli/pcs/where.hpp"

#include <ctime>

#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::cli::pcs {

std::map<std::string, std::string> running_on(const Session& session) {
  std::map<std::string, std::string> places;
  policy::WorkingSet set(session.document().root(), WallTime{std::time(nullptr)});
  if (!policy::unpack(set)) return places;
  for (const auto& rsc : set.all_resources)
    if (const auto nodes = policy::active_nodes(rsc); !nodes.empty()) places.emplace(rsc.id, nodes.front()->name);
  return places;
}

}  // namespace relevo::cli::pcs
