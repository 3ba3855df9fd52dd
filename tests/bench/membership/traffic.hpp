// What both load programs send, check and report: the same bytes, the same rules, whatever carries them.
// No library of the project in here, so that the peer's program builds from the peer's headers alone.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relevo::bench {

/// One run of a load program, as its command line says.
struct Plan {
  std::string socket;         ///< ours: the daemon's; the peer's library finds its own
  std::string group;
  std::string mode;           ///< flood, loop (next message when the last came back), idle (one each pause); without
                              ///< traffic: watch (a line for each configuration), members (one line, then the end)
  std::uint32_t self = 0;     ///< node id, the sender in every message
  std::uint32_t members = 1;  ///< nobody sends before so many have joined
  std::uint32_t senders = 1;  ///< how many of them send; a run ends when that many have said that they end
  bool sends = false;
  std::size_t size = 64;      ///< bytes of a message, 16 at least
  std::int64_t run_ns = 0;    ///< how long senders send
  std::int64_t pause_ns = 0;  ///< idle: between two messages
};

/// Reads `--key value` pairs. False: a key that is not known, or no number where one must be.
inline bool read_plan(std::span<char*> words, Plan& plan) {
  const auto number = [](std::string_view text, auto& out) {
    return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc{};
  };
  std::int64_t milliseconds = 0;
  for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
    const std::string_view key = words[i], value = words[i + 1];
    bool good = true;
    if (key == "--socket") plan.socket = value;
    else if (key == "--group") plan.group = value;
    else if (key == "--mode") plan.mode = value;
    else if (key == "--self") good = number(value, plan.self);
    else if (key == "--members") good = number(value, plan.members);
    else if (key == "--senders") good = number(value, plan.senders);
    else if (key == "--sends") plan.sends = value == "1";
    else if (key == "--size") good = number(value, plan.size) && plan.size >= 16;
    else if (key == "--run-ms") good = number(value, milliseconds), plan.run_ns = milliseconds * 1'000'000;
    else if (key == "--pause-ms") good = number(value, milliseconds), plan.pause_ns = milliseconds * 1'000'000;
    else good = false;
    if (!good) return false;
  }
  return words.size() % 2 == 1;
}

/// The traffic of one run as one node sees it: makes what this node sends, checks what comes.
class Traffic {
 public:
  explicit Traffic(Plan plan) : plan_(std::move(plan)), message_(plan_.size, std::uint8_t{0x5a}) {}

  [[nodiscard]] const Plan& plan() const { return plan_; }
  /// The clock starts: all have joined.
  void begin(std::int64_t now) { begun_ = now; }
  [[nodiscard]] bool begun() const { return begun_ != 0; }

  /// Whether this node should hand over another message now.
  [[nodiscard]] bool wants_to_send(std::int64_t now) const {
    if (!plan_.sends || begun_ == 0 || ended_) return false;
    if (plan_.mode == "flood") return true;
    if (returned_ < sent_) return false;
    return plan_.mode == "loop" || now - last_sent_at_ >= plan_.pause_ns;
  }
  /// The next message; the last one of the run says so. Not sent before sent() is called.
  std::span<const std::uint8_t> next(std::int64_t now) {
    const std::uint32_t kind = now - begun_ >= plan_.run_ns ? 1 : 0;
    std::memcpy(message_.data(), &plan_.self, 4);
    std::memcpy(message_.data() + 4, &kind, 4);
    std::memcpy(message_.data() + 8, &sent_, 8);
    offering_end_ = kind == 1;
    return message_;
  }
  void sent(std::int64_t now) {
    ++sent_;
    ended_ = offering_end_;
    last_sent_at_ = now;
  }

  void on_message(std::span<const std::uint8_t> bytes, std::int64_t now) {
    if (bytes.size() != plan_.size) return complain("a message has another length");
    std::uint32_t sender = 0, kind = 0;
    std::uint64_t number = 0;
    std::memcpy(&sender, bytes.data(), 4);
    std::memcpy(&kind, bytes.data() + 4, 4);
    std::memcpy(&number, bytes.data() + 8, 8);
    auto& expected = next_of_[sender];
    if (number != expected) complain("a message is missing, twice there or out of order");
    expected = number + 1;
    hash_ = (hash_ ^ (std::uint64_t{sender} << 48) ^ number) * 0x100000001b3ULL;
    if (messages_++ == 0) first_ = now;
    last_ = now;
    ends_ += kind == 1 ? 1 : 0;
    if (sender != plan_.self || !plan_.sends) return;
    ++returned_;
    if (plan_.mode != "flood") latencies_.push_back(now - last_sent_at_);
  }

  /// Every sender's last message is here.
  [[nodiscard]] bool done() const { return ends_ == plan_.senders || !error_.empty(); }
  void complain(std::string error) {
    if (error_.empty()) error_ = std::move(error);
  }

  /// 0, or 1 when something was wrong.
  [[nodiscard]] int exit_code() const { return error_.empty() ? 0 : 1; }
  /// One line of JSON. The hash is over senders and numbers in the order of delivery: equal on all nodes or wrong.
  void report() {
    std::sort(latencies_.begin(), latencies_.end());
    const auto at = [&](std::size_t percent) {
      return latencies_.empty() ? 0 : latencies_[std::min(latencies_.size() - 1, latencies_.size() * percent / 100)];
    };
    std::printf("{\"messages\":%llu,\"ns\":%lld,\"hash\":\"%llx\",\"p50\":%lld,\"p99\":%lld,\"max\":%lld,\"samples\":%zu,"
                "\"error\":\"%s\"}\n",
                static_cast<unsigned long long>(messages_), static_cast<long long>(last_ - first_),
                static_cast<unsigned long long>(hash_), static_cast<long long>(at(50)), static_cast<long long>(at(99)),
                static_cast<long long>(at(100)), latencies_.size(), error_.c_str());
    std::fflush(stdout);
  }

 private:
  Plan plan_;
  std::vector<std::uint8_t> message_;
  std::int64_t begun_ = 0, first_ = 0, last_ = 0, last_sent_at_ = 0;
  std::uint64_t sent_ = 0, returned_ = 0, messages_ = 0, hash_ = 0xcbf29ce484222325ULL;
  std::uint32_t ends_ = 0;
  bool offering_end_ = false, ended_ = false;
  std::map<std::uint32_t, std::uint64_t> next_of_;
  std::vector<std::int64_t> latencies_;
  std::string error_;
};

}  // namespace relevo::bench
