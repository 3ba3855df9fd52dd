// Addresses of local sockets, also for paths longer than the 107 bytes that sockaddr_un holds.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "common/base/result.hpp"
#include "common/io/fd.hpp"

namespace relevo::io {

/// Use it while it lives: a long path goes through the open folder.
struct UnixPath {
  Fd folder;
  sockaddr_un address{};
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

/// Errors: a file name that is too long by itself, a folder that cannot be opened.
Result<UnixPath> unix_path(const std::string& path);

}  // namespace relevo::io
