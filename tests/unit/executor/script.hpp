// A core under virtual time, with a transcript of what it does: the tests of the executor read as scripts.
#pragma once

#include <string>
#include <vector>

#include "resmgr/executor/core.hpp"

namespace relevo::executor::testing {

inline Operation operation(const std::string& resource, const std::string& task,
                           milliseconds interval = milliseconds(0)) {
  Operation op;
  op.resource = resource;
  op.klass = "ocf";
  op.provider = "pacemaker";
  op.type = "Dummy";
  op.task = task;
  op.interval = interval;
  return op;
}

inline Operation cancel_of(const std::string& resource, const std::string& task, milliseconds interval) {
  auto op = operation(resource, "cancel", interval);
  op.meta["operation"] = task;
  return op;
}

class Script {
 public:
  Core core{CoreOptions{"n1", "1", {}}};
  Instant now{std::chrono::seconds(100)};
  std::vector<Spawn> spawned;
  std::vector<OperationResult> results;
  Output last;

  /// Steps and gives what happened: `run a start`, `kill 3`, `a start rc=0 done`.
  std::string feed(const Input& input) {
    last = core.step(input, now, WallTime{now.time_since_epoch() / std::chrono::seconds(1)});
    std::string text;
    for (const auto& effect : last.effects)
      text += (text.empty() ? "" : " | ") + std::visit([this](const auto& e) { return say(e); }, effect);
    return text;
  }
  std::string execute(const Operation& op) { return feed(Execute{op}); }
  std::string after(milliseconds time) {
    now += time;
    return feed(Tick{});
  }
  /// The newest (or a given) run ends.
  std::string done(int rc, std::uint64_t token = 0) {
    ChildDone d;
    d.token = token == 0 ? spawned.back().token : RunToken{token};
    d.exit_code = rc;
    return feed(d);
  }

 private:
  std::string say(const Spawn& spawn) {
    spawned.push_back(spawn);
    return "run " + spawn.environment.at("OCF_RESOURCE_INSTANCE") + " " + spawn.task;
  }
  static std::string say(const Kill& kill) { return "kill " + std::to_string(kill.token.value); }
  std::string say(const OperationResult& result) {
    results.push_back(result);
    return result.operation.resource + " " + result.operation.task + " rc=" + std::to_string(result.rc) +
           " status=" + std::to_string(static_cast<int>(result.status));
  }
};

}  // namespace relevo::executor::testing
