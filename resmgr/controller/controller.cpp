// The one entry: hands each input to its handler and settles what follows from it.
#include "resmgr/controller/controller.hpp"

#include <fmt/core.h>

#include "resmgr/controller/impl.hpp"

namespace relevo::controller {

Controller::Controller(Settings settings) : impl_(std::make_unique<Impl>(settings)) {}
Controller::~Controller() = default;
Controller::Controller(Controller&&) noexcept = default;
Controller& Controller::operator=(Controller&&) noexcept = default;

Output Controller::step(Input input, Instant now, WallTime wall) {
  Turn turn{now, wall, {}};
  impl_->notice_pause(turn);
  std::visit([&](auto&& value) { impl_->on(std::move(value), turn); }, std::move(input));
  if (impl_->started) impl_->settle(turn);
  return std::move(turn.out);
}

std::optional<Instant> Controller::next_deadline() const { return impl_->next_deadline(); }
Snapshot Controller::snapshot() const { return impl_->snapshot(); }
bool Controller::is_synced() const { return impl_->synced; }
bool Controller::is_leader() const { return impl_->leads(); }
std::string Controller::digest() const { return impl_->replica.digest(); }
cib::Version Controller::version() const { return impl_->replica.cib().version(); }

Snapshot Controller::Impl::snapshot() const {
  Snapshot s;
  s.cib = replica.cib().text();
  s.local_node = name;
  if (const auto first = replica.leader(); synced && first) s.dc = replica.name_of(first->node);
  s.quorate = replica.quorum().quorate;
  s.quorum_reason = connected ? replica.quorum().reason : "the membership daemon does not run on this node";
  s.synced = synced;
  s.idle = synced && replica.is_idle();
  return s;
}

std::string Controller::Impl::view_mark() const {
  const auto first = replica.leader();
  return fmt::format("{} {} {} {} {} {} {} {}", cib::to_string(replica.cib().version()), replica.position(),
                     replica.lineage(), synced, replica.is_idle(), replica.quorum().quorate, replica.quorum().reason,
                     first ? first->node.value : 0);
}

void Controller::Impl::send(const Message& message, Turn& turn, groups::Guarantee guarantee) {
  for (auto& piece : to_pieces(encode(message))) turn.out.multicasts.push_back({guarantee, std::move(piece)});
}

void Controller::Impl::configuration_changed() {
  disks.changed(replica.cib().version(), replica.disk_text(), replica.lineage());
}

void Controller::Impl::confirm_stored(Turn& turn) {
  // Without the right to change, the partition that has it may go on from another state: then nothing is certain.
  if (!synced || !replica.may_change()) return;
  const auto lowest = disks.lowest(replica.seniority());
  if (!lowest) return;
  for (auto& answered : commands.stored_everywhere(*lowest)) turn.out.replies.push_back(std::move(answered));
}

}  // namespace relevo::controller
