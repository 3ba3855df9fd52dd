// See writer.hpp.
#include "common/xml/writer.hpp"

#include "common/base/assert.hpp"
#include "common/xml/tree.hpp"

namespace relevo::xml {

void Writer::open(std::string_view name) {
  if (!open_.empty() && !open_.back().has_children) {
    open_.back().has_children = true;
    out_ += ">\n";
  }
  out_.append(2 * open_.size(), ' ').append("<").append(name);
  open_.push_back({std::string(name)});
}

void Writer::attribute(std::string_view name, std::string_view value) {
  RELEVO_ASSERT(!open_.empty() && !open_.back().has_children);
  out_.append(" ").append(name).append("=\"");
  append_escaped(out_, value);
  out_ += '"';
}

void Writer::close() {
  RELEVO_ASSERT(!open_.empty());
  const Open element = std::move(open_.back());
  open_.pop_back();
  if (!element.has_children) {
    out_ += "/>\n";
    return;
  }
  out_.append(2 * open_.size(), ' ').append("</").append(element.name).append(">\n");
}

}  // namespace relevo::xml
