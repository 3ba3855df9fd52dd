// Locked memory from libsodium, and wiping.
#include "membership/seal/secret.hpp"

#include <sodium.h>

#include <algorithm>

#include "common/base/assert.hpp"

namespace relevo::seal {

Secret::Secret(std::size_t size) : size_(size) {
  // sodium_init() is safe to call again and again.
  RELEVO_ASSERT(sodium_init() >= 0, "libsodium cannot start");
  auto* memory = static_cast<std::uint8_t*>(sodium_malloc(size));
  RELEVO_ASSERT(memory != nullptr, "no locked memory for {} bytes of key", size);
  data_ = std::shared_ptr<std::uint8_t>(memory, [](std::uint8_t* p) { sodium_free(p); });
}

Secret Secret::copy_of(BytesView content) {
  Secret secret(content.size());
  std::copy(content.begin(), content.end(), secret.data());
  return secret;
}

void wipe(Bytes& buffer) {
  sodium_memzero(buffer.data(), buffer.size());
  buffer.clear();
}

void wipe(std::string& buffer) {
  sodium_memzero(buffer.data(), buffer.size());
  buffer.clear();
}

}  // namespace relevo::seal
