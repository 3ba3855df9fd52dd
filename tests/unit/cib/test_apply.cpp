// Operations on a document: what they change, what they refuse, and the version that results.
#include "tests/unit/cib/sample.hpp"

using namespace relevo;
using namespace relevo::cib;
using namespace relevo::cib::sample;

namespace {
const std::string other = "<primitive id=\"WEB\" class=\"ocf\" provider=\"heartbeat\" type=\"nginx\"/>";
const std::string location = "<rsc_location id=\"l\" rsc=\"VIP\" node=\"n1\" score=\"INFINITY\"/>";
}  // namespace

TEST_CASE("cib: a configuration change bumps the epoch and says who, when and from where", "[cib]") {
  const auto applied = run(document(), {{Verb::create, "resources", other}});
  REQUIRE(applied);
  CHECK(applied->configuration_changed);
  CHECK(applied->document.version() == Version{0, 8, 0});
  const auto root = applied->document.root();
  CHECK(xml::attribute(root, "cib-last-written") == "Sat Nov 21 12:30:15 2026");
  CHECK(xml::attribute(root, "update-origin") == "n1");
  CHECK(xml::attribute(root, "update-client") == "test");
  CHECK(xml::attribute(root, "update-user") == "root");
}

TEST_CASE("cib: a status change bumps only num_updates and writes no names", "[cib]") {
  const auto applied = run(document(), {{Verb::modify, "status", "<node_state id=\"1\" uname=\"n1\" in_ccm=\"true\"/>", true}});
  REQUIRE(applied);
  CHECK_FALSE(applied->configuration_changed);
  CHECK(applied->document.version() == Version{0, 7, 4});
  CHECK_FALSE(xml::attribute(applied->document.root(), "cib-last-written"));
  CHECK(section_text(applied->document, "status") == "<status><node_state id=\"1\" uname=\"n1\" in_ccm=\"true\"/></status>");
}

TEST_CASE("cib: a change that changes nothing keeps the version", "[cib]") {
  const auto start = document();
  for (const auto& operation : std::vector<Operation>{{Verb::modify, "resources", primitive}, {Verb::replace, "resources", primitive},
                                                      {Verb::erase, "", ""}}) {
    const auto base = operation.verb == Verb::erase ? Document() : start.clone();
    const auto applied = run(base, {operation});
    REQUIRE(applied);
    CHECK_FALSE(applied->changed);
    CHECK(applied->document.text() == base.text());
  }
}

TEST_CASE("cib: the quorum and the DC are state, not configuration", "[cib]") {
  const auto applied = run(document(), {{Verb::modify, "cib", "<cib have-quorum=\"1\" dc-uuid=\"2\"/>"}});
  REQUIRE(applied);
  CHECK_FALSE(applied->configuration_changed);
  CHECK(applied->document.version() == Version{0, 7, 4});
  CHECK(xml::attribute(applied->document.root(), "have-quorum") == "1");
  CHECK(error_of(document(), {{Verb::modify, "cib", "<cib have-quorum=\"perhaps\"/>"}}) ==
        "/cib: have-quorum=\"perhaps\" must be true or false");
}

TEST_CASE("cib: operations happen all or none", "[cib]") {
  const auto start = document();
  const auto before = start.text();
  const auto applied = run(start, {{Verb::create, "resources", other}, {Verb::remove, "constraints", "<rsc_location id=\"none\"/>"}});
  REQUIRE_FALSE(applied);
  CHECK(applied.error().kind == ErrorKind::not_found);
  CHECK(applied.error().message ==
        "operation 2 of 2, remove in 'constraints': there is no such <rsc_location> in /cib/configuration/constraints");
  CHECK(start.text() == before);
}

TEST_CASE("cib: what is invalid only between two operations is fine", "[cib]") {
  const auto start = document(wrap(configuration(primitive, location)));
  const auto end = after(start, {{Verb::remove, "resources", "<primitive id=\"VIP\"/>"}, {Verb::remove, "constraints", "<rsc_location id=\"l\"/>"}});
  CHECK(section_text(end, "resources") == "<resources/>");
  CHECK(error_of(start, {{Verb::remove, "resources", "<primitive id=\"VIP\"/>"}}) ==
        "/cib/configuration/constraints/rsc_location[@id='l']: rsc=\"VIP\" must name a resource, template or tag, but there is none");
}

