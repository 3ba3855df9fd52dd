// Rules asked with the facts of the model; the evaluation itself is resmgr/rules.
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"
#include "resmgr/rules/rule.hpp"

namespace relevo::cib {
namespace {

void add_node(const UnpackContext& context, const model::Node& node, rules::Facts& facts) {
  facts.node = node.transient;
  facts.node.insert(node.attributes.begin(), node.attributes.end());
  const auto text = [&](const char* option) {
    const auto it = context.state.options.set.find(option);
    return it == context.state.options.set.end() ? std::string() : it->second;
  };
  facts.node["#uname"] = node.uname;
  facts.node["#id"] = node.id;
  facts.node["#kind"] = "cluster";
  facts.node["#is_dc"] = node.id == context.state.options.dc_uuid ? "true" : "false";
  if (const std::string name = text("cluster-name"); !name.empty()) facts.node["#cluster-name"] = name;
  const auto site = node.attributes.find("site-name");
  facts.node["#site-name"] = site == node.attributes.end() ? text("cluster-name") : site->second;
}

}  // namespace

bool rule_holds(UnpackContext& context, const pugi::xml_node& rule, const RuleSubject& subject) {
  rules::Facts facts;
  if (subject.node) add_node(context, *subject.node, facts);
  if (subject.resource) {
    const model::Resource& r = *subject.resource;
    facts.parameters = r.parameters;
    facts.meta = r.meta;
    facts.subject = rules::Subject{r.klass, r.provider, r.type, std::string(subject.operation), subject.interval};
  }
  const Result<rules::Answer> answer = rules::evaluate(rule, facts, context.now);
  if (!answer) {
    context.warn(answer.error().message + "; the rule counts as false");
    return false;
  }
  if (answer->changes_at) context.recheck(*answer->changes_at);
  return answer->holds;
}

}  // namespace relevo::cib
