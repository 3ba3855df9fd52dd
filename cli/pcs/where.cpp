// Places of resources; see where.hpp.
#include "cli/pcs/where.hpp"

#include <ctime>

#include "resmgr/cib/unpack.hpp"

namespace relevo::cli::pcs {

std::map<std::string, std::string> running_on(const Session& session) {
  std::map<std::string, std::string> places;
  const auto state = cib::unpack(session.document(), WallTime{std::time(nullptr)});
  if (!state) return places;
  for (const auto& resource : state->resources)
    if (resource.active()) places.emplace(resource.id, resource.active_on.front());
  return places;
}

}  // namespace relevo::cli::pcs
