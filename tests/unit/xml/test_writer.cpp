// Elements written straight to text.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "common/xml/tree.hpp"
#include "common/xml/writer.hpp"

using namespace relevo;

TEST_CASE("xml writer: what it writes is what the tree prints", "[xml]") {
  xml::Writer out;
  out.open("a");
  out.attribute("plain", "1");
  out.attribute("odd", "<&>\"'\n\t\r");
  out.open("b");
  out.attribute("n", 7);
  out.close();
  out.open("c");
  out.close();
  out.close();
  const std::string text = out.take();
  pugi::xml_document document;
  REQUIRE(document.load_buffer(text.data(), text.size(), pugi::parse_default));
  CHECK(xml::print(document.document_element()) == text);
  CHECK(std::string(document.document_element().attribute("odd").value()) == "<&>\"'\n\t\r");
}

TEST_CASE("xml writer: a sink gets pieces that together are the text, also of values longer than any buffer", "[xml]") {
  const std::string large(300'000, 'x'), odd(200'000, '&');
  const auto write = [&](xml::Writer& out) {
    out.open("a");
    for (int i = 0; i < 3; ++i) {
      out.open("b");
      out.attribute("large", large);
      out.attribute("odd", odd);
      out.attribute("small", i);
      out.close();
    }
    out.close();
    return out.take();
  };
  xml::Writer whole;
  const std::string text = write(whole);
  std::vector<std::string> pieces;
  xml::Writer in_pieces([&](std::string_view piece) { pieces.emplace_back(piece); });
  CHECK(write(in_pieces).empty());
  std::string joined;
  for (const auto& piece : pieces) joined += piece;
  CHECK(pieces.size() > 3);
  CHECK(joined == text);
  CHECK(text.size() > 3 * (large.size() + odd.size()));
}
