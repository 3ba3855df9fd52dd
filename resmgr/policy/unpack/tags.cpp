// Tags: named sets of anything with an id.
#include <algorithm>

#include "resmgr/policy/unpack/unpack.hpp"

namespace relevo::policy {

void unpack_tags(WorkingSet& set) {
  const auto section = set.cib.child("configuration").child("tags");
  for (auto tag = section.child("tag"); tag; tag = tag.next_sibling("tag")) {
    const std::string id = tag.attribute("id").value();
    if (id.empty()) {
      set.say(Notice::Level::error, "Ignoring <tag> without id");
      continue;
    }
    for (auto object = tag.child("obj_ref"); object; object = object.next_sibling("obj_ref")) {
      const std::string name = object.attribute("id").value();
      auto& ids = set.tags[id];
      if (!name.empty() && std::find(ids.begin(), ids.end(), name) == ids.end()) ids.push_back(name);
    }
  }
}

}  // namespace relevo::policy
