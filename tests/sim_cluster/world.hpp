// A whole cluster in one thread under virtual time: controllers, a perfect bus, agents, disks, and faults from one seed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "resmgr/controller/controller.hpp"
#include "tests/sim_cluster/agents.hpp"
#include "tests/sim_cluster/bus.hpp"

namespace relevo::sim {

struct Plan {
  std::uint64_t seed = 1;
  std::size_t nodes = 3;
  Duration chaos = std::chrono::seconds(20);
  Duration quiet = std::chrono::seconds(25);
  bool trace = false;
  bool plant_bug = false;  ///< nobody waits for a lost node: the checks must find it
};

/// One relevo-resmgrd.
struct Process {
  controller::Controller core;
  std::uint64_t generation = 0;
  bool may_renew = false;
  std::optional<Instant> tick;
  bool was_synced = false;
};

struct Disk {
  std::string cib;
  std::uint64_t lineage = 0;
};

struct Host {
  NodeId id;
  bool up = false;
  std::unique_ptr<Process> process;
  std::uint64_t generation = 0;
  Disk disk;
  std::vector<executor::Operation> remembered;
  std::unique_ptr<Agents> agents;
  std::optional<Instant> agent_tick;
  Instant process_died, exempt_until;  ///< both daemons died at once: its leases may outlive them
  // The client of this host: one change at a time, each with a greater value of its own property.
  std::uint64_t value = 0, acked = 0;
  bool waiting = false;
};

class World {
 public:
  explicit World(Plan plan);
  /// The first broken promise, or nothing.
  std::optional<std::string> run();
  [[nodiscard]] std::uint64_t trace_digest() const { return trace_digest_; }
  [[nodiscard]] std::size_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::size_t starts_seen() const { return starts_seen_; }

 private:
  // ---- time
  void at(Instant when, std::function<void()> what);
  void after(Duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }
  void advance_to(Instant end);
  [[nodiscard]] WallTime wall() const { return {1'800'000'000 + to_ms(now_.time_since_epoch()) / 1000}; }
  [[nodiscard]] Duration between(std::int64_t low_ms, std::int64_t high_ms);

  // ---- hosts (hosts.cpp)
  void start_host(Host& host);
  void crash_host(Host& host);
  void start_process(Host& host);
  void crash_process(Host& host);
  void start_daemon(Host& host);
  void crash_daemon(Host& host);
  void feed(Host& host, controller::Input input);
  void perform(Host& host, controller::Output& output);
  void on_reply(Host& host, const controller::Reply& reply);
  void drain_inbox(Host& host);
  void arm(Host& host);
  void arm_agents(Host& host);
  void bus_turn();

  // ---- faults (faults.cpp)
  void one_fault();
  void repartition();
  void heal();
  void reform_later(std::vector<NodeId> members, Duration delay);
  void ask_change(Host& host);
  void configure();

  // ---- checks (checks.cpp)
  void check_single(Host& host);
  void check_digest(Host& host, const Handed& handed);
  void check_acked(Host& host);
  void check_end();
  void violated(const std::string& what);
  void say(const std::string& what);
  [[nodiscard]] std::vector<NodeId> live() const;

  Plan plan_;
  Rng rng_;
  Bus bus_;
  Instant now_{};
  std::multimap<Instant, std::function<void()>> events_;
  std::map<NodeId, Host> hosts_;
  std::map<NodeId, int> part_;  ///< which side of the network a host is on
  std::uint64_t topology_ = 0;  ///< counts changes of who reaches whom
  std::map<std::tuple<RingId, std::size_t, std::uint64_t>, std::string> digests_;
  std::optional<std::string> violation_;
  std::uint64_t trace_digest_ = 0xcbf29ce484222325ULL;
  std::size_t acknowledged_ = 0, starts_seen_ = 0;
  std::uint64_t last_request_ = 0;
  bool configured_ = false;
};

inline constexpr int resource_count = 3;
/// A process and its host's link that end within this time end together, as far as the others can tell.
inline constexpr auto at_once = std::chrono::milliseconds(700);

}  // namespace relevo::sim
