// The links of one node: who is reachable, over which paths, and in which incarnation; and the carrying of ring
// traffic to them. What the traffic means is the ring's matter; sockets are the shell's.
#pragma once

#include <memory>
#include <optional>

#include "membership/links/types.hpp"
#include "membership/seal/frame.hpp"
#include "membership/seal/keys.hpp"
#include "membership/seal/random.hpp"

namespace relevo::links {

/// One node's links. Every entry is given the same non-decreasing time.
class Links {
 public:
  /// Lifetime: `random` must outlive the object. `options` must be consistent (see Options).
  Links(Options options, const seal::ClusterKeys& keys, Incarnation incarnation, seal::Random& random);
  ~Links();
  Links(Links&&) noexcept;
  Links& operator=(Links&&) noexcept;

  /// First contact: HELLOs to everyone.
  [[nodiscard]] Output start(Instant now);
  [[nodiscard]] Output datagram(LinkId link, const Address& from, BytesView bytes, Instant now);
  /// The network says that the peer is not there (ICMP): a hint that shortens the wait, never evidence.
  [[nodiscard]] Output unreachable(LinkId link, const Address& peer, Instant now);
  /// This host's own kernel would not send (no route, interface down): traffic leaves the path at once when there is
  /// another; the verdict stays with the signs of life.
  [[nodiscard]] Output send_failed(LinkId link, const Address& peer, Instant now);
  /// A packet was too large. `payload`: the largest UDP payload that the path is said to take. `local`: this host's own
  /// kernel says so and sent nothing (certain); else a router (a reason to look).
  [[nodiscard]] Output too_big(LinkId link, const Address& peer, std::size_t payload, bool local, Instant now);
  /// Heartbeats, HELLOs and verdicts that are due. Only here does silence become a verdict, so that packets
  /// which wait in the socket are read first.
  [[nodiscard]] Output tick(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  /// Other timers, modes, priorities, nodes, links and addresses from now on; `options.self` must be the same node.
  /// What stays is not disturbed. Peers that are removed, or lose their last path, get PeerDown.
  [[nodiscard]] Output reconfigure(Options options, Instant now);
  /// Another ring of keys from the next frame on. No path goes down, no window and no sequence starts anew.
  void set_keys(const seal::ClusterKeys& keys);

  /// Seals ring traffic for one peer, as the mode says; nothing when it is not up. `body`: up to 65,000 bytes.
  [[nodiscard]] std::vector<Send> send_to(NodeId to, BytesView body);
  /// Seals ring traffic once for each link in use, for all peers that are up.
  [[nodiscard]] std::vector<Send> send_all(BytesView body);

  /// The largest body that reaches every peer that is up in one piece; larger ones, up to 65,000 bytes, go in parts.
  /// 512 at least, and the largest possible when no peer is up.
  [[nodiscard]] std::size_t frame_room() const;

  [[nodiscard]] std::vector<PeerStatus> peers() const;
  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] const seal::DropCounters& drops() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relevo::links
