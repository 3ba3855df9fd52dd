// The CIB as a value; see document.hpp.
#include "resmgr/cib/document.hpp"

#include <sodium.h>

#include <array>

#include "common/base/bytes.hpp"
#include "common/base/text.hpp"
#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/sections.hpp"
#include "resmgr/cib/validate.hpp"

namespace relevo::cib {
namespace {

std::uint64_t number(const pugi::xml_node& node, std::string_view name) {
  return parse_uint(xml::attribute_or(node, name)).value_or(0);
}

}  // namespace

std::string to_string(const Version& version) {
  return fmt::format("{}.{}.{}", version.admin_epoch, version.epoch, version.num_updates);
}

Document::Document() : xml_(std::make_unique<pugi::xml_document>()) { complete(xml_->append_child("cib")); }

Result<Document> Document::parse(std::string_view text) {
  auto tree = xml::parse(text);
  if (!tree) return pass(tree.error());
  const auto root = xml::first_element(**tree);
  if (auto ok = check_document(root); !ok) {
    auto error = to_error(ok.error());
    if (const auto line = xml::line_of(text, ok.error().node); line != 0)
      error.message = fmt::format("line {}: {}", line, error.message);
    return pass(std::move(error));
  }
  complete(root);
  Document document;
  document.xml_ = std::move(*tree);
  return document;
}

Document Document::clone() const {
  Document copy;
  copy.xml_->reset(*xml_);
  return copy;
}

std::string Document::text() const { return xml::print(root()); }

std::string Document::disk_text() const {
  auto copy = clone();
  copy.root().remove_child("status");
  xml::set_attribute(copy.root(), "num_updates", "0");
  return copy.text();
}

Version Document::version() const {
  return {number(root(), "admin_epoch"), number(root(), "epoch"), number(root(), "num_updates")};
}

std::string Document::digest() const {
  const auto content = xml::print(configuration(), xml::Style::compact) + xml::print(section("status"), xml::Style::compact);
  std::array<std::uint8_t, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), as_bytes(content).data(), content.size(), nullptr, 0);
  return to_hex(hash.data(), hash.size());
}

pugi::xml_node Document::root() const { return xml_->child("cib"); }
pugi::xml_node Document::configuration() const { return root().child("configuration"); }
pugi::xml_node Document::section(std::string_view name) const { return find_section(root(), name); }

}  // namespace relevo::cib
