// Sealing and opening frames: what is authentic opens, everything else does not.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "membership/seal/frame.hpp"
#include "tests/support/secrets.hpp"

using namespace relevo;

namespace {
struct Fixture {
  test::SeededRandom random{7};
  seal::ClusterKey cluster{test::key_of(1), "alpha"};
  NodeId self{3};
  Incarnation boot{77};
  seal::Sealer sealer{cluster, self, boot, random};
};
}  // namespace

TEST_CASE("frame: what was sealed opens with the same content and header", "[seal]") {
  Fixture f;
  const auto body = to_bytes("token");
  const auto frame = f.sealer.seal(seal::Kind::ring, LinkId{2}, Incarnation{55}, body);
  const auto parsed = seal::parse_header(frame);
  REQUIRE(parsed.header);
  CHECK(parsed.header->kind == seal::Kind::ring);
  CHECK(parsed.header->link == LinkId{2});
  CHECK(parsed.header->sender == f.self);
  CHECK(parsed.header->incarnation == f.boot);
  CHECK(parsed.header->sequence == 1);
  CHECK(parsed.header->receiver == Incarnation{55});
  CHECK(parsed.header->key_id == f.cluster.id());
  CHECK(frame.size() == body.size() + seal::max_overhead);
  const auto opened = seal::open_frame(*parsed.header, frame, f.cluster.frame_key(f.self, f.boot));
  REQUIRE(opened);
  CHECK(*opened == body);
}

TEST_CASE("frame: the content is not readable on the wire", "[seal]") {
  Fixture f;
  const auto frame = f.sealer.seal(seal::Kind::ring_all, LinkId{0}, {}, to_bytes("a very secret text"));
  CHECK(as_text(frame).find("secret") == std::string_view::npos);
}

TEST_CASE("frame: one flipped bit anywhere and it does not open", "[seal]") {
  Fixture f;
  const auto key = f.cluster.frame_key(f.self, f.boot);
  const auto good = f.sealer.seal(seal::Kind::heartbeat, LinkId{0}, Incarnation{9}, to_bytes("beat"));
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto bad = good;
      bad[i] = static_cast<std::uint8_t>(bad[i] ^ (1U << bit));
      const auto parsed = seal::parse_header(bad);
      if (parsed.header) CHECK_FALSE(seal::open_frame(*parsed.header, bad, key));
    }
  }
}

TEST_CASE("frame: another key, cluster name, sender or incarnation does not open it", "[seal]") {
  Fixture f;
  const auto frame = f.sealer.seal(seal::Kind::ring_all, LinkId{0}, {}, to_bytes("x"));
  const auto header = *seal::parse_header(frame).header;
  const seal::ClusterKey other_file(test::key_of(2), "alpha"), other_name(test::key_of(1), "beta");
  CHECK_FALSE(seal::open_frame(header, frame, other_file.frame_key(f.self, f.boot)));
  CHECK_FALSE(seal::open_frame(header, frame, other_name.frame_key(f.self, f.boot)));
  CHECK_FALSE(seal::open_frame(header, frame, f.cluster.frame_key(NodeId{4}, f.boot)));
  CHECK_FALSE(seal::open_frame(header, frame, f.cluster.frame_key(f.self, Incarnation{78})));
  CHECK(seal::open_frame(header, frame, seal::ClusterKey(test::key_of(1), "alpha").frame_key(f.self, f.boot)));
}

TEST_CASE("frame: cut or random bytes give a reason, never a frame that opens", "[seal]") {
  Fixture f;
  const auto key = f.cluster.frame_key(f.self, f.boot);
  const auto good = f.sealer.seal(seal::Kind::ring, LinkId{0}, Incarnation{9}, to_bytes("body"));
  for (std::size_t n = 0; n < good.size(); ++n) {
    const auto cut = BytesView(good).first(n);
    const auto parsed = seal::parse_header(cut);
    if (parsed.header) CHECK_FALSE(seal::open_frame(*parsed.header, cut, key));
  }
  Rng rng(5);
  for (int i = 0; i < 2000; ++i) {
    Bytes noise(rng.below(200));
    for (auto& b : noise) b = static_cast<std::uint8_t>(rng.next());
    CHECK_FALSE(seal::parse_header(noise).header);
  }
}

TEST_CASE("frame: the sequence grows with every frame and no nonce comes twice", "[seal]") {
  Fixture f;
  const auto a = f.sealer.seal(seal::Kind::ring_all, LinkId{0}, {}, to_bytes("same"));
  const auto b = f.sealer.seal(seal::Kind::ring_all, LinkId{0}, {}, to_bytes("same"));
  CHECK(seal::parse_header(a).header->sequence + 1 == seal::parse_header(b).header->sequence);
  CHECK_FALSE(std::equal(a.begin() + 28, a.end(), b.begin() + 28));
}
