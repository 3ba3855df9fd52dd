// The honest half of an insider: proofs, signs of life, its ring. See insider.hpp.
#include "tests/fuzz_frame/insider.hpp"

#include <cstdlib>

#include "membership/groups/payload.hpp"
#include "membership/wire/codec.hpp"

namespace relevo::fuzz {

Insider::Insider(NodeId self, NodeId target, const seal::ClusterKeys& keys, seal::Random& random, bool plays)
    : self_(self), target_(target), keys_(keys), random_(&random), incarnation_{1000U + self.value},
      sealer_(keys, self, incarnation_, random), plays_(plays) {}

void Insider::start(const std::vector<NodeId>& others, Instant now) {
  if (!plays_) return;
  take(ring_.step(totem::Start{self_, 0, 10}, now), now);
  for (const auto node : others)
    if (node != self_) take(ring_.step(totem::PeerUp{node}, now), now);
}

void Insider::restart() {
  ++incarnation_.value;
  sealer_ = seal::Sealer(keys_, self_, incarnation_, *random_);
  heartbeats_ = 0;
}

void Insider::say(seal::Kind kind, LinkId link, BytesView body) {
  const bool pairwise = seal::is_pairwise(kind);
  if (pairwise && target_incarnation_ == Incarnation{}) return;
  frames.push_back({self_, link, sealer_.seal(kind, link, pairwise ? target_incarnation_ : Incarnation{}, body)});
}

void Insider::hear(LinkId link, BytesView bytes, Instant now) {
  const auto header = seal::parse_header(bytes).header;
  if (!header) return;
  auto body = seal::open_unproven(*header, bytes, keys_);
  if (!body) return;
  target_incarnation_ = header->incarnation;
  switch (header->kind) {
    case seal::Kind::hello:
      if (const auto challenge = links::decode_challenge(*body)) say(seal::Kind::answer, link, encode(links::Answer{*challenge, 0}));
      return;
    case seal::Kind::heartbeat:
      if (const auto h = links::decode_heartbeat(*body)) {
        const auto mine = static_cast<std::uint64_t>(now.time_since_epoch().count());
        say(seal::Kind::heartbeat, link, encode(links::Heartbeat{mine, h->sent_ns, 0, ++heartbeats_, true, false, true}));
      }
      return;
    case seal::Kind::ring:
    case seal::Kind::ring_all: return on_ring_traffic(std::move(*body), now);
    case seal::Kind::fragment:
    case seal::Kind::fragment_all:
      if (const auto part = links::decode_part(*body))
        if (auto whole = reassembly_.take(target_, *part)) on_ring_traffic(std::move(*whole), now);
      return;
    default: return;
  }
}

void Insider::on_ring_traffic(Bytes body, Instant now) {
  constexpr std::size_t kept = 16;
  heard_.push_back(body);
  if (heard_.size() > kept) heard_.pop_front();
  if (!plays_) return;
  if (auto packet = wire::decode(std::move(body))) take(ring_.step(totem::Receive{target_, std::move(*packet)}, now), now);
}

void Insider::hear(const Gossip& said, Instant now) {
  if (plays_ && (!said.send.to || *said.send.to == self_))
    take(ring_.step(totem::Receive{said.from, said.send.packet}, now), now);
}

void Insider::tick(Instant now) {
  if (plays_) take(ring_.step(totem::Tick{}, now), now);
}

std::optional<Instant> Insider::next_deadline() const { return plays_ ? ring_.next_deadline() : std::nullopt; }

void Insider::submit(Bytes payload, groups::Guarantee guarantee, Instant now) {
  if (plays_) take(ring_.submit(std::move(payload), guarantee, now), now);
}

void Insider::take(totem::Output output, Instant now) {
  for (auto& send : output.sends) {
    if (!send.to || *send.to == target_)
      say(send.to ? seal::Kind::ring : seal::Kind::ring_all, LinkId{0}, *wire::image(send.packet));
    if (!send.to || *send.to != target_) gossip.push_back({self_, std::move(send)});
  }
  for (const auto& event : output.events)
    if (const auto* delivery = std::get_if<totem::Delivery>(&event)) on_delivery(*delivery, now);
}

/// The groups of a ring are complete when every member has told its list: this one tells its own after the target's,
/// with the same word for the layers above.
void Insider::on_delivery(const totem::Delivery& delivery, Instant now) {
  if (delivery.sender != target_) return;
  const auto payload = groups::decode(delivery.payload);
  if (!payload || !std::holds_alternative<groups::JoinList>(*payload)) return;
  const auto& list = std::get<groups::JoinList>(*payload);
  submit(groups::encode(groups::JoinList{list.ring, list.note, {{"g", 7, 1}}}), groups::Guarantee::agreed, now);
}

}  // namespace relevo::fuzz
