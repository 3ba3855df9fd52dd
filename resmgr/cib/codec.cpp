// Changes as bytes for the ordered multicast; see apply.hpp. Total: any bytes give a change or an error.
#include "resmgr/cib/apply.hpp"

namespace relevo::cib {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t max_operations = 100'000;
constexpr std::size_t smallest_operation = 1 + 4 + 4 + 3;

Operation read_operation(Reader& in, bool& known) {
  Operation operation;
  const auto verb = in.u8();
  known = known && verb <= static_cast<std::uint8_t>(Verb::bump);
  operation.verb = known ? static_cast<Verb>(verb) : Verb::modify;
  operation.target = in.text();
  operation.xml = in.text();
  operation.allow_create = in.boolean();
  operation.if_exists = in.boolean();
  operation.all_matches = in.boolean();
  return operation;
}

}  // namespace

Bytes encode(const Change& change) {
  Writer out;
  out.u8(format);
  out.u32(static_cast<std::uint32_t>(change.operations.size()));
  for (const auto& operation : change.operations) {
    out.u8(static_cast<std::uint8_t>(operation.verb));
    out.text(operation.target);
    out.text(operation.xml);
    out.boolean(operation.allow_create);
    out.boolean(operation.if_exists);
    out.boolean(operation.all_matches);
  }
  out.text(change.origin);
  out.text(change.client);
  out.text(change.user);
  out.i64(change.at.seconds);
  return out.take();
}

Result<Change> decode_change(BytesView bytes) {
  Reader in(bytes);
  if (const auto seen = in.u8(); in.ok() && seen != format)
    return fail(ErrorKind::unsupported, "a CIB change of format {}, this version reads {}", seen, format);
  const std::size_t count = in.count(in.u32(), smallest_operation);
  if (count > max_operations) return fail(ErrorKind::invalid, "a CIB change of {} operations", count);
  Change change;
  bool known = true;
  for (std::size_t i = 0; i < count && in.ok(); ++i) change.operations.push_back(read_operation(in, known));
  change.origin = in.text();
  change.client = in.text();
  change.user = in.text();
  change.at.seconds = in.i64();
  if (!in.done() || !known) return fail(ErrorKind::invalid, "a CIB change that cannot be read");
  return change;
}

}  // namespace relevo::cib
