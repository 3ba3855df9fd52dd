// The rule by which a ring finds its configuration; see settle.hpp.
#include "membership/reload/settle.hpp"

#include <algorithm>
#include <tuple>

namespace relevo::reload {
namespace {

struct Party {
  bool quorate = false;
  std::size_t size = 0;
  NodeId smallest;
};

bool stronger(const Party& a, const Party& b) {
  return std::tuple(a.quorate, a.size, b.smallest) > std::tuple(b.quorate, b.size, a.smallest);
}

}  // namespace

Settlement settle(const std::map<NodeId, Standpoint>& members) {
  std::uint64_t newest = 0;
  for (const auto& [node, its] : members) newest = std::max(newest, its.in_force.version);
  std::map<std::uint64_t, Party> parties;  // by digest
  for (const auto& [node, its] : members) {
    if (its.in_force.version != newest) continue;
    auto& party = parties.try_emplace(its.in_force.digest, Party{false, 0, node}).first->second;
    party.quorate = party.quorate || its.quorate;
    ++party.size;
  }
  auto best = parties.begin();
  for (auto i = parties.begin(); i != parties.end(); ++i)
    if (stronger(i->second, best->second)) best = i;
  Settlement out;
  if (best == parties.end()) return out;
  out.in_force = {newest, best->first};
  out.teller = best->second.smallest;
  for (const auto& [node, its] : members) {
    if (its.in_force.version < newest) out.stale = true;
    if (its.in_force.version == newest && its.in_force.digest != best->first && !out.clash) out.clash = node;
  }
  return out;
}

}  // namespace relevo::reload
