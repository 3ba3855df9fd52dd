// The load program of our side: joins a group through membership/client, sends as its plan says, checks what comes.
#include <fmt/format.h>

#include <memory>

#include "membership/client/client.hpp"
#include "tests/bench/membership/traffic.hpp"

namespace {

using namespace relevo;

class Load {
 public:
  Load(io::Loop& loop, bench::Plan plan) : loop_(loop), timer_(loop), traffic_(std::move(plan)) {}

  int run() {
    auto client = membership::Client::connect(loop_, traffic_.plan().socket, handlers());
    if (!client) {
      fmt::print(stderr, "{}\n", client.error().message);
      return 1;
    }
    client_ = std::move(*client);
    if (is_traffic()) client_->join(traffic_.plan().group);
    if (traffic_.plan().mode == "members") timer_.after(200ms, [this] { loop_.stop(); });
    loop_.run();
    if (is_traffic()) traffic_.report();
    return traffic_.exit_code();
  }

 private:
  static constexpr int burst = 64;  // messages handed over before the loop gets its turn

  [[nodiscard]] bool is_traffic() const { return traffic_.plan().mode != "watch" && traffic_.plan().mode != "members"; }
  [[nodiscard]] std::int64_t now() const { return loop_.now().time_since_epoch().count(); }

  membership::Handlers handlers() {
    membership::Handlers h;
    h.on_configuration = [this](const Configuration& c) { on_configuration(c); };
    h.on_group = [this](const groups::GroupView& view) {
      if (traffic_.begun() || view.members.size() != traffic_.plan().members) return;
      traffic_.begin(now());
      pump();
    };
    h.on_message = [this](const groups::GroupMessage& m) {
      traffic_.on_message(m.payload, now());
      if (traffic_.done()) return loop_.stop();
      if (traffic_.plan().mode == "loop") pump();
    };
    h.on_rejected = [this](const std::string&, const Error& e) { end(e.message); };
    h.on_lost = [this](const std::string& reason) { end(reason); };
    return h;
  }

  void on_configuration(const Configuration& c) {
    if (is_traffic() || c.kind != Configuration::Kind::regular) return;
    fmt::print("{} {}\n", now(), c.members.size());
    std::fflush(stdout);
    if (traffic_.plan().mode == "members") loop_.stop();
  }

  void end(const std::string& error) {
    traffic_.complain(error);
    loop_.stop();
  }

  /// Hands over what the plan wants now and the library takes; comes back by itself when that may be more.
  void pump() {
    for (int i = 0; i < burst; ++i) {
      const auto at = now();
      if (!traffic_.wants_to_send(at)) break;
      const auto sent = client_->multicast(traffic_.plan().group, groups::Guarantee::agreed, traffic_.next(at));
      if (!sent && sent.error().kind != ErrorKind::try_again) return end(sent.error().message);
      if (!sent) return timer_.after(1ms, [this] { pump(); });
      traffic_.sent(at);
    }
    if (traffic_.plan().mode == "flood" && traffic_.wants_to_send(now())) loop_.post([this] { pump(); });
    if (traffic_.plan().mode == "idle") timer_.after(1ms * (traffic_.plan().pause_ns / 1'000'000), [this] { pump(); });
  }

  io::Loop& loop_;
  io::Timer timer_;
  bench::Traffic traffic_;
  std::unique_ptr<membership::Client> client_;
};

}  // namespace

int main(int argc, char** argv) {
  bench::Plan plan;
  if (!bench::read_plan({argv, static_cast<std::size_t>(argc)}, plan)) {
    fmt::print(stderr, "load_relevo: a word of the command line is not understood\n");
    return 2;
  }
  io::Loop loop;
  return Load(loop, std::move(plan)).run();
}
