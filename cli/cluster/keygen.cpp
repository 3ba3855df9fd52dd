// Making the cluster's key, as a keyring or raw. It writes one file and never over another, unless told to.
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
#include "common/io/loop.hpp"
#include "common/io/root.hpp"
#include "membership/seal/keyring.hpp"

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
Status write_new(const std::string& path, std::string_view key) {
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

/// A keyring of one active key. Its id is drawn too, so that the key of another cluster is told apart before decryption.
Result<seal::Secret> new_keyring() {
  auto drawn = random_bytes(1 + seal::ring_key_size);
  if (!drawn) return pass(drawn.error());
  const auto id = static_cast<std::uint8_t>(1 + static_cast<std::uint8_t>((*drawn)[0]) % 255);
  seal::Keyring ring;
  ring.entries.push_back(seal::make_entry(id, seal::KeyState::active, io::Loop().wall().seconds,
                                          seal::Secret::copy_of(as_bytes(*drawn).subspan(1))));
  seal::wipe(*drawn);
  return seal::keyring_text(ring);
}

/// As many random bytes as asked for, and nothing else.
Result<seal::Secret> new_raw_key(std::size_t size) {
  auto drawn = random_bytes(size);
  if (!drawn) return pass(drawn.error());
  auto key = seal::Secret::copy_of(as_bytes(*drawn));
  seal::wipe(*drawn);
  return key;
}

Status make_key(const std::string& path, const Result<seal::Secret>& key, bool force) {
  if (!key) return pass(key.error());
  const auto folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty())
    if (auto made = io::make_directories(folder, 0755); !made) return made;
  const auto content = as_text(key->view());
  return force ? io::write_file_durably(path, content, key_mode) : write_new(path, content);
}

}  // namespace

int keygen(const std::vector<std::string>& args) {
  std::string root;
  std::string file;
  std::uint32_t size = 0;
  bool force = false;
  Options options("relevo keygen [--force] [FILE]", "Makes the keyring that all nodes of a cluster share.");
  options.value("--root", "DIR", "write below this folder instead of /", root);
  options.value("-k,--key-file", "FILE", "where to (default: /etc/relevo/authkey)", file);
  options.number("-s,--size", "a raw key of so many bytes, as corosync-keygen makes them, instead of a keyring", size, 128, 4096);
  options.flag("--force", "replace a key that exists", force);
  std::vector<std::string> words;
  if (const auto ended = options.words(0, 1).parse_or_end(args, words)) return *ended;
  if (!words.empty() && !file.empty()) return print_usage_error("the file is named twice, by -k and as a word");
  const auto path = !words.empty() ? words.front() : !file.empty() ? file : io::find_root(root).authkey();
  if (auto made = make_key(path, size == 0 ? new_keyring() : new_raw_key(size), force); !made) return print_error(made.error());
  say("{}: a new key, readable by its owner only. Copy it to the other nodes, mode 0400.", path);
  return exit_ok;
}

int corosync_keygen(const std::vector<std::string>& args) {
  std::string root;
  std::string file;
  std::uint32_t size = 256;
  bool force = false;
  bool less_secure = false;
  bool random = false;
  Options options("corosync-keygen [-k FILE] [-s SIZE] [-r] [-l]", "Makes a raw key that all nodes of a cluster share.");
  options.value("--root", "DIR", "write below this folder instead of /", root);
  options.value("-k,--key-file", "FILE", "where to (default: the key file that this node's configuration uses)", file);
  options.number("-s,--size", "bytes of the key (default: 256)", size, 128, 4096);
  options.flag("-r,--random", "say /dev/random; the kernel's generator is the same", random);
  options.flag("-l,--less-secure", "accepted: the kernel's generator never waits for the keyboard", less_secure);
  options.flag("--force", "replace a key that exists", force);
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  const auto where = io::find_root(root);
  const bool ours = io::file_exists(where.cluster_conf()) || !io::file_exists(where.corosync_conf());
  const auto path = !file.empty() ? file : ours ? where.authkey() : where.corosync_authkey();
  say("Corosync Cluster Engine Authentication key generator.");
  say("Gathering {} bits for key from {}.", std::size_t{size} * 8, random ? "/dev/random" : "/dev/urandom");
  const auto key = new_raw_key(size);
  say("Writing corosync key to {}.", path);
  if (auto made = make_key(path, key, force); !made) return print_error(made.error());
  return exit_ok;
}

}  // namespace relevo::cli::cluster
