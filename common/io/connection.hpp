// Making a Connection from a connected socket, for unix_server.cpp. Users include unix_socket.hpp.
#pragma once

#include <memory>

#include "common/base/result.hpp"
#include "common/io/fd.hpp"
#include "common/io/unix_socket.hpp"

namespace relevo::io {

/// Takes a connected non-blocking stream socket.
Result<std::unique_ptr<Connection>> adopt(Loop& loop, Fd socket);

}  // namespace relevo::io
