// Checking a raw key file's content and the facts about the file. Deriving keys is keys.cpp.
#include "membership/seal/authkey.hpp"

#include <algorithm>

namespace relevo::seal {

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
  return AuthKey{Secret::copy_of(content)};
}

Status check_key_file(const KeyFileFacts& facts, std::string_view file) {
  if (!facts.regular)
    return fail(ErrorKind::permission, "{} is not a regular file (a link or a folder is not accepted): copy the key itself there",
                file);
  if ((facts.mode & 077U) != 0)
    return fail(ErrorKind::permission, "{} can be read by others (mode {:04o}): chmod 0400 {}", file, facts.mode & 07777U, file);
  if (facts.owner != 0 && facts.owner != facts.process_user)
    return fail(ErrorKind::permission, "{} belongs to user {}, not to the user who runs this: chown root {}", file, facts.owner, file);
  if (facts.names > 1)
    return fail(ErrorKind::permission, "{} has {} names (hard links), so it can be read or changed under another one: copy it to a new file",
                file, facts.names);
  if (facts.size < min_key_file || facts.size > max_key_file)
    return fail(ErrorKind::invalid, "{} is {} bytes long, {} to {} are allowed: make a key with `relevo keygen`", file,
                facts.size, min_key_file, max_key_file);
  return {};
}

}  // namespace relevo::seal
