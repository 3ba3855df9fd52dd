// Moving resources; see resource_move.hpp.
#include "cli/pcs/resource_move.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/pcs/lookup.hpp"
#include "cli/pcs/session.hpp"
#include "cli/pcs/where.hpp"
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/scheduler/scheduler.hpp"

namespace relevo::cli::pcs {
namespace {

struct Request {
  std::string resource, node;
  std::optional<std::chrono::milliseconds> lifetime;
};

Result<Request> read_request(const Arguments& arguments, const char* verb) {
  Request request;
  for (const auto& word : arguments.words) {
    if (word.starts_with("lifetime=")) {
      request.lifetime = parse_duration(word.substr(9));
      if (!request.lifetime || request.lifetime->count() < 1000)
        return fail(ErrorKind::invalid, "'{}' is not a valid lifetime value, use an ISO 8601 duration as in lifetime=PT10S",
                    word.substr(9));
    } else if (request.resource.empty()) {
      request.resource = word;
    } else if (request.node.empty()) {
      request.node = word.starts_with("node=") ? word.substr(5) : word;
    } else {
      return fail(ErrorKind::invalid, "resource {}: one word too many: '{}'", verb, word);
    }
  }
  if (request.resource.empty()) return fail(ErrorKind::invalid, "usage: resource {} RESOURCE [NODE] [lifetime=DURATION]", verb);
  return request;
}

/// `2026-11-21 11:49:24Z`, as crm_resource writes the end of a lifetime.
std::string end_text(std::chrono::milliseconds lifetime) {
  const auto end = std::time(nullptr) + lifetime.count() / 1000;
  return fmt::format("{:%Y-%m-%d %H:%M:%S}Z", fmt::gmtime(end));
}

std::string ruled_xml(const std::string& id, const std::string& short_id, const Request& request, const std::string& score,
                      const std::string& end) {
  return fmt::format(
      "<rsc_location id=\"{0}\" rsc=\"{1}\"><rule id=\"{2}-rule-{3}\" score=\"{4}\" boolean-op=\"and\">"
      "<expression id=\"{2}-expr-{3}\" attribute=\"#uname\" operation=\"eq\" value=\"{5}\" type=\"string\"/>"
      "<date_expression id=\"{2}-lifetime-end-{3}\" operation=\"lt\" end=\"{6}\"/></rule></rsc_location>",
      id, request.resource, short_id, request.resource, score, request.node, end);
}

std::string location_xml(const std::string& id, const std::string& kind, const Request& request, const std::string& score) {
  if (!request.lifetime)
    return fmt::format("<rsc_location id=\"{}\" rsc=\"{}\" role=\"Started\" node=\"{}\" score=\"{}\"/>", id, request.resource,
                       request.node, score);
  return ruled_xml(id, kind, request, score, end_text(*request.lifetime));
}

std::vector<cib::Operation> remove_old(const cib::Document& document, const std::vector<std::string>& ids) {
  std::vector<cib::Operation> operations;
  for (const auto& id : ids)
    if (id_exists(document, id))
      operations.push_back({cib::Verb::remove, "constraints", fmt::format("<rsc_location id=\"{}\"/>", xml::escape(id))});
  return operations;
}

Status check_names(const Session& session, const Request& request) {
  if (auto found = find_resource(session.document(), request.resource); !found) return pass(found.error());
  if (request.node.empty()) return {};
  auto node = find_node(session.document(), request.node);
  return node ? Status{} : pass(node.error());
}

std::string prefer_id(const Request& request) { return "cli-prefer-" + request.resource; }
std::string ban_id(const Request& request) { return fmt::format("cli-ban-{}-on-{}", request.resource, request.node); }

/// Where the resource must go is said by a ban of where it is, or by a preference for the named node.
std::vector<cib::Operation> placing(const Session& session, const Request& request, bool ban) {
  const auto id = ban ? ban_id(request) : prefer_id(request);
  auto operations = remove_old(session.document(), {prefer_id(request), ban_id(request)});
  operations.push_back({cib::Verb::create, "constraints",
                        location_xml(id, ban ? "cli-ban" : "cli-prefer", request, ban ? "-INFINITY" : "INFINITY")});
  return operations;
}

/// Plans the change before it is made, so that a move that cannot work changes nothing.
Status check_outcome(const Session& session, const Request& request, bool ban) {
  const WallTime now{std::time(nullptr)};
  auto changed = cib::apply(session.document(), {placing(session, request, ban), "", "", "", now});
  if (!changed) return pass(changed.error());
  auto plan = scheduler::plan(changed->document, now);
  if (!plan) return pass(plan.error());
  for (const auto& p : plan->placements) {
    const bool part = std::find(p.inside.begin(), p.inside.end(), request.resource) != p.inside.end();
    const bool reached = ban ? p.to != request.node && !p.to.empty() : p.to == request.node;
    if ((part || p.resource == request.resource) && !reached)
      return fail("Unable to move resource '{0}' using a location constraint. Current location of the resource may be affected by "
                  "some other constraint: see 'relevo explain {0}'. Nothing was changed.", request.resource);
  }
  return {};
}

void warn_of_ban(const Request& request) {
  fmt::print(stderr,
             "Warning: Creating location constraint '{0}' with a score of -INFINITY for resource {1} on {2}.\n"
             "\tThis will prevent {1} from running on {2} until the constraint is removed\n"
             "\tThis will be the case even if {2} is the last node in the cluster\n",
             ban_id(request), request.resource, request.node);
}

Status finish_move(Session& session, const Request& request, bool ban, const Arguments& arguments) {
  const auto limit = arguments.wait.value_or(std::chrono::seconds(60));
  fmt::print(stderr, "Location constraint to move resource '{}' has been created\n", request.resource);
  fmt::print(stderr, "Waiting for the cluster to apply configuration changes...\n");
  if (auto ok = session.client().wait_idle(limit); !ok) return ok;
  if (auto ok = session.refresh(); !ok) return ok;
  const auto reached = running_on(session);
  Arguments plain = arguments;
  plain.wait.reset();
  auto removed = session.commit(remove_old(session.document(), {ban ? ban_id(request) : prefer_id(request)}), plain);
  if (!removed) return removed;
  fmt::print(stderr, "Location constraint created to move resource '{}' has been removed\n", request.resource);
  fmt::print(stderr, "Waiting for the cluster to apply configuration changes...\n");
  if (auto ok = session.client().wait_idle(limit); !ok) return ok;
  if (auto ok = session.refresh(); !ok) return ok;
  const auto now = running_on(session);
  const auto at = now.find(request.resource);
  if (at == now.end())
    return fail("resource '{}' is not running on any node", request.resource);
  if (const auto before = reached.find(request.resource); before != reached.end() && before->second != at->second)
    return fail("Unable to move resource '{}' for good: without the constraint it goes back to node '{}'; another constraint "
                "wants it there: see 'relevo explain {}'", request.resource, at->second, request.resource);
  fmt::print(stderr, "resource '{}' is running on node '{}'\n", request.resource, at->second);
  return {};
}

}  // namespace

Status resource_move(Arguments arguments, bool keep_constraint) {
  if (auto ok = need_live(arguments); !ok) return ok;
  auto request = read_request(arguments, "move");
  if (!request) return pass(request.error());
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (auto ok = check_names(*session, *request); !ok) return ok;
  const auto places = running_on(*session);
  const auto at = places.find(request->resource);
  const bool ban = request->node.empty();
  if (ban && at == places.end())
    return fail(ErrorKind::invalid, "You must specify a node when moving/banning a stopped resource");
  if (!ban && at != places.end() && at->second == request->node)
    return fail(ErrorKind::exists, "cannot move resource '{0}': it already runs on node '{1}'", request->resource, request->node);
  if (ban) request->node = at->second;
  if (ban && (keep_constraint || request->lifetime)) warn_of_ban(*request);
  const bool temporary = !keep_constraint && !request->lifetime;
  Arguments plain = arguments;
  if (temporary) plain.wait.reset();
  if (auto ok = check_outcome(*session, *request, ban); !ok) return ok;
  if (auto ok = session->commit(placing(*session, *request, ban), plain); !ok) return ok;
  if (arguments.plan) return {};
  if (request->lifetime) fmt::print(stderr, "Migration will take effect until: {}\n", end_text(*request->lifetime));
  return temporary ? finish_move(*session, *request, ban, arguments) : Status{};
}

Status resource_ban(Arguments arguments) {
  auto request = read_request(arguments, "ban");
  if (!request) return pass(request.error());
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (auto ok = check_names(*session, *request); !ok) return ok;
  if (request->node.empty()) {
    const auto places = running_on(*session);
    const auto at = places.find(request->resource);
    if (at == places.end())
      return fail(ErrorKind::invalid, "You must specify a node when moving/banning a stopped resource");
    request->node = at->second;
  }
  warn_of_ban(*request);
  return session->commit(placing(*session, *request, true), arguments);
}

Status resource_clear(Arguments arguments) {
  auto request = read_request(arguments, "clear");
  if (!request) return pass(request.error());
  auto session = Session::open(arguments);
  if (!session) return pass(session.error());
  if (auto ok = check_names(*session, *request); !ok) return ok;
  std::vector<std::string> ids;
  for (const auto& c : session->document().section("constraints").children("rsc_location")) {
    const std::string id(xml::attribute_or(c, "id"));
    const bool prefers = id == prefer_id(*request);
    const bool bans = request->node.empty() ? id.starts_with(fmt::format("cli-ban-{}-on-", request->resource)) : id == ban_id(*request);
    if (prefers || bans) ids.push_back(id);
  }
  if (ids.empty()) return {};
  for (const auto& id : ids) fmt::print(stderr, "Removing constraint: {}\n", id);
  return session->commit(remove_old(session->document(), ids), arguments);
}

}  // namespace relevo::cli::pcs
