// Every way to cut up to six nodes apart, again and again, under every combination of options: never two quorate parts,
// and each part's verdict is that of a twin that sees the whole cluster at once. RELEVO_EXHAUSTIVE=1 goes deeper.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "common/base/rng.hpp"
#include "membership/quorum/quorum.hpp"

using namespace relevo;
using quorum::Info;
using quorum::Options;
using quorum::Quorum;

namespace {

using Part = std::vector<NodeId>;
using Cut = std::vector<Part>;

/// All set partitions of nodes 1..n.
std::vector<Cut> cuts(std::uint32_t n) {
  std::vector<Cut> out{{}};
  for (std::uint32_t node = 1; node <= n; ++node) {
    std::vector<Cut> next;
    for (const auto& cut : out) {
      for (std::size_t i = 0; i <= cut.size(); ++i) {
        auto more = cut;
        if (i == cut.size()) more.emplace_back();
        more[i].push_back(NodeId{node});
        next.push_back(std::move(more));
      }
    }
    out = std::move(next);
  }
  return out;
}

/// Every combination of options that check() accepts for n nodes.
std::vector<Options> combinations(std::uint32_t n) {
  std::vector<Options> out;
  for (std::uint32_t bits = 0; bits < 32; ++bits) {
    for (int breaker = 0; breaker < ((bits & 4) != 0 ? 3 : 1); ++breaker) {
      for (int votes = 0; votes < 3; ++votes) {
        Options o;
        o.two_node = (bits & 1) != 0;
        o.wait_for_all = (bits & 2) != 0;
        o.auto_tie_breaker = (bits & 4) != 0;
        o.last_man_standing = (bits & 8) != 0;
        o.device = (bits & 16) != 0;
        o.device_votes = o.device ? (votes == 1 ? n - 1 : 1) : 0;
        o.auto_tie_breaker_node.kind = static_cast<quorum::TieBreaker::Kind>(breaker);
        for (std::uint32_t i = 1; i <= n; ++i) o.votes[NodeId{i}] = votes == 2 ? i % 3 : 1;
        if (breaker == 2) o.auto_tie_breaker_node.nodes = {NodeId{n}, NodeId{1}};
        if ((votes == 1 && (!o.device || n < 2)) || !quorum::check(o)) continue;
        out.push_back(std::move(o));
      }
    }
  }
  return out;
}

/// Nodes that meet in rings, and what they tell each other there.
struct Cluster {
  explicit Cluster(const Options& o) : options(o) {
    for (const auto& [node, votes] : o.votes) all.emplace(node, Quorum(o, node));
  }
  void form(const Part& part) {
    const RingId ring{part[0], ++seq};
    Configuration gone;
    gone.members = part;
    std::map<NodeId, Info> infos;
    for (auto n : part) infos[n] = all.at(n).info();
    for (auto n : part) all.at(n).on_synced(ring, infos, true);
    for (auto n : part) rings[n] = ring;
  }
  void settle(const Part& part) {
    while (const auto proposal = all.at(part[0]).take_proposal())
      for (auto n : part) (void)all.at(n).on_proposal(*proposal, true);
  }
  /// The ring breaks while a proposal is under way: each member gets it for certain, in doubt, or (who is not with
  /// the sender any more) not at all. Certain for one means that all have it.
  void break_up(const Part& part, Rng& rng) {
    const auto proposal = all.at(part[0]).take_proposal();
    const bool certain = rng.chance(1, 2);
    for (auto n : part) {
      const bool with_sender = rng.chance(2, 3);
      if (proposal && (certain || with_sender)) (void)all.at(n).on_proposal(*proposal, certain && rng.chance(1, 2));
    }
  }
  void pass_window(const Part& part) {
    for (auto n : part) all.at(n).on_tick(now);
    for (auto n : part) all.at(n).on_tick(now + options.last_man_standing_window);
    settle(part);
  }
  void arbitrate(const Part& part, bool vote) {
    for (auto n : part)
      for (auto m : part) (void)all.at(m).on_device(n, rings[n], vote);
  }
  void restart(NodeId node) {
    all.at(node) = Quorum(options, node);
    rings.erase(node);
  }
  std::size_t quorate_rings() const {
    std::set<RingId> found;
    for (const auto& [node, ring] : rings)
      if (all.at(node).view().quorate) found.insert(ring);
    return found.size();
  }