TEST_CASE("cib: create refuses what exists and what has no clear place", "[cib]") {
  const auto applied = run(document(), {{Verb::create, "resources", primitive}});
  REQUIRE_FALSE(applied);
  CHECK(applied.error().kind == ErrorKind::exists);
  const auto elsewhere = run(document(), {{Verb::create, "constraints", "<rsc_ticket id=\"VIP\" rsc=\"VIP\" ticket=\"t\"/>"}});
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().kind == ErrorKind::exists);
  CHECK(error_of(document(), {{Verb::create, "", "<meta_attributes id=\"m\"/>"}}) ==
        "create: it is not clear where <meta_attributes> belongs: name the section or the parent element");
}

TEST_CASE("cib: create finds the section by the element, under a path, and from a whole section", "[cib]") {
  CHECK(section_text(after(document(), {{Verb::create, "", location}}), "constraints") == "<constraints>" + location + "</constraints>");
  const auto meta = after(document(), {{Verb::create, "//primitive[@id='VIP']", "<meta_attributes id=\"m\"/>"}});
  CHECK(xml::path_of(xml::find(meta.root(), "meta_attributes")) == "/cib/configuration/resources/primitive[@id='VIP']/meta_attributes[@id='m']");
  const auto two = after(document(), {{Verb::create, "resources", "<resources>" + other + "</resources>"}});
  CHECK(section_text(two, "resources") == "<resources>" + primitive + other + "</resources>");
}

TEST_CASE("cib: a section that is not there yet appears at its place", "[cib]") {
  const auto end = after(document(), {{Verb::create, "tags", "<tag id=\"t\"><obj_ref id=\"VIP\"/></tag>"},
                                      {Verb::modify, "op_defaults", "<op_defaults><meta_attributes id=\"o\"/></op_defaults>"}});
  std::string order;
  for (const auto& section : end.configuration().children()) order += std::string(section.name()) + " ";
  CHECK(order == "crm_config nodes resources constraints op_defaults tags ");
}

TEST_CASE("cib: modify merges into the element of the same name and id, wherever it stands", "[cib]") {
  const auto start = document(wrap(configuration("<group id=\"g\">" + primitive + "</group>")));
  const auto end = after(start, {{Verb::modify, "resources",
      "<primitive id=\"VIP\" description=\"d\"><meta_attributes id=\"m\"><nvpair id=\"p\" name=\"a\" value=\"1\"/></meta_attributes></primitive>"}});
  const auto again = after(end, {{Verb::modify, "", "<nvpair id=\"p\" name=\"a\" value=\"2\"/>"}});
  const auto vip = xml::find(again.root(), "primitive", "VIP");
  CHECK(xml::attribute(vip, "class") == "ocf");
  CHECK(xml::attribute(vip, "description") == "d");
  CHECK(xml::attribute(xml::find(vip, "nvpair", "p"), "value") == "2");
  CHECK(std::string(vip.parent().name()) == "group");
}

TEST_CASE("cib: modify creates what is missing only when it may", "[cib]") {
  CHECK(error_of(document(), {{Verb::modify, "resources", other}}) ==
        "modify in 'resources': there is no <primitive> with the id 'WEB' in /cib/configuration/resources");
  CHECK(xml::find(after(document(), {{Verb::modify, "resources", other, true}}).root(), "primitive", "WEB"));
}

TEST_CASE("cib: a part without an id does not land on a neighbour that has one", "[cib]") {
  const auto start = document(wrap(configuration(
      "<primitive id=\"a\" class=\"lsb\" type=\"x\"><operations id=\"o\"><op id=\"m\" name=\"monitor\" interval=\"5s\"/></operations></primitive>")));
  CHECK(error_of(start, {{Verb::modify, "resources", "<primitive id=\"a\"><operations><op name=\"start\" interval=\"0\"/></operations></primitive>"}})
            .find("it needs either 'id' or 'id-ref'") != std::string::npos);
  const auto end = after(start, {{Verb::modify, "resources", "<primitive id=\"a\"><operations><op id=\"s\" name=\"start\" interval=\"0\"/></operations></primitive>"}});
  CHECK(xml::print(xml::find(end.root(), "operations"), xml::Style::compact) ==
        "<operations id=\"o\"><op id=\"m\" name=\"monitor\" interval=\"5s\"/><op id=\"s\" name=\"start\" interval=\"0\"/></operations>");
}

