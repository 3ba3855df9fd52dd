// The ring alone: three rings in one process hand each other their packets in memory; no sockets, no keys, no clients.
// Usage: micro_ring [MESSAGE-SIZE [FRAME-SIZE [SENDERS [SECONDS]]]]. Prints messages and bytes per second of processor time.
#include <array>
#include <ctime>
#include <cstdlib>
#include <deque>
#include <memory>

#include "common/base/text.hpp"
#include "membership/totem/ring.hpp"
#include "membership/wire/codec.hpp"

using namespace relevo;

namespace {

struct Packet {
  NodeId from;
  NodeId to;
  std::shared_ptr<const Bytes> bytes;
};

class Rings {
 public:
  Rings(std::size_t count, std::size_t frame_size) {
    for (std::uint32_t i = 1; i <= count; ++i) rings_.emplace_back(totem::Options{});
    for (std::uint32_t i = 1; i <= count; ++i) perform(NodeId(i), rings_[i - 1].step(totem::Start{NodeId(i), 0, 1000}, now_));
    for (std::uint32_t i = 1; i <= count; ++i) {
      perform(NodeId(i), rings_[i - 1].step(totem::FrameRoom{frame_size}, now_));
      for (std::uint32_t k = 1; k <= count; ++k)
        if (k != i) perform(NodeId(i), rings_[i - 1].step(totem::PeerUp{NodeId(k)}, now_));
    }
  }

  /// Fills the queues of the first `senders` rings, then handles one packet or, when there is none, lets time pass.
  void turn(std::size_t senders, std::size_t size) {
    for (std::uint32_t i = 1; i <= senders; ++i) {
      while (!is_full(i)) {
        auto output = rings_[i - 1].submit(Bytes(size, 7), groups::Guarantee::agreed, now_);
        if (output.refused) full_[i] = true;
        perform(NodeId(i), std::move(output));
      }
    }
    if (wire_.empty()) return pass_time();
    now_ += 1us;
    auto packet = std::move(wire_.front());
    wire_.pop_front();
    auto& ring = rings_[packet.to.value - 1];
    auto decoded = wire::decode(Bytes(*packet.bytes));  // as it comes out of the unsealing
    if (decoded && std::holds_alternative<wire::Token>(*decoded)) full_[packet.to.value] = false;
    if (decoded) perform(packet.to, ring.step(totem::Receive{packet.from, std::move(*decoded)}, now_));
  }

  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  [[nodiscard]] const totem::Ring& first() const { return rings_.front(); }

 private:
  bool is_full(std::uint32_t i) { return full_[i]; }

  void pass_time() {
    now_ += 1ms;
    for (std::uint32_t i = 1; i <= rings_.size(); ++i) perform(NodeId(i), rings_[i - 1].step(totem::Tick{}, now_));
  }

  void perform(NodeId from, totem::Output output) {
    for (const auto& send : output.sends) {
      const auto bytes = wire::image(send.packet);
      for (std::uint32_t k = 1; k <= rings_.size(); ++k)
        if (NodeId(k) != from && (!send.to || *send.to == NodeId(k))) wire_.push_back({from, NodeId(k), bytes});
    }
    if (from != NodeId(1)) return;
    for (const auto& event : output.events) delivered_ += std::holds_alternative<totem::Delivery>(event) ? 1U : 0U;
  }

  Instant now_{};
  std::vector<totem::Ring> rings_;
  std::array<bool, 65> full_{};
  std::deque<Packet> wire_;
  std::uint64_t delivered_ = 0;
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::size_t argument(int argc, char** argv, int index, std::size_t otherwise) {
  return index < argc ? static_cast<std::size_t>(parse_uint(argv[index]).value_or(otherwise)) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const auto size = argument(argc, argv, 1, 64);
  const auto frame_size = argument(argc, argv, 2, wire::usual_frame);
  const auto senders = argument(argc, argv, 3, 1);
  const auto seconds = argument(argc, argv, 4, 3);
  Rings rings(3, frame_size);
  for (int i = 0; i < 3000; ++i) rings.turn(0, 0);
  fmt::print("ring of {}, {} bytes in frames of {}, {} senders\n", rings.first().view().members.size(), size, frame_size, senders);
  const auto before = rings.delivered();
  const auto start = cpu_seconds();
  while (cpu_seconds() - start < static_cast<double>(seconds))
    for (int i = 0; i < 100; ++i) rings.turn(std::min<std::size_t>(senders, 3), size);
  const double took = cpu_seconds() - start;
  const auto messages = static_cast<double>(rings.delivered() - before);
  const auto view = rings.first().view();
  fmt::print("{:.0f} messages/s, {:.1f} MB/s, {} tokens, {} resent\n", messages / took,
             messages * static_cast<double>(size) / took / 1e6, view.counters.tokens, view.counters.resent);
  return view.members.size() == 3 && messages > 0 ? 0 : 1;
}
