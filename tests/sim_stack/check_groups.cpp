// What groups promise, one function each.
#include <algorithm>
#include <queue>

#include "tests/sim_stack/checker.hpp"

namespace relevo::sim {

namespace {
std::string text_of(const Who& who) {
  return fmt::format("client {} of node {} (start {})", std::get<2>(who), std::get<0>(who), std::get<1>(who));
}
std::string text_of(const groups::GroupView& v) {
  std::string members;
  for (const auto& m : v.members) members += fmt::format(" {}:{}", m.node, m.client);
  return fmt::format("ring {} [{}]", v.ring, members);
}
Boot boot_of(const Who& who) { return {std::get<0>(who), std::get<1>(who)}; }
/// Not so in the last view of who leaves by its own wish.
bool is_in(const Who& who, const groups::GroupView& view) {
  return std::binary_search(view.members.begin(), view.members.end(), groups::Member{NodeId{std::get<0>(who)}, std::get<2>(who)});
}
}  // namespace

void GroupChecker::on_event(std::uint32_t node, std::uint32_t boot, const stack::ClientEvent& event, Instant now) {
  if (const auto* configuration = std::get_if<Configuration>(&event.body)) {
    if (event.all) on_configuration({node, boot}, *configuration);
    return;
  }
  for (const auto client : event.clients) {
    const Who who{node, boot, client};
    if (const auto* view = std::get_if<groups::GroupView>(&event.body)) on_view(who, *view, now);
    if (const auto* message = std::get_if<groups::GroupMessage>(&event.body)) on_message(who, *message, now);
  }
}

void GroupChecker::on_configuration(const Boot& here, const Configuration& configuration) {
  breaking_up_.erase(here);
  if (configuration.kind == Configuration::Kind::regular) return;
  breaking_up_[here] = configuration.ring;
  transitional_[{here, configuration.ring}] = configuration.members;
}

/// Each view follows from the one before by what it says of itself.
void GroupChecker::on_view(const Who& who, const groups::GroupView& view, Instant now) {
  ++views_;
  auto& transcript = transcripts_[view.group][who];
  std::set<groups::Member> members;
  if (!transcript.empty()) members.insert(transcript.back().view.members.begin(), transcript.back().view.members.end());
  for (const auto& d : view.left)
    if (members.erase(d.member) == 0) judge_.broken(now, "{}: {} left without having been there", text_of(who), d.member.client);
  for (const auto& m : view.joined) members.insert(m);
  if (!transcript.empty() && !std::equal(members.begin(), members.end(), view.members.begin(), view.members.end()))
    judge_.broken(now, "{}: view {} does not follow from the one before", text_of(who), text_of(view));
  if (const auto it = breaking_up_.find(boot_of(who)); it != breaking_up_.end() && !transcript.empty())
    transcript.back().broke_up = it->second;
  transcript.push_back({view, {}, {}});
}

void GroupChecker::on_message(const Who& who, const groups::GroupMessage& message, Instant now) {
  ++messages_;
  Reader in(message.payload);
  auto id = in.u64();
  const auto sent = payloads_.find(id);
  if (!in.ok() || sent == payloads_.end()) return judge_.broken(now, "S1: {} got a message that nobody sent", text_of(who));
  const bool spoilt = plant_ == Plant::corrupt && messages_ == 101;
  if (sent->second != message.payload || spoilt) judge_.broken(now, "S1: {} got message {} with other bytes", text_of(who), id);
  auto& transcript = transcripts_[message.group][who];
  if (transcript.empty()) return judge_.broken(now, "{} got a message before any view", text_of(who));
  auto& epoch = transcript.back();
  if (!std::binary_search(epoch.view.members.begin(), epoch.view.members.end(), message.from))
    judge_.broken(now, "{} got a message of {}:{}, who is not in its view", text_of(who), message.from.node, message.from.client);
  if (plant_ == Plant::lost && messages_ == 101) return;
  const bool again = !seen_.emplace(who, id).second || (plant_ == Plant::repeated && messages_ == 101);
  if (again) judge_.broken(now, "S1: {} got message {} twice", text_of(who), id);
  if (plant_ == Plant::swapped && messages_ > 100 && epoch.messages.size() > 1) {
    plant_ = Plant::none;
    std::swap(id, epoch.messages.back());
  }
  epoch.messages.push_back(id);
  auto& told = told_[boot_of(who)];
  if (told.empty() || told.back() != id) told.push_back(id);
  if (const auto mine = accepted_.find(who); mine != accepted_.end() && message.from.node == NodeId{std::get<0>(who)} && message.from.client == std::get<2>(who))
    came_back_[who].push_back(id);
}

void GroupChecker::refused(const Who& who, MessageId id) { std::erase(accepted_[who], id); }

bool GroupChecker::is_listening(const Who& who) const {
  const auto node = std::get<0>(who);
  return world_.is_running(node) && world_.boot(node) == std::get<1>(who) && !gone_.contains(who);
}

/// While a ring breaks up, each side gets what it has of it; only those who come along with each other get the same.
bool GroupChecker::came_along(const Place& a, const Place& b) const {
  const auto& ea = (*a.transcript)[a.index];
  const auto& eb = (*b.transcript)[b.index];
  if (!ea.broke_up && !eb.broke_up) return true;
  const auto ring = ea.broke_up ? *ea.broke_up : *eb.broke_up;
  const auto of_a = transitional_.find({boot_of(a.who), ring});
  const auto of_b = transitional_.find({boot_of(b.who), ring});
  return of_a != transitional_.end() && of_b != transitional_.end() && of_a->second == of_b->second;
}

/// Whoever goes through two views together has seen the same messages in the same order between them.
void GroupChecker::compare_epochs(const std::string& group, const std::map<Who, Transcript>& all) {
  std::map<std::pair<RingId, std::vector<groups::Member>>, std::vector<Place>> together;
  for (const auto& [who, transcript] : all)
    for (std::size_t i = 0; i < transcript.size(); ++i)
      if (is_in(who, transcript[i].view)) together[{transcript[i].view.ring, transcript[i].view.members}].push_back({who, &transcript, i});
  for (const auto& [view, places] : together)
    for (std::size_t a = 0; a < places.size(); ++a)
      for (std::size_t b = a + 1; b < places.size(); ++b) compare(group, places[a], places[b]);
}

void GroupChecker::compare(const std::string& group, const Place& a, const Place& b) {
  const auto& ta = *a.transcript;
  const auto& tb = *b.transcript;
  const bool a_last = a.index + 1 == ta.size(), b_last = b.index + 1 == tb.size();
  const bool both_here = a_last && b_last && is_listening(a.who) && is_listening(b.who);
  const auto same_view = [](const groups::GroupView& x, const groups::GroupView& y) { return x.ring == y.ring && x.members == y.members; };
  const bool go_on = !a_last && !b_last && same_view(ta[a.index + 1].view, tb[b.index + 1].view);
  if (!both_here && !(go_on && came_along(a, b))) return;
  const auto& ma = ta[a.index].messages;
  const auto& mb = tb[b.index].messages;
  if (ma != mb)
    judge_.broken(world_.now(), "S6: group {}: {} saw {} messages, {} saw {} (or others) in the same view {}", group, text_of(a.who),
                  ma.size(), text_of(b.who), mb.size(), text_of(ta[a.index].view));
}

/// S7: one order for all: what each node was told, put together, has no circle.
void GroupChecker::check_order() {
  std::unordered_map<MessageId, std::set<MessageId>> after;
  std::unordered_map<MessageId, std::size_t> before;
  for (const auto& [here, told] : told_) {
    for (std::size_t i = 0; i < told.size(); ++i) {
      before.try_emplace(told[i], 0);
      if (i > 0 && after[told[i - 1]].insert(told[i]).second) ++before[told[i]];
    }
  }
  std::queue<MessageId> ready;
  for (const auto& [id, count] : before)
    if (count == 0) ready.push(id);
  std::size_t placed = 0;
  for (; !ready.empty(); ready.pop(), ++placed)
    for (const auto next : after[ready.front()])
      if (--before[next] == 0) ready.push(next);
  if (placed != before.size()) judge_.broken(world_.now(), "S7: {} messages were seen in one order here and in another there", before.size() - placed);
}

std::size_t GroupChecker::owed() const {
  std::size_t count = 0;
  for (const auto& [who, sent] : accepted_) {
    const auto got = came_back_.find(who);
    if (is_listening(who)) count += sent.size() - std::min(sent.size(), got == came_back_.end() ? 0 : got->second.size());
  }
  return count;
}

void GroupChecker::check_own_messages() {
  for (const auto& [who, sent] : accepted_) {
    if (is_listening(who) && came_back_[who] != sent)
      judge_.broken(world_.now(), "S5: {} sent {} messages and got {} of its own back, or in another order", text_of(who), sent.size(),
                    came_back_[who].size());
  }
}

void GroupChecker::finish() {
  for (const auto& [group, all] : transcripts_) compare_epochs(group, all);
  check_order();
  check_own_messages();
}

}  // namespace relevo::sim