TEST_CASE("cib: replace puts the new element where the old one stood", "[cib]") {
  const auto start = document(wrap(configuration(primitive + other)));
  const auto end = after(start, {{Verb::replace, "resources", "<primitive id=\"VIP\" class=\"lsb\" type=\"vip\"/>"}});
  CHECK(section_text(end, "resources") == "<resources><primitive id=\"VIP\" class=\"lsb\" type=\"vip\"/>" + other + "</resources>");
  const auto whole = after(start, {{Verb::replace, "resources", "<resources>" + other + "</resources>"}});
  CHECK(section_text(whole, "resources") == "<resources>" + other + "</resources>");
}

TEST_CASE("cib: a section is taken out of a whole document that comes along", "[cib]") {
  const auto end = after(document(), {{Verb::replace, "constraints", wrap(configuration(primitive, location))}});
  CHECK(section_text(end, "constraints") == "<constraints>" + location + "</constraints>");
  CHECK(section_text(end, "resources") == "<resources>" + primitive + "</resources>");
}

TEST_CASE("cib: replacing the whole cib keeps the status and refuses what is older", "[cib]") {
  const auto status = std::string("<status><node_state id=\"1\" uname=\"n1\"/></status>");
  const auto start = document(wrap(configuration(), status));
  const auto end = after(start, {{Verb::replace, "cib", wrap(configuration(other))}});
  CHECK(section_text(end, "resources") == "<resources>" + other + "</resources>");
  CHECK(section_text(end, "status") == status);
  CHECK(end.version() == Version{0, 8, 0});
  CHECK(error_of(start, {{Verb::replace, "", "<cib epoch=\"6\" admin_epoch=\"0\"><configuration/></cib>"}}) ==
        "the version 0.6 is older than the cluster's 0.7");
}

TEST_CASE("cib: a replaced configuration is complete again", "[cib]") {
  const auto end = after(document(), {{Verb::replace, "cib", "<cib admin_epoch=\"1\" epoch=\"0\"><configuration/></cib>"}});
  CHECK(end.section("nodes"));
  CHECK(end.version() == Version{1, 1, 0});
}

TEST_CASE("cib: remove by xml, by path, one or all", "[cib]") {
  const auto start = document(wrap(configuration(primitive + other)));
  CHECK(section_text(after(start, {{Verb::remove, "", "<primitive id=\"WEB\"/>"}}), "resources") == "<resources>" + primitive + "</resources>");
  CHECK(section_text(after(start, {{Verb::remove, "", "<primitive type=\"nginx\"/>"}}), "resources") == "<resources>" + primitive + "</resources>");
  CHECK(section_text(after(start, {{Verb::remove, "//primitive[@id='VIP']", ""}}), "resources") == "<resources>" + other + "</resources>");
  CHECK(error_of(start, {{Verb::remove, "//primitive", ""}}) == "remove in '//primitive': 2 elements match //primitive, but only one may");
  CHECK(section_text(after(start, {{Verb::remove, "//primitive", "", false, false, true}}), "resources") == "<resources/>");
}

TEST_CASE("cib: all matches also when one stands inside another", "[cib]") {
  const auto start = document(wrap(configuration("<group id=\"g\">" + primitive + "</group>")));
  CHECK(section_text(after(start, {{Verb::remove, "//resources//*", "", false, false, true}}), "resources") == "<resources/>");
}

TEST_CASE("cib: removing what is not there is an error unless it was allowed", "[cib]") {
  CHECK(error_of(document(), {{Verb::remove, "//clone", ""}}) == "remove in '//clone': nothing matches //clone");
  const auto applied = run(document(), {{Verb::remove, "//clone", "", false, true}, {Verb::remove, "tags", "<tag id=\"t\"/>", false, true}});
  REQUIRE(applied);
  CHECK_FALSE(applied->changed);
}

