// The shell's loop and the performing of outputs. The membership side is in daemon_membership.cpp.
#include "resmgr/daemon/daemon.hpp"

#include <sodium.h>
#include <unistd.h>

#include <array>

#include "common/io/file.hpp"
#include "common/log/log.hpp"
#include "resmgr/daemon/actives_file.hpp"

namespace relevo::resmgr {
namespace {

std::uint64_t random_number() {
  std::uint64_t number = 0;
  ::randombytes_buf(&number, sizeof number);
  return number;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

}  // namespace

Daemon::Daemon(io::Loop& loop, io::Root root)
    : loop_(loop),
      root_(std::move(root)),
      store_(root_.cib_file()),
      clients_(loop, [this](controller::Input input) { feed(std::move(input)); },
               [this] { return controller_.snapshot(); }),
      step_timer_(loop),
      connect_timer_(loop),
      send_timer_(loop),
      end_timer_(loop) {}

Daemon::~Daemon() = default;

Status Daemon::start() {
  if (::sodium_init() < 0) return fail("libsodium cannot be initialised");
  for (const auto& folder : {root_.run_dir(), root_.state_dir()})
    if (auto made = io::make_directories(folder); !made) return made;
  if (auto listening = clients_.listen(root_.resmgr_socket()); !listening) return listening;
  auto stored = store_.load();
  if (!stored) return in_context(stored.error(), "the CIB on disk");
  log::write(stored->notes);
  auto actives = load_actives(actives_path());
  if (!actives) {
    log::write(Level::error, "{}: what ran here before is not known", actives.error().message);
    actives = Actives{};
  }
  if (!actives->operations.empty()) make_executor(actives->node.empty() ? host_name() : actives->node, "");
  feed(controller::Started{std::move(stored->cib), stored->lineage, random_number(), std::move(actives->operations)});
  connect();
  return {};
}

void Daemon::stop() { feed(controller::ShutdownRequested{}); }

void Daemon::feed(controller::Input input) {
  inputs_.push_back(std::move(input));
  if (!draining_) drain();
}

void Daemon::drain() {
  // Nothing is stepped from inside performing an output: what comes meanwhile waits in the queue.
  draining_ = true;
  while (!inputs_.empty() && !ending_) {
    auto input = std::move(inputs_.front());
    inputs_.pop_front();
    auto output = controller_.step(std::move(input), loop_.now(), loop_.wall());
    perform(output);
  }
  draining_ = false;
  if (!ending_) arm_timer();
}

void Daemon::arm_timer() {
  if (const auto due = controller_.next_deadline()) step_timer_.at(*due, [this] { feed(controller::Tick{}); });
}

void Daemon::perform(controller::Output& output) {
  log::write(output.notes);
  if (output.persist) persist(std::move(*output.persist));
  if (output.remember) remember(*output.remember);
  if (output.join && membership_) membership_->join(controller::group_name);
  if (output.ping && membership_) membership_->ping([this] { feed(controller::PingAnswered{}); });
  for (auto& multicast : output.multicasts) waiting_.push_back(std::move(multicast));
  send_waiting();
  for (const auto& command : output.commands) perform(command);
  for (const auto& reply : output.replies) clients_.answer(reply);
  clients_.push(output.pushes);
  if (leases_) leases_->allow(output.may_renew_leases);
  if (output.leave && membership_) membership_->leave(controller::group_name);
  if (output.exit) finish();
}

void Daemon::perform(const controller::ExecutorCommand& command) {
  if (!runner_) return;  // only a node that never met the cluster has none, and it is asked for nothing
  if (const auto* execute = std::get_if<controller::Execute>(&command)) {
    runner_->execute(execute->operation);
  } else if (const auto* cancel = std::get_if<controller::CancelRecurring>(&command)) {
    runner_->cancel(cancel->resource, cancel->task, cancel->interval);
  } else {
    runner_->stop_all_local([] {});
  }
}

void Daemon::make_executor(const std::string& node_name, const std::string& node_id) {
  node_name_ = node_name;
  AgentRunnerOptions options;
  options.root = root_;
  options.node_name = node_name;
  options.node_id = node_id;
  runner_ = std::make_unique<AgentRunner>(loop_, options);
  runner_->on_result([this](const executor::OperationResult& result) { feed(result); });
  runner_->on_note([](const Note& n) { log::write(n); });
  leases_ = std::make_unique<LeaseKeeper>(loop_, LeaseKeeperOptions{runner_->state_folder()});
  leases_->on_note([](const Note& n) { log::write(n); });
  leases_->on_lost([this](const std::string& resource, const std::string& reason) {
    runner_->observe(resource, 7, reason);
  });
}

void Daemon::persist(controller::Persist what) {
  struct Job {
    controller::Persist what;
    std::string error;
  };
  auto job = std::make_shared<Job>(Job{std::move(what), {}});
  loop_.offload(
      [job, store = store_] {
        if (auto saved = store.save(job->what.cib, job->what.lineage); !saved) job->error = saved.error().message;
      },
      [this, job] { feed(controller::Stored{job->what.ticket, job->error}); });
}

void Daemon::remember(const std::vector<executor::Operation>& actives) {
  if (auto saved = save_actives(actives_path(), {node_name_, actives}); !saved)
    log::write(Level::error, "{}", saved.error().message);
  if (!leases_) return;
  std::vector<std::string> resources;
  for (const auto& operation : actives) resources.push_back(operation.resource);
  leases_->set_resources(std::move(resources));
}

void Daemon::finish() {
  ending_ = true;
  clients_.close();
  // What was handed to the membership daemon and to clients still has to leave this process.
  end_timer_.after(std::chrono::milliseconds(100), [this] { loop_.stop(); });
}

}  // namespace relevo::resmgr
