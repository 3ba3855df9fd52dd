// The course of a run: hosts start, faults strike and clients talk, then peace, in which everything must come right.
#include "tests/sim_stack/story.hpp"

#include <algorithm>

#include "tests/sim_stack/story_run.hpp"

namespace relevo::sim {

namespace {
constexpr Duration peace_limit = 30s;
/// After the ring of all there may be one more, where two had just begun to merge.
constexpr unsigned rings_in_calm = 1;
}  // namespace

Story::Story(std::uint64_t seed, Coverage& coverage, const RunOptions& options)
    : coverage_(coverage), options_(options), seed_(seed), rng_(seed * 7919), chat_rng_(seed * 104729 + 1),
      cast_(draw_cast(rng_, seed, options.plant, coverage)), world_(cast_.world), checker_(world_, coverage, options.plant) {
  world_.observe(&checker_);
  world_.trace = options.trace;
  begin_ = world_.now();
  auto& views = checker_.views;
  views.two_node = cast_.two_node;
  views.wait_for_all = cast_.wait_for_all;
  views.least_expected = cast_.least_expected != 0 ? cast_.least_expected : cast_.total_votes;
  const auto& totem = world_.config(1).totem;
  views.stale_bound = 12 * totem.link_timeout + totem.token + totem.consensus;
  checker_.on_rejected = [this](std::uint32_t node, stack::ClientId client, std::uint64_t tag) {
    if (tag != 0) checker_.groups.refused({node, world_.boot(node), client}, tag);
  };
}

std::set<std::uint32_t> Story::everyone() const {
  std::set<std::uint32_t> all;
  for (std::uint32_t n = 1; n <= world_.nodes(); ++n) all.insert(n);
  return all;
}

std::set<std::uint32_t> Story::insiders() const {
  std::set<std::uint32_t> all;
  for (const auto& node : world_.config(newest_file()).nodes) all.insert(node.id.value);
  all.erase(cast_.stranger);
  return all;
}

std::uint32_t Story::newest_file() const {
  std::uint32_t best = 1;
  for (const auto node : everyone())
    if (world_.config(node).totem.config_version > world_.config(best).totem.config_version) best = node;
  return best;
}

/// Seconds since 1970 as an exact clock shows them.
std::int64_t Story::wall() const { return 1'700'000'000 + to_ms(world_.now().time_since_epoch()) / 1000; }

/// In peace, too, there is an operator: who is down is started with the newest file.
void Story::tend() {
  if (!at_peace_) return;
  const auto newest = newest_file();
  for (const auto node : insiders()) {
    if (world_.is_running(node)) continue;
    if (node != newest) world_.copy_file(newest, node);
    boot(node);
  }
  if (cast_.stranger != 0) boot(cast_.stranger);
  // Who was removed while out of reach does not know it.
  for (const auto node : everyone())
    if (!insiders().contains(node) && node != cast_.stranger && world_.is_running(node)) world_.leave(node);
  // A rotation that a full disk stopped is asked for again.
  const auto asker = *insiders().begin();
  if (world_.is_running(asker) && !world_.is_asleep(asker) && world_.status(asker).keys.state == "failed")
    world_.input(asker, stack::RotateKey{++keys_asked_, true, wall()});
  world_.at(world_.now() + 500ms, [this] { tend(); });
}

void Story::later(Duration after, std::function<void()> task) {
  world_.at(world_.now() + after, [this, task = std::move(task)] {
    if (!at_peace_) task();
  });
}

void Story::open() {
  for (const auto node : everyone())
    if (!rng_.chance(1, 6)) later(Duration{rng_.between(0, 200'000'000)}, [this, node] { boot(node); });
}

void Story::schedule(const std::vector<Fault>& faults) {
  for (const auto& fault : faults)
    world_.at(begin_ + fault.at, [this, fault] {
      if (!at_peace_ && !checker_.broken()) apply(fault);
    });
}

void Story::schedule_chatter() {
  later(Duration{chat_rng_.between(1, cast_.chat_gap.count() * 2)}, [this] {
    chatter();
    schedule_chatter();
  });
}

/// Goes on in peace, too.
void Story::schedule_look() {
  world_.at(world_.now() + 250ms, [this] {
    checker_.views.look(world_.now());
    if (checker_.broken()) world_.stop();
    schedule_look();
  });
}

void Story::make_peace() {
  at_peace_ = true;
  world_.heal();
  world_.network(Network{});
  for (const auto node : everyone()) {
    world_.pause(node, false);
    world_.crash_while_sending(node, false);
    world_.slow_disk(node, {});
    world_.fill_disk(node, false);
    world_.refuse_changes(node, false);
  }
  if (auto* arbiter = world_.arbiter(); arbiter != nullptr) {
    arbiter->mend();
    arbiter->fill_disk(false);
    arbiter->start();
  }
  tend();
}

std::optional<std::string> Story::not_whole() const {
  if (!world_.is_one_ring(insiders())) return "no ring of all";
  for (const auto node : insiders())
    if (world_.is_asleep(node)) return fmt::format("node {} does not run yet", node);
  for (const auto node : insiders())
    if (!world_.status(node).quorum.quorate) return fmt::format("node {} is not quorate: {}", node, world_.status(node).quorum.reason);
  for (const auto node : insiders()) {
    const auto& status = world_.status(node);
    if (status.keys.state != "settled") return fmt::format("the keys of node {} are {}: {}", node, status.keys.state, status.keys.problem);
  }
  if (const auto owed = checker_.groups.owed(); owed > 0) return fmt::format("{} accepted messages have not come back", owed);
  return std::nullopt;
}

/// L1, L3, L4: one ring of all, quorate, everything delivered; and from then on nothing changes.
std::optional<std::string> Story::settle() {
  const bool whole = world_.run_until([&] { return !not_whole(); }, peace_limit);
  if (!whole) return fmt::format("{} within {} s of peace", not_whole().value_or("time stood still"), to_ms(peace_limit) / 1000);
  checker_.views.expect_calm(rings_in_calm);
  world_.run(world_.nodes() > 16 ? 300ms : 1s);
  checker_.views.allow_any_number();
  return not_whole();
}

void Story::count_what_happened() {
  const auto& deeds = world_.net().deeds;
  coverage_.hit("packet: lost", deeds.lost);
  coverage_.hit("packet: copied", deeds.copied);
  coverage_.hit("packet: corrupted", deeds.corrupted);
  coverage_.hit("packet: late", deeds.straggled);
  coverage_.hit("packet: into a cut", deeds.cut);
  coverage_.hit("packet: too large for the path", deeds.too_large);
  for (const auto node : everyone())
    if (world_.is_running(node)) coverage_.add_counters(world_.status(node).counters);
}

Outcome Story::run() {
  auto faults = options_.faults ? *options_.faults : draw_faults(rng_.fork(3), world_.nodes(), cast_.world.links, cast_.length);
  open();
  schedule(faults);
  schedule_chatter();
  schedule_look();
  world_.run(cast_.length);
  std::optional<std::string> stuck;
  if (!checker_.broken()) {
    make_peace();
    stuck = settle();
  }
  if (!stuck && !checker_.broken()) checker_.groups.finish();
  count_what_happened();
  Outcome outcome{.code = 0, .text = {}, .digest = world_.digest(), .faults = std::move(faults)};
  if (const auto broken = checker_.broken() ? checker_.broken() : world_.broken()) {
    outcome.code = 5;
    outcome.text = *broken;
  } else if (stuck) {
    outcome.code = 4;
    outcome.text = *stuck;
  } else {
    outcome.text = fmt::format("{} nodes, {} faults, {} packets, {} messages, {} views, {} configurations, stale quorum {} ms",
                               world_.nodes(), outcome.faults.size(), world_.packets(), checker_.groups.messages(),
                               checker_.groups.views(), checker_.views.configurations(), to_ms(checker_.views.longest_stale()));
  }
  return outcome;
}

Outcome run_story(std::uint64_t seed, Coverage& coverage, const RunOptions& options) { return Story(seed, coverage, options).run(); }

}  // namespace relevo::sim
