// The shared secret of a cluster as read from the key file. No file is opened here: bytes and stat values come in.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace relevo::seal {

constexpr std::size_t min_key_file = 32;
constexpr std::size_t max_key_file = 4096;

/// A secret in memory that is locked and wiped when the last copy goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);
  [[nodiscard]] std::uint8_t* data() { return data_.get(); }
  [[nodiscard]] const std::uint8_t* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] BytesView view() const { return {data_.get(), size_}; }

 private:
  std::shared_ptr<std::uint8_t> data_;
  std::size_t size_ = 0;
};

/// The content of a key file.
struct AuthKey {
  Secret bytes;
};

/// Takes the content of `file` (any 32 to 4096 bytes). Errors name the file and say how to mend it.
/// The caller should wipe its own copy of `content` afterwards (wipe()).
Result<AuthKey> read_authkey(BytesView content, std::string_view file);

/// Overwrites a buffer that held a secret, also where the compiler would drop the stores.
void wipe(Bytes& buffer);
void wipe(std::string& buffer);

/// What lstat(2) or fstat(2) said of the key file.
struct KeyFileFacts {
  bool regular = false;  ///< a regular file, not a link, folder or device
  std::uint32_t mode = 0;  ///< permission bits
  std::uint32_t owner = 0;
  std::uint32_t process_user = 0;  ///< effective user of the daemon
  std::uint64_t size = 0;
};

/// Whether the key file may be trusted. Errors name the file, what is wrong and the command that mends it.
Status check_key_file(const KeyFileFacts& facts, std::string_view file);

}  // namespace relevo::seal
