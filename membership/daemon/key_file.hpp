// The key file on disk: read with distrust, written so that a power cut leaves the old or the new one. What stands in
// it is membership/seal's matter.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "membership/seal/keyring.hpp"

namespace relevo::membership {

/// Reads and checks the file: no link, one name, of root or this user, closed to others, at most 4096 bytes.
/// Errors: name the file and the command that mends it.
Result<seal::Keyring> load_key_file(const std::string& path);

/// Replaces the file durably, mode 0400. After an error the old one is untouched.
Status store_key_file(const std::string& path, const seal::Secret& content);

/// No core dump of this process and no debugger of another user: its memory holds the keys.
void protect_memory();

}  // namespace relevo::membership
