// A merge sort that takes any answers: comparisons of the allocator are not always transitive (capacity in several attributes,
// inactive instances), and then the way of sorting is part of the result. Halves are as even as can be, the first one smaller.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace relevo::policy {

/// Sorts by `compare(a, b)`: negative, zero or positive. Equal ones keep their order.
template <class T, class Compare>
void list_sort(std::vector<T>& items, const Compare& compare) {
  if (items.size() < 2) return;
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
  std::vector<T> left(items.begin(), middle);
  std::vector<T> right(middle, items.end());
  list_sort(left, compare);
  list_sort(right, compare);
  items.clear();
  std::size_t l = 0;
  std::size_t r = 0;
  while (l < left.size() && r < right.size()) {
    if (compare(left[l], right[r]) <= 0) items.push_back(std::move(left[l++]));
    else items.push_back(std::move(right[r++]));
  }
  while (l < left.size()) items.push_back(std::move(left[l++]));
  while (r < right.size()) items.push_back(std::move(right[r++]));
}

}  // namespace relevo::policy
