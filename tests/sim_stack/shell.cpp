// What a daemon does beside packets and ring numbers: key files, configuration files, the line to the arbiter.
#include <algorithm>

#include "tests/sim_stack/world.hpp"

namespace relevo::sim {

namespace {
std::map<NodeId, std::vector<Address>> addresses_of(const config::ClusterConfig& config) {
  std::map<NodeId, std::vector<Address>> out;
  for (const auto& node : config.nodes)
    for (std::size_t link = 0; link < node.addresses.size(); ++link)
      out[node.id].push_back(*parse_ip(node.addresses[link], static_cast<std::uint16_t>(config.totem.port + link)));
  return out;
}
/// Reading and looking takes the daemon a moment.
constexpr std::int64_t look_min_ns = 200'000, look_max_ns = 15'000'000;
}  // namespace

/// As long as the same start runs, in the time that is true.
void World::in_this_start(std::uint32_t node, Duration after, std::function<void()> task) {
  at(now_ + after, [this, node, boot = hosts_.at(node).boot, task = std::move(task)]() mutable {
    auto& host = hosts_.at(node);
    if (host.stack == nullptr || host.boot != boot) return;
    if (is_asleep(host)) return in_this_start(node, 20ms, std::move(task));
    task();
  });
}

void World::perform_shell(std::uint32_t node, const stack::Output& output) {
  for (const auto& write : output.store_keyring) write_keys(node, write);
  for (const auto& answer : output.key_answers) {
    tell("n{} answers: {}", node, answer.result ? *answer.result : answer.result.error().message);
    if (observer_ != nullptr) observer_->on_key_answer(node, answer.result.has_value());
  }
  for (const auto& event : output.reload)
    std::visit([&](const auto& e) { on_reload(node, e); }, event);
  for (const auto& action : output.arbiter) {
    if (!arbiter_) continue;
    if (std::holds_alternative<arbiter::Connect>(action)) arbiter_->connect(node);
    if (const auto* frame = std::get_if<arbiter::SendFrame>(&action)) arbiter_->frame(node, frame->bytes);
    if (std::holds_alternative<arbiter::Disconnect>(action)) arbiter_->disconnect(node);
  }
}

/// Whole or not at all: a crash before the end leaves the old file.
void World::write_keys(std::uint32_t node, const stack::StoreKeyring& write) {
  const auto view = write.content.view();
  Bytes content(view.begin(), view.end());
  const auto takes = hosts_.at(node).write_time + Duration{rng_.between(100'000, 10'000'000)};
  in_this_start(node, takes, [this, node, ticket = write.ticket, content = std::move(content)] {
    auto& host = hosts_.at(node);
    stack::KeyringStored done{ticket, std::nullopt};
    if (host.disk_full) done.failure = Error{"no space left on device", ErrorKind::failed};
    else host.key_file = content;
    input(node, done);
  });
}

std::pair<std::string, stack::SettingsPtr> World::look_at(std::uint32_t node, const std::string& text) {
  auto config = config::parse_cluster_config(text, "sim.conf");
  if (!config) return {config.error().message, nullptr};
  if (hosts_.at(node).refuses) return {"this host does not want to", nullptr};
  auto addresses = addresses_of(*config);
  return {"", std::make_shared<const stack::Settings>(stack::Settings{std::move(*config), std::move(addresses)})};
}

void World::on_reload(std::uint32_t node, const reload::Check& check) {
  in_this_start(node, Duration{rng_.between(look_min_ns, look_max_ns)}, [this, node, check] {
    auto [words, settings] = look_at(node, check.text);
    input(node, stack::ProposalChecked{check.id, words, settings});
  });
}

void World::on_reload(std::uint32_t node, const reload::TakeOver& take) {
  in_this_start(node, Duration{rng_.between(look_min_ns, look_max_ns)}, [this, node, take] {
    auto [words, settings] = look_at(node, take.text);
    input(node, stack::TakenOver{take.target, words, settings});
  });
}

void World::on_reload(std::uint32_t node, const reload::Aborted& aborted) {
  tell("n{}: the change ends: {}", node, aborted.words);
  if (observer_ != nullptr) observer_->on_reload(node, aborted.words.empty() ? "ended" : "aborted");
}

void World::on_reload(std::uint32_t node, const stack::Applied& applied) {
  auto& host = hosts_.at(node);
  tell("n{} runs by version {}", node, applied.settings->config.totem.config_version);
  host.config = applied.settings->config;
  if (!applied.text.empty()) host.file = applied.text;
  if (observer_ != nullptr) observer_->on_reload(node, applied.id ? "applied" : "taken over");
}

void World::on_reload(std::uint32_t node, const stack::MustLeave& leave) {
  tell("n{} must leave: {}", node, leave.words);
  hosts_.at(node).must_leave = true;
  if (observer_ != nullptr) observer_->on_reload(node, "must leave");
}

bool World::propose(std::uint32_t node, const std::string& text) {
  const auto config = config::parse_cluster_config(text, "sim.conf");
  if (!config) {
    broken_ = config.error().message;
    return false;
  }
  const auto output = ask(node, stack::Propose{reload::in_force_of(*config), text});
  if (output.refused) tell("n{} refuses the change: {}", node, output.refused->message);
  return !output.refused;
}

void World::use_arbiter() {
  ArbiterPort port;
  port.later = [this](Duration after, std::function<void()> task) { at(now_ + after, std::move(task)); };
  const auto to_node = [this](std::uint32_t node, const stack::Input& in) {
    if (is_running(node) && !is_asleep(node)) input(node, in);
  };
  port.connected = [to_node](std::uint32_t node, arbiter::Binding binding) { to_node(node, stack::ArbiterConnected{binding}); };
  port.frame = [this](std::uint32_t node, const Bytes& bytes) {
    in_this_start(node, 0ms, [this, node, bytes] { input(node, stack::ArbiterFrame{bytes}); });
  };
  port.lost = [to_node](std::uint32_t node, const std::string& why) { to_node(node, stack::ArbiterLost{why}); };
  port.now = [this] { return now_; };
  port.tell = [this](const std::string& text) {
    tell("{}", text);
    if (observer_ != nullptr) observer_->on_note(0, note(Level::info, "{}", text));
  };
  arbiter_ = std::make_unique<ArbiterHost>(std::move(port), options_.seed + 77);
  arbiter_->start();
}

}  // namespace relevo::sim
