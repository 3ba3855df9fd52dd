// Fuzz target: any bytes as a key message decode to nothing or to what encodes to something that decodes again.
#include <cstdint>
#include <cstdlib>

#include "membership/keys/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relevo;
  const auto message = keys::decode({data, size});
  if (message && !keys::decode(keys::encode(*message))) std::abort();
  return 0;
}
