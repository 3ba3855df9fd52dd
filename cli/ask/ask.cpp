// The loop that runs while a question waits for its answer; see ask.hpp.
#include "cli/ask/ask.hpp"

#include <csignal>
#include <nlohmann/json.hpp>

#include "common/io/root.hpp"

namespace relevo::cli {

Result<std::unique_ptr<RingDaemon>> RingDaemon::connect(const std::string& root, Duration limit) {
  std::unique_ptr<RingDaemon> made(new RingDaemon(limit));
  membership::Handlers handlers;
  auto* daemon = made.get();
  handlers.on_lost = [daemon](const std::string& reason) {
    daemon->is_lost_ = true;
    daemon->lost_ = reason;
    daemon->loop_.stop();
  };
  const auto changed = [daemon] {
    daemon->changed_ = true;
    daemon->loop_.stop();
  };
  handlers.on_configuration = [changed](const Configuration&) { changed(); };
  handlers.on_quorum = [changed](const QuorumView&) { changed(); };
  auto client = membership::Client::connect(made->loop_, io::find_root(root).membership_socket(), std::move(handlers));
  if (!client) return pass(client.error());
  made->client_ = std::move(*client);
  return made;
}

/// `done` is set by a handler that also stops the loop; other things stop it, too.
Status RingDaemon::run_until(const bool& done, Duration limit, const char* what) {
  bool late = false;
  io::Timer timer(loop_);
  timer.after(limit, [&] {
    late = true;
    loop_.stop();
  });
  while (!done && !late && !is_lost_ && !interrupted_) loop_.run();
  if (done) return {};
  if (interrupted_) return fail("interrupted");
  if (is_lost_) return fail(ErrorKind::not_connected, "relevo-membershipd ended the connection: {}", lost_);
  return fail(ErrorKind::timeout, "relevo-membershipd did not answer {} within {} s", what,
              std::chrono::duration_cast<std::chrono::seconds>(limit).count());
}

/// Lets `send` ask with a handler, and runs until that was called. `what` ends "did not answer ...".
template <class T, class Send>
Result<T> RingDaemon::answer_to(Send send, const char* what) {
  // Shared: an answer may still come when the question was given up.
  struct Answer {
    bool done = false;
    Result<T> value = T();
  };
  const auto answer = std::make_shared<Answer>();
  send([this, answer](Result<T> value) {
    answer->value = std::move(value);
    answer->done = true;
    loop_.stop();
  });
  if (auto ok = run_until(answer->done, limit_, what); !ok) return pass(ok.error());
  return std::move(answer->value);
}

Result<nlohmann::json> RingDaemon::report(const std::string& what) {
  const auto text = answer_to<std::string>([&](auto handler) { client_->report(what, std::move(handler)); }, "for its report");
  if (!text) return pass(text.error());
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return fail(ErrorKind::invalid, "the report '{}' of relevo-membershipd cannot be read", what);
  return json;
}

Result<std::string> RingDaemon::command(const std::string& what) {
  return answer_to<std::string>([&](auto handler) { client_->command(what, std::move(handler)); }, "to the command");
}

Result<std::vector<membership::GroupInfo>> RingDaemon::groups() {
  return answer_to<std::vector<membership::GroupInfo>>([&](auto handler) { client_->list_groups(std::move(handler)); }, "for its groups");
}

Result<membership::Welcome> RingDaemon::welcome() {
  // The welcome is the first frame: any answer comes after it.
  if (!client_->welcome()) {
    if (auto asked = report("status"); !asked) return pass(asked.error());
  }
  if (!client_->welcome()) return fail(ErrorKind::invalid, "relevo-membershipd did not say who it is");
  return *client_->welcome();
}

Result<bool> RingDaemon::wait_for_change(Duration limit) {
  if (!watching_signals_) {
    watching_signals_ = true;
    loop_.on_signals({SIGINT, SIGTERM}, [this](int) {
      interrupted_ = true;
      loop_.stop();
    });
  }
  const auto waited = run_until(changed_, limit, "");
  const bool changed = std::exchange(changed_, false);
  if (waited || waited.error().kind == ErrorKind::timeout) return changed;
  return pass(waited.error());
}

}  // namespace relevo::cli
