// A raw key file (any 32 to 4096 bytes), and whether a key file may be trusted. No file is opened here: bytes and stat
// values come in. The keyring, which a key file may also be, is keyring.hpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"
#include "membership/seal/secret.hpp"

namespace relevo::seal {

constexpr std::size_t min_key_file = 32;
constexpr std::size_t max_key_file = 4096;

/// The content of a raw key file.
struct AuthKey {
  Secret bytes;
};

/// Takes the content of `file` (any 32 to 4096 bytes). Errors name the file and say how to mend it.
/// The caller should wipe its own copy of `content` afterwards (wipe()).
Result<AuthKey> read_authkey(BytesView content, std::string_view file);

/// What lstat(2) or fstat(2) said of the key file.
struct KeyFileFacts {
  bool regular = false;  ///< a regular file, not a link, folder or device
  std::uint32_t mode = 0;  ///< permission bits
  std::uint32_t owner = 0;
  std::uint32_t process_user = 0;  ///< effective user of the daemon
  std::uint64_t size = 0;
  std::uint64_t names = 1;  ///< hard links: a second name could be open to others
};

/// Whether the key file may be trusted. Errors name the file, what is wrong and the command that mends it.
Status check_key_file(const KeyFileFacts& facts, std::string_view file);

}  // namespace relevo::seal
