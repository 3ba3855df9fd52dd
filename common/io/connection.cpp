// One connected end of a local socket: who is there, how it begins and ends. Frames in and out: connection_read.cpp,
// connection_write.cpp.
#include "common/io/connection.hpp"

#include <cerrno>

#include "common/io/connection_impl.hpp"

namespace relevo::io {

void Connection::Impl::shut() {
  open = false;
  boost::system::error_code ignored;
  socket.close(ignored);
  out.clear();
}

void Connection::Impl::fail_with(const std::string& reason) {
  if (open) shut();
  report(reason);
}

void Connection::Impl::fail_later(std::string reason) {
  if (!open) return;
  shut();
  loop.post([self = shared_from_this(), reason = std::move(reason)] { self->report(reason); });
}

void Connection::Impl::report(const std::string& reason) {
  const auto tell = std::exchange(on_closed, nullptr);
  if (tell && owned && !draining) tell(reason);
}

namespace {
/// A sender fills the buffer, then sleeps until the other side has read: the larger it is, the less often both must be
/// scheduled. Past the system's limit only with CAP_NET_ADMIN, else what the limit allows. Memory is used when it is full.
void widen(int fd) {
  const int bytes = 1 << 20;
  if (::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
}

/// None where the kernel does not tell them.
std::vector<gid_t> groups_of(int socket) {
  std::vector<gid_t> groups(64);
  socklen_t size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  int error = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  if (error != 0 && errno == ERANGE) {  // the kernel has said how many there are
    groups.resize(size / sizeof(gid_t));
    error = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
  }
  groups.resize(error == 0 ? size / sizeof(gid_t) : 0);
  return groups;
}
}  // namespace

Result<std::unique_ptr<Connection>> adopt(Loop& loop, Fd socket) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
    return fail("the peer of a local socket is not known: {}", errno_text(errno));
  }
  widen(socket.get());
  auto impl = std::make_shared<Connection::Impl>(loop);
  boost::system::error_code error;
  impl->socket.assign(socket.get(), error);
  if (error) return fail("cannot watch a local socket: {}", error.message());
  (void)socket.release();
  impl->credentials = PeerCredentials{who.pid, who.uid, who.gid, groups_of(impl->socket.native_handle())};
  return std::make_unique<Connection>(std::move(impl));
}

Connection::Connection(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Connection::~Connection() {
  impl_->owned = false;
  if (impl_->draining || !impl_->open) return;
  (void)impl_->push();  // what was sent in this turn still goes, as far as it fits
  impl_->shut();
}

void Connection::start(std::function<void(const Frame&)> on_frame,
                       std::function<void(const std::string& reason)> on_closed) {
  impl_->on_frame = std::move(on_frame);
  impl_->on_closed = std::move(on_closed);
  impl_->started = true;
  impl_->wait_read();
}

void Connection::pause_reading(bool pause) {
  impl_->paused = pause;
  impl_->wait_read();
}

void Connection::send(std::uint16_t type, BytesView payload) { impl_->send(type, payload); }
std::size_t Connection::queued() const { return impl_->out.bytes(); }
PeerCredentials Connection::peer() const { return impl_->credentials; }

void Connection::close_with(std::uint16_t type, BytesView payload) {
  impl_->out.drop_waiting();
  impl_->send(type, payload);
  close();
}

void Connection::on_drained(std::size_t low, std::function<void()> handler) {
  impl_->drained_low = low;
  impl_->on_drained = std::move(handler);
  if (impl_->out.bytes() > low) return;
  impl_->loop.post([self = impl_] { self->tell_drained(); });
}

void Connection::close() {
  if (!impl_->open || impl_->draining) return;
  impl_->draining = true;
  if (!impl_->writing && impl_->push() != 0) return impl_->shut();
  if (impl_->out.empty()) impl_->shut();
}

}  // namespace relevo::io
