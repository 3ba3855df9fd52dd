// Naming and comparing configurations; see in_force.hpp.
#include "membership/reload/in_force.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "common/base/text.hpp"
#include "common/config/options.hpp"

namespace relevo::reload {
namespace {

/// FNV-1a, 64 bits: configurations are compared, not defended; who sends them is authenticated.
class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : text) mix(static_cast<std::uint8_t>(c));
    mix(0);  // so that two neighbours cannot share a text in two ways
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void mix(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

/// Hosts may differ in how they log and who may ask them, and in what has no effect.
bool counts_for_all(const std::string& key) {
  for (const std::string_view own : {"logging.", "system.", "uidgid.", "nodelist.", "totem.config_version"})
    if (key.starts_with(own)) return false;
  const auto* row = config::find_raw_option(key);
  return row != nullptr && row->use == config::Use::used;
}

std::string node_text(const config::NodeConfig& node) {
  return fmt::format("{} {} {} {}", node.id, node.name, join(node.addresses, ","), node.votes);
}

const config::NodeConfig* find(const config::ClusterConfig& config, NodeId id) {
  const auto found = std::find_if(config.nodes.begin(), config.nodes.end(), [&](const auto& n) { return n.id == id; });
  return found == config.nodes.end() ? nullptr : &*found;
}

std::string value_of(const config::ClusterConfig& config, const std::string& key) {
  const auto found = config.raw.find(key);
  return found == config.raw.end() ? std::string("the default") : found->second;
}

Status compare_keys(const config::ClusterConfig& now, const config::ClusterConfig& next, Difference& out) {
  std::set<std::string> keys;
  for (const auto* config : {&now, &next})
    for (const auto& [key, value] : config->raw)
      if (!key.starts_with("nodelist.") && key != "totem.config_version") keys.insert(key);
  for (const auto& key : keys) {
    const auto was = value_of(now, key), is = value_of(next, key);
    if (was == is) continue;
    const auto* row = config::find_raw_option(key);
    const auto change = row == nullptr ? config::Change::running : row->change;
    if (change == config::Change::never)
      return fail(ErrorKind::unsupported, "{} cannot change while the cluster runs ({} -> {}): stop all nodes, then change it", key, was, is);
    if (change == config::Change::restart) out.restart.push_back(key);
    out.changed.push_back(fmt::format("{}: {} -> {}", key, was, is));
  }
  return {};
}

Status compare_nodes(const config::ClusterConfig& now, const config::ClusterConfig& next, Difference& out) {
  for (const auto& node : next.nodes) {
    const auto* was = find(now, node.id);
    if (was == nullptr) {
      for (const auto& other : now.nodes)
        if (other.name == node.name)
          return fail(ErrorKind::unsupported, "node '{}' has the id {} and would get {}: an id cannot change while the cluster runs",
                      node.name, other.id, node.id);
      out.changed.push_back(fmt::format("node {} ({}) is new", node.id, node.name));
    } else if (was->name != node.name && was->name != was->addresses.front()) {
      return fail(ErrorKind::unsupported, "node {} is called '{}' and would be '{}': remove it, then add it under another id", node.id,
                  was->name, node.name);
    } else if (was->addresses != node.addresses) {
      out.changed.push_back(fmt::format("node {} ({}): addresses {} -> {}", node.id, node.name, join(was->addresses, ", "), join(node.addresses, ", ")));
    }
    if (was != nullptr && was->votes != node.votes)
      out.changed.push_back(fmt::format("node {} ({}): votes {} -> {}", node.id, node.name, was->votes, node.votes));
  }
  for (const auto& node : now.nodes)
    if (find(next, node.id) == nullptr) out.changed.push_back(fmt::format("node {} ({}) is removed", node.id, node.name));
  return {};
}

bool opens_section(std::string_view line, std::string_view name) {
  const auto text = trim(line);
  return !text.empty() && text.back() == '{' && trim(text.substr(0, text.size() - 1)) == name;
}

}  // namespace

InForce in_force_of(const config::ClusterConfig& config) {
  Digest digest;
  for (const auto& [key, value] : config.raw) {
    if (!counts_for_all(key)) continue;
    digest.add(key);
    digest.add(value);
  }
  for (const auto& node : config.nodes) digest.add(node_text(node));
  return {config.totem.config_version, digest.value()};
}

std::string to_string(const InForce& in_force) { return fmt::format("version {} ({:08x})", in_force.version, in_force.digest >> 32); }

std::string with_version(std::string_view text, std::uint64_t version) {
  const auto line_of = [version](std::string_view indent) { return fmt::format("{}config_version: {}", indent, version); };
  auto lines = split(text, '\n');
  std::size_t totem = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (totem == lines.size() && opens_section(lines[i], "totem")) totem = i;
    const std::string_view line = lines[i];
    const auto colon = line.find(':');
    if (trim(line.substr(0, colon)) != "config_version" || colon == std::string_view::npos) continue;
    lines[i] = line_of(line.substr(0, line.find_first_not_of(" \t")));
    return join(lines, "\n");
  }
  if (totem < lines.size()) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(totem) + 1, line_of("    "));
  return join(lines, "\n");
}

Result<Difference> compare(const config::ClusterConfig& now, const config::ClusterConfig& next, NodeId self) {
  Difference out;
  if (auto ok = compare_keys(now, next, out); !ok) return pass(ok.error());
  if (auto ok = compare_nodes(now, next, out); !ok) return pass(ok.error());
  out.removes_self = find(next, self) == nullptr;
  return out;
}

}  // namespace relevo::reload
