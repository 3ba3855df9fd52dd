// The CIB: Pacemaker's document with its versions, as one value that only apply() changes.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace relevo::cib {

/// admin_epoch.epoch.num_updates, compared in this order. Source: resmgr spec 1.1.
struct Version {
  std::uint64_t admin_epoch = 0, epoch = 0, num_updates = 0;
  constexpr auto operator<=>(const Version&) const = default;
};
[[nodiscard]] std::string to_string(const Version& version);

/// A whole CIB. Movable; copy with clone().
class Document {
 public:
  /// An empty configuration (all sections present), version 0.0.0.
  Document();
  /// Strict: well-formed, one root `cib`, no duplicate attributes or ids, only known elements where they may stand,
  /// required attributes present, references that must resolve. Errors name the line or the element's path.
  static Result<Document> parse(std::string_view text);
  Document(Document&&) noexcept = default;
  Document& operator=(Document&&) noexcept = default;

  [[nodiscard]] Document clone() const;
  [[nodiscard]] std::string text() const;          ///< pretty, two spaces, as cibadmin -Q prints it
  [[nodiscard]] std::string disk_text() const;     ///< without `status`, num_updates 0
  [[nodiscard]] Version version() const;
  [[nodiscard]] std::string digest() const;        ///< of configuration and status, order-sensitive, hexadecimal
  [[nodiscard]] pugi::xml_node root() const;       ///< `<cib>`
  [[nodiscard]] pugi::xml_node configuration() const;
  [[nodiscard]] pugi::xml_node section(std::string_view name) const;  ///< of configuration, or `status`; may be empty
  [[nodiscard]] pugi::xml_document& xml() { return *xml_; }

 private:
  std::unique_ptr<pugi::xml_document> xml_;
};

/// The checks of Document::parse on a document at hand; `apply` calls it before it accepts a change.
Status validate(const Document& document);

}  // namespace relevo::cib
