// What the strict reader accepts, and what it refuses with which line.
#include <catch2/catch.hpp>

#include <string>

#include "common/base/rng.hpp"
#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"

using namespace relevo;

namespace {
std::string error_of(std::string_view text, const xml::Limits& limits = {}) {
  const auto tree = xml::parse(text, limits);
  return tree ? "" : tree.error().message;
}
}  // namespace

TEST_CASE("xml: a declaration, comments, CDATA, references and UTF-8 are read", "[xml]") {
  const auto tree = xml::parse("\xef\xbb\xbf<?xml version=\"1.0\" encoding='utf-8'?>\n<!-- one -->\n"
                               "<a b='1&amp;2' c=\"&#x41;&#10;\"><!-- two --><d>n\xc3\xb3<![CDATA[<x>]]></d></a>\n<!-- end -->");
  REQUIRE(tree);
  const auto a = xml::first_element(**tree);
  CHECK(xml::attribute(a, "b") == "1&2");
  CHECK(xml::attribute(a, "c") == "A\n");
  CHECK(std::string(xml::child(a, "d").text().get()) == "n\xc3\xb3");
}

TEST_CASE("xml: what is not well-formed is refused with its line", "[xml]") {
  CHECK(error_of("") == "line 1: there is no element");
  CHECK(error_of("<a>\n<b>\n</a>") == "line 3: </a> where </b> must stand");
  CHECK(error_of("<a>\n<b x='1'\n x='2'/></a>") == "line 3: attribute 'x' stands twice");
  CHECK(error_of("<a/>\n<b/>") == "line 2: a second root element <b>");
  CHECK(error_of("<a/>\nwords") == "line 1: text outside the root element");
  CHECK(error_of("<a>\n\n") == "line 3: the text ends inside <a>");
  CHECK(error_of("<a b=1/>") == "line 1: the value of attribute 'b' must be quoted");
  CHECK(error_of("<a b='1'c='2'/>") == "line 1: white space is missing between the attributes of <a>");
  CHECK(error_of("<a b='<'/>") == "line 1: '<' in the value of attribute 'b'");
  CHECK(error_of("</a>") == "line 1: </a> closes nothing");
  CHECK(error_of("<a><!-- x -- y --></a>") == "line 1: '--' inside a comment");
}

TEST_CASE("xml: entities, document types and processing instructions are refused", "[xml]") {
  CHECK(error_of("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>") == "line 1: a document type is not allowed");
  CHECK_FALSE(error_of("<a>&x;</a>").empty());
  CHECK_FALSE(error_of("<a b='&#0;'/>").empty());
  CHECK_FALSE(error_of("<a b='&#xD800;'/>").empty());
  CHECK_FALSE(error_of("<a b='&#x110000;'/>").empty());
  CHECK_FALSE(error_of("<a b='a & b'/>").empty());
  CHECK(error_of("<a><?php x ?></a>") == "line 1: processing instructions are not allowed");
  CHECK(error_of("<?xml version='1.0' encoding='latin-1'?><a/>") == "line 1: the encoding must be UTF-8");
}

TEST_CASE("xml: a document type without declarations of its own passes where it was asked for", "[xml]") {
  xml::Limits limits;
  limits.doctype = true;
  CHECK(error_of("<?xml version=\"1.0\"?>\n<!DOCTYPE resource-agent SYSTEM \"ra-api-1.dtd\">\n<resource-agent/>", limits).empty());
  CHECK_FALSE(error_of("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", limits).empty());
  CHECK_FALSE(error_of("<a/><!DOCTYPE a>", limits).empty());
}

TEST_CASE("xml: bytes that are no UTF-8 and control characters are refused", "[xml]") {
  CHECK(error_of("<a>\n\x01</a>") == "line 2: byte 0x01 is no valid UTF-8 or a control character");
  for (const auto* bad : {"\xff", "\xc0\x80", "\xc3", "\xed\xa0\x80", "\xe0\x80\x80", "\xf4\x90\x80\x80", "\xef\xbf\xbe", "\x80"})
    CHECK_FALSE(error_of(std::string("<a b='") + bad + "'/>").empty());
  CHECK_FALSE(error_of(std::string_view("<a b='\0'/>", 10)).empty());
}

TEST_CASE("xml: depth, size and the number of attributes have limits", "[xml]") {
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "<a>";
  CHECK(error_of(deep) == "line 1: <a> is nested deeper than the 64 levels allowed");
  std::string wide = "<a";
  for (int i = 0; i < 257; ++i) wide += " x" + std::to_string(i) + "='1'";
  CHECK(error_of(wide + "/>") == "line 1: <a> has more than the 256 attributes allowed");
  xml::Limits limits;
  limits.max_bytes = 10;
  CHECK(error_of("<a b='123'/>", limits) == "the text has 12 bytes, more than the 10 allowed");
}

TEST_CASE("xml: what is read and printed reads as the same tree, for random trees", "[xml]") {
  Rng rng(7);
  for (int round = 0; round < 200; ++round) {
    pugi::xml_document made;
    auto node = made.append_child("root");
    for (int i = 0; i < 20; ++i) {
      auto next = node.append_child(rng.chance(1, 2) ? "a" : "b-c");
      std::string value;
      for (std::uint64_t n = rng.below(6); n > 0; --n) value += "<>&\"'\n\t\r x\xc3\xa9"[rng.below(10)];
      next.append_attribute("v").set_value(value.c_str());
      if (rng.chance(1, 2)) node = next;
    }
    for (const auto style : {xml::Style::pretty, xml::Style::compact}) {
      const auto text = xml::print(made, style);
      const auto read = xml::parse(text);
      REQUIRE(read);
      CHECK(xml::equal(xml::first_element(**read), xml::first_element(made)));
      CHECK(xml::print(**read, style) == text);
    }
  }
}
