// The kinds that the seeds of `make test` must meet.
#include "tests/sim_stack/coverage.hpp"

namespace relevo::sim {

const std::vector<std::string_view>& required_kinds() {
  static const std::vector<std::string_view> kinds{
      "fault: crash",
  };
  return kinds;
}

}  // namespace relevo::sim
