// What the stack and its shell say to each other about the arbiter; part of stack.hpp.
#pragma once

#include <string>

#include "common/base/bytes.hpp"
#include "membership/arbiter/client.hpp"

namespace relevo::stack {

/// The token that the arbiter knows this cluster by; given after Start and after each change of the configuration, if
/// that names an arbiter. The node begins to connect.
struct ArbiterToken {
  arbiter::Token token{};
};
/// The connection that Output::arbiter asked for stands, with what TLS exports for it.
struct ArbiterConnected {
  arbiter::Binding binding{};
};
/// A frame came on it. The bytes need to live only during the step.
struct ArbiterFrame {
  BytesView bytes;
};
/// There is none (any more).
struct ArbiterLost {
  std::string why;
};

/// In order: connect, send on what is connected, end it.
using ArbiterAction = arbiter::ClientAction;

}  // namespace relevo::stack
