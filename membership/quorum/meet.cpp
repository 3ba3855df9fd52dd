// Members of one ring with configurations of different age: what they count by until all have the same file. Each
// computes the same from what all have said, so all see the same numbers from the first view of the ring on.
#include <algorithm>
#include <tuple>

#include "membership/quorum/quorum.hpp"

namespace relevo::quorum {

const Options* newest_options(const std::map<NodeId, Info>& members) {
  struct Party {
    const Options* options;
    bool quorate = false;
    std::size_t size = 0;
  };
  std::vector<Party> parties;  // by their smallest member
  for (const auto& [node, info] : members) {
    if (info.options.votes.empty()) continue;
    if (!parties.empty() && info.options.version < parties.front().options->version) continue;
    if (!parties.empty() && info.options.version > parties.front().options->version) parties.clear();
    auto its = std::ranges::find_if(parties, [&](const Party& p) { return *p.options == info.options; });
    if (its == parties.end()) its = parties.insert(its, Party{&info.options});
    its->quorate = its->quorate || info.quorate;
    ++its->size;
  }
  const Party* best = nullptr;
  for (const auto& party : parties)
    if (best == nullptr || std::tie(party.quorate, party.size) > std::tie(best->quorate, best->size)) best = &party;
  return best == nullptr ? nullptr : best->options;
}

void Quorum::adopt(const Options& ring) {
  if (ring == options_) return;
  options_ = ring;
  if (!options_.wait_for_all) waiting_ = false;
}

/// What it says itself is by its own configuration, which may be an older one.
std::uint32_t Quorum::votes_of(NodeId node, const Info& info) const {
  if (info.options.votes.empty()) return info.votes;
  const auto its = options_.votes.find(node);
  return its == options_.votes.end() ? 0 : its->second;
}

/// After all bases of the ring have been learned: is one of them that of the newest configuration? It need not be, when
/// those who have it have started anew with it. Then both rules must be satisfied until a proposal settles the new one.
void Quorum::catch_up() {
  if (bases_.settled.epoch == 0 && bases_.settled.version == options_.version) bases_.settled = configured_basis(options_);
  if (bases_.latest().version >= options_.version) return;
  auto next = rebased(false, false);
  if (same_content(next, bases_.latest())) return;
  bases_.add_open(std::move(next));
}

void Quorum::take_over(const Options& fresh) {
  // The last sync has told the options already, and what has been decided since by the order of the ring holds.
  if (fresh.version <= options_.version) return;
  reconfigure(fresh, false);
}

}  // namespace relevo::quorum
