// relevo-arbiter: the daemon of the third host, and the commands that go with it.
#include <sodium.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "common/io/file.hpp"
#include "common/log/log.hpp"
#include "membership/arbiterd/arbiterd.hpp"

namespace {

using namespace relevo;

int refuse(const Error& error) {
  log::write(Level::error, error.message);
  return 1;
}

int run(arbiterd::Settings settings, bool debug) {
  log::LogConfig config;
  config.name = "relevo-arbiter";
  config.level = debug ? Level::debug : Level::info;
  (void)log::init(config);
  std::signal(SIGPIPE, SIG_IGN);
  io::Loop loop;
  auto arbiter = arbiterd::Arbiter::create(loop, std::move(settings));
  if (!arbiter) return refuse(arbiter.error());
  loop.on_signals({SIGTERM, SIGINT}, [&](int) { loop.stop(); });
  loop.on_signals({SIGHUP}, [&](int) { (*arbiter)->reload(); });
  log::write(Level::notice, fmt::format("waiting for clusters on port {}", (*arbiter)->port()));
  loop.run();
  return 0;
}

int status(const arbiterd::Paths& paths, bool json) {
  io::Loop loop;
  auto connection = io::connect_unix(loop, paths.socket());
  if (!connection) {
    fmt::print(stderr, "relevo-arbiter does not run here: {}\n", connection.error().message);
    return 1;
  }
  int exit = 1;
  (*connection)->start(
      [&](const io::Frame& frame) {
        const auto text = json ? Result<std::string>(std::string(as_text(frame.payload)) + "\n") : arbiterd::status_text(as_text(frame.payload));
        fmt::print(text ? stdout : stderr, "{}", text ? *text : text.error().message + "\n");
        exit = text ? 0 : 1;
        loop.stop();
      },
      [&](const std::string& reason) {
        fmt::print(stderr, "relevo-arbiter did not answer: {}\n", reason);
        loop.stop();
      });
  (*connection)->send(arbiterd::status_request, {});
  loop.run();
  return exit;
}

int add(const arbiterd::Paths& paths, const std::string& cluster) {
  if (auto done = arbiterd::add_cluster(paths, cluster); !done) return refuse(done.error());
  fmt::print("{}\nCopy this file to every node of the cluster, as /etc/relevo/arbiter.token, mode 0600.\n", paths.token(cluster));
  return 0;
}

int remove(const arbiterd::Paths& paths, const std::string& cluster) {
  if (auto done = arbiterd::remove_cluster(paths, cluster); !done) return refuse(done.error());
  fmt::print("The token is gone. A running relevo-arbiter takes notice at SIGHUP.\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The arbiter of Relevo clusters: a third host that gives one of two halves its vote.", "relevo-arbiter");
  app.require_subcommand(0, 1);
  std::string root, listen, cluster;
  std::uint16_t port = 5403;
  unsigned lease_ms = static_cast<unsigned>(to_ms(arbiter::default_lease));
  bool debug = false, json = false;
  app.add_option("--root", root, "directory that stands for / (default: RELEVO_ROOT, else the machine's own)");
  app.set_version_flag("--version", "relevo-arbiter 0.1.0");
  app.fallthrough();
  auto* runs = app.add_subcommand("run", "run in the foreground (the default)");
  for (auto* command : {&app, runs}) {
    command->add_option("--listen", listen, "IP address to listen on (default: all)");
    command->add_option("--port", port, "TCP port")->capture_default_str();
    command->add_option("--lease", lease_ms, "how long a vote is good without an answer, in ms")->check(CLI::Range(200, 60000))->capture_default_str();
    command->add_flag("--debug", debug, "log everything");
  }
  auto* adds = app.add_subcommand("add-cluster", "make a token for a cluster");
  adds->add_option("name", cluster, "cluster_name of its configuration")->required();
  auto* removes = app.add_subcommand("remove-cluster", "forget the token of a cluster");
  removes->add_option("name", cluster, "cluster_name of its configuration")->required();
  auto* shows = app.add_subcommand("status", "clusters, nodes and votes of the running arbiter");
  shows->add_flag("--json", json, "as JSON");
  CLI11_PARSE(app, argc, argv);
  if (sodium_init() < 0) return refuse(Error{"libsodium cannot start", ErrorKind::failed});
  arbiterd::Settings settings;
  settings.paths.root = io::find_root(root);
  if (*adds) return add(settings.paths, cluster);
  if (*removes) return remove(settings.paths, cluster);
  if (*shows) return status(settings.paths, json);
  settings.listen.port = port;
  settings.lease = std::chrono::milliseconds(lease_ms);
  if (!listen.empty()) {
    const auto address = parse_ip(listen, port);
    if (!address) return refuse(Error{"--listen: '" + listen + "' is no IP address", ErrorKind::invalid});
    settings.listen = *address;
  }
  return run(std::move(settings), debug);
}
