// Any bytes: decoded or refused; what was decoded encodes to the same bytes again.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "membership/wire/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto packet = relevo::wire::decode({data, size});
  if (!packet) return 0;
  const auto again = relevo::wire::encode(*packet);
  if (!std::equal(again.begin(), again.end(), data, data + size)) std::abort();
  return 0;
}
