// `relevo demo`: the main job shown from a client's place. Makes a lab, takes its active host's power away, tells
// what the client noticed, and leaves nothing behind.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/lab/lab.hpp"
#include "cli/lab/lifecycle.hpp"
#include "cli/lab/machine.hpp"
#include "cli/lab/probe.hpp"
#include "cli/lab/start_cluster.hpp"
#include "cli/lab/status.hpp"
#include "cli/lab/store.hpp"
#include "cli/lab/verb.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"
#include "cli/support/self.hpp"

namespace relevo::cli::lab {
namespace {

volatile sig_atomic_t asked_to_end = 0;

void on_end(int) { asked_to_end = 1; }

void catch_signals() {
  struct sigaction action{};
  action.sa_handler = on_end;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

class Demo {
 public:
  explicit Demo(Lab lab) : lab_(std::move(lab)), start_ns_(Probe::now_ns()) {}
  ~Demo() {
    probe_.reset();
    if (!up_) return;
    if (auto lock = Lock::take(lab_.name, std::chrono::seconds(10)); lock) {
      static_cast<void>(take_down(lab_.name));
      lock->remove();
      ::rmdir(base_folder().c_str());
    }
  }
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  Status tell_the_story() {
    if (auto done = make_cluster(); !done) return done;
    if (auto done = power_failure(); !done) return done;
    if (auto done = power_returns(); !done) return done;
    if (auto done = maintenance("standby", "nodo1 is put in standby, as for maintenance: its work goes elsewhere");
        !done)
      return done;
    return maintenance("unstandby", "nodo1 may work again: it is preferred, so the address comes back");
  }

  /// What a reader wants to have at the end, in one place.
  void print_result() const {
    say("");
    for (const auto& [what, gap] : gaps_) say("Gap after {}: {} ms", what, gap);
  }

 private:
  void tell(const std::string& line) const {
    const auto ms = (Probe::now_ns() - start_ns_) / 1'000'000;
    say("[{:2}.{:03} s] {}", ms / 1000, ms % 1000, line);
  }

  [[nodiscard]] Host host(const std::string& name) const { return find_host(lab_, name).value_or(Host{}); }

  Status on_nodo1(const std::vector<std::string>& args) const {
    auto done = relevo_on(lab_, host("nodo1"), args);
    if (!done) return pass(done.error());
    return {};
  }

  Status make_cluster() {
    tell("Three hosts and a client are made on this machine, in namespaces of their own.");
    auto made = bring_up(lab_, [this](const std::string& line) { tell("  " + line); });
    if (!made) return made;
    up_ = true;
    tell(fmt::format("The virtual IP {} is a resource of the cluster; nodo1 is preferred for it.", vip_address(lab_)));
    auto preferred = on_nodo1({"constraint", "location", "VIP", "prefers", "nodo1.example.com=INFINITY"});
    if (!preferred) return preferred;
    auto probe = Probe::start(lab_, host("client"), vip_address(lab_));
    if (!probe) return pass(probe.error());
    probe_ = std::move(*probe);
    const auto began = Probe::now_ns();
    if (auto answered = wait_for_answer([](const Host& who) { return who.name == "nodo1"; }, began); !answered)
      return pass(answered.error());
    tell("The client asks the address for an echo every 5 ms, and nodo1 answers.");
    return settle();
  }

  Status power_failure() {
    tell("POWER FAILURE: nodo1 loses its power now. No goodbye, every process dead, links gone.");
    const auto at = Probe::now_ns();
    if (auto off = switch_off(lab_, host("nodo1")); !off) return off;
    const auto who = wait_for_answer([](const Host& h) { return h.name != "nodo1"; }, at);
    if (!who) return pass(who.error());
    return record("power-off", *who, at);
  }

  Status power_returns() {
    tell("nodo1 gets its power back, boots, and joins the others. It is preferred: the address returns to it.");
    const auto at = Probe::now_ns();
    if (auto on = switch_on(lab_, host("nodo1")); !on) return on;
    if (auto started = start_cluster_on(lab_, host("nodo1")); !started) return started;
    const auto who = wait_for_answer([](const Host& h) { return h.name == "nodo1"; }, at);
    if (!who) return pass(who.error());
    return record("power-on", *who, at);
  }

  Status maintenance(const std::string& verb, const std::string& story) {
    tell(story + ".");
    const auto at = Probe::now_ns();
    if (auto done = on_nodo1({"node", verb, "nodo1.example.com"}); !done) return done;
    const bool home = verb == "unstandby";
    const auto who = wait_for_answer([&](const Host& h) { return (h.name == "nodo1") == home; }, at);
    if (!who) return pass(who.error());
    return record(verb, *who, at);
  }

  /// Some more echoes, so that a silence that began late is seen too; then the longest one is the gap.
  Status record(const std::string& what, const Host& who, std::int64_t at) {
    if (auto settled = settle(); !settled) return settled;
    const auto gap = longest_silence(probe_->echoes(), at);
    if (!gap) return fail("the client hears nobody after {}", what);
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(*gap).count();
    gaps_.emplace_back(what, ms);
    tell(fmt::format("  {} answers now. The client was without an answer for {} ms.", who.name, ms));
    const auto holders = vip_holders(lab_);
    if (holders != std::vector{who.name})
      return fail("{} hosts have the address, and it should be one", holders.size());
    return {};
  }

  Status settle() const {
    wait_until([] { return asked_to_end != 0; }, std::chrono::milliseconds(500));
    if (asked_to_end != 0) return fail("interrupted");
    return {};
  }

  /// Waits until a host that fits answers the client, and gives it.
  Result<Host> wait_for_answer(const std::function<bool(const Host&)>& fits, std::int64_t after) const {
    Host found;
    const auto answered = [&] {
      const auto echoes = probe_->echoes();
      if (echoes.empty() || echoes.back().at_ns <= after) return asked_to_end != 0;
      for (const auto& candidate : hosts_of(lab_))
        if (candidate.octet == echoes.back().octet && fits(candidate)) found = candidate;
      return asked_to_end != 0 || !found.name.empty();
    };
    if (!wait_until(answered, std::chrono::seconds(20)))
      return fail(ErrorKind::timeout, "no other host took {} over within 20 s", vip_address(lab_));
    if (asked_to_end != 0) return fail("interrupted");
    return found;
  }

  Lab lab_;
  std::int64_t start_ns_;
  bool up_ = false;
  std::unique_ptr<Probe> probe_;
  std::vector<std::pair<std::string, std::int64_t>> gaps_;
};

Lab demo_lab() {
  Lab lab;
  lab.name = fmt::format("demo-{}", ::getpid());
  lab.vip = "172.31.0.100/16";
  lab.owner = identify(::getpid()).value_or(ProcessId{});
  return lab;
}

/// Without root, but where user namespaces are allowed: the whole demonstration in one, which ends with it.
/// Comes back only when that cannot be.
void run_again_in_user_namespace() {
  const auto tool = find_tool("unshare");
  if (!tool || ::getenv("RELEVO_DEMO_INSIDE") != nullptr) return;
  ::setenv("RELEVO_DEMO_INSIDE", "1", 1);
  const auto self = self_path();
  ::execl(tool->c_str(), "unshare", "-Urmnpf", "--mount-proc", "--kill-child", "sh", "-c",
          "mount -t tmpfs tmpfs /run && exec \"$0\" demo", self.c_str(), nullptr);
}

}  // namespace

int run_demo(const std::vector<std::string>& args) {
  Options options("relevo demo", "A cluster of three hosts on this machine loses the active one; a client measures.");
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  if (!check_rights()) run_again_in_user_namespace();
  catch_signals();
  Status told;
  {
    Demo demo(demo_lab());
    told = demo.tell_the_story();
    if (told) demo.print_result();
  }
  if (asked_to_end != 0) return print_error({"interrupted; everything the demonstration made is removed again"});
  if (!told) return print_error(told.error(), "everything the demonstration made is removed again");
  print_line("Everything the demonstration made is removed again.");
  return exit_ok;
}

}  // namespace relevo::cli::lab