TEST_CASE("cib: the root, the configuration and the sections that every CIB has cannot be taken away", "[cib]") {
  for (const auto* path : {"/cib", "/cib/configuration"})
    CHECK(error_of(document(), {{Verb::remove, path, ""}}).find("cannot be removed") != std::string::npos);
  const auto end = after(document(), {{Verb::remove, "//resources", ""}});
  CHECK(section_text(end, "resources") == "<resources/>");
}

TEST_CASE("cib: erase empties the configuration, bump raises the epoch", "[cib]") {
  const auto start = document(wrap(configuration(primitive, location) + "<tags/>", "<status><node_state id=\"1\" uname=\"n1\"/></status>"));
  const auto end = after(start, {{Verb::erase, "", ""}});
  CHECK(xml::print(end.configuration(), xml::Style::compact) ==
        "<configuration><crm_config/><nodes/><resources/><constraints/></configuration>");
  CHECK(section_text(end, "status") == section_text(start, "status"));
  CHECK(after(start, {{Verb::bump, "", ""}}).version() == Version{0, 8, 0});
}

TEST_CASE("cib: bad XML, bad paths and bad sections are refused", "[cib]") {
  CHECK(error_of(document(), {{Verb::modify, "resources", "<primitive"}}) ==
        "modify in 'resources': the XML of the change: line 1: <primitive> does not end");
  CHECK(error_of(document(), {{Verb::modify, "rescources", primitive}}).find("there is no section 'rescources'; there are: cib,") != std::string::npos);
  CHECK(error_of(document(), {{Verb::create, "//x", primitive}}) == "create in '//x': nothing matches //x");
  CHECK(error_of(document(), {{Verb::modify, "resources", "<primitive id=\"VIP\">words</primitive>"}}).ends_with("text is not allowed in it"));
  CHECK(error_of(document(), {{Verb::modify, "status", "<node_stat id=\"1\"/>", true}}) ==
        "modify in 'status': /cib/status/node_stat[@id='1']: such an element is not allowed there");
}

TEST_CASE("cib: names that could not stand in the document are refused", "[cib]") {
  auto wanted = change({{Verb::bump, "", ""}});
  for (const auto& bad : {std::string("ro\x9at"), std::string("a\nb\x01"), std::string(300, 'a')}) {
    wanted.user = bad;
    CHECK_FALSE(apply(document(), wanted));
  }
}

TEST_CASE("cib: the history of operations is merged entry by entry", "[cib]") {
  const auto entry = [](const char* id, const char* rc) {
    return fmt::format("<node_state id=\"1\" uname=\"n1\"><lrm id=\"1\"><lrm_resources><lrm_resource id=\"VIP\" type=\"IPaddr2\" class=\"ocf\">"
                       "<lrm_rsc_op id=\"{}\" rc-code=\"{}\"/></lrm_resource></lrm_resources></lrm></node_state>", id, rc);
  };
  auto state = after(document(), {{Verb::modify, "status", entry("VIP_last_0", "7"), true}});
  state = after(state, {{Verb::modify, "status", entry("VIP_last_0", "0"), true}});
  state = after(state, {{Verb::modify, "status", entry("VIP_monitor_10000", "0"), true}});
  CHECK(xml::print(xml::find(state.root(), "lrm_resource"), xml::Style::compact) ==
        "<lrm_resource id=\"VIP\" type=\"IPaddr2\" class=\"ocf\"><lrm_rsc_op id=\"VIP_last_0\" rc-code=\"0\"/>"
        "<lrm_rsc_op id=\"VIP_monitor_10000\" rc-code=\"0\"/></lrm_resource>");
  CHECK(state.version() == Version{0, 7, 6});
}

TEST_CASE("cib: the same change gives the same bytes on every node", "[cib]") {
  const auto start = document();
  const auto wanted = change({{Verb::create, "resources", other}, {Verb::create, "constraints", location}});
  CHECK(apply(start, wanted)->document.text() == apply(*Document::parse(start.text()), wanted)->document.text());
}
