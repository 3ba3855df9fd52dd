// The change of the cluster's keys while running, as the stack's shell sees it: what it is asked and what it answers.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/result.hpp"
#include "membership/keys/rotation.hpp"

namespace relevo::stack {

// ---- inputs -------------------------------------------------------------------------------------------------

/// The operator of this node wants a new key for the whole cluster. Ended by Output::key_answers with the same number.
using RotateKey = keys::RotateRequest;
/// The operator wants a former key to open nothing any more. Ended in the same way.
using RetireKey = keys::RetireRequest;
/// The write that Output::store_keyring asked for has ended.
struct KeyringStored {
  std::uint64_t ticket = 0;
  std::optional<Error> failure;  ///< the disk did not take it: the old file is untouched
};

// ---- outputs ------------------------------------------------------------------------------------------------

/// Replace the key file, in the order of the tickets; each is answered by KeyringStored. Packets need not wait for it.
using StoreKeyring = keys::Store;
using KeyAnswer = keys::Answer;

}  // namespace relevo::stack
