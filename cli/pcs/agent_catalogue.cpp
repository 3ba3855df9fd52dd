// Looking agents up on disk and reading their meta-data; see agent_catalogue.hpp.
#include "cli/pcs/agent_catalogue.hpp"

#include <unistd.h>

#include <array>

#include "common/base/text.hpp"
#include "common/io/child.hpp"
#include "common/io/file.hpp"
#include "common/xml/parse.hpp"
#include "common/xml/tree.hpp"

namespace relevo::cli::pcs {
namespace {

/// Where OCF agents are looked for: beside this program's build, as installed, then the system's own.
std::vector<std::string> ocf_roots() {
  std::array<char, 4096> buffer{};
  std::vector<std::string> roots;
  if (const auto n = readlink("/proc/self/exe", buffer.data(), buffer.size() - 1); n > 0) {
    const std::string self(buffer.data(), static_cast<std::size_t>(n));
    roots.push_back(self.substr(0, self.rfind('/')) + "/../ocf");
  }
  roots.emplace_back("/usr/lib/relevo/ocf");
  roots.emplace_back("/usr/lib/ocf");
  return roots;
}

struct Found {
  std::string root, program;
};

Result<Found> find_program(const AgentName& name) {
  for (const auto& root : ocf_roots()) {
    auto program = fmt::format("{}/resource.d/{}/{}", root, name.provider, name.type);
    if (access(program.c_str(), X_OK) == 0) return Found{root, std::move(program)};
  }
  return fail(ErrorKind::not_found, "Agent '{}' is not installed or does not provide valid metadata: no program {}/{} in {}",
              to_string(name), name.provider, name.type, join(ocf_roots(), ", "));
}

bool is_agent_word(std::string_view word) {
  if (word.empty() || word.front() == '.') return false;
  for (const char c : word)
    if (c == '/' || c == ' ' || c == ':') return false;
  return true;
}

Result<AgentName> from_bare_type(const std::string& type) {
  for (const auto* provider : {"heartbeat", "pacemaker"})
    if (AgentName name{"ocf", provider, type}; find_program(name)) return name;
  return fail(ErrorKind::not_found, "Unable to find agent '{}', try specifying its full name", type);
}

AgentMetadata read_metadata(const pugi::xml_node& agent) {
  AgentMetadata metadata;
  for (const auto& p : agent.child("parameters").children("parameter")) {
    const auto required = parse_bool(xml::attribute_or(p, "required", "0")).value_or(false);
    metadata.parameters.push_back({std::string(xml::attribute_or(p, "name")),
                                   std::string(xml::attribute_or(p.child("content"), "default")),
                                   p.child("shortdesc").text().as_string(), required});
  }
  for (const auto& a : agent.child("actions").children("action"))
    metadata.actions.push_back({std::string(xml::attribute_or(a, "name")), std::string(xml::attribute_or(a, "timeout")),
                                std::string(xml::attribute_or(a, "interval")), std::string(xml::attribute_or(a, "role"))});
  return metadata;
}

}  // namespace

std::string to_string(const AgentName& name) {
  return name.provider.empty() ? fmt::format("{}:{}", name.klass, name.type)
                               : fmt::format("{}:{}:{}", name.klass, name.provider, name.type);
}

Result<AgentName> resolve_agent(const std::string& typed) {
  const auto parts = split(typed, ':');
  for (const auto& part : parts)
    if (!is_agent_word(part)) return fail(ErrorKind::invalid, "'{}' is not an agent name: use CLASS:PROVIDER:TYPE", typed);
  if (parts.size() == 1) return from_bare_type(typed);
  if (parts[0] == "ocf" && parts.size() == 2) return from_bare_type(parts[1]);
  if (parts[0] == "ocf" && parts.size() == 3) return AgentName{"ocf", parts[1], parts[2]};
  return fail(ErrorKind::unsupported, "agent '{}': only the class 'ocf' can be used in this version", typed);
}

Result<AgentMetadata> agent_metadata(const AgentName& name) {
  const auto found = find_program(name);
  if (!found) return pass(found.error());
  io::ChildSpec spec{found->program, {"meta-data"}, {}, std::chrono::seconds(20)};
  spec.environment = {{"OCF_ROOT", found->root},
                      {"OCF_RA_VERSION_MAJOR", "1"},
                      {"OCF_RA_VERSION_MINOR", "1"},
                      {"OCF_RESOURCE_TYPE", name.type},
                      {"OCF_RESOURCE_PROVIDER", name.provider},
                      {"OCF_RESOURCE_INSTANCE", "metadata"},
                      {"LC_ALL", "C"},
                      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}};
  spec.output_limit = 1U << 20;
  const auto result = io::run_and_wait(spec);
  if (!result.started || result.exit_code != 0)
    return fail(ErrorKind::not_found, "Agent '{}' is not installed or does not provide valid metadata: {}", to_string(name),
                result.started ? fmt::format("meta-data gave exit code {}", result.exit_code) : result.error);
  xml::Limits limits;
  limits.doctype = true;
  const auto tree = xml::parse(result.out, limits);
  if (!tree) return in_context(tree.error(), fmt::format("Agent '{}' does not provide valid metadata", to_string(name)));
  return read_metadata((*tree)->document_element());
}

}  // namespace relevo::cli::pcs
