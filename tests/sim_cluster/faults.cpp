// What goes wrong, and what clients ask for meanwhile.
#include <fmt/core.h>

#include <algorithm>

#include "tests/sim_cluster/world.hpp"

namespace relevo::sim {
namespace {

cib::Operation modify(const std::string& target, const std::string& xml) {
  cib::Operation op;
  op.verb = cib::Verb::modify;
  op.target = target;
  op.xml = xml;
  op.allow_create = true;
  return op;
}

std::string property_xml(const std::string& name, const std::string& value) {
  return fmt::format(
      R"(<crm_config><cluster_property_set id="cib-bootstrap-options"><nvpair id="cib-bootstrap-options-{0}" name="{0}" value="{1}"/></cluster_property_set></crm_config>)",
      name, value);
}

}  // namespace

std::vector<NodeId> World::live() const {
  std::vector<NodeId> ids;
  for (const auto& [id, daemon] : bus_.daemons())
    if (daemon.up) ids.push_back(id);
  return ids;
}

/// Everyone who can reach each other becomes one ring, after each side has noticed in its own time.
void World::repartition() {
  std::map<int, std::vector<NodeId>> sides;
  for (const auto id : live()) sides[part_[id]].push_back(id);
  // A process that died just before its host was cut off stops nothing: its leases have to end.
  for (auto& [id, host] : hosts_)
    if (host.up && !host.process && now_ < host.process_died + at_once)
      host.exempt_until = std::max(host.exempt_until, host.process_died + lease);
  for (const auto& [side, members] : sides) {
    std::set<RingId> rings;
    for (const auto id : members) rings.insert(bus_.at(id).ring->id);
    const bool same = rings.size() == 1 && bus_.at(members.front()).ring->members == members;
    if (same && !bus_.at(members.front()).ring->frozen) continue;
    for (const auto id : members) {
      const auto& ring = *bus_.at(id).ring;
      const auto reachable = [&](NodeId other) {
        return std::find(members.begin(), members.end(), other) != members.end();
      };
      if (!std::all_of(ring.members.begin(), ring.members.end(), reachable)) bus_.freeze(id);
    }
    reform_later(members, between(30, 150));
  }
}

void World::reform_later(std::vector<NodeId> members, Duration delay) {
  after(delay, [this, members = std::move(members), topology = topology_] {
    if (topology != topology_) return;  // something else changed meanwhile: that change brings its own rings
    say(fmt::format("ring of {}", members.size()));
    bus_.reform(members);
  });
}

void World::heal() {
  say("healed");
  for (auto& [id, side] : part_) side = 0;
  ++topology_;
  repartition();
}

void World::one_fault() {
  auto& host = hosts_.at(NodeId(static_cast<std::uint32_t>(rng_.below(plan_.nodes) + 1)));
  const auto dice = rng_.below(100);
  if (dice < 20) {
    if (live().size() * 2 > plan_.nodes + 1) crash_host(host);  // somebody is left to tell the tale
    after(between(500, 4000), [this, &host] { start_host(host); });
  } else if (dice < 40) {
    for (auto& [id, side] : part_) side = static_cast<int>(rng_.below(2));
    say("partition");
    ++topology_;
    repartition();
    after(between(300, 4000), [this] { heal(); });
  } else if (dice < 60) {
    crash_process(host);
    const auto back = rng_.chance(1, 4) ? between(2500, 6000) : between(20, 500);
    after(back, [this, &host] { start_process(host); });
  } else if (dice < 75) {
    crash_daemon(host);
  } else if (dice < 90) {
    host.agents->break_resource(fmt::format("r{}", rng_.below(resource_count)));
  } else {
    for (auto& [id, one] : hosts_)
      if (one.process) {
        feed(one, controller::ClientRequest{controller::ConnectionId(2), ++last_request_ + 1000,
                                            controller::CleanupRequest{"", "", rng_.chance(1, 2)}});
        break;
      }
  }
}

void World::ask_change(Host& host) {
  if (!host.process || host.waiting) return;
  host.waiting = true;
  ++host.value;
  cib::Change change;
  change.operations.push_back(
      modify("crm_config", property_xml(fmt::format("sim-{}", host.id), std::to_string(host.value))));
  feed(host, controller::ClientRequest{controller::ConnectionId(1), ++last_request_ + 1000,
                                       controller::ApplyRequest{std::move(change)}});
}

void World::configure() {
  if (configured_) return;
  cib::Change change;
  change.operations.push_back(modify("crm_config", property_xml("stonith-enabled", "false")));
  if (plan_.plant_bug) change.operations.push_back(modify("crm_config", property_xml("relevo-guard-time", "0")));
  std::string resources;
  for (int i = 0; i < resource_count; ++i) {
    resources += fmt::format(
        R"(<primitive id="r{0}" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="r{0}-meta"><nvpair id="r{0}-sticky" name="resource-stickiness" value="10"/></meta_attributes><operations><op id="r{0}-monitor" name="monitor" interval="1s" timeout="5s"/></operations></primitive>)",
        i);
  }
  change.operations.push_back(modify("resources", "<resources>" + resources + "</resources>"));
  auto& host = hosts_.begin()->second;
  host.waiting = true;
  feed(host, controller::ClientRequest{controller::ConnectionId(1), 1, controller::ApplyRequest{std::move(change)}});
  after(std::chrono::seconds(2), [this] { configure(); });
}

}  // namespace relevo::sim
