// A tree as text, byte for byte the same everywhere; see tree.hpp.
#include "common/xml/tree.hpp"

namespace relevo::xml {

void append_escaped(std::string& out, std::string_view value) {
  while (!value.empty()) {
    const auto plain = value.find_first_of("&<>\"\n\t\r");
    out.append(value.substr(0, plain));
    if (plain == std::string_view::npos) return;
    switch (value[plain]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "&#10;"; break;
      case '\t': out += "&#9;"; break;
      default: out += "&#13;"; break;
    }
    value.remove_prefix(plain + 1);
  }
}

namespace {

bool has_text(const pugi::xml_node& node) {
  for (auto c = node.first_child(); c; c = c.next_sibling())
    if (c.type() == pugi::node_pcdata || c.type() == pugi::node_cdata) return true;
  return false;
}

/// An element that holds text is printed on one line, so that no white space is added to what it says.
void append(std::string& out, const pugi::xml_node& node, bool pretty, std::size_t depth) {
  if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) return append_escaped(out, node.value());
  if (node.type() != pugi::node_element) return;
  if (pretty) out.append(2 * depth, ' ');
  out.append("<").append(node.name());
  for (auto a = node.first_attribute(); a; a = a.next_attribute()) {
    out.append(" ").append(a.name()).append("=\"");
    append_escaped(out, a.value());
    out += '"';
  }
  if (!node.first_child()) {
    out.append(pretty ? "/>\n" : "/>");
    return;
  }
  const bool inner = pretty && !has_text(node);
  out.append(inner ? ">\n" : ">");
  for (auto c = node.first_child(); c; c = c.next_sibling()) append(out, c, inner, depth + 1);
  if (inner) out.append(2 * depth, ' ');
  out.append("</").append(node.name()).append(pretty ? ">\n" : ">");
}

}  // namespace

std::string print(const pugi::xml_node& node, Style style) {
  std::string out;
  append(out, node.type() == pugi::node_document ? first_element(node) : node, style == Style::pretty, 0);
  return out;
}

std::string escape(std::string_view value) {
  std::string out;
  append_escaped(out, value);
  return out;
}

}  // namespace relevo::xml
