// The live table: two reports, the time between them, a screen or plain lines.
#include "cli/membership/top.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "cli/ask/ask.hpp"
#include "cli/mon/screen.hpp"
#include "cli/mon/wake.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"
#include "cli/support/process.hpp"

namespace relevo::cli::membership_view {
namespace {

using Json = nlohmann::json;

constexpr const char* keys_line = " q quit  sort: n node  l loss  t latency  b traffic  arrows scroll ";

std::chrono::milliseconds in_ms(Duration d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d); }

struct Sample {
  Json report;
  std::chrono::steady_clock::time_point at;
};

Result<Sample> take(RingDaemon& daemon) {
  auto report = daemon.report("status");
  if (!report) return pass(report.error());
  return Sample{std::move(*report), std::chrono::steady_clock::now()};
}

/// Without a terminal: tables or JSON lines, each after one interval.
int run_plain(RingDaemon& daemon, const TopOptions& options) {
  auto before = take(daemon);
  if (!before) return print_error(before.error());
  for (;;) {
    pause_for(in_ms(options.interval));
    auto now = take(daemon);
    if (!now) return print_error(now.error());
    const Duration between = now->at - before->at;
    if (options.json) {
      const auto json = top_json(now->report, &before->report, between);
      if (!json) return print_error(json.error());
      print_json(*json);
    } else {
      const auto text = top_text(now->report, &before->report, between, options.sort);
      if (!text) return print_error(text.error());
      print_line(*text);
    }
    if (options.once || options.json) return exit_ok;
    before = std::move(now);
  }
}

class Live {
 public:
  Live(TopOptions options, mon::Screen& screen, const mon::Wake& wake) : options_(std::move(options)), screen_(screen), wake_(wake) {}

  int run() {
    while (!quit_) {
      look();
      draw();
      wake_.wait(options_.interval);
      on_wake();
    }
    return exit_ok;
  }

 private:
  /// A daemon that goes away comes back, mostly: the table stays and says that it is old.
  void look() {
    if (!daemon_) {
      auto made = RingDaemon::connect(options_.root, std::chrono::seconds(3));
      if (!made) return lost(made.error().message);
      daemon_ = std::move(*made);
    }
    const auto due = !now_ || std::chrono::steady_clock::now() - now_->at >= options_.interval / 2;
    if (!due) return;  // a key woke us: rates over a blink are noise
    auto sample = take(*daemon_);
    if (!sample) return lost(sample.error().message);
    before_ = std::move(now_);
    now_ = std::move(*sample);
    status_.clear();
  }

  void lost(const std::string& why) {
    daemon_.reset();
    before_.reset();
    status_ = why;
  }

  void on_wake() {
    bool redraw = false, resized = false;
    if (wake_.drain(resized)) quit_ = true;
    if (resized) screen_.resize();
    for (int key = screen_.key(redraw); key >= 0 && !quit_; key = screen_.key(redraw)) {
      if (key == 'q' || key == 27 || key == 3 || key == 4) quit_ = true;
      if (key == 'n') options_.sort = Sort::node;
      if (key == 'l') options_.sort = Sort::loss;
      if (key == 't') options_.sort = Sort::latency;
      if (key == 'b') options_.sort = Sort::traffic;
    }
  }

  void draw() {
    std::string text = "Waiting for relevo-membershipd on this node ...\n";
    if (now_) {
      const Duration between = before_ ? Duration(now_->at - before_->at) : Duration{};
      const auto table = top_text(now_->report, before_ ? &before_->report : nullptr, between, options_.sort);
      text = table ? *table : table.error().message;
    }
    screen_.draw(text, status_.empty() ? keys_line : fmt::format(" {}  (q quit)", status_));
  }

  TopOptions options_;
  mon::Screen& screen_;
  const mon::Wake& wake_;
  std::unique_ptr<RingDaemon> daemon_;
  std::optional<Sample> now_, before_;
  std::string status_;
  bool quit_ = false;
};

}  // namespace

bool sort_of(const std::string& name, Sort& out) {
  for (const auto& [known, sort] : {std::pair{"node", Sort::node}, {"loss", Sort::loss}, {"latency", Sort::latency}, {"traffic", Sort::traffic}}) {
    if (name != known) continue;
    out = sort;
    return true;
  }
  return false;
}

int run_top(const TopOptions& options) {
  const bool plain = options.once || options.json || ::isatty(STDOUT_FILENO) == 0 || ::isatty(STDIN_FILENO) == 0;
  if (plain) {
    auto daemon = RingDaemon::connect(options.root);
    if (!daemon) return print_error(daemon.error(), "relevo cluster start starts the cluster on this node");
    return run_plain(**daemon, options);
  }
  auto wake = mon::Wake::open(options.interval);
  if (!wake) return print_error(wake.error());
  mon::Screen screen;
  if (!screen.ok()) return print_usage_error("no terminal to draw on: use --once, or set TERM");
  return Live(options, screen, *wake).run();
}

}  // namespace relevo::cli::membership_view
