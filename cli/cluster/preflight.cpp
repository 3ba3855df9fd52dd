// Checks of files before a start. The daemons check again: this only makes the words reach the person who asked.
#include "cli/cluster/preflight.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "common/io/fd.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::cluster {
namespace {

/// The key's place follows the configuration's: cluster.conf's own word, else ours, else Corosync's.
std::string key_path(const io::Root& root, const config::ClusterConfig& config) {
  if (!config.totem.keyfile.empty()) return root.prefix + config.totem.keyfile;
  if (!io::file_exists(root.authkey()) && io::file_exists(root.corosync_authkey())) return root.corosync_authkey();
  return root.authkey();
}

}  // namespace

std::string config_path(const io::Root& root) {
  if (!io::file_exists(root.cluster_conf()) && io::file_exists(root.corosync_conf())) return root.corosync_conf();
  return root.cluster_conf();
}

Result<config::ClusterConfig> check_config(const io::Root& root) {
  const auto path = config_path(root);
  if (!io::file_exists(path))
    return fail(ErrorKind::not_found,
                "there is no {}: this node belongs to no cluster yet "
                "(write the file, or make a cluster with 'pcs cluster setup')",
                path);
  const auto text = io::read_file(path, 1U << 20);
  if (!text) return pass(text.error());
  auto config = config::parse_cluster_config(*text, path);
  if (!config) return pass(config.error());
  if (config->nodes.empty())
    return fail(ErrorKind::invalid, "{}: the nodelist is empty: name every node with its ring0_addr and nodeid", path);
  return config;
}

Status check_key(const io::Root& root, const config::ClusterConfig& config) {
  const auto path = key_path(root, config);
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0)
    return fail(ErrorKind::not_found, "{}: {}: make the key with 'relevo keygen' on one node and copy it to the others",
                path, io::errno_text(errno));
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::invalid, "{} is no plain file: put the key itself there", path);
  if ((info.st_mode & 077) != 0)
    return fail(ErrorKind::permission, "{} may be read by others than its owner (mode {:04o}): 'chmod 400 {}'", path,
                info.st_mode & 07777, path);
  if (info.st_uid != 0 && info.st_uid != ::geteuid())
    return fail(ErrorKind::permission, "{} belongs to user {}: 'chown root {}'", path, info.st_uid, path);
  if (info.st_size < 32 || info.st_size > 65536)
    return fail(ErrorKind::invalid, "{} has {} bytes: a key has 32 to 4096; copy it again from a node that works", path,
                info.st_size);
  return {};
}

}  // namespace relevo::cli::cluster
