// Somebody who hears and can send everything, but has no key. Whatever comes from there changes nothing but counters.
#include <algorithm>

#include "membership/seal/frame.hpp"
#include "tests/sim_stack/story_run.hpp"

namespace relevo::sim {

namespace {
/// What is for all may come to another node first from here.
bool is_for_one(const Bytes& frame) {
  const auto parsed = seal::parse_header(frame);
  return parsed.header && seal::is_pairwise(parsed.header->kind);
}
/// In active mode copies of one frame go over all links, and the first one counts, whoever brings it.
bool is_for_one_link(const Bytes& frame) {
  const auto parsed = seal::parse_header(frame);
  return parsed.header && parsed.header->link.value != 0xff;
}
}  // namespace

/// What the adversary would send, made of `r`; nothing when it would prove nothing.
std::optional<Story::Shot> Story::aim(const Fault& f, const Recording& r) const {
  Shot shot{r.to, r.link, world_.address(r.from, r.link), *r.bytes};
  const bool same_starts = r.from_boot == world_.boot(r.from) && r.to_boot == world_.boot(r.to);
  switch (f.kind) {
    // What is on its way, or came before the sender was proven, may be taken once: from whom does not matter.
    case FaultKind::replay_at_once:
      shot.may_come_first = options_.plant != Plant::replay;
      return same_starts ? std::optional(shot) : std::nullopt;
    // A receiver that runs since then may not have seen the sender restart.
    case FaultKind::replay_of_earlier_start:
      shot.may_come_first = r.to_boot == world_.boot(r.to);
      return same_starts ? std::nullopt : std::optional(shot);
    case FaultKind::replay_on_other_link:
      shot.link = static_cast<std::uint8_t>((r.link + 1) % cast_.world.links);
      shot.from = world_.address(r.from, shot.link);
      if (shot.link == r.link || !is_for_one_link(shot.bytes)) return std::nullopt;
      return shot;
    case FaultKind::replay_from_elsewhere: ++shot.from.port; return shot;
    case FaultKind::replay_to_other:
      shot.to = static_cast<std::uint32_t>(1 + r.to % world_.nodes());
      if (shot.to == r.to || shot.to == r.from || !is_for_one(shot.bytes)) return std::nullopt;
      return shot;
    case FaultKind::reflect:
      shot.to = r.from;
      shot.from = world_.address(r.to, r.link);
      return shot;
    default: return spoil(f, std::move(shot));
  }
}

std::optional<Story::Shot> Story::spoil(const Fault& f, Shot shot) {
  Rng own(f.amount);
  auto& bytes = shot.bytes;
  switch (f.kind) {
    case FaultKind::garbage:
      for (std::size_t i = f.amount % 2 == 0 ? 0 : 8; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(own.next());
      return shot;
    case FaultKind::truncated: bytes.resize(own.below(bytes.size())); return shot;
    case FaultKind::bit_flip: bytes[own.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << own.below(8)); return shot;
    default: return std::nullopt;
  }
}

bool Story::forge_hints(const Fault& f) {
  if (!world_.is_running(f.node) || world_.is_asleep(f.node) || f.node == f.other) return false;
  for (int i = 0; i < 10; ++i) world_.input(f.node, stack::Unreachable{LinkId{f.link}, world_.address(f.other, f.link)});
  return true;
}

bool Story::attack(const Fault& f) {
  if (f.kind == FaultKind::forged_hint) return forge_hints(f);
  bool struck = false;
  // By index: injecting makes traffic, and traffic is recorded.
  for (std::size_t i = 0; i < 20 && !world_.recordings().empty(); ++i) {
    const auto& all = world_.recordings();
    const auto shot = aim(f, all[(f.amount + i * 37) % all.size()]);
    if (!shot) continue;
    struck = true;
    if (shot->may_come_first) (void)world_.inject(shot->to, shot->link, shot->from, shot->bytes);
    if (world_.inject(shot->to, shot->link, shot->from, shot->bytes))
      checker_.judge().broken(world_.now(), "M11: node {} took a packet of the adversary ({})", shot->to, name(f.kind));
  }
  return struck;
}

}  // namespace relevo::sim
