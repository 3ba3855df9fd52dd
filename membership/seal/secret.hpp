// Memory for secrets: locked, kept out of core dumps, wiped. What the secrets mean is authkey, keyring and keys.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/base/bytes.hpp"

namespace relevo::seal {

/// A secret in memory that is locked and wiped when the last copy goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);
  /// A copy of `content`; the caller wipes its own.
  [[nodiscard]] static Secret copy_of(BytesView content);
  [[nodiscard]] std::uint8_t* data() { return data_.get(); }
  [[nodiscard]] const std::uint8_t* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] BytesView view() const { return {data_.get(), size_}; }

 private:
  std::shared_ptr<std::uint8_t> data_;
  std::size_t size_ = 0;
};

/// Overwrites a buffer that held a secret, also where the compiler would drop the stores.
void wipe(Bytes& buffer);
void wipe(std::string& buffer);

}  // namespace relevo::seal
