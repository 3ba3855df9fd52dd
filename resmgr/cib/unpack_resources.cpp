// Resources: primitives, and the groups, clones and bundles around them; metas with all their defaults.
#include "common/base/text.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/cib/unpack_context.hpp"

namespace relevo::cib {
namespace {

using model::CollectionKind;

/// What encloses the element being read.
struct Enclosing {
  std::string id;
  model::NvMap meta;
  bool supported = true;
};

void read_element(UnpackContext& context, const pugi::xml_node& xml, const Enclosing& outer);

std::optional<CollectionKind> kind_of(std::string_view name) {
  if (name == "group") return CollectionKind::group;
  if (name == "clone" || name == "master") return CollectionKind::clone;
  if (name == "bundle") return CollectionKind::bundle;
  return std::nullopt;
}

void read_primitive(UnpackContext& context, const pugi::xml_node& xml, const Enclosing& outer) {
  model::Resource resource;
  resource.id = xml::attribute_or(xml, "id");
  const auto base_id = xml::attribute(xml, "template");
  const pugi::xml_node base = base_id ? xml::find(context.section("resources"), "template", *base_id) : xml;
  resource.klass = xml::attribute_or(base, "class");
  resource.provider = xml::attribute_or(base, "provider");
  resource.type = xml::attribute_or(base, "type");
  resource.parent = outer.id;
  resource.supported = outer.supported;
  if (base_id) {
    resource.supported = false;
    context.state.unsupported.push_back("resource '" + resource.id +
                                        "': templates are not supported yet: it is left alone");
  }
  const RuleSubject subject{.resource = &resource};
  add_blocks(context, xml, "meta_attributes", subject, resource.meta);
  resource.meta.insert(outer.meta.begin(), outer.meta.end());
  add_blocks(context, context.section("rsc_defaults"), "meta_attributes", subject, resource.meta);
  add_blocks(context, xml, "instance_attributes", subject, resource.parameters);
  resolve_metas(context, resource);
  unpack_operations(context, xml, resource);
  if (resource.is_stonith()) context.state.has_fence_device = true;
  context.add(std::move(resource));
}

void read_collection(UnpackContext& context, const pugi::xml_node& xml, CollectionKind kind, const Enclosing& outer) {
  static constexpr const char* words[] = {"group", "clone", "bundle"};
  model::Collection collection;
  collection.kind = kind;
  collection.id = xml::attribute_or(xml, "id");
  collection.supported = false;
  add_blocks(context, xml, "meta_attributes", {}, collection.meta);
  collection.meta.insert(outer.meta.begin(), outer.meta.end());
  if (outer.supported && !collection.supported)
    context.state.unsupported.push_back(std::string(words[static_cast<int>(kind)]) + " '" + collection.id +
                                        "' is not supported yet: it is left alone");
  const Enclosing inner{collection.id, collection.meta, outer.supported && collection.supported};
  for (const pugi::xml_node& child : xml.children())
    if (std::string_view(child.name()) == "primitive" || kind_of(child.name()))
      collection.members.emplace_back(xml::attribute_or(child, "id"));
  context.state.collections.push_back(std::move(collection));
  for (const pugi::xml_node& child : xml.children()) read_element(context, child, inner);
}

void read_element(UnpackContext& context, const pugi::xml_node& xml, const Enclosing& outer) {
  const std::string_view name = xml.name();
  const auto kind = kind_of(name);
  if (name != "primitive" && !kind) return;
  if (outer.id.empty()) context.state.top_level.emplace_back(xml::attribute_or(xml, "id"));
  if (kind)
    read_collection(context, xml, *kind, outer);
  else
    read_primitive(context, xml, outer);
}

/// Reads one meta attribute after another; what cannot be read gives a warning and the default.
class Metas {
 public:
  Metas(UnpackContext& context, const model::Resource& resource) : context_(context), resource_(resource) {}

  const std::string* find(const char* name) const {
    const auto it = resource_.meta.find(name);
    return it == resource_.meta.end() ? nullptr : &it->second;
  }
  void complain(const char* name, const std::string& text, const char* allowed) {
    context_.warn("resource '" + resource_.id + "': " + name + "='" + text + "' is not " + allowed +
                  "; the default is used");
  }
  std::optional<bool> flag(const char* name) {
    const std::string* text = find(name);
    if (!text || *text == "default") return std::nullopt;
    const auto value = parse_bool(*text);
    if (!value) complain(name, *text, "a boolean (true or false)");
    return value;
  }
  std::optional<model::Score> score(const char* name) {
    const std::string* text = find(name);
    if (!text) return std::nullopt;
    const auto value = model::parse_score(*text);
    if (!value) complain(name, *text, "a score (a whole number or INFINITY)");
    return value;
  }

