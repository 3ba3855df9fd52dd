// The patience with which missing frames are asked for.
#include "membership/totem/gaps.hpp"

#include <algorithm>

namespace relevo::totem {
namespace {
constexpr std::uint64_t visits_under_way = 3;  // from asking until the frame may be asked for again
constexpr std::size_t most_visits = 64;
}  // namespace

void Gaps::visit(MessageSeq seq, Instant now, std::uint32_t miss_count, Duration patience) {
  ++count_;
  for (const auto& past : visits_)
    if (now - past.at >= patience) ripe_ = std::max(ripe_, past.seq);
  visits_.push_back({seq, now});
  const auto keep = std::clamp<std::size_t>(miss_count, 1, most_visits);
  while (visits_.size() > keep) visits_.pop_front();
  if (visits_.size() == keep) ripe_ = std::max(ripe_, visits_.front().seq);
}

bool Gaps::ask(MessageSeq seq, Instant now, Duration patience) {
  const auto [found, is_new] = asked_.try_emplace(seq, Asked{count_, now});
  if (is_new) return true;
  if (count_ - found->second.visit < visits_under_way && now - found->second.at < patience) return false;
  found->second = {count_, now};
  return true;
}

void Gaps::forget(MessageSeq aru) { asked_.erase(asked_.begin(), asked_.upper_bound(aru)); }

}  // namespace relevo::totem
