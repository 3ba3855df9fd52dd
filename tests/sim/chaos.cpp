// What befalls a cluster in a seeded run. The faults are drawn from the seed alone.
#include "tests/sim/chaos.hpp"

#include <algorithm>

#include "tests/sim/world.hpp"

namespace relevo::sim {
namespace {

/// How rough a run is: drawn once, so that some seeds are calm and some are hell.
struct Weather {
  std::uint64_t fault_every_ms = 100;
  std::uint64_t submit_every_us = 3000;
  std::uint64_t safe_percent = 30;
  std::uint64_t large_permille = 10;
  bool huge = false;
};

class Chaos {
 public:
  Chaos(std::uint64_t seed, Plant plant) : rng_(seed), weather_(draw_weather()), world_(draw_options(), seed + 1, plant) {}

  RunResult run(const std::function<void(const std::string&)>& trace) {
    world_.trace = trace;
    for (const auto id : world_.node_ids()) world_.at(Duration(rng_.between(0, 300'000'000)), [this, id] { world_.boot(id, true); });
    if (rng_.chance(1, 2)) world_.on_event = [this](NodeId node, const totem::Event& event) { strike_at(node, event); };
    schedule_fault();
    schedule_traffic();
    world_.run_for(duration_);
    if (!world_.violation()) make_peace();
    if (!world_.violation() && world_.is_whole()) world_.checker().finish();
    return judge();
  }

 private:
  Weather draw_weather() {
    Weather weather;
    weather.fault_every_ms = static_cast<std::uint64_t>(rng_.between(20, 500));
    weather.submit_every_us = static_cast<std::uint64_t>(rng_.between(500, 20000));
    weather.safe_percent = rng_.below(101);
    weather.large_permille = rng_.below(30);
    weather.huge = rng_.chance(1, 20);
    duration_ = Duration(rng_.between(1'500'000'000, 4'000'000'000));
    return weather;
  }