 private:
  UnpackContext& context_;
  const model::Resource& resource_;
};

model::Requires default_requires(const UnpackContext& context, const model::Resource& resource) {
  const model::Options& options = context.state.options;
  if (resource.is_stonith()) return model::Requires::quorum;
  if (options.stonith_enabled) return model::Requires::fencing;
  return options.no_quorum_policy == model::QuorumPolicy::ignore ? model::Requires::nothing : model::Requires::quorum;
}

model::Requires read_requires(UnpackContext& context, Metas& metas, const model::Resource& resource) {
  const std::string* text = metas.find("requires");
  if (!text) return default_requires(context, resource);
  if (*text == "nothing") return model::Requires::nothing;
  if (*text == "quorum") return model::Requires::quorum;
  if (*text == "fencing" || *text == "unfencing") {
    if (!context.state.options.stonith_enabled || resource.is_stonith()) return model::Requires::quorum;
    return *text == "fencing" ? model::Requires::fencing : model::Requires::unfencing;
  }
  metas.complain("requires", *text, "one of nothing, quorum, fencing, unfencing");
  return default_requires(context, resource);
}

void read_management(UnpackContext& context, Metas& metas, model::Resource& resource) {
  resource.managed = metas.flag("is-managed").value_or(true);
  if (metas.flag("maintenance").value_or(false) || context.state.options.maintenance_mode) {
    resource.managed = false;
    resource.maintenance = true;
  }
  if (!resource.supported) resource.managed = false;
}

void read_target_role(Metas& metas, model::Resource& resource) {
  const std::string* text = metas.find("target-role");
  if (!text || equals_ignoring_case(*text, "default")) return;
  const auto role = model::parse_role(*text);
  if (!role) return metas.complain("target-role", *text, "one of Stopped, Started");
  if (*role > model::Role::started)
    return metas.complain("target-role", *text, "possible for a resource that cannot be promoted");
  resource.target_role = *role;
  if (*role != model::Role::stopped) return;  // Started is what would happen anyway
  resource.next_role = model::Role::stopped;
  resource.next_role_reason = "target-role is Stopped";
}

model::MultipleActive read_multiple_active(Metas& metas) {
  const std::string* text = metas.find("multiple-active");
  if (!text || *text == "stop_start") return model::MultipleActive::stop_start;
  if (*text == "block") return model::MultipleActive::block;
  if (*text == "stop_only") return model::MultipleActive::stop_only;
  if (*text == "stop_unexpected") return model::MultipleActive::stop_unexpected;
  metas.complain("multiple-active", *text, "one of stop_start, stop_only, stop_unexpected, block");
  return model::MultipleActive::stop_start;
}

}  // namespace

void resolve_metas(UnpackContext& context, model::Resource& resource) {
  Metas metas(context, resource);
  resource.priority = metas.score("priority").value_or(model::Score()).value;
  resource.stickiness = metas.score("resource-stickiness").value_or(model::Score());
  resource.critical = metas.flag("critical").value_or(true);
  resource.requires_what = read_requires(context, metas, resource);
  resource.multiple_active = read_multiple_active(metas);
  if (const auto threshold = metas.score("migration-threshold")) {
    if (threshold->value >= 0)
      resource.migration_threshold = threshold->value;
    else
      metas.complain("migration-threshold", std::to_string(threshold->value), "a number from 0 up");
  }
  if (const std::string* text = metas.find("failure-timeout")) {
    if (const auto limit = parse_duration(*text))
      resource.failure_timeout = std::chrono::ceil<std::chrono::seconds>(*limit);
    else
      metas.complain("failure-timeout", *text, "a time such as 120s");
  }
  read_management(context, metas, resource);
  read_target_role(metas, resource);
}

void unpack_resources(UnpackContext& context) {
  for (const pugi::xml_node& xml : context.section("resources").children()) read_element(context, xml, {});
}

}  // namespace relevo::cib
