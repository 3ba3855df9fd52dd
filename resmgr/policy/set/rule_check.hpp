// Whether a rule holds for the policy engine: with or without a node, an operation, a resource. Dates and comparisons are
// those of resmgr/rules. Internal to resmgr/policy/set: others ask rule_holds().
#pragma once

#include "resmgr/policy/set/values.hpp"

namespace relevo::policy {

/// One question to any number of rules. What cannot be read is told once and holds never.
class RuleCheck {
 public:
  RuleCheck(WorkingSet& set, const Asking& asking, const Attributes* parameters, const Attributes* meta, bool matched)
      : set_(set), asking_(asking), parameters_(parameters), meta_(meta), matched_(matched) {}
  [[nodiscard]] bool rule(pugi::xml_node rule, int depth = 0) const;

 private:
  [[nodiscard]] bool part(pugi::xml_node part, int depth) const;
  [[nodiscard]] bool attribute(pugi::xml_node expression) const;
  [[nodiscard]] bool date(pugi::xml_node expression) const;
  [[nodiscard]] bool agent(pugi::xml_node expression) const;
  [[nodiscard]] bool operation(pugi::xml_node expression) const;
  [[nodiscard]] const std::string* right_side(pugi::xml_node expression, std::string& literal) const;

  WorkingSet& set_;
  const Asking& asking_;
  const Attributes* parameters_;
  const Attributes* meta_;
  bool matched_;  ///< value-source is understood
  mutable int rules_seen_ = 0;  ///< references can make a few rules into very many
};

}  // namespace relevo::policy
