// Reading and writing the arbiter's files.
#include "membership/arbiterd/files.hpp"

#include <dirent.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "common/io/fd.hpp"
#include "common/io/file.hpp"

namespace relevo::arbiterd {
namespace {

constexpr std::string_view suffix = ".token";

Status check_secret(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return fail(errno == ENOENT ? ErrorKind::not_found : ErrorKind::permission, "{}: {}", path, io::errno_text(errno));
  }
  if (!S_ISREG(status.st_mode)) return fail(ErrorKind::permission, "{}: the token must be a file, not a link or a folder", path);
  if ((status.st_mode & 077) != 0) return fail(ErrorKind::permission, "{}: others can read the token: chmod 0600 it", path);
  return {};
}

}  // namespace

std::vector<std::string> list_clusters(const Paths& paths) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(paths.tokens().c_str()), &::closedir);
  if (!folder) return out;
  while (const auto* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (!name.ends_with(suffix)) continue;
    const auto cluster = name.substr(0, name.size() - suffix.size());
    if (arbiter::is_cluster_name(cluster)) out.emplace_back(cluster);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<arbiter::ClusterFiles> load_cluster(const Paths& paths, const std::string& cluster) {
  const auto path = paths.token(cluster);
  if (auto ok = check_secret(path); !ok) return pass(ok.error());
  const auto text = io::read_file(path, 4096);
  if (!text) return pass(text.error());
  auto token = arbiter::parse_token(*text, path);
  if (!token) return pass(token.error());
  arbiter::ClusterFiles out;
  out.token = *token;
  const auto bytes = io::read_file(paths.record(cluster), 1U << 16);
  if (bytes) {
    out.record = arbiter::decode_record(as_bytes(*bytes));
    out.readable = out.record.has_value();
  } else {
    out.readable = bytes.error().kind == ErrorKind::not_found;
  }
  return out;
}

Status add_cluster(const Paths& paths, const std::string& cluster) {
  if (!arbiter::is_cluster_name(cluster))
    return fail(ErrorKind::invalid, "'{}' is no name for a cluster: letters, digits, '.', '_' and '-', at most {}", cluster, arbiter::max_name);
  const auto path = paths.token(cluster);
  if (io::file_exists(path)) return fail(ErrorKind::exists, "{} is there already: remove-cluster makes place for a new token", path);
  if (auto made = io::make_directories(paths.tokens(), 0700); !made) return made;
  arbiter::Token token{};
  randombytes_buf(token.data(), token.size());
  return io::write_file_durably(path, arbiter::to_text(token), 0600);
}

Status remove_cluster(const Paths& paths, const std::string& cluster) {
  const auto path = arbiter::is_cluster_name(cluster) ? paths.token(cluster) : std::string();
  if (path.empty() || ::unlink(path.c_str()) != 0) return fail(ErrorKind::not_found, "cluster '{}' has no token here", cluster);
  // The record stays: the votes it tells of may still be held.
  return {};
}

}  // namespace relevo::arbiterd
