// Any bytes as a CIB, as an XPath, and as an encoded change to a small CIB: an answer or an error, never a crash; what was
// accepted is valid, prints, and reads again as itself. The first byte says which.
#include <cstdint>
#include <cstdlib>

#include "common/xml/xpath.hpp"
#include "resmgr/cib/apply.hpp"

using namespace relevo;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_document(const cib::Document& document) {
  require(cib::validate(document).has_value());
  const auto again = cib::Document::parse(document.text());
  require(again.has_value());
  require(again->digest() == document.digest());
  require(again->text() == document.text());
}

const cib::Document& base() {
  static const auto parsed = cib::Document::parse(
      "<cib><configuration><nodes><node id='1' uname='n1'/></nodes><resources><group id='g'><primitive id='a' class='lsb' type='x'/>"
      "</group></resources><constraints><rsc_location id='l' rsc='a' node='n1' score='5'/></constraints></configuration>"
      "<status><node_state id='1' uname='n1'/></status></cib>");
  return *parsed;
}

void try_change(const cib::Change& change) {
  const auto applied = cib::apply(base(), change);
  if (!applied) return;
  check_document(applied->document);
  require(applied->changed == (applied->document.version() != base().version()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  const std::string text(as_text(rest));
  switch (data[0] % 4) {
    case 0:
      if (const auto document = cib::Document::parse(text)) check_document(*document);
      break;
    case 1: (void)xml::select(base().root(), text); break;
    case 2:
      if (const auto change = cib::decode_change(rest)) {
        require(cib::encode(*change) == Bytes(rest.begin(), rest.end()));
        try_change(*change);
      }
      break;
    default: {
      const auto verb = static_cast<cib::Verb>(size > 1 ? data[1] % 6 : 0);
      const auto cut = text.find('\n');
      const auto target = text.substr(1 % (text.size() + 1), cut == std::string::npos ? cut : cut - 1);
      try_change({{{verb, target, cut == std::string::npos ? "" : text.substr(cut + 1), (size & 1) != 0, false, (size & 2) != 0}}, "n", "c", "u", {}});
    }
  }
  return 0;
}
