// The simulated network and the links' verdicts on it. Part of World.
#include <algorithm>

#include "membership/wire/codec.hpp"
#include "tests/sim/world.hpp"

namespace relevo::sim {

/// Every packet goes through the codec. Loss, copies and late arrival strike each receiver on its own.
void World::transmit(NodeId from, NodeId to, std::shared_ptr<const wire::Packet> packet) {
  const auto& target = nodes_.at(to);
  const auto& path = paths_.at({to, from});
  if (std::holds_alternative<wire::Mcast>(*packet) && now_ < path.deaf_until) return;
  if (!target.ring || path.cut || rng_.chance(options_.loss_permille, 1000)) return;
  const int copies = rng_.chance(options_.duplicate_permille, 1000) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    auto delay = pick(options_.delay);
    if (rng_.chance(options_.straggle_permille, 1000)) delay += pick({1ms, 80ms});
    const auto boot = target.boot;
    at(delay, [this, from, to, boot, packet] {
      // Sealed for one start of the receiver: the next one cannot read it.
      if (nodes_.at(to).boot != boot) return;
      deliver_or_keep(to, [this, from, to, boot, packet] { arrive(from, to, boot, *packet); });
    });
  }
}

void World::arrive(NodeId from, NodeId to, unsigned boot, const wire::Packet& packet) {
  if (nodes_.at(to).boot != boot || paths_.at({to, from}).cut) return;
  const auto bytes = wire::encode(packet);
  const bool is_frame = std::holds_alternative<wire::Mcast>(packet);
  if (bytes.size() > (is_frame ? wire::max_frame : wire::max_packet)) broken_ = fmt::format("codec: {} bytes", bytes.size());
  auto decoded = wire::decode(bytes);
  if (!decoded || *decoded != packet) {
    broken_ = fmt::format("codec: {} does not come back: {}", describe(packet), decoded ? "changed" : decoded.error().message);
    return;
  }
  plant_.change_packet(to, *decoded);
  step(to, totem::Receive{from, std::move(*decoded)});
}

bool World::is_connected(NodeId a, NodeId b) const {
  const auto reaches = [&](NodeId who, NodeId whom) {
    const auto& path = paths_.at({who, whom});
    return !path.cut || !path.noticed;
  };
  const auto& peer = nodes_.at(b);
  return reaches(a, b) && reaches(b, a) && peer.ring && !peer.paused;
}

/// Brings every pair's verdict on its way to what is true now.
void World::judge() {
  for (auto& [pair, path] : paths_) {
    if (!nodes_.at(pair.first).ring) continue;
    const bool truth = is_connected(pair.first, pair.second);
    if (truth == path.target) continue;
    path.target = truth;
    ++path.version;
    schedule_verdict(pair.first, pair.second, truth, pick(truth ? options_.detect_up : options_.detect_down));
  }
}

void World::schedule_verdict(NodeId who, NodeId whom, bool up, Duration after) {
  const auto version = paths_.at({who, whom}).version;
  const auto boot = nodes_.at(who).boot;
  at(after, [this, who, whom, up, version, boot] {
    deliver_or_keep(who, [this, who, whom, up, version, boot] {
      auto& path = paths_.at({who, whom});
      if (path.version != version || nodes_.at(who).boot != boot) return;
      path.verdict = up;
      tell("n{} calls n{} {}", who, whom, up ? "up" : "down");
      if (up)
        step(who, totem::PeerUp{whom});
      else
        step(who, totem::PeerDown{whom});
    });
  });
}

void World::cut(NodeId from, NodeId to, bool is_noticed) {
  auto& path = paths_.at({to, from});
  path.cut = true;
  path.noticed = is_noticed;
  tell("cut n{} -> n{}{}", from, to, is_noticed ? "" : ", unnoticed");
  judge();
}

void World::mend(NodeId from, NodeId to) {
  paths_.at({to, from}).cut = false;
  tell("mend n{} -> n{}", from, to);
  judge();
}

void World::deafen(NodeId from, NodeId to, Duration for_how_long) {
  tell("n{} is deaf to the frames of n{}", to, from);
  paths_.at({to, from}).deaf_until = now_ + for_how_long;
}

void World::mend_all() {
  for (auto& [pair, path] : paths_) {
    path.cut = false;
    path.deaf_until = {};
  }
  tell("mend all");
  judge();
}

/// The links are wrong for a while: a peer that is there is called down.
void World::suspect(NodeId who, NodeId whom, Duration for_how_long) {
  auto& path = paths_.at({who, whom});
  if (!nodes_.at(who).ring || !path.verdict || !path.target) return;
  ++path.version;
  schedule_verdict(who, whom, false, 0ms);
  schedule_verdict(who, whom, true, for_how_long);
}

namespace {

std::string nodes_text(const std::vector<NodeId>& nodes) {
  std::string text;
  for (const auto node : nodes) text += fmt::format("{}{}", text.empty() ? "" : ",", node);
  return "{" + text + "}";
}

struct Describe {
  std::string operator()(const wire::Token& p) const {
    constexpr const char* phases[] = {"exchange", "confirm", "regular"};
    return fmt::format("token {} #{} seq {} aru {}/{} {}{} missing {}", p.ring, p.token_seq, p.seq, p.aru, p.aru_owner,
                       phases[static_cast<int>(p.phase)], p.more ? "+" : "", p.missing.size());
  }
  std::string operator()(const wire::Mcast& p) const {
    const auto origin = p.origin ? fmt::format(" was {} seq {}", p.origin->ring, p.origin->seq) : "";
    return fmt::format("mcast {} seq {} of {}{}{}", p.ring, p.seq, p.sender, p.safe ? " safe" : "", origin);
  }
  std::string operator()(const wire::MergeDetect& p) const {
    return fmt::format("{} {} {} hears {}", p.refusal ? "refusal" : "merge-detect", p.ring, nodes_text(p.members),
                       nodes_text(p.hears));
  }
  std::string operator()(const wire::Join& p) const {
    return fmt::format("{} from {} knows {} proposes {} hears {}", p.leave ? "leave" : "join", p.old_ring, p.ring_seq,
                       nodes_text(p.proposal), nodes_text(p.hears));
  }
  std::string operator()(const wire::CommitToken& p) const {
    std::string entries;
    for (const auto& e : p.members) entries += fmt::format(" {}:{}/{}/{}/{}", e.node, e.old_ring, e.safe, e.aru, e.high);
    return fmt::format("commit {} hop {}{}", p.ring, p.hop, entries);
  }
  std::string operator()(const wire::HoldCancel& p) const { return fmt::format("hold-cancel {}", p.ring); }
};

}  // namespace

std::string describe(const wire::Packet& packet) { return std::visit(Describe{}, packet); }

std::string describe_event(const totem::Event& event) {
  if (const auto* configuration = std::get_if<Configuration>(&event)) {
    const bool is_regular = configuration->kind == Configuration::Kind::regular;
    return fmt::format("{} {} {}", is_regular ? "regular" : "transitional", configuration->ring, nodes_text(configuration->members));
  }
  const auto& delivery = std::get<totem::Delivery>(event);
  Reader in(delivery.payload);
  return fmt::format("delivers {} of n{} at {} seq {} ({} bytes{})", in.u64(), delivery.sender, delivery.ring, delivery.seq,
                     delivery.payload.size(), delivery.guarantee == groups::Guarantee::safe ? ", safe" : "");
}

}  // namespace relevo::sim
