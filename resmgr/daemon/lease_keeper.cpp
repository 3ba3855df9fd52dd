// See lease_keeper.hpp.
#include "resmgr/daemon/lease_keeper.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "common/net/addresses.hpp"
#include "common/net/lease.hpp"

namespace relevo::resmgr {

struct LeaseKeeper::Impl : std::enable_shared_from_this<LeaseKeeper::Impl> {
  Impl(io::Loop& l, LeaseKeeperOptions o) : loop(l), options(std::move(o)), timer(l) {}

  io::Loop& loop;
  LeaseKeeperOptions options;
  io::Timer timer;
  bool allowed = false;
  std::vector<std::string> resources;
  std::set<std::string> lost;         // reported and not seen since
  std::optional<Instant> last_round;  // of this stretch of being allowed
  std::function<void(const std::string&, const std::string&)> on_lost;
  std::function<void(const Note&)> on_note;

  void say(Note text) {
    if (on_note) on_note(text);
  }

  void allow(bool value) {
    if (std::exchange(allowed, value) == value) return;
    last_round.reset();
    if (allowed) return round();
    timer.cancel();
  }

  void round() {
    timer.after(options.period, [this] { round(); });
    const auto now = loop.now();
    const auto pause = last_round ? now - *last_round : Duration(0);
    last_round = now;
    std::vector<std::pair<std::string, net::LeaseRecord>> leased;
    for (const auto& resource : resources) {
      if (auto record = net::read_lease(options.record_folder, resource))
        leased.emplace_back(resource, std::move(*record));
    }
    if (leased.empty()) return;
    const auto list = net::addresses();
    if (!list) return say(note(Level::error, "addresses cannot be renewed: {}", list.error().message));
    for (const auto& [resource, record] : leased) look_after(resource, record, *list, pause);
  }

  void look_after(const std::string& resource, const net::LeaseRecord& record,
                  const std::vector<net::InterfaceAddress>& list, Duration pause) {
    const auto* address = net::find_leased(list, record);
    if (address == nullptr) return report_lost(resource, record);
    lost.erase(resource);
    if (address->valid_lft == net::forever) return;  // somebody made it permanent
    if (pause >= record.lease) {
      // This process slept through the lease: what the kernel has not dropped yet it is about to drop. Renewing
      // now could bring back an address that another node holds.
      return say(note(Level::warning, "{}: not renewed, this process did not run for {} ms", resource, to_ms(pause)));
    }
    auto renewed = *address;
    renewed.valid_lft = static_cast<std::uint32_t>(record.lease.count());
    if (address->preferred_lft != 0) renewed.preferred_lft = renewed.valid_lft;  // 0: deprecated on purpose
    if (const auto done = net::extend_address(renewed, record.interface_name); !done) {
      say(note(Level::error, "{}: {}", resource, done.error().message));
    }
  }

  void report_lost(const std::string& resource, const net::LeaseRecord& record) {
    // A stop removes the record before the address: without a record nothing is lost.
    if (!net::read_lease(options.record_folder, resource) || !lost.insert(resource).second) return;
    const auto reason = fmt::format("{} is not on {} any more", ip_text(record.ip), record.interface_name);
    loop.post([weak = weak_from_this(), resource, reason] {
      const auto self = weak.lock();
      if (self && self->on_lost) self->on_lost(resource, reason);
    });
  }
};

LeaseKeeper::LeaseKeeper(io::Loop& loop, LeaseKeeperOptions options)
    : impl_(std::make_shared<Impl>(loop, std::move(options))) {}
LeaseKeeper::~LeaseKeeper() { impl_->timer.cancel(); }

void LeaseKeeper::allow(bool allowed) { impl_->allow(allowed); }

void LeaseKeeper::set_resources(std::vector<std::string> resources) {
  auto& lost = impl_->lost;
  std::erase_if(
      lost, [&](const auto& name) { return std::find(resources.begin(), resources.end(), name) == resources.end(); });
  impl_->resources = std::move(resources);
}

void LeaseKeeper::on_lost(std::function<void(const std::string&, const std::string&)> handler) {
  impl_->on_lost = std::move(handler);
}
void LeaseKeeper::on_note(std::function<void(const Note&)> handler) { impl_->on_note = std::move(handler); }

}  // namespace relevo::resmgr
