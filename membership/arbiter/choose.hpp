// Which partition deserves the vote, from what the connected nodes report. Only a choice: who may still hold the vote,
// and when it may be given, is the court's matter.
#pragma once

#include <map>
#include <optional>

#include "membership/arbiter/messages.hpp"

namespace relevo::arbiter {

/// What a connected node said of itself.
struct Seat {
  Settings settings;
  Report report;
  bool operator==(const Seat&) const = default;
};
using Seats = std::map<NodeId, Seat>;

/// The partition that had the vote last.
struct Granted {
  RingId ring;
  Nodes members;
  bool operator==(const Granted&) const = default;
};

struct Choice {
  bool stable = false;            ///< the reports fit together; else nothing is decided
  const char* why = "";           ///< when not stable: what does not fit; else what decided
  std::optional<Granted> winner;  ///< of a stable choice: none when no partition deserves it
};

/// Source: corosync-qdevice(8), "ffsplit", "lms". docs/internals/arbiter.md, "Who gets the vote".
[[nodiscard]] Choice choose(const Seats& seats, const std::optional<Granted>& last);

}  // namespace relevo::arbiter
