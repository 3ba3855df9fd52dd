// Counts what the runs went through: faults, transitions, rules. A kind that no run meets is a hole in the tests.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relevo::sim {

/// The kinds that must be met by the seeds of `make test`.
[[nodiscard]] const std::vector<std::string_view>& required_kinds();

class Coverage {
 public:
  /// One more of a named kind, e.g. `fault: crash`.
  void hit(std::string_view kind, std::uint64_t times = 1);
  /// A note that a node gave: counted under its text without numbers.
  void note(std::string_view text);
  /// The counters of one start of one node at its end, as `counter: ring.installs`.
  void add_counters(const std::map<std::string, std::uint64_t>& counters);
  /// The table, one kind a line, required ones first.
  [[nodiscard]] std::string table() const;
  /// Required kinds that never came. Notes and counters match by their beginning.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  [[nodiscard]] std::uint64_t count(std::string_view kind) const;
  std::map<std::string, std::uint64_t, std::less<>> kinds_;
};

/// Numbers become `#`, lists of numbers one `#`.
[[nodiscard]] std::string without_numbers(std::string_view text);

}  // namespace relevo::sim
