// The promises, checked while the cluster runs and when all is quiet again.
#include <fmt/core.h>

#include "resmgr/controller/digest.hpp"
#include "tests/sim_cluster/world.hpp"

namespace relevo::sim {

void World::say(const std::string& what) {
  const auto line = fmt::format("{:9.3f} {}\n", static_cast<double>(now_.time_since_epoch().count()) / 1e9, what);
  trace_digest_ = controller::fingerprint(line, trace_digest_);
  if (plan_.trace) fmt::print("{}", line);
}

void World::violated(const std::string& what) {
  say("VIOLATION " + what);
  if (!violation_) violation_ = what;
}

/// Without fencing too: a node that is cut off has stopped before another one starts. Where both daemons of a living
/// host died at once, the leases of its addresses have to end first.
void World::check_single(Host& host) {
  for (const auto& [resource, running] : host.agents->running()) {
    for (auto& [id, other] : hosts_) {
      if (id == host.id || !other.up || now_ < other.exempt_until || now_ < host.exempt_until) continue;
      other.agents->expire(now_);
      if (other.agents->running().contains(resource))
        violated(fmt::format("{} runs on {} and on {}", resource, host.id, id));
    }
  }
  if (!host.agents->running().empty()) ++starts_seen_;
}

/// The same message at the same place gives the same state.
void World::check_digest(Host& host, const Handed& handed) {
  if (!host.process || !host.process->core.is_synced()) return;
  const auto digest = host.process->core.digest();
  const auto [known, fresh] = digests_.try_emplace({handed.ring, handed.place, handed.parting}, digest);
  if (!fresh && known->second != digest)
    violated(fmt::format("node {} differs after message {} of ring {}", host.id, handed.place, to_string(handed.ring)));
}

/// Whoever comes in sync where changes are accepted knows all that was acknowledged.
void World::check_acked(Host& host) {
  const auto snapshot = host.process->core.snapshot();
  if (!snapshot.quorate || snapshot.cib.find("have-quorum=\"1\"") == std::string::npos) return;
  for (const auto& [id, other] : hosts_) {
    if (other.acked == 0) continue;
    const auto key = fmt::format("name=\"sim-{}\" value=\"", id);
    const auto found = snapshot.cib.find(key);
    std::uint64_t value = 0;
    for (auto i = found + key.size(); found != std::string::npos && snapshot.cib[i] != '"'; ++i)
      value = value * 10 + static_cast<std::uint64_t>(snapshot.cib[i] - '0');
    if (value < other.acked)
      violated(fmt::format("node {} has {} of node {}'s changes, {} were acknowledged", host.id, value, id, other.acked));
  }
}

void World::check_end() {
  std::optional<std::string> digest;
  for (auto& [id, host] : hosts_) {
    if (!host.process) return violated(fmt::format("node {} has no process at the end", id));
    const auto snapshot = host.process->core.snapshot();
    if (!snapshot.synced) return violated(fmt::format("node {} is not in sync at the end", id));
    if (!snapshot.idle) violated(fmt::format("node {} is not idle at the end", id));
    if (digest && *digest != host.process->core.digest()) violated("the states differ at the end");
    digest = host.process->core.digest();
    check_acked(host);
    host.agents->expire(now_);
  }
  for (int i = 0; i < resource_count; ++i) {
    int copies = 0;
    for (const auto& [id, host] : hosts_) copies += host.agents->running().contains(fmt::format("r{}", i)) ? 1 : 0;
    if (copies != 1) violated(fmt::format("r{} runs {} times at the end", i, copies));
  }
}

}  // namespace relevo::sim
