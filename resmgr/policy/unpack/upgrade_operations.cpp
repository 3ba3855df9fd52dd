// Old documents: what an operation requires is today what its resource requires, and what is said to the cluster about an
// operation stands apart from what is said to the agent. See upgrade.hpp.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/xml/tree.hpp"
#include "resmgr/policy/unpack/upgrade.hpp"

namespace relevo::policy {
namespace {

/// Words for the cluster that stood among the agent's parameters.
constexpr std::array<std::string_view, 7> cluster_words{"timeout", "on-fail",        "start-delay", "interval-origin",
                                                        "enabled", "record-pending", "role"};

bool is_start(pugi::xml_node op) {
  const std::string_view name = op.attribute("name").value();
  return name == "start" || name == "promote";
}

/// The resource requires it unless it says itself what it requires.
void require(pugi::xml_node resource, pugi::xml_node op, std::string_view value) {
  if (has_pair(resource, "meta_attributes", "requires")) return;
  auto block = block_for(resource, "meta_attributes", fmt::format("_2TO3_{}-meta", resource.attribute("id").value()));
  auto pair = block.append_child("nvpair");
  xml::set_attribute(pair, "id", fmt::format("_2TO3_{}-meta-requires", op.attribute("id").value()));
  xml::set_attribute(pair, "name", "requires");
  xml::set_attribute(pair, "value", value);
}

void lift_requires(pugi::xml_node resource, pugi::xml_node op, std::string_view value, std::vector<std::string>& dropped) {
  if (is_start(op)) return require(resource, op, value);
  dropped.push_back(fmt::format("requires of {} is dropped: only that of start and promote counts", op.attribute("id").value()));
}

/// Takes `requires` out of the blocks of that name, and out of the agent's what is for the cluster.
void sort_pairs(pugi::xml_node resource, pugi::xml_node op, const char* name, std::vector<std::string>& dropped) {
  const bool for_agent = std::string_view(name) == "instance_attributes";
  for (auto block = op.child(name); block;) {
    const auto next_block = block.next_sibling(name);
    for (auto pair = block.child("nvpair"); pair;) {
      const auto next = pair.next_sibling("nvpair");
      const std::string_view word = pair.attribute("name").value();
      const bool requires_it = word == "requires";
      const bool moves = for_agent && std::find(cluster_words.begin(), cluster_words.end(), word) != cluster_words.end();
      if (requires_it) lift_requires(resource, op, pair.attribute("value").value(), dropped);
      if (moves) block_for(op, "meta_attributes", fmt::format("_2TO3_{}-meta", op.attribute("id").value())).append_copy(pair);
      if (requires_it || moves) block.remove_child(pair);
      pair = next;
    }
    if (!xml::first_element(block)) op.remove_child(block);
    block = next_block;
  }
}

}  // namespace

void upgrade_operations(pugi::xml_node resource, std::vector<std::string>& dropped) {
  for (auto operations : resource.children("operations")) {
    for (auto op : operations.children("op")) {
      if (const auto own = op.attribute("requires")) {
        lift_requires(resource, op, own.value(), dropped);
        op.remove_attribute(own);
      }
      sort_pairs(resource, op, "meta_attributes", dropped);
      sort_pairs(resource, op, "instance_attributes", dropped);
    }
  }
}

}  // namespace relevo::policy
