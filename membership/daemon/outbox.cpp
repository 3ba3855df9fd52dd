// Packets collected by link, and one call a socket.
#include "membership/daemon/outbox.hpp"

#include <iterator>

namespace relevo::membership {

void Outbox::add(std::vector<links::Send> sends) {
  if (waiting_.empty()) {
    waiting_ = std::move(sends);
  } else {
    std::move(sends.begin(), sends.end(), std::back_inserter(waiting_));
  }
}

void Outbox::flush(const std::map<LinkId, std::unique_ptr<io::UdpSocket>>& sockets) {
  for (const auto& send : waiting_) {
    auto& packets = of_link_[send.link];
    for (const auto& to : send.to) packets.push_back({to, send.bytes});
  }
  for (auto& [link, packets] : of_link_) {
    if (const auto socket = sockets.find(link); socket != sockets.end()) socket->second->send(packets);
    packets.clear();
  }
  waiting_.clear();
}

}  // namespace relevo::membership
