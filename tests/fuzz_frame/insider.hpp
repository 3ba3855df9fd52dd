// A node that has the cluster's key and says what the fuzzer wants, beside what an honest node would say: it proves
// itself, shows signs of life, and takes part in rings if it is told to. Not a node: it keeps no promise by itself.
#pragma once

#include <deque>
#include <vector>

#include "membership/links/messages.hpp"
#include "membership/links/reassembly.hpp"
#include "membership/seal/frame.hpp"
#include "membership/totem/ring.hpp"
#include "tests/support/secrets.hpp"

namespace relevo::fuzz {

/// A frame on its way to the target.
struct Frame {
  NodeId from;
  LinkId link;
  Bytes bytes;
};
/// A packet for the other insiders.
struct Gossip {
  NodeId from;
  totem::Send send;
};

class Insider {
 public:
  /// Lifetime: `random` must outlive the object. `plays`: it runs a ring, with `target` and the other insiders.
  Insider(NodeId self, NodeId target, const seal::ClusterKeys& keys, seal::Random& random, bool plays);

  /// It sees these nodes from now on, if it plays.
  void start(const std::vector<NodeId>& others, Instant now);
  /// It was restarted: another incarnation, nothing proven.
  void restart();
  /// A frame of the target.
  void hear(LinkId link, BytesView bytes, Instant now);
  void hear(const Gossip& gossip, Instant now);
  void tick(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  /// Any body, sealed as this node would. Pairwise kinds go to the incarnation that the target showed last.
  void say(seal::Kind kind, LinkId link, BytesView body);
  /// A payload in the total order, if it plays and the ring takes it.
  void submit(Bytes payload, groups::Guarantee guarantee, Instant now);

  /// Ring traffic that came from the target, the newest last: to be sent back with a change.
  [[nodiscard]] const std::deque<Bytes>& heard() const { return heard_; }
  [[nodiscard]] RingId ring() const { return ring_.view().ring; }

  std::vector<Frame> frames;    ///< to be taken by who drives it
  std::vector<Gossip> gossip;

 private:
  void take(totem::Output output, Instant now);
  void on_ring_traffic(Bytes body, Instant now);
  void on_delivery(const totem::Delivery& delivery, Instant now);

  NodeId self_, target_;
  seal::ClusterKeys keys_;
  seal::Random* random_;
  Incarnation incarnation_;
  seal::Sealer sealer_;
  bool plays_;
  totem::Ring ring_{totem::Options{}};
  links::Reassembly reassembly_;
  Incarnation target_incarnation_;
  std::uint32_t heartbeats_ = 0;
  std::deque<Bytes> heard_;
};

}  // namespace relevo::fuzz
