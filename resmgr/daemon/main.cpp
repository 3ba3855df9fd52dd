// The program relevo-resmgrd: reads its options and runs the daemon in the foreground.
#include <CLI/CLI.hpp>
#include <csignal>

#include "common/io/loop.hpp"
#include "common/log/log.hpp"
#include "resmgr/daemon/daemon.hpp"

namespace {

int run(const std::string& root, const relevo::log::LogConfig& config) {
  using namespace relevo;
  if (auto opened = log::init(config); !opened) log::write(Level::warning, "{}", opened.error().message);
  io::Loop loop;
  resmgr::Daemon daemon(loop, io::find_root(root));
  loop.on_signals({SIGTERM, SIGINT, SIGHUP, SIGPIPE}, [&](int signal) {
    if (signal == SIGTERM || signal == SIGINT) daemon.stop();
    if (signal == SIGHUP) {
      if (auto opened = log::init(config); !opened) log::write(Level::warning, "{}", opened.error().message);
      log::write(Level::notice, "log reopened; the configuration of resources is the cluster's and needs no reload");
    }
  });
  if (auto started = daemon.start(); !started) {
    log::write(Level::error, "cannot start: {}", started.error().message);
    return 1;
  }
  loop.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"relevo-resmgrd: decides where resources run, starts, watches and stops them"};
  std::string root;
  std::string level = "info";
  relevo::log::LogConfig config;
  config.name = "relevo-resmgrd";
  app.add_option("--root", root, "folder under which /etc, /var and /run of this node lie");
  app.add_option("--log-level", level, "error, warning, notice, info, debug or trace")->capture_default_str();
  app.add_option("--log-file", config.logfile, "write there too");
  app.set_version_flag("--version", "relevo 0.1.0");
  CLI11_PARSE(app, argc, argv);
  const auto parsed = relevo::log::parse_level(level);
  if (!parsed) {
    relevo::log::write(relevo::Level::error, "unknown log level '{}'", level);
    return 2;
  }
  config.level = *parsed;
  return run(root, config);
}
