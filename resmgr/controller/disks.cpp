// Bookkeeping of writes and of who has confirmed which version.
#include "resmgr/controller/disks.hpp"

#include <algorithm>

#include "resmgr/controller/digest.hpp"

namespace relevo::controller {
namespace {
constexpr std::size_t remembered_digests = 256;
}  // namespace

cib::Version on_disk(cib::Version version) {
  version.num_updates = 0;
  return version;
}

void Disks::changed(const cib::Version& version, std::string text, std::uint64_t lineage) {
  OnDisk what{on_disk(version), text_digest(text)};
  digests_[what.version] = what.digest;
  if (digests_.size() > remembered_digests) digests_.erase(digests_.begin());
  next_ = Write{0, std::move(what), std::move(text), lineage};
}

std::optional<Persist> Disks::take_write() {
  if (writing_ || !next_) return std::nullopt;
  writing_ = std::move(next_);
  next_.reset();
  writing_->ticket = ++last_ticket_;
  return Persist{writing_->ticket, std::move(writing_->text), writing_->lineage};
}

std::optional<OnDisk> Disks::written(std::uint64_t ticket, bool good) {
  if (!writing_ || writing_->ticket != ticket) return std::nullopt;
  auto what = std::move(writing_->what);
  writing_.reset();
  if (!good) return std::nullopt;
  // A sync may have put another state in its place meanwhile: then the next write speaks for us.
  const auto known = digests_.find(what.version);
  if (known == digests_.end() || known->second != what.digest) return std::nullopt;
  return what;
}

bool Disks::heard(const groups::Member& from, const OnDisk& message) {
  const auto known = digests_.find(message.version);
  if (known == digests_.end()) return true;
  if (known->second != message.digest) return false;
  members_[from] = std::max(members_[from], message.version);
  return true;
}

std::optional<cib::Version> Disks::lowest(const std::vector<groups::Member>& members) const {
  std::optional<cib::Version> low;
  for (const auto& member : members) {
    const auto found = members_.find(member);
    if (found == members_.end()) return std::nullopt;
    if (!low || found->second < *low) low = found->second;
  }
  return low;
}

}  // namespace relevo::controller