  Options options;
  std::map<NodeId, Quorum> all;
  std::map<NodeId, RingId> rings;
  std::uint64_t seq = 0;
  Instant now{};
};

/// The rules for one that sees everything: numbers and sets, no messages, no epochs.
struct Twin {
  explicit Twin(const Options& written) : o(quorum::effective(written)) {
    for (const auto& [node, votes] : o.votes) {
      total += votes;
      deciders.insert(node);
    }
    expected = total + o.device_votes;
    follows = o.wait_for_all && (o.auto_tie_breaker || o.last_man_standing);
  }
  std::uint64_t votes(const std::set<NodeId>& of, const std::set<NodeId>* among = nullptr) const {
    std::uint64_t sum = 0;
    for (auto n : of)
      if (among == nullptr || among->count(n) != 0) sum += o.votes.at(n);
    return sum;
  }
  NodeId breaker() const {
    if (o.auto_tie_breaker_node.kind == quorum::TieBreaker::Kind::lowest) return *deciders.begin();
    if (o.auto_tie_breaker_node.kind == quorum::TieBreaker::Kind::highest) return *deciders.rbegin();
    for (auto n : o.auto_tie_breaker_node.nodes)
      if (deciders.count(n) != 0) return n;
    return {};
  }
  bool quorate(const Part& part, bool device) {
    const std::set<NodeId> members(part.begin(), part.end());
    const bool everybody = members.size() == o.votes.size();
    if (everybody) std::copy(part.begin(), part.end(), std::inserter(knowing, knowing.end()));
    const bool somebody = std::any_of(part.begin(), part.end(), [&](NodeId n) { return knowing.count(n) != 0; });
    if (somebody && !follows) knowing.insert(part.begin(), part.end());
    if (o.wait_for_all && !somebody) return false;
    if (o.two_node) return true;
    if (everybody) {
      deciders = members;
      expected = total + o.device_votes;
    }
    std::set<NodeId> counted;
    for (auto n : members)
      if (!follows || knowing.count(n) != 0) counted.insert(n);
    const auto extra = device ? o.device_votes : 0U;
    const auto here = votes(counted) + extra, deciding = votes(deciders, &counted) + extra;
    const auto whole = votes(deciders) + (o.device ? o.device_votes : 0U);
    const bool enough = 2 * here > expected || (o.auto_tie_breaker && here != 0 && here == expected / 2);
    const bool decides = 2 * deciding > whole || (o.auto_tie_breaker && 2 * deciding == whole && counted.count(breaker()) != 0);
    if (!enough || !decides) return false;
    knowing.insert(part.begin(), part.end());
    if (follows && o.auto_tie_breaker) deciders = members;
    if (follows && !o.auto_tie_breaker) deciders.insert(members.begin(), members.end());
    expected = std::max(expected, votes(deciders));
    return true;
  }
  void window(const Part& part) {
    deciders = std::set<NodeId>(part.begin(), part.end());
    expected = votes(deciders);
  }

  Options o;
  bool follows = false;
  std::uint64_t total = 0, expected = 0;
  std::set<NodeId> deciders, knowing;
};

/// One after another, with the device's vote for part `device` of each cut (or none), and the window passed if asked.
void play(const Options& o, const std::vector<const Cut*>& story, std::size_t device, bool window) {
  Cluster c(o);
  Twin twin(o);
  for (const auto* cut : story) {
    for (const auto& part : *cut) c.form(part);
    std::size_t quorate = 0;
    for (std::size_t i = 0; i < cut->size(); ++i) {
      const auto& part = (*cut)[i];
      const bool voted = o.device && i == device;
      if (voted) c.arbitrate(part, true);
      c.settle(part);
      const bool wanted = twin.quorate(part, voted);
      quorate += wanted ? 1U : 0U;
      for (auto n : part) {
        if (c.all.at(n).view().quorate == wanted) continue;
        std::string text;
        for (const auto* each : story) {
          for (const auto& p : *each) {
            for (auto m : p) text += fmt::format("{} ", m);
            text += "| ";
          }
          text += "; ";
        }
        FAIL(text << "node " << n.value << " wfa " << o.wait_for_all << " lms " << o.last_man_standing << " atb " << o.auto_tie_breaker
                  << static_cast<int>(o.auto_tie_breaker_node.kind) << " two " << o.two_node << " dev " << o.device << " window " << window
                  << " twin " << wanted << ": " << c.all.at(n).view().reason);
      }
      if (wanted && window && o.last_man_standing) {
        c.pass_window(part);
        twin.window(part);
      }
    }
    if (!o.two_node && (quorate > 1 || c.quorate_rings() > 1)) FAIL("two quorate parts");
  }
}

bool deep() { return std::getenv("RELEVO_EXHAUSTIVE") != nullptr; }  // NOLINT: one thread

}  // namespace

