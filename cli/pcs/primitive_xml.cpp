// Writing a primitive; see primitive_xml.hpp.
#include "cli/pcs/primitive_xml.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "common/xml/tree.hpp"

namespace relevo::cli::pcs {
namespace {

std::string option(const Pairs& pairs, const std::string& name, const std::string& otherwise) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return otherwise;
}

std::string operation_xml(const std::string& resource, const OperationSpec& op) {
  const auto interval = option(op.options, "interval", "0s");
  const auto id = option(op.options, "id", fmt::format("{}-{}-interval-{}", resource, op.action, interval));
  auto text = fmt::format("<op name=\"{}\" interval=\"{}\" id=\"{}\"", xml::escape(op.action), xml::escape(interval),
                          xml::escape(id));
  std::string inside;
  for (const auto& [key, value] : op.options) {
    if (key == "OCF_CHECK_LEVEL")
      inside = nvset_xml("instance_attributes", id + "-instance_attributes", {{key, value}});
    else if (key != "interval" && key != "id")
      text += fmt::format(" {}=\"{}\"", key, xml::escape(value));
  }
  return text + (inside.empty() ? "/>" : ">" + inside + "</op>");
}

}  // namespace

std::string nvset_xml(const std::string& tag, const std::string& id, const Pairs& pairs) {
  auto text = fmt::format("<{} id=\"{}\">", tag, xml::escape(id));
  auto sorted = pairs;
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [name, value] : sorted)
    text += fmt::format("<nvpair id=\"{}-{}\" name=\"{}\" value=\"{}\"/>", xml::escape(id), xml::escape(name),
                        xml::escape(name), xml::escape(value));
  return text + fmt::format("</{}>", tag);
}

std::string primitive_xml(const PrimitiveSpec& spec) {
  auto text = fmt::format("<primitive id=\"{}\" class=\"{}\"", xml::escape(spec.id), xml::escape(spec.agent.klass));
  if (!spec.agent.provider.empty()) text += fmt::format(" provider=\"{}\"", xml::escape(spec.agent.provider));
  text += fmt::format(" type=\"{}\">", xml::escape(spec.agent.type));
  if (!spec.options.empty()) text += nvset_xml("instance_attributes", spec.id + "-instance_attributes", spec.options);
  if (!spec.meta.empty()) text += nvset_xml("meta_attributes", spec.id + "-meta_attributes", spec.meta);
  if (!spec.operations.empty()) {
    text += "<operations>";
    for (const auto& op : spec.operations) text += operation_xml(spec.id, op);
    text += "</operations>";
  }
  return text + "</primitive>";
}

}  // namespace relevo::cli::pcs
