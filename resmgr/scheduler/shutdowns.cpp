// Phase 3e: nodes that asked to leave are told that they may, once nothing is left on them.
#include "resmgr/scheduler/phases.hpp"

namespace relevo::scheduler {

void add_shutdowns(const Question& question, Actions& actions) {
  for (NodeIndex n = 0; n < question.state.nodes.size(); ++n) {
    const model::Node& node = question.node(n);
    if (!node.shutdown || !node.online) continue;
    Step shutdown;
    shutdown.kind = ActionKind::shutdown;
    shutdown.node = n;
    shutdown.task = "do_shutdown";
    shutdown.required = true;
    shutdown.reason = "it asked to leave";
    const std::size_t before = actions.steps.size();
    const StepIndex index = actions.add(std::move(shutdown));
    for (StepIndex i = 0; i < before; ++i)
      if (actions.steps[i].node == n && actions.steps[i].task == "stop")
        actions.link(i, index, edge::ordered | edge::unrunnable_blocks);
  }
}

}  // namespace relevo::scheduler
