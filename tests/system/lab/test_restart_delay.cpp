// How fast the supervisor starts a daemon again.
#include <catch2/catch.hpp>

#include "cli/cluster/supervisor.hpp"

using relevo::cli::cluster::restart_delay;
using std::chrono::milliseconds;

TEST_CASE("supervisor: a daemon that died is started again after 50 ms, and later with each quick death", "[cli]") {
  CHECK(restart_delay(0) == milliseconds(50));
  CHECK(restart_delay(1) == milliseconds(50));
  CHECK(restart_delay(2) == milliseconds(100));
  CHECK(restart_delay(5) == milliseconds(800));
  CHECK(restart_delay(8) == milliseconds(5000));
  CHECK(restart_delay(4000000000U) == milliseconds(5000));
}
