// The agreement on a change of the configuration, plugged into the order of the ring, and the change of the parts.
#include "membership/stack/impl.hpp"
#include "membership/stack/sync_note.hpp"
#include "membership/stack/translate.hpp"

namespace relevo::stack {

void Stack::Impl::on(const Propose& input, Instant now) {
  if (!groups.is_synced() || breaking_up) {
    out.refused = Error{"the membership is changing: try again when it is complete", ErrorKind::try_again};
    return;
  }
  // Two halves that both change the configuration could never be brought together again.
  if (!quorum.view().quorate) {
    out.refused = Error{"this part of the cluster has no quorum: the configuration cannot be changed here", ErrorKind::no_quorum};
    return;
  }
  reload::Output result;
  const auto number = incarnation.value + ++proposals;
  if (auto asked = agreement.propose(number, input.target, input.text, now, result); !asked) {
    out.refused = asked.error();
    return;
  }
  out.proposed = reload::Id{self, number};
  take(std::move(result));
}

void Stack::Impl::on(const ProposalChecked& input, Instant) {
  // A late answer about an attempt that is over must not displace what this node has said yes to since.
  if (agreement.view().under_way != input.id) return;
  auto words = input.words;
  if (words.empty() && input.settings) words = why_not(*input.settings);
  if (words.empty() && !input.settings) words = "it could not be checked";
  if (words.empty()) prepared = std::pair(input.id, input.settings);
  take(agreement.checked(input.id, words));
}

void Stack::Impl::on(const TakenOver& input, Instant) {
  auto words = input.words;
  if (words.empty() && !input.settings) words = "it could not be checked";
  if (words.empty() && input.settings->addresses.count(self) == 0) words = "it is not in the node list any more";
  auto result = agreement.taken_over(input.target, words);
  if (words.empty() && agreement.in_force() == input.target) apply(input.settings, std::nullopt, true);
  take(std::move(result));  // a still newer one is looked at from what is in force by now
}

/// What only the parts can say against a change; empty when nothing.
std::string Stack::Impl::why_not(const Settings& settings) const {
  if (settings.addresses.count(self) == 0) return {};  // it will leave
  if (auto ok = check({self, settings.config, settings.addresses, {}, {}}); !ok) return ok.error().message;
  if (auto ok = quorum.check_reconfigure(quorum_options(settings.config)); !ok) return ok.error().message;
  return {};
}

void Stack::Impl::on_configuration_of_groups(const Configuration& configuration) {
  const bool regular_one = configuration.kind == Configuration::Kind::regular;
  take(regular_one ? agreement.on_regular(configuration.members) : agreement.on_transitional());
}

/// True when the payload is about the configuration.
bool Stack::Impl::on_reload_control(NodeId from, BytesView payload) {
  if (payload.empty() || payload.front() != static_cast<std::uint8_t>(ControlKind::reload)) return false;
  if (const auto message = reload::decode(payload.subspan(1))) take(agreement.on_delivered(from, *message));
  return true;
}

Bytes Stack::Impl::sync_note() const {
  SyncNote note;
  note.quorum = quorum::encode(quorum.info());
  note.configuration = reload::Standpoint{agreement.in_force(), had_quorum};
  return encode(note);
}

void Stack::Impl::settle_configuration(const groups::Synced& synced) {
  had_quorum = quorum.view().quorate;
  if (synced.breaking_up) return;
  std::map<NodeId, reload::Standpoint> members;
  for (const auto& [node, bytes] : synced.notes)
    if (const auto its = decode_sync_note(bytes).configuration) members[node] = *its;
  take(agreement.on_synced(members));
}

void Stack::Impl::take(reload::Output result) {
  for (const auto& message : result.sends) {
    Writer payload;
    payload.u8(static_cast<std::uint8_t>(ControlKind::reload));
    payload.raw(reload::encode(message));
    groups.control(payload.take(), groups::Guarantee::safe);
  }
  std::move(result.notes.begin(), result.notes.end(), std::back_inserter(out.notes));
  for (auto& event : result.events) {
    if (auto* committed = std::get_if<reload::Commit>(&event)) {
      commit(*committed);
    } else if (auto* clash = std::get_if<reload::Clash>(&event)) {
      out.reload.emplace_back(MustLeave{std::move(clash->words)});
    } else if (auto* wanted = std::get_if<reload::Check>(&event)) {
      out.reload.emplace_back(std::move(*wanted));
    } else if (auto* aborted = std::get_if<reload::Aborted>(&event)) {
      if (prepared && prepared->first == aborted->id) prepared.reset();
      out.reload.emplace_back(std::move(*aborted));
    } else if (auto* newer = std::get_if<reload::TakeOver>(&event)) {
      out.reload.emplace_back(std::move(*newer));
    }
  }
}

void Stack::Impl::commit(const reload::Commit& committed) {
  // This node's own yes is among the votes, and it was given with the settings.
  if (!prepared || prepared->first != committed.id) {
    out.reload.emplace_back(MustLeave{"the configuration changed, and this node has lost what it had prepared for it"});
    return;
  }
  const auto settings = std::exchange(prepared, std::nullopt)->second;
  if (settings->addresses.count(self) == 0) {
    out.reload.emplace_back(MustLeave{fmt::format("this node was removed from the cluster by a reload at node {}", committed.id.asker)});
    return;
  }
  apply(settings, committed.id, !breaking_up);
}

/// Quorum changes at this very place of the order; the ring and the links, whose step it is, at the end of the step.
void Stack::Impl::apply(const SettingsPtr& settings, std::optional<reload::Id> id, bool certain) {
  const bool was_quorate = quorum.view().quorate;
  if (id) {
    quorum.reconfigure(quorum_options(settings->config), certain);
  } else {
    quorum.take_over(quorum_options(settings->config));
  }
  tell_quorum(was_quorate);
  to_apply = settings;
  out.reload.emplace_back(Applied{settings, agreement.text(), id});
}

/// After each step: gives up what took too long, and changes the parts that could not be changed in its midst.
void Stack::Impl::drive_reload(Instant now) {
  if (phase != Phase::running) return;
  take(agreement.tick(now));
  if (!to_apply) return;
  const auto settings = std::exchange(to_apply, nullptr);
  const Options options{self, settings->config, settings->addresses, {}, {}};
  configure_arbiter(settings->config);
  take(ring.step(totem::Reconfigure{ring_options(settings->config.totem)}, now));
  take(links.reconfigure(link_options(options), now), now);
}

}  // namespace relevo::stack
