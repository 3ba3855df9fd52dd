// What operators do to keys, configuration and arbiter while the cluster runs.
#include "tests/sim_stack/story_run.hpp"

namespace relevo::sim {

/// `force`: also when nodes are away.
bool Story::rotate(const Fault& f, bool force) {
  // Wall clocks differ by up to a minute, and one of them may be behind the last key.
  world_.input(f.node, stack::RotateKey{++keys_asked_, force, wall() + static_cast<std::int64_t>(f.amount % 120) - 60});
  return true;
}

/// Timers, because every node must take part and nothing else of the run depends on them.
bool Story::change(const Fault& f) {
  auto next = world_.setup();
  ++next.version;
  const auto cut_at = next.totem.find(" join:");
  if (cut_at != std::string::npos) next.totem.erase(cut_at);
  next.totem += fmt::format(" join: {}\n max_messages: {}\n", 20 + f.amount % 60, 5 + f.amount % 30);
  world_.setup().version = next.version;
  if (!world_.propose(f.node, config_text(next))) return false;
  world_.setup() = next;
  return true;
}

bool Story::remove(const Fault& f) {
  auto next = world_.setup();
  if (next.nodes.size() < 4 || f.other == f.node || f.other == cast_.stranger || !next.nodes.contains(f.other) || cast_.stranger != 0) return false;
  ++next.version;
  next.nodes.erase(f.other);
  auto& views = checker_.views;
  views.wait_for_all = false;
  views.least_expected = 1;  // the votes of the smaller list; commands before it make the exact number a riddle
  world_.setup().version = next.version;
  if (!world_.propose(f.node, config_text(next))) return false;
  world_.setup() = next;
  return true;
}

bool Story::apply_to_operators(const Fault& f) {
  if (!world_.is_running(f.node) || world_.is_asleep(f.node)) return false;
  switch (f.kind) {
    case FaultKind::rotate_key: return rotate(f, false);
    case FaultKind::rotate_key_with_force: return rotate(f, true);
    case FaultKind::rotate_and_crash:
      later(f.span, [this, node = f.other] { shut(node, 50ms); });
      return rotate(f, true);
    case FaultKind::change_timers: return change(f);
    case FaultKind::change_refused:
      world_.refuse_changes(f.other, true);
      later(f.span, [this, node = f.other] { world_.refuse_changes(node, false); });
      return change(f);
    case FaultKind::change_and_crash:
      later(f.span, [this, node = f.other] { shut(node, 50ms); });
      return change(f);
    case FaultKind::remove_node: return remove(f);
    case FaultKind::ask_to_leave:
      later(f.span, [this, node = f.other] { boot(node); });
      return !world_.ask(f.node, stack::AskToLeave{NodeId{f.other}}).refused;
    default: return false;
  }
}

bool Story::apply_to_arbiter(const Fault& f) {
  auto* arbiter = world_.arbiter();
  if (arbiter == nullptr) return false;
  const auto restart = [&] {
    arbiter->crash();
    later(f.span, [arbiter] { arbiter->start(); });
  };
  switch (f.kind) {
    case FaultKind::arbiter_crash: restart(); return true;
    case FaultKind::arbiter_without_record:
      restart();
      arbiter->lose_record();
      return true;
    case FaultKind::arbiter_torn_record:
      restart();
      arbiter->break_record();
      return true;
    case FaultKind::arbiter_unreachable:
      arbiter->cut(f.node);
      later(f.span, [arbiter] { arbiter->mend(); });
      return true;
    case FaultKind::arbiter_disk_full:
      arbiter->fill_disk(true);
      later(f.span, [arbiter] { arbiter->fill_disk(false); });
      return true;
    default: return false;
  }
}

}  // namespace relevo::sim
