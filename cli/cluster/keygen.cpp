// Making the cluster's key. It writes one file and never over another, unless told to.
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "cli/cluster/cluster.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"
#include "common/io/fd.hpp"
#include "common/io/file.hpp"
#include "common/io/root.hpp"

namespace relevo::cli::cluster {
namespace {

constexpr mode_t key_mode = 0400;

Result<std::string> random_bytes(std::size_t size) {
  std::string key(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const auto n = ::getrandom(key.data() + have, size - have, 0);
    if (n < 0 && errno != EINTR) return fail("random bytes: {}", io::errno_text(errno));
    if (n > 0) have += static_cast<std::size_t>(n);
  }
  return key;
}

Status sync_folder(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  const io::Fd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) return fail("{}: {}", folder, io::errno_text(errno));
  return {};
}

/// Creates the file or fails: a key that another process makes at the same moment is not overwritten either.
Status write_new(const std::string& path, const std::string& key) {
  const io::Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, key_mode));
  if (!fd.valid() && errno == EEXIST)
    return fail(ErrorKind::exists,
                "{} exists already and was not touched: a new key cuts off every node that has the old one. "
                "--force replaces it",
                path);
  if (!fd.valid()) return fail(ErrorKind::permission, "{}: {}", path, io::errno_text(errno));
  const bool written = ::write(fd.get(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                       ::fchmod(fd.get(), key_mode) == 0 && ::fsync(fd.get()) == 0;
  if (written) return sync_folder(path);
  const int error = errno;
  ::unlink(path.c_str());
  return fail("{}: {}", path, io::errno_text(error));
}

Status make_key(const std::string& path, std::size_t size, bool force) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty())
    if (auto made = io::make_directories(folder, 0755); !made) return made;
  const auto key = random_bytes(size);
  if (!key) return pass(key.error());
  return force ? io::write_file_durably(path, *key, key_mode) : write_new(path, *key);
}

}  // namespace

int keygen(const std::vector<std::string>& args) {
  std::string root;
  std::string file;
  std::uint32_t size = 256;
  bool force = false;
  bool ignored = false;
  Options options("relevo keygen [--force] [FILE]", "Makes the key that all nodes of a cluster share.");
  options.value("--root", "DIR", "write below this folder instead of /", root);
  options.value("-k,--key-file", "FILE", "where to (default: /etc/relevo/authkey)", file);
  options.number("-s,--size", "bytes of the key (default: 256)", size, 128, 4096);
  options.flag("--force", "replace a key that exists", force);
  options.flag("-l,--less-secure", "accepted: the kernel's generator never waits for the keyboard", ignored);
  options.flag("-r,--random", "accepted, for the same reason", ignored);
  const auto words = options.words(0, 1).parse(args);
  if (!words) return print_usage_error(words.error().message);
  if (options.help_wanted()) {
    print_line(options.help());
    return exit_ok;
  }
  if (!words->empty() && !file.empty()) return print_usage_error("the file is named twice, by -k and as a word");
  const auto path = !words->empty() ? words->front() : !file.empty() ? file : io::find_root(root).authkey();
  if (auto made = make_key(path, size, force); !made) return print_error(made.error());
  say("{}: a new key of {} bytes, readable by its owner only. Copy it to the other nodes, mode 0400.", path, size);
  return exit_ok;
}

}  // namespace relevo::cli::cluster
