// The live view's loop; see live.hpp.
#include "cli/mon/live.hpp"

#include <ctime>

#include <fmt/format.h>

#include "cli/mon/screen.hpp"
#include "cli/mon/wake.hpp"
#include "cli/view/cluster_view.hpp"
#include "common/io/root.hpp"
#include "resmgr/client/client.hpp"

#include <ncurses.h>

namespace relevo::cli::mon {
namespace {

constexpr const char* keys_line = " q quit  r inactive  f failcounts  A attributes  n by node  D headers  arrows scroll ";
constexpr auto reconnect_every = std::chrono::milliseconds(200);

class Live {
 public:
  Live(Options options, Screen& screen, const Wake& wake) : options_(std::move(options)), screen_(screen), wake_(wake) {}

  int run() {
    text_ = "Waiting until cluster is available on this node ...\n";
    draw();
    while (!quit_) {
      auto client = resmgr::Client::connect(io::find_root(options_.root).resmgr_socket());
      if (client) follow(*client);
      if (!quit_) wait_for_cluster();
    }
    return 0;
  }

 private:
  void follow(resmgr::Client& client) {
    const auto ended = client.watch(
        [this](const resmgr::Snapshot& snapshot) {
          snapshot_ = snapshot;
          render();
          return !quit_;
        },
        wake_.fd(), [this] { return on_wake(); });
    if (quit_) return;
    connected_ = false;
    status_ = ended ? "the cluster stopped on this node; what is shown is old" : ended.error().message;
    draw();
  }

  void wait_for_cluster() {
    wake_.wait(reconnect_every);
    on_wake();
  }

  /// A key, a signal or the clock. False ends the watch.
  bool on_wake() {
    bool redraw = false, resized = false;
    if (wake_.drain(resized)) quit_ = true;
    if (resized) screen_.resize();
    for (int key = screen_.key(redraw); key >= 0 && !quit_; key = screen_.key(redraw)) on_key(key);
    if (!quit_) connected_ ? render() : draw();
    return !quit_;
  }

  void on_key(int key) {
    auto& text = options_.text;
    switch (key) {
      case 'q': case 27: case 3: case 4: quit_ = true; break;
      case 'r': text.inactive = !text.inactive; break;
      case 'f': text.failcounts = !text.failcounts; break;
      case 'A': text.attributes = !text.attributes; break;
      case 'n': text.by_node = !text.by_node; break;
      case 'D': text.heading = !text.heading; break;
      case 'R': text.detail = !text.detail; break;
      default: break;
    }
  }

  void render() {
    auto document = cib::Document::parse(snapshot_.cib);
    auto cluster = document ? view::build(*document, snapshot_, WallTime{std::time(nullptr)})
                            : Result<view::ClusterView>(pass(document.error()));
    connected_ = true;
    status_.clear();
    text_ = cluster ? view::render(*cluster, options_.text) : "the cluster's CIB cannot be shown: " + cluster.error().message + "\n";
    if (cluster && !snapshot_.synced) status_ = "this node is joining: what is shown is only its own state";
    draw();
  }

  void draw() { screen_.draw(text_, status_.empty() ? keys_line : fmt::format(" {}  (q quit)", status_)); }

  Options options_;
  Screen& screen_;
  const Wake& wake_;
  resmgr::Snapshot snapshot_;
  std::string text_, status_;
  bool quit_ = false, connected_ = false;
};

}  // namespace

int run_live(Options options) {
  auto wake = Wake::open(options.interval);
  if (!wake) {
    fmt::print(stderr, "crm_mon: {}\n", wake.error().message);
    return 71;
  }
  int code = 0;
  {
    Screen screen;
    if (!screen.ok()) {
      fmt::print(stderr, "crm_mon: no terminal to draw on: use --one-shot, or set TERM\n");
      return 64;
    }
    code = Live(std::move(options), screen, *wake).run();
  }
  return code;
}

}  // namespace relevo::cli::mon
