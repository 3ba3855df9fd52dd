// The parts of a stack and how they are plugged together; for the files of this folder only.
#pragma once

#include <utility>

#include "membership/groups/groups.hpp"
#include "membership/links/links.hpp"
#include "membership/quorum/quorum.hpp"
#include "membership/stack/stack.hpp"
#include "membership/totem/ring.hpp"

namespace relevo::stack {

struct Stack::Impl {
  NodeId self;
  Incarnation incarnation;
  links::Links links;
  totem::Ring ring;
  groups::Groups groups;
  quorum::Quorum quorum;
  enum class Phase { created, running, left } phase = Phase::created;
  std::optional<Configuration> regular;  ///< the last regular one
  std::uint64_t undecodable = 0;         ///< authentic ring packets that were no packets
  Output out;                            ///< of the step that runs

  // stack.cpp: one for each input
  void on(const Start& input, Instant now);
  void on(const Datagram& input, Instant now);
  void on(const Unreachable& input, Instant now);
  void on(const Leave& input, Instant now);
  void on(const Tick& input, Instant now);
  // clients.cpp
  void on(const ClientConnected& input, Instant now);
  void on(const ClientGone& input, Instant now);
  void on(const ClientJoin& input, Instant now);
  void on(const ClientLeave& input, Instant now);
  void on(const ClientMulticast& input, Instant now);
  void on(const SetExpectedVotes& input, Instant now);
  void on(const CancelWaitForAll& input, Instant now);
  void reject(ClientId client, const std::string& group, std::uint64_t tag, Error error);

  // plumbing.cpp: the output of one part is the input of the next
  void take(links::Output output, Instant now);
  void take(totem::Output output);
  void take(std::vector<groups::Event> events);
  void send(const totem::Send& packet);
  void on_ring_event(totem::Event event);
  void on_synced(const groups::Synced& synced);
  void on_controlled(const groups::Controlled& controlled);
  void submit_outgoing(Instant now);
  void tell_all(EventBody body);

  [[nodiscard]] Status status() const;
};

/// What the members tell each other beside the clients' messages, in the total order.
enum class ControlKind : std::uint8_t { expected_votes = 1, cancel_wait_for_all = 2 };

}  // namespace relevo::stack
