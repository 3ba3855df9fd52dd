// Questions to a resource's place in its tree; see resource.hpp.
#include "resmgr/policy/set/resource.hpp"

#include <utility>

namespace relevo::policy {

bool Resource::is_anonymous_instance() const {
  const auto* instance = this;
  while (instance->parent != nullptr && instance->parent->is(Variant::group)) instance = instance->parent;
  return instance->is_clone_instance() && !instance->parent->unique;
}

Resource& Resource::top() {
  auto* top = this;
  while (top->parent != nullptr) top = top->parent;
  return *top;
}

const Resource& Resource::top_inside() const {
  const auto* top = this;
  while (top->parent != nullptr && !top->parent->is(Variant::bundle)) top = top->parent;
  return *top;
}

Resource& Resource::top_inside() { return const_cast<Resource&>(std::as_const(*this).top_inside()); }

}  // namespace relevo::policy
