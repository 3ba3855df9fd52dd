// Everything the daemon must know before it starts: configuration, key, addresses.
#include "membership/daemon/setup.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "common/io/fd.hpp"
#include "common/io/file.hpp"

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

tl::unexpected<Error> no_key(const std::string& path, int error) {
  if (error == ENOENT) {
    return fail(ErrorKind::not_found,
                "{}: the key of the cluster is missing. On one node run 'relevo keygen', then copy the file to every node",
                path);
  }
  if (error == ELOOP) return fail(ErrorKind::permission, "{}: the key must be a file, not a link", path);
  return fail(ErrorKind::permission, "{}: the key cannot be read: {}", path, io::errno_text(error));
}

Result<seal::AuthKey> load_key(const std::string& path) {
  const io::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid()) return no_key(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return no_key(path, errno);
  seal::KeyFileFacts facts;
  facts.regular = S_ISREG(status.st_mode);
  facts.mode = status.st_mode & 07777;
  facts.owner = status.st_uid;
  facts.process_user = ::geteuid();
  facts.size = static_cast<std::uint64_t>(status.st_size);
  if (auto trusted = seal::check_key_file(facts, path); !trusted) return pass(trusted.error());
  Bytes content(seal::max_key_file + 1);  // one more, so that a file that grew meanwhile is noticed
  const auto n = ::read(fd.get(), content.data(), content.size());
  if (n < 0) return no_key(path, errno);
  auto key = seal::read_authkey(BytesView(content).first(static_cast<std::size_t>(n)), path);
  seal::wipe(content);
  return key;
}

}  // namespace

Result<config::ClusterConfig> load_config(const std::string& path) {
  const auto text = io::read_file(path, 1U << 20);
  if (!text) return pass(text.error());
  return config::parse_cluster_config(*text, path);
}

Result<Setup> prepare(const CommandLine& line) {
  Setup setup;
  setup.root = io::find_root(line.root);
  auto path = find_config(line, setup.root);
  if (!path) return pass(path.error());
  setup.config_path = *path;
  auto config = load_config(*path);
  if (!config) return pass(config.error());
  setup.config = std::move(*config);
  auto addresses = resolve_nodes(setup.config);
  if (!addresses) return in_context(addresses.error(), setup.config_path);
  setup.addresses = std::move(*addresses);
  auto host = host_facts();
  if (!line.node_name.empty()) host = HostFacts{line.node_name, {}};
  const auto self = find_local_node(setup.config, setup.addresses, host);
  if (!self) return in_context(self.error(), setup.config_path);
  setup.self = *self;
  auto key = load_key(key_path(setup));
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
