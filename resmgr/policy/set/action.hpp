// An action and its dependencies. Created by tasks of resources and nodes; kept or dropped as the orderings decide.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <pugixml.hpp>

#include "resmgr/policy/set/node.hpp"
#include "resmgr/policy/set/shared_attributes.hpp"

namespace relevo::policy {

struct Resource;

/// How `first` and `then` depend on each other; a set of bits. Source: resmgr spec 2(a) stage 11.
namespace order {
constexpr std::uint32_t none = 0;
constexpr std::uint32_t optional = 0x01;                        ///< only the sequence, when both happen
constexpr std::uint32_t apply_first_non_migratable = 0x02;      ///< only if first is not migratable
constexpr std::uint32_t implies_first = 0x10;                   ///< then required: first required
constexpr std::uint32_t implies_then = 0x20;                    ///< first required: then required
constexpr std::uint32_t promoted_implies_first = 0x40;          ///< as implies_first, when then is for a promoted role
constexpr std::uint32_t implies_first_migratable = 0x80;        ///< as implies_first, only while first is migratable
constexpr std::uint32_t runnable_left = 0x100;                  ///< first not runnable: then not runnable
constexpr std::uint32_t pseudo_left = 0x200;                    ///< then pseudo when first is not runnable
constexpr std::uint32_t implies_then_on_node = 0x400;           ///< as implies_then, when on the same node
constexpr std::uint32_t probe = 0x800;                          ///< first is a probe: must be done unless then is a stop of the same
constexpr std::uint32_t restart = 0x1000;                       ///< first is the stop half of the restart that then ends
constexpr std::uint32_t stonith_stop = 0x2000;                  ///< only while first is not implied by fencing
constexpr std::uint32_t serialize_only = 0x4000;                ///< never both at once
constexpr std::uint32_t same_node = 0x8000;                     ///< only when both are on one node
constexpr std::uint32_t implies_first_printed = 0x10000;        ///< in the graph even if optional
constexpr std::uint32_t implies_then_printed = 0x20000;
constexpr std::uint32_t asymmetrical = 0x100000;                ///< kind=Mandatory symmetrical=false
constexpr std::uint32_t load = 0x200000;                        ///< only if both on one node (capacity)
constexpr std::uint32_t one_or_more = 0x400000;                 ///< then is runnable when enough firsts are
constexpr std::uint32_t anti_colocation = 0x800000;
constexpr std::uint32_t preserve = 0x1000000;                   ///< do not drop when a migration replaces the restart
constexpr std::uint32_t then_cancels_first = 0x2000000;         ///< then required: first optional (a reload beside a stop)
constexpr std::uint32_t trace = 0x4000000;
}  // namespace order

enum class Link : std::uint8_t { not_dumped, dumped };  ///< of a dependency, when the graph is made

/// One dependency as seen from one end.
struct Dependency {
  Action* action = nullptr;
  std::uint32_t type = order::none;
  Link state = Link::not_dumped;
};

struct Action {
  std::uint32_t id = 0;       ///< place in WorkingSet::actions; order of creation
  Resource* rsc = nullptr;    ///< none: of a node or of the cluster
  Node* node = nullptr;
  std::string task;           ///< start, stop, monitor, notify, stonith, do_shutdown, ...
  std::string key;            ///< `RSC_TASK_INTERVAL`, or a name of its own
  std::chrono::milliseconds interval{0};
  std::string cancel_task;    ///< of a cancel: the recurring operation's task
  pugi::xml_node op;          ///< configured operation, may be empty
  int priority = 0;
  Needs needs = Needs::nothing;
  OnFail on_fail = OnFail::ignore;
  Role fail_role = Role::unknown;
  SharedAttributes meta;      ///< of the operation, without CRM_meta_
  Attributes extra;           ///< parameters given for this action only
  std::string reason;         ///< why it is required, as crm_simulate prints it
  std::string why_not;        ///< why it is not runnable, for people
  const Action* required_by = nullptr;  ///< the other end of the dependency that made it required

  bool optional = true, runnable = true, pseudo = false;
  bool print_always = false;          ///< in the graph although optional
  bool implied_by_fencing = false;
  bool migrate_runnable = false;
  bool processed = false, dumped = false, tracking = false;
  bool dangle = false;                ///< stop of a dangling migration
  bool requires_any = false;          ///< runnable when `required_runnable_before` of its inputs are
  bool reschedule = false;            ///< recurring, to be set up again with new parameters
  bool dedup = false, on_dc = false, have_attributes = false;
  bool seen = false;
  int required_runnable_before = 0, runnable_before = 0;

  std::vector<Dependency> before;     ///< these come first
  std::vector<Dependency> after;      ///< these come later
};

}  // namespace relevo::policy
