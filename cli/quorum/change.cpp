// Writing the configuration and asking for it to be taken over; see change.hpp.
#include "cli/quorum/change.hpp"

#include <sys/stat.h>

#include "cli/ask/ask.hpp"
#include "cli/cluster/preflight.hpp"
#include "common/config/cluster_config.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::quorum {
namespace {

/// Longer than the daemon itself waits for the votes of the others.
constexpr Duration reload_limit = std::chrono::seconds(60);

Status write(const std::string& path, const std::string& text) {
  struct stat status {};
  const mode_t mode = ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0644;
  return io::write_file_durably(path, text, mode);
}

Status check(const ConfigFile& file, const std::string& text) {
  const auto parsed = config::parse_cluster_config(text, file.path);
  return parsed ? Status() : Status(pass(parsed.error()));
}

/// After a refusal the file says again what is in force, unless somebody else has written it meanwhile.
std::string put_back(const ConfigFile& file, const std::string& text) {
  const auto now = io::read_file(file.path, config::max_config_size);
  if (!now || *now != text) return fmt::format("; {} was changed meanwhile and stays as it is: look at it", file.path);
  const auto written = write(file.path, file.text);
  return written ? "" : fmt::format("; but {} has the change and cannot be put back: {}", file.path, written.error().message);
}

}  // namespace

Result<ConfigFile> read_config_file(const io::Root& root) {
  const auto path = cluster::config_path(root);
  if (!io::file_exists(path)) return fail(ErrorKind::not_found, "there is no {}: this node belongs to no cluster yet", path);
  auto text = io::read_file(path, config::max_config_size);
  if (!text) return pass(text.error());
  return ConfigFile{path, std::move(*text)};
}

Result<std::string> change_everywhere(const std::string& root, const ConfigFile& file, const std::string& text) {
  if (auto good = check(file, text); !good) return pass(good.error());
  auto daemon = RingDaemon::connect(root, reload_limit);
  if (!daemon) return pass(daemon.error());
  if (auto written = write(file.path, text); !written) return pass(written.error());
  auto done = (*daemon)->command("reload");
  if (done) return done;
  const auto& error = done.error();
  if (error.kind == ErrorKind::timeout || error.kind == ErrorKind::not_connected)
    return fail(ErrorKind::timeout, "{}: the change stands in {} and may still come into force: see 'relevo quorum device status'", error.message,
                file.path);
  return fail(error.kind, "{}{}", error.message, put_back(file, text));
}

Status change_here(const ConfigFile& file, const std::string& text) {
  if (auto good = check(file, text); !good) return good;
  return write(file.path, text);
}

}  // namespace relevo::cli::quorum
