// Edits: the ids of pcs, and what is there already is kept.
#include "resmgr/cib/edit.hpp"
#include "tests/unit/cib/sample.hpp"

using namespace relevo;
using namespace relevo::cib;
using sample::after;
using sample::document;
using sample::section_text;

TEST_CASE("edit: a cluster property makes the bootstrap set, changes it, and goes", "[cib]") {
  const auto start = document();
  const auto one = after(start, edit::set_cluster_property(start, "stonith-enabled", "false"));
  CHECK(section_text(one, "crm_config") ==
        "<crm_config><cluster_property_set id=\"cib-bootstrap-options\"><nvpair id=\"cib-bootstrap-options-stonith-enabled\" "
        "name=\"stonith-enabled\" value=\"false\"/></cluster_property_set></crm_config>");
  const auto two = after(one, edit::set_cluster_property(one, "stonith-enabled", "true"));
  CHECK(xml::attribute(xml::find(two.root(), "nvpair"), "value") == "true");
  const auto gone = after(two, edit::unset_cluster_property(two, "stonith-enabled"));
  CHECK(section_text(gone, "crm_config") == "<crm_config><cluster_property_set id=\"cib-bootstrap-options\"/></crm_config>");
  CHECK(edit::unset_cluster_property(gone, "stonith-enabled").empty());
}

TEST_CASE("edit: an option keeps the ids that it has, and rule sets are left alone", "[cib]") {
  auto config = sample::configuration();
  config.replace(0, std::string("<crm_config/>").size(),
                 "<crm_config><cluster_property_set id=\"odd\"><rule id=\"r\"><expression id=\"e\" attribute=\"x\" operation=\"defined\"/></rule>"
                 "<nvpair id=\"odd-a\" name=\"a\" value=\"1\"/></cluster_property_set>"
                 "<cluster_property_set id=\"mine\"><nvpair id=\"mine-a\" name=\"a\" value=\"1\"/></cluster_property_set></crm_config>");
  const auto start = document(sample::wrap(config));
  const auto end = after(start, edit::set_cluster_property(start, "a", "2"));
  CHECK(xml::attribute(xml::find(end.root(), "nvpair", "mine-a"), "value") == "2");
  CHECK(xml::attribute(xml::find(end.root(), "nvpair", "odd-a"), "value") == "1");
}

TEST_CASE("edit: standby is an attribute of the node in nodes-ID", "[cib]") {
  const auto start = document();
  const auto on = after(start, edit::set_node_attribute(start, "1", "standby", "on"));
  CHECK(xml::print(xml::find(on.root(), "node", "1"), xml::Style::compact) ==
        "<node id=\"1\" uname=\"n1\"><instance_attributes id=\"nodes-1\"><nvpair id=\"nodes-1-standby\" name=\"standby\" value=\"on\"/>"
        "</instance_attributes></node>");
  const auto off = after(on, edit::unset_node_attribute(on, "1", "standby"));
  CHECK_FALSE(xml::find(off.root(), "nvpair"));
}

TEST_CASE("edit: meta attributes and parameters of a resource inside a group", "[cib]") {
  const auto start = document(sample::wrap(sample::configuration("<group id=\"g\">" + sample::primitive + "</group>")));
  auto state = after(start, edit::set_meta_attribute(start, "VIP", "target-role", "Stopped"));
  state = after(state, edit::set_meta_attribute(state, "g", "priority", "5"));
  state = after(state, edit::set_instance_attributes(state, "VIP", {{"ip", "10.0.0.1"}, {"nic", "eth0"}}));
  CHECK(xml::find(state.root(), "nvpair", "VIP-meta_attributes-target-role"));
  CHECK(xml::find(state.root(), "nvpair", "g-meta_attributes-priority"));
  CHECK(xml::attribute(xml::find(state.root(), "nvpair", "VIP-instance_attributes-ip"), "value") == "10.0.0.1");
  state = after(state, edit::set_instance_attributes(state, "VIP", {{"ip", ""}, {"nic", "eth1"}}));
  CHECK_FALSE(xml::find(state.root(), "nvpair", "VIP-instance_attributes-ip"));
  CHECK(xml::attribute(xml::find(state.root(), "nvpair", "VIP-instance_attributes-nic"), "value") == "eth1");
}

TEST_CASE("edit: a resource or constraint that is not there makes a change that fails", "[cib]") {
  const auto start = document();
  CHECK(sample::run(start, edit::set_meta_attribute(start, "none", "a", "b")).error().kind == ErrorKind::not_found);
  CHECK(sample::run(start, edit::remove_constraint(start, "none")).error().kind == ErrorKind::not_found);
}

TEST_CASE("edit: defaults make their section", "[cib]") {
  const auto start = document();
  const auto end = after(start, edit::set_default(start, "op_defaults", "timeout", "20s"));
  CHECK(section_text(end, "op_defaults") ==
        "<op_defaults><meta_attributes id=\"op_defaults-meta_attributes\"><nvpair id=\"op_defaults-meta_attributes-timeout\" "
        "name=\"timeout\" value=\"20s\"/></meta_attributes></op_defaults>");
  CHECK(edit::unset_default(end, "op_defaults", "timeout").size() == 1);
  CHECK(edit::unset_default(end, "rsc_defaults", "timeout").empty());
}

TEST_CASE("edit: a location constraint has pcs's id, and another when that is taken", "[cib]") {
  const auto start = document();
  const auto one = after(start, edit::add_location(start, "VIP", "n1", model::Score(model::Score::infinity)));
  CHECK(section_text(one, "constraints") ==
        "<constraints><rsc_location id=\"location-VIP-n1-INFINITY\" rsc=\"VIP\" node=\"n1\" score=\"INFINITY\"/></constraints>");
  CHECK(edit::free_id(one, "location-VIP-n1-INFINITY") == "location-VIP-n1-INFINITY-1");
  const auto none = after(one, edit::remove_constraint(one, "location-VIP-n1-INFINITY"));
  CHECK(section_text(none, "constraints") == "<constraints/>");
}

TEST_CASE("edit: names and values from people cannot break out of the XML", "[cib]") {
  const auto start = document();
  const std::string evil = "\"/><x a='<&>\n";
  const auto end = after(start, edit::set_cluster_property(start, evil, evil));
  const auto pair = xml::find(end.root(), "nvpair");
  CHECK(xml::attribute(pair, "name") == evil);
  CHECK(xml::attribute(pair, "value") == evil);
  CHECK(Document::parse(end.text()));
}
