// Attributes that many have in common: copies are one until one of them is changed. The options of a probe are the same on
// every node, and there are as many probes as resources times nodes.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "resmgr/policy/set/node.hpp"

namespace relevo::policy {

/// Reads like Attributes. Copies are cheap; a change of one is not seen by the others. Two that were the same and are changed
/// alike, one after the other, are the same again.
class SharedAttributes {
 public:
  SharedAttributes() = default;
  SharedAttributes(std::initializer_list<Attributes::value_type> pairs) : SharedAttributes(Attributes(pairs)) {}
  explicit SharedAttributes(Attributes values) : held_(std::make_shared<Held>(Held{std::move(values), {}, {}})) {}

  [[nodiscard]] const Attributes& get() const {
    static const Attributes none;
    return held_ ? held_->values : none;
  }
  operator const Attributes&() const { return get(); }  // NOLINT(google-explicit-constructor): it is one to every reader
  [[nodiscard]] auto begin() const { return get().begin(); }
  [[nodiscard]] auto end() const { return get().end(); }
  [[nodiscard]] auto find(std::string_view name) const { return get().find(name); }
  [[nodiscard]] bool contains(std::string_view name) const { return get().contains(name); }
  [[nodiscard]] const std::string& at(std::string_view name) const { return find(name)->second; }

  void insert_or_assign(std::string_view name, std::string value) {
    if (const auto known = find(name); known != end() && known->second == value) return;
    if (held_ && held_->changed && held_->changed_name == name && held_->changed->values.find(name)->second == value) {
      held_ = std::shared_ptr<Held>(held_->changed);
      return;
    }
    const std::shared_ptr<Held> before = held_.use_count() > 1 ? held_ : nullptr;
    own().insert_or_assign(std::string(name), std::move(value));
    if (before) {
      before->changed = held_;
      before->changed_name = name;
    }
  }
  void try_emplace(std::string_view name, std::string value) {
    if (find(name) == end()) insert_or_assign(name, std::move(value));
  }
  template <typename Iterator>
  void insert(Iterator from, Iterator to) {
    own().insert(from, to);
  }
  std::string& operator[](std::string_view name) { return own()[std::string(name)]; }

 private:
  struct Held {
    Attributes values;
    std::shared_ptr<Held> changed;  ///< what the last change of a copy made of it
    std::string changed_name;
  };
  /// For writing: nobody else's.
  Attributes& own() {
    if (!held_ || held_.use_count() > 1) held_ = std::make_shared<Held>(Held{get(), {}, {}});
    held_->changed.reset();
    return held_->values;
  }

  std::shared_ptr<Held> held_;
};

}  // namespace relevo::policy
