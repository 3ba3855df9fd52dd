// relevo-membershipd: command line, construction of everything, exit codes.
#include <sodium.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

#include "common/io/loop.hpp"
#include "common/log/log.hpp"
#include "membership/daemon/daemon.hpp"
#include "membership/daemon/priority.hpp"
#include "membership/daemon/key_file.hpp"
#include "membership/daemon/setup.hpp"

namespace {

using namespace relevo;

constexpr int exit_refused = 1;       // configuration, key or address: a restart alone does not help
constexpr int exit_unavailable = 69;  // a disk that does not take the ring number

/// Every nonce from the kernel anew. A pool would be faster, but a virtual machine that is set back or cloned would use what
/// was in it twice, and the kernel learns of such things.
class SystemRandom : public stack::Random {
 public:
  void fill(std::span<std::uint8_t> out) override { randombytes_buf(out.data(), out.size()); }
};

int refuse(const Error& error) {
  log::write(Level::error, error.message);
  return exit_refused;
}

/// A log file that cannot be opened is no reason not to run: the cluster matters more.
void start_log(const membership::Setup& setup, bool debug) {
  auto config = membership::log_config(setup.config.logging, setup.root);
  if (debug) config.level = Level::debug;
  if (auto opened = log::init(config); !opened) log::write(Level::warning, opened.error().message);
}

int run(const membership::CommandLine& line, bool debug) {
  membership::protect_memory();
  if (sodium_init() < 0) return refuse(Error{"libsodium cannot start", ErrorKind::failed});
  auto setup = membership::prepare(line);
  if (!setup) return refuse(setup.error());
  start_log(*setup, debug);
  log::write(membership::raise_priority(setup->config.system));
  log::write(membership::lock_memory());
  log::write(membership::raise_file_limit());
  std::signal(SIGPIPE, SIG_IGN);
  io::Loop loop;
  SystemRandom random;
  auto daemon = membership::Daemon::create(loop, std::move(*setup), random);
  if (!daemon) return refuse(daemon.error());
  loop.on_signals({SIGTERM, SIGINT}, [&](int signal) {
    (*daemon)->stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
  });
  loop.on_signals({SIGHUP}, [&](int) { (*daemon)->reload([](const Result<std::string>&) {}); });  // the log has it
  if (auto started = (*daemon)->start(); !started) return refuse(started.error());
  loop.run();
  return (*daemon)->failed() ? exit_unavailable : 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The membership daemon of a Relevo cluster. Runs in the foreground.", "relevo-membershipd");
  membership::CommandLine line;
  bool debug = false;
  app.add_option("--root", line.root, "directory that stands for / (default: RELEVO_ROOT, else the machine's own)");
  app.add_option("--config", line.config, "configuration file (default: ROOT/etc/relevo/cluster.conf, then corosync.conf)");
  app.add_option("--name", line.node_name, "this node's name in the node list (default: the host's name or addresses)");
  app.add_flag("--debug", debug, "log everything");
  app.set_version_flag("--version", "relevo-membershipd 0.1.0");
  CLI11_PARSE(app, argc, argv);
  return run(line, debug);
}
