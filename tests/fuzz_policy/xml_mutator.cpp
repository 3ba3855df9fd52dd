// Changes documents by their structure for libFuzzer: elements and attributes go, come, move, and get values from elsewhere in
// the document. Bytes that are no document are left to the fuzzer's own way. Only linked into fuzzers.
#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <pugixml.hpp>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

constexpr std::array names{
    "id", "id-ref", "rsc", "with-rsc", "first", "then", "score", "kind", "name", "value", "node", "role", "rsc-role", "with-rsc-role",
    "first-action", "then-action", "symmetrical", "require-all", "sequential", "template", "interval", "on-fail", "enabled", "node-attribute",
    "influence", "resource-discovery", "rsc-pattern", "ticket", "loss-policy", "operation", "attribute", "start", "end", "boolean-op", "uname",
    "in_ccm", "crmd", "join", "expected", "call-id", "rc-code", "op-status", "operation_key", "transition-key", "transition-magic",
    "last-rc-change", "replicas", "promoted-max", "type", "class", "provider", "score-attribute", "have-quorum", "dc-uuid", "granted",
    "ip-range-start", "control-port", "exec-time", "on_node", "migrate_source", "migrate_target", "op-digest", "op-restart-digest"};

constexpr std::array values{
    "", "0", "1", "-1", "2", "100", "INFINITY", "-INFINITY", "1000000", "2147483647", "-2147483648", "4294967296", "99999999999999999999", "true",
    "false", "yes", "10s", "1h", "P1Y", "1000000h", "Started", "Stopped", "Promoted", "Unpromoted", "Master", "start", "stop", "monitor",
    "promote", "demote", "migrate_to", "migrate_from", "notify", "fence", "block", "ignore", "standby", "restart", "member", "online", "offline",
    "Mandatory", "Optional", "Serialize", "#uname", "#default", "never", "exclusive", "2026-11-21", "red", "docker", "podman", "*", "(", "[", "%1"};

/// Options of the cluster and meta attributes: names of nvpairs.
constexpr std::array options{
    "stonith-enabled", "no-quorum-policy", "symmetric-cluster", "maintenance-mode", "placement-strategy", "node-health-strategy",
    "stop-all-resources", "shutdown-lock", "shutdown-lock-limit", "priority-fencing-delay", "concurrent-fencing", "enable-startup-probes",
    "stop-orphan-resources", "target-role", "is-managed", "resource-stickiness", "migration-threshold", "failure-timeout", "multiple-active",
    "allow-migrate", "requires", "critical", "maintenance", "priority", "clone-max", "clone-node-max", "clone-min", "globally-unique",
    "interleave", "ordered", "notify", "promotable", "promoted-max", "promoted-node-max", "container-attribute-target", "remote-node",
    "provides", "shutdown", "standby", "terminate", "#health-cpu", "fail-count-a", "cpu"};

class Mutation {
 public:
  Mutation(pugi::xml_document& document, unsigned seed) : document_(document), random_(seed) { collect(document); }

  void run() {
    for (int left = 1 + pick(4); left > 0 && !elements_.empty(); --left) step();
  }

 private:
  void collect(pugi::xml_node from) {
    for (auto node : from.children()) {
      if (node.type() != pugi::node_element) continue;
      elements_.push_back(node);
      collect(node);
    }
  }
  int pick(std::size_t count) { return static_cast<int>(random_() % count); }
  pugi::xml_node any() { return elements_[static_cast<std::size_t>(pick(elements_.size()))]; }
  pugi::xml_attribute any_attribute(pugi::xml_node node) {
    std::vector<pugi::xml_attribute> all(node.attributes_begin(), node.attributes_end());
    return all.empty() ? pugi::xml_attribute() : all[static_cast<std::size_t>(pick(all.size()))];
  }

  std::string value(const std::string& old) {
    if (pick(3) == 0) return values[static_cast<std::size_t>(pick(values.size()))];
    if (pick(3) != 0) return any_attribute(any()).value();
    std::array<std::uint8_t, 64> bytes{};
    const auto size = std::min(old.size(), bytes.size());
    std::memcpy(bytes.data(), old.data(), size);
    const auto now = LLVMFuzzerMutate(bytes.data(), size, bytes.size());
    std::string text(reinterpret_cast<const char*>(bytes.data()), now);
    return text.substr(0, text.find('\0'));
  }

  void set_pair() {
    auto block = any();
    if (!block.child("nvpair")) {
      block = block.append_child(pick(2) == 0 ? "meta_attributes" : "instance_attributes");
      block.append_attribute("id") = "m";
    }
    auto pair = block.append_child("nvpair");
    pair.append_attribute("id") = "p";
    pair.append_attribute("name") = options[static_cast<std::size_t>(pick(options.size()))];
    pair.append_attribute("value") = value("5").c_str();
  }

  /// Handles of what is removed or moved would dangle: they are collected anew.
  void step() {
    auto node = any(), other = any();
    auto attribute = any_attribute(node);
    switch (pick(9)) {
      case 0: node.parent().remove_child(node); break;
      case 1: node.parent().insert_copy_before(node, node); break;
      case 2: if (other != node) other.append_copy(node); break;
      case 3: node.parent().append_move(node); break;
      case 4: node.remove_attribute(attribute); break;
      case 5: node.append_attribute(names[static_cast<std::size_t>(pick(names.size()))]) = value("1").c_str(); break;
      case 6: set_pair(); break;
      default: attribute.set_value(value(attribute.value()).c_str());
    }
    elements_.clear();
    collect(document_);
  }

  pugi::xml_document& document_;
  std::minstd_rand random_;
  std::vector<pugi::xml_node> elements_;
};

struct Text : pugi::xml_writer {
  void write(const void* data, std::size_t size) override { text.append(static_cast<const char*>(data), size); }
  std::string text;
};

/// In the rules' corpus a letter says what follows.
std::size_t document_begin(const std::uint8_t* data, std::size_t size) { return size > 1 && data[0] != '<' && data[1] == '<' ? 1 : 0; }

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  const auto begin = document_begin(data, size);
  pugi::xml_document document;
  if (seed % 16 == 0 || !document.load_buffer(data + begin, size - begin)) return LLVMFuzzerMutate(data, size, max_size);
  Mutation(document, seed).run();
  Text out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
  if (begin + out.text.size() > max_size || out.text.empty()) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data + begin, out.text.data(), out.text.size());
  return begin + out.text.size();
}
