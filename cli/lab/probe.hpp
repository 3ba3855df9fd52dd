// The client of the demonstration: asks the virtual IP for an echo every 5 ms and remembers who answered when.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/lab/topology.hpp"

namespace relevo::cli::lab {

/// One echo that came back.
struct Echo {
  std::int64_t at_ns = 0;  ///< CLOCK_MONOTONIC
  std::uint8_t octet = 0;  ///< last byte of the sender's MAC: which host it was
};

/// The longest time without an answer between `from` and the last echo, counting from the echo before `from`.
/// Nothing when no echo came after `from`. Pure.
[[nodiscard]] std::optional<std::chrono::nanoseconds> longest_silence(std::span<const Echo> echoes,
                                                                      std::int64_t from_ns);

/// Runs in the client's namespaces as a process of its own until it is destroyed.
class Probe {
 public:
  static Result<std::unique_ptr<Probe>> start(const Lab& lab, const Host& client, const std::string& address);
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  /// All echoes until now, oldest first.
  [[nodiscard]] std::span<const Echo> echoes() const;
  /// Now, on the clock of the echoes.
  [[nodiscard]] static std::int64_t now_ns();

 private:
  struct Shared;
  Probe(Shared* shared, pid_t child) : shared_(shared), child_(child) {}
  static int body(Shared& shared, const std::string& address);

  Shared* shared_;
  pid_t child_;
};

}  // namespace relevo::cli::lab
