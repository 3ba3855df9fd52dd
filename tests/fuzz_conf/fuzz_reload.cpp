// Fuzz target: a stack that runs by one configuration is asked to run by another. Whatever two texts say, each is
// accepted or refused with words, no stack is made of what was refused, and a change is made whole or not at all.
// Input: two texts with a zero byte between them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "common/config/syntax.hpp"
#include "membership/stack/stack.hpp"
#include "tests/support/secrets.hpp"

namespace {

using namespace relevo;

/// The parsed text with addresses; names are not looked up, so a name becomes an address of its own.
stack::SettingsPtr settings_of(std::string_view text) {
  auto config = config::parse_cluster_config(text, "f");
  if (!config) {
    if (!config.error().message.starts_with("f:")) std::abort();
    return nullptr;
  }
  stack::Settings s;
  for (const auto& node : config->nodes) {
    for (std::size_t link = 0; link < node.addresses.size(); ++link) {
      const auto port = static_cast<std::uint16_t>(config->totem.port + link);
      const auto stand_in = "10.0." + std::to_string(link) + "." + std::to_string(node.id.value % 250);
      auto address = parse_ip(node.addresses[link], port);
      s.addresses[node.id].push_back(address ? *address : *parse_ip(stand_in, port));
    }
  }
  s.config = std::move(*config);
  return std::make_shared<const stack::Settings>(std::move(s));
}

/// What names a configuration names it again after the change of its version, and compares as the same.
void check_names(std::string_view text, const config::ClusterConfig& config) {
  const auto changed = reload::with_version(text, config.totem.config_version + 1);
  const auto again = config::parse_cluster_config(changed, "f");
  if (!again) return;  // a number at its very end
  if (again->totem.config_version != config.totem.config_version + 1) std::abort();
  const auto difference = reload::compare(config, *again, config.nodes.front().id);
  if (!difference || difference->removes_self) std::abort();
}

class Node {
 public:
  explicit Node(stack::SettingsPtr settings) : settings_(std::move(settings)), self_(settings_->config.nodes.front().id) {
    auto made = stack::Stack::create({self_, settings_->config, settings_->addresses, test::key_of(0), {}}, random_);
    if (!made && made.error().message.empty()) std::abort();
    if (made) stack_ = std::move(*made);
  }
  [[nodiscard]] bool exists() const { return stack_ != nullptr; }

  void start() {
    step(stack::Start{0, 10});
    step(stack::ClientConnected{1, 1});
    step(stack::ClientJoin{1, "g"});
    run(300ms);
  }
  void change(std::string_view text, const stack::SettingsPtr& to) {
    next_ = to;
    const auto before = stack_->status().configuration.in_force;
    step(stack::Propose{reload::in_force_of(to->config), std::string(text)});
    run(300ms);
    const auto after = stack_->status().configuration.in_force;
    if (after != before && after != reload::in_force_of(to->config)) std::abort();
    if ((after != before) != told_) std::abort();  // the shell hears of a change, and of nothing else
  }

 private:
  void step(const stack::Input& input) {
    auto output = stack_->step(input, now_);
    while (!output.reload.empty()) {
      const auto event = output.reload.front();
      output.reload.erase(output.reload.begin());
      told_ = told_ || std::holds_alternative<stack::Applied>(event) || std::holds_alternative<stack::MustLeave>(event);
      if (const auto* check = std::get_if<reload::Check>(&event)) {
        auto more = stack_->step(stack::ProposalChecked{check->id, {}, next_}, now_);
        std::move(more.reload.begin(), more.reload.end(), std::back_inserter(output.reload));
      }
    }
    if (stack_->broken_invariant()) std::abort();
  }
  void run(Duration time) {
    constexpr int most = 200;
    const auto end = now_ + time;
    for (int i = 0; i < most && now_ < end; ++i) {
      const auto due = stack_->next_deadline();
      if (!due) return;
      now_ = std::min(end, std::max(*due, now_ + 1ms));
      step(stack::Tick{});
    }
  }

  test::SeededRandom random_{1};
  Instant now_{10s};
  stack::SettingsPtr settings_, next_;
  NodeId self_;
  std::unique_ptr<stack::Stack> stack_;
  bool told_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto cut = std::min(text.find('\0'), text.size());
  const auto first = text.substr(0, cut);
  const auto second = cut < text.size() ? text.substr(cut + 1) : std::string_view();
  (void)config::parse_sections(text, "f");
  const auto from = settings_of(first);
  if (!from) return 0;
  check_names(first, from->config);
  const auto to = settings_of(second);
  if (to) (void)reload::compare(from->config, to->config, from->config.nodes.front().id);
  Node node(from);
  if (!node.exists()) return 0;
  node.start();
  if (to) node.change(second, to);
  return 0;
}
