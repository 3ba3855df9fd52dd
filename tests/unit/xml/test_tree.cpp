// Attributes, paths, comparison, printing.
#include <catch2/catch.hpp>

#include "common/xml/chars.hpp"
#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"

using namespace relevo;

namespace {
std::unique_ptr<pugi::xml_document> tree_of(std::string_view text) {
  auto tree = xml::parse(text);
  REQUIRE(tree);
  return std::move(*tree);
}
}  // namespace

TEST_CASE("xml: a path names the element and its ids", "[xml]") {
  const auto tree = tree_of("<cib><resources id='r'><primitive id='VIP'/></resources></cib>");
  CHECK(xml::path_of(xml::find(*tree, "primitive", "VIP")) == "/cib/resources[@id='r']/primitive[@id='VIP']");
  CHECK(xml::path_of(pugi::xml_node()).empty());
}

TEST_CASE("xml: setting an attribute says whether something changed", "[xml]") {
  const auto tree = tree_of("<a b='1'/>");
  const auto a = xml::first_element(*tree);
  CHECK_FALSE(xml::set_attribute(a, "b", "1"));
  CHECK(xml::set_attribute(a, "b", "2"));
  CHECK(xml::set_attribute(a, "c", "<"));
  CHECK(xml::print(*tree) == "<a b=\"2\" c=\"&lt;\"/>\n");
  CHECK_FALSE(xml::attribute(a, "d"));
  CHECK(xml::attribute_or(a, "d", "x") == "x");
}

TEST_CASE("xml: equality ignores the order of attributes and white space, nothing else", "[xml]") {
  const auto same = [](const char* x, const char* y) {
    return xml::equal(xml::first_element(*tree_of(x)), xml::first_element(*tree_of(y)));
  };
  CHECK(same("<a b='1' c='2'><d/></a>", "<a c='2' b='1'>\n  <d/>\n</a>"));
  CHECK_FALSE(same("<a b='1'/>", "<a b='1' c='2'/>"));
  CHECK_FALSE(same("<a b='1' c='2'/>", "<a b='1'/>"));
  CHECK_FALSE(same("<a><b/><c/></a>", "<a><c/><b/></a>"));
  CHECK_FALSE(same("<a><b/></a>", "<a/>"));
  CHECK_FALSE(same("<a>x</a>", "<a>y</a>"));
}

TEST_CASE("xml: pretty text is two spaces a level, and text stays on its line", "[xml]") {
  const auto tree = tree_of("<a><b c='d'><e/></b><f>x &amp; y</f></a>");
  CHECK(xml::print(*tree) == "<a>\n  <b c=\"d\">\n    <e/>\n  </b>\n  <f>x &amp; y</f>\n</a>\n");
  CHECK(xml::print(*tree, xml::Style::compact) == "<a><b c=\"d\"><e/></b><f>x &amp; y</f></a>");
}

TEST_CASE("xml: ids are names without a colon", "[xml]") {
  for (const auto* good : {"VIP", "_x", "a.b-c_1", "location-A-n1.example.com--INFINITY"}) CHECK(xml::is_ncname(good));
  for (const auto* bad : {"", "1a", "-a", ".a", "a b", "a:b", "a/b", "a'b"}) CHECK_FALSE(xml::is_ncname(bad));
}
