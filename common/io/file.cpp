// Whole-file reads and atomic durable writes with plain system calls.
#include "common/io/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "common/io/fd.hpp"

namespace relevo::io {
namespace {

ErrorKind kind_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return ErrorKind::not_found;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorKind::permission;
    default: return ErrorKind::failed;
  }
}

tl::unexpected<Error> path_error(const std::string& path, std::string_view what, int error) {
  return fail(kind_of(error), "{}: {}: {}", path, what, errno_text(error));
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// Fills the temporary file and makes its content durable. Gives 0 or errno.
int fill_durably(const std::string& temp, std::string_view content, mode_t mode) {
  const Fd fd(::open(temp.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return errno;
  if (const int error = write_all(fd.get(), content); error != 0) return error;
  if (::fchmod(fd.get(), mode) != 0) return errno;
  if (::fsync(fd.get()) != 0) return errno;
  return 0;
}

}  // namespace

std::string errno_text(int error) {
  char text[128];
  return strerror_r(error, text, sizeof text);
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return path_error(path, "cannot open", errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return path_error(path, "cannot read", errno);
  if (S_ISDIR(status.st_mode)) return fail(ErrorKind::invalid, "{}: is a directory", path);
  std::string content;
  if (S_ISREG(status.st_mode)) {
    if (static_cast<std::uint64_t>(status.st_size) > limit) {
      return fail(ErrorKind::invalid, "{}: has {} bytes, more than the {} allowed", path, status.st_size, limit);
    }
    content.reserve(static_cast<std::size_t>(status.st_size));
  }
  char piece[16384];
  for (;;) {
    const auto n = ::read(fd.get(), piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return path_error(path, "cannot read", errno);
    if (n == 0) return content;
    content.append(piece, static_cast<std::size_t>(n));
    if (content.size() > limit) return fail(ErrorKind::invalid, "{}: longer than the {} bytes allowed", path, limit);
  }
}

Status write_file_durably(const std::string& path, std::string_view content, mode_t mode) {
  // The counter keeps the loop and its helper thread apart, the pid two processes.
  static std::atomic<unsigned> counter{0};
  const std::string temp = fmt::format("{}.tmp.{}.{}", path, ::getpid(), counter.fetch_add(1));
  ::unlink(temp.c_str());
  if (const int error = fill_durably(temp, content, mode); error != 0) {
    ::unlink(temp.c_str());
    return path_error(path, "cannot write", error);
  }
  if (::rename(temp.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temp.c_str());
    return path_error(path, "cannot replace", error);
  }
  // Without this the new name may be gone after a power cut although the content is on disk.
  const Fd folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0) return path_error(path, "cannot make durable", errno);
  return {};
}

Status make_directories(const std::string& path, mode_t mode) {
  for (std::size_t at = 1; at <= path.size(); ++at) {
    if (at != path.size() && path[at] != '/') continue;
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), mode) == 0) continue;
    const int error = errno;
    struct stat status {};
    if (::stat(part.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
    return path_error(part, "cannot make the directory", error);
  }
  return {};
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace relevo::io
