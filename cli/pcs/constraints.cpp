// Location constraints by pcs's words; see constraints.hpp.
#include "cli/pcs/constraints.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/pcs/constraint_list.hpp"
#include "cli/pcs/lookup.hpp"
#include "cli/pcs/session.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/model/score.hpp"

namespace relevo::cli::pcs {
namespace {

struct Preference {
  std::string node;
  std::string score;
};

/// `node1=50`, `node1=INFINITY`, `node1`: avoids turns the sign.
Result<Preference> read_preference(const std::string& word, bool avoids) {
  const auto equals = word.rfind('=');
  const auto text = equals == std::string::npos ? std::string("INFINITY") : word.substr(equals + 1);
  const auto score = model::parse_score(text);
  if (!score) return fail(ErrorKind::invalid, "invalid score '{}', use integer or INFINITY or -INFINITY", text);
  return Preference{word.substr(0, equals), model::to_string(avoids ? model::Score(-score->value) : *score)};
}

std::vector<pugi::xml_node> same_pair(const cib::Document& document, const std::string& resource, const std::string& node) {
  std::vector<pugi::xml_node> found;
  for (const auto& c : document.section("constraints").children("rsc_location"))
    if (xml::attribute_or(c, "rsc") == resource && xml::attribute_or(c, "node") == node) found.push_back(c);
  return found;
}

Status prefer(Arguments arguments, const std::string& resource, bool avoids) {
  if (arguments.empty())
    return fail(ErrorKind::invalid, "usage: constraint location RESOURCE {} NODE[=SCORE]...", avoids ? "avoids" : "prefers");
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  const auto& document = session->document();
  if (auto found = find_resource(document, resource); !found) return pass(found.error());
  std::vector<cib::Operation> operations;
  for (const auto& word : arguments.words) {
    auto preference = read_preference(word, avoids);
    if (!preference) return pass(preference.error());
    if (auto node = find_node(document, preference->node); !node && (session->live() || !node_names(document).empty()))
      return pass(node.error());
    // As pcs does: a new preference for the same pair takes the old one's place.
    for (const auto& old : same_pair(document, resource, preference->node))
      operations.push_back({cib::Verb::remove, "constraints",
                            fmt::format("<rsc_location id=\"{}\"/>", xml::escape(xml::attribute_or(old, "id")))});
    const auto id = fmt::format("location-{}-{}-{}", resource, preference->node, preference->score);
    operations.push_back({cib::Verb::create, "constraints",
                          fmt::format("<rsc_location id=\"{}\" rsc=\"{}\" node=\"{}\" score=\"{}\"/>", xml::escape(id),
                                      xml::escape(resource), xml::escape(preference->node), preference->score)});
  }
  return session->commit(std::move(operations), arguments);
}

Status remove(const Arguments& arguments) {
  if (arguments.empty()) return fail(ErrorKind::invalid, "usage: constraint delete ID...");
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  std::vector<cib::Operation> operations;
  std::vector<std::string> known;
  const auto constraints = session->document().section("constraints");
  for (auto c = xml::first_element(constraints); c; c = xml::next_element(c)) known.emplace_back(xml::attribute_or(c, "id"));
  for (const auto& id : arguments.words) {
    const auto found = constraints.find_child([&](const pugi::xml_node& c) { return xml::attribute_or(c, "id") == id; });
    if (!found) {
      const auto near = did_you_mean(id, known);
      return fail(ErrorKind::not_found, "Unable to find constraint - '{}'{}", id,
                  near ? fmt::format(" (did you mean '{}'?)", *near) : "");
    }
    operations.push_back({cib::Verb::remove, "constraints", fmt::format("<{} id=\"{}\"/>", found.name(), xml::escape(id))});
  }
  return session->commit(std::move(operations), arguments);
}

Status location(Arguments arguments) {
  const auto first = arguments.take();
  if (first.empty() || first == "config" || first == "show" || first == "list") return print_constraints(arguments, true);
  if (first == "delete" || first == "remove") return remove(arguments);
  const auto verb = arguments.take();
  if (verb == "prefers" || verb == "avoids") return prefer(std::move(arguments), first, verb == "avoids");
  if (verb == "rule" || first == "add")
    return fail(ErrorKind::unsupported, "constraint location: rules cannot be written in this version; use prefers or avoids");
  const auto near = did_you_mean(verb, {"prefers", "avoids"});
  return fail(ErrorKind::invalid, "constraint location {}: '{}' is neither 'prefers' nor 'avoids'{}", first, verb,
              near ? fmt::format(" (did you mean '{}'?)", *near) : "");
}

}  // namespace

Status constraint_command(Arguments arguments) {
  const auto verb = arguments.take();
  if (verb == "list" || verb == "show")
    fmt::print(stderr, "Deprecation Warning: This command is deprecated and will be removed. Please use 'pcs constraint config' instead.\n");
  if (verb.empty() || verb == "list" || verb == "show" || verb == "config") return print_constraints(arguments, false);
  if (verb == "location") return location(std::move(arguments));
  if (verb == "delete" || verb == "remove") return remove(arguments);
  if (verb == "order" || verb == "colocation" || verb == "ticket")
    return fail(ErrorKind::unsupported, "constraint {}: not available in this version; location constraints are", verb);
  const auto near = did_you_mean(verb, {"list", "config", "location", "delete"});
  return fail(ErrorKind::invalid, "unknown command 'constraint {}'{}", verb, near ? fmt::format(" (did you mean '{}'?)", *near) : "");
}

}  // namespace relevo::cli::pcs
