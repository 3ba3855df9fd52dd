// The table of elements: one line a type, `type: attributes | children`. Not the choices between attributes
// (choices.cpp) and not the references (references.cpp).
//
// attribute  name, name=kind, name=one/of/these; `!` at the end = required; no kind = any text; `*` alone = any
// child      name or name:type; `?` at most one, `*` any number, `+` one or more, nothing = exactly one
// Source: Pacemaker Explained (all chapters), resmgr spec 1.1 to 1.8; names and old forms as in pacemaker-3.9.
#include "resmgr/cib/schema.hpp"

namespace relevo::cib {
namespace {

constexpr std::string_view table = R"(
cib: admin_epoch=natural epoch=natural num_updates=natural validate-with=schema crm_feature_set cib-last-written update-origin update-client update-user have-quorum=boolean dc-uuid no-quorum-panic=boolean execution-date remote-tls-port=natural remote-clear-port=natural | configuration status?
configuration: | crm_config? nodes? resources? constraints? op_defaults? rsc_defaults? fencing-topology? tags? acls? alerts?

crm_config: | cluster_property_set:nvset*
op_defaults: | meta_attributes:nvset*
rsc_defaults: | meta_attributes:nvset*
nodes: | node*
node: id=word! uname=word! type=member/ping/remote description score=score | instance_attributes:nvset* utilization:nvset*

nvset: id=id id-ref=object score=score | rule* nvpair*
nvpair: id=id id-ref=object name value |

resources: | primitive* template* group* clone* master:clone* bundle*
primitive: id=id! class=word provider=word type=word template=rsc_template description | instance_attributes:nvset* meta_attributes:nvset* utilization:nvset* operations*
template: id=id! class=word! provider=word type=word! description | instance_attributes:nvset* meta_attributes:nvset* utilization:nvset* operations*
group: id=id! description | instance_attributes:nvset* meta_attributes:nvset* primitive+
clone: id=id! description | instance_attributes:nvset* meta_attributes:nvset* primitive? group?
bundle: id=id! description | instance_attributes:nvset* meta_attributes:nvset* docker:container? podman:container? rkt:container? network? storage? primitive?
container: image=word! replicas=natural replicas-per-host=natural promoted-max=natural masters=natural run-command network options |
network: ip-range-start control-port=natural host-interface host-netmask add-host=boolean | port-mapping*
port-mapping: id=id! port=natural internal-port=natural range |
storage: | storage-mapping*
storage-mapping: id=id! source-dir source-dir-root target-dir=word! options |
operations: id=id id-ref=object | op*
op: id=id id-ref=object name=word interval interval-origin start-delay timeout enabled=boolean record-pending=boolean role=Stopped/Started/Promoted/Unpromoted/Master/Slave on-fail=ignore/block/demote/stop/restart/standby/fence/restart-container/migrate description | instance_attributes:nvset* meta_attributes:nvset*

constraints: | rsc_location* rsc_colocation* rsc_order* rsc_ticket*
rsc_location: id=id! rsc=resource rsc-pattern=word node=word score=score score-attribute role=Stopped/Started/Promoted/Unpromoted/Master/Slave resource-discovery=always/never/exclusive | resource_set* rule* lifetime?
rsc_colocation: id=id! rsc=resource with-rsc=resource score=score score-attribute score-attribute-mangle node-attribute rsc-role=Stopped/Started/Promoted/Unpromoted/Master/Slave with-rsc-role=Stopped/Started/Promoted/Unpromoted/Master/Slave rsc-instance with-rsc-instance influence | resource_set* lifetime?
rsc_order: id=id! first=resource then=resource first-action=start/stop/promote/demote then-action=start/stop/promote/demote first-instance then-instance kind=Optional/Mandatory/Serialize score=score symmetrical=boolean require-all=boolean | resource_set* lifetime?
rsc_ticket: id=id! rsc=resource rsc-role=Stopped/Started/Promoted/Unpromoted/Master/Slave ticket=word! loss-policy=stop/demote/fence/freeze | resource_set*
resource_set: id=id id-ref=object sequential=boolean require-all=boolean ordering=group/listed action=start/stop/promote/demote role=Stopped/Started/Promoted/Unpromoted/Master/Slave score=score kind=Optional/Mandatory/Serialize | resource_ref*
resource_ref: id=resource! |
lifetime: | rule+

rule: id=id id-ref=object score=score score-attribute boolean-op=and/or role=Stopped/Started/Promoted/Unpromoted/Master/Slave | expression* date_expression* rsc_expression* op_expression* rule*
expression: id=id! attribute=word! operation=lt/gt/lte/gte/eq/ne/defined/not_defined! type=string/integer/number/version value value-source=literal/param/meta |
date_expression: id=id! operation=gt/lt/in_range/date_spec start end | duration? date_spec?
duration: id=id! seconds minutes hours days monthdays weekdays yeardays months weeks weekyears years moon |
date_spec: id=id! seconds minutes hours monthdays weekdays yeardays months weeks weekyears years moon |
rsc_expression: id=id! class provider type |
op_expression: id=id! name=word! interval |

fencing-topology: | fencing-level*
fencing-level: id=id! target target-pattern target-attribute target-value index=1/2/3/4/5/6/7/8/9! devices=word! |
tags: | tag*
tag: id=id! | obj_ref+
obj_ref: id=object! |
acls: | acl_target* acl_group* acl_role*
acl_target: id=word! name | role:acl_role_ref*
acl_group: id=word! name | role:acl_role_ref*
acl_role_ref: id=acl_role! |
acl_role: id=id! description | acl_permission*
acl_permission: id=id! kind=read/write/deny! xpath reference object-type attribute description |
alerts: | alert*
alert: id=id! path=word! description | instance_attributes:nvset* meta_attributes:nvset* select? recipient*
select: | select_attributes? select_fencing? select_nodes? select_resources?
select_attributes: | attribute:alert_attribute*
alert_attribute: id=id! name=word! |
select_fencing: |
select_nodes: |
select_resources: |
recipient: id=id! value=word! description | instance_attributes:nvset* meta_attributes:nvset*

status: | node_state* tickets? lrm*
node_state: * | transient_attributes* lrm?
transient_attributes: * | instance_attributes:status_set* utilization:status_set*
status_set: * | status_rule* nvpair:status_pair*
status_pair: * |
status_rule: * |
lrm: * | lrm_resources?
lrm_resources: * | lrm_resource*
lrm_resource: * | lrm_rsc_op*
lrm_rsc_op: * |
tickets: | ticket_state*
ticket_state: * |
)";

}  // namespace

std::string_view schema_table() { return table; }

}  // namespace relevo::cib
