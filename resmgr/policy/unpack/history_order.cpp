// Which of two entries of the history is the newer one. The order is no proper one (what cannot be told counts as equal), so
// the sort is a plain merge sort that does not care.
#include <algorithm>

#include "common/base/text.hpp"
#include "resmgr/policy/unpack/history_entry.hpp"

namespace relevo::policy::past {
namespace {

int compare_times(const Record& a, const Record& b) {
  const std::int64_t of_a = number_in(a.last_rc_change, -1), of_b = number_in(b.last_rc_change, -1);
  if (of_a >= 0 && of_a < of_b) return -1;
  return of_b >= 0 && of_a > of_b ? 1 : 0;
}

/// `STATUS:RC;KEY`.
std::optional<TransitionKey> key_in_magic(const Record& entry) {
  const auto at = entry.transition_magic.find(';');
  return at == std::string_view::npos ? std::nullopt : parse_transition_key(entry.transition_magic.substr(at + 1));
}

/// One of the two is pending, so it has no call id: what the transitions that asked for them say.
int compare_transitions(const Record& a, int call_a, const Record& b, int call_b) {
  const auto key_a = key_in_magic(a), key_b = key_in_magic(b);
  if (!key_a || !key_b) return 0;
  const int of_a = key_a->transition, of_b = key_b->transition;
  if (!equals_ignoring_case(key_a->uuid, key_b->uuid) || of_a == of_b) {
    // Not of the same leader, or of the same transition: what is pending comes last
    if (call_b == -1) return -1;
    return call_a == -1 ? 1 : 0;
  }
  // Transition -1 is a shutdown, which nothing follows
  if ((of_a >= 0 && of_a < of_b) || of_b == -1) return -1;
  return (of_b >= 0 && of_a > of_b) || of_a == -1 ? 1 : 0;
}

using Entries = std::vector<Record>;

void merge_sort(Entries& entries, std::size_t begin, std::size_t end, Entries& scratch) {
  if (end - begin < 2) return;
  const std::size_t middle = begin + (end - begin) / 2;
  merge_sort(entries, begin, middle, scratch);
  merge_sort(entries, middle, end, scratch);
  scratch.clear();
  std::size_t left = begin, right = middle;
  while (left < middle && right < end) {
    scratch.push_back(compare_age(entries[left], entries[right], true) <= 0 ? entries[left++] : entries[right++]);
  }
  while (left < middle) scratch.push_back(entries[left++]);
  while (right < end) scratch.push_back(entries[right++]);
  std::copy(scratch.begin(), scratch.end(), entries.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace

int compare_age(const Record& a, const Record& b, bool same_node) {
  if (a.names_node && b.names_node) same_node = equals_ignoring_case(a.on_node, b.on_node);
  if (same_node && a.id == b.id) return 0;

  const int call_a = int_in(a.call_id, -1), call_b = int_in(b.call_id, -1);
  if (call_a == -1 && call_b == -1) return 0;
  if (same_node && call_a >= 0 && call_a < call_b) return -1;
  if (same_node && call_b >= 0 && call_a > call_b) return 1;
  if (call_a >= 0 && call_b >= 0) return compare_times(a, b);
  return compare_transitions(a, call_a, b, call_b);
}

std::vector<Record> sorted_entries(pugi::xml_node lrm_resource) {
  Entries entries;
  for (const auto entry : lrm_resource.children("lrm_rsc_op")) entries.emplace_back(entry);
  if (entries.size() < 2) return entries;
  std::reverse(entries.begin(), entries.end());
  Entries scratch;
  merge_sort(entries, 0, entries.size(), scratch);
  return entries;
}

}  // namespace relevo::policy::past
