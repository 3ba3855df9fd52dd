// Everything the daemon must know before it starts: configuration, key, addresses.
#include "membership/daemon/setup.hpp"

#include "common/io/file.hpp"
#include "membership/daemon/key_file.hpp"

namespace relevo::membership {
namespace {

Result<std::string> find_config(const CommandLine& line, const io::Root& root) {
  if (!line.config.empty()) return line.config;
  if (io::file_exists(root.cluster_conf())) return root.cluster_conf();
  if (io::file_exists(root.corosync_conf())) return root.corosync_conf();
  return fail(ErrorKind::not_found, "no configuration: neither {} nor {} exists", root.cluster_conf(),
              root.corosync_conf());
}

/// `keyfile` of the configuration, else the key beside the file that was read.
std::string key_path(const Setup& setup) {
  if (!setup.config.totem.keyfile.empty()) return setup.root.prefix + setup.config.totem.keyfile;
  if (setup.config_path == setup.root.corosync_conf()) return setup.root.corosync_authkey();
  return setup.root.authkey();
}

}  // namespace

Result<Setup> prepare(const CommandLine& line) {
  Setup setup;
  setup.root = io::find_root(line.root);
  auto path = find_config(line, setup.root);
  if (!path) return pass(path.error());
  setup.config_path = *path;
  auto text = io::read_file(*path, config::max_config_size);
  if (!text) return pass(text.error());
  auto config = config::parse_cluster_config(*text, *path);
  if (!config) return pass(config.error());
  setup.config_text = std::move(*text);
  setup.config = std::move(*config);
  auto addresses = resolve_nodes(setup.config);
  if (!addresses) return in_context(addresses.error(), setup.config_path);
  setup.addresses = std::move(*addresses);
  auto host = host_facts();
  if (!line.node_name.empty()) host = HostFacts{line.node_name, {}};
  const auto self = find_local_node(setup.config, setup.addresses, host);
  if (!self) return in_context(self.error(), setup.config_path);
  setup.self = *self;
  setup.key_path = key_path(setup);
  auto key = load_key_file(setup.key_path);
  if (!key) return pass(key.error());
  setup.key = std::move(*key);
  return setup;
}

log::LogConfig log_config(const config::LoggingConfig& logging, const io::Root& root) {
  log::LogConfig out;
  out.name = "relevo-membershipd";
  out.to_stderr = logging.to_stderr;
  out.to_syslog = logging.to_syslog;
  if (logging.to_logfile && !logging.logfile.empty()) out.logfile = root.prefix + logging.logfile;
  out.level = logging.level;
  return out;
}

}  // namespace relevo::membership
