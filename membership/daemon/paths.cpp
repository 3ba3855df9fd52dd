// What the kernel says of paths, handed to the core: peers that are not there, sends that fail, packets too large.
#include <cerrno>

#include "membership/daemon/daemon.hpp"

namespace relevo::membership {

namespace {
/// The path, not a full buffer, is why the kernel would not send.
bool is_of_path(int error) {
  return error == ENETUNREACH || error == ENETDOWN || error == EHOSTUNREACH || error == EHOSTDOWN || error == ENODEV ||
         error == EADDRNOTAVAIL || error == EPERM;
}
}  // namespace

void Daemon::watch_path(LinkId link, io::UdpSocket& socket) {
  const auto tell = [this](const stack::Input& input) {
    step(input);
    after_steps();
  };
  socket.on_unreachable([tell, link](const Address& peer) { tell(stack::Unreachable{link, peer}); });
  socket.on_too_large([tell, link](const io::TooLarge& what) {
    tell(stack::PacketTooBig{link, what.to, what.payload, what.local});
  });
  socket.on_refused([tell, link](const io::Refused& what) {
    if (what.too_large) return tell(stack::PacketTooBig{link, what.to, what.size - 1, true});
    if (is_of_path(what.error)) tell(stack::SendFailed{link, what.to});
  });
}

}  // namespace relevo::membership
