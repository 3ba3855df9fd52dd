// Random CIBs of small clusters: every kind of resource but bundles and remote nodes, every kind of constraint, a status that
// grew by plans that were carried out. One seed, one cluster.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "tests/policy/property/planning.hpp"
#include "tests/policy/property/random.hpp"

namespace relevo::policy::test {

/// What a random cluster may have in it.
struct Shape {
  bool fencing = true;        ///< with a device, always
  bool colocations = true, orders = true;
  bool clones = true, only_primitives = false;
  bool strange_scores = false;
  bool symmetric = false;     ///< always; else mostly
};

class RandomCluster {
 public:
  RandomCluster(std::uint64_t seed, Shape shape);

  /// Plans and carries out until some time has passed: things run, some failed, some nodes were lost and came back.
  void grow(int times);
  /// One thing goes wrong, or is asked for.
  void disturb();

  pugi::xml_document cib;
  std::vector<std::string> nodes;
  Random random;

 private:
  std::string id(const char* what);
  std::string score();
  void pair(pugi::xml_node block, const char* name, const std::string& value);
  void metas(pugi::xml_node rsc, bool is_part);
  void make_options(pugi::xml_node configuration);
  void make_nodes(pugi::xml_node configuration, pugi::xml_node status);
  void make_resources(pugi::xml_node resources);
  void make_primitive(pugi::xml_node parent, const std::string& name, bool promotable);
  void make_group(pugi::xml_node parent, const std::string& name);
  void make_clone(pugi::xml_node parent, const std::string& name);
  void make_location(pugi::xml_node constraints);
  void make_colocation(pugi::xml_node constraints);
  void make_order(pugi::xml_node constraints);

  Shape shape_;
  int ids_ = 0;
  std::vector<std::string> top_, primitives_;
  std::set<std::string> together_, ordered_;  ///< pairs that have a constraint already
};

}  // namespace relevo::policy::test
