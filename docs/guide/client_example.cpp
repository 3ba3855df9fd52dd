// Says a number of lines to a group and shows what every member says. usage: client_example SOCKET GROUP LINES
#include <cstdio>

#include "common/base/text.hpp"
#include "membership/client/client.hpp"

using namespace relevo;

class Example {
 public:
  Example(io::Loop& loop, std::string group, std::uint64_t lines) : loop_(loop), group_(std::move(group)), lines_(lines) {}

  int run(const std::string& socket) {
    membership::Handlers handlers;
    handlers.on_welcome = [this](const membership::Welcome& w) { me_ = {w.local, w.client}; };
    handlers.on_quorum = [](const QuorumView& q) { fmt::print("{}: {}\n", q.quorate ? "quorate" : "not quorate", q.reason); };
    handlers.on_group = [this](const groups::GroupView& view) { on_view(view); };
    handlers.on_message = [this](const groups::GroupMessage& m) { on_message(m); };
    handlers.on_rejected = [this](const std::string&, const Error& error) { end(error.message); };
    handlers.on_ready = [this] { speak(); };
    handlers.on_lost = [this](const std::string& reason) { end("the connection is gone: " + reason); };
    auto client = membership::Client::connect(loop_, socket, std::move(handlers));
    if (!client) {
      fmt::print(stderr, "{}\n", client.error().message);
      return 1;
    }
    client_ = std::move(*client);
    client_->join(group_);
    loop_.run();
    return code_;
  }

 private:
  // The first view that we are in: from here on the group hears us, and we hear it.
  void on_view(const groups::GroupView& view) {
    for (std::size_t i = 0; i < view.members.size(); ++i)
      fmt::print("member {}:{} (pid {})\n", view.members[i].node, view.members[i].client, view.pids[i]);
    if (said_ == 0) speak();
  }

  // As much as goes. try_again is no failure: on_ready calls this again.
  void speak() {
    while (said_ < lines_) {
      const auto line = fmt::format("line {} of {}", said_ + 1, lines_);
      const auto sent = client_->multicast(group_, groups::Guarantee::agreed, as_bytes(line));
      if (!sent && sent.error().kind == ErrorKind::try_again) return;
      if (!sent) return end(sent.error().message);
      ++said_;
    }
  }

  // Everybody gets the same lines in the same order, we our own, too: when the last is here, all are.
  void on_message(const groups::GroupMessage& m) {
    fmt::print("{}:{} says {}\n", m.from.node, m.from.client, as_text(m.payload));
    if (m.from == me_ && ++heard_ == lines_) end("");
  }

  void end(const std::string& problem) {
    if (!problem.empty()) fmt::print(stderr, "{}\n", problem);
    code_ = problem.empty() ? 0 : 1;
    loop_.stop();
  }

  io::Loop& loop_;
  std::string group_;
  std::uint64_t lines_, said_ = 0, heard_ = 0;
  groups::Member me_;
  std::unique_ptr<membership::Client> client_;
  int code_ = 1;
};

int main(int argc, char** argv) {
  const auto lines = argc == 4 ? parse_uint(argv[3]) : std::nullopt;
  if (!lines || *lines == 0) {
    fmt::print(stderr, "usage: client_example SOCKET GROUP LINES\n");
    return 2;
  }
  io::Loop loop;
  return Example(loop, argv[2], *lines).run(argv[1]);
}
