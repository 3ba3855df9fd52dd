// The document as a value: reading, writing, versions.
#include "tests/unit/cib/sample.hpp"

using namespace relevo;
using namespace relevo::cib;

TEST_CASE("cib: an empty document has every section and the attributes that Pacemaker writes", "[cib]") {
  const Document document;
  CHECK(document.text() ==
        "<cib crm_feature_set=\"3.16.2\" validate-with=\"pacemaker-3.9\" epoch=\"0\" num_updates=\"0\" admin_epoch=\"0\">\n"
        "  <configuration>\n    <crm_config/>\n    <nodes/>\n    <resources/>\n    <constraints/>\n  </configuration>\n"
        "  <status/>\n</cib>\n");
  CHECK(document.version() == Version{});
  CHECK(validate(document));
}

TEST_CASE("cib: the text of a document reads as the same document", "[cib]") {
  const auto document = sample::document();
  const auto again = Document::parse(document.text());
  REQUIRE(again);
  CHECK(again->text() == document.text());
  CHECK(again->digest() == document.digest());
  CHECK(to_string(again->version()) == "0.7.3");
}

TEST_CASE("cib: a clone is independent", "[cib]") {
  const auto document = sample::document();
  auto copy = document.clone();
  xml::set_attribute(copy.root(), "epoch", "99");
  CHECK(document.version().epoch == 7);
  CHECK(copy.version().epoch == 99);
}

TEST_CASE("cib: what goes to disk has no status and num_updates 0", "[cib]") {
  const auto document = sample::document(sample::wrap(sample::configuration(), "<status><node_state id=\"1\" uname=\"n1\"/></status>"));
  const auto text = document.disk_text();
  CHECK(text.find("<status") == std::string::npos);
  const auto loaded = Document::parse(text);
  REQUIRE(loaded);
  CHECK(loaded->version() == Version{0, 7, 0});
  CHECK(sample::section_text(*loaded, "status") == "<status/>");
  CHECK(sample::section_text(document, "status") == "<status><node_state id=\"1\" uname=\"n1\"/></status>");
}

TEST_CASE("cib: the digest sees configuration, status and their order, not the versions", "[cib]") {
  const auto document = sample::document();
  auto other = document.clone();
  xml::set_attribute(other.root(), "num_updates", "9");
  CHECK(other.digest() == document.digest());
  CHECK(document.digest().size() == 32);
  const auto one = sample::document(sample::wrap(sample::configuration("<primitive id=\"a\" class=\"lsb\" type=\"x\"/><primitive id=\"b\" class=\"lsb\" type=\"x\"/>")));
  const auto two = sample::document(sample::wrap(sample::configuration("<primitive id=\"b\" class=\"lsb\" type=\"x\"/><primitive id=\"a\" class=\"lsb\" type=\"x\"/>")));
  CHECK(one.digest() != two.digest());
}

TEST_CASE("cib: a file that lacks sections gets them", "[cib]") {
  const auto document = sample::document("<cib><configuration><resources/></configuration></cib>");
  CHECK(document.section("crm_config"));
  CHECK(document.section("status"));
  CHECK_FALSE(document.section("tags"));
  CHECK(std::string(document.configuration().first_child().name()) == "crm_config");
}

TEST_CASE("cib: versions compare by admin_epoch, then epoch, then num_updates", "[cib]") {
  CHECK(Version{1, 0, 0} > Version{0, 9, 9});
  CHECK(Version{0, 2, 0} > Version{0, 1, 9});
  CHECK(Version{0, 1, 2} > Version{0, 1, 1});
}
