// The attributes of an action's element. Internal to the graph.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "common/xml/writer.hpp"
#include "resmgr/policy/set/working_set.hpp"

namespace relevo::policy {

/// Writes `<attributes>`: parameters of the agent as that node gets them, what the operation is configured with
/// (`CRM_meta_*`), and what clones and containers add. In the order of their names. One for a whole graph: what actions have
/// in common is kept from one to the next. Nothing of the plan may change between them but what the graph's making itself does.
class AttributeWriter {
 public:
  explicit AttributeWriter(WorkingSet& set) : set_(set) {}
  void write(const Action& action, xml::Writer& out);
  [[nodiscard]] WorkingSet& set() { return set_; }

 private:
  struct Item {
    std::string_view name, value;
    bool fits = true;  ///< as the name of an attribute
  };

  [[nodiscard]] bool is_like_last(const Action& action) const;
  void collect(const Action& action);
  void move_to(const Node& node);
  void add(std::string_view name, std::string_view value);
  void replace(std::string_view name, std::string_view value);
  void add_meta(std::string_view name, std::string_view value);
  void add_all_meta(const Attributes& from);
  void add_parameters(const Action& action);
  void add_primitive(const Resource& rsc);
  void add_clone(const Resource& rsc);
  void add_ancestry(const Resource& rsc);
  void add_host(const Action& action);
  [[nodiscard]] const Attributes& parameters(const Resource& rsc, const Node* node);
  [[nodiscard]] std::string_view meta_name(std::string_view name);
  [[nodiscard]] std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  WorkingSet& set_;
  const Action* last_ = nullptr;    ///< that was written
  std::vector<Item> items_;         ///< of the action at hand, or the last one
  std::deque<std::string> texts_;   ///< that values of the action at hand point to
  ByText<std::string> meta_names_;  ///< `on-fail` -> `CRM_meta_on_fail`
  const Resource* rsc_ = nullptr;   ///< whose parameters are kept, as that node gets them
  const Node* node_ = nullptr;
  bool same_everywhere_ = false;
  Attributes parameters_;
};

}  // namespace relevo::policy
