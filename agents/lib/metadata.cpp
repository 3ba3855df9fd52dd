// See metadata.hpp.
#include "agents/lib/metadata.hpp"

#include <fmt/format.h>

namespace relevo::agents {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string parameter_xml(const ParameterInfo& p) {
  auto out = fmt::format("<parameter name=\"{}\" unique=\"{}\" required=\"{}\"", escaped(p.name), p.unique ? 1 : 0,
                         p.required ? 1 : 0);
  if (p.reloadable) out += " reloadable=\"1\"";
  out += fmt::format(">\n<longdesc lang=\"en\">{}</longdesc>\n<shortdesc lang=\"en\">{}</shortdesc>\n",
                     escaped(p.long_text.empty() ? p.short_text : p.long_text), escaped(p.short_text));
  out += fmt::format("<content type=\"{}\"", escaped(p.type));
  if (!p.required) out += fmt::format(" default=\"{}\"", escaped(p.default_value));
  return out + " />\n</parameter>\n";
}

std::string action_xml(const ActionInfo& a) {
  auto out = fmt::format("<action name=\"{}\" timeout=\"{}\"", a.name, a.timeout);
  if (!a.interval.empty()) out += fmt::format(" interval=\"{}\"", a.interval);
  if (!a.depth.empty()) out += fmt::format(" depth=\"{}\"", a.depth);
  return out + " />\n";
}

}  // namespace

std::string to_xml(const Metadata& m) {
  std::string out = "<?xml version=\"1.0\"?>\n<!DOCTYPE resource-agent SYSTEM \"ra-api-1.dtd\">\n";
  out +=
      fmt::format("<resource-agent name=\"{}\" version=\"{}\">\n<version>1.1</version>\n", escaped(m.name), m.version);
  out += fmt::format("<longdesc lang=\"en\">{}</longdesc>\n<shortdesc lang=\"en\">{}</shortdesc>\n",
                     escaped(m.long_text), escaped(m.short_text));
  out += "<parameters>\n";
  for (const auto& parameter : m.parameters) out += parameter_xml(parameter);
  out += "</parameters>\n<actions>\n";
  for (const auto& action : m.actions) out += action_xml(action);
  return out + "</actions>\n</resource-agent>\n";
}

}  // namespace relevo::agents
