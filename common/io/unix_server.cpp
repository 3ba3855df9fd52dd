// Listening and connecting on local sockets. What a connection does is in connection.cpp.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>

#include "common/io/connection.hpp"
#include "common/io/fd.hpp"
#include "common/io/unix_path.hpp"
#include "common/io/unix_socket.hpp"

namespace relevo::io {
namespace asio = boost::asio;

Result<UnixPath> unix_path(const std::string& path) {
  UnixPath out;
  out.address.sun_family = AF_UNIX;
  std::string name = path;
  if (name.size() >= sizeof out.address.sun_path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return fail(ErrorKind::invalid, "{}: too long for a socket", path);
    const auto folder = path.substr(0, slash == 0 ? 1 : slash);
    out.folder.reset(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!out.folder.valid()) {
      const auto kind = errno == EACCES ? ErrorKind::permission : ErrorKind::not_connected;
      return fail(kind, "{}: {}", folder, errno_text(errno));
    }
    name = fmt::format("/proc/self/fd/{}/{}", out.folder.get(), path.substr(slash + 1));
    if (name.size() >= sizeof out.address.sun_path) return fail(ErrorKind::invalid, "{}: too long for a socket", path);
  }
  std::memcpy(out.address.sun_path, name.c_str(), name.size() + 1);
  return out;
}

namespace {

/// Held as long as the server lives, so that two that start together cannot both replace the socket.
Result<Fd> lock_path(const std::string& path) {
  const std::string name = path + ".lock";
  Fd fd(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return fail("{}: {}", name, errno_text(errno));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return fail(ErrorKind::exists, "{}: another process listens there already", path);
    return fail("{}: {}", name, errno_text(errno));
  }
  return fd;
}

/// A bound and listening socket with its mode set before the first client can come.
Result<Fd> listen_at(const std::string& path, mode_t mode) {
  const auto address = unix_path(path);
  if (!address) return pass(address.error());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail("no local socket: {}", errno_text(errno));
  ::unlink(path.c_str());
  if (::bind(fd.get(), address->get(), sizeof(sockaddr_un)) != 0 || ::chmod(path.c_str(), mode) != 0 ||
      ::listen(fd.get(), 64) != 0) {
    return fail("{}: {}", path, errno_text(errno));
  }
  return fd;
}

}  // namespace

struct UnixServer::Impl : std::enable_shared_from_this<UnixServer::Impl> {
  explicit Impl(Loop& l) : loop(l), socket(l.context()), pause(l) {}

  Loop& loop;
  Fd lock;
  asio::posix::stream_descriptor socket;
  Timer pause;
  std::string path;
  std::function<void(std::unique_ptr<Connection>)> on_client;
  bool closed = false;

  void wait() {
    socket.async_wait(asio::posix::stream_descriptor::wait_read,
                      [self = shared_from_this()](const boost::system::error_code& error) {
                        if (!error && !self->closed) self->accept_all();
                      });
  }

  void accept_all() {
    while (!closed) {
      Fd fd(::accept4(socket.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (fd.valid()) {
        if (auto connection = adopt(loop, std::move(fd))) on_client(std::move(*connection));
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
        // The client stays in the backlog; asking again at once would spin.
        pause.after(100ms, [this] { wait(); });
        return;
      } else if (errno != EINTR && errno != ECONNABORTED) {
        break;
      }
    }
    if (!closed) wait();
  }
};

UnixServer::UnixServer() = default;

UnixServer::~UnixServer() {
  if (!impl_) return;
  impl_->closed = true;
  impl_->pause.cancel();
  boost::system::error_code ignored;
  impl_->socket.close(ignored);
  ::unlink(impl_->path.c_str());
  impl_->lock.reset();
}

Result<std::unique_ptr<UnixServer>> UnixServer::listen(Loop& loop, const std::string& path, mode_t mode,
                                                       std::function<void(std::unique_ptr<Connection>)> on_client) {
  auto lock = lock_path(path);
  if (!lock) return pass(lock.error());
  auto fd = listen_at(path, mode);
  if (!fd) return pass(fd.error());
  std::unique_ptr<UnixServer> server(new UnixServer);
  server->impl_ = std::make_shared<Impl>(loop);
  server->impl_->lock = std::move(*lock);
  server->impl_->path = path;
  server->impl_->on_client = std::move(on_client);
  boost::system::error_code error;
  server->impl_->socket.assign(fd->get(), error);
  if (error) return fail("{}: {}", path, error.message());
  (void)fd->release();
  server->impl_->wait();
  return server;
}

Result<std::unique_ptr<Connection>> connect_unix(Loop& loop, const std::string& path) {
  const auto address = unix_path(path);
  if (!address) return pass(address.error());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail("no local socket: {}", errno_text(errno));
  if (::connect(fd.get(), address->get(), sizeof(sockaddr_un)) != 0) {
    const int error = errno;
    if (error == EACCES || error == EPERM) return fail(ErrorKind::permission, "{}: {}", path, errno_text(error));
    if (error == EAGAIN) return fail(ErrorKind::not_connected, "{}: the daemon does not answer", path);
    return fail(ErrorKind::not_connected, "{}: nobody listens there ({})", path, errno_text(error));
  }
  return adopt(loop, std::move(fd));
}

}  // namespace relevo::io
