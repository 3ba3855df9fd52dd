// The gap that the demonstration prints.
#include <catch2/catch.hpp>

#include "cli/lab/probe.hpp"

using namespace relevo::cli::lab;

TEST_CASE("probe: the gap is the longest silence since the event, also when a later one is longer", "[lab]") {
  const std::vector<Echo> echoes = {{10, 11}, {20, 11}, {30, 11}, {130, 12}, {140, 12}, {340, 12}, {350, 12}};
  CHECK(longest_silence(echoes, 25).value().count() == 200);
  CHECK(longest_silence(std::span(echoes).first(5), 25).value().count() == 100);
  CHECK(longest_silence(echoes, 345).value().count() == 10);
}

TEST_CASE("probe: nobody answered since the event is no gap at all", "[lab]") {
  const std::vector<Echo> echoes = {{10, 11}, {20, 11}};
  CHECK_FALSE(longest_silence(echoes, 25));
  CHECK_FALSE(longest_silence({}, 0));
}
