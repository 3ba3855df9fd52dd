// Fuzz target: any bytes as each message of the membership socket: a value whose encoding is those bytes, or an error.
// Input: the number of a decoder, then its bytes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "common/ipc/membership.hpp"

namespace {

using namespace relevo;

/// `exact` false: a kind of error that this version does not know is read as a plain failure, so the second encoding
/// is compared with the first.
template <class T>
void round_trip(Result<T> (*decode)(BytesView), BytesView bytes, bool exact = true) {
  const auto value = decode(bytes);
  if (!value) {
    if (value.error().message.empty()) std::abort();
    return;
  }
  const auto once = ipc::encode(*value);
  if (exact && !std::ranges::equal(once, bytes)) std::abort();
  const auto again = decode(once);
  if (!again || ipc::encode(*again) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView bytes(data + 1, size - 1);
  switch (data[0] % 11) {
    case 0: round_trip(ipc::decode_group_request, bytes); break;
    case 1: round_trip(ipc::decode_multicast_request, bytes); break;
    case 2: round_trip(ipc::decode_numbered_request, bytes); break;
    case 3: round_trip(ipc::decode_welcome, bytes); break;
    case 4: round_trip(ipc::decode_configuration, bytes); break;
    case 5: round_trip(ipc::decode_quorum_view, bytes); break;
    case 6: round_trip(ipc::decode_group_view, bytes); break;
    case 7: round_trip(ipc::decode_group_message, bytes); break;
    case 8: round_trip(ipc::decode_rejected, bytes, false); break;
    case 9: round_trip(ipc::decode_answer, bytes, false); break;
    default: round_trip(ipc::decode_goodbye, bytes); break;
  }
  return 0;
}
