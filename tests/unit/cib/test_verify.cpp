// What is valid and yet likely not meant.
#include "resmgr/cib/edit.hpp"
#include "resmgr/cib/verify.hpp"
#include "tests/unit/cib/sample.hpp"

using namespace relevo;
using namespace relevo::cib;

namespace {
/// The notes of a CIB with fencing off, without the warning that says so.
std::vector<std::string> notes_of(const std::string& resources, const std::string& constraints = "",
                                  const char* option = "stonith-enabled", const char* value = "false") {
  auto document = sample::document(sample::wrap(sample::configuration(resources, constraints)));
  document = sample::after(document, edit::set_cluster_property(document, "stonith-enabled", "false"));
  document = sample::after(document, edit::set_cluster_property(document, option, value));
  std::vector<std::string> texts;
  for (const auto& note : verify(document))
    if (note.level == Level::error || note.text.find("fencing is disabled") == std::string::npos) texts.push_back(note.text);
  return texts;
}
}  // namespace

TEST_CASE("verify: fencing without a device is an error, without fencing a warning", "[cib]") {
  const auto start = sample::document();
  REQUIRE(verify(start).size() == 1);
  CHECK(verify(start)[0].level == Level::error);
  CHECK(verify(start)[0].text.starts_with("Resource start-up disabled since no STONITH resources have been defined"));
  const auto off = sample::after(start, edit::set_cluster_property(start, "stonith-enabled", "false"));
  REQUIRE(verify(off).size() == 1);
  CHECK(verify(off)[0].level == Level::warning);
  const auto with_device = sample::after(start, {{Verb::create, "resources", "<primitive id=\"F\" class=\"stonith\" type=\"fence_xvm\"/>"}});
  CHECK(verify(with_device).empty());
}

TEST_CASE("verify: options, operations, rules and nodes that make no sense are named", "[cib]") {
  CHECK(notes_of(sample::primitive).empty());
  CHECK(notes_of(sample::primitive, "", "no-quorum-policy", "panic").size() == 1);
  CHECK(notes_of(sample::primitive, "", "maintenance-mode", "perhaps").size() == 1);
  CHECK(notes_of(sample::primitive, "", "dc-deadtime", "soon").size() == 1);
  CHECK(notes_of(sample::primitive, "<rsc_location id=\"l\" rsc=\"VIP\" node=\"n9\" score=\"1\"/>") ==
        std::vector<std::string>{"/cib/configuration/constraints/rsc_location[@id='l']: there is no node 'n9'"});
  CHECK(notes_of("<primitive id=\"VIP\" class=\"lsb\" type=\"x\"><operations><op id=\"a\" name=\"monitor\" interval=\"60s\"/>"
                 "<op id=\"b\" name=\"monitor\" interval=\"1min\"/><op id=\"c\" name=\"start\" interval=\"0\" timeout=\"long\"/></operations></primitive>")
            .size() == 2);
  CHECK(notes_of(sample::primitive, "<rsc_location id=\"l\" rsc=\"VIP\"><rule id=\"r\" score=\"1\"><date_expression id=\"d\" "
                                    "operation=\"lt\" end=\"soon\"/></rule></rsc_location>").size() == 1);
}
