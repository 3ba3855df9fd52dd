// Fuzz target: any bytes as a key file give a ring with one active key, or an error that names the file.
#include <cstdint>
#include <cstdlib>

#include "membership/seal/keys.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relevo;
  auto ring = seal::read_key_file({data, size}, "f");
  if (!ring) {
    if (!ring.error().message.starts_with("f:")) std::abort();
    return 0;
  }
  if (ring->active() == nullptr || ring->entries.empty() || ring->entries.size() > seal::max_keys) std::abort();
  seal::assign_ids(*ring, "c");
  const auto text = seal::keyring_text(*ring);
  const auto again = seal::read_key_file(text.view(), "f");
  if (!again || again->entries.size() != ring->entries.size() || again->active()->id != ring->active()->id) std::abort();
  return 0;
}
