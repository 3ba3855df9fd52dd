// What an OCF agent says about itself, and its XML. Not how it does its work.
#pragma once

#include <string>
#include <vector>

namespace relevo::agents {

struct ParameterInfo {
  std::string name;
  std::string type;  ///< string, integer, boolean, second, select
  std::string default_value;
  std::string short_text;
  std::string long_text;
  bool unique = false, required = false, reloadable = false;
};

struct ActionInfo {
  std::string name;
  std::string timeout;
  std::string interval = {};  ///< empty: not a recurring action
  std::string depth = {};
};

struct Metadata {
  std::string name, version, short_text, long_text;
  std::vector<ParameterInfo> parameters;
  std::vector<ActionInfo> actions;
};

/// The XML of the `meta-data` action. Source: OCF resource agent API 1.1, "ra-api-1.dtd".
[[nodiscard]] std::string to_xml(const Metadata& metadata);

}  // namespace relevo::agents