TEST_CASE("quorum: every two cuts of up to five nodes after a full start, all options, as the twin says", "[quorum]") {
  for (std::uint32_t n = 1; n <= (deep() ? 6U : 5U); ++n) {
    const auto all = cuts(n);
    const auto& whole = all.front();
    REQUIRE(whole.size() == 1);
    for (const auto& o : combinations(n)) {
      for (const auto& a : all) {
        for (const auto& b : all) {
          if (n == 5 && !deep() && (a.size() > 3 || b.size() > 3)) continue;
          play(o, {&whole, &a, &b}, 0, false);
          if (o.last_man_standing) play(o, {&whole, &a, &b}, 0, true);
          if (o.device && n < 5) play(o, {&whole, &a, &b}, 1, false);
        }
      }
    }
  }
}

TEST_CASE("quorum: every cut of six nodes, with and without a full start before, all options, as the twin says", "[quorum]") {
  const auto all = cuts(6);
  REQUIRE(all.size() == 203);
  for (const auto& o : combinations(6)) {
    for (const auto& cut : all) {
      for (std::size_t device = 0; device <= (o.device ? cut.size() : 0); ++device) {
        play(o, {&cut}, device, false);
        play(o, {&all.front(), &cut}, device, true);
      }
    }
  }
}

TEST_CASE("quorum: rings that break while what decides is changing, restarts and windows: never two quorate rings", "[quorum]") {
  std::uint64_t quorate_seen = 0;
  for (std::uint64_t seed = 1; seed <= (deep() ? 200000U : 3000U); ++seed) {
    Rng rng(seed);
    const auto n = static_cast<std::uint32_t>(2 + rng.below(5));
    const auto options = combinations(n);
    auto o = options[rng.below(options.size())];
    o.allow_downscale = !o.device && rng.chance(1, 4);
    if (o.two_node) continue;
    Cluster c(o);
    std::vector<NodeId> order;
    for (const auto& [node, votes] : o.votes) order.push_back(node);
    for (int i = 0; i < 25; ++i) {
      Cut cut(1 + rng.below(3));
      for (auto node : order) cut[rng.below(cut.size())].push_back(node);
      std::erase_if(cut, [](const Part& p) { return p.empty(); });
      const auto device = rng.below(cut.size() + 1);
      for (std::size_t p = 0; p < cut.size(); ++p) {
        c.form(cut[p]);
        // Rings that are over do not count: their members have all moved on.
        if (o.device && p == device) c.arbitrate(cut[p], true);
        if (rng.chance(1, 2)) c.settle(cut[p]);
        if (rng.chance(1, 3)) c.pass_window(cut[p]);
      }
      INFO("seed " << seed << " step " << i);
      REQUIRE(c.quorate_rings() <= 1);
      quorate_seen += c.quorate_rings();
      for (const auto& part : cut)
        if (rng.chance(1, 2)) c.break_up(part, rng);
      for (auto node : order) {
        // A restart forgets everything: with fixed deciders that is harmless, and else the node waits.
        if (rng.chance(1, 8)) c.restart(node);
        if (rng.chance(1, 16))
          for (auto& [other, q] : c.all) q.on_leaving(node);
      }
    }
  }
  CHECK(quorate_seen > 10000);
}
