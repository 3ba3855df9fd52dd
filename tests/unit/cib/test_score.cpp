// Scores as text.
#include <catch2/catch.hpp>

#include "resmgr/model/score.hpp"

using relevo::model::parse_score;
using relevo::model::Score;

TEST_CASE("score: text is read and written as Pacemaker does", "[model]") {
  CHECK(parse_score("INFINITY") == Score(Score::infinity));
  CHECK(parse_score("+infinity") == Score(Score::infinity));
  CHECK(parse_score("-INFINITY") == Score(-Score::infinity));
  CHECK(parse_score("-42") == Score(-42));
  CHECK(parse_score("+7") == Score(7));
  CHECK(parse_score("2000000") == Score(Score::infinity));
  CHECK(parse_score("-99999999999999999999") == Score(-Score::infinity));
  for (const auto* bad : {"", "1.5", "much", "--1", "+-1", "INF", "1 2"}) CHECK_FALSE(parse_score(bad));
  CHECK(to_string(Score(1'000'000)) == "INFINITY");
  CHECK(to_string(Score(-5'000'000)) == "-INFINITY");
  CHECK(to_string(Score(3)) == "3");
}

TEST_CASE("score: minus infinity beats everything, then infinity sticks", "[model]") {
  const Score plus(Score::infinity), minus(-Score::infinity);
  CHECK(plus + minus == minus);
  CHECK(minus + plus == minus);
  CHECK(plus + Score(-5) == plus);
  CHECK(Score(999'999) + Score(5) == plus);
}
