// The order in which nodes are looked at where nothing tells them apart: nodes that are as free as each other, or that beat each
// other in a circle when capacity has several attributes. Clusters in the field have always taken that of a table of hashes of the
// nodes' ids; a resource that need not move shall not move because two programs disagree here.
#include <array>
#include <cstdint>

#include "resmgr/policy/assign/inside.hpp"

namespace relevo::policy {
namespace {

constexpr std::array<std::uint32_t, 12> primes{1, 2, 3, 7, 13, 31, 61, 127, 251, 509, 1021, 2039};

std::uint32_t hash(const std::string& id) {
  std::uint32_t value = 0;
  for (const char c : id) value = value * 31 + static_cast<std::uint32_t>(static_cast<signed char>(c));
  return value;
}

// Open addressing with growing steps; it grows when it is nearly full.
class Table {
 public:
  void insert(Node* node) {
    put(node);
    ++count_;
    if (slots_.size() <= count_ + count_ / 16) grow();
  }
  [[nodiscard]] std::vector<Node*> nodes() const {
    std::vector<Node*> found;
    for (Node* node : slots_) {
      if (node != nullptr) found.push_back(node);
    }
    return found;
  }

 private:
  void put(Node* node) {
    std::size_t at = (hash(node->id) * 11U) % primes[shift_];
    for (std::size_t stride = 1; slots_[at] != nullptr; ++stride) at = (at + stride) & (slots_.size() - 1);
    slots_[at] = node;
  }
  void grow() {
    if (shift_ + 1 >= primes.size()) return;
    const auto before = nodes();
    const std::size_t wanted = count_ * 4 / 3;
    while ((std::size_t{1} << shift_) <= wanted && shift_ + 1 < primes.size()) ++shift_;
    slots_.assign(std::size_t{1} << shift_, nullptr);
    for (Node* node : before) put(node);
  }

  std::size_t shift_ = 3, count_ = 0;
  std::vector<Node*> slots_ = std::vector<Node*>(8);
};

}  // namespace

std::vector<Node*> table_order(const WorkingSet& set, const NodeTable& table) {
  constexpr std::size_t most = 1500;  // the largest table holds no more; and it matters to nobody
  Table order;
  std::size_t count = 0;
  for (Node* node : set.nodes) {
    if (table.find(*node) != nullptr && ++count <= most) order.insert(node);
  }
  return order.nodes();
}

}  // namespace relevo::policy
