// Which configuration is on which member's disk, and what goes to this node's disk next. It writes nothing itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "resmgr/controller/messages.hpp"

namespace relevo::controller {

class Disks {
 public:
  /// The configuration changed: `text` is to be written.
  void changed(const cib::Version& version, std::string text, std::uint64_t lineage);
  /// After a sync nobody's disk is known.
  void forget_members() {
    members_.clear();
    digests_.clear();
  }
  void depart(const groups::Member& member) { members_.erase(member); }

  /// The next write, unless one is under way or nothing is left to write.
  [[nodiscard]] std::optional<Persist> take_write();
  /// A write ended: what to tell the others, nothing when it failed or was overtaken by a sync.
  [[nodiscard]] std::optional<OnDisk> written(std::uint64_t ticket, bool good);
  /// False: that member wrote something else under the same version.
  [[nodiscard]] bool heard(const groups::Member& from, const OnDisk& message);
  /// The version that all of `members` have on disk, if any.
  [[nodiscard]] std::optional<cib::Version> lowest(const std::vector<groups::Member>& members) const;
  [[nodiscard]] bool is_busy() const { return writing_.has_value() || next_.has_value(); }

 private:
  struct Write {
    std::uint64_t ticket = 0;
    OnDisk what;
    std::string text;
    std::uint64_t lineage = 0;
  };
  std::optional<Write> next_, writing_;
  std::uint64_t last_ticket_ = 0;
  std::map<cib::Version, std::string> digests_;  ///< of the configurations since the sync
  std::map<groups::Member, cib::Version> members_;
};

/// The version without its updates: what a disk holds.
[[nodiscard]] cib::Version on_disk(cib::Version version);

}  // namespace relevo::controller
