// Words of the fault verbs and the rules that come of them.
#include <catch2/catch.hpp>

#include "cli/lab/faults.hpp"

using namespace relevo::cli::lab;

TEST_CASE("faults: sides name each host once and are at least two", "[lab]") {
  Lab lab;
  const auto sides = parse_sides(lab, "1:nodo2,3");
  REQUIRE(sides);
  REQUIRE(sides->size() == 2);
  CHECK(sides->at(1).size() == 2);
  CHECK(parse_sides(lab, "1:2:3,client").value().size() == 3);
  for (const auto* text : {"1", "", "1:1", "1:2,1", "1:4", "1:", ":", "1,2,3"}) CHECK_FALSE(parse_sides(lab, text));
}

TEST_CASE("faults: a loss is a share with at most two digits after the point", "[lab]") {
  CHECK(parse_loss("10%").value() == 1000);
  CHECK(parse_loss("2.5").value() == 250);
  CHECK(parse_loss("0.01%").value() == 1);
  CHECK(parse_loss("100%").value() == 10000);
  for (const auto* text : {"", "%", "101%", "100.01", "-1", "a", "1.234", "1.", ".5", "1.2.3"})
    CHECK_FALSE(parse_loss(text));
}

TEST_CASE("faults: without faults the rules are taken away, and nothing else is written", "[lab]") {
  CHECK(nft_rules(Lab{}, Faults{}) == "add table bridge relevo_lab\ndelete table bridge relevo_lab\n");
}

TEST_CASE("faults: a cut drops one direction on every link, a loss both", "[lab]") {
  Lab lab;
  lab.links = 2;
  Faults faults;
  faults.cuts.emplace("nodo1", "nodo2");
  faults.loss["nodo3"] = 1000;
  const auto rules = nft_rules(lab, faults);
  CHECK(rules.find("iifname { \"nodo1-0\", \"nodo1-1\" } oifname { \"nodo2-0\", \"nodo2-1\" } drop") !=
        std::string::npos);
  CHECK(rules.find("iifname { \"nodo2-0\"") == std::string::npos);
  CHECK(rules.find("iifname { \"nodo3-0\", \"nodo3-1\" } numgen random mod 10000 < 1000 drop") != std::string::npos);
  CHECK(rules.find("oifname { \"nodo3-0\", \"nodo3-1\" } numgen random mod 10000 < 1000 drop") != std::string::npos);
}
