// One connected program, as the files of Sessions see it. Only sessions*.cpp include it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <variant>

#include "membership/daemon/sessions.hpp"

namespace relevo::membership {

struct Sessions::Session {
  /// A request of the program, or the number of a flush behind the requests before it.
  using Held = std::variant<stack::Input, std::uint32_t>;
  std::unique_ptr<io::Connection> connection;
  std::deque<Held> held;            ///< what the ring could not take yet, in order; reading is paused meanwhile
  std::deque<std::uint32_t> pings;  ///< that wait for a ring
  SessionFacts facts;
};

}  // namespace relevo::membership
