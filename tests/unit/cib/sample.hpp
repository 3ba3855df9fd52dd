// A CIB that the tests of this folder share, and short ways to change one.
#pragma once

#include <catch2/catch.hpp>

#include <string>

#include "common/xml/tree.hpp"
#include "resmgr/cib/apply.hpp"

namespace relevo::cib::sample {

/// What stands in the configuration, in a whole <cib>.
inline std::string wrap(const std::string& configuration, const std::string& status = "<status/>") {
  return "<cib admin_epoch=\"0\" epoch=\"7\" num_updates=\"3\" validate-with=\"pacemaker-3.9\" crm_feature_set=\"3.16.1\">\n"
         "<configuration>\n" + configuration + "\n</configuration>\n" + status + "\n</cib>\n";
}

inline const std::string primitive = "<primitive id=\"VIP\" class=\"ocf\" provider=\"heartbeat\" type=\"IPaddr2\"/>";

inline std::string configuration(const std::string& resources = primitive, const std::string& constraints = "") {
  return "<crm_config/><nodes><node id=\"1\" uname=\"n1\"/><node id=\"2\" uname=\"n2\"/></nodes><resources>" + resources +
         "</resources><constraints>" + constraints + "</constraints>";
}

inline Document document(const std::string& text = wrap(configuration())) {
  auto parsed = Document::parse(text);
  if (!parsed) FAIL(parsed.error().message);
  return std::move(*parsed);
}

inline Change change(std::vector<Operation> operations) {
  return Change{std::move(operations), "n1", "test", "root", WallTime{1795264215}};
}

inline Result<Applied> run(const Document& document, std::vector<Operation> operations) {
  return apply(document, change(std::move(operations)));
}

inline std::string error_of(const Document& document, std::vector<Operation> operations) {
  const auto applied = run(document, std::move(operations));
  return applied ? "" : applied.error().message;
}

/// The document after operations that must succeed.
inline Document after(const Document& document, std::vector<Operation> operations) {
  auto applied = run(document, std::move(operations));
  if (!applied) FAIL(applied.error().message);
  return std::move(applied->document);
}

inline std::string section_text(const Document& document, const char* name) {
  return xml::print(document.section(name), xml::Style::compact);
}

}  // namespace relevo::cib::sample
