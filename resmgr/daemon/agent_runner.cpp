// See agent_runner.hpp.
#include "resmgr/daemon/agent_runner.hpp"

#include <map>
#include <utility>

#include "common/io/child.hpp"
#include "common/io/file.hpp"
#include "resmgr/executor/core.hpp"

namespace relevo::resmgr {
namespace {

using executor::ChildDone;
using executor::RunToken;

executor::CoreOptions core_options(const AgentRunnerOptions& options, const std::string& state_folder) {
  executor::CoreOptions core{options.node_name, options.node_id, options.environment};
  core.environment["HA_RSCTMP"] = state_folder;
  if (!options.root.prefix.empty()) core.environment["RELEVO_ROOT"] = options.root.prefix;
  if (options.lease.count() > 0) core.environment["RELEVO_LEASE_SECONDS"] = std::to_string(options.lease.count());
  return core;
}

ChildDone done_of(RunToken token, io::ChildResult result) {
  ChildDone done;
  done.token = token;
  done.started = result.started;
  done.timed_out = result.timed_out;
  done.exit_code = result.exit_code;
  done.signal = result.signal;
  done.out = std::move(result.out);
  done.err = std::move(result.err);
  done.error = std::move(result.error);
  done.run_time = result.run_time;
  return done;
}

}  // namespace

struct AgentRunner::Impl : std::enable_shared_from_this<AgentRunner::Impl> {
  Impl(io::Loop& l, AgentRunnerOptions o)
      : loop(l),
        options(std::move(o)),
        state_folder(options.root.prefix + "/run/resource-agents"),
        core(core_options(options, state_folder)),
        timer(l) {
    if (options.ocf_folders.empty()) options.ocf_folders = default_ocf_folders();
  }

  io::Loop& loop;
  AgentRunnerOptions options;
  std::string state_folder;
  executor::Core core;
  io::Timer timer;
  std::map<RunToken, std::unique_ptr<io::Child>> children;
  OnResult on_result;
  std::function<void(const Note&)> on_note;
  std::function<void()> on_actives_changed;
  std::function<void()> on_stopped;

  void step(const executor::Input& input) {
    auto out = core.step(input, loop.now(), loop.wall());
    for (auto& effect : out.effects) std::visit([this](auto& e) { perform(e); }, effect);
    for (auto& note : out.notes)
      deliver([note](Impl& self) {
        if (self.on_note) self.on_note(note);
      });
    if (out.actives_changed)
      deliver([](Impl& self) {
        if (self.on_actives_changed) self.on_actives_changed();
      });
    arm();
    if (on_stopped && !core.stopping()) deliver([](Impl& self) { self.say_stopped(); });
  }

  /// On a later turn: whoever hears it may call into this object again.
  void deliver(std::function<void(Impl&)> call) {
    loop.post([weak = weak_from_this(), call = std::move(call)] {
      if (const auto self = weak.lock()) call(*self);
    });
  }

  void say_stopped() {
    if (core.stopping()) return;
    if (const auto call = std::exchange(on_stopped, nullptr)) call();
  }

  void arm() {
    if (const auto next = core.next_deadline()) {
      timer.at(*next, [this] { step(executor::Tick{}); });
    } else {
      timer.cancel();
    }
  }

  void perform(executor::Spawn& spawn) {
    const auto agent = find_agent(options.ocf_folders, spawn.provider, spawn.type);
    if (!agent.executable) {
      ChildDone done;
      done.token = spawn.token;
      done.found = !agent.path.empty();
      done.started = false;
      done.permitted = agent.path.empty();
      done.error = agent.path + " is not executable";
      return deliver([done](Impl& self) { self.step(done); });
    }
    io::ChildSpec spec;
    spec.program = agent.path;
    spec.arguments = {spawn.task};
    spec.environment = std::move(spawn.environment);
    spec.timeout = spawn.timeout;
    const auto token = spawn.token;
    children[token] = io::Child::run(loop, std::move(spec), [this, token](io::ChildResult result) {
      // The child is still inside its own call: it goes on a later turn.
      auto child = std::shared_ptr<io::Child>(std::exchange(children[token], nullptr));
      children.erase(token);
      loop.post([child] {});
      step(done_of(token, std::move(result)));
    });
  }

  void perform(executor::Kill& kill) {
    const auto it = children.find(kill.token);
    if (it != children.end()) it->second->terminate();
  }

  void perform(executor::OperationResult& result) {
    deliver([result = std::move(result)](Impl& self) {
      if (self.on_result) self.on_result(result);
    });
  }
};

AgentRunner::AgentRunner(io::Loop& loop, AgentRunnerOptions options)
    : impl_(std::make_shared<Impl>(loop, std::move(options))) {
  if (const auto made = io::make_directories(impl_->state_folder); !made) {
    impl_->deliver([text = made.error().message](Impl& self) {
      if (self.on_note) self.on_note(note(Level::error, "agents have no place for their state: {}", text));
    });
  }
}
AgentRunner::~AgentRunner() { impl_->children.clear(); }

void AgentRunner::on_result(OnResult handler) { impl_->on_result = std::move(handler); }
void AgentRunner::on_note(std::function<void(const Note&)> handler) { impl_->on_note = std::move(handler); }
void AgentRunner::on_actives_changed(std::function<void()> handler) { impl_->on_actives_changed = std::move(handler); }

int AgentRunner::execute(executor::Operation operation) {
  impl_->step(executor::Execute{std::move(operation)});
  return impl_->core.last_call_id();
}

void AgentRunner::cancel(const std::string& resource, const std::string& task, std::chrono::milliseconds interval) {
  impl_->step(executor::Cancel{resource, task, interval});
}

void AgentRunner::observe(const std::string& resource, int rc, const std::string& reason) {
  impl_->step(executor::Observe{resource, rc, reason});
}

void AgentRunner::stop_all_local(std::function<void()> on_done) {
  impl_->on_stopped = std::move(on_done);
  impl_->step(executor::StopAll{});
}

std::vector<executor::Operation> AgentRunner::actives() const { return impl_->core.actives(); }
std::vector<executor::Operation> AgentRunner::recurring() const { return impl_->core.recurring(); }

void AgentRunner::restore(const std::vector<executor::Operation>& actives,
                          const std::vector<executor::Operation>& recurring) {
  impl_->step(executor::Restore{actives, recurring});
}

std::size_t AgentRunner::busy() const { return impl_->core.busy(); }
const std::string& AgentRunner::state_folder() const { return impl_->state_folder; }

}  // namespace relevo::resmgr
