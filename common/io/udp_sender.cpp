// Packets sorted by receiver, packets made runs, runs made one sendmmsg call; refused runs are sent packet by packet.
#include "common/io/udp_sender.hpp"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace relevo::io {

namespace {
// The kernel's limits: UDP_MAX_SEGMENTS of Linux 4.18 to 6.8, and the longest IPv4 datagram.
constexpr std::size_t max_segments = 64;
constexpr std::size_t max_run_bytes = 65507;
constexpr std::size_t max_refusals = 64;
constexpr std::uint32_t retry_batches = 20'000;  // a path's MTU may have grown, the socket may have moved to a better card

/// Errors that an ICMP answer to an earlier packet leaves behind: this packet was not tried yet.
bool is_about_another(int error) { return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH; }
/// The packets as a run were refused, and singly they may go.
bool is_about_the_run(int error) { return error == EINVAL || error == EMSGSIZE || error == EIO || error == EOPNOTSUPP; }
}  // namespace

std::uint64_t UdpSender::send(int fd, std::span<const Outgoing> packets) {
  if (packets.size() == 1) {
    const auto& p = packets.front();
    const iovec piece{const_cast<std::uint8_t*>(p.bytes.data()), p.bytes.size()};
    return send_one(fd, p.to, to_sockaddr(p.to), piece) ? 0 : 1;
  }
  if (++batches_ % retry_batches == 0) refused_segment_ = SIZE_MAX;
  sort_by_receiver(packets);
  make_runs(packets);
  fill_headers();
  return send_runs(fd);
}

void UdpSender::sort_by_receiver(std::span<const Outgoing> packets) {
  used_ = 0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const auto begin = receivers_.begin(), end = begin + static_cast<std::ptrdiff_t>(used_);
    auto found = std::find_if(begin, end, [&](const Receiver& r) { return r.address == packets[i].to; });
    if (found == end) {
      if (used_ == receivers_.size()) receivers_.emplace_back();
      found = receivers_.begin() + static_cast<std::ptrdiff_t>(used_++);
      if (found->address != packets[i].to) found->name = to_sockaddr(packets[i].to);
      found->address = packets[i].to;
      found->packets.clear();
    }
    found->packets.push_back(i);
  }
}

/// Whether a packet of that size may follow in the run: equal ones, then at most one that is shorter.
bool UdpSender::fits(const Run& run, std::size_t size) const {
  return !run.closed && size > 0 && size <= run.segment && run.segment < refused_segment_ && run.count < max_segments &&
         run.bytes + size <= max_run_bytes;
}

void UdpSender::make_runs(std::span<const Outgoing> packets) {
  pieces_.clear();
  runs_.clear();
  for (std::size_t r = 0; r < used_; ++r) {
    bool first = true;
    for (const auto i : receivers_[r].packets) {
      const auto bytes = packets[i].bytes;
      if (first || !fits(runs_.back(), bytes.size())) runs_.push_back({r, pieces_.size(), 0, bytes.size(), 0, false});
      first = false;
      auto& run = runs_.back();
      run.closed = bytes.size() < run.segment;
      ++run.count;
      run.bytes += bytes.size();
      pieces_.push_back({const_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    }
  }
}

void UdpSender::fill_headers() {
  headers_.assign(runs_.size(), {});
  controls_.resize(runs_.size());
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const auto& run = runs_[i];
    auto& name = receivers_[run.receiver].name;
    auto& header = headers_[i].msg_hdr;
    header.msg_name = name.get();
    header.msg_namelen = name.length;
    header.msg_iov = &pieces_[run.begin];
    header.msg_iovlen = run.count;
    if (run.count == 1) continue;
    header.msg_control = controls_[i].bytes;
    header.msg_controllen = sizeof controls_[i].bytes;
    auto* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto segment = static_cast<std::uint16_t>(run.segment);
    std::memcpy(CMSG_DATA(control), &segment, sizeof segment);
  }
}

std::uint64_t UdpSender::send_runs(int fd) {
  std::uint64_t dropped = 0;
  bool tried_again = false;
  for (std::size_t next = 0; next < headers_.size();) {
    const auto left = static_cast<unsigned>(headers_.size() - next);
    const int sent = ::sendmmsg(fd, &headers_[next], left, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      next += static_cast<std::size_t>(sent);
      tried_again = false;
      continue;
    }
    const int error = errno;
    if ((is_about_another(error) || error == EINTR) && !tried_again) {
      tried_again = true;
      continue;
    }
    const auto& run = runs_[next++];
    tried_again = false;
    if (run.count > 1 && is_about_the_run(error)) {
      refused_segment_ = std::min(refused_segment_, error == EIO || error == EOPNOTSUPP ? 0 : run.segment);
      dropped += send_singly(fd, run);
    } else {
      dropped += run.count;
      note_refusal(receivers_[run.receiver].address, run.segment, error);
    }
  }
  return dropped;
}

std::uint64_t UdpSender::send_singly(int fd, const Run& run) {
  std::uint64_t dropped = 0;
  for (std::size_t i = 0; i < run.count; ++i) {
    const auto& to = receivers_[run.receiver];
    dropped += send_one(fd, to.address, to.name, pieces_[run.begin + i]) ? 0U : 1U;
  }
  return dropped;
}

bool UdpSender::send_one(int fd, const Address& to, const SocketAddress& name, iovec piece) {
  // The first call may only hand back the error of an earlier packet; this packet then was not tried yet.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto n = ::sendto(fd, piece.iov_base, piece.iov_len, MSG_DONTWAIT | MSG_NOSIGNAL, name.get(), name.length);
    if (n >= 0) return true;
    if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE || errno == EPERM) break;
  }
  note_refusal(to, piece.iov_len, errno);
  return false;
}

void UdpSender::note_refusal(const Address& to, std::size_t size, int error) {
  if (refused_.size() < max_refusals) refused_.push_back({to, size, error == EMSGSIZE, error});
}

}  // namespace relevo::io
