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

void Story::intrude(const Fault& f, std::uint32_t to, std::uint8_t link, const Address& from, const Bytes& bytes) {
  if (!world_.inject(to, link, from, bytes)) return;
  checker_.judge().broken(world_.now(), "M11: node {} took a packet of the adversary ({})", to, name(f.kind));
}

bool Story::attack(const Fault& f) {
  const auto& recordings = world_.recordings();
  if (f.kind == FaultKind::forged_hint) {
    if (!world_.is_running(f.node) || world_.is_asleep(f.node) || f.node == f.other) return false;
    for (int i = 0; i < 10; ++i) world_.input(f.node, stack::Unreachable{LinkId{f.link}, world_.address(f.other, f.link)});
    return true;
  }
  if (recordings.empty()) return false;
  bool struck = false;
  const auto aim = [&](const Recording& r) {
    const auto& source = world_.address(r.from, r.link);
    const bool same_starts = r.from_boot == world_.boot(r.from) && r.to_boot == world_.boot(r.to);
    auto bytes = *r.bytes;
    const auto other_link = static_cast<std::uint8_t>((r.link + 1) % cast_.world.links);
    const auto third = static_cast<std::uint32_t>(1 + r.to % world_.nodes());
    Rng own(f.amount);
    switch (f.kind) {
      // What is on its way may come first: only what was delivered is a replay.
      case FaultKind::replay_at_once: if (!r.was_delivered || !same_starts) return; break;
      // A receiver that has not seen the sender restart may still get for the first time what was under way.
      case FaultKind::replay_of_earlier_start: if (same_starts || (!r.was_delivered && r.to_boot == world_.boot(r.to))) return; break;
      case FaultKind::replay_on_other_link:
        if (other_link == r.link || !is_for_one_link(bytes)) return;
        struck = true;
        return intrude(f, r.to, other_link, world_.address(r.from, other_link), bytes);
      case FaultKind::replay_from_elsewhere: {
        auto elsewhere = source;
        ++elsewhere.port;
        struck = true;
        return intrude(f, r.to, r.link, elsewhere, bytes);
      }
      case FaultKind::replay_to_other:
        if (third == r.to || third == r.from || !is_for_one(bytes)) return;
        struck = true;
        return intrude(f, third, r.link, source, bytes);
      case FaultKind::reflect: struck = true; return intrude(f, r.from, r.link, world_.address(r.to, r.link), bytes);
      case FaultKind::garbage:
        for (std::size_t i = f.amount % 2 == 0 ? 0 : 8; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(own.next());
        break;
      case FaultKind::truncated: bytes.resize(own.below(bytes.size())); break;
      case FaultKind::bit_flip: bytes[own.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << own.below(8)); break;
      default: return;
    }
    struck = true;
    intrude(f, r.to, r.link, source, bytes);
  };
  // By index: injecting makes traffic, and traffic is recorded.
  for (std::size_t i = 0; i < 20; ++i) {
    const auto recording = recordings[(f.amount + i * 37) % recordings.size()];
    aim(recording);
  }
  return struck;
}

}  // namespace relevo::sim
