// Hosts: processes and daemons that come and go, and the shell's part of performing what a controller says.
#include "resmgr/cib/apply.hpp"
#include "tests/sim_cluster/world.hpp"

namespace relevo::sim {
void World::start_host(Host& host) {
  if (host.up) return;
  say("host " + std::to_string(host.id.value) + " up");
  host.up = true;
  host.remembered.clear();  // nothing runs after a boot, and the list is not kept over one
  start_daemon(host);
  start_process(host);
}

void World::crash_host(Host& host) {
  if (!host.up) return;
  say("host " + std::to_string(host.id.value) + " dies");
  crash_process(host);
  host.agents->host_died();
  bus_.kill(host.id);
  host.up = false;
  ++topology_;
  repartition();
}

void World::start_daemon(Host& host) {
  bus_.start(host.id);
  if (host.process) bus_.connect(host.id);
  ++topology_;
  repartition();
}

void World::crash_daemon(Host& host) {
  if (!host.up || !bus_.at(host.id).up) return;
  say("daemon " + std::to_string(host.id.value) + " dies");
  if (!host.process && now_ < host.process_died + at_once) host.exempt_until = now_ + lease;
  bus_.kill(host.id);
  ++topology_;
  repartition();
  if (host.process) feed(host, controller::MembershipLost{"killed"});
  after(between(50, 1000), [this, &host] {
    if (host.up && !bus_.at(host.id).up) start_daemon(host);
  });
}

void World::start_process(Host& host) {
  if (!host.up || host.process) return;
  say("process " + std::to_string(host.id.value) + " starts");
  host.process = std::make_unique<Process>();
  host.process->generation = ++host.generation;
  host.waiting = false;
  controller::Started started;
  if (!host.disk.cib.empty()) {
    auto parsed = cib::Document::parse(host.disk.cib);
    if (!parsed) return violated("the disk's CIB cannot be read: " + parsed.error().message);
    started.cib = std::move(*parsed);
    started.lineage = host.disk.lineage;
  }
  started.instance = rng_.next();
  started.remembered = host.remembered;
  feed(host, std::move(started));
  if (bus_.at(host.id).up) bus_.connect(host.id);
}

void World::crash_process(Host& host) {
  if (!host.process) return;
  say("process " + std::to_string(host.id.value) + " dies");
  host.process.reset();
  host.agents->process_died(now_);
  host.process_died = now_;
  if (!bus_.at(host.id).up) host.exempt_until = now_ + lease;
  if (bus_.at(host.id).up) bus_.disconnect(host.id);
}

void World::feed(Host& host, controller::Input input) {
  if (!host.process || violation_) return;
  auto& process = *host.process;
  auto output = process.core.step(std::move(input), now_, wall());
  perform(host, output);
  if (!host.process) return;
  const bool synced = process.core.is_synced();
  if (synced && !std::exchange(process.was_synced, synced)) check_acked(host);
  process.was_synced = synced;
  arm(host);
}

void World::arm(Host& host) {
  const auto due = host.process->core.next_deadline();
  if (!due) return;
  const auto when = std::max(*due, now_ + std::chrono::microseconds(100));
  if (host.process->tick && *host.process->tick <= when && *host.process->tick > now_) return;
  host.process->tick = when;
  at(when, [this, &host, when, generation = host.generation] {
    if (!host.process || host.generation != generation || host.process->tick != when) return;
    host.process->tick.reset();
    if (host.process->may_renew) host.agents->renew(now_);
    feed(host, controller::Tick{});
  });
}

void World::perform(Host& host, controller::Output& output) {
  const auto generation = host.generation;
  host.process->may_renew = output.may_renew_leases;
  for (const auto& n : output.notes) say("  " + std::to_string(host.id.value) + ": " + n.text);
  if (output.persist) {
    after(between(1, 15), [this, &host, generation, persist = std::move(*output.persist)] {
      if (!host.process || host.generation != generation) return;
      host.disk = {persist.cib, persist.lineage};
      feed(host, controller::Stored{persist.ticket, {}});
    });
  }
  if (output.remember) host.remembered = *output.remember;
  auto& daemon = bus_.at(host.id);
  if (daemon.up && daemon.client) {
    if (output.join) bus_.send(host.id, Join{*daemon.client});
    for (auto& m : output.multicasts)
      bus_.send(host.id, groups::GroupMessage{controller::group_name, *daemon.client, m.guarantee, std::move(m.payload)});
    if (output.leave) bus_.send(host.id, Leave{{*daemon.client, groups::Reason::leave}});
  }
  for (const auto& command : output.commands) {
    if (const auto* execute = std::get_if<controller::Execute>(&command)) {
      say("  " + std::to_string(host.id.value) + " " + execute->operation.task + " " + execute->operation.resource);
      host.agents->execute(execute->operation, now_);
    } else if (const auto* cancel = std::get_if<controller::CancelRecurring>(&command)) {
      host.agents->cancel(cancel->resource, cancel->task, cancel->interval);
    } else {
      host.agents->stop_everything(now_);
    }
  }
  arm_agents(host);
  for (const auto& reply : output.replies) on_reply(host, reply);
}

void World::on_reply(Host& host, const controller::Reply& reply) {
  if (reply.connection != controller::ConnectionId(1)) return;  // a cleanup's
  host.waiting = false;
  if (reply.id == 1) {  // the first configuration
    configured_ = std::holds_alternative<cib::Version>(reply.answer);
    if (const auto* error = std::get_if<Error>(&reply.answer)) say("configuration refused: " + error->message);
    return;
  }
  if (!std::holds_alternative<cib::Version>(reply.answer)) return;
  host.acked = host.value;
  ++acknowledged_;
  say("  " + std::to_string(host.id.value) + " acked " + std::to_string(host.value));
}

void World::arm_agents(Host& host) {
  const auto next = host.agents->next();
  if (!next || (host.agent_tick && *host.agent_tick <= *next && *host.agent_tick > now_)) return;
  host.agent_tick = std::max(*next, now_ + std::chrono::microseconds(1));
  at(*host.agent_tick, [this, &host, when = *host.agent_tick] {
    if (host.agent_tick != when) return;
    host.agent_tick.reset();
    auto results = host.agents->advance(now_, wall());
    check_single(host);
    for (auto& result : results) {
      say("  " + std::to_string(host.id.value) + " done " + result.operation.task + " " + result.operation.resource +
          " rc " + std::to_string(result.rc));
      feed(host, std::move(result));
    }
    if (host.up) arm_agents(host);
  });
}

void World::drain_inbox(Host& host) {
  auto& inbox = bus_.at(host.id).inbox;
  // A local client lags behind its daemon by some events.
  for (auto n = rng_.below(8); n > 0 && !inbox.empty() && host.process && !violation_; --n) {
    auto handed = std::move(inbox.front());
    inbox.pop_front();
    const auto place = Handed{controller::Tick{}, handed.ring, handed.place, handed.is_message, handed.parting};
    feed(host, std::move(handed.input));
    if (place.is_message) check_digest(host, place);
  }
}

void World::bus_turn() {
  bus_.turn();
  for (auto& [id, host] : hosts_) drain_inbox(host);
  after(Duration(rng_.between(200'000, 1'500'000)), [this] { bus_turn(); });
}

}  // namespace relevo::sim
