// A local program for the system tests: prints every event of the membership socket, does what standard input says.
// usage: membership_probe SOCKET; lines: join G | leave G | send G TEXT | safe G TEXT | flood G N SIZE |
// pace G N PER_SECOND | ping |
// report WHAT | control COMMAND | quit
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdio>

#include "common/base/text.hpp"
#include "membership/client/client.hpp"

namespace {

using namespace relevo;
namespace asio = boost::asio;

std::string ids(const std::vector<NodeId>& nodes) {
  std::vector<std::string> out;
  for (const auto n : nodes) out.push_back(fmt::format("{}", n));
  return join(out, ",");
}

std::string members(const std::vector<groups::Member>& list) {
  std::vector<std::string> out;
  for (const auto& m : list) out.push_back(fmt::format("{}:{}", m.node, m.client));
  return join(out, ",");
}

template <class... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
  fmt::print("{}\n", fmt::format(format, std::forward<Args>(args)...));
  std::fflush(stdout);
}

class Probe {
 public:
  Probe(io::Loop& loop, int input) : loop_(loop), input_(loop.context(), input), timer_(loop), pace_timer_(loop) {}

  int run(const std::string& socket) {
    auto client = membership::Client::connect(loop_, socket, handlers());
    if (!client) {
      say("error {}", client.error().message);
      return 1;
    }
    client_ = std::move(*client);
    read();
    loop_.run();
    return code_;
  }

 private:
  membership::Handlers handlers() {
    membership::Handlers h;
    h.on_welcome = [](const membership::Welcome& w) {
      say("welcome {} client {} cluster {} nodes {}", w.local, w.client, w.cluster_name, w.nodes.size());
    };
    h.on_configuration = [](const Configuration& c) {
      say("{} {} members {}", c.kind == Configuration::Kind::regular ? "regular" : "transitional", c.ring, ids(c.members));
    };
    h.on_quorum = [](const QuorumView& q) {
      say("quorum {} votes {} of {} needs {}", q.quorate ? "yes" : "no", q.total_votes, q.expected_votes, q.quorum);
    };
    h.on_group = [](const groups::GroupView& g) {
      std::vector<std::string> left;
      for (const auto& d : g.left) {
        left.push_back(fmt::format("{}:{}/{}", d.member.node, d.member.client, static_cast<int>(d.reason)));
      }
      say("group {} members {} joined {} left {}", g.group, members(g.members), members(g.joined), join(left, ","));
    };
    h.on_message = [this](const groups::GroupMessage& m) {
      if (flood_left_ > 0 && m.payload.size() > 200) return;
      say("message {} from {}:{} {} {}", m.group, m.from.node, m.from.client,
          m.guarantee == groups::Guarantee::safe ? "safe" : "agreed",
          m.payload.size() > 200 ? fmt::format("({} bytes)", m.payload.size()) : std::string(as_text(m.payload)));
    };
    h.on_rejected = [](const std::string& group, const Error& e) { say("rejected {} {}", group, e.message); };
    h.on_lost = [this](const std::string& reason) {
      say("lost {}", reason);
      loop_.stop();
    };
    return h;
  }

  void read() {
    input_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
      std::array<char, 4096> piece{};
      const auto n = error ? 0 : ::read(input_.native_handle(), piece.data(), piece.size());
      if (n <= 0) return loop_.stop();
      pending_.append(piece.data(), static_cast<std::size_t>(n));
      for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n')) {
        const auto line = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        obey(line);
      }
      read();
    });
  }

  void obey(const std::string& line) {
    const auto parts = words(line);
    if (parts.empty()) return;
    const auto& verb = parts[0];
    const std::string group = parts.size() > 1 ? parts[1] : "";
    const std::string rest = line.substr(std::min(line.size(), verb.size() + 1));
    if (verb == "join") return client_->join(group);
    if (verb == "leave") return client_->leave(group);
    if (verb == "send" || verb == "safe") return multicast(verb, group, rest.substr(std::min(rest.size(), group.size() + 1)));
    if (verb == "flood" && parts.size() == 4) {
      flood_left_ = *parse_uint(parts[2]);
      waits_ = 0;
      return flood(group, *parse_uint(parts[3]));
    }
    if (verb == "pace" && parts.size() == 4) {
      pace_left_ = *parse_uint(parts[2]);
      pace_next_ = 0;
      return pace(group, *parse_uint(parts[3]));
    }
    if (verb == "ping") return client_->ping([] { say("pong"); });
    if (verb == "report") {
      return client_->report(rest, [](const Result<std::string>& json) {
        say("report {}", json ? join(split(*json, '\n'), " ") : "error " + json.error().message);
      });
    }
    if (verb == "control") {
      return client_->control(rest, [](const Status& s) { say("control {}", s ? "ok" : "error " + s.error().message); });
    }
    if (verb == "quit") return loop_.stop();
    say("error: what is '{}'?", line);
  }

  void multicast(const std::string& verb, const std::string& group, const std::string& text) {
    const auto guarantee = verb == "safe" ? groups::Guarantee::safe : groups::Guarantee::agreed;
    const auto sent = client_->multicast(group, guarantee, as_bytes(text));
    if (!sent && sent.error().kind == ErrorKind::try_again) {
      return timer_.after(1ms, [this, verb, group, text] { multicast(verb, group, text); });
    }
    if (!sent) say("refused {}", sent.error().message);
  }

  /// Sends as fast as the daemon takes, and says how often it was told to wait.
  void flood(const std::string& group, std::size_t size) {
    while (flood_left_ > 0) {
      const auto sent = client_->multicast(group, groups::Guarantee::agreed, Bytes(size, 'f'));
      if (!sent && sent.error().kind == ErrorKind::try_again) {
        ++waits_;
        return timer_.after(1ms, [this, group, size] { flood(group, size); });
      }
      if (!sent) return say("refused {}", sent.error().message);
      --flood_left_;
    }
    say("flooded, waited {}", waits_ > 0 ? "yes" : "no");
  }

  /// Numbered messages, so many a second, until the count is reached or another pace begins.
  void pace(const std::string& group, std::uint64_t per_second) {
    for (std::uint64_t i = 0; i < std::max<std::uint64_t>(per_second / 200, 1) && pace_next_ < pace_left_; ++i) {
      const auto sent = client_->multicast(group, groups::Guarantee::agreed, as_bytes(fmt::format("paced {}", pace_next_)));
      if (!sent && sent.error().kind == ErrorKind::try_again) break;
      if (!sent) return say("refused {}", sent.error().message);
      ++pace_next_;
    }
    if (pace_next_ >= pace_left_) return say("paced {}", pace_next_);
    pace_timer_.after(5ms, [this, group, per_second] { pace(group, per_second); });
  }

  io::Loop& loop_;
  asio::posix::stream_descriptor input_;
  io::Timer timer_;
  io::Timer pace_timer_;
  std::unique_ptr<membership::Client> client_;
  std::string pending_;
  std::uint64_t flood_left_ = 0;
  std::uint64_t waits_ = 0;
  std::uint64_t pace_left_ = 0, pace_next_ = 0;
  int code_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    say("usage: membership_probe SOCKET");
    return 2;
  }
  io::Loop loop;
  return Probe(loop, ::dup(0)).run(argv[1]);
}
