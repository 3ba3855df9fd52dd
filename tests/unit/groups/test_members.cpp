// What a view says of its members beside their numbers, and the sizes that keep a node's list one message.
#include <catch2/catch.hpp>
#include <iterator>

#include "membership/groups/groups.hpp"

using namespace relevo;
using namespace relevo::groups;

namespace {
/// The last view that client `client` was given among the events.
GroupView last_view(const std::vector<Event>& events, std::uint32_t client) {
  GroupView found;
  for (const auto& e : events)
    if (const auto* t = std::get_if<ToClients>(&e))
      if (const auto* view = std::get_if<GroupView>(&t->body); view != nullptr && t->clients.front() == client) found = *view;
  return found;
}

std::vector<Event> one_node_ring(Groups& groups, std::uint64_t seq) {
  auto events = groups.on_configuration({Configuration::Kind::regular, {NodeId{1}, seq}, {NodeId{1}}}, {});
  while (auto* out = groups.outgoing()) {
    auto more = groups.on_delivery({NodeId{1}, {NodeId{1}, seq}, MessageSeq{1}, out->guarantee, out->payload});
    groups.pop_outgoing();
    std::move(more.begin(), more.end(), std::back_inserter(events));
  }
  return events;
}
}  // namespace

TEST_CASE("groups: a view carries the process ids of its members and why those in `joined` came", "[groups]") {
  Groups groups(NodeId{1});
  groups.connect(1, 4711);
  groups.connect(2, 4712);
  REQUIRE(groups.join(1, "g"));
  REQUIRE(groups.join(2, "g"));
  const auto joined = last_view(one_node_ring(groups, 4), 1);
  CHECK(joined.pids == std::vector<std::uint32_t>{4711, 4712});
  CHECK(joined.join_reason == Reason::join);
  CHECK(groups.members().at("g").at(Member{NodeId{1}, 2}) == 4712);
  // A ring that is made complete names its newcomers node_up; here nobody is new, and the ids outlive the ring.
  const auto synced = last_view(one_node_ring(groups, 8), 1);
  CHECK(synced.join_reason == Reason::node_up);
  CHECK(synced.joined.empty());
  CHECK(synced.pids == std::vector<std::uint32_t>{4711, 4712});
}

TEST_CASE("groups: exactly 1 MiB is taken, one byte more is not", "[groups]") {
  Groups groups(NodeId{1});
  groups.connect(1);
  REQUIRE(groups.join(1, "g"));
  CHECK(groups.multicast(1, "g", Guarantee::agreed, Bytes(std::size_t{1} << 20)));
  const auto refused = groups.multicast(1, "g", Guarantee::agreed, Bytes((std::size_t{1} << 20) + 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
}

TEST_CASE("groups: the list of a node is one message of the ring, however many programs join however much", "[groups]") {
  Groups groups(NodeId{1});
  std::size_t taken = 0;
  for (std::uint32_t client = 1; client <= 512; ++client) {
    groups.connect(client, client);
    for (std::size_t g = 0; g < Groups::max_groups_of_client; ++g) {
      const auto name = fmt::format("{:0>125}{:03}", client, g);
      if (groups.join(client, name)) ++taken;
    }
  }
  CHECK(taken == Groups::max_memberships);
  (void)one_node_ring(groups, 4);
  (void)groups.on_configuration({Configuration::Kind::regular, {NodeId{1}, 8}, {NodeId{1}}}, {});
  REQUIRE(groups.outgoing() != nullptr);
  CHECK(groups.outgoing()->payload.size() <= totem::max_message);
  groups.gone(1);  // makes room for another
  groups.connect(600);
  CHECK(groups.join(600, "one more"));
}
