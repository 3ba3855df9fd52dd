// One membership stack, fed by insiders and by whoever else can send packets, under virtual time. Not the simulator:
// nothing here is honest unless the fuzzer lets it be.
#pragma once

#include <memory>
#include <vector>

#include "membership/stack/stack.hpp"
#include "tests/fuzz_frame/insider.hpp"

namespace relevo::fuzz {

/// Node 2 with its stack; nodes 1 and 3 are insiders, each with two links.
class World {
 public:
  static constexpr NodeId self{2};
  static constexpr std::size_t links = 2;

  /// Bit 0 and 1 of `mode`: nodes 1 and 3 play; bit 2: paths are left as they are at the start, else both are up.
  /// Bits 4 and 5: the links' mode.
  explicit World(std::uint8_t mode);

  /// A packet as it came in; nothing that it does may reach a client when it is of a stranger.
  void datagram(LinkId link, const Address& from, BytesView bytes, bool of_stranger);
  void input(const stack::Input& input);
  void run(Duration time);
  [[nodiscard]] Insider& insider(std::uint8_t choice) { return choice % 2 == 0 ? one_ : three_; }
  [[nodiscard]] static Address address(NodeId node, LinkId link);
  /// Delivers what the insiders have to say.
  void pump();
  /// Aborts when something that must hold does not.
  void check() const;
  [[nodiscard]] RingId ring() const { return ring_; }
  [[nodiscard]] stack::Status status() const { return target_->status(); }
  [[nodiscard]] unsigned steps() const { return steps_; }

  Instant now{10s};
  std::vector<Frame> recorded;  ///< some frames of insiders, to be sent again

 private:
  void step(const stack::Input& input);
  void perform(stack::Output& output);
  void answer(const stack::Output& output);
  [[nodiscard]] Instant next() const;

  test::SeededRandom random_{1};
  stack::SettingsPtr settings_;
  std::unique_ptr<stack::Stack> target_;
  Insider one_, three_;
  std::vector<stack::Input> answers_;
  RingId ring_;  ///< of the last regular configuration
  unsigned steps_ = 0;
};

}  // namespace relevo::fuzz
