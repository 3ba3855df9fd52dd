// The promises, one function each.
#include "tests/sim_stack/checker.hpp"

#include <algorithm>

namespace relevo::sim {

namespace {
std::string text_of(const std::tuple<std::uint32_t, std::uint32_t, stack::ClientId>& who) {
  return fmt::format("client {} of node {} (start {})", std::get<2>(who), std::get<0>(who), std::get<1>(who));
}
std::string text_of(const groups::GroupView& v) {
  std::string members;
  for (const auto& m : v.members) members += fmt::format(" {}:{}", m.node, m.client);
  return fmt::format("ring {} [{}]", v.ring, members);
}
/// Not so in the last view of who leaves by its own wish.
bool is_in(const std::tuple<std::uint32_t, std::uint32_t, stack::ClientId>& who, const groups::GroupView& view) {
  return std::binary_search(view.members.begin(), view.members.end(), groups::Member{NodeId{std::get<0>(who)}, std::get<2>(who)});
}
bool same_view(const groups::GroupView& a, const groups::GroupView& b) { return a.ring == b.ring && a.members == b.members; }
}  // namespace

void Checker::fail_with(std::string text) {
  if (!broken_) broken_ = fmt::format("at {} ms: {}", to_ms(world_.now().time_since_epoch()), text);
}

void Checker::on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant) {
  if (const auto* quorum = std::get_if<QuorumView>(&event.body)) {
    if (event.all) on_quorum(node, *quorum);
    return;
  }
  if (const auto* configuration = std::get_if<Configuration>(&event.body); configuration != nullptr && event.all)
    on_configuration(node, boot, *configuration);
  for (const auto client : event.clients) {
    const Who who{node, boot, client};
    if (const auto* view = std::get_if<groups::GroupView>(&event.body)) on_view(who, *view);
    if (const auto* message = std::get_if<groups::GroupMessage>(&event.body)) on_message(who, *message);
  }
}

void Checker::on_configuration(std::uint32_t node, std::uint32_t boot, const Configuration& configuration) {
  const Boot here{node, boot};
  breaking_up_.erase(here);
  if (configuration.kind == Configuration::Kind::regular) return;
  breaking_up_[here] = configuration.ring;
  transitional_[{here, configuration.ring}] = configuration.members;
}

/// Each view follows from the one before by what it says of itself.
void Checker::on_view(const Who& who, const groups::GroupView& view) {
  ++views_;
  auto& transcript = transcripts_[view.group][who];
  std::set<groups::Member> members;
  if (!transcript.empty()) members.insert(transcript.back().view.members.begin(), transcript.back().view.members.end());
  for (const auto& d : view.left)
    if (members.erase(d.member) == 0) fail_with(fmt::format("{}: {} left without having been there", text_of(who), d.member.client));
  for (const auto& m : view.joined) members.insert(m);
  if (!transcript.empty() && !std::equal(members.begin(), members.end(), view.members.begin(), view.members.end()))
    fail_with(fmt::format("{}: view {} does not follow from the one before", text_of(who), text_of(view)));
  if (const auto it = breaking_up_.find({std::get<0>(who), std::get<1>(who)}); it != breaking_up_.end() && !transcript.empty())
    transcript.back().broke_up = it->second;
  transcript.push_back({view, {}, {}});
}

void Checker::on_message(const Who& who, const groups::GroupMessage& message) {
  ++messages_;
  auto& transcript = transcripts_[message.group][who];
  if (transcript.empty()) return fail_with(fmt::format("{} got a message before any view", text_of(who)));
  auto& epoch = transcript.back();
  if (!std::binary_search(epoch.view.members.begin(), epoch.view.members.end(), message.from))
    fail_with(fmt::format("{} got a message of {}:{}, who is not in its view", text_of(who), message.from.node, message.from.client));
  auto text = fmt::format("{}:{}:{}", message.from.node, message.from.client, as_text(message.payload));
  if (plant_ == Plant::lost && messages_ == 101) return;
  if (plant_ == Plant::swapped && messages_ > 100 && epoch.messages.size() > 1 && epoch.messages.back() != text) {
    plant_ = Plant::none;
    std::swap(text, epoch.messages.back());
  }
  epoch.messages.push_back(std::move(text));
}

/// Q4: whoever completes a ring says the same of it.
void Checker::on_quorum(std::uint32_t node, const QuorumView& view) {
  quorum_now_[node] = view;
  if (plant_ == Plant::stale && node == 1) quorum_now_[node].quorate = true;
  if (quorum_told_[{node, view.ring}]++ > 0) return;
  const std::tuple<bool, std::uint32_t, std::uint32_t> said{view.quorate, view.expected_votes, view.quorum};
  const auto [it, first] = quorum_of_ring_.emplace(view.ring, said);
  if (!first && it->second != said) fail_with(fmt::format("Q4: node {} sees the quorum of ring {} differently", node, view.ring));
}