  WorldOptions draw_options() {
    WorldOptions options;
    options.nodes = rng_.chance(1, 20) ? 1 : 2 + rng_.below(6);
    auto& ring = options.ring;
    if (!rng_.chance(1, 10)) {  // the rest have the timers of the field
      ring.token = 200ms;
      ring.token_retransmit = 48ms;
      ring.hold = 28ms;
      ring.join = 20ms;
      ring.consensus = 240ms;
      ring.merge = 50ms;
    }
    ring.seqno_unchanged = static_cast<std::uint32_t>(rng_.between(3, 30));
    ring.miss_count = static_cast<std::uint32_t>(rng_.between(1, 5));
    if (rng_.chance(1, 4)) ring.window_size = static_cast<std::uint32_t>(rng_.between(2, 50));
    if (rng_.chance(1, 4)) ring.max_messages = static_cast<std::uint32_t>(rng_.between(1, 17));
    if (rng_.chance(1, 4)) ring.store_frames = static_cast<std::uint64_t>(rng_.between(100, 400));
    if (rng_.chance(1, 4)) ring.queue_bytes = 20000;
    options.delay.high = Duration(rng_.between(200'000, 3'000'000));
    if (rng_.chance(1, 2)) options.loss_permille = rng_.below(rng_.chance(1, 4) ? 150 : 30);
    if (rng_.chance(1, 2)) options.duplicate_permille = rng_.below(100);
    if (rng_.chance(1, 2)) options.straggle_permille = rng_.below(30);
    if (rng_.chance(1, 4)) options.detect_down.high = 1500ms;  // links that judge late
    if (rng_.chance(1, 4)) options.detect_up.high = 500ms;
    return options;
  }

  NodeId any_node() { return NodeId(static_cast<std::uint32_t>(1 + rng_.below(world_.options().nodes))); }

  void schedule_fault() {
    world_.at(Duration(rng_.between(1, static_cast<std::int64_t>(weather_.fault_every_ms) * 2'000'000)), [this] {
      if (at_peace_) return;
      fault();
      schedule_fault();
    });
  }

  void schedule_traffic() {
    world_.at(Duration(rng_.between(1, static_cast<std::int64_t>(weather_.submit_every_us) * 2'000)), [this] {
      if (at_peace_) return;
      const auto burst = rng_.chance(1, 50) ? rng_.below(40) : 1;
      for (std::uint64_t i = 0; i < burst; ++i) submit();
      schedule_traffic();
    });
  }

  void submit() {
    auto size = static_cast<std::size_t>(rng_.between(8, 200));
    if (rng_.chance(weather_.large_permille, 1000)) size = static_cast<std::size_t>(rng_.between(1300, 20000));
    if (weather_.huge && rng_.chance(1, 300)) size = static_cast<std::size_t>(rng_.between(100'000, 400'000));
    const bool safe = rng_.chance(weather_.safe_percent, 100);
    world_.submit(any_node(), size, safe ? groups::Guarantee::safe : groups::Guarantee::agreed);
  }

  void fault() {
    const auto node = any_node();
    const auto other = any_node();
    switch (rng_.below(14)) {
      case 0: return crash(node);
      case 1: return world_.is_alive(node) ? world_.crash_while_sending(node) : world_.boot(node, true);
      case 2:
      case 3: return world_.boot(node, !rng_.chance(1, 5));
      case 4: return partition();
      case 5:
      case 6: return world_.mend_all();
      case 7: return node == other ? void() : world_.cut(node, other, !rng_.chance(1, 4));
      case 8: return node == other ? void() : world_.mend(node, other);
      case 9: return pause(node);
      case 10: return node == other ? void() : world_.suspect(node, other, Duration(rng_.between(1'000'000, 800'000'000)));
      case 11: return leave(node);
      case 12: return node == other ? void() : world_.deafen(node, other, Duration(rng_.between(1'000'000, 900'000'000)));
      default: return burst_of_loss();
    }
  }

  /// The worst moments are when some have installed a ring and others have not yet.
  void strike_at(NodeId node, const totem::Event& event) {
    const auto* configuration = std::get_if<Configuration>(&event);
    if (at_peace_ || configuration == nullptr || configuration->members.size() < 2 || !rng_.chance(1, 6)) return;
    const auto kind = rng_.below(3);
    for (const auto other : configuration->members) {
      if (other == node || (kind == 1 && rng_.chance(1, 2))) continue;
      world_.cut(node, other, kind != 2);
      world_.cut(other, node, kind != 2);
    }
    world_.at(Duration(rng_.between(50'000'000, 600'000'000)), [this] { world_.mend_all(); });
  }

  /// Often comes back before the others have noticed.
  void crash(NodeId node) {
    if (!world_.is_alive(node)) return;
    world_.crash(node);
    if (rng_.chance(1, 2))
      world_.at(Duration(rng_.between(1'000'000, 200'000'000)), [this, node, keep = !rng_.chance(1, 4)] { world_.boot(node, keep); });
  }

  void leave(NodeId node) {
    if (!world_.is_alive(node)) return;
    world_.leave(node);
    world_.at(Duration(rng_.between(1'000'000, 400'000'000)), [this, node] { world_.boot(node, true); });
  }

  void pause(NodeId node) {
    world_.pause(node);
    world_.at(Duration(rng_.between(1'000'000, 700'000'000)), [this, node] { world_.resume(node); });
  }

  void partition() {
    std::vector<int> side;
    for (std::size_t i = 0; i <= world_.options().nodes; ++i) side.push_back(static_cast<int>(rng_.below(2)));
    for (const auto a : world_.node_ids())
      for (const auto b : world_.node_ids())
        if (a != b && side[a.value] != side[b.value]) world_.cut(a, b, true);
  }

  void burst_of_loss() {
    const auto usual = world_.options().loss_permille;
    if (usual >= 200) return;
    world_.options().loss_permille = 400;
    world_.at(Duration(rng_.between(1'000'000, 60'000'000)), [this, usual] { world_.options().loss_permille = usual; });
  }

  /// All alive, all connected, nothing lost any more: within a bounded time one ring and every message delivered.
  void make_peace() {
    at_peace_ = true;
    world_.options().loss_permille = 0;
    world_.options().detect_down = {5ms, 60ms};
    world_.options().detect_up = {5ms, 40ms};
    world_.mend_all();
    for (const auto id : world_.node_ids()) {
      world_.resume(id);
      world_.boot(id, true);
    }
    const auto limit = world_.now() + 30s;
    while (!world_.violation() && world_.now() < limit) {
      world_.run_for(100ms);
      if (world_.options().loss_permille == 0 && world_.is_whole()) break;
      world_.options().loss_permille = 0;  // a burst that ended may have put it back
    }
    peace_took_ = world_.now() - (limit - 30s);
    world_.run_for(1s);  // what was sent last reaches everybody, and the ring stays one
  }

  RunResult judge() {
    RunResult result;
    result.steps = world_.steps();
    result.deliveries = world_.checker().deliveries();
    result.configurations = world_.checker().configurations();
    if (const auto violation = world_.violation()) {
      result.verdict = Verdict::broken;
      result.what = *violation;
    } else if (!world_.is_whole()) {
      result.verdict = Verdict::no_progress;
      result.what = fmt::format("no single ring within 30 s of peace; {} messages owed", world_.checker().owed());
      for (const auto id : world_.node_ids()) {
        const auto view = world_.ring(id).view();
        result.what += fmt::format("; node {} {} on {} of {}", id, view.state, view.ring, view.members.size());
      }
    } else {
      result.what = fmt::format("{} nodes, {} deliveries, {} configurations, whole after {} ms", world_.options().nodes,
                                result.deliveries, result.configurations, to_ms(peace_took_));
    }
    return result;
  }

  Rng rng_;
  Duration duration_{};
  Weather weather_;
  World world_;
  bool at_peace_ = false;
  Duration peace_took_{};
};

}  // namespace

RunResult run_seed(std::uint64_t seed, Plant plant, const std::function<void(const std::string&)>& trace) {
  return Chaos(seed, plant).run(trace);
}

}  // namespace relevo::sim
