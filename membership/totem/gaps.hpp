// Which frames are missing for long enough to be asked for. It knows visits and times, not frames.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "common/base/ids.hpp"
#include "common/base/time.hpp"

namespace relevo::totem {

/// A token easily overtakes frames, so a gap counts only after several visits, or after one that is long ago.
class Gaps {
 public:
  /// The token is here and says that frames up to `seq` were sent.
  void visit(MessageSeq seq, Instant now, std::uint32_t miss_count, Duration patience);
  /// Frames up to here were announced long enough ago to be asked for when they are missing.
  [[nodiscard]] MessageSeq ripe() const { return ripe_; }
  /// True when `seq` should be asked for now, which is then remembered: what was asked for is on its way.
  bool ask(MessageSeq seq, Instant now, Duration patience);
  /// Everything up to `aru` is here.
  void forget(MessageSeq aru);

 private:
  struct Visit {
    MessageSeq seq;
    Instant at{};
  };
  struct Asked {
    std::uint64_t visit = 0;
    Instant at{};
  };
  std::deque<Visit> visits_;
  std::map<MessageSeq, Asked> asked_;
  std::uint64_t count_ = 0;
  MessageSeq ripe_;
};

}  // namespace relevo::totem
