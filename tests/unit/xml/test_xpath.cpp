// Which XPath is allowed, what it finds, and that nothing throws.
#include <catch2/catch.hpp>

#include "common/base/rng.hpp"
#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"
#include "common/xml/xpath.hpp"

using namespace relevo;

namespace {
constexpr std::string_view cib =
    "<cib><configuration><resources><group id='g'><primitive id='x' class='ocf'/></group>"
    "<clone id='c'><primitive id='y' class='ocf'/></clone><primitive id='z' class='lsb'/></resources></configuration></cib>";

std::string found(std::string_view expression) {
  const auto tree = xml::parse(cib);
  REQUIRE(tree);
  const auto hits = xml::select(**tree, expression);
  if (!hits) return "error: " + hits.error().message;
  std::string ids;
  for (const auto& hit : *hits) ids += std::string(xml::attribute_or(hit, "id", hit.name())) + " ";
  return ids;
}
}  // namespace

TEST_CASE("xpath: the expressions of pcs, crmsh and people find their elements", "[xml]") {
  CHECK(found("//group[@id=\"g\"]") == "g ");
  CHECK(found("//clone/primitive[@id=\"y\"]/..") == "c ");
  CHECK(found("//resources/descendant::primitive[@id='x']") == "x ");
  CHECK(found("/cib/configuration/resources") == "resources ");
  CHECK(found("//primitive") == "x y z ");
  CHECK(found("//group|//clone") == "g c ");
  CHECK(found("//primitive[@class='ocf' and not(@id='y')]") == "x ");
  CHECK(found("//*[primitive]") == "resources g c ");
  CHECK(found("//primitive/@id") == "x y z ");
  CHECK(found("//primitive[contains(@id,'z')]") == "z ");
  CHECK(found("(//primitive)[2]") == "y ");
  CHECK(found("//primitive[@id='none']").empty());
}

TEST_CASE("xpath: what could cost the square of the tree is refused", "[xml]") {
  for (const auto* bad : {"//*[//*]", "//*[descendant::x]", "//*[../x]", "//*[/cib]", "//*[following::*]", "//a//b//c//d//e",
                          "//*[ancestor::*]", "//*[a[b[c[d]]]]", "//*[parent::x]"})
    CHECK(found(bad).starts_with("error: this XPath is not allowed: "));
}

TEST_CASE("xpath: what is no XPath, or selects no elements, is an error with its reason", "[xml]") {
  CHECK(found("") == "error: an XPath must not be empty");
  CHECK(found(std::string(1025, 'a')) == "error: an XPath may have at most 1024 bytes, this one has 1025");
  for (const auto* bad : {"//[", "//a[", "//a]", "count(//a)", "'text'", "//a[@b='c]", "$x", "id('x')", "document('x')", "a b",
                          "//", "1", "concat('a','b')", "\x01", "@", "a::b"}) {
    INFO(bad);
    CHECK(found(bad).starts_with("error: "));
  }
}

TEST_CASE("xpath: random expressions end in an answer or an error", "[xml]") {
  const std::vector<std::string> parts{"//", "/", "a", "primitive", "[", "]", "@id", "=", "'x'", "..", ".", "*", "(", ")", "|",
                                       "and", " or ", "not(", "1", "position()", "child::", "count(", ","};
  Rng rng(11);
  for (int round = 0; round < 5000; ++round) {
    std::string expression;
    for (std::uint64_t n = 1 + rng.below(12); n > 0; --n) expression += parts[rng.below(parts.size())];
    CHECK_NOTHROW(found(expression));
  }
}

TEST_CASE("xpath: a literal takes the quotes that its value leaves free", "[xml]") {
  CHECK(*xml::xpath_literal("a") == "'a'");
  CHECK(*xml::xpath_literal("a'b") == "\"a'b\"");
  CHECK_FALSE(xml::xpath_literal("a'b\"c"));
}
