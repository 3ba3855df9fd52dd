// Random small clusters with all that can befall primitives, as CIBs. The same seed gives the same CIB.
#pragma once

#include <cstdint>
#include <string>

namespace relevo::test {

/// With history: results, failures, operations in flight. Its execution-date makes every reader live in the same
/// second.
std::string random_cib(std::uint64_t seed);

}  // namespace relevo::test
