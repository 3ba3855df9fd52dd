// Opening, checking, reading and replacing the key file.
#include "membership/daemon/key_file.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "common/io/fd.hpp"
#include "common/io/file.hpp"
#include "membership/seal/authkey.hpp"

namespace relevo::membership {
namespace {

tl::unexpected<Error> no_key(const std::string& path, int error) {
  if (error == ENOENT) {
    return fail(ErrorKind::not_found,
                "{}: the key of the cluster is missing. On one node run 'relevo keygen', then copy the file to every node",
                path);
  }
  if (error == ELOOP) return fail(ErrorKind::permission, "{}: the key must be a file, not a link", path);
  return fail(ErrorKind::permission, "{}: the key cannot be read: {}", path, io::errno_text(error));
}

}  // namespace

Result<seal::Keyring> load_key_file(const std::string& path) {
  const io::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd.valid()) return no_key(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return no_key(path, errno);
  seal::KeyFileFacts facts;
  facts.regular = S_ISREG(status.st_mode);
  facts.mode = status.st_mode & 07777;
  facts.owner = status.st_uid;
  facts.process_user = ::geteuid();
  facts.names = static_cast<std::uint64_t>(status.st_nlink);
  facts.size = static_cast<std::uint64_t>(status.st_size);
  if (auto trusted = seal::check_key_file(facts, path); !trusted) return pass(trusted.error());
  Bytes content(seal::max_key_file + 1);  // one more, so that a file that grew meanwhile is noticed
  const auto n = ::read(fd.get(), content.data(), content.size());
  if (n < 0) return no_key(path, errno);
  auto key = seal::read_key_file(BytesView(content).first(static_cast<std::size_t>(n)), path);
  seal::wipe(content);
  return key;
}

Status store_key_file(const std::string& path, const seal::Secret& content) {
  return io::write_file_durably(path, as_text(content.view()), 0400);
}

void protect_memory() {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace relevo::membership
