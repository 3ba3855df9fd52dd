// What a CIB may say, and how it is told what it may not.
#include <fstream>
#include <iterator>

#include "tests/unit/cib/sample.hpp"

using namespace relevo;
using namespace relevo::cib;

namespace {
std::string fault(const std::string& resources, const std::string& constraints = "") {
  const auto parsed = Document::parse(sample::wrap(sample::configuration(resources, constraints)));
  return parsed ? "" : parsed.error().message;
}
std::string constraint_fault(const std::string& constraint) { return fault(sample::primitive, constraint); }
const std::string resources_path = "line 3: /cib/configuration/resources";
const std::string constraints_path = "line 3: /cib/configuration/constraints";
}  // namespace

TEST_CASE("cib: a document with every kind of element is accepted", "[cib]") {
  std::ifstream in(std::string(RELEVO_TEST_DATA) + "/everything.xml");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  REQUIRE_FALSE(text.empty());
  const auto parsed = Document::parse(text);
  if (!parsed) FAIL(parsed.error().message);
  const auto again = Document::parse(parsed->text());
  REQUIRE(again);
  CHECK(again->digest() == parsed->digest());
}

TEST_CASE("cib: an unknown element is refused with what is allowed and the near word", "[cib]") {
  CHECK(fault("<primitve id=\"a\" class=\"lsb\" type=\"x\"/>") ==
        resources_path + "/primitve[@id='a']: <primitve> is not allowed in <resources>; allowed: primitive, template, group, "
                         "clone, master, bundle (did you mean 'primitive'?)");
  CHECK(Document::parse("<crm/>").error().message == "line 1: /crm: the root element must be <cib>");
}

TEST_CASE("cib: an unknown attribute is refused with what is allowed", "[cib]") {
  CHECK(fault("<primitive id=\"a\" clas=\"lsb\" type=\"x\"/>") ==
        resources_path + "/primitive[@id='a']: attribute 'clas' is not allowed here; allowed: id, class, provider, type, "
                         "template, description (did you mean 'class'?)");
}

TEST_CASE("cib: text between elements is refused", "[cib]") {
  CHECK(fault("some words") == resources_path + ": text is not allowed in it");
}

TEST_CASE("cib: required attributes and children must be there", "[cib]") {
  CHECK(fault("<primitive class=\"lsb\" type=\"x\"/>") == resources_path + "/primitive: attribute 'id' is missing");
  CHECK(fault("<group id=\"g\"/>") == resources_path + "/group[@id='g']: <primitive> is missing in it");
  CHECK(fault("<clone id=\"c\"/>") == resources_path + "/clone[@id='c']: it needs exactly one <primitive> or <group>");
  CHECK(fault("<primitive id=\"a\" class=\"ocf\" type=\"x\"/>") ==
        resources_path + "/primitive[@id='a']: class 'ocf' needs 'provider', such as 'heartbeat'");
  CHECK(fault("<primitive id=\"a\"/>") == resources_path + "/primitive[@id='a']: it needs 'class' and 'type', or 'template'");
}

TEST_CASE("cib: an id stands once, and is a name", "[cib]") {
  CHECK(fault(sample::primitive + sample::primitive) ==
        resources_path + "/primitive[@id='VIP']: the id 'VIP' stands already on /cib/configuration/resources/primitive[@id='VIP']");
  CHECK(fault("<primitive id=\"1 a\" class=\"lsb\" type=\"x\"/>") ==
        resources_path + "/primitive[@id='1 a']: id=\"1 a\" must be an id: letters, digits, '.', '-' and '_', not beginning with a digit");
}

TEST_CASE("cib: references must lead to something of the right kind", "[cib]") {
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"VIQ\" node=\"n1\" score=\"1\"/>") ==
        constraints_path + "/rsc_location[@id='l']: rsc=\"VIQ\" must name a resource, template or tag, but there is none");
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"l\" node=\"n1\" score=\"1\"/>") ==
        constraints_path + "/rsc_location[@id='l']: rsc=\"l\" must name a resource, template or tag, but that is <rsc_location>");
  CHECK(fault("<primitive id=\"a\" template=\"t\"/>") ==
        resources_path + "/primitive[@id='a']: template=\"t\" must name a template, but there is none");
}

TEST_CASE("cib: scores, numbers, booleans and words are checked", "[cib]") {
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"VIP\" node=\"n1\" score=\"much\"/>") ==
        constraints_path + "/rsc_location[@id='l']: score=\"much\" must be a whole number, INFINITY or -INFINITY");
  for (const auto* score : {"0", "-5", "+7", "INFINITY", "-INFINITY", "99999999999999999999"})
    CHECK(constraint_fault(fmt::format("<rsc_location id=\"l\" rsc=\"VIP\" node=\"n1\" score=\"{}\"/>", score)).empty());
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"VIP\" node=\"n1\" score=\"1\" resource-discovery=\"maybe\"/>") ==
        constraints_path + "/rsc_location[@id='l']: resource-discovery=\"maybe\" must be one of: always, never, exclusive");
  CHECK(constraint_fault("<rsc_order id=\"o\" first=\"VIP\" then=\"VIP\" symmetrical=\"perhaps\"/>") ==
        constraints_path + "/rsc_order[@id='o']: symmetrical=\"perhaps\" must be true or false");
  CHECK(Document::parse("<cib epoch=\"-1\"><configuration/></cib>").error().message ==
        "line 1: /cib: epoch=\"-1\" must be a whole number from 0 to 1000000000000000");
  CHECK_FALSE(Document::parse("<cib epoch=\"18446744073709551615\"><configuration/></cib>"));
  CHECK_FALSE(Document::parse("<cib validate-with=\"something\"><configuration/></cib>"));
}

TEST_CASE("cib: choices between attributes are checked", "[cib]") {
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"VIP\" node=\"n1\"/>").ends_with("attribute 'score' is missing"));
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"VIP\"/>").ends_with("it needs 'node' and 'score', or a <rule>"));
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"VIP\" rsc-pattern=\"V.*\" node=\"n1\" score=\"1\"/>")
            .ends_with("it needs exactly one of 'rsc', 'rsc-pattern' and <resource_set>"));
  CHECK(constraint_fault("<rsc_colocation id=\"c\" rsc=\"VIP\"/>").ends_with("it needs 'rsc' and 'with-rsc', or <resource_set>"));
  CHECK(constraint_fault("<rsc_order id=\"o\" first=\"VIP\" then=\"VIP\" kind=\"Optional\" score=\"1\"/>").ends_with("'kind' excludes 'score'"));
  CHECK(constraint_fault("<rsc_location id=\"l\" rsc=\"VIP\"><rule id=\"r\" score=\"1\"/></rsc_location>")
            .ends_with("it needs an expression or a <rule>"));
}

TEST_CASE("cib: with validate-with none, unknown words pass but unknown elements do not", "[cib]") {
  const auto with_none = [](const std::string& constraint) {
    return Document::parse("<cib validate-with=\"none\"><configuration><resources>" + sample::primitive +
                           "</resources><constraints>" + constraint + "</constraints></configuration></cib>").has_value();
  };
  CHECK(with_none("<rsc_order id=\"o\" first=\"VIP\" then=\"VIP\" kind=\"foo\"/>"));
  CHECK_FALSE(with_none("<rsc_odor id=\"o\" first=\"VIP\" then=\"VIP\"/>"));
}

TEST_CASE("cib: a section stands once", "[cib]") {
  CHECK(Document::parse("<cib><configuration><nodes/><nodes/></configuration></cib>").error().message ==
        "line 1: /cib/configuration: <nodes> may stand in it only once");
}
