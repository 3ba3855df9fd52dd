// What a member says of itself when a ring is complete: a part for each room that wants to be known. For this folder.
#pragma once

#include "common/base/bytes.hpp"
#include "membership/reload/settle.hpp"

namespace relevo::stack {

struct SyncNote {
  Bytes quorum;                                   ///< quorum::Info, encoded
  std::optional<reload::Standpoint> configuration;  ///< unknown when it could not be read
};
[[nodiscard]] Bytes encode(const SyncNote& note);
/// Any bytes are safe; parts behind those known here are left alone, so that later versions may add some.
[[nodiscard]] SyncNote decode_sync_note(BytesView bytes);

}  // namespace relevo::stack
