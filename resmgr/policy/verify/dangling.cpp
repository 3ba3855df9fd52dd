// Constraints of what is not there, see verify.hpp.
#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.hpp"
#include "resmgr/policy/verify/verify.hpp"

namespace relevo::policy {
namespace {

class Search {
 public:
  explicit Search(const WorkingSet& set) : set_(set) {
    for (const Resource& rsc : set.all_resources) {
      if (!rsc.removed) names_.push_back(rsc.id.substr(0, rsc.id.rfind(':')));
    }
  }
  Notes run();

 private:
  [[nodiscard]] bool is_known(const std::string& id) const {
    if (set_.find_resource(id) != nullptr || set_.tags.contains(id) || set_.template_users.contains(id)) return true;
    return std::find(names_.begin(), names_.end(), id) != names_.end();
  }
  void look_at(pugi::xml_node element, pugi::xml_node constraint);
  void check_end(pugi::xml_node constraint, pugi::xml_node element, const char* attribute);

  const WorkingSet& set_;
  std::vector<std::string> names_;
  Notes notes_;
};

void Search::check_end(pugi::xml_node constraint, pugi::xml_node element, const char* attribute) {
  const std::string id = element.attribute(attribute).value();
  if (id.empty() || is_known(id)) return;
  const auto near = did_you_mean(id, names_);
  const auto where = element == constraint ? std::string() : fmt::format(" {} \"{}\":", element.parent().name(), element.parent().attribute("id").value());
  notes_.push_back(note(Level::error, "{} \"{}\":{} {}=\"{}\" must name a resource, template or tag, but there is none of that id{}: it is ignored",
                        constraint.name(), constraint.attribute("id").value(), where, attribute, id,
                        near ? fmt::format(" (did you mean \"{}\"?)", *near) : ""));
}

void Search::look_at(pugi::xml_node element, pugi::xml_node constraint) {
  for (const auto* attribute : {"rsc", "with-rsc", "first", "then"}) check_end(constraint, element, attribute);
  for (const auto set : element.children("resource_set")) {
    for (const auto reference : set.children("resource_ref")) check_end(constraint, reference, "id");
  }
}

Notes Search::run() {
  for (const auto constraint : set_.cib.child("configuration").child("constraints").children()) look_at(constraint, constraint);
  return std::move(notes_);
}

}  // namespace

Notes find_dangling(const WorkingSet& set) { return Search(set).run(); }

}  // namespace relevo::policy
