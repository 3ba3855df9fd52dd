// A perfect total order for the unit tests of the groups: the test says who is in which ring and when what is delivered.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "membership/groups/groups.hpp"

namespace relevo::test {

using Lines = std::vector<std::string>;

class Bus {
 public:
  explicit Bus(std::uint32_t nodes) {
    for (std::uint32_t n = 1; n <= nodes; ++n) groups.emplace(n, groups::Groups(NodeId{n}));
  }

  /// A transitional configuration at each of `came_along`, then the regular one at all `members`.
  void ring(const std::set<std::uint32_t>& members, const std::set<std::uint32_t>& came_along = {}) {
    if (!came_along.empty()) transitional(came_along);
    regular(members);
  }
  void transitional(const std::set<std::uint32_t>& members) {
    for (auto n : members) take(n, groups.at(n).on_configuration({Configuration::Kind::transitional, ring_id, ids(members)}, {}));
  }
  void regular(const std::set<std::uint32_t>& members) {
    now_in = members;
    ring_id = {NodeId{*members.begin()}, ring_id.seq + 4};
    for (auto n : members) take(n, groups.at(n).on_configuration({Configuration::Kind::regular, ring_id, ids(members)}, to_bytes("n" + std::to_string(n))));
  }

  /// Takes one message (if any) from node `n`'s queue and delivers it at all members in order.
  bool one_from(std::uint32_t n) {
    auto* out = groups.at(n).outgoing();
    if (out == nullptr) return false;
    const auto message = std::move(*out);  // as the ring takes it
    groups.at(n).pop_outgoing();
    for (auto m : now_in) deliver(m, n, message);
    return true;
  }
  void deliver(std::uint32_t at, std::uint32_t from, const groups::Outgoing& message) {
    take(at, groups.at(at).on_delivery({NodeId{from}, ring_id, MessageSeq{1}, message.guarantee, message.payload}));
  }
  /// Until nobody has anything to send.
  void settle() {
    for (bool more = true; more;) {
      more = false;
      for (auto n : now_in) more = one_from(n) || more;
    }
  }

  void join(std::uint32_t n, std::uint32_t client, const std::string& group) {
    groups.at(n).connect(client);
    (void)groups.at(n).join(client, group);
  }
  void say(std::uint32_t n, std::uint32_t client, const std::string& group, const std::string& text) {
    (void)groups.at(n).multicast(client, group, relevo::groups::Guarantee::agreed, as_bytes(text));
  }

  void take(std::uint32_t n, const std::vector<groups::Event>& events) {
    for (const auto& e : events) {
      if (std::holds_alternative<Configuration>(e)) lines[n].push_back("configuration");
      if (const auto* s = std::get_if<groups::Synced>(&e)) {
        std::string notes;
        for (const auto& [node, bytes] : s->notes) notes += " " + std::string(as_text(bytes));
        lines[n].push_back(std::string("synced") + notes + (s->breaking_up ? " breaking up" : ""));
      }
      if (const auto* c = std::get_if<groups::Controlled>(&e)) lines[n].push_back("control " + std::string(as_text(c->payload)));
      if (const auto* t = std::get_if<groups::ToClients>(&e))
        for (auto client : t->clients) lines[n].push_back(fmt::format("{}: {}", client, text(*t)));
    }
  }

  std::map<std::uint32_t, groups::Groups> groups;
  std::map<std::uint32_t, Lines> lines;
  std::set<std::uint32_t> now_in;
  RingId ring_id{NodeId{1}, 100};

 private:
  static std::vector<NodeId> ids(const std::set<std::uint32_t>& members) {
    std::vector<NodeId> result;
    for (auto n : members) result.push_back(NodeId{n});
    return result;
  }
  static std::string text(const groups::ToClients& t) {
    if (const auto* m = std::get_if<groups::GroupMessage>(&t.body))
      return fmt::format("{} {}:{} says {}", m->group, m->from.node, m->from.client, as_text(m->payload));
    const auto& v = std::get<groups::GroupView>(t.body);
    std::string out = v.group + " [";
    for (const auto& m : v.members) out += fmt::format(" {}:{}", m.node, m.client);
    out += " ]";
    for (const auto& m : v.joined) out += fmt::format(" +{}:{}", m.node, m.client);
    for (const auto& d : v.left) out += fmt::format(" -{}:{}", d.member.node, d.member.client);
    return out;
  }
};

}  // namespace relevo::test