/// Q1: no two disjoint memberships are quorate at the same instant.
void Checker::after_step(std::uint32_t) {
  if (two_node_ || broken_) return;
  for (const auto& [a, va] : quorum_now_) {
    for (const auto& [b, vb] : quorum_now_) {
      if (a >= b || !va.quorate || !vb.quorate || !world_.is_running(a) || !world_.is_running(b)) continue;
      std::vector<NodeId> common;
      std::set_intersection(va.members.begin(), va.members.end(), vb.members.begin(), vb.members.end(), std::back_inserter(common));
      if (common.empty()) fail_with(fmt::format("Q1: nodes {} and {} are quorate in disjoint memberships", a, b));
    }
  }
}

void Checker::accepted(std::uint32_t node, std::uint32_t boot, stack::ClientId client, const std::string& text) {
  accepted_[{node, boot, client}].push_back(fmt::format("{}:{}:{}", node, client, text));
}

bool Checker::is_listening(const Who& who) const {
  const auto node = std::get<0>(who);
  return world_.is_running(node) && world_.boot(node) == std::get<1>(who) && gone_.count(who) == 0;
}

/// While a ring breaks up, each side gets what it has of it; only those who come along with each other get the same.
bool Checker::came_along(const Who& a, const Epoch& ea, const Who& b, const Epoch& eb) const {
  if (!ea.broke_up && !eb.broke_up) return true;
  const auto ring = ea.broke_up ? *ea.broke_up : *eb.broke_up;
  const auto of_a = transitional_.find({{std::get<0>(a), std::get<1>(a)}, ring});
  const auto of_b = transitional_.find({{std::get<0>(b), std::get<1>(b)}, ring});
  return of_a != transitional_.end() && of_b != transitional_.end() && of_a->second == of_b->second;
}

/// Whoever goes through two views together has seen the same messages in the same order between them.
void Checker::compare(const std::string& group, const Who& a, const Transcript& ta, const Who& b, const Transcript& tb) {
  for (std::size_t i = 0; i < ta.size(); ++i) {
    for (std::size_t j = 0; j < tb.size(); ++j) {
      if (!same_view(ta[i].view, tb[j].view) || !is_in(a, ta[i].view) || !is_in(b, tb[j].view)) continue;
      const bool a_last = i + 1 == ta.size(), b_last = j + 1 == tb.size();
      const bool both_here = a_last && b_last && is_listening(a) && is_listening(b);
      const bool together = !a_last && !b_last && same_view(ta[i + 1].view, tb[j + 1].view);
      if ((both_here || (together && came_along(a, ta[i], b, tb[j]))) && ta[i].messages != tb[j].messages)
        fail_with(fmt::format("group {}: {} saw {} messages, {} saw {} (or others) in the same view {}", group, text_of(a),
                              ta[i].messages.size(), text_of(b), tb[j].messages.size(), text_of(ta[i].view)));
    }
  }
}

/// Nobody sees two messages in another order than somebody else, wherever they have been.
void Checker::compare_order(const std::string& group, const Who& a, const Transcript& ta, const Who& b, const Transcript& tb) {
  std::map<std::string, std::size_t> place;
  for (const auto& epoch : ta)
    for (const auto& m : epoch.messages)
      if (!place.emplace(m, place.size()).second) fail_with(fmt::format("group {}: {} got {} twice", group, text_of(a), m));
  std::optional<std::size_t> last;
  for (const auto& epoch : tb) {
    for (const auto& m : epoch.messages) {
      const auto it = place.find(m);
      if (it == place.end()) continue;
      if (last && it->second < *last)
        fail_with(fmt::format("group {}: {} and {} saw {} in another order", group, text_of(a), text_of(b), m));
      last = it->second;
    }
  }
}

void Checker::check_own_messages() {
  for (const auto& [who, sent] : accepted_) {
    const auto node = std::get<0>(who);
    if (!world_.is_running(node) || world_.boot(node) != std::get<1>(who)) continue;
    std::vector<std::string> got;
    for (const auto& [group, all] : transcripts_) {
      const auto it = all.find(who);
      if (it == all.end()) continue;
      const auto mine = fmt::format("{}:{}:", node, std::get<2>(who));
      for (const auto& epoch : it->second)
        for (const auto& m : epoch.messages)
          if (m.rfind(mine, 0) == 0) got.push_back(m);
    }
    if (got != sent) fail_with(fmt::format("{} sent {} messages and got {} of its own back, or in another order", text_of(who), sent.size(), got.size()));
  }
}

std::optional<std::string> Checker::verdict() {
  if (broken_) return broken_;
  for (const auto& [group, all] : transcripts_) {
    for (auto a = all.begin(); a != all.end(); ++a) {
      compare_order(group, a->first, a->second, a->first, a->second);
      for (auto b = std::next(a); b != all.end(); ++b) {
        compare(group, a->first, a->second, b->first, b->second);
        compare_order(group, a->first, a->second, b->first, b->second);
      }
    }
  }
  check_own_messages();
  return broken_;
}

}  // namespace relevo::sim
