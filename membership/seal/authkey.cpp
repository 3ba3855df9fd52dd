// Reading and checking the key file's content. Deriving keys from it is keys.cpp.
#include "membership/seal/authkey.hpp"

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

Result<AuthKey> read_authkey(BytesView content, std::string_view file) {
  if (content.size() < min_key_file)
    return fail(ErrorKind::invalid, "{}: the key is {} bytes long, at least {} are needed: make one with `relevo keygen`",
                file, content.size(), min_key_file);
  if (content.size() > max_key_file)
    return fail(ErrorKind::invalid, "{}: the key is {} bytes long, at most {} are allowed: make one with `relevo keygen`",
                file, content.size(), max_key_file);
  if (std::all_of(content.begin(), content.end(), [&](std::uint8_t b) { return b == content[0]; }))
    return fail(ErrorKind::invalid, "{}: the key is one byte repeated and protects nothing: make one with `relevo keygen`",
                file);
  AuthKey key{Secret(content.size())};
  std::copy(content.begin(), content.end(), key.bytes.data());
  return key;
}

void wipe(Bytes& buffer) {
  sodium_memzero(buffer.data(), buffer.size());
  buffer.clear();
}

void wipe(std::string& buffer) {
  sodium_memzero(buffer.data(), buffer.size());
  buffer.clear();
}

Status check_key_file(const KeyFileFacts& facts, std::string_view file) {
  if (!facts.regular)
    return fail(ErrorKind::permission, "{} is not a regular file (a link or a folder is not accepted): copy the key itself there",
                file);
  if ((facts.mode & 077U) != 0)
    return fail(ErrorKind::permission, "{} can be read by others (mode {:04o}): chmod 0400 {}", file, facts.mode & 07777U, file);
  if (facts.owner != 0 && facts.owner != facts.process_user)
    return fail(ErrorKind::permission, "{} belongs to user {}, not to the user who runs this: chown root {}", file, facts.owner, file);
  if (facts.size < min_key_file || facts.size > max_key_file)
    return fail(ErrorKind::invalid, "{} is {} bytes long, {} to {} are allowed: make a key with `relevo keygen`", file,
                facts.size, min_key_file, max_key_file);
  return {};
}

}  // namespace relevo::seal
