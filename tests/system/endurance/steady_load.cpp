// A local program that sends numbered messages at a steady pace and keeps account of what it gets: gaps, doubles and the
// order of all senders, and when which configuration came. usage: steady_load SOCKET MESSAGES_PER_SECOND
// SIGTERM ends the sending; a moment later the account is printed as one JSON line and the program ends.
#include <csignal>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "common/base/bytes.hpp"
#include "common/base/text.hpp"
#include "membership/client/client.hpp"

namespace {

using namespace relevo;

constexpr const char* group = "steady";
constexpr std::size_t message_size = 64;

/// What came from one sender.
struct Account {
  std::uint64_t first = 0, last = 0, count = 0, gaps = 0, doubles = 0;
  void take(std::uint64_t number) {
    if (count == 0) first = last = number;
    else if (number == last + 1) last = number;
    else if (number <= last) ++doubles;
    else {
      gaps += number - last - 1;
      last = number;
    }
    ++count;
  }
};

class Load {
 public:
  Load(io::Loop& loop, std::uint64_t rate) : loop_(loop), timer_(loop), end_(loop), rate_(rate) {}

  int run(const std::string& socket) {
    membership::Handlers handlers;
    handlers.on_configuration = [this](const Configuration& c) { note_configuration(c); };
    handlers.on_message = [this](const groups::GroupMessage& m) { take(m); };
    handlers.on_lost = [this](const std::string& reason) {
      lost_ = reason;
      finish();
    };
    auto client = membership::Client::connect(loop_, socket, std::move(handlers));
    if (!client) {
      std::fprintf(stderr, "%s\n", client.error().message.c_str());
      return 1;
    }
    client_ = std::move(*client);
    client_->join(group);
    loop_.on_signals({SIGTERM, SIGINT}, [this](int) { stop_sending(); });
    started_ = loop_.now();
    tick();
    loop_.run();
    return 0;
  }

 private:
  std::int64_t ms() const { return std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now().time_since_epoch()).count(); }

  void note_configuration(const Configuration& c) {
    auto members = nlohmann::json::array();
    for (const auto node : c.members) members.push_back(node.value);
    configurations_.push_back({{"at", ms()},
                               {"kind", c.kind == Configuration::Kind::regular ? "regular" : "transitional"},
                               {"ring", to_string(c.ring)},
                               {"members", members}});
  }

  void take(const groups::GroupMessage& m) {
    Reader in(m.payload);
    const auto number = in.u64();
    if (!in.ok()) return;
    accounts_[fmt::format("{}:{}", m.from.node, m.from.client)].take(number);
    longest_silence_ = received_ == 0 ? 0 : std::max(longest_silence_, ms() - last_at_);
    last_at_ = ms();
    ++received_;
  }

  /// A message is lost when it was taken and never came: refused ones are offered again and not counted as sent.
  void tick() {
    if (stopping_) return;
    const auto elapsed = std::chrono::duration<double>(loop_.now() - started_).count();
    const auto due = static_cast<std::uint64_t>(elapsed * static_cast<double>(rate_));
    while (sent_ < due) {
      Writer out;
      out.u64(sent_ + 1);
      auto payload = out.take();
      payload.resize(message_size);
      if (!client_->multicast(group, groups::Guarantee::agreed, payload)) break;
      ++sent_;
    }
    timer_.after(std::chrono::milliseconds(2), [this] { tick(); });
  }

  void stop_sending() {
    if (stopping_) return;
    stopping_ = true;
    end_.after(std::chrono::seconds(2), [this] { finish(); });
  }

  void finish() {
    auto senders = nlohmann::json::object();
    for (const auto& [who, a] : accounts_)
      senders[who] = {{"first", a.first}, {"last", a.last}, {"count", a.count}, {"gaps", a.gaps}, {"doubles", a.doubles}};
    const nlohmann::json account = {{"sent", sent_},         {"received", received_},
                                    {"senders", senders},    {"longest_silence_ms", longest_silence_},
                                    {"configurations", configurations_}, {"lost", lost_}};
    std::printf("%s\n", account.dump().c_str());
    std::fflush(stdout);
    loop_.stop();
  }

  io::Loop& loop_;
  io::Timer timer_, end_;
  std::uint64_t rate_;
  std::unique_ptr<membership::Client> client_;
  Instant started_{};
  std::uint64_t sent_ = 0, received_ = 0;
  std::int64_t last_at_ = 0, longest_silence_ = 0;
  std::map<std::string, Account> accounts_;
  nlohmann::json configurations_ = nlohmann::json::array();
  std::string lost_;
  bool stopping_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  const auto rate = argc == 3 ? parse_uint(argv[2]) : std::nullopt;
  if (!rate) {
    std::fprintf(stderr, "usage: steady_load SOCKET MESSAGES_PER_SECOND\n");
    return 2;
  }
  io::Loop loop;
  return Load(loop, *rate).run(argv[1]);
}
