// The ring number on disk: two small text files with a checksum, written in reserved blocks. Decides no ring.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/ids.hpp"
#include "common/base/note.hpp"
#include "common/base/result.hpp"
#include "common/io/loop.hpp"

namespace relevo::membership {

/// How many ring numbers one write reserves. A restart goes on after the reserved ones, so none is used twice. A ring
/// takes 4 or so: a disk that fails is survived for more than a hundred rings. Not more, so that restarts do not outrun
/// the clock, which stands in for a lost disk.
constexpr std::uint64_t ring_block = 1024;

/// What stands in one of the files.
[[nodiscard]] std::string ring_file_text(NodeId node, std::uint64_t reserved);
/// Errors: anything but what ring_file_text wrote for this node.
Result<std::uint64_t> parse_ring_file(std::string_view text, NodeId node);

/// The two copies in the state folder: ringid_<node> and ringid_<node>.bak.
class RingStore {
 public:
  RingStore(io::Loop& loop, const std::string& state_dir, NodeId node);

  /// Reads both copies: the greatest number that may have been used before, 0 when neither is there or readable.
  /// Never fails: what is wrong is in `notes`.
  std::uint64_t load(Notes& notes);

  /// Makes sure that `seq` is durable before it returns. Nearly always it is, thanks to the reservation: the next
  /// block is written by the helper thread when half of the last one is used, and again and again while that fails.
  /// Errors: the reservation is used up and the disk does not take another; then no ring with this number may be used.
  Status store(std::uint64_t seq);
  /// What is wrong with the disk, and how many numbers are left; empty when nothing is.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  struct Disk;
  void reserve_ahead(std::uint64_t upto);
  void on_reserved(std::uint64_t upto, const Status& written);

  io::Loop& loop_;
  std::shared_ptr<Disk> disk_;  ///< shared with the helper thread
  std::uint64_t reserved_ = 0;  ///< durable: numbers up to here may be used
  bool reserving_ = false;
  std::uint64_t used_ = 0;  ///< the greatest number asked for
  std::string trouble_;
  io::Timer again_;
};

}  // namespace relevo::membership
