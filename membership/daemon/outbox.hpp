// The packets that the steps of one turn want sent, until the turn ends: then they leave together. Decides nothing.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "common/io/udp.hpp"
#include "membership/links/types.hpp"

namespace relevo::membership {

class Outbox {
 public:
  void add(std::vector<links::Send> sends);
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  /// Sends everything, in order for each receiver of each link. Packets of links without a socket are dropped.
  void flush(const std::map<LinkId, std::unique_ptr<io::UdpSocket>>& sockets);

 private:
  std::vector<links::Send> waiting_;
  std::map<LinkId, std::vector<io::Outgoing>> of_link_;
};

}  // namespace relevo::membership
