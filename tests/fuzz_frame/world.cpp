// The target's shell: its frames to the insiders, theirs to it, and answers to what it asks of its host.
#include "tests/fuzz_frame/world.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "membership/seal/keys.hpp"

namespace relevo::fuzz {

namespace {

/// What one input may cost, so that the fuzzer sees many.
constexpr unsigned max_steps = 4000;

constexpr const char* config_text = R"(totem {
version: 2
cluster_name: c
link_mode: MODE
}
nodelist {
node { 
nodeid: 1
ring0_addr: 10.0.0.1
ring1_addr: 10.0.1.1
}
node { 
nodeid: 2
ring0_addr: 10.0.0.2
ring1_addr: 10.0.1.2
}
node { 
nodeid: 3
ring0_addr: 10.0.0.3
ring1_addr: 10.0.1.3
}
}
quorum {
provider: corosync_votequorum
}
)";

stack::SettingsPtr settings(std::uint8_t mode) {
  constexpr const char* modes[] = {"passive", "active", "rr", "passive"};
  std::string text = config_text;
  text.replace(text.find("MODE"), 4, modes[(mode >> 4) & 3U]);
  stack::Settings s;
  auto config = config::parse_cluster_config(text, "f");
  if (!config) std::abort();
  s.config = std::move(*config);
  for (const auto& node : s.config.nodes)
    for (std::uint8_t link = 0; link < World::links; ++link) s.addresses[node.id].push_back(World::address(node.id, LinkId{link}));
  return std::make_shared<const stack::Settings>(std::move(s));
}

std::unique_ptr<stack::Stack> make_stack(const stack::Settings& s, seal::Random& random) {
  auto made = stack::Stack::create({World::self, s.config, s.addresses, test::key_of(0), {}}, random);
  if (!made) std::abort();
  return std::move(*made);
}

seal::ClusterKeys keys() { return seal::ClusterKey(test::key_of(0), "c"); }

}  // namespace

Address World::address(NodeId node, LinkId link) {
  Address a;
  a.family = Address::Family::v4;
  a.bytes = {10, 0, link.value, static_cast<std::uint8_t>(node.value)};
  a.port = static_cast<std::uint16_t>(5405 + link.value);
  return a;
}

World::World(std::uint8_t mode)
    : settings_(settings(mode)), target_(make_stack(*settings_, random_)), one_(NodeId{1}, self, keys(), random_, (mode & 1U) != 0),
      three_(NodeId{3}, self, keys(), random_, (mode & 2U) != 0) {
  step(stack::Start{0, 10});
  for (std::uint32_t client = 1; client <= 2; ++client) step(stack::ClientConnected{client, client});
  step(stack::ClientJoin{1, "g"});
  one_.start({NodeId{1}, self, NodeId{3}}, now);
  three_.start({NodeId{1}, self, NodeId{3}}, now);
  if ((mode & 4U) != 0) return;
  pump();
  run(400ms);
}

void World::step(const stack::Input& input) {
  ++steps_;
  auto output = target_->step(input, now);
  perform(output);
}

void World::input(const stack::Input& input) {
  step(input);
  pump();
}

void World::perform(stack::Output& output) {
  for (const auto& send : output.sends) {
    for (const auto& to : send.to) {
      if (to == address(NodeId{1}, send.link)) one_.hear(send.link, send.bytes, now);
      if (to == address(NodeId{3}, send.link)) three_.hear(send.link, send.bytes, now);
    }
  }
  for (const auto& event : output.events)
    if (const auto* c = std::get_if<Configuration>(&event.body); c != nullptr && c->kind == Configuration::Kind::regular) ring_ = c->ring;
  answer(output);
}

/// A host that has room on its disk and can live with any configuration.
void World::answer(const stack::Output& output) {
  for (const auto& store : output.store_keyring) answers_.emplace_back(stack::KeyringStored{store.ticket, {}});
  for (const auto& event : output.reload) {
    if (const auto* check = std::get_if<reload::Check>(&event)) answers_.emplace_back(stack::ProposalChecked{check->id, {}, settings_});
    if (const auto* over = std::get_if<reload::TakeOver>(&event)) answers_.emplace_back(stack::TakenOver{over->target, {}, settings_});
  }
}

void World::datagram(LinkId link, const Address& from, BytesView bytes, bool of_stranger) {
  step(stack::Tick{});  // what is due by the clock is not the packet's doing
  const auto before = ring_;
  ++steps_;
  auto output = target_->step(stack::Datagram{link, from, bytes}, now);
  if (of_stranger && (!output.events.empty() || output.store_ring_seq || !output.store_keyring.empty())) std::abort();
  perform(output);
  if (of_stranger && ring_ != before) std::abort();
}

void World::pump() {
  while (steps_ < max_steps) {
    if (!answers_.empty()) {
      for (const auto& input : std::exchange(answers_, {})) step(input);
      continue;
    }
    bool quiet = true;
    for (auto* from : {&one_, &three_}) {
      for (const auto& gossip : std::exchange(from->gossip, {})) (from == &one_ ? three_ : one_).hear(gossip, now);
      for (auto& frame : std::exchange(from->frames, {})) {
        quiet = false;
        step(stack::Datagram{frame.link, address(frame.from, frame.link), frame.bytes});
        if (recorded.size() < 64) recorded.push_back(std::move(frame));
      }
    }
    if (quiet && one_.gossip.empty() && three_.gossip.empty() && answers_.empty()) return;
    now += 20us;  // every round of packets takes a while, or rings would turn for ever in one instant
  }
}

Instant World::next() const {
  auto first = Instant::max();
  for (const auto& due : {target_->next_deadline(), one_.next_deadline(), three_.next_deadline()})
    if (due) first = std::min(first, *due);
  return std::max(first, now + 10us);
}

void World::run(Duration time) {
  const auto end = now + time;
  while (now < end && steps_ < max_steps) {
    now = std::min(end, next());
    one_.tick(now);
    three_.tick(now);
    step(stack::Tick{});
    pump();
  }
  now = std::max(now, end);
}

void World::check() const {
  if (const auto wrong = target_->broken_invariant()) {
    std::fprintf(stderr, "%s\n", wrong->c_str());
    std::abort();
  }
}

}  // namespace relevo::fuzz
